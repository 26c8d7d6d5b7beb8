import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommandLine } from '../../src/terminal/command-line.ts';
import { BENCH_ARGS, benchArguments } from './benchmark.ts';

const REPEATS = { starts: 3, builds: 1, rounds: 1 };
const QUICK_REPEATS = { starts: 2, builds: 1, rounds: 1 };

await runCommandLine({
  name: 'npm run bench --',
  description:
    'Measures this machine: process start to first answer, question to answer by stage, builds of the corpus, and\n' +
    'builds, loading, memory and answers of corpora recombined from its sentences. Every measurement runs in a\n' +
    'process of its own.',
  args: BENCH_ARGS,
  outputIsOptional: true,
  run: async (args) => {
    const wanted = benchArguments(args);
    const { PROJECT_FOLDER } = await import('../../src/config.ts');
    const { runBenchmark } = await import('./benchmark.ts');
    const { benchmarkMarkdown } = await import('./report.ts');
    const result = await runBenchmark({
      sizes: wanted.sizes,
      minutes: wanted.minutes,
      repeats: wanted.quick ? QUICK_REPEATS : REPEATS,
      onPart: (what) => process.stderr.write(`Measuring ${what}\n`),
    });
    const tables = benchmarkMarkdown(result);
    process.stdout.write(wanted.json ? `${JSON.stringify(result, null, 2)}\n` : tables);
    if (wanted.write) {
      const folder = join(PROJECT_FOLDER, 'docs');
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'BENCHMARKS.md'), tables);
    }
  },
});
