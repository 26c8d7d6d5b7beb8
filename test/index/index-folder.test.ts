import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DragomanError } from '../../src/errors.ts';
import {
  explainWriteError,
  makeIndexFolder,
  publish,
  readPointer,
  watchGenerations,
} from '../../src/index/index-folder.ts';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';

const FIRST = '20240105T000000000Z-aaaaaaaaaaaa';
const SECOND = '20240106T000000000Z-bbbbbbbbbbbb';

/** A watch whose clock is the test, over a folder from which `loads` of the generations can be loaded. */
function watched(
  folder: string,
  { current = null, loads = () => true }: { current?: string | null; loads?: () => unknown } = {},
): { look: () => Promise<void>; tried: (string | null)[]; close: () => void } {
  let loaded = current;
  const tried: (string | null)[] = [];
  let look = (): Promise<void> => Promise.reject(new Error('The watch set no timer.'));
  const watch = watchGenerations(folder, {
    current: () => loaded ?? '',
    load: async () => {
      const named = await readPointer(folder).then(
        (pointer) => pointer?.generation ?? null,
        () => 'broken',
      );
      tried.push(named);
      if ((await loads()) !== true || named === null || named === 'broken') return false;
      loaded = named;
      return true;
    },
    repeat: (tick) => {
      look = tick;
      return () => undefined;
    },
  });
  return { look: () => look(), tried, close: () => watch.close() };
}

describe('watchGenerations', () => {
  it('loads each new generation once, and not the one that is loaded already', async () => {
    const folder = await temporaryFolder();
    await publish(folder, { generation: FIRST, previous: null });
    const { look, tried } = watched(folder, { current: FIRST });
    await look();
    expect(tried).toEqual([]);
    await publish(folder, { generation: SECOND, previous: FIRST });
    for (let n = 0; n < 5; n += 1) await look();
    expect(tried).toEqual([SECOND]);
  });

  it('tries what cannot be loaded again, less and less often, and at once when the pointer changes', async () => {
    const folder = await temporaryFolder();
    await publish(folder, { generation: FIRST, previous: null });
    let whole = false;
    const { look, tried } = watched(folder, { loads: () => whole });
    const looksAt: number[] = [];
    for (let n = 0; n < 140; n += 1) {
      const before = tried.length;
      await look();
      if (tried.length > before) looksAt.push(n);
    }
    expect(looksAt).toEqual([0, 2, 6, 14, 30, 61, 92, 123]);
    await publish(folder, { generation: SECOND, previous: FIRST });
    await look();
    expect(tried.at(-1)).toBe(SECOND);
    whole = true;
    await look();
    await look();
    const count = tried.length;
    expect(count).toBe(looksAt.length + 2);
    for (let n = 0; n < 40; n += 1) await look();
    expect(tried).toHaveLength(count);
  });

  it('asks for a load when the pointer is lost or broken, and once more when it is mended', async () => {
    const folder = await temporaryFolder();
    const path = join(folder, 'current.json');
    await publish(folder, { generation: FIRST, previous: null });
    const { look, tried } = watched(folder, { current: FIRST });
    await writeFile(path, 'torn');
    await look();
    await rm(path);
    await look();
    await look();
    await publish(folder, { generation: FIRST, previous: null });
    for (let n = 0; n < 5; n += 1) await look();
    expect(tried).toEqual(['broken', null, FIRST]);
  });

  it('looks again after a load that threw', async () => {
    const folder = await temporaryFolder();
    await publish(folder, { generation: FIRST, previous: null });
    const { look, tried } = watched(folder, { loads: () => Promise.reject(new Error('broken')) });
    await expect(look()).rejects.toThrow('broken');
    await expect(look()).rejects.toThrow('broken');
    expect(tried).toEqual([FIRST, FIRST]);
  });

  it('does not look while the generation before is still being loaded', async () => {
    const folder = await temporaryFolder();
    let loaded: (value: boolean) => void = () => undefined;
    const { look, tried } = watched(folder, {
      loads: () => new Promise<boolean>((resolve) => (loaded = resolve)),
    });
    await publish(folder, { generation: FIRST, previous: null });
    const first = look();
    while (tried.length === 0) await new Promise(setImmediate);
    await publish(folder, { generation: SECOND, previous: FIRST });
    await look();
    expect(tried).toEqual([FIRST]);
    loaded(true);
    await first;
    const second = look();
    while (tried.length === 1) await new Promise(setImmediate);
    loaded(true);
    await second;
    expect(tried).toEqual([FIRST, SECOND]);
  });

  it('loads nothing after it is closed', async () => {
    const folder = await temporaryFolder();
    const { look, tried, close } = watched(folder);
    await publish(folder, { generation: FIRST, previous: null });
    close();
    await look();
    expect(tried).toEqual([]);
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
      refusal('EMFILE', '/index/build.lock'),
      refusal('EACCES', '/models/onnx'),
      new DragomanError('MODEL', 'wrong model', { hint: 'build' }),
      'text',
    ];
    expect(errors.map((error) => explainWriteError(error, '/index'))).toEqual(errors);
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
