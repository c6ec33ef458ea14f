import { columnRef } from '#src/logical/build'
import type { CteRef, LogicalPlan } from '#src/logical/plan'
import { mapPlan, outputOf, walkPlan } from '#src/logical/plan-walk'
import type { NodeRule } from '../rule.ts'

/**
 * With[q](CteScan[q] used once)  →  the query in place of the CteScan; used never  →  the body alone.
 *
 * A named query used once would keep predicates and unused columns from being pushed into it.
 */
export const inlineSingleUseCtes: NodeRule = {
  name: 'inline_single_use_ctes',
  kind: 'node',
  apply: (plan) => {
    if (plan.kind !== 'with') return plan
    const { cteId, query } = plan
    if (query.kind === 'recursive-cte') return plan
    const references: { readonly node: CteRef; readonly repeated: boolean }[] = []
    collectReferences(plan.body, cteId, references)
    const [only, ...others] = references
    if (only === undefined) return plan.body
    if (others.length > 0 || only.repeated) return plan
    const columns = new Map(outputOf(query).map((column) => [column.id, column]))
    return mapPlan(plan.body, (node) => {
      if (node.kind !== 'cte-ref' || node.cteId !== cteId) return node
      const assignments = node.columns.flatMap((column, place) => {
        const source = columns.get(node.source[place] ?? -1)
        return source === undefined ? [] : [{ column, value: columnRef(source) }]
      })
      return { kind: 'project', input: query, assignments }
    })
  },
}

/** References with whether they may be evaluated more than once: inside a recursion's step. */
function collectReferences(plan: LogicalPlan, cteId: number, into: { node: CteRef; repeated: boolean }[]): void {
  const repeated = new Set<LogicalPlan>()
  walkPlan(plan, (node) => {
    if (node.kind === 'recursive-cte') walkPlan(node.recursive, (inner) => repeated.add(inner))
    if (node.kind === 'cte-ref' && node.cteId === cteId) into.push({ node, repeated: repeated.has(node) })
  })
}
