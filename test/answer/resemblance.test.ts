import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resemblance, termSetOf } from '../../src/answer/resemblance.ts';
import type { LexicalIndex } from '../../src/index/lexical.ts';

/** Terms from 100 on are figures; the higher a term, the rarer. */
const lexical = {
  idf: (term: number | null) => Math.log(2 + (term ?? 0)),
  isFigure: (term: number) => term >= 100,
} as unknown as LexicalIndex;

const terms = fc
  .array(fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 100, max: 104 })))
  .map((ids) => Uint32Array.from(ids));
const likeness = (a: Uint32Array, b: Uint32Array, options: typeof agree): number =>
  resemblance(termSetOf(lexical, a), termSetOf(lexical, b), options);
const agree = { figuresMustAgree: true };
const differ = { figuresMustAgree: false };

describe('resemblance', () => {
  it('is 1 for the same words in another order, and 0 without a common one', () => {
    const a = Uint32Array.of(1, 2, 3, 101);
    expect(likeness(a, Uint32Array.of(101, 3, 3, 2, 1), agree)).toBeCloseTo(1);
    expect(likeness(a, Uint32Array.of(4, 5), agree)).toBe(0);
    expect(likeness(a, new Uint32Array(), agree)).toBe(0);
  });

  it('is nothing for two reports with different figures, unless they may differ', () => {
    const first = Uint32Array.of(1, 2, 3, 4, 101);
    const second = Uint32Array.of(1, 2, 3, 4, 102);
    expect(likeness(first, second, agree)).toBe(0);
    expect(likeness(first, second, differ)).toBeGreaterThan(0.2);
    const without = Uint32Array.of(1, 2, 3, 4);
    expect(likeness(first, without, agree)).toBe(likeness(first, without, differ));
  });

  it('counts rare words for more', () => {
    const whole = Uint32Array.of(1, 12);
    expect(likeness(whole, Uint32Array.of(12), agree)).toBeGreaterThan(
      likeness(whole, Uint32Array.of(1), agree),
    );
  });

  it('lies between 0 and 1 and is the same both ways', () => {
    fc.assert(
      fc.property(terms, terms, fc.boolean(), (a, b, figuresMustAgree) => {
        const value = likeness(a, b, { figuresMustAgree });
        expect(value).toBeGreaterThanOrEqual(0);
        expect(value).toBeLessThanOrEqual(1 + 1e-9);
        expect(likeness(b, a, { figuresMustAgree })).toBeCloseTo(value, 10);
      }),
    );
  });
});
