import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fail } from '../../src/terminal/fail.ts';
import { BENCH_HELP, parseBenchArguments } from './bench-arguments.ts';

const REPEATS = { starts: 7, builds: 3, rounds: 3 };
const QUICK_REPEATS = { starts: 5, builds: 1, rounds: 1 };

try {
  const wanted = parseBenchArguments(process.argv.slice(2));
  if (wanted === null) {
    process.stdout.write(BENCH_HELP);
  } else {
    const { PROJECT_FOLDER } = await import('../../src/config.ts');
    const { runBenchmark } = await import('./benchmark.ts');
    const { benchmarkMarkdown } = await import('./report.ts');
    const result = await runBenchmark({
      sizes: wanted.sizes,
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
  }
} catch (error) {
  fail(error);
}
