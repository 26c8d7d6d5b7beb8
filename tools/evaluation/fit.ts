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
  // Flat, because a fit reads every value hundreds of times.
  const flat = useful.map(({ candidates, right, weight }) => ({
    features: Float64Array.from(candidates.flat()),
    right: Uint8Array.from(right, Number),
    weight: weight / total,
  }));
  const positive = (weights: readonly number[]): Float64Array =>
    Float64Array.from(weights, (weight) => Math.max(0, weight));
  const fitted = minimise(new Array<number>(width).fill(1), (raw, gradient) => {
    const weights = positive(raw);
    for (let i = 0; i < width; i++) gradient[i] = penalty * (weights[i] as number);
    for (const example of flat) addRankingGradient(example, weights, gradient);
  });
  return [...positive(fitted)];
}

interface FlatExample {
  /** [candidates × width], row-major. */
  readonly features: Float64Array;
  readonly right: Uint8Array;
  readonly weight: number;
}

function addRankingGradient(
  { features, right, weight }: FlatExample,
  weights: Float64Array,
  gradient: Float64Array,
): void {
  const width = weights.length;
  const powers = new Float64Array(right.length);
  let highest = -Infinity;
  for (let i = 0; i < right.length; i++) {
    let score = 0;
    for (let j = 0; j < width; j++) {
      score += (features[i * width + j] as number) * (weights[j] as number);
    }
    powers[i] = score;
    highest = Math.max(highest, score);
  }
  let all = 0;
  let good = 0;
  for (let i = 0; i < right.length; i++) {
    const power = Math.exp((powers[i] as number) - highest);
    powers[i] = power;
    all += power;
    good += power * (right[i] as number);
  }
  for (let i = 0; i < right.length; i++) {
    const power = powers[i] as number;
    const share = right[i] === 1 ? power / (good || 1e-9) : 0;
    const error = weight * (power / all - share);
    if (Math.abs(error) < 1e-9) continue;
    for (let j = 0; j < width; j++) {
      gradient[j] = (gradient[j] as number) + error * (features[i * width + j] as number);
    }
  }
}

/** Logistic regression with an intercept and an L2 penalty on the weights. */
export function fitLogistic(
  examples: readonly BinaryExample[],
  width: number,
  penalty = 0.0005,
): { readonly intercept: number; readonly weights: readonly number[] } {
  const total = examples.reduce((sum, { weight }) => sum + weight, 0);
  const features = Float64Array.from(examples.flatMap((example) => example.features));
  const [intercept = 0, ...weights] = minimise(
    new Array<number>(width + 1).fill(0),
    (current, gradient) => {
      gradient[0] = 0;
      for (let j = 1; j <= width; j++) gradient[j] = penalty * (current[j] ?? 0);
      examples.forEach(({ truth, weight }, i) => {
        let sum = current[0] ?? 0;
        for (let j = 0; j < width; j++) {
          sum += (features[i * width + j] as number) * (current[j + 1] ?? 0);
        }
        const error = (weight * (1 / (1 + Math.exp(-sum)) - Number(truth))) / total;
        gradient[0] = (gradient[0] ?? 0) + error;
        for (let j = 0; j < width; j++) {
          const value = features[i * width + j] as number;
          gradient[j + 1] = (gradient[j + 1] ?? 0) + error * value;
        }
      });
    },
    1500,
  );
  return { intercept, weights };
}

/** On the full set: a few hundred questions and a dozen weights need no batches. */
function minimise(
  start: readonly number[],
  gradientOf: (weights: readonly number[], gradient: Float64Array) => void,
  steps = 600,
): number[] {
  const weights = [...start];
  const descend = adam(weights);
  for (let step = 1; step <= steps; step++) {
    const gradient = new Float64Array(weights.length);
    gradientOf(weights, gradient);
    // The rate falls to a tenth, so that the last steps settle.
    descend(gradient, 0.1 * (1 - (0.9 * step) / steps));
  }
  return weights;
}

/** Steps of Adam that change the weights (D. Kingma, J. Ba, "Adam: A Method for Stochastic Optimization", 2015). */
export function adam(
  weights: number[] | Float64Array,
): (gradient: Float64Array, rate: number) => void {
  const [first, second] = [new Float64Array(weights.length), new Float64Array(weights.length)];
  let step = 0;
  return (gradient, rate) => {
    step += 1;
    const [firstShare, secondShare] = [1 - 0.9 ** step, 1 - 0.999 ** step];
    for (let i = 0; i < weights.length; i++) {
      const slope = gradient[i] as number;
      const m = 0.9 * (first[i] as number) + 0.1 * slope;
      const v = 0.999 * (second[i] as number) + 0.001 * slope * slope;
      first[i] = m;
      second[i] = v;
      const scaled = m / firstShare / (Math.sqrt(v / secondShare) + 1e-8);
      weights[i] = (weights[i] as number) - rate * scaled;
    }
  };
}
