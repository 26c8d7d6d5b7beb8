-- Up Migration

-- Which bot keeps which shards, as long as it renews its lease. A new process has a new id.
create unlogged table shard_leases (
  id uuid primary key,
  application text not null,
  -- Some of `count`.
  shards integer[] not null,
  count integer not null,
  -- For people: its number and host.
  process text not null,
  since timestamptz not null default now(),
  expires_at timestamptz not null
);

-- Down Migration

drop table shard_leases;
