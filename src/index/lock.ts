/**
 * The lock of an index folder: one build runs at a time there. It is a file made with O_EXCL that names the process that holds it.
 * On the same machine the system tells whether that process has ended. Anywhere else (another host or container) the holder is
 * alive as long as it renews its lease, the file's time; the times of two machines are never compared, as their clocks differ.
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
import * as z from 'zod';
import { DragomanError, isMissing, messageOf, systemCodeOf } from '../errors.ts';

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
    throw new DragomanError('CONFIG', message, { hint: 'Remove it, then build again.' });
  }
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if (isMissing(cause)) return null;
    const hint =
      'Another user may be building this index. If nobody is, remove the lock, then build again.';
    const message = `The lock ${path} cannot be read: ${messageOf(cause)}`;
    throw new DragomanError('CONFIG', message, { hint, cause });
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
