import { literal } from '#src/logical/build'
import type { Call, Expr } from '#src/logical/expression'
import { rangeOf } from '#src/logical/predicate-outcome'
import { floorDiv, MICROS_PER_DAY } from '#src/types/calendar'
import type { DecimalType, Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import { addDays, addMicros, addMonths } from './date-arithmetic.ts'
import { castConstant } from './fold-cast.ts'

const MS_PER_DAY = 86_400_000n
const INTEGER_BITS: Readonly<Record<string, bigint>> = { tinyint: 7n, smallint: 15n, integer: 31n, bigint: 63n }

/** A call of constants (none NULL where the function is strict) where the result is certain; else the call itself. */
export function foldCall(call: Call): Expr {
  const value = compute(call)
  return value === undefined ? call : literal(call.type, value)
}

function compute(call: Call): Value | undefined {
  const [left, right] = call.args
  const name = call.function.name
  if (left?.kind === 'literal' && right?.kind === 'literal' && left.value !== null && right.value !== null && call.args.length === 2) {
    if (name === 'add' || name === 'subtract' || name === 'multiply') {
      if (call.type.kind === 'decimal') return decimalArithmetic(name, call.type, left.type, left.value, right.type, right.value)
      if (call.type.kind === 'double') return doubleArithmetic(name, left.value, right.value)
    }
    if (name === 'add' || name === 'subtract') {
      if (isDateOrTimestamp(left.type)) return shift(left.type, left.value, right.type, right.value as bigint, name === 'add' ? 1n : -1n)
      if (isDateOrTimestamp(right.type) && name === 'add') return shift(right.type, right.value, left.type, left.value as bigint, 1n)
    }
  }
  if (name === 'date_add') return dateAdd(call)
  if (name === 'concat' && call.type.kind === 'varchar') return concatTexts(call.args)
  if (name === 'date' && left?.kind === 'literal' && call.args.length === 1) return castConstant(left, call.type)
  // Bounds of one value are that value.
  const range = rangeOf(call, () => undefined)
  if (!range.values || range.nulls || range.nans || range.min === undefined || range.min !== range.max) return undefined
  return typeof range.min !== 'bigint' || fits(range.min, call.type) ? range.min : undefined
}

function concatTexts(args: readonly Expr[]): string | undefined {
  const texts = args.flatMap((arg) =>
    arg.kind === 'literal' && arg.type.kind === 'varchar' && typeof arg.value === 'string' ? [arg.value] : [],
  )
  return texts.length === args.length ? texts.join('') : undefined
}

const isDateOrTimestamp = (type: Type): boolean => type.kind === 'date' || type.kind === 'timestamp'

/** An overflow is the kernel's to report. */
function fits(value: bigint, type: Type): boolean {
  const bits = INTEGER_BITS[type.kind]
  return bits === undefined || (value < 1n << bits && value >= -(1n << bits))
}

function doubleArithmetic(name: 'add' | 'subtract' | 'multiply', left: Value, right: Value): number | undefined {
  if (typeof left !== 'number' || typeof right !== 'number') return undefined
  return name === 'add' ? left + right : name === 'subtract' ? left - right : left * right
}

function decimalArithmetic(
  name: 'add' | 'subtract' | 'multiply',
  result: DecimalType,
  leftType: Type,
  left: Value,
  rightType: Type,
  right: Value,
): bigint | undefined {
  if (leftType.kind !== 'decimal' || rightType.kind !== 'decimal' || typeof left !== 'bigint' || typeof right !== 'bigint') return undefined
  let value: bigint
  if (name === 'multiply') {
    if (leftType.scale + rightType.scale !== result.scale) return undefined
    value = left * right
  } else {
    if (leftType.scale > result.scale || rightType.scale > result.scale) return undefined
    const a = left * 10n ** BigInt(result.scale - leftType.scale)
    const b = right * 10n ** BigInt(result.scale - rightType.scale)
    if (BigInt.asIntN(128, a) !== a || BigInt.asIntN(128, b) !== b) return undefined
    value = name === 'add' ? a + b : a - b
  }
  const limit = 10n ** BigInt(result.precision)
  return value < limit && value > -limit ? value : undefined
}

/** date or timestamp ± interval. Trino refuses hours on a date; so nothing is folded there. */
function shift(type: Type, value: Value, intervalType: Type, interval: bigint, direction: bigint): bigint | undefined {
  if (typeof value !== 'bigint' || typeof interval !== 'bigint') return undefined
  const amount = interval * direction
  if (intervalType.kind === 'interval year to month') return shiftMonths(type, value, amount)
  if (intervalType.kind !== 'interval day to second') return undefined
  if (type.kind === 'timestamp') return addMicros(value, amount * 1000n)
  return amount % MS_PER_DAY === 0n ? addDays(value, amount / MS_PER_DAY) : undefined
}

function shiftMonths(type: Type, value: bigint, months: bigint): bigint | undefined {
  if (type.kind === 'date') return addMonths(value, months)
  const day = floorDiv(value, MICROS_PER_DAY)
  const shifted = addMonths(day, months)
  return shifted === undefined ? undefined : value + (shifted - day) * MICROS_PER_DAY
}

const UNIT_MONTHS: Readonly<Record<string, bigint>> = { month: 1n, quarter: 3n, year: 12n }
const UNIT_MS: Readonly<Record<string, bigint>> = {
  millisecond: 1n,
  second: 1000n,
  minute: 60_000n,
  hour: 3_600_000n,
  day: MS_PER_DAY,
  week: 7n * MS_PER_DAY,
}

/** date_add('day', 7, date '2024-01-31') */
function dateAdd(call: Call): bigint | undefined {
  const [unit, count, value] = call.args.map((arg) => (arg.kind === 'literal' ? arg.value : undefined))
  const type = call.args[2]?.type
  if (typeof unit !== 'string' || typeof count !== 'bigint' || typeof value !== 'bigint' || type === undefined || !isDateOrTimestamp(type))
    return undefined
  const months = UNIT_MONTHS[unit.toLowerCase()]
  if (months !== undefined) return shiftMonths(type, value, months * count)
  const ms = UNIT_MS[unit.toLowerCase()]
  if (ms === undefined) return undefined
  if (type.kind === 'timestamp') return addMicros(value, ms * count * 1000n)
  return ms % MS_PER_DAY === 0n ? addDays(value, (ms / MS_PER_DAY) * count) : undefined
}
