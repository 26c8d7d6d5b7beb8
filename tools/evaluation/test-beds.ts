import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PROJECT_FOLDER } from '../../src/config.ts';
import { UNNAMED } from '../../src/corpus/companions.ts';
import { CHUNKER_VERSION, passagesOf } from '../../src/corpus/passages.ts';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import type { Document } from '../../src/corpus/types.ts';
import type { Embedder } from '../../src/embedding/model.ts';
import { openSnapshot, type Snapshot } from '../../src/engine.ts';
import { DragomanError } from '../../src/errors.ts';
import { buildGeneration, buildIndex } from '../../src/index/build.ts';
import { type Generation, loadGeneration } from '../../src/index/generation.ts';
import { openSearchIndex, type SearchIndex } from '../../src/search/search-index.ts';
import { plainDocument } from './plain-document.ts';
import { type EvaluationQuestion, parseLine, readQuestions } from './questions.ts';

/** An index to ask, and what to ask it. */
export interface TestBed {
  readonly name: string;
  readonly generation: Generation;
  readonly index: SearchIndex;
  readonly snapshot: Snapshot;
  readonly embedder: Embedder;
  readonly questions: readonly EvaluationQuestion[];
}

export interface TestBedOptions {
  readonly name: string;
  readonly embedder: Embedder;
  /** Indexes for evaluation are kept here, one for each corpus and model. */
  readonly cacheFolder: string;
}

/** The sets of questions in test/eval/, each with the corpus that it is put to. */
export const SETS: Readonly<Record<string, string>> = {
  development: 'corpus',
  'development-raw-pages': 'test/fixtures/raw-pages',
  strangers: 'corpus',
  newcomers: 'corpus',
  visitors: 'corpus',
  documents: 'test/fixtures/documents',
  'held-out': 'corpus',
  'raw-pages': 'test/fixtures/raw-pages',
  'strangers-held-out': 'corpus',
  'newcomers-held-out': 'corpus',
  'visitors-held-out': 'corpus',
  'documents-held-out': 'test/fixtures/documents',
};

export function openSet(name: string, options: Omit<TestBedOptions, 'name'>): Promise<TestBed> {
  const corpus = join(PROJECT_FOLDER, SETS[name] ?? 'corpus');
  const file = join(PROJECT_FOLDER, 'test/eval', `${name}.jsonl`);
  return openCorpusBed(corpus, file, { name, ...options });
}

/** A folder of documents and a file of questions. */
export async function openCorpusBed(
  corpusFolder: string,
  questionFile: string,
  { name, embedder, cacheFolder }: TestBedOptions,
): Promise<TestBed> {
  const indexFolder = join(cacheFolder, folderName(corpusFolder, embedder));
  await buildIndex({ corpusFolder, indexFolder, embedder });
  return bedOf(indexFolder, await readQuestions(questionFile), { name, embedder });
}

/**
 * A public set: a file of JSON lines `{"q": question, "p": paragraph}`. Every distinct paragraph is a document of one
 * passage, and a question's answer is its own paragraph.
 */
export async function openPairsBed(
  file: string,
  { name, embedder, cacheFolder }: TestBedOptions,
): Promise<TestBed> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  const ids = new Map<string, string>();
  const questions = lines.map((line, at): EvaluationQuestion => {
    const { q, p } = (parseLine(line, `${file}:${at + 1}`) ?? {}) as { q?: unknown; p?: unknown };
    if (typeof q !== 'string' || typeof p !== 'string') {
      throw new DragomanError('USAGE', `${file}:${at + 1}: expected {"q": text, "p": text}.`);
    }
    const id = ids.get(p) ?? `paragraph-${ids.size + 1}`;
    ids.set(p, id);
    return {
      id: `p${at + 1}`,
      question: q,
      class: 'answerable',
      language: 'en',
      gold: [{ document: id, pattern: '' }],
    };
  });
  const documents = [...ids].map(([text, id]) => plainDocument(id, text));
  const indexFolder = join(cacheFolder, folderName(file, embedder));
  await buildGeneration({
    indexFolder,
    embedder,
    read: () =>
      Promise.resolve({
        corpus: { about: UNNAMED, documents, meetings: [], sources: [] },
        // One passage a paragraph, however long: the sets are judged by paragraph.
        passagesOf: (document) =>
          passagesOf(document, [], { targetCharacters: document.text.length + 1 }),
        chunkerVersion: `${CHUNKER_VERSION}-whole`,
        problems: [],
        warnings: [],
        skipped: [],
      }),
  });
  return bedOf(indexFolder, questions, { name, embedder });
}

async function bedOf(
  indexFolder: string,
  questions: readonly EvaluationQuestion[],
  { name, embedder }: { readonly name: string; readonly embedder: Embedder },
): Promise<TestBed> {
  const generation = await loadGeneration(indexFolder, { model: embedder });
  return {
    name,
    generation,
    index: await openSearchIndex(generation),
    snapshot: await openSnapshot(generation, embedder),
    embedder,
    questions,
  };
}

function folderName(corpus: string, embedder: Embedder): string {
  return createHash('sha256').update(`${corpus}\n${embedder.digest}`).digest('hex').slice(0, 16);
}

/**
 * Splits a corpus into small ones of bare pages: no front matter, no bibliography, no footnotes, just a title,
 * headings and text, as somebody drops them in. What is learned must hold for those too, and a question whose
 * documents lie in another folder is one that cannot be answered, though all its names are known.
 *
 * @returns the folders, created again
 */
export async function splitBare(
  corpusFolder: string,
  target: string,
  folders: number,
): Promise<string[]> {
  const { corpus } = await readCorpus(corpusFolder);
  await rm(target, { recursive: true, force: true });
  const paths = Array.from({ length: folders }, (_, i) => join(target, String(i + 1)));
  for (const path of paths) await mkdir(path, { recursive: true });
  for (const [i, document] of corpus.documents.entries()) {
    const folder = paths[i % folders];
    if (folder === undefined) continue;
    await writeFile(join(folder, `${document.id}.md`), bareText(document));
  }
  return paths;
}

function bareText({ title, text, sections }: Document): string {
  const parts = sections.flatMap(({ headings, blocks }) => [
    ...headings.slice(-1).map((heading) => `## ${heading}`),
    ...blocks.map(({ start, end }) => text.slice(start, end)),
  ]);
  return `# ${title}\n\n${parts.join('\n\n')}\n`;
}
