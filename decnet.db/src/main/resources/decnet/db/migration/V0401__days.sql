-- Days are attached and detached while others write, which catch-alls forbid: what they held moves into days of its own.
create table event_day (
    class smallint not null,
    day date not null,
    events bigint not null,
    first_seq bigint not null,          -- what a search needs to leave a day out
    last_seq bigint not null,
    first_at timestamptz not null,
    last_at timestamptz not null,
    primary key (class, day)
) with (fillfactor = 50);

alter table event_evidence detach partition event_evidence_other;
alter table event_noise detach partition event_noise_other;

insert into dead_letter (source, position, reason, line)
select 'event', event_id::text, 'recorded on ' || recorded_at || ', which is out of every reason', left(to_jsonb(other)::text, 8192)
from (select * from event_evidence_other union all select * from event_noise_other) as other
where recorded_at < now() - interval '400 days' or recorded_at >= now() + interval '2 days';

do $$
declare
    kind text;
    found date;
    leaf text;
begin
    foreach kind in array array['event_evidence', 'event_noise'] loop
        for found in execute format('select distinct (recorded_at at time zone ''UTC'')::date from %I'
                || ' where recorded_at >= now() - interval ''400 days'' and recorded_at < now() + interval ''2 days''', kind || '_other') loop
            leaf := kind || '_' || to_char(found, 'YYYYMMDD');
            if to_regclass(leaf) is null then
                execute format('create table %I (like %I including all)', leaf, kind);
                execute format('alter table %I attach partition %I for values from (%L) to (%L)', kind, leaf,
                        found || ' 00:00:00+00', (found + 1) || ' 00:00:00+00');
            end if;
            execute format('insert into %I select * from %I where (recorded_at at time zone ''UTC'')::date = %L', leaf, kind || '_other', found);
        end loop;
        execute format('drop table %I', kind || '_other');
    end loop;
end
$$;

insert into event_day (class, day, events, first_seq, last_seq, first_at, last_at)
select class, (recorded_at at time zone 'UTC')::date, count(*), min(seq), max(seq), min(at), max(at)
from event group by 1, 2;

-- for retention: small, and in the order rows come
create index command_at on command using brin (at) with (autosummarize = on);
create index credential_at on credential using brin (at) with (autosummarize = on);
create index upload_at on upload using brin (at) with (autosummarize = on);
create index tag_at on tag using brin (at) with (autosummarize = on);
