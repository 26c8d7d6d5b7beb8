import { appendFile, cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArgsDef, ParsedArgs } from 'citty';
import { readConfig } from '../../src/config.ts';
import type { BuildReport } from '../../src/index/build.ts';
import { usageError } from '../../src/terminal/command-line.ts';
import {
  describeMachine,
  runChild,
  spreadOf,
  type ChildRun,
  type Machine,
  type Spread,
} from './measure.ts';
import type { PartResults } from './part.ts';

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

export interface BenchmarkOptions {
  /** Numbers of passages of the recombined corpora. */
  readonly sizes: readonly number[];
  /** How often a process is started, or the questions are asked. */
  readonly repeats: { readonly starts: number; readonly builds: number; readonly rounds: number };
  /** Told what is being measured. */
  readonly onPart: (what: string) => void;
}

/** A child process several times: wall time, and processor time of it and the processes it started. Milliseconds. */
export interface Runs {
  readonly runs: number;
  readonly wall: Spread;
  readonly cpu: Spread;
}

export interface CorpusResult {
  /** From a fresh process to its first answer. */
  readonly firstAnswer: Runs;
  readonly modelLoad: Runs;
  readonly indexLoad: Runs;
  readonly memoryMiB: number;
  readonly encoderMiB: number;
  /** Build from nothing, process start included. */
  readonly fullBuild: Runs;
  /** The same after one document was changed. */
  readonly rebuild: Runs & { readonly embedded: number };
  readonly index: PartResults['answers'];
}

export interface SyntheticResult {
  readonly passages: number;
  readonly build: PartResults['synthetic-build'];
  readonly answers: PartResults['synthetic-ask'];
}

export interface BenchmarkResult {
  readonly at: string;
  readonly model: string;
  readonly machine: Machine;
  readonly corpus: CorpusResult;
  readonly synthetic: readonly SyntheticResult[];
}

const SEED = 20240105;
const QUESTION = 'How long did the meeting with the Ukrainian foreign minister last?';

/** Measures everything, one thing after the other, in folders that are gone afterwards. */
export async function runBenchmark(options: BenchmarkOptions): Promise<BenchmarkResult> {
  const machine = describeMachine();
  const corpus = await inTemporaryFolder((folder) => measureCorpus(folder, options));
  const synthetic: SyntheticResult[] = [];
  for (const passages of options.sizes) {
    synthetic.push(
      await inTemporaryFolder((folder) => measureSynthetic(passages, folder, options)),
    );
  }
  const model = readConfig().embedding.model;
  return { at: new Date().toISOString(), model, machine, corpus, synthetic };
}

async function measureCorpus(
  folder: string,
  { repeats, onPart }: BenchmarkOptions,
): Promise<CorpusResult> {
  const corpusFolder = join(folder, 'corpus');
  await cp(readConfig().corpusFolder, corpusFolder, { recursive: true });
  const indexFolder = join(folder, 'index');
  const settings = { CORPUS_DIR: corpusFolder, INDEX_DIR: indexFolder };

  onPart('full build');
  const full: ChildRun[] = [];
  for (let run = 0; run < repeats.builds; run++) {
    await rm(indexFolder, { recursive: true, force: true });
    full.push(await build(settings));
  }
  onPart('start to first answer');
  const starts = await repeat(repeats.starts, () =>
    runChild({ command: ['scripts/ask.ts', '--json', QUESTION], settings }),
  );
  onPart('loading');
  const loads = await repeat(repeats.starts, () => runPart('load', {}, settings));
  onPart('question to answer');
  const index = await runPart('answers', { rounds: repeats.rounds }, settings);
  onPart('rebuild after one change');
  const rebuilds: ChildRun[] = [];
  const changed = await someDocument(corpusFolder);
  for (let run = 0; run < repeats.builds; run++) {
    await appendFile(changed, `\nNote ${run + 1}: reporters were told so on the way.\n`);
    rebuilds.push(await build(settings));
  }
  const lastReport = JSON.parse(rebuilds.at(-1)?.output ?? '{}') as BuildReport;
  return {
    firstAnswer: runsOf(
      starts.map(({ firstOutputMs, cpuMs }) => ({ wallMs: firstOutputMs, cpuMs })),
    ),
    modelLoad: runsOf(loads.map(({ model }) => model)),
    indexLoad: runsOf(loads.map((load) => load.index)),
    memoryMiB: spreadOf(loads.map(({ memoryMiB }) => memoryMiB)).median,
    encoderMiB: spreadOf(loads.map(({ encoderMiB }) => encoderMiB)).median,
    fullBuild: runsOf(full.map(({ exitMs, cpuMs }) => ({ wallMs: exitMs, cpuMs }))),
    rebuild: {
      ...runsOf(rebuilds.map(({ exitMs, cpuMs }) => ({ wallMs: exitMs, cpuMs }))),
      embedded: lastReport.embedded,
    },
    index,
  };
}

async function measureSynthetic(
  passages: number,
  folder: string,
  { repeats, onPart }: BenchmarkOptions,
): Promise<SyntheticResult> {
  const settings = { INDEX_DIR: join(folder, 'index') };
  onPart(`${passages} passages: build`);
  const build = await runPart('synthetic-build', { passages, seed: SEED }, settings);
  onPart(`${passages} passages: questions`);
  const answers = await runPart('synthetic-ask', { rounds: repeats.rounds, seed: SEED }, settings);
  return { passages, build, answers };
}

async function someDocument(corpusFolder: string): Promise<string> {
  const files = await readdir(corpusFolder, { recursive: true });
  const [first] = files.filter((file) => /\.(?:md|txt)$/.test(file)).sort();
  if (first === undefined) throw new Error(`There is no text to change in ${corpusFolder}.`);
  return join(corpusFolder, first);
}

function build(settings: Readonly<Record<string, string>>): Promise<ChildRun> {
  return runChild({ command: ['scripts/build-index.ts', '--json'], settings });
}

async function runPart<Name extends keyof PartResults>(
  name: Name,
  options: object,
  settings: Readonly<Record<string, string>>,
): Promise<PartResults[Name]> {
  const { output } = await runChild({
    command: ['tools/bench/part.ts', name, JSON.stringify(options)],
    settings,
    nodeOptions: ['--expose-gc'],
  });
  return JSON.parse(output) as PartResults[Name];
}

async function repeat<Result>(times: number, work: () => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let run = 0; run < times; run++) results.push(await work());
  return results;
}

function runsOf(costs: readonly { readonly wallMs: number; readonly cpuMs: number }[]): Runs {
  return {
    runs: costs.length,
    wall: spreadOf(costs.map(({ wallMs }) => wallMs)),
    cpu: spreadOf(costs.map(({ cpuMs }) => cpuMs)),
  };
}

async function inTemporaryFolder<Result>(
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'dragoman-bench-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
