import { defineConfig } from 'vitest/config';

/** The tests of the judgements alone: mutation runs them once for every mutant. */
export default defineConfig({
  test: {
    include: ['packages/decide/src/**/*.test.ts'],
    exclude: ['**/purity.test.ts', '**/node_modules/**'],
    pool: 'forks',
  },
});
