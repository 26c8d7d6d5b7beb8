import path from 'node:path';

/** The model of the repository. */
export const BUNDLED_FOLDER = path.resolve('embeddings/model');

/** A random BERT with WordPiece, 16 dimensions and 64 positions: see make_tiny_bert.py in it. */
export const TINY_FOLDER = path.join(import.meta.dirname, 'tiny-bert');

export function cosine(a: Float32Array, b: Float32Array): number {
  return a.reduce((sum, component, i) => sum + component * (b[i] ?? NaN), 0);
}

export function first<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error('Expected at least one.');
  return item;
}
