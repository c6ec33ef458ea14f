/**
 * `ORDER BY x LIMIT n`: row groups whose bounds of x put all their rows behind n rows of other row groups are not read.
 *
 *     ORDER BY x DESC LIMIT 100      row groups   [0, 9] of 500 rows   [10, 19] of 500   [5, 12] of 500   [20, 30] of 80
 *                                    100 rows have at least 10: the first row group is not needed
 */
import { hasSubquery } from '#src/logical/expr-properties'
import type { Expr } from '#src/logical/expression'
import type { LogicalPlan, SortKey } from '#src/logical/plan'
import { walkPlan } from '#src/logical/plan-walk'
import { compareBounds, rangeOfValue, type ValueRange } from '#src/logical/value-range'
import { rangeInRowGroup } from './interval-pruner.ts'
import type { PlanTotals } from './plan.ts'
import { withRowGroups } from './plan-parquet-file.ts'
import type { PlannedFile, PlannedScan } from './plan-scan.ts'
import { coveredSource } from './row-source.ts'

/** Replaces scans below an ORDER BY with LIMIT by what they must read of their files. */
export function pruneByFirstRows(root: LogicalPlan, planned: Map<number, PlannedScan>): void {
  walkPlan(root, (node) => {
    if (node.kind !== 'limit' || node.count === undefined || node.input.kind !== 'sort') return
    const source = coveredSource(node.input.input)
    const [key] = node.input.keys
    const scan = source && planned.get(source.scan.id)
    if (source === undefined || scan === undefined || key === undefined || hasSubquery(key.value)) return
    const pruned = prune(scan, source.value(key.value), key, node.offset + node.count)
    if (pruned !== undefined) planned.set(source.scan.id, pruned)
  })
}

/** A row group as the order sees it. */
export interface OrderedPart {
  readonly range: ValueRange
  /** Rows that are sure to be in the result of what is ordered and to have a value; 0 where that is not known. */
  readonly sureRows: number
}

/** Whether each part may hold one of the first `rows` rows. */
export function mayHoldFirstRows(
  parts: readonly OrderedPart[],
  rows: number,
  { descending, nullsFirst }: Pick<SortKey, 'descending' | 'nullsFirst'>,
): readonly boolean[] {
  /** The bound behind which no row of the part comes, and the one before which none comes. */
  const last = ({ min, max }: ValueRange) => (descending ? min : max)
  const first = ({ min, max }: ValueRange) => (descending ? max : min)
  const order = (left: ValueRange, right: ValueRange): number | undefined => {
    const [a, b] = [last(left), last(right)]
    const compared = a === undefined || b === undefined ? undefined : compareBounds(left.type, a, b)
    return compared === undefined ? undefined : descending ? -compared : compared
  }
  const sure = parts.filter(({ range, sureRows }) => sureRows > 0 && !range.nans && last(range) !== undefined)
  if (sure.some(({ range }) => order(range, (sure[0] as OrderedPart).range) === undefined)) return parts.map(() => true)
  let missing = rows
  let limit: ValueRange | undefined
  for (const { range, sureRows } of sure.toSorted((a, b) => order(a.range, b.range) ?? 0)) {
    missing -= sureRows
    limit = range
    if (missing <= 0) break
  }
  const bound = limit === undefined || missing > 0 ? undefined : last(limit)
  return parts.map(({ range }) => {
    if (bound === undefined || range.nans || (range.nulls && nullsFirst)) return true
    if (!range.values) return false
    const nearest = first(range)
    const compared = nearest === undefined ? undefined : compareBounds(range.type, nearest, bound)
    return compared === undefined || (descending ? compared >= 0 : compared <= 0)
  })
}

function prune(planned: PlannedScan, value: Expr, key: SortKey, rows: number): PlannedScan | undefined {
  if (value.kind !== 'column') return undefined
  const place = planned.plan.columns.findIndex(({ column }) => column.id === value.id)
  const parts = planned.files.map((file) => partsOf(file, planned, place))
  const kept = mayHoldFirstRows(parts.flat(), rows, key)
  if (kept.every(Boolean)) return undefined
  let from = 0
  const files = planned.files.flatMap((file, index): readonly PlannedFile[] => {
    const count = parts[index]?.length ?? 0
    const keeps = kept.slice(from, from + count)
    from += count
    const { parquet } = file.scan
    if (parquet === undefined || keeps.every(Boolean)) return [file]
    const rowGroups = parquet.rowGroups.filter((_, at) => keeps[at])
    if (rowGroups.length === 0) return []
    const scan = { ...file.scan, parquet: withRowGroups(parquet.footer, parquet.columnIndexes, rowGroups) }
    return [{ scan, certain: file.certain.filter((_, at) => keeps[at]) }]
  })
  const { plan } = planned
  const count = kept.filter((keep) => !keep).length
  return {
    ...planned,
    files,
    plan: {
      ...plan,
      files: files.map(({ scan }) => scan),
      totals: totalsOf(plan.totals, files),
      skipped: [...plan.skipped, { reason: 'first rows of the order', what: 'row groups', count }],
    },
  }
}

function partsOf({ scan: { parquet, partition }, certain }: PlannedFile, { plan }: PlannedScan, place: number): readonly OrderedPart[] {
  const column = plan.columns[place]
  if (parquet === undefined || column === undefined) return []
  const { source } = column
  const { type } = column.column
  return parquet.rowGroups.map((group, at) => {
    const rowGroup = parquet.footer.rowGroups[group]
    const rows = certain[at] === true ? (rowGroup?.rows ?? 0) : 0
    if (source.kind === 'key') {
      const key = plan.table.partitionKeys.findIndex(({ name }) => name === source.name)
      const range = rangeOfValue(type, plan.partitions[partition]?.values[key] ?? null)
      return { range, sureRows: range.nulls ? 0 : rows }
    }
    const index = source.kind === 'data' ? (parquet.columnIndexes[place] ?? -1) : -1
    const unknown = { range: { type, min: undefined, max: undefined, values: true, nulls: true, nans: true }, sureRows: 0 }
    if (rowGroup === undefined || source.kind === 'hidden') return unknown
    const range = rangeInRowGroup(parquet.footer.columns, rowGroup, index, type)
    const nulls = range.nulls ? rowGroup.chunks[index]?.statistics?.nullCount : 0
    return { range, sureRows: nulls === undefined ? 0 : Math.max(0, rows - nulls) }
  })
}

function totalsOf(totals: PlanTotals, files: readonly PlannedFile[]): PlanTotals {
  const parquet = files.flatMap(({ scan }) => scan.parquet ?? [])
  const bytes = parquet.reduce((sum, { ranges }) => sum + ranges.reduce((all, { length }) => all + length, 0), 0)
  const rowGroups = parquet.reduce((sum, scan) => sum + scan.rowGroups.length, 0)
  return {
    ...totals,
    files: { ...totals.files, kept: files.length },
    rowGroups: { ...totals.rowGroups, kept: rowGroups },
    bytes: { ...totals.bytes, kept: bytes },
  }
}
