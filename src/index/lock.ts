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
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { DragomanError, isMissing, messageOf, systemCodeOf } from '../errors.ts';

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

const RENEW_MS = 5000;
/** A holder that renews nothing for half a minute has ended: no step of a build holds up the event loop for so long. */
const INTERVALS = 6;

/** How time passes while leases are renewed and waited for. */
export interface LeaseClock {
  readonly wait: (ms: number) => Promise<unknown>;
  /** Repeats `action` until the returned function is called. */
  readonly repeat: (action: () => void, ms: number) => () => void;
}

export const CLOCK: LeaseClock = {
  wait,
  repeat: (action, ms) => {
    const timer = setInterval(action, ms).unref();
    return () => clearInterval(timer);
  },
};

export interface BuildLock {
  /** @throws DragomanError `BUILD_LOCKED` when another process has taken the lock over */
  assertHeld(): void;
  release(): void;
}

/**
 * Takes the lock of a build. Waits for as long as a lease lasts when its holder is somewhere else and may have ended.
 *
 * @throws DragomanError `BUILD_LOCKED` when a live process holds the lock, `CONFIG` when it cannot be read or is no file
 */
export async function takeLock(indexFolder: string, clock = CLOCK): Promise<BuildLock> {
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
    if (createExclusively(path, JSON.stringify(holder))) return heldLock(path, holder, clock);
    const found = await readSettled(path, clock);
    if (found === null) continue;
    const other = parseHolder(found);
    if (other !== null && (await isAlive(path, other, clock))) throw lockedBy(other);
    removeIfStill(path, found, holder.token);
  }
  throw new DragomanError('BUILD_LOCKED', `Other builds took ${path} ten times in a row.`, {
    hint: 'Wait until they are done, then build again.',
  });
}

function heldLock(path: string, holder: Holder, { repeat }: LeaseClock): BuildLock {
  const isHeld = (): boolean => readLock(path) === JSON.stringify(holder);
  const stopRenewal = repeat(() => {
    const now = new Date();
    try {
      if (isHeld()) utimesSync(path, now, now);
    } catch {
      // Nobody waits for it here. That the lock is lost is noticed before publishing.
    }
  }, RENEW_MS);
  return {
    assertHeld: () => {
      if (isHeld()) return;
      throw new DragomanError('BUILD_LOCKED', `This build lost ${path} to another build.`, {
        hint: 'Wait until the other build is done, then build again.',
      });
    },
    release: () => {
      stopRenewal();
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

/** Whether the file's time changes while a lease lasts. */
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

/** A holder makes the file and writes it in two system calls, so an empty file is read again after a moment. */
async function readSettled(path: string, clock: LeaseClock): Promise<string | null> {
  const content = readLock(path);
  if (content !== '') return content;
  await clock.wait(100);
  return readLock(path);
}

/**
 * Null when there is none.
 *
 * @throws DragomanError `CONFIG` when it cannot be read, or is no file: reading a named pipe would never end
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
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw new DragomanError('CONFIG', `The lock ${path} cannot be read: ${messageOf(cause)}`, {
      hint: 'Another user may be building this index. If nobody is, remove the lock, then build again.',
      cause,
    });
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
