-- Each index costs those who write; so a day gets most of its indexes when it is over (class EventDays).
create extension if not exists pg_trgm;
create index event_session on event (session) where session is not null;
-- the day that goes on gets its text index in parts: up to each of these places, counted from the one before
alter table event_day add column parts bigint[] not null default '{}';
