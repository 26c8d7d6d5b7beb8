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
import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DragomanError, isMissing, messageOf, systemCodeOf } from '../errors.ts';
import { replaceFile } from '../files.ts';
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
    await mkdir(indexFolder, { recursive: true });
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

/**
 * The pointer, or null when nothing has been published.
 *
 * @throws DragomanError `INDEX_CORRUPT` when the file is not a pointer
 */
export async function readPointer(indexFolder: string): Promise<Pointer | null> {
  const path = join(indexFolder, POINTER_FILE);
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
  try {
    return pointerSchema.parse(JSON.parse(content));
  } catch (cause) {
    throw corrupt(`${path} does not name a generation.`, cause);
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
  ['EROFS', 'Point INDEX_DIR to a folder on a disk that can be written to.'],
  ['ENOSPC', 'Free space on its disk, then build again; the index in use is unchanged.'],
  ['EDQUOT', 'Free space in your quota, then build again; the index in use is unchanged.'],
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
  /** The generation that the caller has loaded; without it the first one found is reported. */
  readonly current?: string;
  readonly intervalMs?: number;
  /** Called when the pointer cannot be read or `onNew` fails; the watch continues. */
  readonly onError?: (error: unknown) => void;
  /** Calls `tick` every `intervalMs` until the returned function is called. */
  readonly repeat?: (tick: () => Promise<void>, intervalMs: number) => () => void;
}

export interface Watch {
  close(): void;
}

/**
 * Reports the id of each newly published generation once, also when `onNew` fails. Polls the pointer, because `fs.watch`
 * misses renames on network folders and in containers, and reading 100 bytes costs nothing.
 */
export function watchGenerations(
  indexFolder: string,
  onNew: (generation: string) => void | Promise<void>,
  options: WatchOptions = {},
): Watch {
  const { intervalMs = 2000, onError = () => undefined, repeat = repeatUnreferenced } = options;
  let seen = options.current ?? null;
  let busy = false;
  let closed = false;
  const isClosed = (): boolean => closed;

  const tick = async (): Promise<void> => {
    // Loading a generation can take longer than the interval.
    if (busy || closed) return;
    busy = true;
    try {
      const pointer = await readPointer(indexFolder);
      if (pointer === null || pointer.generation === seen || isClosed()) return;
      seen = pointer.generation;
      await onNew(pointer.generation);
    } catch (error) {
      onError(error);
    } finally {
      busy = false;
    }
  };
  const stop = repeat(tick, intervalMs);

  return {
    close: () => {
      closed = true;
      stop();
    },
  };
}

/** The timer alone does not keep the process running. */
function repeatUnreferenced(tick: () => Promise<void>, intervalMs: number): () => void {
  const timer = setInterval(() => void tick(), intervalMs);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * One build at a time in an index folder. The lock is a file made with O_EXCL that names the process that holds it; the
 * file of a process that has ended is taken over. Process numbers are reused after a restart (in a container often the
 * same one), so the file also has the start time of the process where the system gives it.
 */
const LOCK_FILE = 'build.lock';

const holderSchema = z.object({
  pid: z.number().int().positive(),
  processStart: z.string().nullable(),
  host: z.string(),
  since: z.string(),
  token: z.string(),
});

type Holder = z.infer<typeof holderSchema>;

export interface BuildLock {
  /** @throws DragomanError `BUILD_LOCKED` when another process has taken the lock over */
  assertHeld(): void;
  release(): void;
}

/** @throws DragomanError `BUILD_LOCKED` when a live process holds the lock */
export async function takeLock(indexFolder: string): Promise<BuildLock> {
  const path = join(indexFolder, LOCK_FILE);
  const token = randomUUID();
  const holder: Holder = {
    pid: process.pid,
    processStart: processStart(process.pid),
    host: hostname(),
    since: new Date().toISOString(),
    token,
  };
  // Each round removes at most one dead holder; the limit only stops an endless loop by a defect.
  for (let round = 0; round < 10; round += 1) {
    if (createExclusively(path, JSON.stringify(holder))) return heldLock(path, holder);
    const found = await readSettled(path);
    if (found === null) continue;
    const other = parseHolder(found);
    if (other !== null && isAlive(other)) throw lockedBy(path, other);
    removeIfStill(path, found, token);
  }
  throw new DragomanError('BUILD_LOCKED', `Other builds took ${path} ten times in a row.`, {
    hint: 'Wait until they are done, then build again.',
  });
}

function heldLock(path: string, holder: Holder): BuildLock {
  const isHeld = (): boolean => readIfThere(path) === JSON.stringify(holder);
  return {
    assertHeld: () => {
      if (isHeld()) return;
      throw new DragomanError('BUILD_LOCKED', `This build lost ${path} to another build.`, {
        hint: 'Wait until the other build is done, then build again.',
      });
    },
    release: () => {
      if (isHeld()) rmSync(path, { force: true });
    },
  };
}

function lockedBy(path: string, holder: Holder): DragomanError {
  const elsewhere = holder.host === hostname() ? '' : ` on ${holder.host}`;
  return new DragomanError(
    'BUILD_LOCKED',
    `Process ${holder.pid}${elsewhere} has been building this index since ${holder.since}.`,
    {
      hint:
        elsewhere === ''
          ? 'Wait until it is done, then build again.'
          : `Wait until it is done; if it no longer runs there, delete ${path}.`,
    },
  );
}

function isAlive(holder: Holder): boolean {
  // Processes of another machine are not visible from here.
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return systemCodeOf(error) === 'EPERM';
  }
  const started = processStart(holder.pid);
  return started === null || holder.processStart === null || started === holder.processStart;
}

/** Boot id and clock tick of a process's start, or null without /proc. */
function processStart(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in brackets and may contain spaces; field 22 is the start.
    const afterCommand = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = afterCommand[19];
    return ticks === undefined ? null : `${boot} ${ticks}`;
  } catch {
    return null;
  }
}

function createExclusively(path: string, content: string): boolean {
  try {
    writeFileSync(path, content, { flag: 'wx' });
    return true;
  } catch (error) {
    if (systemCodeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** A holder makes the file and writes it in two system calls, so an empty file is read again after a moment. */
async function readSettled(path: string): Promise<string | null> {
  const content = readIfThere(path);
  if (content !== '') return content;
  await wait(100);
  return readIfThere(path);
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

function parseHolder(content: string): Holder | null {
  try {
    return holderSchema.parse(JSON.parse(content));
  } catch {
    return null;
  }
}

/**
 * Of two processes that find the same dead holder, one could delete the lock that the other has just made. So the file
 * is renamed, which succeeds for one of them, and read again before it is deleted; `assertHeld` before publishing covers
 * the moment in between.
 */
function removeIfStill(path: string, stale: string, token: string): void {
  const aside = `${path}.${token}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  const taken = readIfThere(aside);
  if (taken !== null && taken !== stale) createExclusively(path, taken);
  rmSync(aside, { force: true });
}
