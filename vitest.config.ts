import { configDefaults, defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // Suites with servers, programs or durations of their own have their own commands (`npm run test:*`, `bench`, `soak:*`).
    exclude: [
      ...configDefaults.exclude,
      'tests/stores/**',
      'tests/pack/**',
      'tests/tpc/**',
      'tests/clients/**',
      'tests/writes/**',
      'tests/bench/**',
      'tests/soak/**',
    ],
    // Bounds against hanging, not of speed: a machine that does much else beside may take ten times as long.
    testTimeout: 300_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    maxWorkers: 2,
    server: { deps: { inline: [/dt-sql-parser/, /antlr4/] } },
  },
})
