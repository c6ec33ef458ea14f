/**
 * The optimizer over all queries of TPC-H and TPC-DS: plans stay valid after every rule, and the rules come to an end.
 * The plans of TPC-H are compared with tests/plans/tpch/*.plan (`UPDATE_PLANS=1` writes them); the query texts come from a
 * registry package at test time.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { printPlan } from '#src/logical/plan-print'
import { optimize } from '#src/optimize/optimizer'
import { analyzeText } from '#tests/support/analysis'
import { MissingTool } from '#tests/support/tools'
import { type TpcQuery, tpcQueries } from '#tests/support/tpc-queries'
import { TPCDS_TABLES } from '#tests/support/tpcds-schema'
import { TPCH_TABLES } from '#tests/support/tpch-schema'

const update = process.env.UPDATE_PLANS === '1'
const tables = { tpch: TPCH_TABLES, tpcds: TPCDS_TABLES }

async function queriesOf(benchmark: 'tpch' | 'tpcds'): Promise<readonly TpcQuery[] | string> {
  try {
    return await tpcQueries(benchmark, benchmark)
  } catch (error) {
    if (error instanceof MissingTool) return error.message
    throw error
  }
}

for (const benchmark of ['tpch', 'tpcds'] as const) {
  const queries = await queriesOf(benchmark)
  describe.skipIf(typeof queries === 'string')(typeof queries === 'string' ? `${benchmark}: ${queries}` : benchmark, () => {
    for (const { name, sql } of typeof queries === 'string' ? [] : queries) {
      it(name, () => {
        const { plan, passes } = optimize(analyzeText(sql, { tables: tables[benchmark], schema: benchmark }), { verify: true })
        expect(passes).toBeLessThan(10)
        if (benchmark === 'tpcds') return
        const path = join(import.meta.dirname, benchmark, `${name}.plan`)
        const text = `${printPlan(plan)}\n`
        if (update) writeFileSync(path, text)
        expect(text).toBe(readFileSync(path, 'utf8'))
      })
    }
  })
}
