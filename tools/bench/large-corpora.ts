/** Corpora of any size, recombined from this one's sentences: built, loaded and asked; by others too. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { MeetingTies, passagesOf } from '../../src/corpus/passages.ts';
import { readCorpus } from '../../src/corpus/read-corpus.ts';
import type { Document, Passage } from '../../src/corpus/types.ts';
import type { Embedder, QuestionVectors } from '../../src/embedding/model.ts';
import { openEmbedder } from '../../src/embedding/open-embedder.ts';
import { ByteVectors, nearest, nearestOf } from '../../src/index/vectors.ts';
import {
  buildGeneration,
  BUILD_STEPS,
  type BuildOptions,
  type BuildStep,
} from '../../src/index/build.ts';
import {
  loadGeneration,
  loadTexts,
  type Generation,
  type Segment,
} from '../../src/index/generation.ts';
import { GENERATION_FILES, type GenerationFile } from '../../src/index/generation-files.ts';
import { loadPublished } from '../../src/index/index-folder.ts';
import { LexicalIndex } from '../../src/index/lexical.ts';
import { namesOf, termsOf } from '../../src/language/terms.ts';
import { openSearchIndex, type SearchIndex } from '../../src/search/search-index.ts';
import { seeded } from '../evaluation/noisy-questions.ts';
import { someQuestions, timeAnswers, type AnswerTimes } from './answers.ts';
import { costOf, costsOf, residentMiB, spreadOf, type Cost, type Spread } from './measure.ts';
import { PEERS, type Passages, type Peer, type PeerName, type PeerQuestion } from './peers.ts';
import {
  PASSAGES_A_DOCUMENT,
  recombine,
  recombinedEmbedder,
  type Recombined,
} from './recombine.ts';

/** A build of a recombined corpus. */
export interface BuildTimes {
  readonly total: Cost;
  /** Wall time of each step, in milliseconds; what is between two steps counts for the later one. */
  readonly steps: Readonly<Partial<Record<BuildStep, number>>>;
}

/** From nothing, then again with one document changed. */
export interface SyntheticBuild extends BuildTimes {
  readonly changed: BuildTimes;
  readonly peakMemoryMiB: number;
}

export interface SyntheticOptions {
  readonly passages: number;
  readonly seed: number;
}

/** Builds into the index folder of the settings. Neither recombining nor the encoder is timed. */
export async function measureSyntheticBuild(options: SyntheticOptions): Promise<SyntheticBuild> {
  const { corpusFolder, indexFolder, embedding } = readConfig();
  const { corpus } = await readCorpus(corpusFolder);
  const ties = new MeetingTies(corpus.meetings);
  const passages = corpus.documents.flatMap((document) => passagesOf(document, ties));
  const from = { documents: corpus.documents, passages };
  const embedder = await recombinedEmbedder(await openEmbedder(embedding), from);
  const whole = recombine(from, options);
  const first = await timeBuild(whole, { indexFolder, embedder });
  const peakMemoryMiB = process.resourceUsage().maxRSS / 1024;
  const other = recombine(from, { passages: PASSAGES_A_DOCUMENT, seed: options.seed + 1 });
  const changed = await timeBuild(withDocument(whole, other), { indexFolder, embedder });
  await embedder.close();
  return { ...first, changed, peakMemoryMiB };
}

/** A corpus with the first document of another one in the place of its own. */
function withDocument(whole: Recombined, other: Recombined): Recombined {
  const [document] = other.corpus.documents;
  if (document === undefined) return whole;
  const documents = whole.corpus.documents.map((own) => (own.id === document.id ? document : own));
  const kept = whole.passages.filter(({ documentId }) => documentId !== document.id);
  return {
    ...whole,
    corpus: { ...whole.corpus, documents },
    passages: [...other.passages, ...kept],
  };
}

async function timeBuild(
  { passages, ...split }: Recombined,
  options: Pick<BuildOptions, 'indexFolder' | 'embedder'>,
): Promise<BuildTimes> {
  const byDocument = new Map<string, Passage[]>();
  for (const passage of passages) {
    const known = byDocument.get(passage.documentId);
    if (known === undefined) byDocument.set(passage.documentId, [passage]);
    else known.push(passage);
  }
  const passagesOfDocument = ({ id }: Document): Passage[] => byDocument.get(id) ?? [];
  const steps = new Map<BuildStep, number>();
  let last = performance.now();
  const total = await costOf(() =>
    buildGeneration({
      ...options,
      read: () => Promise.resolve({ ...split, passagesOf: passagesOfDocument }),
      onProgress: ({ step }) => {
        const now = performance.now();
        steps.set(step, (steps.get(step) ?? 0) + now - last);
        last = now;
      },
    }),
  );
  return {
    total: costsOf(total),
    steps: Object.fromEntries(
      BUILD_STEPS.flatMap((step) => {
        const time = steps.get(step);
        return time === undefined ? [] : [[step, time] as const];
      }),
    ),
  };
}

/** A recombined corpus, loaded and asked. */
export interface SyntheticAnswers {
  readonly load: Cost;
  /** Resident memory of this process, not the encoder's, before and after the index was loaded. */
  readonly memoryMiB: { readonly before: number; readonly after: number };
  readonly fileMiB: Readonly<Record<GenerationFile, number>>;
  readonly answers: AnswerTimes;
  readonly lexical: { readonly load: Cost; readonly search: Spread };
  readonly graph: { readonly search: Spread; readonly exact: Spread; readonly recallAt10: number };
}

export interface AskOptions {
  readonly rounds: number;
  readonly seed: number;
}

const LEXICAL_QUESTIONS = 500;
const LEXICAL_TERMS = 9;
const CANDIDATES = 50;
const GRAPH_QUESTIONS = 100;

export async function measureSyntheticAnswers(options: AskOptions): Promise<SyntheticAnswers> {
  const { embedding, indexFolder } = readConfig();
  const embedder = remembering(await openEmbedder(embedding));
  const before = residentMiB();
  const load = await costOf(async () => {
    const generation = await loadGeneration(indexFolder, { model: embedder });
    return { generation, index: await openSearchIndex(generation) };
  });
  const { generation, index } = load.result;
  const after = residentMiB();
  const questions = await someQuestions();
  const [base] = generation.segments;
  const lexicalLoad = await costOf(() => new LexicalIndex([base.lexical]));
  const { files } = generation.manifest.segments[0];
  const sizes = Object.entries(files).map(([file, { bytes }]) => [file, bytes / 2 ** 20]);
  const vectors = await embedder.embedQuestions(questions.slice(0, GRAPH_QUESTIONS));
  return {
    load: costsOf(load),
    memoryMiB: { before, after },
    fileMiB: Object.fromEntries(sizes) as SyntheticAnswers['fileMiB'],
    answers: await timeAnswers(questions, options.rounds, { generation, index, embedder }),
    lexical: { load: costsOf(lexicalLoad), search: timeLexical(generation, index, options.seed) },
    graph: timeGraph(base, vectors),
  };
}

/** Embeds each question once: the encoder's time is measured with this corpus. */
function remembering(embedder: Embedder): Embedder {
  const known = new Map<string, Promise<QuestionVectors>>();
  return {
    ...embedder,
    embedQuestion: (question) => {
      const vectors = known.get(question) ?? embedder.embedQuestion(question);
      known.set(question, vectors);
      return vectors;
    },
  };
}

/** Questions of nine telling words out of one passage each, the hardest kind for postings. */
function timeLexical(
  { passages, documents }: Generation,
  index: SearchIndex,
  seed: number,
): Spread {
  const names = namesOf({ documents: [...documents.values()], meetings: [] });
  const random = seeded(seed);
  const termsFrom = (passage: Passage): { termId: number; weight: number }[] => {
    const ids = termsOf(passage.text, names).flatMap(
      ({ term }) => index.lexical.termId(term) ?? [],
    );
    const distinct = [...new Set(ids)];
    const drawn: number[] = [];
    while (drawn.length < LEXICAL_TERMS && distinct.length > 0) {
      drawn.push(...distinct.splice(Math.floor(random() * distinct.length), 1));
    }
    return drawn.map((termId) => ({ termId, weight: 1 }));
  };
  const questions = Array.from({ length: LEXICAL_QUESTIONS }, () => {
    const passage = passages[Math.floor(random() * passages.length)];
    return passage === undefined ? [] : termsFrom(passage);
  });
  for (const terms of questions) index.lexical.search(terms, CANDIDATES);
  return spreadOf(questions.map((terms) => timeOf(() => index.lexical.search(terms, CANDIDATES))));
}

function timeGraph(base: Segment, vectors: readonly Float32Array[]): SyntheticAnswers['graph'] {
  const ordinals = Array.from(base.passages.keys());
  const search: number[] = [];
  const exact: number[] = [];
  let found = 0;
  let wanted = 0;
  for (const vector of vectors) nearest(base, vector, CANDIDATES);
  for (const vector of vectors) {
    let near: readonly { ordinal: number }[] = [];
    let true10: readonly { ordinal: number }[] = [];
    search.push(timeOf(() => (near = nearest(base, vector, CANDIDATES))));
    exact.push(timeOf(() => (true10 = nearestOf(base.vectors, vector, 10, ordinals))));
    const known = new Set(near.slice(0, 10).map(({ ordinal }) => ordinal));
    found += true10.filter(({ ordinal }) => known.has(ordinal)).length;
    wanted += true10.length;
  }
  return { search: spreadOf(search), exact: spreadOf(exact), recallAt10: found / wanted };
}

function timeOf(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

export interface PeerOptions {
  readonly engine: PeerName;
  /** Of the engine's own files. */
  readonly folder: string;
  /** File of {@link PeerQuestion}s. */
  readonly questions: string;
}

export interface PeerAnswers {
  readonly load: Cost;
  /** Resident memory that the opened engine added. */
  readonly memoryMiB: number;
  /** A question: the best 50 by words and the best 50 by vectors. Milliseconds. */
  readonly search: Spread;
  readonly questions: number;
}

/** Questions are asked for so long at most. */
const ASK_FOR_MS = 10_000;

/** The texts and vectors of the published index, and nothing else of it. */
function readPassages(indexFolder: string): Promise<Passages> {
  return loadPublished(indexFolder, async (folder) => {
    const { passages } = await loadTexts(folder);
    const bytes = await readFile(join(folder, GENERATION_FILES.vectors));
    return { texts: passages.map(({ text }) => text), vectors: new ByteVectors(bytes) };
  });
}

/** Null for an engine that keeps nothing. */
export async function buildPeer(
  { engine, folder }: PeerOptions,
  indexFolder: string,
): Promise<Cost | null> {
  const { build }: Peer = PEERS[engine];
  if (build === undefined) return null;
  const passages = await readPassages(indexFolder);
  return costsOf(await costOf(() => build(folder, passages)));
}

export async function askPeer(
  { engine, folder, questions: file }: PeerOptions,
  indexFolder: string,
): Promise<PeerAnswers> {
  const questions = JSON.parse(await readFile(file, 'utf8')) as PeerQuestion[];
  const passages = await readPassages(indexFolder);
  const { open }: Peer = PEERS[engine];
  const before = residentMiB();
  const load = await costOf(() => open(folder, passages));
  const memoryMiB = residentMiB() - before;
  const { ask, close } = load.result;
  for (const question of questions.slice(0, 3)) await ask(question);
  const times: number[] = [];
  const end = performance.now() + ASK_FOR_MS;
  for (const question of questions) {
    if (performance.now() > end) break;
    const started = performance.now();
    await ask(question);
    times.push(performance.now() - started);
  }
  await close?.();
  return { load: costsOf(load), memoryMiB, search: spreadOf(times), questions: times.length };
}
