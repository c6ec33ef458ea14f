import { defineConfig } from 'vitest/config'

/** Writes against real stores, with processes that are killed (`npm run test:writes`). */
export default defineConfig({
  test: {
    include: ['tests/writes/**/*.test.ts'],
    // Bounds against hanging, not of speed: a machine that does much else beside may take ten times as long.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    maxWorkers: 1,
  },
})
