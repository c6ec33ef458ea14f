/** The order of values, for pruning and for constant folding. */
import { QueryError, unreachable } from '#src/common/errors'
import { MICROS_PER_DAY } from './calendar.ts'
import { formatType } from './format.ts'
import { parseIpAddress } from './ip-address.ts'
import type { Type } from './type.ts'
import type { Value, ZonedValue } from './value.ts'

/**
 * Negative, zero or positive as `a` sorts before, with or after `b`; neither is NULL. Strings compare by code point (as
 * UTF-8 bytes do), NaN sorts behind all numbers, timestamps with time zone by their instants.
 * @throws GENERIC_INTERNAL_ERROR for types without an order
 */
export function compareValues(a: Value, b: Value, type: Type): number {
  switch (type.kind) {
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'decimal':
    case 'date':
    case 'time':
    case 'timestamp':
    case 'interval day to second':
    case 'interval year to month':
      return order(a as bigint | boolean, b as bigint | boolean)
    case 'real':
    case 'double':
      return compareNumbers(a as number, b as number)
    case 'varchar':
    case 'uuid':
      return compareCodePoints(a as string, b as string)
    case 'ipaddress':
      return compareCodePoints(parseIpAddress(a as string) ?? '', parseIpAddress(b as string) ?? '')
    case 'char':
      return compareCodePoints((a as string).padEnd(type.length), (b as string).padEnd(type.length))
    case 'varbinary':
      return Buffer.compare(a as Uint8Array, b as Uint8Array)
    case 'timestamp with time zone':
      return order((a as ZonedValue).micros, (b as ZonedValue).micros)
    case 'time with time zone':
      return order(utcOfDay(a as ZonedValue), utcOfDay(b as ZonedValue))
    case 'array':
      return compareLists(a as readonly Value[], b as readonly Value[], () => type.element)
    case 'row':
      return compareLists(a as readonly Value[], b as readonly Value[], (index) => (type.fields[index] as { type: Type }).type)
    case 'json':
    case 'map':
    case 'function':
    case 'unknown':
      throw new QueryError('GENERIC_INTERNAL_ERROR', `Values of ${formatType(type)} have no order here`)
  }
  return unreachable(type)
}

const order = <T extends bigint | boolean | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0)

function compareNumbers(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return order(Number.isNaN(a), Number.isNaN(b))
  return order(a, b)
}

/** Order of the code points, which differs from JavaScript's where surrogates meet U+E000 and above. */
function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length)
  for (let index = 0; index < length; index++) {
    const left = a.charCodeAt(index)
    const right = b.charCodeAt(index)
    if (left === right) continue
    const isSurrogate = (unit: number) => unit >= 0xd800 && unit <= 0xdfff
    if (isSurrogate(left) !== isSurrogate(right)) return isSurrogate(left) ? 1 : -1
    return left - right
  }
  return a.length - b.length
}

function compareLists(a: readonly Value[], b: readonly Value[], typeOf: (index: number) => Type): number {
  for (let index = 0; index < Math.min(a.length, b.length); index++) {
    const [left = null, right = null] = [a[index], b[index]]
    if (left === null || right === null) {
      if (left !== right) return left === null ? 1 : -1
      continue
    }
    const difference = compareValues(left, right, typeOf(index))
    if (difference !== 0) return difference
  }
  return a.length - b.length
}

/** Microseconds of the day in UTC: 00:30+01:00 is 23:30. */
function utcOfDay({ micros, zone }: ZonedValue): bigint {
  const sign = zone.startsWith('-') ? -1n : 1n
  const [hours = '0', minutes = '0'] = zone.slice(1).split(':')
  const utc = micros - sign * (BigInt(hours) * 60n + BigInt(minutes)) * 60_000_000n
  return ((utc % MICROS_PER_DAY) + MICROS_PER_DAY) % MICROS_PER_DAY
}
