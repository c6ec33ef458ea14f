import { describe, expect, it } from 'vitest'

import type { ColumnStatistics, ParquetFooter } from '#connectors/formats/parquet/footer'
import { columnBounds } from '#src/kernel/print/bounds'
import type { PreparedScan } from '#src/scan/units'
import { BIGINT, DATE, decimal, type Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import { prepareTestScan } from '#tests/support/kernel-lake'

const bounds = (min: Value | undefined, max: Value | undefined, nullCount = 0): ColumnStatistics => ({
  nullCount,
  min,
  max,
  minExact: true,
  maxExact: true,
})

/** A scan of one column over files with these statistics a row group (10 rows each); an empty list is a file without the column. */
function scanOf(
  table: Type,
  files: readonly (readonly (ColumnStatistics | undefined)[])[],
  fileType: Type = table,
  kept?: readonly number[],
): PreparedScan {
  const { prepared } = prepareTestScan({ columns: [{ name: 'a', type: table }], files: files.map((_, at) => ({ path: `/f${at}` })) })
  const footer = (groups: readonly (ColumnStatistics | undefined)[]): ParquetFooter => ({
    fileSize: 1,
    footerSize: 1,
    rows: groups.length * 10,
    createdBy: undefined,
    columns: [{ name: 'a', type: fileType, unsupported: undefined, physical: '' }],
    rowGroups: groups.map((statistics) => ({ rows: 10, chunks: [{ ranges: [], statistics }] })),
    metadata: new Uint8Array(),
  })
  const scanned = prepared.plan.files.map((file, at) => {
    const groups = files[at] ?? []
    const rowGroups = kept ?? groups.map((_, index) => index)
    return { ...file, parquet: { footer: footer(groups), rowGroups, columnIndexes: [groups.length === 0 ? -1 : 0], ranges: [] } }
  })
  return { ...prepared, plan: { ...prepared.plan, files: scanned } }
}

const boundsOf = (scan: PreparedScan) => columnBounds(new Map([[scan.plan.id, scan]]))(scan.plan.columns[0]?.column.id ?? -1)
const MONEY = decimal(12, 2)

describe('bounds of scanned columns', () => {
  it.each<[string, PreparedScan, unknown]>([
    ['span all row groups of all files', scanOf(MONEY, [[bounds(5n, 9n), bounds(-3n, 4n)], [bounds(1n, 100n)]]), { min: -3n, max: 100n }],
    ['leave pruned row groups out', scanOf(MONEY, [[bounds(5n, 9n), bounds(-3n, 400n)]], MONEY, [0]), { min: 5n, max: 9n }],
    ['are unknown when one row group says nothing', scanOf(MONEY, [[bounds(5n, 9n), undefined]]), undefined],
    ['are unknown when one side is missing', scanOf(MONEY, [[bounds(5n, undefined)]]), undefined],
    [
      'pass over row groups and files of NULLs',
      scanOf(MONEY, [[bounds(undefined, undefined, 10), bounds(1n, 2n)], []]),
      { min: 1n, max: 2n },
    ],
    ['hold for integers read as wider ones', scanOf(BIGINT, [[bounds(1n, 2n)]], { kind: 'smallint' }), { min: 1n, max: 2n }],
    ['are unknown where the scale differs from the file’s', scanOf(MONEY, [[bounds(1n, 2n)]], decimal(10, 1)), undefined],
    ['are only for numbers', scanOf(DATE, [[bounds(1n, 2n)]]), undefined],
  ])('%s', (_, scan, expected) => {
    expect(boundsOf(scan)).toEqual(expected)
  })

  it('are unknown for CSV and for columns that no scan gives', () => {
    const { prepared } = prepareTestScan({ format: 'csv', columns: [{ name: 'a', type: BIGINT }], files: [{ path: '/f' }] })
    expect(boundsOf(prepared)).toBeUndefined()
    expect(columnBounds(new Map([[prepared.plan.id, prepared]]))(-5)).toBeUndefined()
  })
})
