import { defineConfig } from 'vitest/config';

/** Tests that start programs, bots or models: each file has a process of its own. */
const PROCESS_TESTS = [
  'test/e2e/**/*.test.ts',
  'test/embedding/{bundled-model,encoder-process,load-model,open-embedder,worker-embedder}.test.ts',
  'test/index/killed-build.test.ts',
  'test/scripts/*.test.ts',
  'test/terminal/process.test.ts',
  'test/tools/bench/child-*.test.ts',
];

const common = {
  // hnswlib-node and onnxruntime-node are native add-ons that crash in worker threads.
  pool: 'forks',
  // Far more than anything takes on an idle machine, and nothing waits for it to pass.
  testTimeout: 300_000,
  hookTimeout: 300_000,
  expect: { poll: { timeout: 30_000 } },
} as const;

export default defineConfig({
  test: {
    globalSetup: 'test/support/global-setup.ts',
    maxWorkers: '100%',
    projects: [
      {
        test: {
          ...common,
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: PROCESS_TESTS,
          // Loading the modules anew for each file would take longer than most files do.
          isolate: false,
        },
      },
      {
        test: {
          ...common,
          name: 'process',
          include: PROCESS_TESTS,
        },
      },
    ],
  },
});
