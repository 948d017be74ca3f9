-- What was seen, by retention class and day. Nothing refers to it by foreign key, so that a day can be dropped.
create table event (
    event_id uuid not null,             -- journal (64 bits), segment (32), offset (32)
    recorded_at timestamptz not null,
    at timestamptz not null,
    seq bigint not null,                -- given by the one ingest, without gaps, in commit order
    src_port integer,
    dst_port integer,
    class smallint not null,            -- 1 evidence, 2 noise
    decky text not null,
    service text not null,
    type text not null,
    session text,
    src_ip inet,
    dst_ip inet,
    sensor text,
    fields jsonb not null,
    primary key (class, recorded_at, event_id)
) partition by list (class);

create index event_seq on event (seq);
create index event_src on event (src_ip, seq);

create table event_evidence partition of event for values in (1) partition by range (recorded_at);
create table event_noise partition of event for values in (2) partition by range (recorded_at);
-- for events whose day is out of every reason
create table event_evidence_other partition of event_evidence default;
create table event_noise_other partition of event_noise default;

create table session (
    id text primary key,
    first_seen timestamptz not null,
    last_seen timestamptz not null,
    decky text not null,
    service text not null,
    sensor text,
    src_ip inet,
    src_port integer,
    dst_ip inet,
    dst_port integer,
    principal text,                     -- who logged in, if somebody did
    event_count bigint not null,
    command_count bigint not null,
    credential_count bigint not null,
    upload_count bigint not null,
    bytes_in bigint,
    bytes_out bigint,
    duration_ms bigint,
    end_reason text,                    -- null while it goes on
    recording_sha256 text,
    recording_size bigint
);
create index session_src on session (src_ip, last_seen);
create index session_seen on session (last_seen);

create table command (
    event_id uuid primary key,
    seq bigint not null,
    at timestamptz not null,
    session text references session (id) on delete cascade,
    src_ip inet,
    decky text not null,
    service text not null,
    command text not null,
    cwd text,
    username text,
    mode text
);
create index command_src on command (src_ip, seq);
create index command_session on command (session);

create table credential (
    event_id uuid primary key,
    seq bigint not null,
    at timestamptz not null,
    session text references session (id) on delete cascade,
    src_ip inet,
    decky text not null,
    service text not null,
    principal text,
    secret text not null,               -- escaped, for reading
    secret_bytes bytea not null,        -- exactly as it was sent
    secret_kind text not null,
    outcome text,
    method text
);
create index credential_src on credential (src_ip, seq);
create index credential_session on credential (session);
create index credential_seq on credential (seq);

create table upload (
    event_id uuid primary key,
    seq bigint not null,
    at timestamptz not null,
    session text references session (id) on delete cascade,
    src_ip inet,
    decky text not null,
    service text not null,
    name text,
    size bigint,
    sha256 text,
    via text
);
create index upload_src on upload (src_ip, seq);
create index upload_session on upload (session);

create table cursor (
    name text primary key,
    seq bigint not null,
    position text not null,
    updated_at timestamptz not null default now()
);

create table dead_letter (
    id bigint generated always as identity primary key,
    at timestamptz not null default now(),
    source text not null,
    position text not null,
    reason text not null,
    line text not null,
    unique (source, position)
);
