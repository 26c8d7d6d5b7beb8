import type { Passage } from '../corpus/types.ts';
import type { Embedder } from '../embedding/types.ts';
import { DragomanError } from '../errors.ts';
import type { VectorTable } from './graph.ts';
import type { VectorCache } from './vector-cache.ts';

/** Small enough for a big model's memory, large enough that writing the cache costs nothing. */
const BATCH = 32;

/** How far a vector's length may be from 1: what single precision leaves, with room. */
const LENGTH_TOLERANCE = 1e-3;

export interface Embedded {
  readonly vectors: VectorTable;
  /** Passages whose vector was computed. */
  readonly embedded: number;
  /** Passages whose vector the cache had. */
  readonly reused: number;
}

/** What of a passage becomes its vector, and the key by which the vector is kept. */
export function embeddedText(passage: Passage): string {
  return passage.header === '' ? passage.text : `${passage.header}\n${passage.text}`;
}

/**
 * One vector for each passage, in their order; only texts that the cache does not know are embedded,
 * each once.
 *
 * @throws DragomanError `MODEL` when the model gives something else than unit vectors of its dimensions
 */
export async function embedAll(
  passages: readonly Passage[],
  embedder: Embedder,
  cache: VectorCache,
  onProgress: (done: number, total: number) => void,
): Promise<Embedded> {
  const texts = passages.map(embeddedText);
  const missing = [...new Set(texts.filter((text) => cache.get(text) === undefined))];
  const computed = new Set(missing);
  for (let start = 0; start < missing.length; start += BATCH) {
    const batch = missing.slice(start, start + BATCH);
    const vectors = await embedder.embedPassages(batch);
    assertUnitVectors(vectors, batch.length, embedder);
    await cache.add(batch, vectors);
    onProgress(Math.min(start + BATCH, missing.length), missing.length);
  }
  if (missing.length === 0) onProgress(0, 0);

  const { dimensions } = embedder;
  const data = new Float32Array(texts.length * dimensions);
  for (const [ordinal, text] of texts.entries()) {
    const vector = cache.get(text);
    if (vector === undefined) throw new Error(`Passage ${ordinal} has no vector.`);
    data.set(vector, ordinal * dimensions);
  }
  const embedded = texts.filter((text) => computed.has(text)).length;
  return { vectors: { data, dimensions }, embedded, reused: texts.length - embedded };
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
      `The model ${id} gave ${vectors.length} vectors for ${count} texts.`,
    );
  }
  for (const vector of vectors) {
    const length = Math.hypot(...vector);
    // A static model has no vector for a text without a token that it knows: found by words alone.
    const usable = Math.abs(length - 1) <= LENGTH_TOLERANCE || length === 0;
    if (vector.length === dimensions && usable) continue;
    throw new DragomanError(
      'MODEL',
      `The model ${id} gave a vector of ${vector.length} numbers and length ${length} where ` +
        `${dimensions} numbers and length 1 were expected.`,
    );
  }
}
