import type { LogicalPlan } from '#src/logical/plan'
import { mapPlan } from '#src/logical/plan-walk'

/** The same plan over tables without these properties: for statements that do not read rows, or all rows as a matter of course. */
export function withoutProperties(root: LogicalPlan, names: readonly string[]): LogicalPlan {
  return mapPlan(root, (node) => {
    if (node.kind !== 'scan' || !names.some((name) => node.table.properties[name] !== undefined)) return node
    const properties = Object.fromEntries(Object.entries(node.table.properties).filter(([name]) => !names.includes(name)))
    return { ...node, table: { ...node.table, properties } }
  })
}
