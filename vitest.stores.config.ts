import { defineConfig } from 'vitest/config'

/** The object store contract against real servers, which are built on first use (`npm run test:stores`). */
export default defineConfig({
  test: {
    include: ['tests/stores/**/*.test.ts'],
    // Bounds against hanging, not of speed: a machine that does much else beside may take ten times as long.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    maxWorkers: 1,
  },
})
