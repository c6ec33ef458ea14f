import { defineConfig } from 'vitest/config'

/** Trino's own clients, unmodified, against a server (`npm run test:clients`): needs Python and pip, Java and Maven. */
export default defineConfig({
  test: { include: ['tests/clients/**/*.test.ts'], testTimeout: 300_000, hookTimeout: 600_000, pool: 'forks', maxWorkers: 1 },
})
