import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mean, percentile, rankingMetrics } from '../../src/evaluation/metrics.ts';

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

describe('rankingMetrics', () => {
  it('counts first places, first three places, and reciprocal ranks down to the tenth', () => {
    expect(rankingMetrics([1, 2, 3, 4, null, 11])).toEqual({
      hit1: 1 / 6,
      hit3: 3 / 6,
      mrr10: (1 + 1 / 2 + 1 / 3 + 1 / 4) / 6,
    });
  });

  it('never puts hit@1 above MRR@10, nor either above 1', () => {
    const rank = fc.option(fc.integer({ min: 1, max: 40 }));
    fc.assert(
      fc.property(fc.array(rank, { minLength: 1 }), (ranks) => {
        const { hit1, hit3, mrr10 } = rankingMetrics(ranks);
        expect(hit1).toBeLessThanOrEqual(mrr10 + 1e-12);
        expect(hit1).toBeLessThanOrEqual(hit3);
        expect(Math.max(hit3, mrr10)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
