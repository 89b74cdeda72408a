import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

const exclude = ['**/node_modules/**', '**/fixtures/**'];

export default defineConfig({
  test: {
    pool: 'forks',
    // Each has a server, its threads and often a browser beside it; and a third of the time it waits for them.
    maxWorkers: Math.min(availableParallelism() + 1, 4),
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/**/*.test.ts', 'scripts/**/*.test.ts'],
          exclude,
          testTimeout: 20_000,
        },
      },
      {
        // Whole servers, over real HTTP and in a real browser.
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/**/*.test.ts'],
          exclude,
          globalSetup: ['test/harness/once-a-run.ts'],
          // The whole server is read once for each process, and not once for each file; no file changes a module.
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          // A condition that is polled is waited for as long as the browser's own waits are.
          expect: { poll: { timeout: 30_000 } },
        },
      },
    ],
  },
});
