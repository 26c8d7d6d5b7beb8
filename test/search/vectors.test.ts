import { describe, expect, it } from 'vitest';
import { dot, dotAt } from '../../src/search/vectors.ts';

describe('dot', () => {
  it('is the sum of products, whatever the length', () => {
    for (let length = 0; length < 10; length++) {
      const a = Float32Array.from({ length }, (_, at) => at + 1);
      const sum = a.reduce((total, value) => total + 2 * value, 0);
      expect(dot(a, new Float32Array(length).fill(2))).toBe(sum);
    }
  });

  it('takes stretches of longer lists', () => {
    const list = Float32Array.from({ length: 12 }, (_, at) => at);
    expect(dotAt(list, 1, list, 6, 5)).toBe(dot(list.slice(1, 6), list.slice(6, 11)));
  });
});
