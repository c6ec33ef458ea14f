import { unreachable } from '#src/common/errors'
import { mapExpr } from '#src/logical/expr-walk'
import type { Aggregate, LogicalPlan } from '#src/logical/plan'
import { mapChildren, mapExpressions } from '#src/logical/plan-walk'
import type { PlanRule } from '../rule.ts'

/**
 * ORDER BY inside a relation whose reader does not look at the order:
 *
 *   Aggregate[count(*)](Sort[a](x))  →  Aggregate[count(*)](x)
 *   Sort[b](Project(Sort[a](x)))     →  Sort[b](Project(x))
 *
 * A Sort under a Limit stays: it chooses the rows. So does one under aggregates whose result depends on the order.
 */
export const removeRedundantSorts: PlanRule = {
  name: 'remove_redundant_sorts',
  kind: 'plan',
  apply: (root) => clean(root, true),
}

const ORDER_FREE: ReadonlySet<string> = new Set([
  'count',
  'sum',
  'min',
  'max',
  'avg',
  'bool_and',
  'bool_or',
  'every',
  'count_if',
  'approx_distinct',
])

/** Sums of floating-point numbers depend on the order in their last digits; that order is not the user's to choose here. */
const ignoresOrder = (plan: Aggregate): boolean => plan.aggregates.every(({ call }) => ORDER_FREE.has(call.function.name))

function clean(node: LogicalPlan, ordered: boolean): LogicalPlan {
  const plan = mapExpressions(node, (root) =>
    mapExpr(
      root,
      (part) => part,
      (subplan) => clean(subplan, false),
    ),
  )
  const below = (wanted: boolean): LogicalPlan => mapChildren(plan, (child) => clean(child, wanted))
  switch (plan.kind) {
    case 'sort':
      return ordered ? below(false) : clean(plan.input, false)
    case 'limit':
      return below(true)
    case 'aggregate':
      return below(!ignoresOrder(plan))
    case 'join':
      return below(false)
    case 'set-operation':
      return below(false)
    case 'filter':
    case 'project':
    case 'sample':
    case 'unnest':
      return below(ordered)
    case 'window':
      // row_number() OVER () numbers the rows in the order in which they come.
      return below(true)
    case 'with': {
      const query = clean(plan.query, true)
      const body = clean(plan.body, ordered)
      return query === plan.query && body === plan.body ? plan : { ...plan, query, body }
    }
    case 'recursive-cte':
      return below(true)
    case 'scan':
    case 'values':
    case 'cte-ref':
      return plan
    default:
      return unreachable(plan)
  }
}
