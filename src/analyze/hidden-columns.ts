/** Hidden columns are offered to name resolution by every scan, but stay only where something names them. */
import { collectColumns } from '#src/logical/expr-walk'
import type { ColumnId } from '#src/logical/expression'
import type { LogicalPlan } from '#src/logical/plan'
import { expressionsOf, mapPlan, walkPlan } from '#src/logical/plan-walk'

/** The plan without the hidden columns that no expression uses. */
export function dropUnusedHiddenColumns(plan: LogicalPlan): LogicalPlan {
  const used = new Set<ColumnId>()
  walkPlan(plan, (node) => {
    for (const expr of expressionsOf(node)) collectColumns(expr, used)
    // Keys and sources are named without an expression.
    if (node.kind === 'aggregate') for (const key of node.keys) used.add(key.id)
    if (node.kind === 'cte-ref') for (const id of node.source) used.add(id)
  })
  return mapPlan(plan, (node) => {
    if (node.kind !== 'scan') return node
    const columns = node.columns.filter(({ column, source }) => source.kind !== 'hidden' || used.has(column.id))
    return columns.length === node.columns.length ? node : { ...node, columns }
  })
}
