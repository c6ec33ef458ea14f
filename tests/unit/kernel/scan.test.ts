import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { comparison, literal } from '#src/logical/build'
import { BIGINT, DATE, DOUBLE, decimal, INTEGER, timestamp, timestampWithTimeZone, VARCHAR } from '#src/types/type'
import { column, type Lake, openLake } from '#tests/support/kernel-lake'

describe('scanning Parquet units', () => {
  let lake: Lake
  beforeAll(async () => {
    lake = await openLake()
    for (const part of [0, 1, 2]) {
      await lake.oracle.run(
        `COPY (SELECT i AS a, 'x' || i AS b, i * 1.5 AS "we""ird, name" FROM range(${part * 1000}, ${part * 1000 + 1000}) t(i)) TO '${join(lake.folder, `p${part}.parquet`)}' (ROW_GROUP_SIZE 300)`,
      )
    }
  })
  afterAll(() => lake.close())
  const files = () => [0, 1, 2].map((part) => ({ path: join(lake.folder, `p${part}.parquet`), values: [BigInt(part + 10)] }))

  it('reads columns, partition keys and hidden columns, each from its own file', async () => {
    const { plan, prepared } = lake.scan({
      columns: [
        { name: 'a', type: BIGINT },
        { name: 'k', type: INTEGER, source: { kind: 'key', name: 'k' } },
        { name: '$path', type: VARCHAR, source: { kind: 'hidden', name: '$path' } },
        { name: '$file_size', type: BIGINT, source: { kind: 'hidden', name: '$file_size' } },
        { name: '$file_modified_time', type: timestampWithTimeZone(3), source: { kind: 'hidden', name: '$file_modified_time' } },
        { name: '$partition', type: VARCHAR, source: { kind: 'hidden', name: '$partition' } },
      ],
      files: files(),
    })
    const rows = await lake.rows(plan, [prepared])
    expect(rows).toHaveLength(3000)
    for (const [a, k, path, size, time, partition] of rows) {
      const part = Math.floor((a as number) / 1000)
      expect([k, path, size, time, partition]).toEqual([
        part + 10,
        `s3://lake/t/p${part}.parquet`,
        100 + part,
        '2023-11-14 22:13:20.123 UTC',
        `p=${part}`,
      ])
    }
  })

  it('filters on a key without mixing files up', async () => {
    const { plan, prepared } = lake.scan({
      columns: [
        { name: 'a', type: BIGINT },
        { name: 'k', type: INTEGER, source: { kind: 'key', name: 'k' } },
      ],
      files: files(),
    })
    const filter = { kind: 'filter' as const, input: plan, predicate: comparison('=', column(plan, 1), literal(INTEGER, 11n)) }
    const rows = await lake.rows(filter, [prepared])
    expect(rows).toHaveLength(1000)
    expect(rows.every(([a, k]) => (a as number) >= 1000 && (a as number) < 2000 && k === 11)).toBe(true)
  })

  it('gives NULL for a missing column, widens, and takes any column name', async () => {
    const { plan, prepared } = lake.scan({
      columns: [
        { name: 'a', type: decimal(25, 2), file: { kind: 'file', name: 'a', type: BIGINT, physical: 'int64' } },
        { name: 'm', type: DATE, file: { kind: 'missing' } },
        { name: 'w', type: DOUBLE, file: { kind: 'file', name: 'we"ird, name', type: decimal(20, 1), physical: 'decimal' } },
      ],
      files: files().slice(0, 1),
    })
    const sort = { kind: 'sort' as const, input: plan, keys: [{ value: column(plan, 0), descending: true, nullsFirst: false }] }
    const rows = await lake.rows(sort, [prepared])
    expect(rows.slice(0, 2)).toEqual([
      ['999.00', null, 1498.5],
      ['998.00', null, 1497],
    ])
  })

  it('reads nanoseconds rounded to microseconds and UTC times without zone', async () => {
    const path = join(lake.folder, 'times.parquet')
    await lake.oracle.run(
      `COPY (SELECT TIMESTAMP_NS '1960-01-01 00:00:00.123456500' AS n, TIMESTAMPTZ '2024-02-29 12:00:00+00' AS u) TO '${path}'`,
    )
    const { plan, prepared } = lake.scan({
      columns: [
        { name: 'n', type: timestamp(6), file: { kind: 'file', name: 'n', type: timestamp(6), physical: 'timestamp-nanos' } },
        { name: 'u', type: timestamp(6), file: { kind: 'file', name: 'u', type: timestamp(6), physical: 'timestamp-micros-utc' } },
      ],
      files: [{ path }],
    })
    expect(await lake.rows(plan, [prepared])).toEqual([['1960-01-01 00:00:00.123457', '2024-02-29 12:00:00.000000']])
  })

  it('says which object is damaged, and nothing of its own files', async () => {
    const path = join(lake.folder, 'broken.parquet')
    writeFileSync(path, 'PAR1 this is no parquet file PAR1')
    const { plan, prepared } = lake.scan({ columns: [{ name: 'a', type: BIGINT }], files: [{ path }] })
    await expect(lake.rows(plan, [prepared])).rejects.toMatchObject({
      errorName: 'HIVE_BAD_DATA',
      message: 'Cannot read s3://lake/t/broken.parquet: the file is damaged or is not valid Parquet',
    })
  })
})
