import { QueryError } from '#src/common/errors'
import { forKernelTry, withoutErrors } from '#src/functions/macros/index'
import { hasSubquery, isDeterministic, mayFail } from '#src/logical/expr-properties'
import { someExpr } from '#src/logical/expr-walk'
import type { Expr, Try } from '#src/logical/expression'
import type { Type } from '#src/types/type'
import type { ExpressionContext, PrintExpr } from './expression-context.ts'
import { printKernelTry } from './operand-order.ts'
import { wideDecimalSide } from './wide-decimal.ts'

/**
 * TRY: where NULL passes through to the top, every error that our SQL raises gives NULL instead, and the kernel's own TRY
 * takes what the kernel raises. Elsewhere the kernel's takes all, which it does row by row once a batch has failed.
 */
export function printTry(expr: Try, context: ExpressionContext, print: PrintExpr): string {
  // Trino computes it in its turn; the kernel would know a constant before it computes what fails beside it.
  if (expr.value.kind === 'literal') return `CASE WHEN random() >= 0 THEN ${print(expr.value, context)} END`
  // A subquery is evaluated before the expression that it stands in; its errors are not TRY's.
  if (!mayFail(expr.value) || expr.value.kind === 'scalar-subquery') return print(expr.value, context)
  if (isFailure(expr.value)) return print(expr.value, context)
  if (!isDeterministic(expr.value) || hasSubquery(expr.value) || someExpr(expr.value, isFailure)) {
    throw new QueryError('NOT_SUPPORTED', 'TRY over this expression is not supported')
  }
  const strict = passesNull(expr.value)
  const sql = print(expr.value, strict ? { ...context, order: 'none' } : context)
  return printKernelTry(strict ? withoutErrors(sql) : forKernelTry(sql))
}

/** What fails on purpose is not TRY's, either. */
const isFailure = (expr: Expr): boolean => expr.kind === 'call' && expr.function.name === 'fail'

const isNested = ({ kind }: Type): boolean => kind === 'array' || kind === 'map' || kind === 'row'

/** Whether a NULL in place of any part that may fail makes the whole NULL. */
function passesNull(expr: Expr): boolean {
  const harmless = (inner: Expr) => !mayFail(inner) || passesNull(inner)
  switch (expr.kind) {
    case 'call':
      return expr.function.strict && expr.args.every((arg) => arg.kind !== 'lambda' && harmless(arg))
    case 'cast':
      // A part of an array, map or row that fails would be NULL alone.
      return harmless(expr.value) && !isNested(expr.value.type)
    case 'field':
      return harmless(expr.base)
    case 'comparison':
      return wideDecimalSide(expr) === undefined && harmless(expr.left) && harmless(expr.right)
    case 'not':
      return harmless(expr.value)
    case 'case': {
      const conditions = [...(expr.operand === undefined ? [] : [expr.operand]), ...expr.whens.map((when) => when.when)]
      return !conditions.some(mayFail) && [...expr.whens.map((when) => when.then), expr.otherwise].every(harmless)
    }
    default:
      return !mayFail(expr)
  }
}
