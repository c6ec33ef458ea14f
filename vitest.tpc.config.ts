import { defineConfig } from 'vitest/config'

/** TPC-H and TPC-DS against DuckDB and recorded answers of Trino (`npm run test:tpc`); WEIR_TPCH_SF=1 for the full size. */
export default defineConfig({
  test: {
    include: ['tests/tpc/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 600_000,
    pool: 'forks',
    maxWorkers: 1,
  },
})
