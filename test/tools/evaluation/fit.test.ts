import { describe, expect, it } from 'vitest';
import {
  fitLogistic,
  fitRanking,
  type BinaryExample,
  type RankingExample,
} from '../../../tools/evaluation/fit.ts';
import { seeded } from '../../../tools/evaluation/noisy-questions.ts';

const random = seeded(42);
const draw = (width: number): number[] => Array.from({ length: width }, random);

function product(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

/** Questions whose right candidate is the one that scores highest by the weights. */
function rankingExamples(weights: readonly number[], count: number): RankingExample[] {
  return Array.from({ length: count }, () => {
    const candidates = Array.from({ length: 8 }, () => draw(weights.length));
    const scores = candidates.map((features) => product(features, weights));
    const highest = Math.max(...scores);
    return { candidates, right: scores.map((score) => score === highest), weight: 1 };
  });
}

function hits(examples: readonly RankingExample[], weights: readonly number[]): number {
  const right = examples.filter(({ candidates, right }) => {
    const scores = candidates.map((features) => product(features, weights));
    return right[scores.indexOf(Math.max(...scores))];
  });
  return right.length / examples.length;
}

describe('fitRanking', () => {
  it('recovers the proportions of known weights', () => {
    const weights = [3, 1, 0, 2];
    const fitted = fitRanking(rankingExamples(weights, 400), 4, 0.001);
    const [a = 0, b = 0, c = 0, d = 0] = fitted;
    expect(a / d).toBeCloseTo(1.5, 0);
    expect(b / d).toBeGreaterThan(0.25);
    expect(b / d).toBeLessThan(0.75);
    expect(c / d).toBeLessThan(0.1);
    expect(hits(rankingExamples(weights, 200), fitted)).toBeGreaterThan(0.9);
  });

  it('gives nothing to a feature that speaks against the answer', () => {
    const [useful = 0, against = 0] = fitRanking(rankingExamples([2, -2], 300), 2);
    expect(useful).toBeGreaterThan(0.5);
    expect(against).toBe(0);
  });

  it('learns nothing from questions without a right or without a wrong candidate', () => {
    const teaching = rankingExamples([1, 2], 50);
    const candidates = [
      [1, 0],
      [0, 1],
    ];
    const useless = [
      { candidates, right: [false, false], weight: 100 },
      { candidates, right: [true, true], weight: 100 },
      { candidates: [], right: [], weight: 100 },
    ];
    expect(fitRanking([...teaching, ...useless], 2)).toEqual(fitRanking(teaching, 2));
    expect(fitRanking(useless, 2).every(Number.isFinite)).toBe(true);
  });

  it('listens to a question by its weight', () => {
    const example = (first: boolean, weight: number): RankingExample => ({
      candidates: [
        [1, 0],
        [0, 1],
      ],
      right: [first, !first],
      weight,
    });
    const [a = 0, b = 0] = fitRanking([example(true, 3), example(false, 1)], 2);
    expect(a).toBeGreaterThan(b);
  });

  it('gives smaller weights for a larger penalty', () => {
    const examples = rankingExamples([1, 2], 100);
    const size = (penalty: number): number => Math.hypot(...fitRanking(examples, 2, penalty));
    expect(size(0.1)).toBeLessThan(size(0.001) / 2);
  });
});

describe('fitLogistic', () => {
  it('recovers known weights from what happened by their probability', () => {
    const [bias, ...weights] = [-1, 3, -2, 0] as const;
    const examples = Array.from({ length: 4000 }, (): BinaryExample => {
      const features = draw(3).map((value) => 2 * value);
      const chance = 1 / (1 + Math.exp(-(bias + product(features, weights))));
      return { features, truth: random() < chance, weight: 1 };
    });
    const fitted = fitLogistic(examples, 3, 0);
    expect(Math.abs(fitted.intercept - bias)).toBeLessThan(0.35);
    weights.forEach((weight, at) => {
      expect(Math.abs((fitted.weights[at] ?? 0) - weight)).toBeLessThan(0.35);
    });
  });

  it('without features is the share of what is so', () => {
    const examples = [true, true, true, false].map((truth): BinaryExample => ({
      features: [],
      truth,
      weight: 1,
    }));
    const { intercept } = fitLogistic(examples, 0);
    expect(1 / (1 + Math.exp(-intercept))).toBeCloseTo(0.75, 3);
  });

  it('listens to an observation by its weight', () => {
    const examples = [
      { features: [], truth: true, weight: 9 },
      { features: [], truth: false, weight: 1 },
    ];
    const { intercept } = fitLogistic(examples, 0);
    expect(1 / (1 + Math.exp(-intercept))).toBeCloseTo(0.9, 3);
  });

  it('keeps weights small where a feature tells all', () => {
    const examples = [0, 1].map((value): BinaryExample => ({
      features: [value],
      truth: value === 1,
      weight: 1,
    }));
    const loose = fitLogistic(examples, 1, 0.0001).weights[0] ?? 0;
    const tight = fitLogistic(examples, 1, 0.1).weights[0] ?? 0;
    expect(tight).toBeGreaterThan(0);
    expect(tight).toBeLessThan(loose / 3);
  });
});
