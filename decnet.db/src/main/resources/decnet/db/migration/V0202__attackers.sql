create table attacker (
    ip inet primary key,
    first_seen timestamptz not null,
    last_seen timestamptz not null,
    event_count bigint not null,
    session_count bigint not null,
    credential_count bigint not null,
    command_count bigint not null,
    upload_count bigint not null,
    services text[] not null,           -- sorted, each once
    deckies text[] not null,            -- sorted, each once
    service_count integer generated always as (cardinality(services)) stored,
    decky_count integer generated always as (cardinality(deckies)) stored,
    score integer not null default 0,   -- 0 to 100
    updated_at timestamptz not null default now(),
    check (first_seen <= last_seen),
    check (score between 0 and 100)
);
create index attacker_seen on attacker (last_seen);

create table tag (
    id uuid primary key,                -- made from event, rule and technique, so that a second look changes nothing
    event_id uuid not null,
    at timestamptz not null,
    attacker_ip inet,
    session text,
    decky text not null,
    service text not null,
    technique text not null,
    tactic text not null,
    rule_id text not null,
    rule_version integer not null,
    confidence double precision not null,
    command text not null,
    created_at timestamptz not null default now(),
    check (confidence between 0 and 1)
);
create index tag_attacker on tag (attacker_ip, at);
create index tag_technique on tag (technique, at);
