import { defineConfig } from 'vitest/config'

/** The published package, installed as a user would (`npm run test:pack`): needs the npm registry. */
export default defineConfig({
  test: { include: ['tests/pack/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 600_000, pool: 'forks', maxWorkers: 1 },
})
