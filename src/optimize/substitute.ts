import { mapExpr } from '#src/logical/expr-walk'
import type { ColumnId, Expr } from '#src/logical/expression'

/** Replaces columns by expressions of the same type. The expression must hold no subqueries: their plans are not entered. */
export function substitute(expr: Expr, replacements: ReadonlyMap<ColumnId, Expr>): Expr {
  return mapExpr(expr, (node) => (node.kind === 'column' ? (replacements.get(node.id) ?? node) : node))
}
