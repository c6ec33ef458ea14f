/** The suites' common part: a lake in a store, a Weir on it, DuckDB on its files, and what Trino said. */
import { afterAll, beforeAll, describe, it } from 'vitest'
import { MissingTool } from '#tests/support/tools'
import { type LakeStore, registerTables, type StoreName, startLakeStore, startWeirOn } from '#tests/support/tpc-lake'
import type { WeirServer } from '#tests/support/weir'
import { type Answer, parseExact } from './answer.ts'
import { openOracle } from './oracle.ts'
import type { Workload } from './workload.ts'

export interface Running {
  /** Weir's answer, with every digit; throws with Weir's error when there is none. */
  weir(sql: string): Promise<Answer>
  /** Name of the error that Weir ends a query with. */
  weirError(sql: string): Promise<string | undefined>
  duckdb(sql: string): Promise<Answer>
}

/** Where a tool is missing: in CI a failure, elsewhere a test that says why it is skipped. */
export function skipMissing(title: string, error: unknown): void {
  if (!(error instanceof MissingTool)) throw error
  describe(title, () => {
    it(`SKIPPED: ${error.message}`, ({ skip }) => {
      if (process.env.CI) throw error
      skip(error.message)
    })
  })
}

/** Declares a suite on one store. */
export function describeOn(store: StoreName, workload: Workload, tests: (running: Running) => void): void {
  describe(`${workload.schema} on ${store}`, () => {
    let lake: LakeStore
    let server: WeirServer
    let oracle: Awaited<ReturnType<typeof openOracle>>
    beforeAll(async () => {
      oracle = await openOracle(workload.schema, workload.folder, workload.tables)
      lake = await startLakeStore(store, workload.folder)
      server = await startWeirOn(lake)
      await registerTables(server, lake, workload.schema, workload.definitions ?? workload.tables)
    })
    afterAll(async () => {
      oracle?.close()
      await server?.stop()
      await lake?.close()
    })
    const ask = async (sql: string) => {
      const { text } = await server.sql(sql, { schema: workload.schema })
      return parseExact(text) as Answer & { readonly error?: { readonly name: string; readonly message: string } }
    }
    tests({
      async weir(sql) {
        const answer = await ask(sql)
        if (answer.error !== undefined) throw new Error(`${answer.error.name}: ${answer.error.message}`)
        return answer
      },
      weirError: async (sql) => (await ask(sql)).error?.name,
      duckdb: (sql) => oracle.query(sql),
    })
  })
}
