import { defineConfig } from 'vitest/config'

/** The object store contract against real servers, which are built on first use (`npm run test:stores`). */
export default defineConfig({
  test: {
    include: ['tests/stores/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 1,
  },
})
