import { hasSubquery } from '#src/logical/expr-properties'
import { outputOf } from '#src/logical/plan-walk'
import type { NodeRule } from '../rule.ts'
import { substitute } from '../substitute.ts'

/**
 * Project[a, b](x) where x gives exactly a, b                →  x
 * Project[c := a + 1](Project[a := x, d := y](z))            →  Project[c := x + 1](z)
 *
 * The second only where the inner one computes nothing, so that no work is done twice.
 */
export const removeRedundantProjects: NodeRule = {
  name: 'remove_redundant_projects',
  kind: 'node',
  apply: (plan) => {
    if (plan.kind !== 'project') return plan
    const given = outputOf(plan.input)
    const passes = plan.assignments.every(
      ({ column, value }, place) => value.kind === 'column' && value.id === column.id && given[place]?.id === column.id,
    )
    if (passes && plan.assignments.length === given.length) return plan.input
    const inner = plan.input
    if (inner.kind !== 'project' || !inner.assignments.every(({ value }) => value.kind === 'column' || value.kind === 'literal'))
      return plan
    if (plan.assignments.some(({ value }) => hasSubquery(value))) return plan
    const values = new Map(inner.assignments.map(({ column, value }) => [column.id, value]))
    return {
      ...plan,
      input: inner.input,
      assignments: plan.assignments.map(({ column, value }) => ({ column, value: substitute(value, values) })),
    }
  },
}
