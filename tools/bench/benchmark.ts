import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { appendFile, cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ArgsDef, ParsedArgs } from 'citty';
import { PROJECT_FOLDER, readConfig } from '../../src/config.ts';
import type { BuildReport } from '../../src/index/build.ts';
import { usageError, wholeNumber } from '../../src/terminal/command-line.ts';
import {
  describeMachine,
  runChild,
  runPart,
  runUntil,
  spreadOf,
  type ChildRun,
  type Machine,
  type Spread,
} from './measure.ts';
import type { PartResults } from './part.ts';
import { PEER_NAMES, type PeerName } from './peers.ts';

const DEFAULT_SIZES = '1000,10000,100000';
const QUICK_SIZES = '1000';
const MOST_PASSAGES = 1_000_000;

export const BENCH_ARGS = {
  sizes: {
    type: 'string',
    valueHint: 'list',
    description: `Passages of the recombined corpora, or "none" (default: ${DEFAULT_SIZES}; the last takes minutes)`,
  },
  quick: {
    type: 'boolean',
    description: 'Only 1,000 passages, fewer repeats; --sizes wins over it',
  },
  write: { type: 'boolean', description: 'Write the tables to docs/BENCHMARKS.md' },
  json: { type: 'boolean', description: 'Print the figures as JSON' },
  minutes: {
    type: 'string',
    valueHint: 'number',
    description: 'Time limit; measurements that are not done by then are left out and listed',
    default: '10',
  },
} as const satisfies ArgsDef;

export interface BenchArguments {
  readonly sizes: readonly number[];
  readonly quick: boolean;
  readonly write: boolean;
  readonly json: boolean;
  readonly minutes: number;
}

/** @throws DragomanError USAGE */
export function benchArguments(args: ParsedArgs<typeof BENCH_ARGS>): BenchArguments {
  const { sizes, quick = false, write = false, json = false } = args;
  const minutes = wholeNumber('--minutes', args.minutes, { from: 1 });
  return {
    sizes: sizesOf(sizes ?? (quick ? QUICK_SIZES : DEFAULT_SIZES)),
    ...{ quick, write, json, minutes },
  };
}

/** "none": only the corpus itself is measured. */
function sizesOf(list: string): number[] {
  if (list === 'none') return [];
  return list.split(',').map((size) => {
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
  /** For all of it. */
  readonly minutes: number;
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

/** Null where the time was over. */
export interface SyntheticResult {
  readonly passages: number;
  /** Of the machine before and after: see {@link Machine}. */
  readonly loads: readonly number[];
  readonly build: PartResults['synthetic-build'] | null;
  readonly answers: PartResults['synthetic-ask'] | null;
  readonly peers: readonly PeerResult[];
}

interface PeerResult {
  readonly name: PeerName;
  /** Null for an engine that keeps nothing, too: it is built when it is loaded. */
  readonly build: PartResults['peer-build'];
  readonly answers: PartResults['peer-ask'] | null;
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
  await installPeers(options);
  const end = performance.now() + options.minutes * 60_000;
  const corpus = await inTemporaryFolder((folder) => measureCorpus(folder, options));
  const synthetic: SyntheticResult[] = [];
  for (const passages of options.sizes) {
    synthetic.push(
      await inTemporaryFolder((folder) => measureSynthetic(passages, folder, { ...options, end })),
    );
  }
  const model = readConfig().embedding.model;
  return { at: new Date().toISOString(), model, machine, corpus, synthetic };
}

/** Into this folder alone, and once: they are not dependencies of the project. */
async function installPeers({ onPart }: BenchmarkOptions): Promise<void> {
  const folder = join(PROJECT_FOLDER, 'tools/bench');
  if (existsSync(join(folder, 'node_modules'))) return;
  onPart('nothing yet: installing the engines to compare with (270 MB)');
  await promisify(execFile)('npm', ['install', '--prefix', folder, '--no-package-lock'], {
    shell: process.platform === 'win32',
  });
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
    runChild({ command: ['scripts/run.js', 'ask', '--json', QUESTION], settings }),
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
  { repeats, onPart, end }: BenchmarkOptions & { readonly end: number },
): Promise<SyntheticResult> {
  const settings = { INDEX_DIR: join(folder, 'index') };
  const run = <Name extends keyof PartResults>(
    name: Name,
    options: object,
  ): Promise<PartResults[Name] | null> => runUntil(end, name, options, settings);
  const before = describeMachine().load;
  const loads = (): number[] => [before, describeMachine().load];
  onPart(`${passages} passages: build`);
  const build = await run('synthetic-build', { passages, seed: SEED });
  if (build === null) return { passages, loads: loads(), build, answers: null, peers: [] };
  onPart(`${passages} passages: questions`);
  const answers = await run('synthetic-ask', { rounds: repeats.rounds, seed: SEED });
  const questions = join(folder, 'questions.json');
  await writeFile(questions, JSON.stringify(await run('questions', {})));
  const peers: PeerResult[] = [];
  for (const name of PEER_NAMES) {
    onPart(`${passages} passages: ${name}`);
    const own = await mkdtemp(join(folder, 'peer-'));
    const options = { engine: name, folder: own, questions };
    const built = await run('peer-build', options);
    peers.push({ name, build: built, answers: await run('peer-ask', options) });
    await rm(own, { recursive: true, force: true });
  }
  return { passages, loads: loads(), build, answers, peers };
}

async function someDocument(corpusFolder: string): Promise<string> {
  const files = await readdir(corpusFolder, { recursive: true });
  const [first] = files.filter((file) => /\.(?:md|txt)$/.test(file)).sort();
  if (first === undefined) throw new Error(`There is no text to change in ${corpusFolder}.`);
  return join(corpusFolder, first);
}

function build(settings: Readonly<Record<string, string>>): Promise<ChildRun> {
  return runChild({ command: ['scripts/run.js', 'build-index', '--json'], settings });
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
