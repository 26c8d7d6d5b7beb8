/**
 * The index folder: generations and one small file, the pointer, that names the current one. Publishing is the rename of
 * that file and nothing else, so whatever the pointer does not name can be deleted.
 *
 *     current.json            the pointer
 *     <time>-<content>/       a generation
 *     building-<id>/          a generation that is being written
 *     cache/                  vectors of earlier builds
 *     build.lock              a build is running
 *
 * One build runs at a time in an index folder. The lock is a file made with O_EXCL that names the process that holds it. On the
 * same machine the system tells whether that process has ended. Anywhere else (another host or container) the holder is alive
 * as long as it renews its lease, the file's time; the times of two machines are never compared, as their clocks differ.
 */
import { randomUUID } from 'node:crypto';
import {
  lstatSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { DragomanError, isMissing, messageOf, systemCodeOf } from '../errors.ts';
import { makeFolder, readWhole, replaceFile } from '../files.ts';
import { corrupt } from './encoding.ts';

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

function configError(message: string, hint: string, cause?: unknown): DragomanError {
  return new DragomanError('CONFIG', message, { hint, cause });
}

function notAFolder(indexFolder: string, cause: unknown): DragomanError {
  const message = `Expected a folder in ${indexFolder}, found a file.`;
  return configError(message, 'Point INDEX_DIR to a folder; a missing one is made.', cause);
}

/** @throws DragomanError `CONFIG` when the folder does not exist and cannot be made */
export async function makeIndexFolder(indexFolder: string): Promise<void> {
  await makeFolder(indexFolder).catch((cause: unknown) => {
    if (/EEXIST|ENOTDIR/.test(systemCodeOf(cause) ?? '')) throw notAFolder(indexFolder, cause);
    const message = `The index folder cannot be made: ${messageOf(cause)}`;
    throw configError(message, 'Point INDEX_DIR to a folder that can be written to.', cause);
  });
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
 * @throws DragomanError `INDEX_CORRUPT` when the file is not a pointer, `CONFIG` when the index folder is a file
 */
export async function readPointer(indexFolder: string): Promise<Pointer | null> {
  const path = join(indexFolder, POINTER_FILE);
  let content: Uint8Array;
  try {
    content = await readWhole(path);
  } catch (error) {
    if (isMissing(error)) return null;
    if (systemCodeOf(error) === 'ENOTDIR') throw notAFolder(indexFolder, error);
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

const NOT_WRITABLE =
  'Point INDEX_DIR to a folder that can be written to, or change its permissions.';
const FILE_FOR_FOLDER = 'A file is where a folder belongs: remove it, then build again.';
const WRITE_HINTS: Readonly<Record<string, string>> = {
  EACCES: NOT_WRITABLE,
  EPERM: NOT_WRITABLE,
  ENOENT: 'Point INDEX_DIR to a folder that can be written to, and let nothing delete it.',
  EROFS: 'Point INDEX_DIR to a folder on a disk that can be written to.',
  ENOSPC: 'Free space on its disk, then build again; the index in use is unchanged.',
  EDQUOT: 'Free space in your quota, then build again; the index in use is unchanged.',
  EISDIR: 'A folder is where a file belongs: remove it, then build again.',
  ENOTDIR: FILE_FOR_FOLDER,
  EEXIST: FILE_FOR_FOLDER,
};

/** A system error of writing into the index folder as a DragomanError with a hint; any other error unchanged. */
export function explainWriteError(error: unknown, indexFolder: string): unknown {
  if (error instanceof DragomanError || !(error instanceof Error)) return error;
  // A full disk is reported without the path. Errors outside the folder are not explained here.
  const { path = indexFolder } = error as NodeJS.ErrnoException;
  const hint = WRITE_HINTS[systemCodeOf(error) ?? ''];
  if (hint === undefined || !path.startsWith(indexFolder)) return error;
  const message = `The index folder ${indexFolder} cannot be written to: ${error.message}`;
  return configError(message, hint, error);
}

const holderSchema = z.object({
  pid: z.number().int().positive(),
  /** What tells the process from a later one of the same number, where the system gives it. */
  processStart: z.string().nullable(),
  /** Where process numbers mean the same: machine and name space of processes. */
  machine: z.string(),
  host: z.string(),
  since: z.string(),
  token: z.string(),
});

type Holder = z.infer<typeof holderSchema>;

const RENEW_MS = 5000;
/** A holder that renews nothing for half a minute has ended: no step of a build holds up the event loop for so long. */
const INTERVALS = 6;

/** How time passes while leases are renewed and waited for. */
export const CLOCK = {
  wait: (ms: number): Promise<unknown> => wait(ms),
  /** Repeats `action` until the returned function is called. */
  repeat: (action: () => void, ms: number): (() => void) => {
    const timer = setInterval(action, ms).unref();
    return () => clearInterval(timer);
  },
};

export type LeaseClock = Readonly<typeof CLOCK>;

export type BuildLock = ReturnType<typeof heldLock>;

/**
 * Takes the lock of a build. Waits for as long as a lease lasts when its holder is somewhere else and may have ended.
 *
 * @throws DragomanError `BUILD_LOCKED` when a live process holds the lock, `CONFIG` when it cannot be read or is no file
 */
export async function takeLock(indexFolder: string, clock = CLOCK): Promise<BuildLock> {
  const path = join(indexFolder, 'build.lock');
  const token = randomUUID();
  const own = JSON.stringify({
    pid: process.pid,
    processStart: processStart(process.pid),
    machine: machineId(),
    host: hostname(),
    since: new Date().toISOString(),
    token,
  } satisfies Holder);
  // Each round removes at most one dead holder; the limit only stops an endless loop by a defect.
  for (let round = 0; round < 10; round += 1) {
    if (createExclusively(path, own)) return heldLock(path, own, clock);
    let found = readLock(path);
    // A holder makes the file and writes it in two system calls.
    if (found === '') {
      await clock.wait(100);
      found = readLock(path);
    }
    if (found === null) continue;
    const other = parseHolder(found);
    if (other !== null && (await isAlive(path, other, clock))) throw lockedBy(other);
    removeIfStill(path, found, token);
  }
  throw lockError(`Other builds took ${path} ten times in a row.`, 'they are done');
}

function lockError(message: string, until: string): DragomanError {
  return new DragomanError('BUILD_LOCKED', message, {
    hint: `Wait until ${until}, then build again.`,
  });
}

function heldLock(path: string, own: string, { repeat }: LeaseClock) {
  const isHeld = (): boolean => readLock(path) === own;
  const stopRenewal = repeat(() => {
    const now = new Date();
    try {
      if (isHeld()) utimesSync(path, now, now);
    } catch {
      // Nobody waits for it here. That the lock is lost is noticed before publishing.
    }
  }, RENEW_MS);
  return {
    /** @throws DragomanError `BUILD_LOCKED` when another process has taken the lock over */
    assertHeld: (): void => {
      if (isHeld()) return;
      throw lockError(`This build lost ${path} to another build.`, 'the other build is done');
    },
    release: (): void => {
      stopRenewal();
      if (isHeld()) rmSync(path, { force: true });
    },
  };
}

function lockedBy({ pid, host, since }: Holder): DragomanError {
  const where = host === hostname() ? '' : ` on ${host}`;
  const message = `Process ${pid}${where} has been building this index since ${since}.`;
  return lockError(message, 'it is done');
}

async function isAlive(path: string, holder: Holder, clock: LeaseClock): Promise<boolean> {
  if (holder.machine !== machineId()) return isRenewed(path, clock);
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return systemCodeOf(error) === 'EPERM';
  }
  const started = processStart(holder.pid);
  return started === null || holder.processStart === null || started === holder.processStart;
}

async function isRenewed(path: string, clock: LeaseClock): Promise<boolean> {
  const timeOf = (): number | null => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
  const before = timeOf();
  for (let interval = 0; interval < INTERVALS; interval += 1) {
    await clock.wait(RENEW_MS);
    const now = timeOf();
    // A lock that is gone was released by a live holder; the next round takes it.
    if (now !== before) return now !== null;
  }
  return false;
}

/** Machine and, on Linux, boot and name space of processes: containers of one machine have process numbers of their own. */
function machineId(): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
}

/** Clock tick of a process's start, or null without /proc. */
function processStart(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in brackets and may contain spaces; field 22 is the start.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
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

/**
 * Null when there is none.
 *
 * @throws DragomanError `CONFIG` when it cannot be read, or is no file: reading a named pipe would never end
 */
function readLock(path: string): string | null {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats !== undefined && !stats.isFile()) {
    const message = `Expected a file in ${path}, found something else.`;
    throw configError(message, 'Remove it, then build again.');
  }
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (isMissing(cause)) return null;
    const hint =
      'Another user may be building this index. If nobody is, remove the lock, then build again.';
    throw configError(`The lock ${path} cannot be read: ${messageOf(cause)}`, hint, cause);
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
  const taken = readLock(aside);
  if (taken !== null && taken !== stale) createExclusively(path, taken);
  rmSync(aside, { force: true });
}
