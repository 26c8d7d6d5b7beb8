import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { interval, mean, percentile, rankingFigures } from '../../../tools/evaluation/metrics.ts';

describe('mean and percentile', () => {
  it('have no value for no figures', () => {
    expect(mean([])).toBeNaN();
    expect(percentile([], 0.5)).toBeNaN();
  });

  it('are those of the textbook', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(percentile([50, 15, 40, 20, 35], 0.5)).toBe(35);
    expect(percentile([50, 15, 40, 20, 35], 0.3)).toBe(20);
    expect(percentile([50, 15, 40, 20, 35], 0.95)).toBe(50);
    expect(percentile([7], 0)).toBe(7);
  });

  it('leave the list as it was', () => {
    const values = [3, 1, 2];
    percentile(values, 0.5);
    expect(values).toEqual([3, 1, 2]);
  });
});

describe('interval', () => {
  it.each([
    // R. G. Newcombe, "Two-sided confidence intervals for the single proportion", 1998, table I.
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is the published one', (right, count, low, high) => {
    const [from, to] = interval(right / count, count);
    expect(from).toBeCloseTo(low, 4);
    expect(to).toBeCloseTo(high, 4);
  });

  it('holds the share, stays between 0 and 1, and is narrower for more observations', () => {
    const counts = fc.integer({ min: 1, max: 5000 });
    fc.assert(
      fc.property(counts, fc.double({ min: 0, max: 1, noNaN: true }), (count, part) => {
        const share = Math.round(part * count) / count;
        const [low, high] = interval(share, count);
        expect(low).toBeGreaterThanOrEqual(-1e-12);
        expect(high).toBeLessThanOrEqual(1 + 1e-12);
        expect(low).toBeLessThanOrEqual(share + 1e-12);
        expect(high).toBeGreaterThanOrEqual(share - 1e-12);
        const [lowOfMore, highOfMore] = interval(share, 2 * count);
        expect(highOfMore - lowOfMore).toBeLessThan(high - low);
        const [mirroredLow, mirroredHigh] = interval(1 - share, count);
        expect(mirroredLow).toBeCloseTo(1 - high, 9);
        expect(mirroredHigh).toBeCloseTo(1 - low, 9);
      }),
    );
  });

  it('does not exist for no observations', () => {
    expect(interval(mean([]), 0)).toEqual([NaN, NaN]);
  });
});

describe('rankingFigures', () => {
  it('counts first places, first three places, and reciprocal ranks down to the tenth', () => {
    expect(rankingFigures([1, 2, 3, 4, null, 11])).toEqual({
      count: 6,
      hit1: 1 / 6,
      hit3: 3 / 6,
      mrr10: (1 + 1 / 2 + 1 / 3 + 1 / 4) / 6,
    });
  });

  it('has no shares of no questions', () => {
    expect(rankingFigures([])).toEqual({ count: 0, hit1: NaN, hit3: NaN, mrr10: NaN });
  });

  it('never puts hit@1 above MRR@10, nor either above 1', () => {
    const rank = fc.option(fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(fc.array(rank, { minLength: 1 }), (ranks) => {
        const { hit1, hit3, mrr10 } = rankingFigures(ranks);
        expect(hit1).toBeLessThanOrEqual(mrr10 + 1e-12);
        expect(hit1).toBeLessThanOrEqual(hit3);
        expect(Math.max(hit3, mrr10)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
