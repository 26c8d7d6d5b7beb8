import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { takeLock } from '../../src/index/lock.ts';
import { temporaryFolder } from './temporary-folder.ts';

const LOCKED = { code: 'BUILD_LOCKED' };

/** The number of a process that is no more. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

async function lockedBy(holder: object): Promise<string> {
  const folder = await temporaryFolder();
  const since = '2024-01-05T00:00:00.000Z';
  await writeFile(
    join(folder, 'build.lock'),
    JSON.stringify({ processStart: null, host: hostname(), since, token: 'other', ...holder }),
  );
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
    const folder = await lockedBy({ pid: deadPid() });
    (await takeLock(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('lets one of many in that find the same dead holder', async () => {
    const folder = await lockedBy({ pid: deadPid() });
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

  it('respects a holder on another machine and says which file to delete', async () => {
    const folder = await lockedBy({ pid: deadPid(), host: 'elsewhere' });
    await expect(takeLock(folder)).rejects.toMatchObject({
      ...LOCKED,
      message: expect.stringContaining('on elsewhere') as unknown,
      hint: expect.stringContaining(join(folder, 'build.lock')) as unknown,
    });
  });

  it.each(['', 'not JSON', '{}'])('takes over a file that names nobody: "%s"', async (content) => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'build.lock'), content);
    (await takeLock(folder)).release();
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
