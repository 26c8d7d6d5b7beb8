import {
  writeFile,
  chmod,
  mkdir,
  readdir,
  readFile,
  stat,
  symlink,
  utimes,
} from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DragomanError } from '../../src/errors.ts';
import {
  explainWriteError,
  makeIndexFolder,
  readPointer,
  takeLock,
  type LeaseClock,
} from '../../src/index/index-folder.ts';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';
import { execFileSync, spawnSync } from 'node:child_process';
import { utimesSync } from 'node:fs';
import { hostname } from 'node:os';

function refusal(code: string, path?: string): Error {
  return Object.assign(new Error(`${code}: refused`), { code, ...(path && { path }) });
}

describe('explainWriteError', () => {
  it('says what to do when the system refuses to write into the index folder', () => {
    for (const error of [
      refusal('EACCES', '/index/build.lock'),
      refusal('EROFS', '/index/cache'),
      refusal('ENOSPC'),
    ]) {
      const explained = explainWriteError(error, '/index');
      expect(explained).toBeInstanceOf(DragomanError);
      expect(explained).toMatchObject({ code: 'CONFIG', cause: error });
      expect((explained as DragomanError).message).toContain('/index');
      expect((explained as DragomanError).hint).toMatch(/INDEX_DIR|disk/);
    }
  });

  it('leaves defects, and refusals elsewhere, as they are', () => {
    const errors: unknown[] = [
      new TypeError('a defect'),
      refusal('EMFILE', '/index/build.lock'),
      refusal('EACCES', '/models/onnx'),
      new DragomanError('MODEL', 'wrong model', { hint: 'build' }),
      'text',
    ];
    expect(errors.map((error) => explainWriteError(error, '/index'))).toEqual(errors);
  });
});

describe('readPointer', () => {
  it('names the setting when the index folder is a file', async () => {
    const root = await temporaryFolder();
    await writeFiles(root, { file: 'x' });
    await expect(readPointer(resolve(root, 'file'))).rejects.toMatchObject({
      code: 'CONFIG',
      message: expect.stringMatching(/^Expected a folder in .*, found a file\.$/) as unknown,
      hint: expect.stringContaining('INDEX_DIR') as unknown,
    });
    expect(await readPointer(resolve(root, 'none'))).toBeNull();
  });
});

describe('makeIndexFolder', () => {
  it.each([
    ['a file is in the way', 'file'],
    ['a file is above it', 'file/folder/folder'],
    // Where the system says of what cannot be made that it is not found.
    ...(process.platform === 'linux' ? [['it is below /proc', '/proc/x/y']] : []),
  ])('names the setting when %s', async (_, path = '') => {
    const root = await temporaryFolder();
    await writeFiles(root, { file: 'x' });
    await expect(makeIndexFolder(resolve(root, path))).rejects.toMatchObject({
      code: 'CONFIG',
      hint: expect.stringContaining('INDEX_DIR') as unknown,
    });
  });
});

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
