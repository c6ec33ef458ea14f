import { walkExpr } from '#src/logical/expr-walk'
import type { ColumnRef, Expr, LambdaRef } from '#src/logical/expression'

/** The columns and the parameters of outer lambdas that an expression reads. */
export function freeReferences(expr: Expr): readonly (ColumnRef | LambdaRef)[] {
  const inside = new Set<number>()
  const found = new Map<number, ColumnRef | LambdaRef>()
  walkExpr(expr, (part) => {
    if (part.kind === 'lambda') for (const { id } of part.parameters) inside.add(id)
    if (part.kind === 'column' || part.kind === 'lambda-ref') found.set(part.id, part)
  })
  return [...found.values()].filter(({ id }) => !inside.has(id))
}
