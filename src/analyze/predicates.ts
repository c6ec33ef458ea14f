/** Predicates over values: comparisons, BETWEEN, IN (list), LIKE, IS DISTINCT FROM. Negation is the caller's. */
import { QueryError } from '#src/common/errors'
import { comparisonType } from '#src/functions/bind'
import { coerce } from '#src/logical/coerce'
import type { Expr } from '#src/logical/expression'
import type * as ast from '#src/sql/ast'
import { commonSuperType, isComparable, isOrderable } from '#src/types/coercion'
import { formatType } from '#src/types/format'
import { BOOLEAN, type Type, VARCHAR } from '#src/types/type'
import type { ExprContext } from './analysis.ts'
import { analyzeExpression, coerceTo, commonType } from './expression.ts'

export function analyzeComparison(node: ast.Comparison, context: ExprContext): Expr {
  const left = analyzeExpression(node.left, context)
  const right = analyzeExpression(node.right, context)
  const type = comparisonType(node.operator, left.type, right.type, node.operatorAt)
  return { kind: 'comparison', type: BOOLEAN, operator: node.operator, left: coerce(left, type), right: coerce(right, type) }
}

export function analyzeBetween(node: ast.Between, context: ExprContext): Expr {
  const value = analyzeExpression(node.value, context)
  const low = analyzeExpression(node.low, context)
  const high = analyzeExpression(node.high, context)
  const withLow = commonSuperType(value.type, low.type)
  const type = withLow && commonSuperType(withLow, high.type)
  if (!type || !isOrderable(type)) {
    const message = `Cannot check if ${formatType(value.type)} is BETWEEN ${formatType(low.type)} and ${formatType(high.type)}`
    throw new QueryError('TYPE_MISMATCH', message, { at: node.operatorAt })
  }
  return { kind: 'between', type: BOOLEAN, value: coerce(value, type), low: coerce(low, type), high: coerce(high, type) }
}

export function analyzeInList(node: ast.InList, context: ExprContext): Expr {
  const value = analyzeExpression(node.value, context)
  const items = node.items.map((item) => analyzeExpression(item, context))
  const type = commonType('IN value and list items', [value, ...items], [node.value, ...node.items])
  comparisonType('=', type, type, node.operatorAt)
  return { kind: 'in-list', type: BOOLEAN, value: coerce(value, type), items: items.map((item) => coerce(item, type)) }
}

const isText = (type: Type): boolean => type.kind === 'varchar' || type.kind === 'char'

export function analyzeLike(node: ast.Like, context: ExprContext): Expr {
  const analyzed = analyzeExpression(node.value, context)
  const value = isText(analyzed.type) ? analyzed : coerceTo(analyzed, VARCHAR, 'Left side of LIKE expression', node.value)
  const text = (part: ast.Expression, what: string): Expr => {
    const expr = analyzeExpression(part, context)
    return expr.type.kind === 'varchar' ? expr : coerceTo(expr, VARCHAR, what, part)
  }
  const pattern = text(node.pattern, 'Pattern for LIKE expression')
  const escaping = node.escape && text(node.escape, 'Escape for LIKE expression')
  return { kind: 'like', type: BOOLEAN, value, pattern, escape: escaping }
}

export function analyzeDistinctFrom(node: ast.DistinctFrom, context: ExprContext): Expr {
  const left = analyzeExpression(node.left, context)
  const right = analyzeExpression(node.right, context)
  const type = commonSuperType(left.type, right.type)
  if (!type || !isComparable(type)) {
    const message = `Cannot check if ${formatType(left.type)} is distinct from ${formatType(right.type)}`
    throw new QueryError('TYPE_MISMATCH', message, { at: node.operatorAt })
  }
  return { kind: 'distinct-from', type: BOOLEAN, left: coerce(left, type), right: coerce(right, type), negated: node.negated }
}
