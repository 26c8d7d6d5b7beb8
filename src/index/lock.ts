import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { DragomanError } from '../errors.ts';

/**
 * One build at a time in an index folder. The lock is a file made with O_EXCL that says which process
 * holds it; the file of a process that is gone is taken over. A process number alone does not tell:
 * it is given out again after a restart (in a container often the same one), so the file also holds
 * when the process started, where the system says so.
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
  const own: Holder = {
    pid: process.pid,
    processStart: processStart(process.pid),
    host: hostname(),
    since: new Date().toISOString(),
    token,
  };
  // Each round removes at most one dead holder; the bound only keeps a defect from looping.
  for (let round = 0; round < 10; round += 1) {
    if (createExclusively(path, JSON.stringify(own))) return heldLock(path, own);
    const found = await readSettled(path);
    if (found === null) continue;
    const holder = parseHolder(found);
    if (holder !== null && isAlive(holder)) throw lockedBy(path, holder);
    removeIfStill(path, found, token);
  }
  throw new DragomanError('BUILD_LOCKED', `Other builds keep taking ${path}.`, {
    hint: 'Wait until they are done, then build again.',
  });
}

function heldLock(path: string, own: Holder): BuildLock {
  const holdsNow = (): boolean => readIfThere(path) === JSON.stringify(own);
  return {
    assertHeld: () => {
      if (holdsNow()) return;
      throw new DragomanError('BUILD_LOCKED', `This build lost ${path} to another build.`, {
        hint: 'Wait until the other build is done, then build again.',
      });
    },
    release: () => {
      if (holdsNow()) rmSync(path, { force: true });
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
  // Another machine's processes cannot be seen from here.
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    // EPERM: the process is there and belongs to someone else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
  const started = processStart(holder.pid);
  return started === null || holder.processStart === null || started === holder.processStart;
}

/** Boot and clock tick at which a process started, or null where /proc does not say. */
function processStart(pid: number): string | null {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the command in brackets and may hold spaces; field 22 is the start.
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
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** A holder makes the file and fills it in two system calls: an empty one gets a moment's grace. */
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
 * Of two processes that find the same dead holder, one could remove the lock that the other has just
 * made. A rename gives the file to one of them, and what it got is looked at before it is thrown away;
 * `assertHeld` before publishing covers the instant in between.
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
