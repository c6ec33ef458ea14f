/**
 * What is known of the values that an expression takes over a set of rows (a partition, a row group): bounds, and whether
 * NULL or NaN occur. A range may promise too little but never too much: every value that does occur lies in it.
 *
 *   column x of a row group, min 3, max 9, 2 NULLs   →  { min 3, max 9, values, nulls }
 *   partition key dt = '2024-01-31'                  →  { min = max = '2024-01-31', values }
 *   column that a file lacks                         →  { nulls }
 */
import type { Type } from '#src/types/type'
import type { Value, ZonedValue } from '#src/types/value'

export interface ValueRange {
  readonly type: Type
  /** Inclusive, of the values that are neither NULL nor NaN; undefined = no bound is known. */
  readonly min: Value | undefined
  readonly max: Value | undefined
  /** Such values may occur. */
  readonly values: boolean
  readonly nulls: boolean
  readonly nans: boolean
}

const isFloat = (type: Type): boolean => type.kind === 'real' || type.kind === 'double'

/** Nothing is known. */
export const unknownRange = (type: Type): ValueRange => ({
  type,
  min: undefined,
  max: undefined,
  values: true,
  nulls: true,
  nans: isFloat(type),
})
/** Every row has NULL. */
export const nullRange = (type: Type): ValueRange => ({ type, min: undefined, max: undefined, values: false, nulls: true, nans: false })

/** Every row has this value. */
export function rangeOfValue(type: Type, value: Value): ValueRange {
  if (value === null) return nullRange(type)
  if (Number.isNaN(value)) return { type, min: undefined, max: undefined, values: false, nulls: false, nans: true }
  return { type, min: value, max: value, values: true, nulls: false, nans: false }
}

export const isAlwaysNull = (range: ValueRange): boolean => range.nulls && !range.values && !range.nans

/**
 * Order of two values of a type that are neither NULL nor NaN, as Trino orders them: strings by code point, char with
 * blanks behind, zoned timestamps by instant. Undefined for types that have no order or whose order is not decided here.
 */
export function compareBounds(type: Type, left: Value, right: Value): number | undefined {
  switch (type.kind) {
    case 'boolean':
    case 'real':
    case 'double':
      return sign(Number(left), Number(right))
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
      return sign(left as bigint, right as bigint)
    case 'varchar':
      return compareCodePoints(left as string, right as string)
    case 'char': {
      const length = Math.max((left as string).length, (right as string).length)
      return compareCodePoints((left as string).padEnd(length), (right as string).padEnd(length))
    }
    case 'varbinary':
      return Buffer.compare(left as Uint8Array, right as Uint8Array)
    case 'timestamp with time zone':
      return sign((left as ZonedValue).micros, (right as ZonedValue).micros)
    default:
      return undefined
  }
}

const sign = <T extends number | bigint>(left: T, right: T): number => (left < right ? -1 : left > right ? 1 : 0)

/** UTF-16 code units order surrogates below U+E000; code points, like UTF-8 bytes, above. */
export function compareCodePoints(left: string, right: string): number {
  const shared = Math.min(left.length, right.length)
  for (let at = 0; at < shared; at++) {
    const a = left.charCodeAt(at)
    const b = right.charCodeAt(at)
    if (a !== b) return isSurrogate(a) === isSurrogate(b) ? a - b : isSurrogate(a) ? sign(0xffff, b) : sign(a, 0xffff)
  }
  return left.length - right.length
}

const isSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff
