import { readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openVectorCache, pruneCaches } from '../../src/index/vector-cache.ts';
import { temporaryFolder } from './temporary-folder.ts';

const MODEL = { digest: 'model', dimensions: 3 };

function vectorOf(text: string): Float32Array {
  return Float32Array.from([text.length, text.charCodeAt(0), 0.1]);
}

async function cacheFile(indexFolder: string): Promise<string> {
  const [name = ''] = await readdir(join(indexFolder, 'cache'));
  return join(indexFolder, 'cache', name);
}

async function filled(...texts: string[]): Promise<string> {
  const indexFolder = await temporaryFolder();
  const cache = await openVectorCache(indexFolder, MODEL);
  for (const text of texts) await cache.add([text], [vectorOf(text)]);
  return indexFolder;
}

describe('the vector cache', () => {
  it('knows in the next build what it was given in this one', async () => {
    const indexFolder = await filled('one', 'three');
    const cache = await openVectorCache(indexFolder, MODEL);
    expect(cache.get('one')).toEqual(vectorOf('one'));
    expect(cache.get('three')).toEqual(vectorOf('three'));
    expect(cache.get('two')).toBeUndefined();
  });

  it('keeps models apart', async () => {
    const indexFolder = await filled('one');
    for (const other of [
      { ...MODEL, digest: 'other' },
      { ...MODEL, dimensions: 4 },
    ]) {
      expect((await openVectorCache(indexFolder, other)).get('one')).toBeUndefined();
    }
  });

  it('gives back nothing but what it was given, wherever the file was torn or changed', async () => {
    const texts = ['one', 'three', 'fifteen'];
    const whole = await filled(...texts);
    const intact = await readFile(await cacheFile(whole));
    await fc.assert(
      fc.asyncProperty(
        fc.nat(intact.length),
        fc.option(fc.nat(intact.length - 1)),
        async (length, flipped) => {
          const indexFolder = await filled('one');
          const path = await cacheFile(indexFolder);
          const spoilt = Buffer.from(intact);
          if (flipped !== null) spoilt[flipped] = (spoilt[flipped] ?? 0) ^ 4;
          await writeFile(path, spoilt.subarray(0, length));

          const cache = await openVectorCache(indexFolder, MODEL);
          for (const text of texts) {
            const vector = cache.get(text);
            if (vector !== undefined) expect(vector).toEqual(vectorOf(text));
          }
          await cache.add(['added'], [vectorOf('added')]);
          const reopened = await openVectorCache(indexFolder, MODEL);
          expect(reopened.get('added')).toEqual(vectorOf('added'));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('keeps the records before the one that was torn', async () => {
    const indexFolder = await filled('one', 'three');
    const path = await cacheFile(indexFolder);
    await truncate(path, (await stat(path)).size - 1);
    const cache = await openVectorCache(indexFolder, MODEL);
    expect(cache.get('one')).toEqual(vectorOf('one'));
    expect(cache.get('three')).toBeUndefined();
  });

  it('forgets texts that are gone once they are the majority', async () => {
    const indexFolder = await filled('one', 'two', 'three');
    const path = await cacheFile(indexFolder);
    const before = (await stat(path)).size;
    const cache = await openVectorCache(indexFolder, MODEL);
    await cache.compact(['one', 'two']);
    expect((await stat(path)).size).toBe(before);
    await cache.compact(['two']);
    expect((await stat(path)).size).toBe(before / 3);
    const reopened = await openVectorCache(indexFolder, MODEL);
    expect(reopened.get('one')).toBeUndefined();
    expect(reopened.get('two')).toEqual(vectorOf('two'));
  });

  it('is removed with the last generation of its model', async () => {
    const indexFolder = await filled('one');
    await pruneCaches(indexFolder, [MODEL]);
    expect(await readdir(join(indexFolder, 'cache'))).toHaveLength(1);
    await pruneCaches(indexFolder, [{ ...MODEL, digest: 'other' }]);
    expect(await readdir(join(indexFolder, 'cache'))).toEqual([]);
  });
});
