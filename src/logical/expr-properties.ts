/** What rules need to know of an expression before they move, copy or drop it. */
import { unreachable } from '#src/common/errors'
import { isTypeOnlyCoercion } from '#src/types/coercion'
import { formatType } from '#src/types/format'
import type { Type } from '#src/types/type'
import { exprChildren, planOfExpr, someExpr } from './expr-walk.ts'
import type { Call, Expr } from './expression.ts'
import type { LogicalPlan } from './plan.ts'
import { expressionsOf, walkPlan } from './plan-walk.ts'

export const hasSubquery = (expr: Expr): boolean => someExpr(expr, (node) => planOfExpr(node) !== undefined)

/** Whether Trino knows it before all rows; what stands in TRY it computes row by row. */
export const isConstant = (expr: Expr): boolean =>
  !someExpr(expr, (part) => part.kind === 'column' || part.kind === 'lambda-ref' || part.kind === 'try' || planOfExpr(part) !== undefined)

/** Same inputs, same value: neither a call nor a subquery inside is random. */
export function isDeterministic(expr: Expr): boolean {
  return !someExpr(expr, (node) => {
    if (node.kind === 'call') return !node.function.deterministic
    const plan = planOfExpr(node)
    return plan !== undefined && isRandom(plan)
  })
}

/** Whether running the plan twice may give other rows. */
export function isRandom(plan: LogicalPlan): boolean {
  let random = false
  walkPlan(plan, (inner) => {
    if (inner.kind === 'sample' || expressionsOf(inner).some((part) => !isDeterministic(part))) random = true
  })
  return random
}

const COMPUTING_ALL: ReadonlySet<string> = new Set(['greatest', 'least'])

/** Whether a NULL argument of the function keeps Trino from computing those behind it. */
export const isNullDeciding = ({ name, strict }: Call['function']): boolean => strict && !COMPUTING_ALL.has(name)

/** Functions that answer for every argument. A function that is not listed is taken to fail for some. */
const TOTAL_FUNCTIONS: ReadonlySet<string> = new Set([
  'lower',
  'upper',
  'length',
  'trim',
  'ltrim',
  'rtrim',
  'reverse',
  'concat',
  'substr',
  'substring',
  'starts_with',
  'year',
  'quarter',
  'month',
  'week',
  'day',
  'day_of_week',
  'day_of_year',
  'hour',
  'minute',
  'second',
  'millisecond',
  'is_nan',
  'is_finite',
  'is_infinite',
  'floor',
  'ceil',
  'ceiling',
  'sign',
])

/** Operators that give NaN or an infinity where they have no other value of real or double. */
const FLOAT_ARITHMETIC: ReadonlySet<string> = new Set([
  'add',
  'subtract',
  'multiply',
  'divide',
  'modulus',
  'mod',
  'negate',
  'abs',
  'round',
  'sqrt',
])

const isTotalCall = ({ function: { name }, args, type }: Call): boolean =>
  TOTAL_FUNCTIONS.has(name) ||
  // A third argument, the instance, may be zero.
  (name === 'strpos' && args.length === 2) ||
  (FLOAT_ARITHMETIC.has(name) && (type.kind === 'real' || type.kind === 'double'))

/** Whether evaluating it on some row can raise an error: then it must not run on rows that it would not have seen where it stands. */
export function mayFail(expr: Expr): boolean {
  switch (expr.kind) {
    case 'try':
      return false
    case 'call':
      if (!isTotalCall(expr)) return true
      break
    case 'cast':
      if (!expr.safe && !isTotalCast(expr.value.type, expr.type)) return true
      break
    case 'nullif':
      if (!isTotalCast(expr.left.type, expr.comparedAs) || !isTotalCast(expr.right.type, expr.comparedAs)) return true
      break
    case 'like':
      if (expr.escape !== undefined) return true
      break
    case 'scalar-subquery':
    case 'exists':
    case 'in-subquery':
    case 'quantified':
    case 'lambda':
      return true
    case 'literal':
    case 'column':
    case 'comparison':
    case 'distinct-from':
    case 'between':
    case 'in-list':
    case 'is-null':
    case 'logical':
    case 'not':
    case 'case':
    case 'coalesce':
    case 'row':
    case 'array':
    case 'field':
    case 'lambda-ref':
      break
    default:
      return unreachable(expr)
  }
  return exprChildren(expr).some(mayFail)
}

const INTEGER_DIGITS: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, integer: 10, bigint: 19 }
const INTEGER_ORDER = ['tinyint', 'smallint', 'integer', 'bigint']

const PRINTABLE: ReadonlySet<string> = new Set(['boolean', ...INTEGER_ORDER, 'real', 'double', 'decimal', 'date', 'time', 'timestamp'])

/** Whether the cast converts every value of `from`. */
function isTotalCast(from: Type, to: Type): boolean {
  if (formatType(from) === formatType(to) || from.kind === 'unknown' || isTypeOnlyCoercion(from, to)) return true
  const digits = INTEGER_DIGITS[from.kind]
  if (digits !== undefined && INTEGER_ORDER.includes(to.kind)) return INTEGER_ORDER.indexOf(to.kind) >= INTEGER_ORDER.indexOf(from.kind)
  if (digits !== undefined && to.kind === 'decimal') return to.precision - to.scale >= digits
  if ((digits !== undefined || from.kind === 'decimal' || from.kind === 'real') && to.kind === 'double') return true
  if (digits !== undefined && to.kind === 'real') return true
  if (from.kind === 'decimal' && to.kind === 'decimal')
    return to.precision - to.scale >= from.precision - from.scale && to.scale >= from.scale
  if (to.kind === 'varchar' && to.length === undefined && PRINTABLE.has(from.kind)) return true
  if (from.kind === 'varchar' && (to.kind === 'varchar' || to.kind === 'char')) return true
  if (from.kind === 'char' && to.kind === 'varchar') return true
  if (from.kind === 'date' && to.kind === 'timestamp') return true
  if (from.kind === 'timestamp' && to.kind === 'date') return true
  return from.kind === 'timestamp' && to.kind === 'timestamp'
}
