/**
 * Generations in the database: a build machine publishes the one of its index folder, and every bot keeps a copy of the
 * published one in its own index folder and loads it from there, as without a database. So a bot answers from memory
 * while the server is away, and the answers are the same.
 */
import { createReadStream } from 'node:fs';
import { mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeFolder, sha256, syncFolder, writeDurably } from '../files.ts';
import {
  FILES,
  MANIFEST_FILE,
  parseManifest,
  readManifest,
  segmentFile,
  sizeOf,
  storedSegments,
  TEXT_FILES,
  verifyFolder,
  type GenerationFile,
  type Manifest,
  type SegmentManifest,
  type StoredSegment,
  linkBase,
} from '../index/generation-files.ts';
import {
  buildingFolder,
  generationFolder,
  makeIndexFolder,
  prune,
  publish as publishInFolder,
  publishedPointer,
  readPointer,
  unlessCorrupt,
} from '../index/index-folder.ts';
import { takeLock } from '../index/lock.ts';
import type { BringVectors } from '../search/search-index.ts';
import type { Connection, Database } from './database.ts';
import { bringVectors, dropVectors, writeVectors } from './search.ts';

/** Bytes of a row: a few of them are in memory at once. */
const PART_BYTES = 1 << 20;

export interface Published {
  readonly id: string;
  /** As the file has it. */
  readonly manifest: string;
  /** Numbers of its segments. */
  readonly segments: readonly number[];
}

export interface PublishOptions {
  /** Publish although the content is the same. */
  readonly force?: boolean;
  /** Publish only where nothing has been published. */
  readonly onlyFirst?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

/** @param memoryBytes of files: the vectors of a generation with more stay in the database */
export function sharedGenerations(database: Database, indexFolder: string, memoryBytes: number) {
  /** Id of the generation whose copy here has been checked. */
  let checked: string | null = null;

  /**
   * The published generation; null when there is none.
   *
   * @throws DragomanError `DATABASE`
   */
  const published = async (): Promise<Published | null> => {
    const [row] = await database.query<Published>(
      `select id, manifest::text as manifest, segments
       from generations where id = (select generation from current_generation)`,
    );
    return row ?? null;
  };

  /** Writes the files of a generation. Its base may be that of the one which is here. */
  const bring = async (
    found: Published,
    manifest: Manifest,
    { files, from, to }: { files: readonly GenerationFile[]; from: string; to: string },
  ): Promise<void> => {
    const here = await readManifest(from).catch(() => null);
    const isHere =
      digestOf(here?.segments[0]) === digestOf(manifest.segments[0]) &&
      (await isComplete(from, files));
    if (isHere) await linkBase(from, to, files);
    // In one transaction that sees one state: a publisher may delete the generation meanwhile.
    await database.transaction(async (connection) => {
      await connection.query('set transaction isolation level repeatable read, read only');
      for (const [segment, number] of found.segments.entries()) {
        if (segment === 0 && isHere) continue;
        for (const file of files) {
          await download(connection, number, file, join(to, segmentFile(segment, file)));
        }
      }
    });
    await writeDurably(join(to, MANIFEST_FILE), [found.manifest]);
  };

  return {
    published,
    /**
     * How the vectors of a generation are brought from the database; null when they are in its folder.
     *
     * @throws DragomanError `DATABASE` and `INDEX_CORRUPT`
     */
    vectorsOf: async (folder: string): Promise<BringVectors | null> => {
      const manifest = await readManifest(folder);
      if (sizeOf(...manifest.segments) <= memoryBytes) return null;
      const [row] = await database.query<{ segments: readonly number[] }>(
        'select segments from generations where id = $1',
        [manifest.id],
      );
      if (row === undefined) return null;
      const tables = row.segments.map((number, segment) => ({ number, segment }));
      return (wanted, arrangement) =>
        Promise.all(tables.map((table) => bringVectors(database, table, wanted, arrangement)));
    },

    /**
     * Publishes the generation of the index folder in one transaction. A segment that the database has is not written again.
     * Publishers wait for each other; readers see the generation before until it is done. Those before the previous one are
     * deleted.
     *
     * @returns the id of the generation that is current now; `published` is false when the database had the same content already
     * @throws DragomanError `DATABASE`, `INDEX_MISSING` and `INDEX_CORRUPT`
     */
    publish: async ({
      force = false,
      onlyFirst = false,
      onProgress,
    }: PublishOptions = {}): Promise<{ generation: string; published: boolean }> => {
      const pointer = await publishedPointer(indexFolder);
      const folder = generationFolder(indexFolder, pointer.generation);
      const manifest = await verifyFolder(folder);
      return database.transaction(async (connection) => {
        const [before] = await connection.query<Record<'generation' | 'content', string | null>>(
          `select generation, (select manifest->>'content' from generations where id = generation) as content
         from current_generation for update`,
        );
        const current = before?.generation ?? null;
        const isSame = current === manifest.id || (before?.content === manifest.content && !force);
        if (current !== null && (onlyFirst || isSame))
          return { generation: current, published: false };
        await writeGeneration(connection, folder, manifest, onProgress);
        await connection.query(
          `update current_generation set previous = generation, generation = $1`,
          [manifest.id],
        );
        await deleteOld(connection);
        return { generation: manifest.id, published: true };
      });
    },

    /**
     * Makes the published generation the current one of the index folder, unless it is already. A copy that is damaged is
     * replaced: by the first call of a process, which checks it.
     *
     * @returns its id; null when none is published
     * @throws DragomanError `DATABASE`, `INDEX_CORRUPT` when what arrived differs from what was published, `BUILD_LOCKED`
     *   while a build writes into the folder
     */
    fetch: async (): Promise<string | null> => {
      const found = await published();
      if (found === null) return null;
      const { id } = found;
      const manifest = parseManifest(found.manifest, 'the database');
      const files = sizeOf(...manifest.segments) <= memoryBytes ? FILES : TEXT_FILES;
      await makeIndexFolder(indexFolder);
      const before = await unlessCorrupt(readPointer(indexFolder));
      const target = generationFolder(indexFolder, id);
      if (before?.generation === id && (checked === id || (await isComplete(target, files)))) {
        checked = id;
        return id;
      }
      const lock = await takeLock(indexFolder);
      const building = buildingFolder(indexFolder, id);
      try {
        await prune(indexFolder, before);
        // It may be here already, where it was built, or as the previous one.
        if (!(await isComplete(target, files))) {
          await mkdir(building);
          const from = generationFolder(indexFolder, before?.generation ?? '');
          await bring(found, manifest, { files, from, to: building });
          await verifyFolder(building, files);
          lock.assertHeld();
          await rm(target, { recursive: true, force: true });
          await rename(building, target);
          await syncFolder(indexFolder);
        }
        const pointer = { generation: id, previous: before?.generation ?? null };
        await publishInFolder(indexFolder, pointer);
        await prune(indexFolder, pointer);
        checked = id;
      } finally {
        await rm(building, { recursive: true, force: true });
        lock.release();
      }
      return id;
    },
  };
}

async function download(
  connection: Connection,
  number: number,
  file: GenerationFile,
  path: string,
): Promise<void> {
  await makeFolder(dirname(path));
  const written = await open(path, 'wx');
  try {
    for (let part = 0; ; part += 1) {
      const [row] = await connection.query<{ data: Buffer }>(
        'select data from segment_files where segment = $1 and file = $2 and part = $3',
        [number, file, part],
      );
      if (row === undefined) break;
      await written.writeFile(row.data);
    }
    await written.sync();
  } finally {
    await written.close();
  }
}

function digestOf(segment: SegmentManifest | undefined): string {
  return sha256(JSON.stringify(segment ?? null));
}

async function writeGeneration(
  connection: Connection,
  folder: string,
  manifest: Manifest,
  onProgress: PublishOptions['onProgress'] = () => undefined,
): Promise<void> {
  // Of an earlier publication, when this one is published again.
  const [known] = await connection.query('select 1 from generations where id = $1', [manifest.id]);
  if (known !== undefined) return;
  const missing: { stored: StoredSegment; number: number }[] = [];
  const numbers: number[] = [];
  for (const stored of storedSegments(folder, manifest)) {
    const digest = digestOf(stored.manifest);
    const [here] = await connection.query<{ number: number }>(
      'select number from segments where digest = $1',
      [digest],
    );
    const [made] = here
      ? [here]
      : await connection.query<{ number: number }>(
          'insert into segments (digest) values ($1) returning number',
          [digest],
        );
    const number = made?.number ?? 0;
    numbers.push(number);
    if (here === undefined) missing.push({ stored, number });
  }
  await connection.query('insert into generations (id, manifest, segments) values ($1, $2, $3)', [
    manifest.id,
    await readFile(join(folder, MANIFEST_FILE), 'utf8'),
    numbers,
  ]);
  const total = sizeOf(...missing.map(({ stored }) => stored.manifest));
  let done = 0;
  for (const { stored, number } of missing) {
    for (const file of FILES) {
      const path = join(folder, segmentFile(stored.segment, file));
      let part = 0;
      for await (const data of createReadStream(path, { highWaterMark: PART_BYTES })) {
        await connection.query(
          'insert into segment_files (segment, file, part, data) values ($1, $2, $3, $4)',
          [number, file, part, data],
        );
        part += 1;
        done += (data as Buffer).length;
        onProgress(Math.min(done, total), total);
      }
    }
    await writeVectors(connection, stored, number);
  }
}

/** Deletes the generations that are neither current nor previous: a bot may still read the previous one. */
async function deleteOld(connection: Connection): Promise<void> {
  await connection.query(
    `delete from generations g using current_generation c
     where g.id <> c.generation and g.id is distinct from c.previous`,
  );
  const deleted = await connection.query<{ number: number }>(
    `delete from segments where number not in (select unnest(segments) from generations) returning number`,
  );
  for (const { number } of deleted) await dropVectors(connection, number);
}

async function isComplete(folder: string, files: readonly GenerationFile[]): Promise<boolean> {
  return verifyFolder(folder, files).then(
    () => true,
    () => false,
  );
}
