import { defineConfig } from 'vitest/config'

/** Trino's own clients, unmodified, against a server (`npm run test:clients`): needs Python and pip, Java and Maven. */
export default defineConfig({
  test: {
    include: ['tests/clients/**/*.test.ts'],
    // Bounds against hanging, not of speed: a machine that does much else beside may take ten times as long.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    maxWorkers: 1,
  },
})
