/** Arithmetic and comparison of the path language: by the types and rules of SQL's operators. */

import { commonSuperType, isOrderable } from '#src/types/coercion'
import { compareValues } from '#src/types/compare'
import { formatDecimal } from '#src/types/format-value'
import { type DecimalType, DOUBLE, decimal, type Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import { bindOperator } from '../bind.ts'
import { PathEvaluationError, type SqlItem, sql } from './path-item.ts'
import type { PathComparison, PathOperator } from './path-node.ts'

const OPERATORS = { '+': 'add', '-': 'subtract', '*': 'multiply', '/': 'divide', '%': 'modulus' } as const
const BITS: Readonly<Record<string, number>> = { tinyint: 8, smallint: 16, integer: 32, bigint: 64 }
const DIGITS: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, integer: 10, bigint: 19 }

/** Type of the result. @throws QueryError TYPE_MISMATCH where SQL has no such operator */
export function arithmeticType(operator: PathOperator, left: Type, right: Type): Type {
  return bindOperator(OPERATORS[operator], [left, right]).type
}

/** @throws PathEvaluationError for operands that do not fit, overflow and division by zero */
export function calculate(operator: PathOperator, left: SqlItem, right: SqlItem): SqlItem {
  const type = resultType(operator, left.type, right.type)
  switch (type.kind) {
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint': {
      const value = integers(operator, left.value as bigint, right.value as bigint)
      return sql(type, inRange(value, BITS[type.kind] as number))
    }
    case 'real':
    case 'double': {
      const value = floats(operator, toNumber(left), toNumber(right))
      return sql(type, type.kind === 'real' ? Math.fround(value) : value)
    }
    case 'decimal':
      return sql(type, decimals(operator, toDecimal(left), toDecimal(right), type))
    default:
      throw new PathEvaluationError(`${operator} gives ${type.kind}`)
  }
}

function resultType(operator: PathOperator, left: Type, right: Type): Type {
  try {
    return arithmeticType(operator, left, right)
  } catch {
    throw new PathEvaluationError(`invalid operand types to ${operator} operator (${left.kind}, ${right.kind})`)
  }
}

function inRange(value: bigint, bits: number): bigint {
  if (BigInt.asIntN(bits, value) !== value) throw new PathEvaluationError('number out of range')
  return value
}

function integers(operator: PathOperator, a: bigint, b: bigint): bigint {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / divisor(b)
    case '%':
      return a % divisor(b)
  }
}

function divisor(value: bigint): bigint {
  if (value === 0n) throw new PathEvaluationError('Division by zero')
  return value
}

function floats(operator: PathOperator, a: number, b: number): number {
  switch (operator) {
    case '+':
      return a + b
    case '-':
      return a - b
    case '*':
      return a * b
    case '/':
      return a / b
    case '%':
      return a % b
  }
}

interface Unscaled {
  readonly value: bigint
  readonly scale: number
}

const toDecimal = ({ type, value }: SqlItem): Unscaled => ({ value: value as bigint, scale: type.kind === 'decimal' ? type.scale : 0 })
const scaledTo = ({ value, scale }: Unscaled, to: number): bigint => value * 10n ** BigInt(to - scale)

function decimals(operator: PathOperator, a: Unscaled, b: Unscaled, type: DecimalType): bigint {
  const value = decimalValue(operator, a, b, type)
  const limit = 10n ** 38n
  if (value >= limit || value <= -limit) throw new PathEvaluationError('Decimal overflow')
  return value
}

function decimalValue(operator: PathOperator, a: Unscaled, b: Unscaled, type: DecimalType): bigint {
  const scale = Math.max(a.scale, b.scale)
  switch (operator) {
    case '+':
      return scaledTo(a, scale) + scaledTo(b, scale)
    case '-':
      return scaledTo(a, scale) - scaledTo(b, scale)
    case '*':
      return a.value * b.value
    case '/':
      return divideHalfUp(a.value * 10n ** BigInt(type.scale - a.scale + b.scale), divisor(b.value))
    case '%':
      return scaledTo(a, scale) % divisor(scaledTo(b, scale))
  }
}

export function divideHalfUp(a: bigint, b: bigint): bigint {
  const size = (value: bigint) => (value < 0n ? -value : value)
  const quotient = size(a) / size(b) + ((size(a) % size(b)) * 2n >= size(b) ? 1n : 0n)
  return a < 0n === b < 0n ? quotient : -quotient
}

export function toNumber({ type, value }: SqlItem): number {
  return type.kind === 'decimal' ? Number(formatDecimal(value as bigint, type.scale)) : Number(value as bigint | number)
}

/** Whether the comparison holds; undefined where SQL has none between the types. */
export function compareItems(operator: PathComparison, left: SqlItem, right: SqlItem): boolean | undefined {
  const common = commonSuperType(left.type, right.type)
  if (common === undefined || !isOrderable(common)) return undefined
  const [a, b] = [converted(left, common), converted(right, common)]
  if (a === undefined || b === undefined) return undefined
  if (Number.isNaN(a) || Number.isNaN(b)) return operator === '<>'
  const order = compareValues(a, b, common)
  switch (operator) {
    case '==':
      return order === 0
    case '<>':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
  }
}

/** The same value in a type that it converts to implicitly; undefined where that depends on the session. */
function converted(item: SqlItem, type: Type): Value | undefined {
  const { kind } = item.type
  if (type.kind === 'double' || type.kind === 'real') return type.kind === 'real' ? Math.fround(toNumber(item)) : toNumber(item)
  if (type.kind === 'decimal') return scaledTo(toDecimal(item), type.scale)
  if (type.kind === 'char') return (item.value as string).replace(/ +$/, '')
  if (kind === 'date' && type.kind === 'timestamp') return (item.value as bigint) * 86_400_000_000n
  return kind === type.kind || DIGITS[kind] !== undefined ? item.value : undefined
}

/** The number without its sign, or with the other one. */
export function negated({ type, value }: SqlItem): SqlItem {
  if (typeof value === 'number') return sql(type, -value)
  const negative = -(value as bigint)
  return sql(type, type.kind === 'decimal' ? negative : inRange(negative, BITS[type.kind] ?? 64))
}

/** floor() and ceiling(): whole decimals; other types stay. */
export function wholeNumber(direction: 'floor' | 'ceiling', { type, value }: SqlItem): SqlItem {
  if (type.kind === 'decimal') {
    const unit = 10n ** BigInt(type.scale)
    const unscaled = value as bigint
    const cut = unscaled / unit
    const rest = unscaled % unit
    const whole = direction === 'floor' ? (rest < 0n ? cut - 1n : cut) : rest > 0n ? cut + 1n : cut
    return sql(decimal(type.precision - type.scale + Math.min(type.scale, 1), 0), whole)
  }
  if (typeof value !== 'number') return sql(type, value)
  return sql(type, direction === 'floor' ? Math.floor(value) : Math.ceil(value))
}

export const asDouble = (item: SqlItem): SqlItem => sql(DOUBLE, toNumber(item))
