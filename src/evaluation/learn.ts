import { minimise } from './descent.ts';

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
 * to Rank: From Pairwise Approach to Listwise Approach", 2007), with a pull towards 0 that keeps weights small
 * where the questions do not tell.
 */
export function learnRanking(
  examples: readonly RankingExample[],
  width: number,
  {
    pull = 0.01,
    mayBeNegative = () => false,
  }: {
    readonly pull?: number;
    readonly mayBeNegative?: (feature: number) => boolean;
  } = {},
): number[] {
  const useful = examples.filter(
    ({ right }) => right.some((value) => value) && !right.every((value) => value),
  );
  const total = useful.reduce((sum, { weight }) => sum + weight, 0);
  // A weight is learned as its distance from 0 on the allowed side: every feature speaks for a passage.
  const effective = (weights: readonly number[]): number[] =>
    weights.map((weight, at) => (mayBeNegative(at) ? weight : Math.max(0, weight)));
  const learned = minimise(new Array<number>(width).fill(1), (raw, gradient) => {
    const weights = effective(raw);
    weights.forEach((weight, at) => {
      gradient[at] = pull * weight;
    });
    for (const { candidates, right, weight } of useful) {
      const scores = candidates.map((features) => product(features, weights));
      const highest = Math.max(...scores);
      const powers = scores.map((score) => Math.exp(score - highest));
      const all = powers.reduce((sum, power) => sum + power, 0);
      const good = powers.reduce((sum, power, at) => sum + (right[at] ? power : 0), 0) || 1e-9;
      candidates.forEach((features, at) => {
        const power = powers[at] ?? 0;
        const error = (weight / total) * (power / all - (right[at] ? power / good : 0));
        if (Math.abs(error) < 1e-9) return;
        features.forEach((value, feature) => {
          gradient[feature] = (gradient[feature] ?? 0) + error * value;
        });
      });
    }
  });
  return effective(learned);
}

/** Logistic regression with an intercept (first of the result) and a pull of the weights towards 0. */
export function learnLogistic(
  examples: readonly BinaryExample[],
  width: number,
  pull = 0.0005,
): { readonly intercept: number; readonly weights: readonly number[] } {
  const total = examples.reduce((sum, { weight }) => sum + weight, 0);
  const [intercept = 0, ...weights] = minimise(
    new Array<number>(width + 1).fill(0),
    (current, gradient) => {
      const [bias = 0, ...rest] = current;
      rest.forEach((weight, at) => {
        gradient[at + 1] = pull * weight;
      });
      for (const { features, truth, weight } of examples) {
        const guess = 1 / (1 + Math.exp(-(bias + product(features, rest))));
        const error = (weight * (guess - Number(truth))) / total;
        gradient[0] = (gradient[0] ?? 0) + error;
        features.forEach((value, at) => {
          gradient[at + 1] = (gradient[at + 1] ?? 0) + error * value;
        });
      }
    },
    1500,
  );
  return { intercept, weights };
}

export function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}
