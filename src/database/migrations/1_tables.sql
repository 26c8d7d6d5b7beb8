-- Up Migration

create extension if not exists vector;

-- Results of builds. Complete when the row is there: everything of one is written in one transaction.
create table generations (
  id text primary key,
  -- Names its tables of vectors and words, which publishing makes: `vectors_7`, `postings_7`.
  number integer generated always as identity unique,
  manifest jsonb not null,
  published_at timestamptz not null default now()
);

-- The files of a generation, byte for byte, in parts.
create table generation_files (
  generation text not null references generations on delete cascade,
  file text not null,
  part integer not null,
  data bytea not null,
  primary key (generation, file, part)
);
-- Mostly vectors, which do not compress.
alter table generation_files alter column data set storage external;

-- One row: publishing is a change of it, and whoever publishes holds it.
create table current_generation (
  only_row boolean primary key default true check (only_row),
  generation text references generations,
  previous text references generations
);
insert into current_generation default values;

-- Questions without a clear answer, and feedback.
create table journal (
  id bigint generated always as identity primary key,
  -- Chosen by the writer: an entry that is sent again after a lost connection is not recorded twice.
  entry_id uuid not null unique,
  at timestamptz not null,
  -- Not jsonb, which refuses characters that people can type.
  entry json not null
);
create index journal_at on journal (at);

-- Values that all processes share, by kind and key: settings of servers, notes, secrets.
create table shared_values (
  kind text not null,
  key text not null,
  value jsonb not null,
  -- From change_counter.
  version bigint not null,
  primary key (kind, key)
);
create index shared_values_version on shared_values (version);

-- One row, locked by each change of shared values: so a reader that knows version n has seen all before it.
create table change_counter (
  only_row boolean primary key default true check (only_row),
  version bigint not null default 0
);
insert into change_counter default values;

-- As rate-limiter-flexible wants it.
create unlogged table rate_limits (
  key varchar(255) primary key,
  points integer not null default 0,
  expire bigint
);

-- When a shard may next identify itself, by Discord's buckets.
create unlogged table identify_slots (
  bucket integer primary key,
  free_at timestamptz not null
);

-- Down Migration

do $$
declare name text;
begin
  for name in select format('%s_%s', kind, number) from generations, unnest(array['vectors', 'postings']) as kind loop
    execute format('drop table if exists %I', name);
  end loop;
end $$;
drop table identify_slots, rate_limits, change_counter, shared_values, journal, current_generation, generation_files, generations;
