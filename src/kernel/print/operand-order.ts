/**
 * Operands in Trino's order. A function that gives NULL for NULL ends at its first operand that is NULL, AND at its first term
 * that is false: what stands behind is not computed, and does not fail. The kernel computes all operands of a batch, so
 * where a later one may fail the earlier ones are asked first.
 *
 *   a + 5 / b  →  CASE WHEN a IS NULL THEN NULL ELSE a + 5 / b END
 *
 * Rows of VALUES are computed by Trino when it plans: there each operand that is NULL decides, wherever it stands, unless
 * a TRY is in it, which is computed last.
 */
import { forKernelTry } from '#src/functions/macros/index'
import { nullOf } from '#src/logical/build'
import { isConstant, isDeterministic, isNullDeciding, mayFail } from '#src/logical/expr-properties'
import { exprChildren, planOfExpr, someExpr } from '#src/logical/expr-walk'
import type { Call, Expr, Logical } from '#src/logical/expression'
import { isInteger } from '#src/types/coercion'
import { staysInType } from './decimal.ts'
import type { ExpressionContext } from './expression-context.ts'

/** The operators whose own failure is that of a divisor, which a NULL dividend keeps from being looked at. */
const DIVISIONS: ReadonlySet<string> = new Set(['divide', 'modulus', 'mod'])

/**
 * The operands of a NULL-giving expression that are asked for NULL before the others are computed, in the order in which
 * they are asked: empty where none of the others may fail.
 */
export function decidingOperands(args: readonly Expr[], context: ExpressionContext): readonly number[] {
  if (context.order === 'none' || args.length < 2) return []
  const raising = args.map((arg) => arg.kind !== 'lambda' && mayRaise(arg, context))
  const last = raising.lastIndexOf(true)
  if (last < 0) return []
  const others = (index: number): boolean => raising.some((raises, other) => raises && other !== index)
  const asked = args.flatMap((arg, index) =>
    mayBeNull(arg) && others(index) && (context.order === 'any' ? !holdsTry(arg) : index < last || isConstant(arg)) ? [index] : [],
  )
  return [...asked.filter((index) => !raising[index]), ...asked.filter((index) => raising[index])]
}

/** As decidingOperands, of a call. */
export function decidingArguments(call: Call, context: ExpressionContext): readonly number[] {
  if (!isNullDeciding(call.function)) return []
  const asked = decidingOperands(call.args, context)
  const [dividend, divisor] = call.args
  const asks = context.order !== 'none' && DIVISIONS.has(call.function.name) && dividend !== undefined && mayBeNull(dividend)
  return !asks || asked.includes(0) || isFloat(call) || isDivisible(divisor) ? asked : [...asked, 0]
}

/** SQL that is true where an operand, `text`, is NULL; over VALUES one that fails leaves the others to decide. */
export function askedNull(operand: Expr, text: string, context: ExpressionContext): string {
  const alone = context.order === 'any' && mayRaise(operand, context) && isDeterministic(operand) && !someExpr(operand, hasPlan)
  return alone ? printKernelTry(`(${forKernelTry(text)} IS NULL)`) : `${text} IS NULL`
}

const hasPlan = (part: Expr): boolean => planOfExpr(part) !== undefined

/**
 * NULL where computing the SQL fails. The kernel computes what is common to several expressions outside of its TRY, and
 * conditions of constants before all rows; but not what stands in a lambda.
 */
export function printKernelTry(sql: string): string {
  return `TRY(list_transform([0], lambda weir_try: ${sql})[1])`
}

/**
 * The terms of AND or OR in the order in which they decide, and before them those that over VALUES decide wherever they
 * stand where they do not fail.
 */
export function decidingTerms(
  expr: Logical,
  context: ExpressionContext,
): { readonly any: readonly Expr[]; readonly terms: readonly Expr[] } {
  if (context.order !== 'any') return { any: [], terms: expr.terms }
  const raising = expr.terms.filter((term) => mayRaise(term, context))
  if (raising.length === 0) return { any: [], terms: expr.terms }
  const last = expr.terms.filter((term) => raising.includes(term) || holdsTry(term))
  const any = last.slice(1).filter((term) => !holdsTry(term) && isDeterministic(term) && !someExpr(term, hasPlan))
  return { any, terms: [...expr.terms.filter((term) => !last.includes(term)), ...last] }
}

/** Whether Trino computes it after all that it knows when it plans. */
export const holdsTry = (expr: Expr): boolean => someExpr(expr, (part) => part.kind === 'try')

/** Whether it is neither a constant other than NULL nor a constructor. */
export const mayBeNull = (arg: Expr): boolean =>
  arg.kind !== 'lambda' && arg.kind !== 'array' && arg.kind !== 'row' && !(arg.kind === 'literal' && arg.value !== null)

const isFloat = ({ type }: Expr): boolean => type.kind === 'double' || type.kind === 'real'

const isDivisible = (divisor: Expr | undefined): boolean =>
  divisor?.kind === 'literal' && divisor.value !== null && divisor.value !== 0n && divisor.value !== 0

/** Whether computing it on some row can fail; closer than `mayFail`, which knows no bounds of columns. */
export function mayRaise(expr: Expr, context: ExpressionContext): boolean {
  if (expr.kind === 'lambda' || hasPlan(expr)) return false
  return raisesItself(expr, context) || exprChildren(expr).some((child) => mayRaise(child, context))
}

function raisesItself(expr: Expr, context: ExpressionContext): boolean {
  switch (expr.kind) {
    case 'call':
      return callRaises(expr, context)
    case 'cast':
      return mayFail({ ...expr, value: { kind: 'literal', type: expr.value.type, value: null } })
    case 'nullif':
      return mayFail({ ...expr, left: nullOf(expr.left.type), right: nullOf(expr.right.type) })
    case 'like':
      return expr.escape !== undefined
    default:
      return false
  }
}

const INTEGER_BITS: Readonly<Record<string, bigint>> = { tinyint: 7n, smallint: 15n, integer: 31n, bigint: 63n }

/** Whether it is a sum, difference, product, negation or absolute value of constants that its type has no place for. */
export function overflowsAlways({ function: { name }, args, type }: Call): boolean {
  const bits = INTEGER_BITS[type.kind]
  const [left, right] = args.map((arg) => (arg.kind === 'literal' && typeof arg.value === 'bigint' ? arg.value : undefined))
  if (bits === undefined || left === undefined || args.length > 2 || (args.length === 2 && right === undefined)) return false
  const value = integerValue(name, left, right ?? 0n)
  return value !== undefined && (value >= 1n << bits || value < -(1n << bits))
}

function integerValue(name: string, left: bigint, right: bigint): bigint | undefined {
  if (name === 'add') return left + right
  if (name === 'subtract') return left - right
  if (name === 'multiply') return left * right
  if (name === 'negate') return -left
  return name === 'abs' && left < 0n ? -left : undefined
}

const ARITHMETIC: ReadonlySet<string> = new Set(['add', 'subtract', 'multiply', 'negate', 'divide', 'modulus'])

function callRaises(call: Call, context: ExpressionContext): boolean {
  const { name } = call.function
  if (!ARITHMETIC.has(name)) return mayFail({ ...call, args: call.args.map(({ type }) => nullOf(type)) })
  if (isFloat(call)) return false
  if (call.type.kind !== 'decimal' && !isInteger(call.type)) return true
  return DIVISIONS.has(name) ? !(isInteger(call.type) && isDivisible(call.args[1])) : !staysInType(call, context)
}
