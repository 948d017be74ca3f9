-- Until when the events of each part happened, so that a search for the last hours leaves the early parts of a day out.
alter table event_day add column parts_last_at timestamptz[] not null default '{}';
-- those made so far were not used by any search; new ones come within minutes, and these go when the day is over
update event_day set parts = '{}' where parts <> '{}';
