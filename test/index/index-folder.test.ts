import fc from 'fast-check';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDocument } from '../../src/corpus/read-document.ts';
import { DragomanError } from '../../src/errors.ts';
import {
  explainWriteError,
  makeIndexFolder,
  openReadings,
  openVectorCache,
  pruneCaches,
  readPointer,
  type StoredVectors,
} from '../../src/index/index-folder.ts';
import { temporaryFolder, writeFiles } from './temporary-folder.ts';

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

const MODEL = { digest: 'model', dimensions: 3 };

/** Of a text with n letters, the vectors of n - 3 sentences. */
function storedOf(text: string): StoredVectors {
  return {
    vector: Float32Array.from([text.length, text.charCodeAt(0), 0.1]),
    sentences: Array.from({ length: text.length - 3 }, (_, at) => ({
      scale: Math.fround(0.1 + at),
      values: Int8Array.of(at, -127, text.charCodeAt(at) % 127),
    })),
  };
}

async function cacheFile(indexFolder: string): Promise<string> {
  const [name = ''] = await readdir(join(indexFolder, 'cache'));
  return join(indexFolder, 'cache', name);
}

async function filled(...texts: string[]): Promise<string> {
  const indexFolder = await temporaryFolder();
  const cache = await openVectorCache(indexFolder, MODEL);
  for (const text of texts) await cache.add([text], [storedOf(text)]);
  return indexFolder;
}

describe('the vector cache', () => {
  it('knows in the next build what it was given in this one', async () => {
    const indexFolder = await filled('one', 'three');
    const cache = await openVectorCache(indexFolder, MODEL);
    expect(cache.get('one')).toEqual(storedOf('one'));
    expect(cache.get('three')).toEqual(storedOf('three'));
    expect(cache.get('two')).toBeUndefined();
  });

  it('keeps any vectors with any number of sentences, several at once', async () => {
    const float = fc.float({ noNaN: true });
    const anyStored = fc.record({
      vector: fc.tuple(float, float, float).map((values) => Float32Array.from(values)),
      sentences: fc.array(
        fc.record({
          scale: float,
          values: fc.int8Array({ minLength: 3, maxLength: 3 }),
        }),
        { maxLength: 5 },
      ),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyStored, { maxLength: 6 }),
        fc.array(fc.string({ unit: 'binary' }), { minLength: 6, maxLength: 6 }),
        async (stored, salts) => {
          const indexFolder = await temporaryFolder();
          const texts = stored.map((_, at) => `${at} ${salts[at] ?? ''}`);
          await (await openVectorCache(indexFolder, MODEL)).add(texts, stored);
          const cache = await openVectorCache(indexFolder, MODEL);
          texts.forEach((text, at) => {
            expect(cache.get(text)).toEqual(stored[at]);
          });
        },
      ),
      { numRuns: 50 },
    );
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
            const stored = cache.get(text);
            if (stored !== undefined) expect(stored).toEqual(storedOf(text));
          }
          await cache.add(['added'], [storedOf('added')]);
          const reopened = await openVectorCache(indexFolder, MODEL);
          expect(reopened.get('added')).toEqual(storedOf('added'));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('keeps the records before the one that was torn, at whichever byte', async () => {
    const indexFolder = await filled('one');
    const path = await cacheFile(indexFolder);
    const { size: first } = await stat(path);
    await (await openVectorCache(indexFolder, MODEL)).add(['three'], [storedOf('three')]);
    const intact = await readFile(path);
    for (let length = 0; length <= intact.length; length++) {
      await writeFile(path, intact.subarray(0, length));
      const cache = await openVectorCache(indexFolder, MODEL);
      expect(cache.get('one')).toEqual(length < first ? undefined : storedOf('one'));
      expect(cache.get('three')).toEqual(length < intact.length ? undefined : storedOf('three'));
      expect((await stat(path)).size).toBe(
        length < first ? 0 : length < intact.length ? first : intact.length,
      );
    }
  });

  it('forgets texts that are gone once they are the majority', async () => {
    const indexFolder = await filled('one', 'two', 'three');
    const path = await cacheFile(indexFolder);
    const before = (await stat(path)).size;
    const asking = async (...texts: string[]): Promise<void> => {
      const cache = await openVectorCache(indexFolder, MODEL);
      for (const text of texts) cache.get(text);
      await cache.compact();
    };
    await asking('one', 'three');
    expect((await stat(path)).size).toBe(before);
    await asking('three', 'four');
    expect((await stat(path)).size).toBe(before);
    await asking('three');
    const alone = await filled('three');
    expect(await readFile(path)).toEqual(await readFile(await cacheFile(alone)));
    const reopened = await openVectorCache(indexFolder, MODEL);
    expect(reopened.get('one')).toBeUndefined();
    expect(reopened.get('three')).toEqual(storedOf('three'));
  });

  it('is removed with the last generation of its model', async () => {
    const indexFolder = await filled('one');
    await pruneCaches(indexFolder, [MODEL]);
    expect(await readdir(join(indexFolder, 'cache'))).toHaveLength(1);
    await pruneCaches(indexFolder, [{ ...MODEL, digest: 'other' }]);
    expect(await readdir(join(indexFolder, 'cache'))).toEqual([]);
  });
});

describe('the readings of documents', () => {
  it('give back what was read, and go when another program reads', async () => {
    const indexFolder = await temporaryFolder();
    const read = await readDocument({
      path: 'talks.md',
      format: '.md',
      bytes: Buffer.from('---\ntitle: Talks\n---\n\nThey met in [Warsaw](warsaw.md).\n'),
    });
    await (await openReadings(indexFolder)).add([{ key: 'talks', read }]);
    const readings = await openReadings(indexFolder);
    expect(readings.get('talks')).toEqual(read);
    expect(readings.get('other')).toBeUndefined();

    const [mine = ''] = await readdir(join(indexFolder, 'cache'));
    const other = `${'0'.repeat(16)}.readings`;
    await writeFile(join(indexFolder, 'cache', other), 'of an earlier version');
    await pruneCaches(indexFolder, []);
    expect(await readdir(join(indexFolder, 'cache'))).toEqual([mine]);
  });
});
