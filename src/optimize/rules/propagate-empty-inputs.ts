import { unreachable } from '#src/common/errors'
import type { LogicalPlan } from '#src/logical/plan'
import { outputOf } from '#src/logical/plan-walk'
import type { NodeRule } from '../rule.ts'

/**
 * Project(no rows)            →  no rows; likewise Sort, Filter, Window, …
 * InnerJoin(no rows, Scan b)  →  no rows: b is not even listed
 * Aggregate by keys(no rows)  →  no rows; a global aggregate still has its one row
 */
export const propagateEmptyInputs: NodeRule = {
  name: 'propagate_empty_inputs',
  kind: 'node',
  apply: (plan) => (givesNothing(plan) ? { kind: 'values', columns: outputOf(plan), rows: [] } : plan),
}

const isEmpty = (plan: LogicalPlan): boolean => plan.kind === 'values' && plan.rows.length === 0

function givesNothing(plan: LogicalPlan): boolean {
  switch (plan.kind) {
    case 'project':
    case 'filter':
    case 'sort':
    case 'limit':
    case 'sample':
    case 'window':
    case 'unnest':
      return isEmpty(plan.input)
    case 'aggregate':
      return isEmpty(plan.input) && plan.groupingSets.every((set) => set.length > 0)
    case 'join':
      if (plan.type === 'inner' || plan.type === 'cross') return isEmpty(plan.left) || isEmpty(plan.right)
      if (plan.type === 'left') return isEmpty(plan.left)
      return plan.type === 'right' ? isEmpty(plan.right) : isEmpty(plan.left) && isEmpty(plan.right)
    case 'set-operation':
      if (plan.operator === 'union') return plan.inputs.every(isEmpty)
      return plan.operator === 'intersect' ? plan.inputs.some(isEmpty) : plan.inputs.slice(0, 1).every(isEmpty)
    case 'scan':
    case 'system-scan':
    case 'values':
    case 'with':
    case 'cte-ref':
    case 'recursive-cte':
      return false
    default:
      return unreachable(plan)
  }
}
