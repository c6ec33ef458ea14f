/**
 * Ranges through functions that keep order: if f never decreases, the values of f(x) lie between f(min) and f(max).
 * Where f rounds, the lower bound is rounded down and the upper one up, so that no rounding rule need be repeated here.
 */
import { floorDiv, MICROS_PER_DAY } from '#src/types/calendar'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import { unknownRange, type ValueRange } from './value-range.ts'

interface Monotone {
  /** Undefined: f fails there, or its value is not known exactly. */
  readonly low: (value: Value) => Value | undefined
  readonly high: (value: Value) => Value | undefined
}

/** The range of CAST(x AS type); `safe` (TRY_CAST) turns what cannot be converted into NULL. */
export function castRange(range: ValueRange, type: Type, safe = false): ValueRange {
  const monotone = monotoneCast(range.type, type)
  if (monotone === undefined) return range.values || range.nans ? unknownRange(type) : { ...range, type }
  const min = range.min === undefined ? undefined : monotone.low(range.min)
  const max = range.max === undefined ? undefined : monotone.high(range.max)
  const total = !range.values || (min !== undefined && max !== undefined)
  return { type, min, max, values: range.values, nulls: range.nulls || (safe && !total), nans: range.nans }
}

/** Whether bounds pass through the cast. */
export const isOrderKeeping = (from: Type, to: Type): boolean => monotoneCast(from, to) !== undefined

/** The one value that a cast of one value gives, where it is exact; undefined where it is not known here or fails. */
export function castExactly(value: Value, from: Type, to: Type): Value | undefined {
  if (value === null) return null
  if (Number.isNaN(value)) return to.kind === 'double' || to.kind === 'real' ? value : undefined
  const monotone = monotoneCast(from, to)
  const low = monotone?.low(value)
  return low !== undefined && low === monotone?.high(value) ? low : undefined
}

const INTEGER_LIMITS: Readonly<Record<string, bigint>> = { tinyint: 1n << 7n, smallint: 1n << 15n, integer: 1n << 31n, bigint: 1n << 63n }
const EXACT_DOUBLE = 1n << 53n

const same = (change: (value: Value) => Value | undefined): Monotone => ({ low: change, high: change })
const ceilDivide = (value: bigint, by: bigint): bigint => -floorDiv(-value, by)

function monotoneCast(from: Type, to: Type): Monotone | undefined {
  const fromLimit = INTEGER_LIMITS[from.kind]
  const toLimit = INTEGER_LIMITS[to.kind]
  if (fromLimit !== undefined && toLimit !== undefined) return same((value) => within(value as bigint, toLimit))
  if (fromLimit !== undefined && to.kind === 'decimal') return scaleUp(to.scale, to.precision)
  if (fromLimit !== undefined && (to.kind === 'double' || to.kind === 'real')) {
    // Beyond 2^53 a real would be rounded twice.
    return same((value) => (to.kind === 'double' ? Number(value) : isExactDouble(value as bigint) ? Math.fround(Number(value)) : undefined))
  }
  if (from.kind === 'decimal' && to.kind === 'decimal') {
    if (to.scale >= from.scale) return scaleUp(to.scale - from.scale, to.precision)
    const by = 10n ** BigInt(from.scale - to.scale)
    const limit = 10n ** BigInt(to.precision)
    return {
      low: (value) => within(floorDiv(value as bigint, by), limit),
      high: (value) => within(ceilDivide(value as bigint, by), limit),
    }
  }
  if (from.kind === 'decimal' && toLimit !== undefined) {
    const by = 10n ** BigInt(from.scale)
    return {
      low: (value) => within(floorDiv(value as bigint, by), toLimit),
      high: (value) => within(ceilDivide(value as bigint, by), toLimit),
    }
  }
  // A quotient of two exact doubles is rounded once, as a correct conversion is; 10^22 is the last exact power of ten.
  if (from.kind === 'decimal' && to.kind === 'double') {
    return same((value) => (isExactDouble(value as bigint) && from.scale <= 22 ? Number(value) / 10 ** from.scale : undefined))
  }
  if (from.kind === 'real' && to.kind === 'double') return same((value) => value)
  if (from.kind === to.kind && (from.kind === 'double' || from.kind === 'real' || from.kind === 'boolean' || from.kind === 'date'))
    return same((value) => value)
  if (from.kind === 'varbinary' && to.kind === 'varbinary') return same((value) => value)
  if (from.kind === 'varchar' && to.kind === 'varchar') {
    const { length } = to
    return same((value) => (length === undefined ? value : truncate(value as string, length)))
  }
  if (from.kind === 'date' && to.kind === 'timestamp') return same((value) => (value as bigint) * MICROS_PER_DAY)
  if (from.kind === 'timestamp' && to.kind === 'date') return same((value) => floorDiv(value as bigint, MICROS_PER_DAY))
  if (from.kind === 'timestamp' && to.kind === 'timestamp') {
    if (to.precision >= from.precision) return same((value) => value)
    const unit = 10n ** BigInt(6 - to.precision)
    return { low: (value) => floorDiv(value as bigint, unit) * unit, high: (value) => ceilDivide(value as bigint, unit) * unit }
  }
  return undefined
}

function scaleUp(digits: number, precision: number): Monotone {
  const factor = 10n ** BigInt(digits)
  const limit = 10n ** BigInt(precision)
  return same((value) => within((value as bigint) * factor, limit))
}

/** A decimal's limit is exclusive on both sides; an integer's lowest value is -limit. */
function within(value: bigint, limit: bigint): bigint | undefined {
  return value < limit && (value > -limit || (value === -limit && (limit & (limit - 1n)) === 0n)) ? value : undefined
}

const isExactDouble = (value: bigint): boolean => value <= EXACT_DOUBLE && value >= -EXACT_DOUBLE

function truncate(text: string, length: number): string {
  if (text.length <= length) return text
  return [...text].slice(0, length).join('')
}
