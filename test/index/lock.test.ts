import { execFileSync, spawnSync } from 'node:child_process';
import { utimesSync } from 'node:fs';
import {
  chmod,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeLock, type LeaseClock } from '../../src/index/lock.ts';
import { temporaryFolder } from './temporary-folder.ts';

const LOCKED = { code: 'BUILD_LOCKED' };

/** The number of a process that is no more. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

/** A clock without time: `during` happens in each pause, and `pass` lets what is repeated happen. */
function manualClock(during: () => void = () => undefined): LeaseClock & { pass: () => void } {
  const repeated = new Set<() => void>();
  return {
    wait: () => {
      during();
      return Promise.resolve();
    },
    repeat: (action) => {
      repeated.add(action);
      return () => repeated.delete(action);
    },
    pass: () => repeated.forEach((action) => action()),
  };
}

/** A folder whose lock names another holder, by default a process of this machine that has ended. */
async function lockedBy(holder: object): Promise<string> {
  const folder = await temporaryFolder();
  const path = join(folder, 'build.lock');
  const lock = await takeLock(folder);
  const own = JSON.parse(await readFile(path, 'utf8')) as object;
  lock.release();
  const other = { pid: deadPid(), since: '2024-01-05T00:00:00.000Z', token: 'other' };
  await writeFile(path, JSON.stringify({ ...own, ...other, ...holder }));
  return folder;
}

describe('takeLock', () => {
  it('lets one in at a time, in one process too', async () => {
    const folder = await temporaryFolder();
    const lock = await takeLock(folder);
    await expect(takeLock(folder)).rejects.toMatchObject(LOCKED);
    lock.release();
    (await takeLock(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('lets one of many in that come at once', async () => {
    const folder = await temporaryFolder();
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(folder)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('takes over from a process that is gone', async () => {
    const folder = await lockedBy({});
    (await takeLock(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('lets one of many in that find the same dead holder', async () => {
    const folder = await lockedBy({});
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(folder)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await readdir(folder)).toEqual(['build.lock']);
  });

  it.runIf(process.platform === 'linux')(
    'is not fooled by a process that got the number of the dead one',
    async () => {
      const folder = await lockedBy({ pid: process.pid, processStart: 'another boot 1' });
      (await takeLock(folder)).release();
    },
  );

  describe.each([
    ['another host', { machine: 'other', host: 'elsewhere' }],
    ['another container of this host', { machine: 'other', host: hostname() }],
  ])('with a holder on %s', (_, holder) => {
    it('respects one that renews its lease', async () => {
      const folder = await lockedBy(holder);
      let second = 0;
      // Clocks differ: this one is decades behind.
      const renewing = manualClock(() => utimesSync(join(folder, 'build.lock'), 0, ++second));
      await expect(takeLock(folder, renewing)).rejects.toMatchObject({
        ...LOCKED,
        message: expect.stringMatching(/^Process \d+.* has been building/) as unknown,
      });
    });

    it('takes over from one that does not', async () => {
      const folder = await lockedBy(holder);
      (await takeLock(folder, manualClock())).release();
      expect(await readdir(folder)).toEqual([]);
    });
  });

  it('renews its own lease while it is held, and no other file', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'build.lock');
    const clock = manualClock();
    const lock = await takeLock(folder, clock);
    await utimes(path, 0, 0);
    clock.pass();
    expect((await stat(path)).mtimeMs).toBeGreaterThan(0);
    await writeFile(path, 'of another');
    await utimes(path, 0, 0);
    clock.pass();
    expect((await stat(path)).mtimeMs).toBe(0);
    lock.release();
  });

  it.skipIf(process.platform === 'win32')('respects one that it may not read', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'build.lock'), '{}', { mode: 0 });
    await chmod(folder, 0o777);
    const isRoot = process.geteuid?.() === 0;
    // The system denies root nothing.
    if (isRoot) process.seteuid?.(65534);
    try {
      await expect(takeLock(folder, manualClock())).rejects.toMatchObject({
        code: 'CONFIG',
        message: expect.stringContaining(join(folder, 'build.lock')) as unknown,
      });
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it.skipIf(process.platform === 'win32').each([
    ['a folder', (path: string) => mkdir(path)],
    ['a named pipe', (path: string) => execFileSync('mkfifo', [path])],
    ['a link that leads nowhere', (path: string) => symlink('nowhere', path)],
  ])('refuses %s in its place in words', async (_, make) => {
    const folder = await temporaryFolder();
    await make(join(folder, 'build.lock'));
    await expect(takeLock(folder)).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringContaining(join(folder, 'build.lock')) as unknown,
      hint: expect.stringContaining('Remove it') as unknown,
    });
  });

  it.each(['', 'not JSON', '{}'])('takes over a file that names nobody: "%s"', async (content) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'build.lock'), content);
    (await takeLock(folder, manualClock())).release();
  });

  it('notices that it has lost the lock, and does not remove the other one', async () => {
    const folder = await temporaryFolder();
    const lock = await takeLock(folder);
    await writeFile(join(folder, 'build.lock'), 'of another');
    expect(() => lock.assertHeld()).toThrow(expect.objectContaining(LOCKED) as Error);
    lock.release();
    expect(await readFile(join(folder, 'build.lock'), 'utf8')).toBe('of another');
  });
});
