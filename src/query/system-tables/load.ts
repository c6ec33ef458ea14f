/** Fetches the rows of a plan's system tables, as far as the plan's predicates want them. */
import type { ColumnId } from '#src/logical/expression'
import type { LogicalPlan, SystemScan } from '#src/logical/plan'
import { mapPlan, walkPlan } from '#src/logical/plan-walk'
import { CAN_BE_TRUE, outcomeOf } from '#src/logical/predicate-outcome'
import type { RowFilter } from '#src/logical/system-table'
import { rangeOfValue, type ValueRange } from '#src/logical/value-range'
import type { Value } from '#src/types/value'

/** The same plan with the rows of every system table. Throws what the tables' sources throw. */
export async function loadSystemTables(plan: LogicalPlan, signal: AbortSignal): Promise<LogicalPlan> {
  const scans = new Set<SystemScan>()
  walkPlan(plan, (node) => {
    if (node.kind === 'system-scan' && node.rows === undefined) scans.add(node)
  })
  if (scans.size === 0) return plan
  const rows = new Map(
    await Promise.all(
      [...scans].map(async (scan) => {
        const parted = await scan.table.load(filterOf(scan), signal, wantedOf(scan))
        return [scan, Array.from(parted, (parts) => (parts.length === 1 ? (parts[0] as readonly Value[]) : parts.flat()))] as const
      }),
    ),
  )
  return mapPlan(plan, (node) => (node.kind === 'system-scan' && rows.has(node) ? { ...node, rows: rows.get(node) } : node))
}

/** Names of the columns that the plan uses. */
export const wantedOf = ({ table, columns }: SystemScan): ReadonlySet<string> =>
  new Set(columns.flatMap(({ index }) => table.columns[index]?.name ?? []))

/** What the scan's predicates leave. */
export function filterOf({ table, columns, predicate }: SystemScan): RowFilter {
  if (predicate.length === 0) return () => true
  return (known) => {
    const ranges = new Map<ColumnId, ValueRange>()
    for (const { column, index } of columns) {
      const name = table.columns[index]?.name
      if (name !== undefined && Object.hasOwn(known, name)) ranges.set(column.id, rangeOfValue(column.type, known[name] as Value))
    }
    return predicate.every((term) => (outcomeOf(term, (id) => ranges.get(id)) & CAN_BE_TRUE) !== 0)
  }
}
