-- What a day that is over may hold, so that searches leave it out: class EventSummary says how the bits are set.
create table event_summary (
    class smallint not null,
    day date not null,
    events bigint not null,             -- when it was made
    up_to bigint not null,              -- what stands behind this place (seq) came later and is not in it
    blocks integer not null,
    bits bytea not null,
    primary key (class, day),
    foreign key (class, day) references event_day (class, day) on delete cascade
);
-- one block is read without the others
alter table event_summary alter column bits set storage external;
