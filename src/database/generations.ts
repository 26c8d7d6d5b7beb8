/**
 * Generations in the database: a build machine publishes the one of its index folder, and every bot keeps a copy of the
 * published one in its own index folder and loads it from there, as without a database. So a bot answers from memory
 * while the server is away, and the answers are the same.
 */
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DragomanError } from '../errors.ts';
import { syncFolder } from '../files.ts';
import {
  FILES,
  GENERATION_FILES,
  MANIFEST_FILE,
  readManifest,
  TEXT_FILES,
  verifyFolder,
  type GenerationFile,
  type Manifest,
} from '../index/generation.ts';
import {
  buildingFolder,
  generationFolder,
  makeIndexFolder,
  prune,
  publish as publishInFolder,
  readPointer,
} from '../index/index-folder.ts';
import { takeLock } from '../index/lock.ts';
import type { BringVectors } from '../search/search-index.ts';
import type { Connection, Database } from './database.ts';
import { bringVectors, dropVectors, writeVectors } from './search.ts';

/** Bytes of a row: a few of them are in memory at once. */
const PART_BYTES = 1 << 20;

/** The manifest comes last: with it a folder is complete. */
function namesOf(files: readonly GenerationFile[]): string[] {
  return [...files.map((file) => GENERATION_FILES[file]), MANIFEST_FILE];
}

export interface Publication {
  /** Id of the generation that is current now. */
  readonly generation: string;
  /** False when the database had the same content already. */
  readonly published: boolean;
}

export interface PublishOptions {
  /** Publish although the content is the same. */
  readonly force?: boolean;
  /** Publish only where nothing has been published. */
  readonly onlyFirst?: boolean;
  readonly onProgress?: (done: number, total: number) => void;
}

export class SharedGenerations {
  readonly #database: Database;
  readonly #indexFolder: string;
  readonly #memoryBytes: number;

  /** @param memoryBytes of files: the vectors of a generation with more stay in the database */
  constructor(
    database: Database,
    { indexFolder, memoryBytes }: { readonly indexFolder: string; readonly memoryBytes: number },
  ) {
    this.#database = database;
    this.#indexFolder = indexFolder;
    this.#memoryBytes = memoryBytes;
  }

  /**
   * The published generation, with the bytes of its files; null when there is none.
   *
   * @throws DragomanError `DATABASE`
   */
  async published(): Promise<{ readonly id: string; readonly bytes: number } | null> {
    const [row] = await this.#database.query<{ id: string; bytes: number }>(
      `select id, (select sum((value->>'bytes')::float8) from jsonb_each(manifest->'files')) as bytes
       from generations where id = (select generation from current_generation)`,
    );
    return row ?? null;
  }

  /**
   * How the vectors of a generation are brought from the database; null when they are in its folder.
   *
   * @throws DragomanError `DATABASE` and `INDEX_CORRUPT`
   */
  async vectorsOf(folder: string): Promise<BringVectors | null> {
    const { id, files, counts } = await readManifest(folder);
    const bytes = Object.values(files).reduce((sum, file) => sum + file.bytes, 0);
    if (bytes <= this.#memoryBytes) return null;
    const [row] = await this.#database.query<{ number: number }>(
      'select number from generations where id = $1',
      [id],
    );
    if (row === undefined) return null;
    return (wanted) =>
      bringVectors(this.#database, { number: row.number, count: counts.passages }, wanted);
  }

  /**
   * Publishes the generation of the index folder, all of it in one transaction. Publishers wait for each other; readers
   * see the generation before until it is done. Those before the previous one are deleted.
   *
   * @throws DragomanError `DATABASE`, `INDEX_MISSING` and `INDEX_CORRUPT`
   */
  async publish({
    force = false,
    onlyFirst = false,
    onProgress,
  }: PublishOptions = {}): Promise<Publication> {
    const pointer = await readPointer(this.#indexFolder);
    if (pointer === null) {
      throw new DragomanError('INDEX_MISSING', `There is no index in ${this.#indexFolder}.`, {
        hint: 'Run `npm run build:index` to build it.',
      });
    }
    const folder = generationFolder(this.#indexFolder, pointer.generation);
    const manifest = await verifyFolder(folder);
    return this.#database.transaction(async (connection) => {
      const [before] = await connection.query<{
        generation: string | null;
        content: string | null;
      }>(
        `select generation, (select manifest->>'content' from generations where id = generation) as content
         from current_generation for update`,
      );
      const current = before?.generation ?? null;
      const isSame = current === manifest.id || (before?.content === manifest.content && !force);
      if (current !== null && (onlyFirst || isSame))
        return { generation: current, published: false };
      await writeGeneration(connection, { folder, manifest, onProgress });
      await connection.query(
        `update current_generation set previous = generation, generation = $1`,
        [manifest.id],
      );
      await deleteOld(connection);
      return { generation: manifest.id, published: true };
    });
  }

  /**
   * Makes the published generation the current one of the index folder, unless it is already.
   *
   * @returns its id; null when none is published
   * @throws DragomanError `DATABASE`, `INDEX_CORRUPT` when what arrived differs from what was published, `BUILD_LOCKED`
   *   while a build writes into the folder
   */
  async fetch(): Promise<string | null> {
    const published = await this.published();
    if (published === null) return null;
    const { id, bytes } = published;
    const files = bytes <= this.#memoryBytes ? FILES : TEXT_FILES;
    await makeIndexFolder(this.#indexFolder);
    const before = await readPointer(this.#indexFolder);
    if (before?.generation === id && (await this.#hasFiles(id, files))) return id;
    const lock = await takeLock(this.#indexFolder);
    const building = buildingFolder(this.#indexFolder, id);
    try {
      await prune(this.#indexFolder, before);
      const target = generationFolder(this.#indexFolder, id);
      // It may be here already, where it was built, or as the previous one.
      if (!(await isComplete(target, files))) {
        await mkdir(building);
        await this.#download(id, building, files);
        await verifyFolder(building, files);
        lock.assertHeld();
        await rm(target, { recursive: true, force: true });
        await rename(building, target);
        await syncFolder(this.#indexFolder);
      }
      const pointer = { generation: id, previous: before?.generation ?? null };
      await publishInFolder(this.#indexFolder, pointer);
      await prune(this.#indexFolder, pointer);
    } finally {
      await rm(building, { recursive: true, force: true });
      lock.release();
    }
    return id;
  }

  async #hasFiles(id: string, files: readonly GenerationFile[]): Promise<boolean> {
    const names = await readdir(generationFolder(this.#indexFolder, id)).catch((): string[] => []);
    return files.every((file) => names.includes(GENERATION_FILES[file]));
  }

  async #download(id: string, folder: string, files: readonly GenerationFile[]): Promise<void> {
    // In one transaction that sees one state: a publisher may delete the generation meanwhile.
    await this.#database.transaction(async (connection) => {
      await connection.query('set transaction isolation level repeatable read, read only');
      for (const name of namesOf(files)) {
        const file = await open(join(folder, name), 'wx');
        try {
          for (let part = 0; ; part += 1) {
            const [row] = await connection.query<{ data: Buffer }>(
              'select data from generation_files where generation = $1 and file = $2 and part = $3',
              [id, name, part],
            );
            if (row === undefined) break;
            await file.writeFile(row.data);
          }
          await file.sync();
        } finally {
          await file.close();
        }
      }
    });
  }
}

async function writeGeneration(
  connection: Connection,
  {
    folder,
    manifest,
    onProgress = () => undefined,
  }: {
    readonly folder: string;
    readonly manifest: Manifest;
    readonly onProgress: PublishOptions['onProgress'];
  },
): Promise<void> {
  // Of an earlier publication, when this one is published again.
  const [known] = await connection.query('select 1 from generations where id = $1', [manifest.id]);
  if (known !== undefined) return;
  const [made] = await connection.query<{ number: number }>(
    'insert into generations (id, manifest) values ($1, $2) returning number',
    [manifest.id, manifest],
  );
  const total = Object.values(manifest.files).reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  for (const name of namesOf(FILES)) {
    let part = 0;
    for await (const data of createReadStream(join(folder, name), { highWaterMark: PART_BYTES })) {
      await connection.query(
        'insert into generation_files (generation, file, part, data) values ($1, $2, $3, $4)',
        [manifest.id, name, part, data],
      );
      part += 1;
      done += (data as Buffer).length;
      onProgress(Math.min(done, total), total);
    }
  }
  if (made !== undefined) await writeVectors(connection, { folder, manifest, ...made });
}

/** Deletes the generations that are neither current nor previous: a bot may still read the previous one. */
async function deleteOld(connection: Connection): Promise<void> {
  const deleted = await connection.query<{ number: number }>(
    `delete from generations g using current_generation c
     where g.id <> c.generation and g.id is distinct from c.previous returning g.number`,
  );
  for (const { number } of deleted) await dropVectors(connection, number);
}

async function isComplete(folder: string, files: readonly GenerationFile[]): Promise<boolean> {
  return verifyFolder(folder, files).then(
    () => true,
    () => false,
  );
}
