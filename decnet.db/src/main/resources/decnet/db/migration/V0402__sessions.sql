-- Sessions that nobody ended are found by their silence; a secret may be a hash with its challenge, or a key.
alter table session add column ended_at timestamptz, add column updated_at timestamptz not null default now();
update session set ended_at = last_seen where end_reason is not null;
create index session_open on session (last_seen) where end_reason is null;

alter table credential add column challenge text, add column fingerprint text;
create index credential_fingerprint on credential (fingerprint) where fingerprint is not null;
