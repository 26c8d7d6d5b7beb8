import { FLAG, parseScriptArguments, usageError } from '../../src/terminal/arguments.ts';

export const BENCH_HELP = `Usage: npm run bench -- [options]

Measures this machine: process start to first answer, question to answer by stage, builds of the corpus, and builds,
loading, memory and answers of corpora recombined from its sentences. Every measurement runs in a process of its own.

  --sizes LIST   passages of the recombined corpora (default: 1000,10000,100000; the last takes minutes)
  --quick        only 1,000 passages, fewer repeats; --sizes wins over it
  --write        write the tables to docs/BENCHMARKS.md
  --json         print the figures as JSON
  --help         print this text

Exit codes: 0 done, 1 something failed, 2 wrong usage.
`;

const DEFAULT_SIZES = '1000,10000,100000';
const QUICK_SIZES = '1000';
const MOST_PASSAGES = 1_000_000;

export interface BenchArguments {
  readonly sizes: readonly number[];
  readonly quick: boolean;
  readonly write: boolean;
  readonly json: boolean;
}

/** Null when help was asked for. @throws DragomanError USAGE */
export function parseBenchArguments(args: readonly string[]): BenchArguments | null {
  const values = parse(args);
  if (values.help) return null;
  const { sizes, quick, write, json } = values;
  return { sizes: sizesOf(sizes ?? (quick ? QUICK_SIZES : DEFAULT_SIZES)), quick, write, json };
}

function parse(args: readonly string[]) {
  return parseScriptArguments('bench', {
    args: [...args],
    options: { sizes: { type: 'string' }, quick: FLAG, write: FLAG, json: FLAG, help: FLAG },
  }).values;
}

/** An empty list is allowed: then only the corpus itself is measured. */
function sizesOf(list: string): number[] {
  return list
    .split(',')
    .filter((size) => size.trim() !== '')
    .map((size) => {
      const passages = Number(size);
      if (Number.isInteger(passages) && passages >= 1 && passages <= MOST_PASSAGES) return passages;
      throw usageError(
        'bench',
        `Expected numbers of passages from 1 to ${MOST_PASSAGES}, found "${size}".`,
      );
    });
}
