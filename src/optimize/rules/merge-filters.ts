import { and } from '#src/logical/build'
import type { NodeRule } from '../rule.ts'

/** Filter[b](Filter[a](x))  →  Filter[a AND b](x) */
export const mergeFilters: NodeRule = {
  name: 'merge_filters',
  kind: 'node',
  apply: (plan) =>
    plan.kind === 'filter' && plan.input.kind === 'filter'
      ? { ...plan, input: plan.input.input, predicate: and(plan.input.predicate, plan.predicate) }
      : plan,
}
