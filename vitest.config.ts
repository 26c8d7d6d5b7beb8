import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // hnswlib-node and onnxruntime-node are native add-ons that crash in worker threads.
    pool: 'forks',
    testTimeout: 180_000,
    hookTimeout: 400_000,
  },
});
