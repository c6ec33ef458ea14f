/** TPC-H on three stores: equal to DuckDB on the same files, and to a real Trino where its decimal rules are others. */
import { expect, it } from 'vitest'
import type { StoreName } from '#tests/support/tpc-lake'
import { expectAnswer, expectRecorded } from './compare.ts'
import { readRecording } from './recorded.ts'
import { describeOn, skipMissing } from './suite.ts'
import { openWorkload, type Workload } from './workload.ts'

const SCALE = Number(process.env.WEIR_TPCH_SF ?? 0.1)
const STORES: readonly StoreName[] = ['folder', 'minio', 'fake-gcs-server']

const workload = await openWorkload('tpch', SCALE).catch((error: unknown) => skipMissing('tpch', error))
if (workload !== undefined) for (const store of STORES) describeOn(store, workload, (running) => queries(workload, running))

function queries({ queries }: Workload, { weir, duckdb }: Parameters<Parameters<typeof describeOn>[2]>[0]): void {
  const recording = readRecording('tpch', SCALE)

  it('knows what Trino answers to each query', () => {
    expect([...recording.sameInDuckdb, ...Object.keys(recording.answers)].sort()).toEqual(queries.map(({ name }) => name))
  })

  it.each(queries)('$name', async ({ name, sql }) => {
    const recorded = recording.answers[name]
    if (recorded !== undefined && 'error' in recorded) throw new Error(`Trino fails on ${name}: ${recorded.error}`)
    if (recorded === undefined) expectAnswer(await weir(sql), await duckdb(sql), sql)
    else expectRecorded(await weir(sql), recorded, sql)
  })
}
