/** What the user could write to read less. */
import { printExpr } from '#src/logical/expr-print'
import { collectColumns, exprChildren } from '#src/logical/expr-walk'
import type { ColumnId, Expr } from '#src/logical/expression'
import { BOUNDED_FUNCTIONS } from '#src/logical/function-range'
import { isOrderKeeping } from '#src/logical/range-cast'
import { tableName } from './column-mapping.ts'
import type { PlannedScan } from './plan-scan.ts'

/** From here on a table is wide enough for its unneeded columns to be worth a word. */
const WIDE = 8

/** One line each; most useful first; without repetitions. `answered`: scans that are not read, of which only what is not in them is told. */
export function planningHints(scans: readonly PlannedScan[], answered: readonly PlannedScan[] = []): readonly string[] {
  return [
    ...new Set([
      ...scans.flatMap((scan) => [
        ...failureHints(scan),
        ...partitionHints(scan),
        ...statisticsHints(scan),
        ...columnHints(scan),
        ...scan.discoveryHints,
      ]),
      ...answered.flatMap(({ discoveryHints }) => discoveryHints),
    ]),
  ]
}

function failureHints({ failures, scan }: PlannedScan): readonly string[] {
  return failures.map(
    ({ term, message }) =>
      `${tableName(scan.table)}: the predicate ${printExpr(term)} fails for some partitions, which are kept (${message})`,
  )
}

function partitionHints({ scan, plan, constrainedKeys }: PlannedScan): readonly string[] {
  const keys = scan.table.partitionKeys.map(({ name }) => name)
  const { total, kept } = plan.totals.partitions
  if (keys.length === 0 || total === null || total !== kept || total < 2) return []
  const table = tableName(scan.table)
  const mixed = scan.predicate.find((term) => namesKey(scan, term))
  if (constrainedKeys.some(Boolean)) {
    return mixed === undefined ? [] : [`${table}: the predicate ${printExpr(mixed)} holds for all ${total} partitions`]
  }
  if (mixed !== undefined) {
    return [
      `${table}: the predicate ${printExpr(mixed)} skips no partition, for it depends on other columns too; put what it says of ${keys.join(', ')} into an AND of its own`,
    ]
  }
  return [`${table}: no predicate on partition ${keys.length === 1 ? 'key' : 'keys'} ${keys.join(', ')}: all ${total} partitions are read`]
}

function namesKey(scan: PlannedScan['scan'], term: Expr): boolean {
  const ids = new Set<ColumnId>()
  collectColumns(term, ids)
  return scan.columns.some(({ column, source }) => source.kind === 'key' && ids.has(column.id))
}

/** A data column inside of what bounds do not pass through. */
function statisticsHints({ scan, plan }: PlannedScan): readonly string[] {
  if (plan.format !== 'parquet' || plan.totals.rowGroups.kept < 2) return []
  const data = new Map(scan.columns.flatMap(({ column, source }) => (source.kind === 'data' ? [[column.id, source.name] as const] : [])))
  return scan.predicate.flatMap((term) => {
    const hidden = hiddenColumn(term, false)
    const name = hidden === undefined ? undefined : data.get(hidden)
    return name === undefined
      ? []
      : [
          `${tableName(scan.table)}: the predicate ${printExpr(term)} cannot use the statistics of column ${name}; compare the column itself where that says the same`,
        ]
  })
}

function hiddenColumn(expr: Expr, inside: boolean): ColumnId | undefined {
  if (expr.kind === 'column') return inside ? expr.id : undefined
  const hides =
    (expr.kind === 'call' && !BOUNDED_FUNCTIONS.has(expr.function.name)) ||
    (expr.kind === 'cast' && !isOrderKeeping(expr.value.type, expr.type))
  for (const child of exprChildren(expr)) {
    const found = hiddenColumn(child, inside || hides)
    if (found !== undefined) return found
  }
  return undefined
}

function columnHints({ scan, plan }: PlannedScan): readonly string[] {
  if (plan.files.length === 0) return []
  const table = tableName(scan.table)
  const read = scan.columns.filter(({ source }) => source.kind === 'data').length
  const all = scan.table.columns.length
  if (plan.format !== 'parquet') {
    return read < all && all >= WIDE
      ? [
          `${table}: ${plan.format.toUpperCase()} files are read whole, though ${read} of ${all} columns are needed; Parquet would read only these`,
        ]
      : []
  }
  return read === all && all >= WIDE ? [`${table}: all ${all} columns are read; naming only those that are needed reads fewer bytes`] : []
}
