import { describe, expect, it } from 'vitest';
import { fitNetwork, type Layer } from '../../../tools/evaluation/fit-network.ts';
import { seeded } from '../../../tools/evaluation/noisy-questions.ts';

const DIMENSIONS = 4;

/** Points in four quarters: those of two opposite ones have one label, which no single layer tells. */
function quarters(count: number): { inputs: Float32Array[]; labels: Uint16Array } {
  const random = seeded(3);
  const inputs = Array.from({ length: count }, () =>
    Float32Array.from({ length: DIMENSIONS }, () => 0.8 + 0.2 * random()),
  );
  const labels = Uint16Array.from({ length: count }, (_, at) => {
    const [x = 0, y = 0] = inputs[at] ?? [];
    return Number(x > 0.9 === y > 0.9);
  });
  return { inputs, labels };
}

function through({ rows, weights }: Layer, inputs: readonly number[]): number[] {
  const width = inputs.length + 1;
  return Array.from({ length: rows }, (_, row) =>
    inputs.reduce(
      (sum, value, at) => sum + value * (weights[row * width + at] ?? 0),
      weights[(row + 1) * width - 1] ?? 0,
    ),
  );
}

describe('fitNetwork', () => {
  const { inputs, labels } = quarters(1500);
  const shape = { labels: 2, none: 9 };
  const [hidden, output] = fitNetwork(inputs, labels, shape);

  it('tells what no single layer can, from inputs as they are', () => {
    const right = labels.filter((label, at) => {
      const units = through(hidden, [...(inputs[at] ?? [])]).map((value) => Math.max(0, value));
      const [other = 0, same = 0] = through(output, units);
      return Number(same > other) === label;
    });
    expect(right.length / labels.length).toBeGreaterThan(0.9);
  });

  it('gives the same weights for the same examples', () => {
    const few = inputs.slice(0, 200);
    const [first, second] = [1, 2].map(() => fitNetwork(few, labels.slice(0, 200), shape));
    expect(first).toEqual(second);
  });
});
