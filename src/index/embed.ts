import { embeddedHeader } from '../corpus/header.ts';
import type { Document, Passage } from '../corpus/types.ts';
import type { Embedder, PassageText } from '../embedding/types.ts';
import { DragomanError } from '../errors.ts';
import type { VectorTable } from './graph.ts';
import { packSentences, quantise } from './sentence-vectors.ts';
import type { PlacedQuestion } from './passage-parts.ts';
import type { StoredVectors, VectorCache } from './vector-cache.ts';

/** Small enough that a killed build loses little, large enough that writing the cache costs nothing. */
const BATCH = 16;

/** How far a vector's length may be from 1: what single precision leaves, with room. */
const LENGTH_TOLERANCE = 1e-3;

export interface Embedded {
  /** One row a passage, then one row an expected question. */
  readonly vectors: VectorTable;
  /** Sentence vectors of all passages, packed. */
  readonly sentences: Uint8Array;
  /** Passages whose vectors were computed. */
  readonly embedded: number;
  /** Passages whose vectors the cache had. */
  readonly reused: number;
}

/** A text to embed, and the key under which its vectors are cached. */
type Job =
  | { readonly key: string; readonly passage: PassageText }
  | { readonly key: string; readonly question: string };

/** A passage as the encoder reads it; the title is its document's. */
export function passageText(
  { headings, text, sentences }: Pick<Passage, 'headings' | 'text' | 'sentences'>,
  title: string,
): PassageText {
  return {
    header: embeddedHeader(title, headings),
    sentences: sentences.map(({ start, end }) => text.slice(start, end)),
  };
}

/** Cache keys, one for each passage and then one for each expected question. */
export function cacheKeys(
  documents: readonly Pick<Document, 'id' | 'title'>[],
  passages: readonly Passage[],
  expected: readonly PlacedQuestion[],
): string[] {
  return jobsOf(documents, passages, expected).map(({ key }) => key);
}

function jobsOf(
  documents: readonly Pick<Document, 'id' | 'title'>[],
  passages: readonly Passage[],
  expected: readonly PlacedQuestion[],
): Job[] {
  const titles = new Map(documents.map(({ id, title }) => [id, title]));
  return [
    ...passages.map((each) => {
      const passage = passageText(each, titles.get(each.documentId) ?? '');
      return { key: `passage\0${passage.header}\0${passage.sentences.join('\0')}`, passage };
    }),
    ...expected.map(({ question }) => ({ key: `question\0${question}`, question })),
  ];
}

/**
 * Vectors of the passages, of their sentences and of the expected questions; only texts that the cache does not know are
 * embedded, each once.
 *
 * @throws DragomanError `MODEL` when the model gives something else than unit vectors of its dimensions
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
): Promise<Embedded> {
  const { passages } = content;
  const jobs = jobsOf(content.documents, passages, content.expected);
  const missing = [
    ...new Map(
      jobs.filter(({ key }) => cache.get(key) === undefined).map((job) => [job.key, job]),
    ).values(),
  ];
  const computed = new Set(missing.map(({ key }) => key));
  onProgress(0, missing.length);
  for (let start = 0; start < missing.length; start += BATCH) {
    const batch = missing.slice(start, start + BATCH);
    const stored = await embedBatch(batch, embedder);
    await cache.add(
      batch.map(({ key }) => key),
      stored,
    );
    onProgress(Math.min(start + BATCH, missing.length), missing.length);
  }

  const { dimensions } = embedder;
  const data = new Float32Array(jobs.length * dimensions);
  const vectors = jobs.map(({ key }, row) => {
    const stored = cache.get(key);
    if (stored === undefined) throw new Error(`Row ${row} has no vector.`);
    data.set(stored.vector, row * dimensions);
    return stored;
  });
  const embedded = jobs.slice(0, passages.length).filter(({ key }) => computed.has(key)).length;
  return {
    vectors: { data, dimensions },
    sentences: packSentences(
      vectors.slice(0, passages.length).map(({ sentences }) => sentences),
      dimensions,
    ),
    embedded,
    reused: passages.length - embedded,
  };
}

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
  let passage = 0;
  let question = 0;
  return batch.map((job): StoredVectors => {
    if ('question' in job) {
      return { vector: ofQuestions[question++] ?? new Float32Array(), sentences: [] };
    }
    const vectors = ofPassages[passage++];
    return {
      vector: vectors?.passage ?? new Float32Array(),
      sentences: vectors?.sentences.map(quantise) ?? [],
    };
  });
}

/** The graph's native code checks nothing: a NaN would poison every search. */
function assertUnitVectors(
  vectors: readonly Float32Array[],
  count: number,
  { id, dimensions }: Embedder,
): void {
  if (vectors.length !== count) {
    throw new DragomanError(
      'MODEL',
      `The model ${id} gave ${vectors.length} vectors where ${count} were expected.`,
    );
  }
  for (const vector of vectors) {
    const length = Math.hypot(...vector);
    if (vector.length === dimensions && Math.abs(length - 1) <= LENGTH_TOLERANCE) continue;
    throw new DragomanError(
      'MODEL',
      `The model ${id} gave a vector of ${vector.length} numbers and length ${length} where ` +
        `${dimensions} numbers and length 1 were expected.`,
    );
  }
}
