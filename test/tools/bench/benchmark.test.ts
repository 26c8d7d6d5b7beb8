import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../../src/terminal/command-line.ts';
import { BENCH_ARGS, benchArguments, type BenchArguments } from '../../../tools/bench/benchmark.ts';

function parse(args: readonly string[]): BenchArguments {
  return benchArguments(parseArguments(BENCH_ARGS, args));
}

describe('the arguments of the benchmark', () => {
  it('measures three sizes unless told otherwise, and one when in a hurry', () => {
    expect(parse([]).sizes).toEqual([1000, 10_000, 100_000]);
    expect(parse(['--quick']).sizes).toEqual([1000]);
    expect(parse(['--quick', '--sizes', '20,30']).sizes).toEqual([20, 30]);
    expect(parse(['--sizes=none']).sizes).toEqual([]);
  });

  it('takes what is no number of passages for wrong usage', () => {
    for (const sizes of ['many', '0', '-5', '1.5', '1000,x', '9999999']) {
      expect(() => parse([`--sizes=${sizes}`])).toThrow(/numbers of passages/);
    }
    expect(() => parse(['--fast'])).toThrow(/--fast/);
  });
});
