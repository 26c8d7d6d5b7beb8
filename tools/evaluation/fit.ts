/** The candidates of one question: their features, and which of them hold the answer. */
export interface RankingExample {
  readonly candidates: readonly (readonly number[])[];
  readonly right: readonly boolean[];
  /** How much the question counts. */
  readonly weight: number;
}

/** An observation of something that is so or not. */
export interface BinaryExample {
  readonly features: readonly number[];
  readonly truth: boolean;
  readonly weight: number;
}

/**
 * Listwise logistic ranking: the softmax of the scores should lie on the right candidates (Z. Cao et al., "Learning
 * to Rank: From Pairwise Approach to Listwise Approach", 2007), with an L2 penalty. Weights are 0 or more: every feature
 * speaks for a passage.
 */
export function fitRanking(
  examples: readonly RankingExample[],
  width: number,
  penalty = 0.003,
): number[] {
  const useful = examples.filter(({ right }) => right.includes(true) && right.includes(false));
  const total = useful.reduce((sum, { weight }) => sum + weight, 0);
  const positive = (weights: readonly number[]): number[] =>
    weights.map((weight) => Math.max(0, weight));
  const fitted = minimise(new Array<number>(width).fill(1), (raw, gradient) => {
    const weights = positive(raw);
    weights.forEach((weight, i) => {
      gradient[i] = penalty * weight;
    });
    for (const { candidates, right, weight } of useful) {
      const scores = candidates.map((features) => product(features, weights));
      const highest = Math.max(...scores);
      const powers = scores.map((score) => Math.exp(score - highest));
      const all = powers.reduce((sum, power) => sum + power, 0);
      const good = powers.reduce((sum, power, i) => sum + (right[i] ? power : 0), 0) || 1e-9;
      candidates.forEach((features, i) => {
        const power = powers[i] ?? 0;
        const error = (weight / total) * (power / all - (right[i] ? power / good : 0));
        if (Math.abs(error) < 1e-9) return;
        features.forEach((value, feature) => {
          gradient[feature] = (gradient[feature] ?? 0) + error * value;
        });
      });
    }
  });
  return positive(fitted);
}

/** Logistic regression with an intercept and an L2 penalty on the weights. */
export function fitLogistic(
  examples: readonly BinaryExample[],
  width: number,
  penalty = 0.0005,
): { readonly intercept: number; readonly weights: readonly number[] } {
  const total = examples.reduce((sum, { weight }) => sum + weight, 0);
  const [intercept = 0, ...weights] = minimise(
    new Array<number>(width + 1).fill(0),
    (current, gradient) => {
      const [bias = 0, ...rest] = current;
      rest.forEach((weight, i) => {
        gradient[i + 1] = penalty * weight;
      });
      for (const { features, truth, weight } of examples) {
        const guess = 1 / (1 + Math.exp(-(bias + product(features, rest))));
        const error = (weight * (guess - Number(truth))) / total;
        gradient[0] = (gradient[0] ?? 0) + error;
        features.forEach((value, i) => {
          gradient[i + 1] = (gradient[i + 1] ?? 0) + error * value;
        });
      }
    },
    1500,
  );
  return { intercept, weights };
}

function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, i) => sum + value * (b[i] ?? 0), 0);
}

/**
 * Adam (D. Kingma, J. Ba, "Adam: A Method for Stochastic Optimization", 2015) on the full set: a few hundred
 * questions and a dozen weights need no batches.
 */
function minimise(
  start: readonly number[],
  gradientOf: (weights: readonly number[], gradient: number[]) => void,
  steps = 600,
): number[] {
  const weights = [...start];
  const first = weights.map(() => 0);
  const second = weights.map(() => 0);
  for (let step = 1; step <= steps; step++) {
    const gradient = weights.map(() => 0);
    gradientOf(weights, gradient);
    // The rate falls to a tenth, so that the last steps settle.
    const rate = 0.1 * (1 - (0.9 * step) / steps);
    gradient.forEach((slope, i) => {
      const m = 0.9 * (first[i] ?? 0) + 0.1 * slope;
      const v = 0.999 * (second[i] ?? 0) + 0.001 * slope * slope;
      first[i] = m;
      second[i] = v;
      const scaled = m / (1 - 0.9 ** step) / (Math.sqrt(v / (1 - 0.999 ** step)) + 1e-8);
      weights[i] = (weights[i] ?? 0) - rate * scaled;
    });
  }
  return weights;
}
