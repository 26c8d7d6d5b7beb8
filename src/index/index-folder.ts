/**
 * The index folder: generations and one small file, the pointer, that names the current one. Publishing is the rename of
 * that file and nothing else, so whatever the pointer does not name can be deleted.
 *
 *     current.json            the pointer
 *     <time>-<content>/       a generation
 *     building-<id>/          a generation that is being written
 *     cache/                  vectors of earlier builds
 *     build.lock              a build is running
 */
import { readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DragomanError, isMissing, messageOf, systemCodeOf } from '../errors.ts';
import { makeFolder, readWhole, replaceFile } from '../files.ts';
import { z } from 'zod';
import { corrupt } from './file-formats.ts';

const POINTER_FILE = 'current.json';
const BUILDING = 'building-';
const LEFTOVER_FILE = /^(current\.json\.next|build\.lock\.[0-9a-f-]{36})$/;
const GENERATION_ID = /^\d{8}T\d{9}Z-[0-9a-f]{12}$/;

const pointerSchema = z.object({
  generation: z.string().regex(GENERATION_ID),
  /** Not deleted, because a running reader may still be loading it. */
  previous: z.string().regex(GENERATION_ID).nullable(),
});

export type Pointer = z.infer<typeof pointerSchema>;

/** @throws DragomanError `CONFIG` when the folder does not exist and cannot be made */
export async function makeIndexFolder(indexFolder: string): Promise<void> {
  try {
    await makeFolder(indexFolder);
  } catch (cause) {
    throw new DragomanError('CONFIG', `The index folder cannot be made: ${messageOf(cause)}`, {
      hint: 'Point INDEX_DIR to a folder that can be written to.',
      cause,
    });
  }
}

/** Id of a generation: UTC time to the millisecond, so that ids sort by age, and the start of the content's sha256. */
export function generationId(createdAt: Date, contentSha256: string): string {
  const time = createdAt.toISOString().replace(/[-:.]/g, '');
  return `${time}-${contentSha256.slice(0, 12)}`;
}

export function generationFolder(indexFolder: string, id: string): string {
  return join(indexFolder, id);
}

export function buildingFolder(indexFolder: string, id: string): string {
  return join(indexFolder, `${BUILDING}${id}`);
}

/** Whether the folder is that of the generation, published or being written. */
export function isFolderOf(id: string, folder: string): boolean {
  return [id, `${BUILDING}${id}`].includes(basename(folder));
}

/**
 * The pointer, or null when nothing has been published.
 *
 * @throws DragomanError `INDEX_CORRUPT` when the file is not a pointer
 */
export async function readPointer(indexFolder: string): Promise<Pointer | null> {
  const path = join(indexFolder, POINTER_FILE);
  let content: Uint8Array;
  try {
    content = await readWhole(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw corrupt(`${path} cannot be read: ${messageOf(error)}`, error);
  }
  try {
    return pointerSchema.parse(JSON.parse(Buffer.from(content).toString('utf8')));
  } catch (cause) {
    throw corrupt(`${path} does not name a generation.`, cause);
  }
}

/** @throws DragomanError `INDEX_MISSING` when nothing has been published */
export async function publishedPointer(indexFolder: string): Promise<Pointer> {
  const pointer = await readPointer(indexFolder);
  if (pointer !== null) return pointer;
  throw new DragomanError('INDEX_MISSING', `There is no index in ${indexFolder}.`, {
    hint: 'Run `npm run build:index` to build it.',
  });
}

/** What a function loads of the folder of the current generation. */
export async function loadPublished<Loaded>(
  indexFolder: string,
  load: (folder: string) => Promise<Loaded>,
): Promise<Loaded> {
  for (;;) {
    const pointer = await publishedPointer(indexFolder);
    try {
      return await load(generationFolder(indexFolder, pointer.generation));
    } catch (error) {
      // Two builds in a row may delete what is being loaded; then there is a newer one to load.
      const now = await readPointer(indexFolder);
      if (now?.generation === pointer.generation) throw error;
    }
  }
}

/** Makes the pointer's generation the current one. */
export async function publish(indexFolder: string, pointer: Pointer): Promise<void> {
  const path = join(indexFolder, POINTER_FILE);
  await replaceFile(path, [`${JSON.stringify(pointer, null, 2)}\n`]);
}

/**
 * Deletes what killed builds left and, given a pointer, every generation that it does not name. Other files are never
 * touched, because the folder may be shared. The caller holds the build lock.
 */
export async function prune(indexFolder: string, pointer: Pointer | null): Promise<void> {
  const kept = new Set([pointer?.generation, pointer?.previous]);
  for (const entry of await readdir(indexFolder)) {
    const isLeftover =
      LEFTOVER_FILE.test(entry) ||
      (entry.startsWith(BUILDING) && GENERATION_ID.test(entry.slice(BUILDING.length)));
    const isOld = pointer !== null && GENERATION_ID.test(entry) && !kept.has(entry);
    if (isLeftover || isOld) await rm(join(indexFolder, entry), { recursive: true, force: true });
  }
}

/** Hints for system errors of writing. */
const WRITE_HINTS: ReadonlyMap<string | null, string> = new Map([
  ['EACCES', 'Point INDEX_DIR to a folder that can be written to, or change its permissions.'],
  ['EPERM', 'Point INDEX_DIR to a folder that can be written to, or change its permissions.'],
  ['ENOENT', 'Point INDEX_DIR to a folder that can be written to, and let nothing delete it.'],
  ['EROFS', 'Point INDEX_DIR to a folder on a disk that can be written to.'],
  ['ENOSPC', 'Free space on its disk, then build again; the index in use is unchanged.'],
  ['EDQUOT', 'Free space in your quota, then build again; the index in use is unchanged.'],
  ['EISDIR', 'A folder is where a file belongs: remove it, then build again.'],
  ['ENOTDIR', 'A file is where a folder belongs: remove it, then build again.'],
]);

/** A system error of writing into the index folder as a DragomanError with a hint; any other error unchanged. */
export function explainWriteError(error: unknown, indexFolder: string): unknown {
  if (error instanceof DragomanError || !(error instanceof Error)) return error;
  // A full disk is reported without the path. Errors outside the folder are not explained here.
  const { path = indexFolder } = error as NodeJS.ErrnoException;
  const hint = WRITE_HINTS.get(systemCodeOf(error));
  if (hint === undefined || !path.startsWith(indexFolder)) return error;
  return new DragomanError(
    'CONFIG',
    `The index folder ${indexFolder} cannot be written to: ${error.message}`,
    { hint, cause: error },
  );
}

export interface WatchOptions {
  /** Id of the generation in use. */
  readonly current: () => string;
  /** Called when the pointer names another generation or none. Gives whether one could be loaded; never throws. */
  readonly load: () => Promise<boolean>;
  /** Calls `look` every `intervalMs` until the returned function is called. */
  readonly repeat?: (look: () => Promise<void>, intervalMs: number) => () => void;
}

export interface Watch {
  close(): void;
}

const WATCH_INTERVAL_MS = 2000;
/** About a minute. */
const MOST_LOOKS_SKIPPED = 30;

/**
 * Loads what the pointer newly names. Polls it, because `fs.watch` misses renames on network folders and in containers, and
 * reading 100 bytes costs nothing. A load that failed is tried again after 1, 3, 7 … 30 looks, at once when the pointer changes.
 */
export function watchGenerations(
  indexFolder: string,
  { current, load, repeat = repeatUnreferenced }: WatchOptions,
): Watch {
  let failed: { readonly named: string | null; readonly times: number; skip: number } | null = null;
  let busy = false;
  let closed = false;
  const isClosed = (): boolean => closed;

  const look = async (): Promise<void> => {
    // Loading a generation can take longer than the interval.
    if (busy || closed) return;
    busy = true;
    try {
      const named = await readPointer(indexFolder).then(
        (pointer) => pointer?.generation ?? null,
        () => null,
      );
      if (failed?.named === named && failed.skip > 0) failed.skip -= 1;
      else if (!isClosed() && (failed !== null || named !== current())) {
        const times = failed?.named === named ? failed.times + 1 : 1;
        const skip = Math.min(2 ** times - 1, MOST_LOOKS_SKIPPED);
        failed = (await load()) ? null : { named, times, skip };
      }
    } finally {
      busy = false;
    }
  };
  const stop = repeat(look, WATCH_INTERVAL_MS);

  return {
    close: () => {
      closed = true;
      stop();
    },
  };
}

/** The timer alone does not keep the process running. */
function repeatUnreferenced(look: () => Promise<void>, intervalMs: number): () => void {
  const timer = setInterval(() => void look(), intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}
