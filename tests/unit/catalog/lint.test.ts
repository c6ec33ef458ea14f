/** Findings of lakes that are too large to be made: from listings and footers alone. */
import { describe, expect, it } from 'vitest'
import { type LintedTable, lintTable } from '#catalog/lint/lint-table'
import type { Table } from '#catalog/model'
import type { ColumnStatistics, ParquetFooter } from '#connectors/formats/parquet/footer'
import { BIGINT, type Type, VARCHAR } from '#src/types/type'

const MiB = 1024 * 1024
const TABLE: Table = {
  schema: 'default',
  name: 't',
  format: 'parquet',
  location: 's3://lake/t/',
  columns: [{ name: 'x', type: BIGINT }],
  partitionKeys: [{ name: 'order', type: VARCHAR }],
  properties: {},
  version: 1,
}

/** Files by partition, with their sizes. */
function linted(files: Readonly<Record<string, readonly number[]>>, other: Partial<LintedTable> = {}): LintedTable {
  const names = Object.keys(files)
  return {
    table: TABLE,
    discovery: {
      partitions: names.map((name) => ({ path: `order=${name}`, values: [name] })),
      files: names.flatMap((name, partition) =>
        (files[name] ?? []).map((size, index) => ({
          partition,
          info: { key: `t/order=${name}/${index}.parquet`, size, version: '1', modified: 0 },
        })),
      ),
      partitionsTotal: names.length,
      filesTotal: undefined,
      bytesTotal: undefined,
      prefixesSkipped: 0,
      method: 'flat',
      hints: [],
    },
    footers: [],
    isOwn: () => true,
    drift: [],
    repair: undefined,
    stale: undefined,
    ...other,
  }
}

const KNOWN: ColumnStatistics = { nullCount: 0, min: 1n, max: 2n, minExact: true, maxExact: true }

/** A file of one column, with a row group of each size. */
const footer = (bytes: readonly number[], statistics: ColumnStatistics | undefined = KNOWN, type: Type = BIGINT): ParquetFooter => ({
  fileSize: 0,
  footerSize: 100 + 200 * bytes.length,
  rows: bytes.length,
  createdBy: undefined,
  columns: [{ name: 'X', type, unsupported: undefined, physical: '' }],
  rowGroups: bytes.map((length) => ({ rows: 1, chunks: [{ ranges: [{ start: 4, length }], statistics }] })),
  metadata: new Uint8Array(),
})

const named = (table: LintedTable) => lintTable(table).map(({ finding }) => finding)

it('a lake of good files has no findings', () => {
  expect(
    lintTable(linted({ a: [150 * MiB, 190 * MiB], b: [10 * MiB] }, { footers: [footer([100 * MiB, 90 * MiB]), footer([10 * MiB])] })),
  ).toEqual([])
})

describe('small files', () => {
  it('counts what optimize would leave, and the requests of the others', () => {
    // 500 MiB in 10 files of a: three of at most 192 MiB; b has nothing to be joined.
    const [found] = lintTable(linted({ a: Array.from({ length: 10 }, () => 50 * MiB), b: [1, 150 * MiB] }))
    expect(found).toEqual({
      finding: 'small_files',
      detail: '10 files of 50 MiB on average in 1 partition, which could be 3 files',
      files: 10,
      savedBytes: null,
      savedRequests: 14,
      savedMs: (14 * 30) / 32,
      statement: `ALTER TABLE lake.default.t EXECUTE optimize WHERE "order" = 'a'`,
    })
  })

  it('names few partitions, and none where all are concerned', () => {
    expect(lintTable(linted({ a: [1, 1], "b'c": [1, 1], d: [1] }))[0]?.statement).toBe(
      `ALTER TABLE lake.default.t EXECUTE optimize WHERE ("order" = 'a') OR ("order" = 'b''c')`,
    )
    expect(lintTable(linted({ a: [1, 1], b: [1, 1] }))[0]?.statement).toBe('ALTER TABLE lake.default.t EXECUTE optimize')
    expect(lintTable(linted({ a: [1, 1], b: [1, 1], c: [1, 1], d: [1, 1], e: [1] }))[0]?.statement).toBe(
      'ALTER TABLE lake.default.t EXECUTE optimize',
    )
  })

  it('files of others are rewritten, which optimize would refuse', () => {
    expect(lintTable(linted({ a: [1, 1] }, { isOwn: () => false }))[0]?.statement).toBe(
      `CREATE TABLE lake.default.t_rewritten WITH (format = 'PARQUET', partitioned_by = ARRAY['order']) AS SELECT * FROM lake.default.t`,
    )
  })
})

describe('row groups', () => {
  it('tiny ones are told by what their footers take', () => {
    const tiny = lintTable(linted({ a: [200 * MiB] }, { footers: [footer(Array.from({ length: 1000 }, () => 1000))] }))
    expect(tiny).toMatchObject([
      {
        finding: 'tiny_row_groups',
        files: 1,
        savedBytes: 199_900,
        detail: '1,000 row groups of 1000 B on average in 1 file, which could be 1; their footers have 195 KiB',
      },
    ])
    expect(named(linted({ a: [200 * MiB] }, { footers: [footer(Array.from({ length: 10 }, () => 1000))] }))).toEqual([])
  })

  it('huge ones by what the largest costs a query of one row', () => {
    expect(lintTable(linted({ a: [2000 * MiB] }, { footers: [footer([600 * MiB, 700 * MiB, 512 * MiB])] }))).toMatchObject([
      {
        finding: 'huge_row_groups',
        files: 1,
        savedBytes: (700 - 128) * MiB,
        detail: '2 row groups of more than 512 MiB, the largest of 700 MiB: the least that a query of one row reads',
      },
    ])
  })

  it('bounds are missed where there could be some', () => {
    const bare = { ...KNOWN, min: undefined, max: undefined }
    expect(lintTable(linted({ a: [10] }, { footers: [footer([7 * MiB], bare)] }))).toMatchObject([
      { finding: 'missing_statistics', savedBytes: 7 * MiB, detail: 'no bounds of x in 1 file: predicates on them skip none of 7.0 MiB' },
    ])
    // All NULL; a type that has none.
    expect(named(linted({ a: [10] }, { footers: [footer([7 * MiB], { ...bare, nullCount: 1 })] }))).toEqual([])
    expect(named(linted({ a: [10] }, { footers: [footer([7 * MiB], undefined, { kind: 'array', element: BIGINT })] }))).toEqual([])
  })
})

it('over-partitioning is many partitions of little', () => {
  const names = Array.from({ length: 120 }, (_, index) => `p${index}`)
  const lake = (size: number) => Object.fromEntries(names.map((name) => [name, [size]]))
  expect(lintTable(linted(lake(MiB)))).toMatchObject([
    {
      finding: 'over_partitioned',
      savedRequests: 238,
      statement: `CREATE TABLE lake.default.t_rewritten WITH (format = 'PARQUET') AS SELECT x, "order" FROM lake.default.t`,
    },
  ])
  expect(named(linted(lake(9 * MiB)))).toEqual([])
})

it('large gzip files are read by one core each', () => {
  const table = { ...TABLE, format: 'csv' as const, partitionKeys: [] }
  const gz = linted({ '': [200 * MiB] }, { table })
  const files = gz.discovery.files.map((file) => ({ ...file, info: { ...file.info, key: 't/big.csv.GZ' } }))
  // 200 MiB of which a gigabyte comes out on one core instead of four.
  expect(lintTable({ ...gz, discovery: { ...gz.discovery, files } })).toMatchObject([
    { finding: 'unsplittable_gzip', files: 1, savedMs: (1000 * MiB * 0.75) / 250_000 },
  ])
  expect(named(gz)).toEqual([])
})
