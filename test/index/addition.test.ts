import fc from 'fast-check';
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Passage } from '../../src/corpus/types.ts';
import { openSnapshot } from '../../src/engine.ts';
import { buildIndex, type BuildReport } from '../../src/index/build.ts';
import { loadGeneration, type Generation } from '../../src/index/generation.ts';
import { generationFolder } from '../../src/index/index-folder.ts';
import { type AdditionLimits, placeExpected } from '../../src/index/generation.ts';
import { openSearchIndex } from '../../src/search/search-index.ts';
import { hashingEmbedder } from './hashing-embedder.ts';
import { sampleFiles, temporaryFolder, writeFiles } from './temporary-folder.ts';

/** However small the base and large the change. */
const ALWAYS: AdditionLimits = { smallestBase: 0, largest: Infinity, largestShare: Infinity };

const embedder = hashingEmbedder();

interface Folders {
  readonly corpusFolder: string;
  readonly indexFolder: string;
}

async function foldersOf(files: Readonly<Record<string, string>>): Promise<Folders> {
  const folder = await temporaryFolder();
  await writeFiles(join(folder, 'corpus'), files);
  return { corpusFolder: join(folder, 'corpus'), indexFolder: join(folder, 'index') };
}

function build(folders: Folders, limits: AdditionLimits = ALWAYS): Promise<BuildReport> {
  return buildIndex({ ...folders, embedder, limits });
}

/** The same corpus, indexed from nothing. */
async function fresh({ corpusFolder }: Folders): Promise<Generation> {
  const indexFolder = join(await temporaryFolder(), 'index');
  await buildIndex({ corpusFolder, indexFolder, embedder });
  return loadGeneration(indexFolder);
}

const QUESTIONS = [
  'What did Lindqvist say about grain?',
  'who met in warsaw and talked about drones',
  'Did Lindquist sign the treaty on Monday?',
  'how many trains went to Odesa?',
  'a wreath at the tomb',
  'grain',
];

const SLIPS = ['lindquist', 'warsav', 'odessa', 'wraeth', 'treatty'];

/** Everything that answers are made from, and answers, are the same. */
async function expectEqual(found: Generation, wanted: Generation): Promise<void> {
  expect([...found.documents.values()]).toEqual([...wanted.documents.values()]);
  expect(found.passages).toEqual(wanted.passages);
  expect(found.manifest.counts).toEqual(wanted.manifest.counts);
  expect(found.manifest.content).toBe(wanted.manifest.content);
  expect(found.manifest.unrelatedCosines).toEqual(wanted.manifest.unrelatedCosines);
  const [one, other] = [await openSearchIndex(found), await openSearchIndex(wanted)];
  const wordsOf = ({ lexical }: typeof one): unknown[] =>
    lexical.wordUses
      .map(({ word, termId, ...counts }) => JSON.stringify([word, counts, lexical.isName(termId)]))
      .sort();
  expect(wordsOf(one)).toEqual(wordsOf(other));
  for (const word of SLIPS) {
    expect(one.spelling.correct(word)?.word).toBe(other.spelling.correct(word)?.word);
  }
  const vectors = await embedder.embedQuestions(QUESTIONS);
  for (const vector of vectors) {
    const nearest = (index: typeof one): unknown =>
      index
        .nearest(vector, 5, null)
        .map(({ ordinal, expected, similarity }) => [ordinal, expected === null, similarity]);
    expect(nearest(one)).toEqual(nearest(other));
  }
  const [segmented, whole] = [
    await openSnapshot(found, embedder),
    await openSnapshot(wanted, embedder),
  ];
  for (const question of QUESTIONS) {
    const answers = [await segmented.ask(question), await whole.ask(question)];
    const [a, b] = answers.map((answer) => ({ ...answer, timing: null, generation: null }));
    expect(a).toEqual(b);
  }
}

const SENTENCES = [
  'Minister Lindqvist met the delegation in Warsaw.',
  'The talks about grain lasted 45 minutes.',
  'Two trains with drones went to Odesa on January 12.',
  'She laid a wreath at the tomb.',
  'Lindqvist signed no treaty on Monday.',
  'Grain went to Odesa by train.',
];

const someText = fc
  .array(fc.constantFrom(...SENTENCES), { minLength: 1, maxLength: 4 })
  .map(
    (sentences) => `# Notes\n\n${sentences.join(' ')}\n\n## More\n\n${sentences.at(-1) ?? ''}\n`,
  );

/** What is written, or null for a file that is removed. */
const someEdits = fc.dictionary(
  fc.constantFrom('a.md', 'b/c.md', 'd.md', 'document-1.md', 'document-3.md', 'z.md'),
  fc.option(someText, { freq: 3 }),
  { minKeys: 1 },
);

describe('a base and an addition', () => {
  it('answer as an index of the same documents that was built at once', async () => {
    await fc.assert(
      fc.asyncProperty(someEdits, fc.array(someEdits, { maxLength: 2 }), async (first, later) => {
        const folders = await foldersOf({
          ...sampleFiles(4),
          'd.md': `# Notes\n\n${SENTENCES.join(' ')}\n`,
          'd.questions': '> laid a wreath\nWho brought flowers?\n',
        });
        await build(folders);
        for (const edits of [first, ...later]) {
          for (const [path, text] of Object.entries(edits)) {
            if (text === null) await rm(join(folders.corpusFolder, path), { force: true });
            else await writeFiles(folders.corpusFolder, { [path]: text });
          }
          await build(folders);
        }
        await expectEqual(await loadGeneration(folders.indexFolder), await fresh(folders));
      }),
      { numRuns: 12 },
    );
  });

  it('find as much where the base has a graph, of which the nearest rows are gone', async () => {
    const asked = Array.from({ length: 50 }, (_, at) => `What is word${at}?`);
    const folders = await foldersOf({
      ...sampleFiles(40),
      'document-2.questions': ['> met delegation 2', ...asked, ''].join('\n'),
    });
    await buildIndex({ ...folders, embedder, limits: ALWAYS, exactLimit: 50 });
    for (let number = 5; number <= 30; number += 1) {
      await rm(join(folders.corpusFolder, `document-${number}.md`));
    }
    await build(folders);
    const generation = await loadGeneration(folders.indexFolder);
    expect(generation.segments[0].graph).not.toBeNull();
    const [one, other] = [
      await openSearchIndex(generation),
      await openSearchIndex(await fresh(folders)),
    ];
    for (const vector of await embedder.embedQuestions(['Visit number 17', ...asked.slice(0, 9)])) {
      const similarities = (index = one): number[] =>
        index.nearest(vector, 12, null).map(({ similarity }) => similarity);
      expect(similarities()).toHaveLength(12);
      expect(similarities()).toEqual(similarities(other));
    }
  });

  it('share the files of the base, and a running bot keeps it in memory', async () => {
    const folders = await foldersOf(sampleFiles(4));
    const { generation: first } = await build(folders);
    const before = await loadGeneration(folders.indexFolder);
    await writeFiles(folders.corpusFolder, { 'a.md': 'Two trains went to Odesa.\n' });
    const { generation: second, embedded, reused } = await build(folders);
    expect({ embedded, reused }).toEqual({ embedded: 1, reused: before.passages.length });
    const [one, other] = await Promise.all(
      [first, second].map((id) =>
        stat(join(generationFolder(folders.indexFolder, id), 'documents.jsonl')),
      ),
    );
    expect(one?.ino).toBe(other?.ino);
    const after = await loadGeneration(folders.indexFolder, { known: before });
    expect(after.segments).toHaveLength(2);
    expect(after.segments[0]).toBe(before.segments[0]);
    await expectEqual(after, await fresh(folders));
  });

  it('outlive the generation that the base was built for', async () => {
    const folders = await foldersOf(sampleFiles(4));
    const ids: string[] = [];
    for (let round = 0; round < 4; round += 1) {
      ids.push((await build(folders)).generation);
      await writeFiles(folders.corpusFolder, { 'a.md': `Train ${round} went to Odesa.\n` });
    }
    const kept = (await readdir(folders.indexFolder)).filter((name) => /^\d/.test(name));
    expect(kept.sort()).toEqual(ids.slice(-2));
    expect((await loadGeneration(folders.indexFolder)).segments).toHaveLength(2);
  });

  it('become a new base when they grow, when meetings change, and when they are damaged', async () => {
    const folders = await foldersOf(sampleFiles(8));
    const limits = { ...ALWAYS, largestShare: 0.25 };
    const segments = async (): Promise<number> => {
      await build(folders, limits);
      return (await loadGeneration(folders.indexFolder)).segments.length;
    };
    expect(await segments()).toBe(1);
    await writeFiles(folders.corpusFolder, { 'a.md': 'Two trains went to Odesa.\n' });
    expect(await segments()).toBe(2);
    const many = Object.fromEntries(['b', 'c', 'd'].map((name) => [`${name}.md`, 'A wreath.\n']));
    await writeFiles(folders.corpusFolder, many);
    expect(await segments()).toBe(1);
    for (const name of ['document-1', 'document-2', 'document-3', 'document-4']) {
      await rm(join(folders.corpusFolder, `${name}.md`));
    }
    expect(await segments()).toBe(1);
    await rm(join(folders.corpusFolder, 'd.md'));
    expect(await segments()).toBe(2);
    const { id } = await loadGeneration(folders.indexFolder);
    await writeFile(join(folders.indexFolder, id, 'vectors.bin'), 'spoilt');
    expect(await segments()).toBe(1);
  });

  it('are not made of an index that is built in a moment', async () => {
    const folders = await foldersOf(sampleFiles(4));
    for (const text of ['One train.\n', 'Two trains.\n']) {
      await writeFiles(folders.corpusFolder, { 'a.md': text });
      await buildIndex({ ...folders, embedder });
    }
    expect((await loadGeneration(folders.indexFolder)).segments).toHaveLength(1);
  });
});

describe('placeExpected', () => {
  const passage = (documentId: string, start: number, text: string): Passage => ({
    ...{ documentId, start, end: start + text.length, lines: [1, 1], text, headings: [] },
    ...{ sentences: [{ start: 0, end: text.length }], meetings: [], sources: [], header: '' },
  });
  const first = passage('one', 0, 'Trains left. A wreath lay there.');
  const placed = [first, passage('one', first.end + 1, '🙂'), passage('two', 0, 'Trains.')];

  it('finds the passage by the place of the words that answer', () => {
    const expected = [
      { question: 'smile?', offset: first.end + 1 },
      { question: 'Who laid the wreath?', offset: first.text.indexOf('wreath') },
      { question: 'trains left when', offset: 0 },
    ];
    expect(placeExpected([{ id: 'one', expected }], placed)).toEqual([
      { question: 'Who laid the wreath?', ordinal: 0 },
      { question: 'trains left when', ordinal: 0 },
      { question: 'smile?', ordinal: 1 },
    ]);
  });

  it('leaves out what no passage of the document holds', () => {
    const expected = [{ question: 'beyond', offset: 99 }];
    expect(placeExpected([{ id: 'two', expected }], placed)).toEqual([]);
    expect(placeExpected([{ id: 'three', expected }], placed)).toEqual([]);
  });
});
