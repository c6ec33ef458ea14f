/**
 * Ranges of calls whose result can be bounded from their arguments' bounds: integer arithmetic, dates and
 * intervals, `year`, `date_trunc`, the first characters of a text. A
 * call that overflows fails, so results outside the type need not be thought of.
 */
import { civilOf, daysOf, floorDiv, MICROS_PER_DAY } from '#src/types/calendar'
import { type Type, varchar } from '#src/types/type'
import type { Value } from '#src/types/value'
import type { Call } from './expression.ts'
import { castRange } from './range-cast.ts'
import type { ValueRange } from './value-range.ts'

const INTEGERS: ReadonlySet<string> = new Set(['tinyint', 'smallint', 'integer', 'bigint'])

/** Undefined: nothing is known. `args` are the ranges of the call's arguments. */
export function functionRange(call: Call, args: readonly ValueRange[]): ValueRange | undefined {
  const [first, second] = args
  if (first === undefined) return undefined
  switch (call.function.name) {
    case 'add':
    case 'subtract':
      return (
        second && (shiftedRange(call.function.name, call.type, first, second) ?? integerRange(call.function.name, call.type, first, second))
      )
    case 'multiply':
      return second && integerRange('multiply', call.type, first, second)
    case 'negate': {
      if (!INTEGERS.has(call.type.kind)) return undefined
      const flip = (value: Value | undefined): Value | undefined => (value === undefined ? undefined : -(value as bigint))
      return { ...first, type: call.type, min: flip(first.max), max: flip(first.min) }
    }
    case 'year':
      return args.length === 1 && (first.type.kind === 'date' || first.type.kind === 'timestamp')
        ? monotone(call.type, first, yearOf)
        : undefined
    case 'date_trunc': {
      const unit = call.args[0]
      if (second === undefined || unit?.kind !== 'literal' || typeof unit.value !== 'string') return undefined
      if (second.type.kind !== 'date' && second.type.kind !== 'timestamp') return undefined
      const name = unit.value.toLowerCase()
      return monotone(call.type, second, (value, type) => truncate(name, value, type))
    }
    case 'date':
      return args.length === 1 ? castRange(first, call.type) : undefined
    case 'substr':
    case 'substring': {
      // The first characters keep the order, as a cast to varchar(n) does.
      const [, start, length] = call.args
      const fromStart = first.type.kind === 'varchar' && start?.kind === 'literal' && start.value === 1n
      if (!fromStart || length?.kind !== 'literal' || typeof length.value !== 'bigint' || length.value < 1n) return undefined
      return { ...castRange(first, varchar(Number(length.value))), type: call.type }
    }
    default:
      return undefined
  }
}

/** Calls of these bound their result; a predicate on a column through others cannot use its statistics. */
export const BOUNDED_FUNCTIONS: ReadonlySet<string> = new Set([
  'add',
  'subtract',
  'multiply',
  'negate',
  'year',
  'date_trunc',
  'date',
  'substr',
  'substring',
])

const MS_PER_DAY = 86_400_000n

/** date or timestamp ± a constant number of days or milliseconds. */
function shiftedRange(operator: 'add' | 'subtract', type: Type, moment: ValueRange, interval: ValueRange): ValueRange | undefined {
  if (
    (type.kind !== 'date' && type.kind !== 'timestamp') ||
    moment.type.kind !== type.kind ||
    interval.type.kind !== 'interval day to second'
  )
    return undefined
  const ms = interval.min
  if (typeof ms !== 'bigint' || ms !== interval.max || interval.nulls || (type.kind === 'date' && ms % MS_PER_DAY !== 0n)) return undefined
  const shift = (type.kind === 'date' ? ms / MS_PER_DAY : ms * 1000n) * (operator === 'add' ? 1n : -1n)
  return { ...monotone(type, moment, (value) => value + shift), type }
}

function monotone(type: Type, range: ValueRange, change: (value: bigint, type: Type) => bigint | undefined): ValueRange {
  const bound = (value: Value | undefined): Value | undefined => (value === undefined ? undefined : change(value as bigint, range.type))
  return { ...range, type, min: bound(range.min), max: bound(range.max) }
}

function integerRange(operator: 'add' | 'subtract' | 'multiply', type: Type, left: ValueRange, right: ValueRange): ValueRange | undefined {
  if (!INTEGERS.has(type.kind) || !INTEGERS.has(left.type.kind) || !INTEGERS.has(right.type.kind)) return undefined
  const known = { type, values: left.values && right.values, nulls: left.nulls || right.nulls, nans: false }
  const [a, b, c, d] = [left.min, left.max, right.min, right.max] as (bigint | undefined)[]
  switch (operator) {
    case 'add':
      return { ...known, min: sum(a, c), max: sum(b, d) }
    case 'subtract':
      return { ...known, min: sum(a, negative(d)), max: sum(b, negative(c)) }
    case 'multiply': {
      if (a === undefined || b === undefined || c === undefined || d === undefined) return { ...known, min: undefined, max: undefined }
      const corners = [a * c, a * d, b * c, b * d]
      corners.sort((x, y) => (x < y ? -1 : x > y ? 1 : 0))
      return { ...known, min: corners[0], max: corners[3] }
    }
  }
}

const sum = (left: bigint | undefined, right: bigint | undefined): bigint | undefined =>
  left === undefined || right === undefined ? undefined : left + right
const negative = (value: bigint | undefined): bigint | undefined => (value === undefined ? undefined : -value)

const dayOf = (value: bigint, type: Type): bigint => (type.kind === 'date' ? value : floorDiv(value, MICROS_PER_DAY))

const yearOf = (value: bigint, type: Type): bigint => BigInt(civilOf(dayOf(value, type)).year)

const UNIT_MICROS: Readonly<Record<string, bigint>> = { millisecond: 1000n, second: 1_000_000n, minute: 60_000_000n, hour: 3_600_000_000n }

function truncate(unit: string, value: bigint, type: Type): bigint | undefined {
  const micros = UNIT_MICROS[unit]
  if (micros !== undefined) return type.kind === 'timestamp' ? floorDiv(value, micros) * micros : undefined
  const days = truncateDays(unit, dayOf(value, type))
  return days === undefined || type.kind === 'date' ? days : days * MICROS_PER_DAY
}

function truncateDays(unit: string, days: bigint): bigint | undefined {
  // 1970-01-01 was a Thursday; ISO weeks begin on Monday.
  if (unit === 'day') return days
  if (unit === 'week') return floorDiv(days + 3n, 7n) * 7n - 3n
  const { year, month } = civilOf(days)
  if (unit === 'month') return daysOf({ year, month, day: 1 })
  if (unit === 'quarter') return daysOf({ year, month: month - ((month - 1) % 3), day: 1 })
  return unit === 'year' ? daysOf({ year, month: 1, day: 1 }) : undefined
}
