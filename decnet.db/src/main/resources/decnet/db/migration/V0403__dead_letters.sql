-- When somebody asked for another try.
alter table dead_letter add column retry_at timestamptz, add column attempts integer not null default 0;
create index dead_letter_retry on dead_letter (id) where retry_at is not null;
create index dead_letter_at on dead_letter (at);
