/** Where a column of a plan comes from: the scans that hand it up unchanged. */
import type { ColumnId } from '#src/logical/expression'
import type { LogicalPlan, Scan, ScanSource } from '#src/logical/plan'
import { outputOf } from '#src/logical/plan-walk'

export interface ColumnOrigin {
  readonly scan: Scan
  readonly source: ScanSource
  /** The column's id in the scan. */
  readonly id: ColumnId
}

/**
 * Scans below `plan` of which rows could be left out by a predicate on the column above it: through filters, sorts, renaming
 * projections, the rows-preserving sides of joins, group and partition keys, and the branches of unions. Empty when none.
 */
export function originsOf(plan: LogicalPlan, id: ColumnId): readonly ColumnOrigin[] {
  switch (plan.kind) {
    case 'scan': {
      const found = plan.columns.find(({ column }) => column.id === id)
      return found === undefined ? [] : [{ scan: plan, source: found.source, id }]
    }
    case 'filter':
    case 'sort':
    case 'unnest':
      return originsOf(plan.input, id)
    case 'project': {
      const value = plan.assignments.find(({ column }) => column.id === id)?.value
      return value?.kind === 'column' ? originsOf(plan.input, value.id) : []
    }
    case 'aggregate':
      return plan.groupingSets.every((set) => set.includes(id)) ? originsOf(plan.input, id) : []
    case 'window':
      return plan.partitionBy.some((key) => key.kind === 'column' && key.id === id) ? originsOf(plan.input, id) : []
    case 'join': {
      const left = outputOf(plan.left).some((column) => column.id === id)
      const preserved = plan.type === 'inner' || plan.type === 'cross' || plan.type === (left ? 'left' : 'right')
      return preserved ? originsOf(left ? plan.left : plan.right, id) : []
    }
    case 'set-operation': {
      const place = plan.columns.findIndex((column) => column.id === id)
      return plan.inputs.flatMap((input) => {
        const column = outputOf(input)[place]
        return column === undefined ? [] : originsOf(input, column.id)
      })
    }
    case 'with':
      return originsOf(plan.body, id)
    case 'system-scan':
    case 'values':
    case 'limit':
    case 'sample':
    case 'cte-ref':
    case 'recursive-cte':
      return []
  }
}
