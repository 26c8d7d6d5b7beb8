/**
 * One build at a time in an index folder. The lock is a file made with O_EXCL that names the process that holds it; the
 * file of a process that has ended is taken over. Process numbers are reused after a restart (in a container often the
 * same one), so the file also has the start time of the process where the system gives it.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

import { DragomanError, systemCodeOf } from '../errors.ts';
import { z } from 'zod';

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
