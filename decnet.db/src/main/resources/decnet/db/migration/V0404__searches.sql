-- Each index costs those who write; so a day gets most of its indexes when it is over (class EventDays).
create extension if not exists pg_trgm;
create index event_session on event (session) where session is not null;
