import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Postings, TopK, type WeightedTerm } from '../../src/index/postings.ts';
import { seeded } from '../../tools/evaluation/noisy-questions.ts';

const PASSAGES = 20_000;

/** Postings of terms that one passage in so many holds, at random. */
function postingsOf(everies: readonly number[], seed: number): Postings {
  const random = seeded(seed);
  const ordinals: number[] = [];
  const frequencies: number[] = [];
  const offsets = [0];
  for (const every of everies) {
    for (let ordinal = 0; ordinal < PASSAGES; ordinal += 1) {
      if (random() * every >= 1) continue;
      ordinals.push(ordinal);
      frequencies.push(1 + Math.floor(random() * 255));
    }
    offsets.push(ordinals.length);
  }
  const arrays = {
    offsets: Uint32Array.from(offsets),
    ordinals: Uint32Array.from(ordinals),
    frequencies: Uint8Array.from(frequencies),
    lengths: Float32Array.from({ length: PASSAGES }, () => 1 + Math.floor(random() * 100)),
  };
  return new Postings(arrays);
}

/** Every passage's score, from the sum of its parts. */
function scoresOf(postings: Postings, terms: readonly WeightedTerm[]): number[] {
  return Array.from({ length: PASSAGES }, (_, ordinal) =>
    terms.reduce(
      (sum, { termId, weight }) =>
        sum + weight * postings.idf(termId) * postings.impact(termId, ordinal),
      0,
    ),
  );
}

/** From a word in every second passage, more than are read at a time, to one in a few. */
const everies = fc.array(fc.constantFrom(1, 2, 5, 20, 100, 800), { minLength: 1, maxLength: 6 });

describe('Postings', () => {
  it('finds the best passages, again and again, among all or those allowed', () => {
    fc.assert(
      fc.property(
        everies,
        fc.nat(),
        fc.constantFrom(0, 1, 10, 40),
        fc.boolean(),
        (frequencies, seed, k, isFiltered) => {
          const postings = postingsOf(frequencies, seed);
          const terms = frequencies.map((_, termId) => ({ termId, weight: 1 + (termId % 3) }));
          const random = seeded(seed + 1);
          const allowed = isFiltered
            ? Uint8Array.from({ length: PASSAGES }, () => Number(random() < 0.3))
            : null;
          const scores = scoresOf(postings, terms);
          const wanted = scores
            .map((score, ordinal) => ({ ordinal, score }))
            .filter(({ ordinal, score }) => score > 0 && allowed?.[ordinal] !== 0)
            .sort((a, b) => b.score - a.score)
            .slice(0, k);
          for (const round of [1, 2]) {
            const found = postings.search(terms, k, allowed);
            expect(found, `round ${round}`).toHaveLength(wanted.length);
            found.forEach(({ ordinal, score }, at) => {
              expect(score).toBeCloseTo(scores[ordinal] ?? NaN, 3);
              expect(score).toBeCloseTo(wanted[at]?.score ?? NaN, 3);
              expect(allowed?.[ordinal]).not.toBe(0);
            });
            expect(new Set(found.map(({ ordinal }) => ordinal)).size).toBe(found.length);
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it('counts nothing for a term without weight', () => {
    const postings = postingsOf([2], 1);
    expect(postings.search([{ termId: 0, weight: 0 }], 5)).toEqual([]);
  });
});

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
