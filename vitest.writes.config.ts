import { defineConfig } from 'vitest/config'

/** Writes against real stores, with processes that are killed (`npm run test:writes`). */
export default defineConfig({
  test: {
    include: ['tests/writes/**/*.test.ts'],
    testTimeout: 240_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 1,
  },
})
