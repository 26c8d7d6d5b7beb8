import { CorpusProblems } from '../../src/corpus/types.ts';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Embedder } from '../../src/embedding/model.ts';
import everydayQuestions from '../../src/index/everyday-questions.json' with { type: 'json' };
import { buildIndex } from '../../src/index/build.ts';
import { passageText } from '../../src/index/embed.ts';
import { loadGeneration } from '../../src/index/generation.ts';
import { nearest } from '../../src/index/vectors.ts';
import { hashingEmbedder } from './hashing-embedder.ts';
import { sampleFiles, temporaryFolder, writeFiles } from './temporary-folder.ts';

async function sample(count = 4): Promise<{ corpusFolder: string; indexFolder: string }> {
  const folder = await temporaryFolder();
  const corpusFolder = join(folder, 'corpus');
  await writeFiles(corpusFolder, sampleFiles(count));
  return { corpusFolder, indexFolder: join(folder, 'index') };
}

/** What was embedded for the documents: each build also embeds the everyday questions. */
function withoutEveryday({ embedded }: { readonly embedded: readonly string[] }): string[] {
  const everyday = new Set<string>([...everydayQuestions.own, ...everydayQuestions.other]);
  return embedded.filter((text) => !everyday.has(text));
}

/** Near to nothing. */
const NONE = new Float32Array();

describe('buildIndex', () => {
  it('gives back what it stored: documents, passages as slices of them, one vector each', async () => {
    const folders = await sample();
    const embedder = hashingEmbedder();
    const report = await buildIndex({ ...folders, embedder });
    const generation = await loadGeneration(folders.indexFolder);

    expect(generation.id).toBe(report.generation);
    expect(generation.documents.size).toBe(4);
    expect(report.passages).toBe(generation.passages.length);
    expect(report.published).toBe(true);
    for (const [ordinal, passage] of generation.passages.entries()) {
      const document = generation.documents.get(passage.documentId);
      expect(passage.text).toBe(document?.text.slice(passage.start, passage.end));
      expect(passage.text.length).toBeGreaterThan(0);
      const [expected] = await embedder.embedPassages([
        passageText(passage, document?.title ?? ''),
      ]);
      const { vectors } = generation.segments[0];
      expect(vectors.cosinesWith(expected?.passage ?? NONE, [ordinal])[0]).toBeCloseTo(1, 2);
    }
    expect(generation.segments[0].vectors.count).toBe(generation.passages.length);
  });

  it('publishes nothing when nothing has changed, and a new generation when forced', async () => {
    const folders = await sample();
    const embedder = hashingEmbedder();
    const first = await buildIndex({ ...folders, embedder });
    const second = await buildIndex({ ...folders, embedder });
    expect(second).toMatchObject({
      published: false,
      generation: first.generation,
      embedded: 0,
      reused: first.passages,
    });
    const forced = await buildIndex({ ...folders, embedder, force: true });
    expect(forced).toMatchObject({ published: true, embedded: 0, reused: first.passages });
    expect(forced.generation > first.generation).toBe(true);
  });

  it('embeds only the passages that are new or changed', async () => {
    const folders = await sample();
    const embedder = hashingEmbedder();
    const first = await buildIndex({ ...folders, embedder });
    expect(first).toMatchObject({ embedded: first.passages, reused: 0 });
    embedder.embedded.length = 0;

    await writeFiles(folders.corpusFolder, {
      'document-2.md': '# Visit number 2\n\nDelegation 2 did not come after all.\n',
    });
    const second = await buildIndex({ ...folders, embedder });
    expect(withoutEveryday(embedder)).toHaveLength(1);
    expect(embedder.embedded[0]).toContain('Delegation 2 did not come after all.');
    expect(second).toMatchObject({ embedded: 1, reused: second.passages - 1 });
  });

  it('embeds a text of two documents once', async () => {
    const folders = await sample(1);
    const content = (await readFile(join(folders.corpusFolder, 'document-1.md'))).toString();
    await writeFiles(folders.corpusFolder, { 'copy.md': content });
    const embedder = hashingEmbedder();
    const report = await buildIndex({ ...folders, embedder });
    expect(report.documents).toBe(2);
    expect(withoutEveryday(embedder)).toHaveLength(report.passages / 2);
  });

  it('goes on with a document whose id a new file takes, also where it was added to a base', async () => {
    const folders = await sample(30);
    const limits = { smallestBase: 1, largest: 10, largestShare: 1 };
    const build = () => buildIndex({ ...folders, embedder: hashingEmbedder(), limits });
    const background = (text: string) =>
      `---\nkind: background\nid: ferry\ntitle: The ferry\n---\n${text}\n`;
    await build();
    await writeFiles(folders.corpusFolder, { 'm.md': background('The ferry sails at ten.') });
    expect((await build()).problems).toEqual([]);
    await writeFiles(folders.corpusFolder, {
      'a.md': background('The ferry sails at noon.'),
      'ferry.md': background('The ferry sails at night.'),
    });
    expect((await build()).problems.map(({ path }) => path)).toEqual(['a.md', 'ferry.md']);
    const { documents, manifest } = await loadGeneration(folders.indexFolder);
    expect(manifest.segments).toHaveLength(2);
    expect(documents.get('ferry')?.path).toBe('m.md');
    await rm(join(folders.corpusFolder, 'm.md'));
    expect((await build()).problems.map(({ path }) => path)).toEqual(['a.md']);
  });

  const QUESTIONS = {
    'document-2.questions': '> met delegation 2\nWho came second?\nWhom did she meet next?\n',
  };

  it('stores a vector of each expected question after those of the passages, and its passage', async () => {
    const folders = await sample();
    await writeFiles(folders.corpusFolder, QUESTIONS);
    const embedder = hashingEmbedder();
    await buildIndex({ ...folders, embedder });
    const { manifest, passages, segments } = await loadGeneration(folders.indexFolder);
    const [{ vectors, lexical }] = segments;
    expect(manifest.counts.expected).toBe(2);
    expect(vectors.count).toBe(passages.length + 2);
    const owners = Array.from(lexical.arrays.expectedPassages);
    expect(owners.map((ordinal) => passages[ordinal]?.text)).toEqual([
      expect.stringContaining('met delegation 2') as unknown,
      expect.stringContaining('met delegation 2') as unknown,
    ]);
    const questions = await embedder.embedQuestions([
      'Who came second?',
      'Whom did she meet next?',
    ]);
    questions.forEach((question, at) => {
      expect(vectors.cosinesWith(question, [passages.length + at])[0]).toBeCloseTo(1, 2);
    });
  });

  it('has a graph for more vectors than are compared one by one, and none for fewer', async () => {
    const folders = await sample();
    await buildIndex({ ...folders, embedder: hashingEmbedder() });
    expect((await loadGeneration(folders.indexFolder)).segments[0].graph).toBeNull();
    const asked = Array.from({ length: 50 }, (_, at) => `What is the word${at}?`);
    await writeFiles(folders.corpusFolder, {
      'document-2.questions': ['> met delegation 2', ...asked, ''].join('\n'),
    });
    const embedder = hashingEmbedder();
    await buildIndex({ ...folders, embedder, exactLimit: 50 });
    const { segments, passages } = await loadGeneration(folders.indexFolder);
    const [{ graph, vectors }] = segments;
    expect(graph?.getCurrentCount()).toBe(passages.length + 50);
    const [question = NONE] = await embedder.embedQuestions(asked.slice(-1));
    const [found] = nearest({ vectors, graph }, question, 1);
    expect(found?.similarity).toBeGreaterThan(0.98);
  });

  it('publishes a new generation for a new expected question, and embeds that alone', async () => {
    const folders = await sample();
    const embedder = hashingEmbedder();
    const first = await buildIndex({ ...folders, embedder });
    embedder.embedded.length = 0;
    await writeFiles(folders.corpusFolder, QUESTIONS);
    const second = await buildIndex({ ...folders, embedder });
    expect(second).toMatchObject({ published: true, embedded: 0, reused: first.passages });
    expect(withoutEveryday(embedder)).toEqual(['Who came second?', 'Whom did she meet next?']);
  });

  it('never reports more done than the total, with more expected questions than passages', async () => {
    const folders = await sample(1);
    const questions = Array.from({ length: 250 }, (_, at) => `Who came as number ${at}?`);
    await writeFiles(folders.corpusFolder, {
      'document-1.questions': ['> met delegation 1', ...questions].join('\n'),
    });
    const graph: { readonly done: number; readonly total: number }[] = [];
    await buildIndex({
      ...folders,
      embedder: hashingEmbedder(),
      onProgress: ({ step, done, total }) => {
        expect(done).toBeLessThanOrEqual(total);
        if (step === 'graph') graph.push({ done, total });
      },
    });
    expect(graph).toEqual([{ done: 251, total: 251 }]);
  });

  it('forgets a document that was deleted', async () => {
    const folders = await sample();
    const embedder = hashingEmbedder();
    await buildIndex({ ...folders, embedder });
    await rm(join(folders.corpusFolder, 'document-3.md'));
    const report = await buildIndex({ ...folders, embedder });
    const { documents, passages } = await loadGeneration(folders.indexFolder);
    expect(report.documents).toBe(3);
    expect([...documents.keys()].some((id) => id.includes('3'))).toBe(false);
    expect(passages.some(({ text }) => text.includes('delegation 3'))).toBe(false);
  });

  it('keeps the last two generations and removes those before', async () => {
    const folders = await sample();
    const embedder = hashingEmbedder();
    const ids: string[] = [];
    for (let build = 0; build < 4; build += 1) {
      ids.push((await buildIndex({ ...folders, embedder, force: true })).generation);
    }
    const kept = (await readdir(folders.indexFolder)).filter((name) => /^\d/.test(name));
    expect(kept.sort()).toEqual(ids.slice(-2));
  });

  it('touches nothing in the index folder that it did not make', async () => {
    const folders = await sample();
    await writeFiles(folders.indexFolder, {
      'notes/mine.txt': 'mine',
      'building-site.txt': 'mine',
    });
    const embedder = hashingEmbedder();
    for (let build = 0; build < 3; build += 1) {
      await buildIndex({ ...folders, embedder, force: true });
    }
    expect(await readdir(folders.indexFolder)).toEqual(
      expect.arrayContaining(['notes', 'building-site.txt']),
    );
  });

  it('fails when it is strict, names every bad file and keeps the current generation', async () => {
    const folders = await sample();
    const embedder = hashingEmbedder();
    const { generation } = await buildIndex({ ...folders, embedder });
    await writeFile(join(folders.corpusFolder, 'empty.md'), '');
    await writeFile(join(folders.corpusFolder, 'binary.txt'), Buffer.from([0, 1, 2, 0, 255, 0]));

    const error: unknown = await buildIndex({ ...folders, embedder, strict: true }).catch(
      (e: unknown) => e,
    );
    if (!(error instanceof CorpusProblems)) throw error;
    expect(error.code).toBe('CORPUS');
    expect(error.problems.map(({ path }) => path)).toEqual(['binary.txt', 'empty.md']);
    expect(error.message).toMatch(/binary\.txt.*: .+\n.*empty\.md.*: /);
    expect((await loadGeneration(folders.indexFolder)).id).toBe(generation);
  });

  it('fails for problems between documents when it is strict', async () => {
    const folders = await sample();
    const cited = '---\nid: cited\nkind: background\ntitle: A title\nsources: [a]\n---\n\nSaid.\n';
    await writeFile(join(folders.corpusFolder, 'cited.md'), cited);
    const embedder = hashingEmbedder();
    await expect(buildIndex({ ...folders, embedder, strict: true })).rejects.toBeInstanceOf(
      CorpusProblems,
    );
    expect((await buildIndex({ ...folders, embedder })).problems).toEqual([]);
  });

  it('leaves bad files out and names them', async () => {
    const folders = await sample();
    await writeFile(join(folders.corpusFolder, 'empty.md'), '');
    const report = await buildIndex({ ...folders, embedder: hashingEmbedder() });
    expect(report.documents).toBe(4);
    expect(report.problems.map(({ path }) => path)).toEqual(['empty.md']);
  });

  it('keeps the generation in use when no source can be read any more: all citations would be lost', async () => {
    const folders = await sample();
    const embedder = hashingEmbedder();
    const cited =
      '---\nid: cited\nkind: background\ntitle: A title\nsources: [a]\n---\n\nSaid.[^a]\n';
    await writeFile(join(folders.corpusFolder, 'cited.md'), cited);
    const { generation } = await buildIndex({ ...folders, embedder });
    const bibliography = join(folders.corpusFolder, 'sources.yaml');
    await writeFile(bibliography, '- id: a\n\tpublisher: B\n');
    await expect(buildIndex({ ...folders, embedder })).rejects.toBeInstanceOf(CorpusProblems);
    expect((await loadGeneration(folders.indexFolder)).id).toBe(generation);
  });

  it('keeps the generation in use when no file is good any more', async () => {
    const folders = await sample();
    const embedder = hashingEmbedder();
    const { generation } = await buildIndex({ ...folders, embedder });
    for (const name of await readdir(folders.corpusFolder)) {
      await writeFile(join(folders.corpusFolder, name), '');
    }
    await expect(buildIndex({ ...folders, embedder })).rejects.toBeInstanceOf(CorpusProblems);
    expect((await loadGeneration(folders.indexFolder)).id).toBe(generation);
  });

  it('says so when there is no corpus folder, and when it holds no text', async () => {
    const { corpusFolder, indexFolder } = await sample(0);
    const embedder = hashingEmbedder();
    const absent = join(corpusFolder, 'absent');
    await expect(buildIndex({ corpusFolder: absent, indexFolder, embedder })).rejects.toMatchObject(
      {
        code: 'CORPUS',
      },
    );
    await writeFiles(corpusFolder, { 'picture.png': '' });
    await expect(buildIndex({ corpusFolder, indexFolder, embedder })).rejects.toMatchObject({
      code: 'CORPUS',
    });
  });

  it('builds again when the current generation is damaged, though nothing has changed', async () => {
    const folders = await sample();
    const embedder = hashingEmbedder();
    const { generation } = await buildIndex({ ...folders, embedder });
    await writeFile(join(folders.indexFolder, generation, 'hnsw.bin'), 'not a graph');
    const second = await buildIndex({ ...folders, embedder });
    expect(second.published).toBe(true);
    expect((await loadGeneration(folders.indexFolder)).id).toBe(second.generation);
  });

  it('builds again when the pointer is damaged', async () => {
    const folders = await sample();
    const embedder = hashingEmbedder();
    await buildIndex({ ...folders, embedder });
    await writeFile(join(folders.indexFolder, 'current.json'), '{"generation": "../../etc"}');
    await expect(loadGeneration(folders.indexFolder)).rejects.toMatchObject({
      code: 'INDEX_CORRUPT',
    });
    await buildIndex({ ...folders, embedder });
    expect((await loadGeneration(folders.indexFolder)).documents.size).toBe(4);
  });

  it('embeds everything again for another model', async () => {
    const folders = await sample();
    const first = await buildIndex({ ...folders, embedder: hashingEmbedder() });
    const other = await buildIndex({ ...folders, embedder: hashingEmbedder({ id: 'other' }) });
    expect(other).toMatchObject({ published: true, embedded: first.passages, reused: 0 });
  });

  it.each([
    ['a number that is not finite', (vector: Float32Array) => vector.fill(Number.NaN, 0, 1)],
    ['the wrong length', (vector: Float32Array) => vector.map((value) => value * 2)],
    ['too few dimensions', (vector: Float32Array) => vector.slice(1)],
  ])('refuses a vector of %s', async (_, spoil) => {
    const folders = await sample();
    const sound = hashingEmbedder();
    const spoilt: Embedder = {
      ...sound,
      embedPassages: async (texts) =>
        (await sound.embedPassages(texts)).map((vectors) => ({
          ...vectors,
          passage: spoil(vectors.passage),
        })),
    };
    await expect(buildIndex({ ...folders, embedder: spoilt })).rejects.toMatchObject({
      code: 'MODEL',
    });
    await expect(loadGeneration(folders.indexFolder)).rejects.toMatchObject({
      code: 'INDEX_MISSING',
    });
  });
});
