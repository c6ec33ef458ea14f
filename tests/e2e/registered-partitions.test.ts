/** Registered partitions whose folders share pages of a listing: each file is read once. */
import { expect, it } from 'vitest'
import { startS3Server } from '#tests/support/s3-server'
import { copyBytes } from '#tests/support/sample-objects'
import { startWeir } from '#tests/support/weir'

const PARTITIONS = 300

it('reads each file of many registered partitions once', async () => {
  const s3 = await startS3Server({ buckets: ['lake'] })
  const bytes = await copyBytes('SELECT i AS id FROM range(10) t(i)', 'FORMAT parquet')
  for (let index = 0; index < PARTITIONS; index++) s3.put('lake', `t/n=${1000 + index}/part.parquet`, bytes)
  const weir = await startWeir({ env: s3.env })
  try {
    const rows = async (sql: string) => {
      const { json } = await weir.sql(sql)
      expect(json.error, sql).toBeUndefined()
      return json.rows
    }
    await rows(
      "CREATE TABLE t (id bigint, n integer) WITH (external_location = 's3://lake/t/', format = 'PARQUET', partitioned_by = ARRAY['n'], partition_discovery = 'registered')",
    )
    await rows("CALL system.sync_partition_metadata('default', 't', 'FULL')")
    expect(await rows('SELECT count(*), count(DISTINCT n), count(DISTINCT "$path") FROM t')).toEqual([[3000, 300, 300]])
    expect(await rows('SELECT count(id), sum(id) FROM t WHERE n >= 1100')).toEqual([[2000, 9000]])
    expect(await rows('SELECT id FROM t LIMIT 25')).toHaveLength(25)
    expect(await rows('SELECT count(*) FROM (SELECT id FROM t LIMIT 2500)')).toEqual([[2500]])
  } finally {
    await weir.stop()
    await s3.close()
  }
})
