import { conjuncts } from '#src/logical/build'
import { printExpr } from '#src/logical/expr-print'
import type { Expr } from '#src/logical/expression'
import type { LogicalPlan } from '#src/logical/plan'
import type { NodeRule } from '../rule.ts'

/**
 * Limit[10, offset 5](Project(Filter[p](Scan predicate p)))  →  the same over Scan with limit 15
 *
 * Only where every filter between is known to the scan in full: physical planning then counts the rows that are sure to
 * pass and stops opening files. A Sort, a Join or an Aggregate between needs all rows.
 */
export const pushLimitIntoScan: NodeRule = {
  name: 'push_limit_into_scan',
  kind: 'node',
  apply: (plan) => {
    if (plan.kind !== 'limit' || plan.count === undefined || plan.withTies) return plan
    const input = limitScan(plan.input, plan.count + plan.offset, [])
    return input === undefined ? plan : { ...plan, input }
  },
}

/** Undefined where nothing changes. */
function limitScan(plan: LogicalPlan, rows: number, filters: readonly Expr[]): LogicalPlan | undefined {
  switch (plan.kind) {
    case 'project': {
      const input = limitScan(plan.input, rows, filters)
      return input && { ...plan, input }
    }
    case 'filter': {
      const input = limitScan(plan.input, rows, [...filters, ...conjuncts(plan.predicate)])
      return input && { ...plan, input }
    }
    case 'set-operation': {
      if (plan.operator !== 'union' || !plan.all || filters.length > 0) return undefined
      const inputs = plan.inputs.map((input) => limitScan(input, rows, filters))
      return inputs.every((input) => input === undefined)
        ? undefined
        : { ...plan, inputs: inputs.map((input, place) => input ?? (plan.inputs[place] as LogicalPlan)) }
    }
    case 'scan': {
      const known = new Set(plan.predicate.map(keyOf))
      if (!filters.every((term) => known.has(keyOf(term)))) return undefined
      return plan.limit !== undefined && plan.limit <= rows ? undefined : { ...plan, limit: rows }
    }
    default:
      return undefined
  }
}

const keyOf = (expr: Expr): string => printExpr(expr, { column: (id) => `#${id}`, subquery: () => '?' })
