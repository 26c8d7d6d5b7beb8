/** Fills `gradient` for some weights; what is minimised need not be known itself. */
export type Gradient = (weights: readonly number[], gradient: number[]) => void;

/**
 * Adam (D. Kingma, J. Ba, "Adam: A Method for Stochastic Optimization", 2015) on the full set: a few hundred
 * questions and a dozen weights need no batches.
 */
export function minimise(start: readonly number[], gradientOf: Gradient, steps = 600): number[] {
  const weights = [...start];
  const first = weights.map(() => 0);
  const second = weights.map(() => 0);
  for (let step = 1; step <= steps; step++) {
    const gradient = weights.map(() => 0);
    gradientOf(weights, gradient);
    // The rate falls to a tenth, so that the last steps settle.
    const rate = 0.1 * (1 - (0.9 * step) / steps);
    gradient.forEach((slope, at) => {
      const m = 0.9 * (first[at] ?? 0) + 0.1 * slope;
      const v = 0.999 * (second[at] ?? 0) + 0.001 * slope * slope;
      first[at] = m;
      second[at] = v;
      const scaled = m / (1 - 0.9 ** step) / (Math.sqrt(v / (1 - 0.999 ** step)) + 1e-8);
      weights[at] = (weights[at] ?? 0) - rate * scaled;
    });
  }
  return weights;
}
