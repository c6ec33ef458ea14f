import { literal } from '#src/logical/build'
import type { Cast, Expr, Literal } from '#src/logical/expression'
import { castExactly } from '#src/logical/range-cast'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import { daysOfDate } from './calendar.ts'

/**
 * CAST of a constant where the result is certain. Of texts only the plain spellings are read (`2024-01-31`, `-12`,
 * `1.50`); whatever else Trino accepts or rejects is the kernel's to decide.
 */
export function foldCast(cast: Cast, constant: Literal): Expr {
  const { type } = cast
  const value = fromText(constant, type) ?? castExactly(constant.value, constant.type, type)
  return value === undefined ? cast : literal(type, value)
}

const INTEGER_BITS: Readonly<Record<string, bigint>> = { tinyint: 7n, smallint: 15n, integer: 31n, bigint: 63n }

function fromText(constant: Literal, type: Type): Value | undefined {
  if (typeof constant.value !== 'string' || constant.type.kind !== 'varchar') return undefined
  const text = constant.value
  const bits = INTEGER_BITS[type.kind]
  if (bits !== undefined) {
    if (!/^-?\d{1,19}$/.test(text)) return undefined
    const value = BigInt(text)
    return value < 1n << bits && value >= -(1n << bits) ? value : undefined
  }
  if (type.kind === 'double') return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : undefined
  if (type.kind === 'date') return daysOfDate(text)
  if (type.kind === 'timestamp') return microsOfTimestamp(text, type.precision)
  if (type.kind === 'decimal') return unscaled(text, type.precision, type.scale)
  return undefined
}

function unscaled(text: string, precision: number, scale: number): bigint | undefined {
  const match = /^(-?)(\d{1,38})(?:\.(\d{1,38}))?$/.exec(text)
  if (match === null) return undefined
  const [, minus, whole = '', fraction = ''] = match
  if (fraction.length > scale) return undefined
  const value = BigInt(whole + fraction.padEnd(scale, '0'))
  return value < 10n ** BigInt(precision) ? (minus ? -value : value) : undefined
}

function microsOfTimestamp(text: string, precision: number): bigint | undefined {
  const match = /^(\d{4}-\d{2}-\d{2})(?: (\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,6}))?)?$/.exec(text)
  if (match === null) return undefined
  const [, date = '', hour = '0', minute = '0', second = '0', fraction = ''] = match
  const days = daysOfDate(date)
  if (days === undefined || Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || fraction.length > precision) return undefined
  const seconds = days * 86_400n + BigInt(hour) * 3600n + BigInt(minute) * 60n + BigInt(second)
  return seconds * 1_000_000n + BigInt(fraction.padEnd(6, '0'))
}
