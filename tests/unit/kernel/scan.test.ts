import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { decodeFooter } from '#connectors/formats/parquet/decode-footer'
import type { ParquetFooter } from '#connectors/formats/parquet/footer'
import { comparison, literal } from '#src/logical/build'
import type { Expr } from '#src/logical/expression'
import {
  array,
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  decimal,
  INTEGER,
  map,
  REAL,
  row,
  SMALLINT,
  type Type,
  timestamp,
  timestampWithTimeZone,
  VARCHAR,
} from '#src/types/type'
import { call } from '#tests/support/kernel-expressions'
import { column, type Lake, openLake } from '#tests/support/kernel-lake'

const FIXTURES = join(import.meta.dirname, '../../fixtures/parquet')

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

  it('finds NaN where the minimum and maximum of a file do not tell of it', async () => {
    const path = join(lake.folder, 'nan.parquet')
    copyFileSync(join(FIXTURES, 'nan.parquet'), path)
    const field = row([{ name: 'f', type: DOUBLE }])
    const { plan, prepared } = lake.scan({
      columns: [
        { name: 'd', type: DOUBLE, file: { kind: 'file', name: 'd', type: DOUBLE, physical: 'double' } },
        { name: 'r', type: REAL, file: { kind: 'file', name: 'r', type: REAL, physical: 'float' } },
        { name: 's', type: field, file: { kind: 'file', name: 's', type: field, physical: 'group' } },
        { name: 'l', type: array(DOUBLE), file: { kind: 'file', name: 'l', type: array(DOUBLE), physical: 'group' } },
      ],
      files: [{ path }],
    })
    const columns = [
      column(plan, 0),
      column(plan, 1),
      { kind: 'field' as const, base: column(plan, 2), index: 0, type: DOUBLE },
      call('element_at', column(plan, 3), 1n),
    ]
    for (const value of columns) {
      const below = comparison('<', value, { kind: 'literal', type: value.type, value: 5 })
      const rowsOf = async (predicate: Expr) => (await lake.rows({ kind: 'filter', input: plan, predicate }, [prepared])).map(([d]) => d)
      expect(await rowsOf(below)).toEqual([1])
      expect(await rowsOf({ kind: 'not', type: BOOLEAN, value: below })).toEqual(['NaN'])
    }
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

describe('files with columns of awkward names', () => {
  let lake: Lake
  beforeAll(async () => {
    lake = await openLake()
  })
  afterAll(() => lake.close())

  it('keeps files apart when they have a column that hides the reader’s file index', async () => {
    const files = [0, 1].map((part) => ({ path: join(lake.folder, `shadow${part}.parquet`), values: [BigInt(part)] }))
    for (const [part, file] of files.entries())
      await lake.oracle.run(`COPY (SELECT 1 - ${part} AS "File_Index", ${part} AS a) TO '${file.path}'`)
    const { plan, prepared } = lake.scan({
      columns: [
        { name: 'a', type: INTEGER },
        { name: 'k', type: INTEGER, source: { kind: 'key', name: 'k' } },
      ],
      files,
    })
    const withFooters = {
      ...prepared,
      plan: {
        ...prepared.plan,
        files: prepared.plan.files.map((file, at) => ({
          ...file,
          parquet: { footer: footerOf(files[at]?.path ?? ''), rowGroups: [0], columnIndexes: [1, -1], ranges: [] },
        })),
      },
    }
    expect((await lake.rows(plan, [withFooters])).sort()).toEqual([
      [0, 0],
      [1, 1],
    ])
  })

  it('reads nested columns of older files: fields by name, missing ones NULL, elements widened', async () => {
    const path = join(lake.folder, 'nested.parquet')
    await lake.oracle.run(
      `COPY (SELECT {'B': 1::SMALLINT, a: 'x'} AS r, [{n: 1::SMALLINT}, NULL] AS l, MAP {1::SMALLINT: {v: 2}} AS m UNION ALL SELECT NULL, NULL, NULL) TO '${path}'`,
    )
    const file = (type: Type) => ({ kind: 'file' as const, physical: '', type })
    const fields = (...entries: readonly (readonly [string, Type])[]) => row(entries.map(([name, type]) => ({ name, type })))
    const { plan, prepared } = lake.scan({
      columns: [
        {
          name: 'r',
          type: fields(['a', VARCHAR], ['b', BIGINT], ['c', DATE]),
          file: { ...file(fields(['b', SMALLINT], ['a', VARCHAR])), name: 'r' },
        },
        { name: 'l', type: array(fields(['n', BIGINT], ['x', VARCHAR])), file: { ...file(array(fields(['n', SMALLINT]))), name: 'l' } },
        { name: 'm', type: map(BIGINT, fields(['v', BIGINT])), file: { ...file(map(SMALLINT, fields(['v', INTEGER]))), name: 'm' } },
      ],
      files: [{ path }],
    })
    expect(await lake.rows(plan, [prepared])).toEqual([
      [['x', 1, null], [[1, null], null], { 1: [2] }],
      [null, null, null],
    ])
  })

  it('reads a group’s files by name when their other columns differ', async () => {
    const selects = ['1 AS a, 2.5 AS c', '10 AS a', "DATE '2024-01-01' AS c, 'z' AS b, 100 AS a"]
    const files = selects.map((_, at) => ({ path: join(lake.folder, `other${at}.parquet`), values: [BigInt(at)] }))
    for (const [at, select] of selects.entries()) await lake.oracle.run(`COPY (SELECT ${select}) TO '${files[at]?.path}'`)
    const { plan, prepared } = lake.scan({
      columns: [
        { name: 'a', type: INTEGER },
        { name: 'k', type: INTEGER, source: { kind: 'key', name: 'k' } },
      ],
      files,
    })
    expect((await lake.rows(plan, [prepared])).sort()).toEqual([
      [1, 0],
      [10, 1],
      [100, 2],
    ])
  })
})

function footerOf(path: string): ParquetFooter {
  const bytes = readFileSync(path)
  const length = bytes.readUInt32LE(bytes.length - 8)
  return decodeFooter(bytes.subarray(bytes.length - 8 - length, bytes.length - 8), bytes.length)
}
