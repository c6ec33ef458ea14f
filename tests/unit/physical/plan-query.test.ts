/** Totals, kept row groups and ranges, limits and errors of physical planning, over tables in memory. */
import { describe, expect, it } from 'vitest'
import { QueryError } from '#src/common/errors'
import { and, columnRef, comparison, literal, or } from '#src/logical/build'
import type { Expr } from '#src/logical/expression'
import type { LogicalPlan, QueryPlan, Scan } from '#src/logical/plan'
import { outputOf } from '#src/logical/plan-walk'
import { planQuery } from '#src/physical/plan-query'
import type { PredicateEvaluator } from '#src/physical/predicate-evaluator'
import { BIGINT, DATE, INTEGER, type Type, VARCHAR } from '#src/types/type'
import type { Value } from '#src/types/value'
import { CHUNK_BYTES, type FakeFile, FILE_BYTES, fakeLake, fakeTable, scanOf } from '#tests/support/fake-lake'
import { scalarFunction } from '#tests/support/predicate-arbitraries'

const signal = new AbortController().signal

const sales = fakeTable(
  [
    { name: 'id', type: BIGINT },
    { name: 'name', type: VARCHAR },
  ],
  [
    { name: 'year', type: INTEGER },
    { name: 'month', type: INTEGER },
  ],
)
/** Two years of two months; each file has row groups of ids 0–9 and 10–19. */
const group = (from: bigint): (readonly Value[])[] => Array.from({ length: 10 }, (_, place) => [from + BigInt(place), `n${place}`])
const files: readonly FakeFile[] = [2023n, 2024n].flatMap((year) =>
  [1n, 2n].map((month) => ({ path: `t/year=${year}/month=${month}/f.parquet`, keys: [year, month], rowGroups: [group(0n), group(10n)] })),
)

const query = (root: LogicalPlan): QueryPlan => ({ root, output: outputOf(root).map((column) => ({ name: column.name, column })) })
const filtered = (scan: Scan, predicate: Expr): LogicalPlan => ({
  kind: 'filter',
  input: { ...scan, predicate: predicate.kind === 'logical' && predicate.operator === 'and' ? predicate.terms : [predicate] },
  predicate,
})
const equals = (column: { id: number; name: string; type: Type }, value: Value): Expr =>
  comparison('=', columnRef(column), literal(column.type, value))

describe('totals', () => {
  it('keeps everything without a predicate', async () => {
    const lake = fakeLake(sales, files)
    const plan = await planQuery(query(scanOf(sales)), lake.sources, { signal })
    expect(plan.totals).toEqual({
      partitions: { total: 4, kept: 4 },
      files: { total: 4, kept: 4 },
      rowGroups: { total: 8, kept: 8 },
      bytes: { total: 4 * FILE_BYTES, kept: 16 * CHUNK_BYTES },
      prefixesSkipped: 0,
    })
    expect(plan.hints).toEqual(['default.t: no predicate on partition keys year, month: all 4 partitions are read'])
  })

  it('counts partitions, files and row groups that predicates skip, and reads no footer of the skipped', async () => {
    const lake = fakeLake(sales, files)
    const scan = scanOf(sales)
    const predicate = and(equals(scan.column('month'), 2n), comparison('>=', columnRef(scan.column('id')), literal(BIGINT, 15n)))
    const plan = await planQuery(query(filtered(scan, predicate)), lake.sources, { signal })
    expect(plan.totals).toEqual({
      partitions: { total: 4, kept: 2 },
      files: { total: 4, kept: 2 },
      // The row groups of the two files that were not opened are not known.
      rowGroups: { total: null, kept: 2 },
      bytes: { total: 4 * FILE_BYTES, kept: 4 * CHUNK_BYTES },
      prefixesSkipped: 0,
    })
    const scanPlan = plan.scans.get(scan.id)
    expect(scanPlan?.skipped).toEqual([
      { reason: 'partition predicate', what: 'partitions', count: 2 },
      { reason: 'partition predicate', what: 'files', count: 2 },
      { reason: 'statistics', what: 'row groups', count: 2 },
    ])
    expect(scanPlan?.files.map((file) => [file.info.key, file.parquet?.rowGroups, file.parquet?.ranges])).toEqual(
      ['2023', '2024'].map((year) => [
        `t/year=${year}/month=2/f.parquet`,
        [1],
        [
          { start: 4 + 2 * CHUNK_BYTES, length: CHUNK_BYTES },
          { start: 4 + 3 * CHUNK_BYTES, length: CHUNK_BYTES },
        ],
      ]),
    )
    expect(lake.asked.footers).toHaveLength(2)
    expect(lake.asked.evaluations).toBe(0)
  })

  it('does not know the row groups of files when all partitions are skipped', async () => {
    const lake = fakeLake(sales, files)
    const scan = scanOf(sales)
    const plan = await planQuery(query(filtered(scan, equals(scan.column('year'), 1999n))), lake.sources, { signal })
    expect(plan.totals).toMatchObject({ partitions: { total: 4, kept: 0 }, rowGroups: { total: null, kept: 0 } })
    expect(lake.asked.footers).toEqual([])
  })

  it('drops files whose row groups are all excluded', async () => {
    const lake = fakeLake(sales, files)
    const scan = scanOf(sales)
    const plan = await planQuery(query(filtered(scan, equals(scan.column('id'), 99n))), lake.sources, { signal })
    expect(plan.totals.files).toEqual({ total: 4, kept: 0 })
    expect(plan.totals.rowGroups).toEqual({ total: 8, kept: 0 })
    expect(plan.scans.get(scan.id)?.skipped).toEqual([
      { reason: 'statistics', what: 'files', count: 4 },
      { reason: 'statistics', what: 'row groups', count: 8 },
    ])
  })

  it('reads only the columns that the scan names', async () => {
    const lake = fakeLake(sales, files)
    const scan = scanOf(sales)
    const narrow: Scan = { ...scan, columns: scan.columns.filter(({ column }) => column.name === 'name') }
    const plan = await planQuery(query(narrow), lake.sources, { signal })
    expect(plan.totals.bytes.kept).toBe(8 * CHUNK_BYTES)
    expect(plan.scans.get(scan.id)?.files[0]?.parquet?.columnIndexes).toEqual([1])
  })

  it('refuses more bytes than allowed before anything is read', async () => {
    const lake = fakeLake(sales, files)
    const refused = planQuery(query(scanOf(sales)), lake.sources, { signal, maxBytes: 1599 })
    await expect(refused).rejects.toMatchObject({
      errorName: 'EXCEEDED_SCAN_LIMIT',
      message: 'Query exceeded scan limit of 1599 bytes: it would read 1600 bytes',
    })
    await expect(planQuery(query(scanOf(sales)), lake.sources, { signal, maxBytes: 1600 })).resolves.toBeDefined()
  })

  it('reads CSV whole, without footers', async () => {
    const table = { ...sales, format: 'csv' as const }
    const lake = fakeLake(table, files)
    const scan = scanOf(table)
    const plan = await planQuery(query(filtered(scan, equals(scan.column('year'), 2024n))), lake.sources, { signal })
    expect(plan.totals).toMatchObject({
      files: { total: 4, kept: 2 },
      rowGroups: { total: 0, kept: 0 },
      bytes: { total: 4 * FILE_BYTES, kept: 2 * FILE_BYTES },
    })
    expect(lake.asked.footers).toEqual([])
  })
})

describe('predicates on keys', () => {
  const call = (name: string, left: Expr, right: Expr, type: Type): Expr => ({
    kind: 'call',
    type,
    function: scalarFunction(name, [left.type, right.type], type),
    args: [left, right],
  })

  it('computes over keys without the kernel where bounds suffice: year * 100 + month = 202402', async () => {
    const lake = fakeLake(sales, files)
    const scan = scanOf(sales)
    const code = call(
      'add',
      call('multiply', columnRef(scan.column('year')), literal(INTEGER, 100n), INTEGER),
      columnRef(scan.column('month')),
      INTEGER,
    )
    const plan = await planQuery(query(filtered(scan, comparison('=', code, literal(INTEGER, 202402n)))), lake.sources, { signal })
    expect(plan.scans.get(scan.id)?.partitions.map(({ path }) => path)).toEqual(['year=2024/month=2'])
    expect(lake.asked.evaluations).toBe(0)
  })

  const events = fakeTable([{ name: 'x', type: INTEGER }], [{ name: 'dt', type: VARCHAR }])
  const eventFiles = ['20240101', '20240102', 'garbage', '20240103'].map((dt) => ({
    path: `t/dt=${dt}/f`,
    keys: [dt],
    rowGroups: [[[1n]]],
  }))
  /** `date_parse(dt)` as days after 2024-01-00; fails for what is no date. */
  const parsing: PredicateEvaluator = {
    evaluate: async (_predicate, _columns, rows) =>
      rows.map(([dt]) => {
        if (!/^\d{8}$/.test(String(dt))) throw new QueryError('INVALID_FUNCTION_ARGUMENT', `Invalid format: "${dt}"`)
        return String(dt) >= '20240102'
      }),
  }
  const parsed = (scan: ReturnType<typeof scanOf>): Expr =>
    comparison(
      '>=',
      { kind: 'call', type: DATE, function: scalarFunction('parse_day', [VARCHAR], DATE), args: [columnRef(scan.column('dt'))] },
      literal(DATE, 19_724n),
    )

  it('asks the kernel for the rest, and keeps only the partition on which it fails', async () => {
    const lake = fakeLake(events, eventFiles, parsing)
    const scan = scanOf(events)
    const plan = await planQuery(query(filtered(scan, parsed(scan))), lake.sources, { signal })
    expect(plan.scans.get(scan.id)?.partitions.map(({ values }) => values[0])).toEqual(['20240102', 'garbage', '20240103'])
    expect(plan.hints.filter((hint) => hint.includes('fails for some partitions'))).toHaveLength(1)
  })

  it('takes from a mixed predicate what it says of keys', async () => {
    const lake = fakeLake(events, eventFiles)
    const scan = scanOf(events)
    const either = or(
      and(equals(scan.column('dt'), '20240101'), equals(scan.column('x'), 1n)),
      and(equals(scan.column('dt'), '20240103'), equals(scan.column('x'), 2n)),
    )
    const plan = await planQuery(query(filtered(scan, either)), lake.sources, { signal })
    expect(plan.scans.get(scan.id)?.partitions.map(({ values }) => values[0])).toEqual(['20240101', '20240103'])
    // dt = 20240103 needs x = 2, and its file has only x = 1.
    expect(plan.scans.get(scan.id)?.files.map(({ info }) => info.key)).toEqual(['t/dt=20240101/f'])
  })

  it('cannot skip partitions by an OR with a data column, and says so', async () => {
    const lake = fakeLake(events, eventFiles)
    const scan = scanOf(events)
    const plan = await planQuery(
      query(filtered(scan, or(equals(scan.column('dt'), '20240101'), equals(scan.column('x'), 1n)))),
      lake.sources,
      { signal },
    )
    expect(plan.totals.partitions).toEqual({ total: 4, kept: 4 })
    expect(plan.hints).toEqual([
      "default.t: the predicate (dt = '20240101') OR (x = 1) skips no partition, for it depends on other columns too; put what it says of dt into an AND of its own",
    ])
  })

  it('selects files by hidden columns', async () => {
    const lake = fakeLake(sales, files)
    const scan = scanOf(sales)
    const path = { id: 50, name: '$path', type: VARCHAR }
    const withPath: Scan = { ...scan, columns: [...scan.columns, { column: path, source: { kind: 'hidden', name: '$path' } }] }
    const plan = await planQuery(query(filtered(withPath, equals(path, 's3://lake/t/year=2024/month=1/f.parquet'))), lake.sources, {
      signal,
    })
    expect(plan.scans.get(scan.id)?.files.map(({ info }) => info.key)).toEqual(['t/year=2024/month=1/f.parquet'])
    expect(plan.scans.get(scan.id)?.skipped).toEqual([{ reason: 'file predicate', what: 'files', count: 3 }])
    expect(lake.asked.footers).toHaveLength(1)
  })
})

describe('limit', () => {
  it('opens no more files than it takes, and keeps no more row groups', async () => {
    const lake = fakeLake(sales, files)
    const scan: Scan = { ...scanOf(sales), limit: 15 }
    const plan = await planQuery(query({ kind: 'limit', input: scan, count: 15, offset: 0, withTies: false }), lake.sources, { signal })
    expect(lake.asked.footers).toHaveLength(1)
    expect(plan.totals).toMatchObject({ files: { total: 4, kept: 1 }, rowGroups: { total: null, kept: 2 } })
    expect(plan.scans.get(scan.id)?.limit).toBe(15)
    const fewer = await planQuery(query({ ...scan, limit: 10 }), lake.sources, { signal })
    expect(fewer.totals.rowGroups.kept).toBe(1)
  })

  it('counts only row groups whose rows all pass', async () => {
    const lake = fakeLake(sales, files)
    const scan = scanOf(sales)
    const predicate = comparison('>=', columnRef(scan.column('id')), literal(BIGINT, 5n))
    const plan = await planQuery(query(filtered({ ...scan, limit: 12 }, predicate)), lake.sources, { signal })
    // Ids 0–9 may pass, ids 10–19 are sure to: two files' second row groups are enough.
    expect(plan.scans.get(scan.id)?.files.map((file) => file.parquet?.rowGroups)).toEqual([[1], [1]])
    // Rows of kept files may fail the predicate elsewhere: the limit is the Limit's alone.
    expect(plan.scans.get(scan.id)?.limit).toBeUndefined()
  })

  it('reads all that may pass when sure rows do not suffice', async () => {
    const lake = fakeLake(sales, files)
    const scan = scanOf(sales)
    const predicate = comparison('>=', columnRef(scan.column('id')), literal(BIGINT, 15n))
    const plan = await planQuery(query(filtered({ ...scan, limit: 3 }, predicate)), lake.sources, { signal })
    expect(plan.totals).toMatchObject({ files: { kept: 4 }, rowGroups: { total: 8, kept: 4 } })
  })
})

describe('columns of files', () => {
  it('reads a missing column as NULL and so prunes on it', async () => {
    const lake = fakeLake(sales, [{ ...(files[0] as FakeFile), columns: [{ name: 'ID', type: INTEGER }] }])
    const scan = scanOf(sales)
    const kept = await planQuery(query(filtered(scan, equals(scan.column('id'), 3n))), lake.sources, { signal })
    expect(kept.scans.get(scan.id)?.files[0]?.parquet?.columnIndexes).toEqual([0, -1, -1, -1])
    const none = await planQuery(query(filtered(scan, equals(scan.column('name'), 'n1'))), lake.sources, { signal })
    expect(none.totals.files.kept).toBe(0)
  })

  it('names file, column and both types of a mismatch', async () => {
    const lake = fakeLake(sales, [{ ...(files[0] as FakeFile), columns: [{ name: 'id', type: VARCHAR }] }])
    await expect(planQuery(query(scanOf(sales)), lake.sources, { signal })).rejects.toMatchObject({
      errorName: 'HIVE_PARTITION_SCHEMA_MISMATCH',
      message: "s3://lake/t/year=2023/month=1/f.parquet: column 'id' is varchar in the file, but bigint in table default.t",
      hint: 'If the file is right: ALTER TABLE default.t ALTER COLUMN id SET DATA TYPE varchar',
    })
  })

  it('refuses two columns that differ only by case', async () => {
    const lake = fakeLake(sales, [
      {
        ...(files[0] as FakeFile),
        columns: [
          { name: 'id', type: BIGINT },
          { name: 'Id', type: BIGINT },
        ],
      },
    ])
    await expect(planQuery(query(scanOf(sales)), lake.sources, { signal })).rejects.toMatchObject({
      errorName: 'HIVE_INVALID_METADATA',
      message: "s3://lake/t/year=2023/month=1/f.parquet: the columns 'id' and 'Id' differ only by case",
    })
  })

  it('prunes nothing without statistics', async () => {
    const lake = fakeLake(sales, [{ ...(files[0] as FakeFile), withoutStatistics: true }])
    const scan = scanOf(sales)
    const plan = await planQuery(query(filtered(scan, equals(scan.column('id'), 99n))), lake.sources, { signal })
    expect(plan.totals.rowGroups).toEqual({ total: 2, kept: 2 })
  })
})
