/** What the encoder computes for a build: vectors of passages, sentences and expected questions, and unrelated cosines. */
import type { Document, Passage } from '../corpus/types.ts';
import type { Embedder, PassageText } from '../embedding/model.ts';
import { DragomanError } from '../errors.ts';
import everyday from './everyday-questions.json' with { type: 'json' };
import type { EverydayNearest } from './generation-files.ts';
import type { PlacedQuestion } from './generation.ts';
import type { StoredVectors, VectorCache } from './index-folder.ts';
import { dot, quantise, shortened } from './scan.ts';
import { type ByteVectors, packVectors } from './vectors.ts';

/** Texts per call: few enough that a killed build loses little, many enough that writing the cache takes no time. */
const BATCH = 16;

/** Allowed difference of a vector's length from 1: the precision of 32-bit floats with a margin. */
const LENGTH_TOLERANCE = 1e-3;

/** A text to embed, with the cache key of its vectors. */
type Job =
  | { readonly key: string; readonly passage: PassageText }
  | { readonly key: string; readonly question: string };

/**
 * What the encoder reads before a passage: title and headings. Not date, place and people as in the search header,
 * because they cost recall here (docs/EXPERIMENTS.md).
 */
export function embeddedHeader(title: string, headings: readonly string[]): string {
  return [title, ...headings.filter((heading) => heading !== title)].join('. ');
}

export function passageText(
  { headings, text, sentences }: Pick<Passage, 'headings' | 'text' | 'sentences'>,
  title: string,
): PassageText {
  return {
    header: embeddedHeader(title, headings),
    sentences: sentences.map(({ start, end }) => text.slice(start, end)),
  };
}

/** One per passage, then one per expected question. */
export function jobsOf(
  documents: readonly Pick<Document, 'id' | 'title'>[],
  passages: readonly Passage[],
  expected: readonly PlacedQuestion[],
): Job[] {
  const titles = new Map(documents.map(({ id, title }) => [id, title]));
  return [
    ...passages.map((passage) => {
      const text = passageText(passage, titles.get(passage.documentId) ?? '');
      return { key: `passage\0${text.header}\0${text.sentences.join('\0')}`, passage: text };
    }),
    ...expected.map(({ question }) => questionJob(question)),
  ];
}

function questionJob(question: string): Job {
  return { key: `question\0${question}`, question };
}

/**
 * Vectors of the passages, of their sentences and of the expected questions. Only texts that are not in the cache are
 * embedded, each once.
 *
 * @throws DragomanError `MODEL` when the model does not give unit vectors of its dimensions
 */
export async function embedAll(
  content: {
    readonly documents: readonly Pick<Document, 'id' | 'title'>[];
    readonly passages: readonly Passage[];
    readonly expected: readonly PlacedQuestion[];
  },
  embedder: Embedder,
  cache: VectorCache,
  onProgress: (done: number, total: number) => void,
) {
  const { passages } = content;
  const jobs = jobsOf(content.documents, passages, content.expected);
  const { known, missing } = await vectorsOf(jobs, embedder, cache, onProgress);
  const { dimensions } = embedder;
  const data = new Float32Array(jobs.length * dimensions);
  const vectors = jobs.map(({ key }, row) => {
    const stored = known.get(key) as StoredVectors;
    data.set(stored.vector, row * dimensions);
    return stored;
  });
  const embedded = jobs.slice(0, passages.length).filter(({ key }) => missing.has(key)).length;
  return {
    /** One row per passage, then one row per expected question. */
    vectors: { data, dimensions },
    /** The same with one byte a dimension, packed. */
    packed: packVectors(
      vectors.map(({ vector }) => [quantise(vector)]),
      dimensions,
      (rows) => shortened(rows, dimensions),
    ),
    /** Sentence vectors of all passages, packed. */
    sentences: packVectors(
      vectors.slice(0, passages.length).map(({ sentences }) => sentences),
      dimensions,
    ),
    embedded,
    reused: passages.length - embedded,
  };
}

/** Vectors by key, of the cache where it has them, and the jobs that it does not have. */
async function vectorsOf(
  jobs: readonly Job[],
  embedder: Embedder,
  cache: VectorCache,
  onProgress: (done: number, total: number) => void,
) {
  const known = new Map<string, StoredVectors>();
  const missing = new Map<string, Job>();
  for (const job of jobs) {
    const stored = known.get(job.key) ?? cache.get(job.key);
    if (stored === undefined) missing.set(job.key, job);
    else known.set(job.key, stored);
  }
  const toEmbed = [...missing.values()];
  onProgress(0, toEmbed.length);
  for (let start = 0; start < toEmbed.length; start += BATCH) {
    const batch = toEmbed.slice(start, start + BATCH);
    const keys = batch.map(({ key }) => key);
    const stored = await embedBatch(batch, embedder);
    stored.forEach((vectors, at) => known.set(keys[at] ?? '', vectors));
    await cache.add(keys, stored);
    onProgress(Math.min(start + BATCH, toEmbed.length), toEmbed.length);
  }
  return { known, missing };
}

/** @param batch passages, then questions */
async function embedBatch(batch: readonly Job[], embedder: Embedder): Promise<StoredVectors[]> {
  const passages = batch.flatMap((job) => ('passage' in job ? [job.passage] : []));
  const questions = batch.flatMap((job) => ('question' in job ? [job.question] : []));
  const ofPassages = passages.length === 0 ? [] : await embedder.embedPassages(passages);
  const ofQuestions = questions.length === 0 ? [] : await embedder.embedQuestions(questions);
  assertUnitVectors(
    [...ofPassages.flatMap(({ passage, sentences }) => [passage, ...sentences]), ...ofQuestions],
    passages.reduce((sum, { sentences }) => sum + 1 + sentences.length, questions.length),
    embedder,
  );
  return [
    ...ofPassages.map(({ passage, sentences }) => ({
      vector: passage,
      sentences: sentences.map(quantise),
    })),
    ...ofQuestions.map((vector) => ({ vector, sentences: [] })),
  ];
}

/** The graph's native code checks nothing: one NaN would spoil every search. */
function assertUnitVectors(
  vectors: readonly Float32Array[],
  count: number,
  { id, dimensions }: Embedder,
): void {
  const refuse = (expected: string, found: string): never => {
    const message = `Expected ${expected} of the model ${id}, found ${found}.`;
    throw new DragomanError('MODEL', message);
  };
  if (vectors.length !== count) refuse(`${count} vectors`, `${vectors.length}`);
  for (const vector of vectors) {
    const length = Math.sqrt(dot(vector, vector));
    if (vector.length === dimensions && Math.abs(length - 1) <= LENGTH_TOLERANCE) continue;
    const found = `${vector.length} numbers and length ${length}`;
    refuse(`a vector of ${dimensions} numbers and length 1`, found);
  }
}

/**
 * Questions of everyday life that no collection of documents is likely to be about. How near the nearest passage comes
 * to them says what a cosine of this model means on these documents when nothing answers: models and corpora differ.
 */
const EVERYDAY_JOBS = [...everyday.own, ...everyday.other].map(questionJob);

export type UnrelatedCosines = ReturnType<typeof unrelatedCosines>;

/** For each everyday question the nearest of some rows. */
export async function everydayNearest(
  embedder: Embedder,
  cache: VectorCache,
  vectors: ByteVectors,
  rows: readonly number[],
): Promise<EverydayNearest> {
  const { known } = await vectorsOf(EVERYDAY_JOBS, embedder, cache, () => undefined);
  return EVERYDAY_JOBS.map(({ key }) => {
    let nearest: [number, number] = [0, -1];
    vectors.cosinesWith((known.get(key) as StoredVectors).vector, rows).forEach((cosine, at) => {
      if (cosine > nearest[1]) nearest = [rows[at] ?? 0, cosine];
    });
    return nearest;
  });
}

/**
 * Mean cosine of everyday questions with the passage that is nearest to each: of questions in the script of the documents, and
 * of those in another script, which models place farther away.
 *
 * @param segments what is nearest in each
 */
export function unrelatedCosines(segments: readonly EverydayNearest[]) {
  const nearest = EVERYDAY_JOBS.map((_, at) =>
    Math.max(...segments.map((segment) => segment[at]?.[1] ?? -1)),
  );
  const mean = (cosines: readonly number[]): number =>
    cosines.reduce((sum, cosine) => sum + cosine, 0) / cosines.length;
  const own = everyday.own.length;
  return { own: mean(nearest.slice(0, own)), other: mean(nearest.slice(own)) };
}
