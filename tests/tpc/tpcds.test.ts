/**
 * All of TPC-DS on tiny data. Expected are DuckDB's rows on the same files, or a real Trino's where its rules are others:
 * averages and quotients of decimals, division by zero, char padded by concatenation (`tests/tpc/trino-rows`).
 */
import { expect, it } from 'vitest'
import { expectAnswer, expectPart, expectRecorded } from './compare.ts'
import { readRecording } from './recorded.ts'
import { describeOn, skipMissing } from './suite.ts'
import { openWorkload, type Workload, withoutLimit } from './workload.ts'

const SCALE = 0.01

const workload = await openWorkload('tpcds', SCALE).catch((error: unknown) => skipMissing('tpcds', error))
if (workload !== undefined) describeOn('folder', workload, (running) => queries(workload, running))

function queries({ queries }: Workload, { weir, weirError, duckdb }: Parameters<Parameters<typeof describeOn>[2]>[0]): void {
  const recording = readRecording('tpcds', SCALE)

  it('knows what Trino answers to each of the 99 queries', () => {
    expect(queries).toHaveLength(99)
    expect([...recording.sameInDuckdb, ...Object.keys(recording.answers)].sort()).toEqual(queries.map(({ name }) => name))
  })

  it.each(queries)('$name', async ({ name, sql }) => {
    const recorded = recording.answers[name]
    if (recorded !== undefined && 'error' in recorded) {
      expect(await weirError(sql)).toBe(recorded.error)
      return
    }
    const whole = withoutLimit(sql)
    const answer = await weir(whole)
    if (recorded === undefined) expectAnswer(answer, await duckdb(whole), sql)
    else expectRecorded(answer, recorded, sql)
    const limit = /\sLIMIT\s+(\d+)\s*$/i.exec(sql)
    if (limit !== null) expectPart(await weir(sql), answer, Number(limit[1]))
  })
}
