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
    testTimeout: 30_000,
    hookTimeout: 60_000,
    pool: 'forks',
    maxWorkers: 2,
    server: { deps: { inline: [/dt-sql-parser/, /antlr4/] } },
  },
})
