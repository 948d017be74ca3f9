-- The fleet as worker reconciler sees it; the files in the state folder are the truth.
create table decky (
    name text primary key,
    scope text not null,                -- who deployed it: empty for a fleet file, else a topology
    archetype text not null,
    hostname text not null,
    addresses inet[] not null,          -- the usual one first
    mac text not null,
    services text[] not null,           -- slugs, sorted
    state text not null,
    problems text[] not null,
    desired_version bigint not null,    -- since which it is wanted as it is
    since timestamptz not null,         -- of the state
    seen_at timestamptz,                -- when somebody last told of it
    removed_at timestamptz,             -- null as long as it is in the fleet
    check (state in ('pending', 'running', 'degraded', 'failed', 'unknown', 'removed')),
    check ((state = 'removed') = (removed_at is not null))
);

create table decky_change (
    id bigint generated always as identity primary key,
    at timestamptz not null,
    decky text not null,
    kind text not null,
    before jsonb not null,
    after jsonb not null,
    trigger text not null,
    check (kind in ('created', 'removed', 'services', 'persona', 'state'))
);
create index decky_change_decky on decky_change (decky, id);
create index decky_change_at on decky_change using brin (at) with (autosummarize = on);
