import { createHash } from 'node:crypto';
import type { Embedder } from '../../src/embedding/model.ts';

/** A model of few words for tests of storage: each word adds 1 to a dimension that its sha256 picks. */
export interface HashingEmbedder extends Embedder {
  /** Every passage and every question that was embedded, in order; of a passage header and sentences in one. */
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
    head: null,
    embedded,
    embedQuestions: (texts) => {
      embedded.push(...texts);
      return Promise.resolve(texts.map(embed));
    },
    embedQuestion: (text) => {
      embedded.push(text);
      return Promise.resolve({ question: embed(text), layers: [] });
    },
    embedPassages: (passages) => {
      const wholes = passages.map(({ header, sentences }) => [header, ...sentences].join('\n'));
      embedded.push(...wholes);
      return Promise.resolve(
        passages.map(({ sentences }, at) => ({
          passage: embed(wholes[at] ?? ''),
          sentences: sentences.map(embed),
        })),
      );
    },
    close: () => Promise.resolve(),
  };
}
