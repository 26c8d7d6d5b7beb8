import { seeded } from './noisy-questions.ts';

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
function adam(weights: number[] | Float64Array): (gradient: Float64Array, rate: number) => void {
  const [first, second] = [new Float64Array(weights.length), new Float64Array(weights.length)];
  let step = 0;
  return (gradient, rate) => {
    step += 1;
    for (let i = 0; i < weights.length; i++) {
      const slope = gradient[i] as number;
      const m = 0.9 * (first[i] as number) + 0.1 * slope;
      const v = 0.999 * (second[i] as number) + 0.001 * slope * slope;
      first[i] = m;
      second[i] = v;
      const scaled = m / (1 - 0.9 ** step) / (Math.sqrt(v / (1 - 0.999 ** step)) + 1e-8);
      weights[i] = (weights[i] as number) - rate * scaled;
    }
  };
}

// Multinomial logistic regression

/** What is told apart: forms of questions. */
export interface Shape {
  readonly dimensions: number;
  readonly forms: number;
  /** Label of the questions that ask for no form. */
  readonly none: number;
}

const EPOCHS = 12;
const BATCH = 128;
const RATE = 0.02;
/** Weight of the L2 penalty: with 0.0001 and 0.001 unseen questions are read nearly alike. */
const PENALTY = 0.0003;
/** Cosines of the encoder lie between .75 and 1: without a factor the weights would have to be large. */
const SCALE = 20;

/**
 * Weights [forms × (dimensions + 1)], the last of each row its bias, by {@link adam} on batches. Other questions together weigh as much as all wordings.
 */
export function fitSoftmax(
  inputs: Float32Array,
  labels: Uint16Array,
  { dimensions, forms, none }: Shape,
): Float64Array {
  const width = dimensions + 1;
  const count = labels.length;
  const mean = meanOf(inputs, dimensions);
  const scaled = inputs.map((value, i) => (value - (mean[i % dimensions] ?? 0)) * SCALE);
  const others = labels.reduce((sum, label) => sum + Number(label === none), 0);
  const weightOf = (label: number): number => (label === none ? (count - others) / others : 1);
  const weights = new Float64Array(forms * width);
  const descend = adam(weights);
  const gradient = new Float64Array(weights.length);
  const logits = new Float64Array(forms);
  const order = Array.from({ length: count }, (_, i) => i);
  const random = seeded(9);
  const steps = EPOCHS * Math.ceil(count / BATCH);
  let step = 0;
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    shuffle(order, random);
    for (let from = 0; from < count; from += BATCH) {
      gradient.fill(0);
      const batch = order.slice(from, from + BATCH);
      for (const at of batch) {
        const label = labels[at] as number;
        softmax(scaled, at * dimensions, weights, logits);
        for (let form = 0; form < forms; form++) {
          const error =
            (weightOf(label) * ((logits[form] as number) - Number(form === label))) / batch.length;
          if (Math.abs(error) < 1e-6) continue;
          const row = form * width;
          for (let j = 0; j < dimensions; j++) {
            gradient[row + j] =
              (gradient[row + j] as number) + error * (scaled[at * dimensions + j] as number);
          }
          gradient[row + dimensions] = (gradient[row + dimensions] as number) + error;
        }
      }
      step += 1;
      for (let i = 0; i < weights.length; i++)
        gradient[i] = (gradient[i] as number) + 2 * PENALTY * (weights[i] as number);
      descend(gradient, RATE * (1 - (0.95 * step) / steps));
    }
  }
  // What was taken from the inputs goes into the weights.
  for (let form = 0; form < forms; form++) {
    const row = form * width;
    for (let j = 0; j < dimensions; j++) {
      const weight = (weights[row + j] as number) * SCALE;
      weights[row + j] = weight;
      weights[row + dimensions] =
        (weights[row + dimensions] as number) - weight * (mean[j] as number);
    }
  }
  return weights;
}

/** Makes the scores of the forms for one input their probabilities. */
function softmax(
  inputs: Float32Array,
  from: number,
  weights: Float64Array,
  probabilities: Float64Array,
): void {
  const width = weights.length / probabilities.length;
  for (let form = 0; form < probabilities.length; form++) {
    const row = form * width;
    let sum = weights[row + width - 1] as number;
    for (let j = 0; j < width - 1; j++)
      sum += (inputs[from + j] as number) * (weights[row + j] as number);
    probabilities[form] = sum;
  }
  const highest = Math.max(...probabilities);
  let total = 0;
  for (let form = 0; form < probabilities.length; form++) {
    const power = Math.exp((probabilities[form] as number) - highest);
    probabilities[form] = power;
    total += power;
  }
  for (let form = 0; form < probabilities.length; form++)
    probabilities[form] = (probabilities[form] as number) / total;
}

function meanOf(inputs: Float32Array, dimensions: number): Float64Array {
  const mean = new Float64Array(dimensions);
  inputs.forEach((value, i) => {
    mean[i % dimensions] = (mean[i % dimensions] as number) + (value * dimensions) / inputs.length;
  });
  return mean;
}

function shuffle(order: number[], random: () => number): void {
  for (let i = order.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [order[i], order[j]] = [order[j] as number, order[i] as number];
  }
}
