import { spawnSync } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DragomanError } from '../../src/errors.ts';
import {
  explainWriteError,
  makeIndexFolder,
  publish,
  takeLock,
  watchGenerations,
  type WatchOptions,
} from '../../src/index/index-folder.ts';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';

const FIRST = '20240105T000000000Z-aaaaaaaaaaaa';
const SECOND = '20240106T000000000Z-bbbbbbbbbbbb';

/** A watch whose clock is the test. */
function watched(
  folder: string,
  options: WatchOptions & { onNew?: (id: string) => void | Promise<void> } = {},
): { look: () => Promise<void>; seen: string[]; errors: unknown[]; close: () => void } {
  const seen: string[] = [];
  const errors: unknown[] = [];
  const { onNew = () => undefined, ...rest } = options;
  let look = (): Promise<void> => Promise.reject(new Error('The watch set no timer.'));
  const watch = watchGenerations(
    folder,
    async (id) => {
      seen.push(id);
      await onNew(id);
    },
    {
      ...rest,
      onError: (error) => errors.push(error),
      repeat: (tick) => {
        look = tick;
        return () => undefined;
      },
    },
  );
  return { look: () => look(), seen, errors, close: () => watch.close() };
}

describe('watchGenerations', () => {
  it('reports each new generation once', async () => {
    const folder = await temporaryFolder();
    const { look, seen, errors } = watched(folder);
    await look();
    expect(seen).toEqual([]);
    await publish(folder, { generation: FIRST, previous: null });
    await look();
    await look();
    expect(seen).toEqual([FIRST]);
    await publish(folder, { generation: SECOND, previous: FIRST });
    await look();
    await look();
    expect(seen).toEqual([FIRST, SECOND]);
    expect(errors).toEqual([]);
  });

  it('says nothing of the generation that is loaded already', async () => {
    const folder = await temporaryFolder();
    await publish(folder, { generation: FIRST, previous: null });
    const { look, seen } = watched(folder, { current: FIRST });
    await look();
    expect(seen).toEqual([]);
  });

  it('goes on after a pointer that cannot be read and after a load that fails', async () => {
    const folder = await temporaryFolder();
    const { look, seen, errors } = watched(folder, {
      onNew: (id) => (id === FIRST ? Promise.reject(new Error('does not load')) : undefined),
    });
    await writeFile(join(folder, 'current.json'), 'torn');
    await look();
    await publish(folder, { generation: FIRST, previous: null });
    await look();
    await publish(folder, { generation: SECOND, previous: FIRST });
    await look();
    expect(seen).toEqual([FIRST, SECOND]);
    expect(errors).toEqual([
      expect.objectContaining({ code: 'INDEX_CORRUPT' }),
      expect.objectContaining({ message: 'does not load' }),
    ]);
  });

  it('does not look while the generation before is still being loaded', async () => {
    const folder = await temporaryFolder();
    let loaded = (): void => undefined;
    const { look, seen } = watched(folder, {
      onNew: () => new Promise<void>((resolve) => (loaded = resolve)),
    });
    await publish(folder, { generation: FIRST, previous: null });
    const first = look();
    while (seen.length === 0) await new Promise(setImmediate);
    await publish(folder, { generation: SECOND, previous: FIRST });
    await look();
    expect(seen).toEqual([FIRST]);
    loaded();
    await first;
    const second = look();
    while (seen.length === 1) await new Promise(setImmediate);
    loaded();
    await second;
    expect(seen).toEqual([FIRST, SECOND]);
  });

  it('reports nothing after it is closed', async () => {
    const folder = await temporaryFolder();
    const { look, seen, close } = watched(folder);
    await publish(folder, { generation: FIRST, previous: null });
    close();
    await look();
    expect(seen).toEqual([]);
  });
});

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
      refusal('EISDIR', '/index/build.lock'),
      refusal('EACCES', '/models/onnx'),
      new DragomanError('MODEL', 'wrong model', { hint: 'build' }),
      'text',
    ];
    expect(errors.map((error) => explainWriteError(error, '/index'))).toEqual(errors);
  });
});

describe('makeIndexFolder', () => {
  it('names the setting when a file is in the way', async () => {
    const root = await temporaryFolder();
    await writeFiles(root, { file: 'x' });
    await expect(makeIndexFolder(join(root, 'file'))).rejects.toMatchObject({
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
