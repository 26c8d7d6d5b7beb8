import { execFileSync } from 'node:child_process';
import {
  copyFile,
  cp,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  rm,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildIndex } from '../../src/index/build.ts';
import { watchGenerations } from '../../src/engine.ts';
import { loadGeneration } from '../../src/index/generation.ts';
import { publish, readPointer } from '../../src/index/index-folder.ts';
import { GENERATION_FILES, INDEX_FORMAT, MANIFEST_FILE } from '../../src/index/generation-files.ts';
import { hashingEmbedder } from './hashing-embedder.ts';
import { MEETING_FILES, sampleFiles, temporaryFolder, writeFiles } from './temporary-folder.ts';

let original: { readonly indexFolder: string; readonly generation: string };

beforeAll(async () => {
  const root = await mkdtemp(join(tmpdir(), 'dragoman-generation-'));
  const [corpusFolder, indexFolder] = [join(root, 'corpus'), join(root, 'index')];
  await writeFiles(corpusFolder, { ...sampleFiles(3), ...MEETING_FILES });
  const embedder = hashingEmbedder();
  const { generation } = await buildIndex({ corpusFolder, indexFolder, embedder });
  original = { indexFolder, generation };
  return () => rm(root, { recursive: true });
});

/** A copy of the index, to be damaged. */
async function built(): Promise<{ indexFolder: string; folder: string }> {
  const indexFolder = join(await temporaryFolder(), 'index');
  await cp(original.indexFolder, indexFolder, { recursive: true });
  return { indexFolder, folder: join(indexFolder, original.generation) };
}

async function flipByte(path: string): Promise<void> {
  const file = await open(path, 'r+');
  const { size } = await file.stat();
  const at = Math.floor(size / 2);
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
  await file.write(Buffer.from([(buffer[0] ?? 0) ^ 1]), 0, 1, at);
  await file.close();
}

const FILES = Object.values(GENERATION_FILES);

describe('loadGeneration', () => {
  it.each([
    [INDEX_FORMAT - 1, 'an older version'],
    [INDEX_FORMAT + 1, 'a newer version'],
  ])(
    'says of an index of format %i that it is of %s, and how to build it again',
    async (format, age) => {
      const { indexFolder, folder } = await built();
      const path = join(folder, MANIFEST_FILE);
      const manifest = JSON.parse(await readFile(path, 'utf8')) as object;
      await writeFile(path, JSON.stringify({ ...manifest, format }));
      await expect(loadGeneration(indexFolder)).rejects.toMatchObject({
        code: 'INDEX_FORMAT',
        message: expect.stringContaining(`${age} of this program: format ${format}`) as unknown,
        hint: expect.stringContaining('npm run build:index') as unknown,
      });
    },
  );

  it('says how to build an index when there is none', async () => {
    await expect(loadGeneration(await temporaryFolder())).rejects.toMatchObject({
      code: 'INDEX_MISSING',
      hint: expect.stringContaining('npm run build:index') as unknown,
    });
  });

  it('gives back meetings, sources and the ties of passages to both', async () => {
    const { indexFolder } = await built();
    const { meetings, sources, passages } = await loadGeneration(indexFolder);
    expect(meetings.get('arrival')).toMatchObject({ city: 'Warsaw', date: '2024-01-07' });
    expect(sources.get('gazette')).toMatchObject({ publisher: 'The Gazette', kind: 'press' });
    expect(passages.find(({ documentId }) => documentId === 'arrival')).toMatchObject({
      text: 'Foreign Minister Kamikawa Yoko arrived in Warsaw on January 7, 2024.',
      meetings: ['arrival'],
      sources: ['gazette'],
    });
  });

  it('finds in a generation exactly the files that the manifest vouches for', async () => {
    const { folder } = await built();
    expect((await readdir(folder)).sort()).toEqual([...FILES, MANIFEST_FILE].sort());
  });

  it.each(FILES)('notices one flipped bit in %s', async (name) => {
    const { indexFolder, folder } = await built();
    await flipByte(join(folder, name));
    await expect(loadGeneration(indexFolder)).rejects.toMatchObject({
      code: 'INDEX_CORRUPT',
      message: expect.stringContaining(name) as unknown,
    });
  });

  it.each([...FILES, MANIFEST_FILE])('notices that %s is cut short or missing', async (name) => {
    const { indexFolder, folder } = await built();
    const path = join(folder, name);
    const { length } = await readFile(path);
    // The graph of a small index is empty.
    await truncate(path, length === 0 ? 1 : length - 2);
    await expect(loadGeneration(indexFolder)).rejects.toMatchObject({ code: 'INDEX_CORRUPT' });
    await rm(path);
    await expect(loadGeneration(indexFolder)).rejects.toMatchObject({ code: 'INDEX_CORRUPT' });
  });

  it.skipIf(process.platform === 'win32').each([...FILES, MANIFEST_FILE, '../current.json'])(
    'refuses a folder or a named pipe in the place of %s in words',
    async (name) => {
      const { indexFolder, folder } = await built();
      const path = join(folder, name);
      for (const make of [() => mkdir(path), () => execFileSync('mkfifo', [path])]) {
        await rm(path, { recursive: true });
        await make();
        await expect(loadGeneration(indexFolder)).rejects.toMatchObject({
          code: 'INDEX_CORRUPT',
          message: expect.stringContaining(basename(path)) as unknown,
          hint: expect.stringContaining('--force') as unknown,
        });
      }
    },
  );

  it('notices a file of another generation in its place', async () => {
    const [one, other] = [await built(), await built()];
    await writeFile(join(other.folder, 'documents.jsonl'), '{}\n');
    await copyFile(join(other.folder, 'documents.jsonl'), join(one.folder, 'documents.jsonl'));
    await expect(loadGeneration(one.indexFolder)).rejects.toMatchObject({ code: 'INDEX_CORRUPT' });
  });

  it('refuses the index of another model and names both', async () => {
    const { indexFolder } = await built();
    const same = hashingEmbedder();
    const other = hashingEmbedder({ id: 'Xenova/other' });
    await expect(loadGeneration(indexFolder, { model: same })).resolves.toBeDefined();
    await expect(loadGeneration(indexFolder, { model: other })).rejects.toMatchObject({
      code: 'INDEX_MODEL_MISMATCH',
      message: expect.stringMatching(/hashing \(.+Xenova\/other \(/) as unknown,
    });
  });

  it('distinguishes two versions of one model by their files', async () => {
    const { indexFolder } = await built();
    const retrained = { id: 'hashing', digest: 'f'.repeat(64) };
    await expect(loadGeneration(indexFolder, { model: retrained })).rejects.toMatchObject({
      code: 'INDEX_MODEL_MISMATCH',
    });
  });

  it('refuses vectors of other dimensions than the manifest says', async () => {
    const { indexFolder, folder } = await built();
    const path = join(folder, MANIFEST_FILE);
    const manifest = JSON.parse((await readFile(path)).toString()) as {
      model: { dimensions: number };
    };
    manifest.model.dimensions = 32;
    await writeFile(path, JSON.stringify(manifest));
    await expect(loadGeneration(indexFolder)).rejects.toMatchObject({ code: 'INDEX_CORRUPT' });
  });
});

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
  const endWatch = watchGenerations(folder, {
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
  return { look: () => look(), tried, close: endWatch };
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
