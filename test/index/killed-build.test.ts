import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildIndex } from '../../src/index/build.ts';
import { loadGeneration } from '../../src/index/generation.ts';
import { bundleProgram } from '../support/bundle.ts';
import { hashingEmbedder } from './hashing-embedder.ts';
import { sampleFiles, temporaryFolder, writeFiles } from './temporary-folder.ts';

interface Folders {
  readonly corpusFolder: string;
  readonly indexFolder: string;
}

let child: Awaited<ReturnType<typeof bundleProgram>>;
beforeAll(async () => {
  child = await bundleProgram(fileURLToPath(new URL('build-child.ts', import.meta.url)));
});
afterAll(() => rm(child.folder, { recursive: true }));

const DOCUMENTS = 1;

/** Builds killed between steps. */
const ROUNDS = 6;

function startBuild({ corpusFolder, indexFolder }: Folders, ...mode: string[]): ChildProcess {
  const build = spawn(process.execPath, [child.program, corpusFolder, indexFolder, ...mode], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void build.kill('SIGKILL'));
  return build;
}

/** Steps that the child began before it ended, and the signal that ended it. */
async function ended(child: ChildProcess): Promise<{ steps: string[]; signal: string | null }> {
  const chunks: Buffer[] = [];
  child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk));
  const [, signal] = (await once(child, 'close')) as [number | null, string | null];
  return { steps: Buffer.concat(chunks).toString().trim().split('\n'), signal };
}

async function sampleWithIndex(): Promise<Folders & { generation: string }> {
  const root = await temporaryFolder();
  const folders = { corpusFolder: join(root, 'corpus'), indexFolder: join(root, 'index') };
  await writeFiles(folders.corpusFolder, sampleFiles(DOCUMENTS));
  const { generation } = await buildIndex({ ...folders, embedder: hashingEmbedder() });
  return { ...folders, generation };
}

/** One document more than the index has, different at each call. */
async function change({ corpusFolder }: Folders, round: number): Promise<void> {
  await writeFiles(corpusFolder, {
    'changed.md': `# Round ${round}\n\nThis is what round ${round} of the talks was about.\n`,
  });
}

/** What must hold after a kill, whenever it came. Returns the id of the generation in use. */
async function assertWhole(folders: Folders, before: string, round: number): Promise<string> {
  const generation = await loadGeneration(folders.indexFolder);
  const isNew = generation.id !== before;
  const says = generation.passages.some(({ text }) => text.includes(`round ${round} `));
  expect(says).toBe(isNew);
  expect(generation.documents.size).toBe(isNew || round > 1 ? DOCUMENTS + 1 : DOCUMENTS);
  return generation.id;
}

/** The next build is not held up by the dead one, and clears away what it left. */
async function assertCleanedUp(folders: Folders, round: number): Promise<string> {
  const { generation } = await buildIndex({ ...folders, embedder: hashingEmbedder() });
  const loaded = await loadGeneration(folders.indexFolder);
  expect(loaded.id).toBe(generation);
  expect(loaded.passages.some(({ text }) => text.includes(`round ${round} `))).toBe(true);
  const entries = await readdir(folders.indexFolder);
  const generations = entries.filter((name) => /^\d{8}T/.test(name));
  expect(generations.length).toBeLessThanOrEqual(2);
  expect(entries.filter((name) => !generations.includes(name)).sort()).toEqual([
    'cache',
    'current.json',
  ]);
  return generation;
}

describe('a build that is killed', () => {
  it('leaves a whole generation in use at every step, and the next build cleans up', async () => {
    const { generation: first, ...folders } = await sampleWithIndex();
    let current = first;
    const killedIn: string[] = [];
    for (let round = 1; ; round += 1) {
      await change(folders, round);
      const { steps, signal } = await ended(startBuild(folders, 'kill', String(round)));
      if (signal !== 'SIGKILL') break;
      const step = steps.at(-1) ?? '';
      killedIn.push(step);
      const inUse = await assertWhole(folders, current, round);
      if (step === 'publish' || step === 'prune') expect(inUse).not.toBe(current);
      else expect(inUse).toBe(current);
      current = await assertCleanedUp(folders, round);
    }
    expect(killedIn).toEqual([
      'lock',
      'clean',
      'read',
      'split',
      'compare',
      'search',
      'embed',
      'graph',
      'write',
      'verify',
      'name',
      'publish',
      'prune',
    ]);
  });

  it('leaves a whole generation in use between its steps too, when it makes an addition', async () => {
    const { generation: first, ...folders } = await sampleWithIndex();
    const elsewhere = { ...folders, indexFolder: `${folders.indexFolder}-of-another` };
    await buildIndex({ ...elsewhere, embedder: hashingEmbedder() });
    await change(elsewhere, 1);
    const { steps } = await ended(startBuild(elsewhere, 'run', '0', 'addition'));
    const operations = Number(steps.at(-1));
    expect(operations).toBeGreaterThan(50);
    let current = first;
    for (let round = 1; round <= ROUNDS; round += 1) {
      await change(folders, round);
      const at = Math.ceil((operations * (round - 0.5)) / ROUNDS);
      const { signal } = await ended(startBuild(folders, 'kill-within', String(at), 'addition'));
      expect(signal).toBe('SIGKILL');
      await assertWhole(folders, current, round);
      current = await assertCleanedUp(folders, round);
    }
  });
});

describe('two builds at once', () => {
  it('are one build: the second says who builds and stops', async () => {
    const { generation, ...folders } = await sampleWithIndex();
    await change(folders, 1);
    const first = startBuild(folders, 'hold');
    const end = ended(first);
    if (first.stdout === null) throw new Error('The child has no output.');
    await once(first.stdout, 'data');

    const second = buildIndex({ ...folders, embedder: hashingEmbedder() });
    await expect(second).rejects.toMatchObject({
      code: 'BUILD_LOCKED',
      message: expect.stringContaining(`Process ${first.pid ?? 0} `) as unknown,
    });
    expect((await loadGeneration(folders.indexFolder)).id).toBe(generation);

    first.kill('SIGKILL');
    await end;
    await assertCleanedUp(folders, 1);
  });
});
