import { describe, expect, it } from 'vitest';
import { highlightOf } from '../../src/answer/highlight.ts';
import type { Passage } from '../../src/corpus/types.ts';
import type { Ranked } from '../../src/search/search.ts';

const passage = {
  start: 100,
  end: 130,
  sentences: [
    { start: 0, end: 12 },
    { start: 13, end: 30 },
  ],
} as unknown as Passage;

const ranked = (best: { at: number; score: number } | null): Ranked =>
  ({ best }) as unknown as Ranked;

describe('highlightOf', () => {
  it('is the best sentence, in offsets of the document', () => {
    expect(highlightOf(passage, ranked({ at: 1, score: 0.9 }))).toEqual({ start: 113, end: 130 });
  });

  it('is nothing where there is no sentence', () => {
    expect(highlightOf(passage, ranked(null))).toBeNull();
    expect(highlightOf(passage, ranked({ at: 2, score: 0.9 }))).toBeNull();
  });
});
