import { describe, expect, it } from 'vitest';
import { parseBenchArguments } from '../../../tools/bench/bench-arguments.ts';

describe('the arguments of the benchmark', () => {
  it('measures three sizes unless told otherwise, and one when in a hurry', () => {
    expect(parseBenchArguments([])?.sizes).toEqual([1000, 10_000, 100_000]);
    expect(parseBenchArguments(['--quick'])?.sizes).toEqual([1000]);
    expect(parseBenchArguments(['--quick', '--sizes', '20,30'])?.sizes).toEqual([20, 30]);
    expect(parseBenchArguments(['--sizes='])?.sizes).toEqual([]);
  });

  it('takes what is no number of passages for wrong usage', () => {
    for (const sizes of ['many', '0', '-5', '1.5', '1000,x', '9999999']) {
      expect(() => parseBenchArguments([`--sizes=${sizes}`])).toThrow(/numbers of passages/);
    }
    expect(() => parseBenchArguments(['--fast'])).toThrow(/--fast/);
  });

  it('gives nothing to do when help is wanted', () => {
    expect(parseBenchArguments(['--help', '--quick'])).toBeNull();
  });
});
