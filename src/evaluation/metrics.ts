/** Mean of figures; NaN for none, so that an empty class cannot pass for a result. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** The value below which the share `p` of the figures lies (nearest rank). */
export function percentile(values: readonly number[], p: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? NaN;
}

/** Ranks count from 1; null stands for "not among those returned". */
export function rankingMetrics(ranks: readonly (number | null)[]): {
  readonly hit1: number;
  readonly hit3: number;
  readonly mrr10: number;
} {
  return {
    hit1: mean(ranks.map((rank) => Number(rank === 1))),
    hit3: mean(ranks.map((rank) => Number(rank !== null && rank <= 3))),
    mrr10: mean(ranks.map((rank) => (rank !== null && rank <= 10 ? 1 / rank : 0))),
  };
}
