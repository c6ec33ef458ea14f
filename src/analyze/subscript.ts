/** `array[i]`, `map[key]`, and `row[i]`, whose index must be written out because it decides the type. */
import { QueryError } from '#src/common/errors'
import { bindOperator } from '#src/functions/bind'
import type { Expr } from '#src/logical/expression'
import type * as ast from '#src/sql/ast'
import { formatType } from '#src/types/format'
import type { RowType } from '#src/types/type'
import type { ExprContext } from './analysis.ts'
import { analyzeExpression, coerceAll, retold } from './expression.ts'
import { positionOf } from './positions.ts'

export function analyzeSubscript(node: ast.Subscript, context: ExprContext): Expr {
  const base = analyzeExpression(node.base, context)
  if (base.type.kind === 'row') return rowSubscript(base, base.type, node)
  const index = analyzeExpression(node.index, context)
  const mismatch = `Cannot use ${formatType(index.type)} for subscript of ${formatType(base.type)}`
  const bound = retold(mismatch, node.at, () => bindOperator('subscript', [base.type, index.type], node.at))
  return { kind: 'call', type: bound.type, function: bound, args: coerceAll([base, index], bound.argumentTypes), at: node.at }
}

const MOST_INTEGER = 2 ** 31 - 1

function rowSubscript(base: Expr, type: RowType, node: ast.Subscript): Expr {
  const at = positionOf(node.index)
  if (node.index.kind !== 'number' || node.index.form !== 'integer') {
    throw new QueryError('EXPRESSION_NOT_CONSTANT', 'Subscript expression on ROW requires a constant index', { at })
  }
  const place = Number(node.index.text.replaceAll('_', ''))
  if (place > MOST_INTEGER) {
    throw new QueryError('TYPE_MISMATCH', 'Subscript expression on ROW requires integer index, found bigint', { at })
  }
  if (place <= 0) {
    throw new QueryError('INVALID_FUNCTION_ARGUMENT', `Invalid subscript index: ${place}. ROW indices start at 1`, { at })
  }
  const field = type.fields[place - 1]
  if (!field) {
    const message = `Subscript index out of bounds: ${place}, max value is ${type.fields.length}`
    throw new QueryError('INVALID_FUNCTION_ARGUMENT', message, { at })
  }
  return { kind: 'field', type: field.type, base, index: place - 1 }
}
