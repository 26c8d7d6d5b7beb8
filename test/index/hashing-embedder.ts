import { createHash } from 'node:crypto';
import type { Embedder } from '../../src/embedding/types.ts';

/** A model of few words for tests of storage: each word adds 1 to a dimension that its sha256 picks. */
export interface HashingEmbedder extends Embedder {
  /** Every passage text that was embedded, in order. */
  readonly embedded: string[];
}

export function hashingEmbedder(
  options: { readonly id?: string; readonly dimensions?: number } = {},
): HashingEmbedder {
  const { id = 'hashing', dimensions = 64 } = options;
  const embedded: string[] = [];
  const embed = (text: string): Float32Array => {
    const vector = new Float32Array(dimensions);
    for (const word of text.toLowerCase().match(/\p{L}+|\d+/gu) ?? ['']) {
      const at = createHash('sha256').update(word).digest().readUInt32LE(0) % dimensions;
      vector[at] = (vector[at] ?? 0) + 1;
    }
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  };
  return {
    id,
    digest: createHash('sha256').update(`${id} ${dimensions}`).digest('hex'),
    dimensions,
    embedded,
    embedPassages: (texts) => {
      embedded.push(...texts);
      return Promise.resolve(texts.map(embed));
    },
    embedQuestion: (text) => Promise.resolve(embed(text)),
    tokenTable: null,
  };
}
