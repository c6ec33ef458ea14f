/**
 * What is known of the values that an expression takes over a set of rows (a partition, a row group): bounds, and whether
 * NULL or NaN occur. A range may promise too little but never too much: every value that does occur lies in it.
 *
 *   column x of a row group, min 3, max 9, 2 NULLs   →  { min 3, max 9, values, nulls }
 *   partition key dt = '2024-01-31'                  →  { min = max = '2024-01-31', values }
 *   column that a file lacks                         →  { nulls }
 */
import { compareValues } from '#src/types/compare'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'

export interface ValueRange {
  readonly type: Type
  /** Inclusive, of the values that are neither NULL nor NaN; undefined = no bound is known. */
  readonly min: Value | undefined
  readonly max: Value | undefined
  /** Such values may occur. */
  readonly values: boolean
  readonly nulls: boolean
  readonly nans: boolean
  /** Of a column, perhaps cast, not of what functions compute from it: tells that a value, neither NULL nor NaN, does not occur. */
  readonly excludes?: (value: Value) => boolean
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

/** The range's only value; undefined when there may be others, or none. */
export function onlyValue({ type, min, max, values }: ValueRange): Value | undefined {
  if (!values || min === undefined || max === undefined) return undefined
  return min === max || compareBounds(type, min, max) === 0 ? min : undefined
}

export const isAlwaysNull = (range: ValueRange): boolean => range.nulls && !range.values && !range.nans

const ORDERED: ReadonlySet<string> = new Set([
  'boolean',
  'tinyint',
  'smallint',
  'integer',
  'bigint',
  'real',
  'double',
  'decimal',
  'date',
  'time',
  'timestamp',
  'timestamp with time zone',
  'interval day to second',
  'interval year to month',
  'varchar',
  'char',
  'varbinary',
])

/** Order of two values of a type that are neither NULL nor NaN; undefined for types whose bounds are not reasoned about. */
export function compareBounds(type: Type, left: Value, right: Value): number | undefined {
  return ORDERED.has(type.kind) ? compareValues(left, right, type) : undefined
}
