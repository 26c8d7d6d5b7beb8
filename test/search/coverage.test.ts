import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Coverage } from '../../src/search/coverage.ts';
import type { QueryTerm } from '../../src/search/query.ts';

function coverageOf(masses: readonly (readonly [termId: number | null, mass: number])[]): Coverage {
  const terms = masses.map(([termId, idf]) => ({ termId, idf, weight: 1 }) as unknown as QueryTerm);
  return new Coverage({ terms });
}

const MASSES = [
  [7, 2],
  [null, 3],
  [9, 5],
] as const;

describe('Coverage', () => {
  it('is the share of the mass of the terms that a text holds', () => {
    const coverage = coverageOf(MASSES);
    expect(coverage.of(Uint32Array.of(1, 9, 2))).toBe(0.5);
    expect(coverage.of(Uint32Array.of(9, 7, 9))).toBe(0.7);
    expect(coverage.of(Uint32Array.of(8))).toBe(0);
    expect(coverageOf([]).of(Uint32Array.of(8))).toBe(0);
  });

  it('of several texts together is that of one text with all their terms', () => {
    const text = fc.array(fc.integer({ min: 5, max: 10 })).map((ids) => Uint32Array.from(ids));
    fc.assert(
      fc.property(fc.array(text), (texts) => {
        const coverage = coverageOf(MASSES);
        const held = coverage.none();
        for (const one of texts) coverage.raise(held, one);
        const joined = Uint32Array.from(texts.flatMap((one) => [...one]));
        expect(coverage.share(held)).toBe(coverage.of(joined));
      }),
    );
  });
});
