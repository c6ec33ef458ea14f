/**
 * All of TPC-DS on tiny data. Expected are a real Trino's rows, types and errors over its `tpcds.tiny` (`tests/tpc/trino-rows`): the lake
 * holds the same, for the connector's own generator made it.
 */
import { expect, it } from 'vitest'
import { expectPart, expectRecorded } from './compare.ts'
import { readTinyRecording } from './recorded.ts'
import { describeOn, skipMissing } from './suite.ts'
import { openWorkload, type Workload, withoutLimit } from './workload.ts'

const SCALE = 0.01

const workload = await openWorkload('tpcds', SCALE).catch((error: unknown) => skipMissing('tpcds', error))
if (workload !== undefined) describeOn('folder', workload, (running) => queries(workload, running))

function queries({ queries }: Workload, { weir, weirError }: Parameters<Parameters<typeof describeOn>[2]>[0]): void {
  const recording = readTinyRecording('tpcds')

  it('knows what Trino answers to each of the 99 queries', () => {
    expect(queries).toHaveLength(99)
    expect(Object.keys(recording.answers).sort()).toEqual(queries.map(({ name }) => name))
  })

  it.each(queries)('$name', async ({ name, sql }) => {
    const recorded = recording.answers[name]
    if (recorded === undefined) throw new Error(`No answer of Trino to ${name} is recorded`)
    if ('error' in recorded) {
      expect(await weirError(sql)).toBe(recorded.error)
      return
    }
    const whole = withoutLimit(sql)
    const answer = await weir(whole)
    expectRecorded(answer, recorded, sql)
    const limit = /\sLIMIT\s+(\d+)\s*$/i.exec(sql)
    if (limit !== null) expectPart(await weir(sql), answer, Number(limit[1]))
  })
}
