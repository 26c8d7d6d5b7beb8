import type { ArgsDef, ParsedArgs } from 'citty';
import { usageError } from '../../src/terminal/command-line.ts';

const DEFAULT_SIZES = '1000,10000,100000';
const QUICK_SIZES = '1000';
const MOST_PASSAGES = 1_000_000;

export const BENCH_ARGS = {
  sizes: {
    type: 'string',
    valueHint: 'list',
    description: `Passages of the recombined corpora (default: ${DEFAULT_SIZES}; the last takes minutes)`,
  },
  quick: {
    type: 'boolean',
    description: 'Only 1,000 passages, fewer repeats; --sizes wins over it',
  },
  write: { type: 'boolean', description: 'Write the tables to docs/BENCHMARKS.md' },
  json: { type: 'boolean', description: 'Print the figures as JSON' },
} as const satisfies ArgsDef;

export interface BenchArguments {
  readonly sizes: readonly number[];
  readonly quick: boolean;
  readonly write: boolean;
  readonly json: boolean;
}

/** @throws DragomanError USAGE */
export function benchArguments(args: ParsedArgs<typeof BENCH_ARGS>): BenchArguments {
  const { sizes, quick = false, write = false, json = false } = args;
  return { sizes: sizesOf(sizes ?? (quick ? QUICK_SIZES : DEFAULT_SIZES)), quick, write, json };
}

/** An empty list is allowed: then only the corpus itself is measured. */
function sizesOf(list: string): number[] {
  return list
    .split(',')
    .filter((size) => size.trim() !== '')
    .map((size) => {
      const passages = Number(size);
      if (Number.isInteger(passages) && passages >= 1 && passages <= MOST_PASSAGES) return passages;
      throw usageError(`Expected numbers of passages from 1 to ${MOST_PASSAGES}, found "${size}".`);
    });
}
