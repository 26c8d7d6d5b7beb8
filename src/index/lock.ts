/**
 * One build at a time in an index folder. The lock is a file made with O_EXCL that names the process that holds it. On the same
 * machine the system tells whether that process has ended. Anywhere else (another host or container) the holder is alive as
 * long as it renews its lease, the file's time; the times of two machines are never compared, as their clocks differ.
 */
import { randomUUID } from 'node:crypto';
import {
  lstatSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  statSync,
  utimes,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { DragomanError, systemCodeOf } from '../errors.ts';

const LOCK_FILE = 'build.lock';

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

export interface Lease {
  /** Interval of renewal. */
  readonly renewMs: number;
  /** A holder that renews nothing for this many intervals has ended. */
  readonly intervals: number;
}

/** No step of a build holds up the event loop for half a minute. */
const LEASE: Lease = { renewMs: 5000, intervals: 6 };

export interface BuildLock {
  /** @throws DragomanError `BUILD_LOCKED` when another process has taken the lock over */
  assertHeld(): void;
  release(): void;
}

/**
 * Takes the lock of a build. Waits for as long as a lease lasts when its holder is somewhere else and may have ended.
 *
 * @throws DragomanError `BUILD_LOCKED` when a live process holds the lock, `CONFIG` when something that is no file is in its place
 */
export async function takeLock(indexFolder: string, lease = LEASE): Promise<BuildLock> {
  const path = join(indexFolder, LOCK_FILE);
  const holder: Holder = {
    pid: process.pid,
    processStart: processStart(process.pid),
    machine: machineId(),
    host: hostname(),
    since: new Date().toISOString(),
    token: randomUUID(),
  };
  // Each round removes at most one dead holder; the limit only stops an endless loop by a defect.
  for (let round = 0; round < 10; round += 1) {
    if (createExclusively(path, JSON.stringify(holder))) return heldLock(path, holder, lease);
    const found = await readSettled(path);
    if (found === null) continue;
    const other = parseHolder(found);
    if (other !== null && (await isAlive(path, other, lease))) throw lockedBy(other);
    removeIfStill(path, found, holder.token);
  }
  throw new DragomanError('BUILD_LOCKED', `Other builds took ${path} ten times in a row.`, {
    hint: 'Wait until they are done, then build again.',
  });
}

function heldLock(path: string, holder: Holder, { renewMs }: Lease): BuildLock {
  const isHeld = (): boolean => readLock(path) === JSON.stringify(holder);
  const renewal = setInterval(() => {
    const now = new Date();
    // A lock that was taken over belongs to another build; that is noticed before publishing.
    if (isHeld()) utimes(path, now, now, () => undefined);
  }, renewMs);
  renewal.unref();
  return {
    assertHeld: () => {
      if (isHeld()) return;
      throw new DragomanError('BUILD_LOCKED', `This build lost ${path} to another build.`, {
        hint: 'Wait until the other build is done, then build again.',
      });
    },
    release: () => {
      clearInterval(renewal);
      if (isHeld()) rmSync(path, { force: true });
    },
  };
}

function lockedBy({ pid, host, since }: Holder): DragomanError {
  const where = host === hostname() ? '' : ` on ${host}`;
  return new DragomanError(
    'BUILD_LOCKED',
    `Process ${pid}${where} has been building this index since ${since}.`,
    { hint: 'Wait until it is done, then build again.' },
  );
}

async function isAlive(path: string, holder: Holder, lease: Lease): Promise<boolean> {
  if (holder.machine !== machineId()) return isRenewed(path, lease);
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return systemCodeOf(error) === 'EPERM';
  }
  const started = processStart(holder.pid);
  return started === null || holder.processStart === null || started === holder.processStart;
}

/** Whether the file's time changes while a lease lasts. */
async function isRenewed(path: string, { renewMs, intervals }: Lease): Promise<boolean> {
  const timeOf = (): number | null => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null;
  const before = timeOf();
  for (let interval = 0; interval < intervals; interval += 1) {
    await wait(renewMs);
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

/** A holder makes the file and writes it in two system calls, so an empty file is read again after a moment. */
async function readSettled(path: string): Promise<string | null> {
  const content = readLock(path);
  if (content !== '') return content;
  await wait(100);
  return readLock(path);
}

/**
 * Null when there is none.
 *
 * @throws DragomanError `CONFIG` when it is no file: reading a named pipe would never end
 */
function readLock(path: string): string | null {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats !== undefined && !stats.isFile()) {
    throw new DragomanError('CONFIG', `Expected a file in ${path}, found something else.`, {
      hint: 'Remove it, then build again.',
    });
  }
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
  const taken = readLock(aside);
  if (taken !== null && taken !== stale) createExclusively(path, taken);
  rmSync(aside, { force: true });
}
