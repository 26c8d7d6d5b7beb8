import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boundedDistance } from '../../src/language/edit-distance.ts';

/** Optimal string alignment by the textbook's recursion, without a limit. */
function distance(a: string, b: string): number {
  const row = (i: number): number[] => table[i] ?? [];
  const table: number[][] = [];
  for (let i = 0; i <= a.length; i++) {
    table.push([]);
    for (let j = 0; j <= b.length; j++) {
      const options =
        i === 0
          ? [j]
          : j === 0
            ? [i]
            : [
                (row(i - 1)[j] ?? 0) + 1,
                (row(i)[j - 1] ?? 0) + 1,
                (row(i - 1)[j - 1] ?? 0) + Number(a[i - 1] !== b[j - 1]),
              ];
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        options.push((row(i - 2)[j - 2] ?? 0) + 1);
      }
      row(i).push(Math.min(...options));
    }
  }
  return row(a.length)[b.length] ?? 0;
}

describe('boundedDistance', () => {
  it('is the distance up to the limit, and more than the limit beyond', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 8 });
    fc.assert(
      fc.property(word, word, fc.nat(4), (a, b, limit) => {
        const exact = distance(a, b);
        const found = boundedDistance(a, b, limit);
        if (exact <= limit) expect(found).toBe(exact);
        else expect(found).toBeGreaterThan(limit);
      }),
      { numRuns: 3000 },
    );
  });

  it('counts a swap of neighbours as one slip', () => {
    expect(boundedDistance('kviy', 'kyiv', 2)).toBe(2);
    expect(boundedDistance('kiyv', 'kyiv', 1)).toBe(1);
  });
});
