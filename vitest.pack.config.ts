import { defineConfig } from 'vitest/config'

/** The published package, installed as a user would (`npm run test:pack`): needs the npm registry. */
export default defineConfig({
  test: {
    include: ['tests/pack/**/*.test.ts'],
    // Bounds against hanging, not of speed: a machine that does much else beside may take ten times as long.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    maxWorkers: 1,
  },
})
