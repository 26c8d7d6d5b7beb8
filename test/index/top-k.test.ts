import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TopK } from '../../src/index/top-k.ts';

describe('TopK', () => {
  it('keeps what sorting by score and ordinal would put first, in any order of offers', () => {
    const scores = fc.array(fc.integer({ min: -3, max: 3 }), { maxLength: 40 });
    fc.assert(
      fc.property(scores, fc.integer({ min: 0, max: 12 }), fc.integer(), (list, k, seed) => {
        const candidates = list.map((score, ordinal) => ({ ordinal, score }));
        const sorted = candidates.toSorted((a, b) => b.score - a.score || a.ordinal - b.ordinal);
        const offered = fc.sample(
          fc.shuffledSubarray(candidates, { minLength: candidates.length }),
          { numRuns: 1, seed },
        );
        const top = new TopK(k);
        for (const { ordinal, score } of offered.flat()) top.offer(ordinal, score);
        expect(top.best()).toEqual(sorted.slice(0, k));
      }),
    );
  });
});
