import { isFalse, isNullLiteral, isTrue } from '#src/logical/build'
import { outputOf } from '#src/logical/plan-walk'
import type { NodeRule } from '../rule.ts'

/**
 * Filter[true](x)   →  x
 * Filter[false](x)  →  no rows; likewise Filter[NULL], and Limit[0]
 */
export const removeTrivialFilters: NodeRule = {
  name: 'remove_trivial_filters',
  kind: 'node',
  apply: (plan) => {
    if (plan.kind === 'filter' && isTrue(plan.predicate)) return plan.input
    const empty =
      plan.kind === 'filter' ? isFalse(plan.predicate) || isNullLiteral(plan.predicate) : plan.kind === 'limit' && plan.count === 0
    if (!empty) return plan
    // Ids are produced once in a plan: the nodes that produced these are gone.
    return { kind: 'values', columns: outputOf(plan), rows: [] }
  },
}
