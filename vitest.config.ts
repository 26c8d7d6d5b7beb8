import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/support/global-setup.ts',
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
