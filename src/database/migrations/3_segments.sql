-- Up Migration

-- What was published is of an older format of the index, and is built and published again.
update current_generation set generation = null, previous = null;
do $$
declare name text;
begin
  for name in select format('vectors_%s', number) from generations loop
    execute format('drop table if exists %I', name);
  end loop;
end $$;
drop table generation_files;
delete from generations;

-- Parts of generations, each written once: generations that differ in a few documents have their base in common.
create table segments (
  -- Names its table of vectors, which publishing makes: `vectors_7`.
  number integer generated always as identity primary key,
  -- sha256 of its manifest, which has the sha256 of each file.
  digest text not null unique
);

-- The files of a segment, byte for byte, in parts.
create table segment_files (
  segment integer not null references segments on delete cascade,
  file text not null,
  part integer not null,
  data bytea not null,
  primary key (segment, file, part)
);
-- Mostly vectors, which do not compress.
alter table segment_files alter column data set storage external;

-- `json`, which keeps the text as it is. It has what of the base is gone.
alter table generations drop column number, drop column manifest;
alter table generations
  add column manifest json not null,
  -- Numbers of the base and of the addition.
  add column segments integer[] not null;

-- Down Migration

update current_generation set generation = null, previous = null;
do $$
declare name text;
begin
  for name in select format('vectors_%s', number) from segments loop
    execute format('drop table if exists %I', name);
  end loop;
end $$;
drop table segment_files, segments;
delete from generations;
alter table generations drop column manifest, drop column segments;
alter table generations
  add column number integer generated always as identity unique,
  add column manifest jsonb not null;
create table generation_files (
  generation text not null references generations on delete cascade,
  file text not null,
  part integer not null,
  data bytea not null,
  primary key (generation, file, part)
);
alter table generation_files alter column data set storage external;
