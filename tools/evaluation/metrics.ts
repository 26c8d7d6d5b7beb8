/** Mean of figures; NaN for none, so that an empty class cannot pass for a result. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The value below which the share `p` of the figures lies (nearest rank). */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? NaN;
}

/**
 * 95 % interval of a share, by Wilson's score (E. B. Wilson, "Probable Inference, the Law of Succession, and Statistical
 * Inference", 1927). NaN for no observations.
 */
export function interval(share: number, count: number): readonly [low: number, high: number] {
  const z = 1.96;
  const middle = share + (z * z) / (2 * count);
  const spread = z * Math.sqrt((share * (1 - share)) / count + (z * z) / (4 * count * count));
  const scale = 1 + (z * z) / count;
  return [(middle - spread) / scale, (middle + spread) / scale];
}

export interface RankingFigures {
  readonly count: number;
  readonly hit1: number;
  readonly hit3: number;
  readonly mrr10: number;
}

/** Ranks count from 1; null stands for "not among those returned". */
export function rankingFigures(ranks: readonly (number | null)[]): RankingFigures {
  return {
    count: ranks.length,
    hit1: mean(ranks.map((rank) => Number(rank === 1))),
    hit3: mean(ranks.map((rank) => Number(rank !== null && rank <= 3))),
    mrr10: mean(ranks.map((rank) => (rank !== null && rank <= 10 ? 1 / rank : 0))),
  };
}
