/**
 * How each of Trino's types lives in the kernel.
 *
 * | type                     | stored as                            | its own equality key | its own order key |
 * | ------------------------ | ------------------------------------ | -------------------- | ----------------- |
 * | boolean … bigint, date   | the kernel's type                    | yes                  | yes               |
 * | real, double             | FLOAT, DOUBLE                        | yes (= is not: NaN)  | yes               |
 * | decimal(p, s)            | DECIMAL(p, s)                        | yes                  | yes               |
 * | varchar(n), varbinary    | VARCHAR, BLOB                        | yes                  | yes               |
 * | char(n)                  | VARCHAR without trailing blanks      | yes                  | no: padded        |
 * | time(p), timestamp(p)    | TIME, TIMESTAMP, rounded to p digits | yes                  | yes               |
 * | timestamp(p) with time zone | STRUCT(t TIMESTAMP, z VARCHAR): instant in UTC, name | no: the instant | no |
 * | time(p) with time zone   | STRUCT(t TIME, z VARCHAR): local time, ±HH:MM | no: time in UTC | no           |
 * | intervals                | BIGINT milliseconds, INTEGER months  | yes                  | yes               |
 * | json                     | VARCHAR, canonical text              | yes                  | –                 |
 * | uuid, ipaddress          | UUID, BLOB of 16 bytes               | yes                  | yes               |
 * | array, row               | LIST, STRUCT(f1, f2, …)              | as their parts       | as their parts    |
 * | map                      | MAP                                  | no: sorted entries   | –                 |
 *
 * All functions here map SQL text to SQL text; a value's text may occur several times in the result.
 */
import { QueryError, unreachable } from '#src/common/errors'
import { quote } from '#src/functions/kernel-error'
import { floorDiv, formatDate, formatTimestamp, MICROS_PER_DAY } from '#src/types/calendar'
import { formatDecimal } from '#src/types/format-value'
import { parseIpAddress } from '#src/types/ip-address'
import type { Type } from '#src/types/type'
import type { MapValue, Value, ZonedValue } from '#src/types/value'

/** The kernel's type. Fields of a row are called f1, f2 … whatever their names. */
export function storedType(type: Type): string {
  switch (type.kind) {
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'double':
    case 'date':
    case 'uuid':
      return type.kind.toUpperCase()
    case 'real':
      return 'FLOAT'
    case 'decimal':
      return `DECIMAL(${type.precision}, ${type.scale})`
    case 'varchar':
    case 'char':
    case 'json':
      return 'VARCHAR'
    case 'varbinary':
    case 'ipaddress':
      return 'BLOB'
    case 'time':
      return 'TIME'
    case 'timestamp':
      return 'TIMESTAMP'
    case 'timestamp with time zone':
      return 'STRUCT(t TIMESTAMP, z VARCHAR)'
    case 'time with time zone':
      return 'STRUCT(t TIME, z VARCHAR)'
    case 'interval day to second':
      return 'BIGINT'
    case 'interval year to month':
      return 'INTEGER'
    case 'unknown':
      return 'BOOLEAN'
    case 'array':
      return `${storedType(type.element)}[]`
    case 'map':
      return `MAP(${storedType(type.key)}, ${storedType(type.value)})`
    case 'row':
      return `STRUCT(${type.fields.map((field, index) => `${fieldName(index)} ${storedType(field.type)}`).join(', ')})`
    case 'function':
      throw new QueryError('GENERIC_INTERNAL_ERROR', 'A lambda has no stored form')
  }
  return unreachable(type)
}

/** The name of a row's field, counted from 0, in its STRUCT. */
export const fieldName = (index: number): string => `f${index + 1}`

/** A constant in its stored form, with its type: `CAST(5 AS BIGINT)`. Integers are bare, so that the kernel reads them as INTEGER. */
export function literalText(value: Value, type: Type): string {
  if (value === null) return `CAST(NULL AS ${storedType(type)})`
  switch (type.kind) {
    case 'boolean':
      return String(value)
    case 'integer':
      // The kernel reads the digits of the least integer first, which alone are a bigint.
      if ((value as bigint) === -2147483648n) return `CAST(${value} AS ${storedType(type)})`
      return (value as bigint) < 0n ? `(${value})` : String(value)
    case 'tinyint':
    case 'smallint':
    case 'bigint':
    case 'interval day to second':
    case 'interval year to month':
      return `CAST(${value} AS ${storedType(type)})`
    case 'real':
    case 'double':
      return floatLiteral(value as number, storedType(type))
    case 'decimal': {
      // 0 and 38 digits behind the point are 39 digits to the kernel, which then reads a double; in quotes they are exact.
      const text = formatDecimal(value as bigint, type.scale)
      return `CAST(${type.scale === MAX_DECIMAL_DIGITS ? quote(text) : text} AS ${storedType(type)})`
    }
    case 'varchar':
    case 'char':
    case 'json':
      return quote(value as string)
    case 'ipaddress':
      return `from_hex('${parseIpAddress(value as string)}')`
    case 'uuid':
      return `CAST('${value as string}' AS UUID)`
    case 'varbinary':
      return `from_hex('${Buffer.from(value as Uint8Array).toString('hex')}')`
    case 'date':
      return isPlainDay(value as bigint) ? `DATE '${formatDate(value as bigint)}'` : `(DATE '1970-01-01' + CAST(${value} AS INTEGER))`
    case 'time':
      return `CAST(make_timestamp(${value}) AS TIME)`
    case 'timestamp':
      return timestampLiteral(value as bigint)
    case 'timestamp with time zone': {
      const { micros, zone } = value as ZonedValue
      return `struct_pack(t := ${timestampLiteral(micros)}, z := ${quote(zone)})`
    }
    case 'time with time zone': {
      const { micros, zone } = value as ZonedValue
      return `struct_pack(t := CAST(make_timestamp(${micros}) AS TIME), z := ${quote(zone)})`
    }
    case 'unknown':
      return 'CAST(NULL AS BOOLEAN)'
    case 'array': {
      const items = (value as readonly Value[]).map((item) => literalText(item, type.element))
      return `CAST([${items.join(', ')}] AS ${storedType(type)})`
    }
    case 'row': {
      const fields = type.fields.map(
        (field, index) => `${fieldName(index)} := ${literalText((value as readonly Value[])[index] ?? null, field.type)}`,
      )
      return `struct_pack(${fields.join(', ')})`
    }
    case 'map': {
      const { entries } = value as MapValue
      const keys = entries.map(([key]) => literalText(key, type.key)).join(', ')
      const values = entries.map(([, item]) => literalText(item, type.value)).join(', ')
      return `map(CAST([${keys}] AS ${storedType(type.key)}[]), CAST([${values}] AS ${storedType(type.value)}[]))`
    }
    case 'function':
      throw new QueryError('GENERIC_INTERNAL_ERROR', 'A lambda is no constant')
  }
  return unreachable(type)
}

/** Whether the kernel reads the day's usual text: years 1 to 9999. */
const isPlainDay = (days: bigint) => days >= -719_162n && days <= 2_932_896n

function timestampLiteral(micros: bigint): string {
  return isPlainDay(floorDiv(micros, MICROS_PER_DAY)) ? `TIMESTAMP '${formatTimestamp(micros, 6)}'` : `make_timestamp(${micros})`
}

function floatLiteral(value: number, stored: string): string {
  if (!Number.isFinite(value) || Object.is(value, -0)) return `CAST('${Object.is(value, -0) ? '-0.0' : value}' AS ${stored})`
  return `CAST(${String(value).includes('e') ? value : `${value}e0`} AS ${stored})`
}

/** A value whose parts all are their own equality keys. */
export function isNative(type: Type): boolean {
  switch (type.kind) {
    case 'timestamp with time zone':
    case 'time with time zone':
    case 'map':
    case 'function':
      return false
    case 'array':
      return isNative(type.element)
    case 'row':
      return type.fields.every((field) => isNative(field.type))
    default:
      return true
  }
}

/** Values that Trino groups together have the same key: NULLs, NaNs, instants in different zones, maps in any order. */
export function equalityKey(value: string, type: Type): string {
  if (isNative(type)) return value
  switch (type.kind) {
    case 'timestamp with time zone':
      return `(${value}).t`
    case 'time with time zone':
      return `weir_time_utc_us(${value})`
    case 'array':
      return `list_transform(${value}, lambda k: ${equalityKey('k', type.element)})`
    case 'row':
      return rowOf(
        value,
        type.fields.map((field, index) => equalityKey(`(${value}).${fieldName(index)}`, field.type)),
      )
    case 'map': {
      const entry = `struct_pack(k := ${equalityKey('e.key', type.key)}, v := ${equalityKey('e.value', type.value)})`
      return `list_sort(list_transform(map_entries(${value}), lambda e: ${entry}))`
    }
    default:
      return value
  }
}

/** Sorts natively as Trino sorts the values. */
export function orderKey(value: string, type: Type): string {
  switch (type.kind) {
    case 'char':
      return `rpad(${value}, ${type.length}, ' ')`
    case 'array':
      return hasOwnOrder(type.element) ? value : `list_transform(${value}, lambda k: ${orderKey('k', type.element)})`
    case 'row':
      return type.fields.every((field) => hasOwnOrder(field.type))
        ? value
        : rowOf(
            value,
            type.fields.map((field, index) => orderKey(`(${value}).${fieldName(index)}`, field.type)),
          )
    default:
      return equalityKey(value, type)
  }
}

function hasOwnOrder(type: Type): boolean {
  return orderKey('x', type) === 'x'
}

function rowOf(value: string, fields: readonly string[]): string {
  return `CASE WHEN ${value} IS NOT NULL THEN struct_pack(${fields.map((field, index) => `${fieldName(index)} := ${field}`).join(', ')}) END`
}

/** strftime's format of the time of day, and what it prints behind a whole second. */
interface Clock {
  readonly format: string
  readonly zeros: string
}

const MICROS_CLOCK: Clock = { format: '%H:%M:%S.%f', zeros: '.000000' }

/** By the digits of the fraction; strftime knows no others. */
const CLOCK: ReadonlyMap<number, Clock> = new Map([
  [0, { format: '%H:%M:%S', zeros: '' }],
  [3, { format: '%H:%M:%S.%g', zeros: '.000' }],
  [6, MICROS_CLOCK],
])

function clockText(text: (clock: Clock) => string, precision: number): string {
  const clock = CLOCK.get(precision)
  if (clock !== undefined) return text(clock)
  return `left(${text(MICROS_CLOCK)}, -${6 - precision})`
}

/** Trino's text: CAST(value AS varchar). Arrays, maps and rows have none and give their JSON text. */
export function textForm(value: string, type: Type): string {
  switch (type.kind) {
    case 'varchar':
    case 'json':
      return value
    case 'ipaddress':
      return `weir_ip_text(${value})`
    case 'char':
      return `rpad(${value}, ${type.length}, ' ')`
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'uuid':
      return `CAST(${value} AS VARCHAR)`
    case 'decimal':
      return decimalText(value, type.precision, type.scale)
    case 'real':
      return `weir_real_text(${value})`
    case 'double':
      return `weir_double_text(${value})`
    case 'varbinary':
      return `to_base64(${value})`
    case 'date':
      return `weir_date_text(${value})`
    case 'timestamp':
      return clockText(({ format, zeros }) => `weir_timestamp_text(${value}, ' ${format}', '${zeros}')`, type.precision)
    case 'timestamp with time zone': {
      const { format, zeros } = CLOCK.get(type.precision) ?? MICROS_CLOCK
      return `weir_zoned_text(${value}, ' ${format}', '${zeros}', ${CLOCK.has(type.precision) ? 'NULL' : type.precision - 6})`
    }
    case 'time':
      return clockText(({ format }) => `weir_time_text(${value}, '${format}')`, type.precision)
    case 'time with time zone':
      return `(${clockText(({ format }) => `weir_time_text(CAST((${value}).t AS TIME), '${format}')`, type.precision)} || (${value}).z)`
    case 'interval day to second':
      return `weir_day_second_text(${value})`
    case 'interval year to month':
      return `weir_year_month_text(${value})`
    case 'unknown':
      return `CAST(${value} AS VARCHAR)`
    case 'array':
    case 'map':
    case 'row':
      return `CAST(to_json(${jsonForm(value, type)}) AS VARCHAR)`
    case 'function':
      throw new QueryError('GENERIC_INTERNAL_ERROR', 'A lambda has no text')
  }
  return unreachable(type)
}

const MAX_DECIMAL_DIGITS = 38

/** The kernel leaves out the zero before the point where its type has no place for it, and printed arithmetic may be so narrow. */
function decimalText(value: string, precision: number, scale: number): string {
  if (scale === 0) return `CAST(${value} AS VARCHAR)`
  if (scale === MAX_DECIMAL_DIGITS) return `regexp_replace(CAST(${value} AS VARCHAR), '^(-?)[.]', '\\10.')`
  return `CAST(CAST(${value} AS DECIMAL(${Math.max(precision, scale + 1)}, ${scale})) AS VARCHAR)`
}

/**
 * A value that the kernel's json_array and to_json encode as clients expect: bigint with all digits, decimals and times
 * as text, rows as arrays, maps as objects with keys as text, NaN and infinities as strings.
 */
export function jsonForm(value: string, type: Type): string {
  switch (type.kind) {
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'varchar':
    case 'json':
    case 'unknown':
      return value
    case 'real':
    case 'double':
      return `CASE WHEN isfinite(${value}) THEN to_json(${shortestDouble(value, type)}) ELSE to_json(${specialFloat(value)}) END`
    case 'array':
      return `list_transform(${value}, lambda v: ${jsonForm('v', type.element)})`
    case 'row':
      return `CASE WHEN ${value} IS NOT NULL THEN json_array(${type.fields.map((field, index) => jsonForm(`(${value}).${fieldName(index)}`, field.type)).join(', ')}) END`
    case 'map': {
      const [key, item] = [mapKeyText('e.key', type.key), jsonForm('e.value', type.value)]
      if (mayLookAlike(type.key)) {
        const pair = `CAST(to_json(${key}) AS VARCHAR) || ':' || coalesce(CAST(to_json(${item}) AS VARCHAR), 'null')`
        return `CAST('{' || array_to_string(list_transform(map_entries(${value}), lambda e: ${pair}), ',') || '}' AS JSON)`
      }
      const entry = `struct_pack(k := ${key}, v := ${item})`
      return `map_from_entries(list_transform(map_entries(${value}), lambda e: ${entry}))`
    }
    default:
      return textForm(value, type)
  }
}

function specialFloat(value: string): string {
  return `CASE WHEN isnan(${value}) THEN 'NaN' WHEN ${value} > 0 THEN 'Infinity' WHEN ${value} < 0 THEN '-Infinity' END`
}

/** Whether different keys may have the same text, as `ARRAY['']` and `ARRAY[]` have: the kernel's maps take no key twice, JSON's objects do. */
const mayLookAlike = ({ kind }: Type): boolean =>
  kind === 'array' || kind === 'row' || kind === 'map' || kind === 'timestamp with time zone'

/** A key of a JSON object: numbers in Java's text. */
function mapKeyText(value: string, type: Type): string {
  const { kind } = type
  const isShown = kind === 'real' || kind === 'double' || kind === 'array' || kind === 'row' || kind === 'map'
  return isShown ? shownText(value, type) : textForm(value, type)
}

/** A real or double as the double of its fewest digits: what the kernel's own encoding prints of a FLOAT are a double's. */
export const shortestDouble = (value: string, type: Type): string => (type.kind === 'real' ? `weir_real_shortest(${value})` : value)

/** A nested value in Java's words, as clients get it for a key: `[1, null]`, `{x=2}`. */
function shownText(value: string, type: Type): string {
  const part = (text: string, inner: Type) => `coalesce(${shownText(text, inner)}, 'null')`
  switch (type.kind) {
    case 'real':
    case 'double':
      return `weir_java_double(${shortestDouble(value, type)})`
    case 'array':
      return `'[' || array_to_string(list_transform(${value}, lambda t: ${part('t', type.element)}), ', ') || ']'`
    case 'row':
      return `CASE WHEN ${value} IS NOT NULL THEN '[' || concat_ws(', ', ${type.fields.map((field, index) => part(`(${value}).${fieldName(index)}`, field.type)).join(', ')}) || ']' END`
    case 'map':
      return `'{' || array_to_string(list_transform(map_entries(${value}), lambda t: ${part('t.key', type.key)} || '=' || ${part('t.value', type.value)}), ', ') || '}'`
    default:
      return textForm(value, type)
  }
}

/** One field of a CSV line, unquoted: scalars by their JSON text, nested values as JSON. */
export function csvForm(value: string, type: Type): string {
  switch (type.kind) {
    case 'real':
    case 'double':
      return `CASE WHEN isfinite(${value}) THEN CAST(${value} AS VARCHAR) ELSE ${specialFloat(value)} END`
    default:
      return textForm(value, type)
  }
}

/**
 * A value for Arrow and Parquet: instants with a zone become the instant, rows keep their fields' names, everything
 * without an Arrow type its text.
 */
export function arrowForm(value: string, type: Type): string {
  switch (type.kind) {
    case 'timestamp with time zone':
      return `timezone('UTC', CAST((${value}).t AS TIMESTAMP))`
    case 'char':
    case 'uuid':
    case 'ipaddress':
    case 'time with time zone':
    case 'interval day to second':
    case 'interval year to month':
      return textForm(value, type)
    case 'decimal':
      // Printed arithmetic may be wider or narrower than the type says.
      return `CAST(${value} AS ${storedType(type)})`
    case 'array':
      return sameForm(type) ? value : `list_transform(${value}, lambda v: ${arrowForm('v', type.element)})`
    case 'row': {
      const fields = type.fields.map(
        (field, index) => `${quoteName(field.name ?? `field${index}`)} := ${arrowForm(`(${value}).${fieldName(index)}`, field.type)}`,
      )
      return `CASE WHEN ${value} IS NOT NULL THEN struct_pack(${fields.join(', ')}) END`
    }
    case 'map': {
      if (sameForm(type)) return value
      const entry = `struct_pack(k := ${arrowForm('e.key', type.key)}, v := ${arrowForm('e.value', type.value)})`
      return `map_from_entries(list_transform(map_entries(${value}), lambda e: ${entry}))`
    }
    default:
      return value
  }
}

function sameForm(type: Type): boolean {
  switch (type.kind) {
    case 'array':
      return sameForm(type.element)
    case 'map':
      return sameForm(type.key) && sameForm(type.value)
    case 'decimal':
      return true
    default:
      return arrowForm('x', type) === 'x'
  }
}

const quoteName = (name: string) => `"${name.replaceAll('"', '""')}"`
