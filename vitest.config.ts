import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest, in their order: the real index is built for the first of them, while the others start. */
const LONGEST = [
  'e2e/commands',
  'index/killed-build',
  'tools/evaluation/answers',
  'terminal/process',
  'database/database',
  'answer/answer',
  'database/bots',
  'embedding/open-embedder',
  'embedding/worker-embedder',
  'e2e/signals',
  'scripts/build-index',
];

/** Starts the longest files first, so that none of them is left to run alone at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification): number => {
      const at = LONGEST.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return at < 0 ? LONGEST.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
    // A test that counts with V8's coverage would reset the counters of `--coverage`.
    env: process.argv.includes('--coverage') ? { COVERAGE: 'on' } : {},
    sequence: { sequencer: LongestFirst },
    // hnswlib-node and onnxruntime-node are native add-ons that crash in worker threads.
    pool: 'forks',
    // Loading the modules anew for each file would take longer than most files do: no test changes what it imports.
    isolate: false,
    // One more than there are cores, because tests wait: for the encoder, for programs, for Discord's delays.
    maxWorkers: availableParallelism() + 1,
    // Far more than anything takes on an idle machine, and nothing waits for it to pass.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    expect: { poll: { timeout: 120_000 } },
  },
});
