/** All of TPC-H on the tables of Trino's `tpch.tiny`: a real Trino's rows and types (`tests/tpc/trino-rows`). */
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { TPCH_TABLES } from '#tests/support/tpch-schema'
import { expectRecorded } from './compare.ts'
import { readTinyRecording } from './recorded.ts'
import { describeOn, skipMissing } from './suite.ts'
import { benchmarkQueries, withoutLimit } from './workload.ts'

const folder = join(import.meta.dirname, '../sql/tpch-tiny')
const queries = await benchmarkQueries('tpch').catch((error: unknown) => skipMissing('tpch tiny', error))
if (queries !== undefined) {
  const workload = { schema: 'tpch', folder, tables: [...TPCH_TABLES.keys()], definitions: TPCH_TABLES, queries } as const
  describeOn('folder', workload, ({ weir }) => {
    const { answers } = readTinyRecording('tpch')

    it('knows what Trino answers to each of the 22 queries', () => {
      expect(queries).toHaveLength(22)
      expect(Object.keys(answers).sort()).toEqual(queries.map(({ name }) => name))
    })

    it.each(queries)('$name', async ({ name, sql }) => {
      const recorded = answers[name]
      if (recorded === undefined || 'error' in recorded) throw new Error(`No rows of Trino are recorded for ${name}`)
      expectRecorded(await weir(withoutLimit(sql)), recorded, sql)
    })
  })
}
