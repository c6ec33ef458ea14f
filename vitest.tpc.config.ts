import { defineConfig } from 'vitest/config'

/** TPC-H and TPC-DS against DuckDB and recorded answers of Trino (`npm run test:tpc`); WEIR_TPCH_SF=1 for the full size. */
export default defineConfig({
  test: {
    include: ['tests/tpc/**/*.test.ts'],
    // Bounds against hanging, not of speed: a machine that does much else beside may take ten times as long.
    testTimeout: 900_000,
    hookTimeout: 900_000,
    expect: { poll: { timeout: 60_000 } },
    pool: 'forks',
    maxWorkers: 1,
  },
})
