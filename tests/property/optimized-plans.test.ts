/** Every query gives the same rows optimized and pruned as it does in the analyzer's plan over all files: rules and pruning change no result. */
import '#tests/support/fixed-seed'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { discover } from '#catalog/partitions/discover'
import { readFooter } from '#connectors/formats/parquet/read-footer'
import { FileStore } from '#connectors/storage/file-store'
import { createKernel } from '#src/kernel/duckdb-kernel'
import type { Kernel, KernelFrame } from '#src/kernel/kernel'
import type { QueryPlan } from '#src/logical/plan'
import { optimize } from '#src/optimize/optimizer'
import type { PhysicalPlan } from '#src/physical/plan'
import { planQuery } from '#src/physical/plan-query'
import type { PlanningSources } from '#src/physical/plan-scan'
import { buildSideReader } from '#src/query/build-sides'
import { BlockCache } from '#src/scan/block-cache'
import { createScanner, type Scanner } from '#src/scan/scanner'
import { duck } from '#tests/support/duck'
import { joinFrames } from '#tests/support/kernel-lake'
import { analyzed, tablesUnder } from '#tests/support/plan-tables'
import { queries } from '#tests/support/sql-generator'

const folder = mkdtempSync(join(tmpdir(), 'weir-plans-'))
const store = new FileStore({ checkRealPath: async () => {} })
const stores = { storeFor: () => store }
const signal = new AbortController().signal
let kernel: Kernel
let cache: BlockCache
let scanner: Scanner
let sources: PlanningSources

/** Small, with NULLs on both sides of every join; several files a partition, each with a range of keys of its own. */
async function writeTables(): Promise<void> {
  const orders = `SELECT i AS orderkey, CASE WHEN i % 4 = 0 THEN NULL ELSE i % 7 END AS custkey, CAST(i * 1.25 - 5 AS DECIMAL(12, 2)) AS total,
      [NULL, 'a', 'b', 'bc', 'zz'][1 + i % 5] AS priority, 'c' || i AS comment FROM range(-1, 12) t (i)`
  for (const [place, day] of ['2024-01-01', '2024-01-02', '2024-01-03', '__HIVE_DEFAULT_PARTITION__'].entries()) {
    for (const [part, range] of ['orderkey < 4', 'orderkey >= 4'].entries()) {
      await copy(`SELECT * FROM (${orders}) WHERE ${range} AND orderkey % ${place + 1} = 0`, `orders/dt=${day}`, `part-${part}`)
    }
  }
  const lines = `SELECT CASE WHEN i % 6 = 0 THEN NULL ELSE i % 14 END AS orderkey, i % 3 AS partkey, CAST(i % 9 - 1 AS INTEGER) AS quantity,
      CAST(i AS DECIMAL(12, 2)) AS price, CASE WHEN i % 5 = 0 THEN NULL ELSE DATE '2024-01-01' + CAST(i % 4 AS INTEGER) END AS shipped,
      ['a', 'bc', NULL][1 + i % 3] AS mode FROM range(40) t (i)`
  for (const quantity of [-1, 0, 1, 2, 3, 4, 5, 6, 7])
    await copy(`SELECT * FROM (${lines}) WHERE quantity = ${quantity}`, 'lines', `q${quantity}`)
  await copy(
    `SELECT i AS custkey, ['a', 'b', 'Bc', NULL][1 + i % 4] AS name, CAST(i % 2 AS INTEGER) AS nation FROM range(9) t (i)`,
    'customers',
    'all',
  )
}

async function copy(select: string, path: string, name: string): Promise<void> {
  mkdirSync(join(folder, path), { recursive: true })
  await duck(`COPY (${select}) TO '${join(folder, path, name)}.parquet' (FORMAT parquet)`)
}

beforeAll(async () => {
  await writeTables()
  cache = await BlockCache.open({ folder: join(folder, '.cache') })
  mkdirSync(join(folder, '.spill'))
  kernel = createKernel({ cacheFolder: cache.folder, spillFolder: join(folder, '.spill') })
  scanner = createScanner({ cache })
  sources = {
    lister: { discover: (table, filter) => discover(table, store, filter, signal) },
    footers: { footer: (_bucket, info) => readFooter(store, info, signal) },
    evaluator: kernel,
  }
})

afterAll(async () => {
  await kernel.close()
  await cache.close()
  rmSync(folder, { recursive: true, force: true })
})

let queryId = 0
/** Plans that a dynamic filter was added to. */
let filtered = 0

async function rowsOf(plan: QueryPlan, { dynamicFilters = false } = {}): Promise<readonly string[]> {
  const physical = await planQuery(plan, sources, {
    signal,
    ...(dynamicFilters && { buildSides: buildSideReader(keys), leastProbeBytes: 0 }),
  })
  if (physical.dynamicFilters !== undefined) filtered++
  const rows = JSON.parse(`[${(await encoded(physical)).toString('utf8')}]`) as unknown[]
  return rows.map((row) => JSON.stringify(row)).toSorted()
}

async function* keys(plan: PhysicalPlan): AsyncGenerator<KernelFrame> {
  const bytes = await encoded(plan)
  if (bytes.length > 0) yield { bytes, rows: 1 }
}

async function encoded(physical: PhysicalPlan): Promise<Buffer> {
  const scans = await Promise.all([...physical.scans.values()].map((scan) => scanner.prepareScan(scan, { stores, signal })))
  try {
    const result = await kernel.execute({
      queryId: `q${queryId++}`,
      plan: physical,
      scans: new Map(scans.map((scan) => [scan.plan.id, scan])),
      output: physical.output,
      format: 'json-rows',
      zone: 'UTC',
      signal,
    })
    return await joinFrames(result)
  } finally {
    for (const scan of scans) scan.release()
  }
}

it('gives the same rows with and without optimizing, and with dynamic filters', async () => {
  let nonEmpty = 0
  await fc.assert(
    fc.asyncProperty(queries, async (sql) => {
      const plan = analyzed(sql, tablesUnder(`file://${folder}/`))
      const expected = await rowsOf(plan)
      if (expected.length > 0) nonEmpty++
      const optimized = optimize(plan, { verify: true }).plan
      expect(await rowsOf(optimized), sql).toEqual(expected)
      expect(await rowsOf(optimized, { dynamicFilters: true }), sql).toEqual(expected)
    }),
    { numRuns: Number(process.env.PLAN_RUNS ?? 150) },
  )
  expect(nonEmpty).toBeGreaterThan(30)
  expect(filtered).toBeGreaterThan(10)
}, 3_600_000)
