/**
 * Decimal arithmetic, as narrow as can be proven. DECIMAL up to 18 digits is a 64-bit integer in the kernel, beyond it
 * twice as slow; l_extendedprice * (1 - l_discount) has the type decimal(31, 4) in Trino, while its values fit easily.
 * Where the columns' bounds (from footers) and the literals say that a result stays below 10^18 it is printed narrow.
 */
import { type DecimalText, decimalArithmetic } from '#src/functions/decimal-form'
import type { Call, Cast, Expr } from '#src/logical/expression'
import { isInteger } from '#src/types/coercion'
import type { Type } from '#src/types/type'
import { literalText } from '../representation.ts'
import type { Bounds, ExpressionContext } from './expression-context.ts'
import { decidingArguments } from './operand-order.ts'

const OPERATORS = { add: '+', subtract: '-', multiply: '*' } as const

/** Whether it is `+`, `-` or `*` over decimals, which `printDecimal` prints. */
export function isDecimalArithmetic(call: Call): boolean {
  return call.type.kind === 'decimal' && call.function.name in OPERATORS && call.args.length === 2
}

/** An expression of a decimal type with the kernel's type of its text. */
function printDecimal(expr: Expr, context: ExpressionContext, print: (expr: Expr) => string): DecimalText {
  const { precision, scale } = expr.type as { precision: number; scale: number }
  const constant = unscaledConstant(expr, scale)
  if (constant !== undefined) {
    const digits = Math.max(scale, constant.toString().replace('-', '').length, 1)
    return { sql: literalText(constant, { kind: 'decimal', precision: digits, scale }), precision: digits, scale }
  }
  if (expr.kind === 'call' && isDecimalArithmetic(expr) && decidingArguments(expr, context).length === 0) {
    return printDecimalOperation(expr, context, print)
  }
  if (expr.kind === 'cast' && expr.value.type.kind === 'decimal' && widensOnly(expr)) return printDecimal(expr.value, context, print)
  return { sql: print(expr), precision, scale }
}

/** As printDecimal, of a call that `isDecimalArithmetic`, whatever the order of its operands. */
export function printDecimalOperation(call: Call, context: ExpressionContext, print: (expr: Expr) => string): DecimalText {
  const [left, right] = call.args as readonly [Expr, Expr]
  const operator = OPERATORS[call.function.name as keyof typeof OPERATORS]
  return decimalArithmetic(operator, printDecimal(left, context, print), printDecimal(right, context, print), fitsShort(call, context))
}

/** A decimal literal, or an integer literal that is cast to a decimal it fits. */
function unscaledConstant(expr: Expr, scale: number): bigint | undefined {
  if (expr.kind === 'literal') return typeof expr.value === 'bigint' ? expr.value : undefined
  if (expr.kind !== 'cast' || expr.value.kind !== 'literal' || typeof expr.value.value !== 'bigint') return undefined
  if (expr.value.type.kind === 'decimal' || !isInteger(expr.value.type) || expr.type.kind !== 'decimal') return undefined
  const unscaled = expr.value.value * 10n ** BigInt(scale)
  return unscaled < 10n ** BigInt(expr.type.precision) && unscaled > -(10n ** BigInt(expr.type.precision)) ? unscaled : undefined
}

/** Same scale, no fewer digits: the value as it is. */
function widensOnly(expr: Cast): boolean {
  const from = expr.value.type
  const to = expr.type
  return from.kind === 'decimal' && to.kind === 'decimal' && from.scale === to.scale && from.precision <= to.precision
}

/** Whether integer or decimal arithmetic cannot overflow, as the bounds of its operands tell. */
export function staysInType(call: Call, context: ExpressionContext): boolean {
  const bounds = arithmeticBounds(call, context)
  const type = boundsOfType(call.type)
  return bounds !== undefined && type !== undefined && bounds.min >= type.min && bounds.max <= type.max
}

const SHORT_LIMIT = 10n ** 18n

function fitsShort(expr: Expr, context: ExpressionContext): boolean {
  const bounds = boundsOf(expr, context)
  return bounds !== undefined && bounds.max < SHORT_LIMIT && bounds.min > -SHORT_LIMIT
}

/** Decimal digits of an integer or decimal expression's unscaled values, at most; undefined when nothing is known. */
export function mostDigits(expr: Expr, context: ExpressionContext): number | undefined {
  const bounds = boundsOf(expr, context)
  return bounds && greatest(bounds.max, -bounds.min).toString().length
}

/** Bounds of an integer or decimal expression's unscaled values; undefined when nothing is known. */
function boundsOf(expr: Expr, context: ExpressionContext): Bounds | undefined {
  switch (expr.kind) {
    case 'literal':
      return typeof expr.value === 'bigint' ? { min: expr.value, max: expr.value } : undefined
    case 'column':
      return context.bounds?.(expr.id) ?? boundsOfType(expr.type)
    case 'cast':
      return castBounds(expr, context)
    case 'call':
      return callBounds(expr, context)
    case 'case':
      return union([...expr.whens.map((when) => when.then), expr.otherwise], context)
    case 'coalesce':
      return union(expr.args, context)
    default:
      return boundsOfType(expr.type)
  }
}

function boundsOfType(type: Type): Bounds | undefined {
  const max = maxOf(type)
  return max === undefined ? undefined : { min: type.kind === 'decimal' ? -max : -max - 1n, max }
}

function maxOf(type: Type): bigint | undefined {
  switch (type.kind) {
    case 'tinyint':
      return 127n
    case 'smallint':
      return 32_767n
    case 'integer':
      return 2_147_483_647n
    case 'bigint':
      return 9_223_372_036_854_775_807n
    case 'decimal':
      return 10n ** BigInt(type.precision) - 1n
    default:
      return undefined
  }
}

function castBounds(expr: Cast, context: ExpressionContext): Bounds | undefined {
  const from = expr.value.type
  const to = expr.type
  const inner = boundsOf(expr.value, context)
  if (inner === undefined || to.kind !== 'decimal') return boundsOfType(to)
  const fromScale = from.kind === 'decimal' ? from.scale : 0
  if (to.scale < fromScale) return boundsOfType(to)
  const factor = 10n ** BigInt(to.scale - fromScale)
  return { min: inner.min * factor, max: inner.max * factor }
}

function callBounds(expr: Call, context: ExpressionContext): Bounds | undefined {
  const computed = expr.type.kind === 'decimal' || expr.function.name === 'negate'
  return (computed ? arithmeticBounds(expr, context) : undefined) ?? boundsOfType(expr.type)
}

/** Of what `+`, `-` and `*` give before the type cuts it off. */
function arithmeticBounds(expr: Call, context: ExpressionContext): Bounds | undefined {
  const [left, right] = expr.args
  const a = left && boundsOf(left, context)
  if (a === undefined || left === undefined) return undefined
  if (expr.function.name === 'negate') return { min: -a.max, max: -a.min }
  const b = right && boundsOf(right, context)
  if (b === undefined || right === undefined) return undefined
  const [p, q] = [shifted(a, left, expr), shifted(b, right, expr)]
  switch (expr.function.name) {
    case 'add':
      return { min: p.min + q.min, max: p.max + q.max }
    case 'subtract':
      return { min: p.min - q.max, max: p.max - q.min }
    case 'multiply': {
      const corners = [a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max]
      return { min: corners.reduce(least), max: corners.reduce(greatest) }
    }
    default:
      return undefined
  }
}

/** An operand's bounds at the scale of a sum. */
function shifted(bounds: Bounds, operand: Expr, result: Expr): Bounds {
  const scaleOf = (type: Type) => (type.kind === 'decimal' ? type.scale : 0)
  const digits = scaleOf(result.type) - scaleOf(operand.type)
  if (digits <= 0) return bounds
  const factor = 10n ** BigInt(digits)
  return { min: bounds.min * factor, max: bounds.max * factor }
}

function union(exprs: readonly Expr[], context: ExpressionContext): Bounds | undefined {
  let all: Bounds | undefined
  for (const expr of exprs) {
    if (expr.kind === 'literal' && expr.value === null) continue
    const bounds = boundsOf(expr, context)
    if (bounds === undefined) return undefined
    all = all === undefined ? bounds : { min: least(bounds.min, all.min), max: greatest(bounds.max, all.max) }
  }
  return all
}

// biome-ignore-start lint/complexity/useMathMinMax: these are bigints
const least = (a: bigint, b: bigint): bigint => (a < b ? a : b)
const greatest = (a: bigint, b: bigint): bigint => (a > b ? a : b)
// biome-ignore-end lint/complexity/useMathMinMax: these are bigints
