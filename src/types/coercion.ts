/**
 * Which types convert to which without being asked, and which CAST allows.
 *
 *   tinyint → smallint → integer → bigint → decimal(19,0) → real → double      date → timestamp(0) → timestamp(p) with time zone
 *   varchar(n) → varchar(m ≥ n) → varchar      varchar(n) → char(n)            unknown (NULL) → anything
 *
 * The rules are those of Trino's TypeCoercion: `commonSuperType` is the smallest type both sides convert to, and a
 * conversion is implicit exactly when that common type is the target.
 */
import { sameType } from './format.ts'
import {
  array,
  BIGINT,
  char,
  DOUBLE,
  decimal,
  INTEGER,
  map,
  REAL,
  row,
  SMALLINT,
  type Type,
  time,
  timestamp,
  timestampWithTimeZone,
  timeWithTimeZone,
  VARCHAR,
  varchar,
} from './type.ts'

interface Compatibility {
  readonly common: Type
  readonly coercible: boolean
}

/** The type that both convert to implicitly; undefined when there is none. */
export function commonSuperType(a: Type, b: Type): Type | undefined {
  return compatibility(a, b)?.common
}

/** Whether a value of `from` is accepted where `to` is needed, without CAST. */
export function canCoerce(from: Type, to: Type): boolean {
  return compatibility(from, to)?.coercible ?? false
}

/** Whether the conversion changes no stored value (varchar(3) to varchar, decimal(5,2) to decimal(9,2)). */
export function isTypeOnlyCoercion(from: Type, to: Type): boolean {
  if (sameType(from, to)) return true
  if (from.kind === 'varchar' && to.kind === 'varchar') return canCoerce(from, to)
  if (from.kind === 'char' && to.kind === 'char') return canCoerce(from, to)
  if (from.kind === 'array' && to.kind === 'array') return isTypeOnlyCoercion(from.element, to.element)
  if (from.kind === 'map' && to.kind === 'map') return isTypeOnlyCoercion(from.key, to.key) && isTypeOnlyCoercion(from.value, to.value)
  return false
}

function compatibility(from: Type, to: Type): Compatibility | undefined {
  if (sameType(from, to)) return { common: to, coercible: true }
  if (from.kind === 'unknown') return { common: to, coercible: true }
  if (to.kind === 'unknown') return { common: from, coercible: false }
  if (from.kind === to.kind) return sameKind(from, to)
  const forward = coerceKind(from, to.kind)
  if (forward !== undefined) return compatibility(forward, to)
  const backward = coerceKind(to, from.kind)
  if (backward === undefined) return undefined
  const reversed = compatibility(from, backward)
  return reversed === undefined ? undefined : { common: reversed.common, coercible: false }
}

function sameKind(from: Type, to: Type): Compatibility | undefined {
  const towards = (common: Type): Compatibility => ({ common, coercible: sameType(common, to) })
  if (from.kind === 'decimal' && to.kind === 'decimal') {
    const scale = Math.max(from.scale, to.scale)
    return towards(decimal(Math.min(38, Math.max(from.precision - from.scale, to.precision - to.scale) + scale), scale))
  }
  if (from.kind === 'varchar' && to.kind === 'varchar') {
    return towards(from.length === undefined || to.length === undefined ? varchar() : varchar(Math.max(from.length, to.length)))
  }
  if (from.kind === 'char' && to.kind === 'char') return towards(char(Math.max(from.length, to.length)))
  if (from.kind === 'time' && to.kind === 'time') return towards(time(Math.max(from.precision, to.precision)))
  if (from.kind === 'time with time zone' && to.kind === from.kind) return towards(timeWithTimeZone(Math.max(from.precision, to.precision)))
  if (from.kind === 'timestamp' && to.kind === 'timestamp') return towards(timestamp(Math.max(from.precision, to.precision)))
  if (from.kind === 'timestamp with time zone' && to.kind === from.kind) {
    return towards(timestampWithTimeZone(Math.max(from.precision, to.precision)))
  }
  if (from.kind === 'array' && to.kind === 'array') {
    const element = compatibility(from.element, to.element)
    return element && { common: array(element.common), coercible: element.coercible }
  }
  if (from.kind === 'map' && to.kind === 'map') {
    const key = compatibility(from.key, to.key)
    const value = compatibility(from.value, to.value)
    if (key === undefined || value === undefined) return undefined
    return { common: map(key.common, value.common), coercible: key.coercible && value.coercible }
  }
  if (from.kind === 'row' && to.kind === 'row') {
    if (from.fields.length !== to.fields.length) return undefined
    const fields = from.fields.map((field, index) => {
      const other = to.fields[index] as (typeof to.fields)[number]
      const both = compatibility(field.type, other.type)
      return both && { name: field.name === other.name ? field.name : undefined, both }
    })
    const known = fields.filter((field) => field !== undefined)
    if (known.length !== fields.length) return undefined
    return {
      common: row(known.map((field) => ({ name: field.name, type: field.both.common }))),
      coercible: known.every((field) => field.both.coercible),
    }
  }
  return undefined
}

/** The longest char(n), as which an unbounded varchar is compared with a char. */
const MAX_CHAR_LENGTH = 65_536

/** The narrowest type of kind `to` that holds every value of `from`, where Trino converts between the two kinds at all. */
function coerceKind(from: Type, to: Type['kind']): Type | undefined {
  switch (from.kind) {
    case 'tinyint':
      if (to === 'smallint') return SMALLINT
      return to === 'integer' ? INTEGER : integerTo(to, 3)
    case 'smallint':
      return to === 'integer' ? INTEGER : integerTo(to, 5)
    case 'integer':
      return integerTo(to, 10)
    case 'bigint':
      return to === 'bigint' ? undefined : integerTo(to, 19)
    case 'decimal':
      if (to === 'real') return REAL
      return to === 'double' ? DOUBLE : undefined
    case 'real':
      return to === 'double' ? DOUBLE : undefined
    case 'date':
      if (to === 'timestamp') return timestamp(0)
      return to === 'timestamp with time zone' ? timestampWithTimeZone(0) : undefined
    case 'time':
      return to === 'time with time zone' ? timeWithTimeZone(from.precision) : undefined
    case 'timestamp':
      return to === 'timestamp with time zone' ? timestampWithTimeZone(from.precision) : undefined
    case 'varchar':
      if (to !== 'char' || from.length === 0) return to === 'char' ? char(1) : undefined
      return char(Math.min(from.length ?? MAX_CHAR_LENGTH, MAX_CHAR_LENGTH))
    default:
      return undefined
  }
}

function integerTo(to: Type['kind'], digits: number): Type | undefined {
  if (to === 'bigint') return BIGINT
  if (to === 'real') return REAL
  if (to === 'double') return DOUBLE
  return to === 'decimal' ? decimal(digits, 0) : undefined
}

/** Whether `=` is defined. */
export function isComparable(type: Type): boolean {
  switch (type.kind) {
    case 'array':
      return isComparable(type.element)
    case 'map':
      return isComparable(type.key) && isComparable(type.value)
    case 'row':
      return type.fields.every((field) => isComparable(field.type))
    case 'function':
      return false
    default:
      return true
  }
}

/** Whether `<`, ORDER BY and min/max are defined. */
export function isOrderable(type: Type): boolean {
  switch (type.kind) {
    case 'array':
      return isOrderable(type.element)
    case 'row':
      return type.fields.every((field) => isOrderable(field.type))
    case 'map':
    case 'json':
    case 'function':
      return false
    default:
      return true
  }
}

const NUMERIC = new Set<Type['kind']>(['tinyint', 'smallint', 'integer', 'bigint', 'real', 'double', 'decimal'])
const isText = (type: Type) => type.kind === 'varchar' || type.kind === 'char'
const isInstant = (type: Type) => type.kind === 'timestamp' || type.kind === 'timestamp with time zone'
const isClock = (type: Type) => type.kind === 'time' || type.kind === 'time with time zone'

export const isNumeric = (type: Type): boolean => NUMERIC.has(type.kind)
export const isInteger = (type: Type): boolean =>
  type.kind === 'tinyint' || type.kind === 'smallint' || type.kind === 'integer' || type.kind === 'bigint'

/** Whether CAST(from AS to) exists; its failures on single values are another matter. */
export function canCast(from: Type, to: Type): boolean {
  if (sameType(from, to) || from.kind === 'unknown') return true
  if (to.kind === 'unknown') return false
  if (from.kind === 'json' || to.kind === 'json') return from.kind === 'json' ? castsFromJson(to) : castsToJson(from)
  if (from.kind === 'array') return to.kind === 'array' && canCast(from.element, to.element)
  if (from.kind === 'map') return to.kind === 'map' && canCast(from.key, to.key) && canCast(from.value, to.value)
  if (from.kind === 'row') {
    if (to.kind !== 'row' || to.fields.length !== from.fields.length) return false
    return from.fields.every((field, index) => canCast(field.type, (to.fields[index] as (typeof to.fields)[number]).type))
  }
  if (to.kind === 'varchar') {
    if (from.kind === 'uuid' || from.kind === 'ipaddress') return to.length === undefined
    return from.kind !== 'varbinary' && from.kind !== 'function'
  }
  if (isText(from)) {
    if (from.kind === 'char') return to.kind === 'char'
    return !(
      to.kind === 'array' ||
      to.kind === 'map' ||
      to.kind === 'row' ||
      to.kind === 'function' ||
      to.kind === 'interval day to second' ||
      to.kind === 'interval year to month'
    )
  }
  if (isNumeric(from) || from.kind === 'boolean') return isNumeric(to) || to.kind === 'boolean'
  if (from.kind === 'date') return isInstant(to)
  if (isInstant(from)) return isInstant(to) || isClock(to) || to.kind === 'date'
  if (isClock(from)) return isClock(to) || isInstant(to)
  if (from.kind === 'uuid') return to.kind === 'varbinary'
  if (from.kind === 'varbinary') return to.kind === 'uuid' || to.kind === 'ipaddress'
  if (from.kind === 'ipaddress') return to.kind === 'varbinary'
  return false
}

function castsToJson(from: Type): boolean {
  switch (from.kind) {
    case 'array':
      return castsToJson(from.element)
    case 'map':
      return canCast(from.key, VARCHAR) && castsToJson(from.value)
    case 'row':
      return from.fields.every((field) => castsToJson(field.type))
    case 'boolean':
    case 'varchar':
    case 'date':
    case 'timestamp':
    case 'json':
    case 'unknown':
      return true
    default:
      return isNumeric(from)
  }
}

function castsFromJson(to: Type): boolean {
  switch (to.kind) {
    case 'array':
      return castsFromJson(to.element)
    case 'map':
      return canCast(VARCHAR, to.key) && castsFromJson(to.value)
    case 'row':
      return to.fields.every((field) => castsFromJson(field.type))
    case 'boolean':
    case 'varchar':
    case 'json':
      return true
    default:
      return isNumeric(to)
  }
}

/** Keys that JSON has a name for. The casts of other maps are known, but fail when they run. */
export const isJsonKey = (type: Type): boolean =>
  type.kind === 'boolean' || type.kind === 'varchar' || type.kind === 'unknown' || isNumeric(type)
