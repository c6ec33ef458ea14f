/** CAST by Trino's rules: rounding half away from zero, strict texts, and Trino's errors. */

import { QueryError } from '#src/common/errors'
import { unscaled } from '#src/functions/decimal-form'
import { withoutErrors } from '#src/functions/macros/index'
import { floorDiv, MICROS_PER_DAY, two } from '#src/types/calendar'
import { isNumeric, isTypeOnlyCoercion } from '#src/types/coercion'
import { formatType, sameType } from '#src/types/format'
import type { DecimalType, RowType, Type } from '#src/types/type'
import { wallOf, zoneOffsetSeconds } from '#src/types/zone'
import { equalityKey, fieldName, shortestDouble, storedType, textForm } from '../representation.ts'
import { castFromJson, castToJson } from './cast-json.ts'

/**
 * @param session what casts between times take from the session
 * @param safe TRY_CAST: NULL instead of an error
 * @throws NOT_SUPPORTED for casts that Trino has and the kernel cannot do right
 */
export function printCast(value: string, from: Type, to: Type, session: CastSession, safe: boolean): string {
  if (!safe) return cast(value, from, to, session)
  // An error of the value itself stays one.
  const sql = withoutErrors(cast(VALUE_MARK, from, to, session))
  const failed = failedInside(VALUE_MARK, from, to, session)
  const marked = failed === undefined ? sql : `CASE WHEN ${withoutErrors(failed)} THEN NULL ELSE ${sql} END`
  return marked.replaceAll(VALUE_MARK, () => value)
}

const VALUE_MARK = 'weir_cast_value_'

/** Whether a part of an array, map or row fails: that makes the whole NULL. Undefined for all other types. */
function failedInside(value: string, from: Type, to: Type, session: CastSession): string | undefined {
  const part = (text: string, source: Type, target: Type) => {
    const gone = `(${text} IS NOT NULL AND (${cast(text, source, target, session)}) IS NULL)`
    const inside = failedInside(text, source, target, session)
    return inside === undefined ? gone : `(${gone} OR ${inside})`
  }
  if (from.kind === 'array' && to.kind === 'array') {
    return `coalesce(list_contains(list_transform(${value}, lambda v: ${part('v', from.element, to.element)}), true), false)`
  }
  if (from.kind === 'map' && to.kind === 'map') {
    const entry = `(${part('e.key', from.key, to.key)} OR ${part('e.value', from.value, to.value)})`
    const keys = `list_transform(map_keys(${value}), lambda e: ${equalityKey(cast('e', from.key, to.key, session), to.key)})`
    return `coalesce(list_contains(list_transform(map_entries(${value}), lambda e: ${entry}), true) OR len(list_distinct(${keys})) < cardinality(${value}), false)`
  }
  if (from.kind === 'row' && to.kind === 'row') {
    const fields = from.fields.map((field, index) =>
      part(`(${value}).${fieldName(index)}`, field.type, (to.fields[index] as RowType['fields'][number]).type),
    )
    return `(${fields.join(' OR ')})`
  }
  return undefined
}

export interface CastSession {
  /** The session's zone. */
  readonly zone: string
  /** The query's start, microseconds since the epoch: a time becomes a timestamp of that day. */
  readonly now: bigint
}

function cast(value: string, from: Type, to: Type, session: CastSession): string {
  if (sameType(from, to)) return value
  if (from.kind === 'unknown') return `CAST(${value} AS ${storedType(to)})`
  if (isTypeOnlyCoercion(from, to) && to.kind !== 'char') return value
  if (to.kind === 'json') return castToJson(value, from)
  if (from.kind === 'json') return castFromJson(value, to)
  switch (to.kind) {
    case 'boolean':
      if (from.kind === 'varchar') return `weir_text_to_boolean(${value})`
      return isNumeric(from) ? `(${value} <> 0)` : refuse(from, to)
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return castToInteger(value, from, to.kind)
    case 'real':
    case 'double':
      return castToFloat(value, from, to.kind)
    case 'decimal':
      return castToDecimal(value, from, to)
    case 'varchar':
      return castToVarchar(value, from, to.length)
    case 'char':
      if (from.kind === 'char') return from.length <= to.length ? value : `rtrim(left(${value}, ${to.length}), ' ')`
      if (from.kind === 'varchar') return `rtrim(left(${value}, ${to.length}), ' ')`
      return refuse(from, to)
    case 'varbinary':
      if (from.kind === 'varchar') return `encode(${value})`
      if (from.kind === 'ipaddress') return value
      return from.kind === 'uuid' ? `unhex(replace(CAST(${value} AS VARCHAR), '-', ''))` : refuse(from, to)
    case 'ipaddress':
      if (from.kind === 'varchar') return `weir_text_to_ip(${value})`
      return from.kind === 'varbinary' ? `weir_bytes_to_ip(${value})` : refuse(from, to)
    case 'uuid':
      if (from.kind === 'varbinary') return `weir_bytes_to_uuid(${value})`
      if (from.kind !== 'varchar') return refuse(from, to)
      return `coalesce(CASE WHEN regexp_full_match(lower(${value}), '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}') THEN TRY_CAST(${value} AS UUID) END, ${failure(value, `'Cannot cast value to UUID: ' || ${value}`)})`
    case 'date':
      if (from.kind === 'varchar') return `weir_text_to_date(${value})`
      if (from.kind === 'timestamp') return `CAST(${value} AS DATE)`
      return from.kind === 'timestamp with time zone' ? `CAST(weir_zoned_wall(${value}) AS DATE)` : refuse(from, to)
    case 'time':
    case 'time with time zone':
      return castToTime(value, from, to, session)
    case 'timestamp':
      return castToTimestamp(value, from, to.precision, session)
    case 'timestamp with time zone':
      return castToZoned(value, from, to.precision, session)
    case 'array':
      if (from.kind !== 'array') return refuse(from, to)
      return `list_transform(${value}, lambda v: ${cast('v', from.element, to.element, session)})`
    case 'map': {
      if (from.kind !== 'map') return refuse(from, to)
      const entry = `struct_pack(k := ${cast('e.key', from.key, to.key, session)}, v := ${cast('e.value', from.value, to.value, session)})`
      const targetKeys = `list_transform(l, lambda e: ${equalityKey('e.k', to.key)})`
      const converted = `list_transform(map_entries(${value}), lambda e: ${entry})`
      return `list_transform([${converted}], lambda l: CASE WHEN len(list_filter(l, lambda e: e.k IS NULL)) > 0 THEN error('WEIR|INVALID_CAST_ARGUMENT|map key is null') WHEN len(list_filter(${targetKeys}, lambda k, i: list_position(${targetKeys}, k) <> i)) > 0 THEN error('WEIR|INVALID_CAST_ARGUMENT|duplicate keys') ELSE map_from_entries(l) END)[1]`
    }
    case 'row':
      return from.kind === 'row' ? castRow(value, from, to, session) : refuse(from, to)
    default:
      return refuse(from, to)
  }
}

function refuse(from: Type, to: Type): never {
  throw new QueryError('NOT_SUPPORTED', `CAST from ${formatType(from)} to ${formatType(to)} is not supported`)
}

/** NULL for NULL, else an error whose text is computed by `messageSql`. */
function failure(value: string, messageSql: string, name = 'INVALID_CAST_ARGUMENT'): string {
  return `CASE WHEN ${value} IS NOT NULL THEN error('WEIR|${name}|' || ${messageSql}) END`
}

const BITS = { tinyint: 8, smallint: 16, integer: 32, bigint: 64 } as const

function castToInteger(value: string, from: Type, kind: keyof typeof BITS): string {
  const to: Type = { kind }
  const stored = storedType(to)
  switch (from.kind) {
    case 'boolean':
      return `CAST(${value} AS ${stored})`
    case 'varchar':
      return `weir_text_to_${kind}(${value})`
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      if (BITS[from.kind] <= BITS[kind]) return `CAST(${value} AS ${stored})`
      return `coalesce(TRY_CAST(${value} AS ${stored}), ${failure(value, `'Out of range for ${to.kind}: ' || ${value}`, 'NUMERIC_VALUE_OUT_OF_RANGE')})`
    case 'decimal': {
      const shown = to.kind === 'integer' ? 'INTEGER' : to.kind.toUpperCase()
      return `coalesce(TRY_CAST(${value} AS ${stored}), ${failure(value, `'Cannot cast ''' || ${value} || ''' to ${shown}'`)})`
    }
    case 'real':
    case 'double': {
      const attempt = `TRY_CAST(round(${value}) AS ${stored})`
      const text = `weir_java_double(${shortestDouble(value, from)})`
      if (to.kind === 'bigint' && from.kind === 'real') {
        const ends = `CASE WHEN isnan(${value}) THEN NULL WHEN ${value} > 0 THEN 9223372036854775807 WHEN ${value} < 0 THEN CAST(-9223372036854775808 AS BIGINT) END`
        return `coalesce(${attempt}, ${ends}, ${failure(value, `'Unable to cast ' || ${text} || ' to bigint'`)})`
      }
      if (to.kind === 'bigint') return `coalesce(${attempt}, ${failure(value, `'Unable to cast ' || ${text} || ' to bigint'`)})`
      const nan = `CASE WHEN isnan(${value}) THEN error('WEIR|INVALID_CAST_ARGUMENT|Cannot cast ${from.kind} NaN to ${to.kind}') WHEN ${value} IS NOT NULL THEN error('WEIR|NUMERIC_VALUE_OUT_OF_RANGE|Out of range for ${to.kind}: ' || ${text}) END`
      return `coalesce(${attempt}, ${nan})`
    }
    default:
      return refuse(from, to)
  }
}

/** The widest decimal of 64 bits. */
const MAX_SHORT_DECIMAL = 18
/** Digits that a double holds exactly. */
const EXACT_DIGITS = 15

function castToFloat(value: string, from: Type, kind: 'real' | 'double'): string {
  const to: Type = { kind }
  if (from.kind === 'varchar') return `weir_text_to_${kind}(${value})`
  if (from.kind === 'double' && to.kind === 'real') return `weir_to_real_any(${value})`
  // Beyond 64 bits the text is what gives the nearest number.
  if (from.kind === 'decimal' && from.precision > MAX_SHORT_DECIMAL) return `CAST(CAST(${value} AS VARCHAR) AS ${storedType(to)})`
  // Trino divides the digits, as a number of the type, by the power of ten; the kernel does so with doubles up to 15 digits.
  if (from.kind === 'decimal' && from.scale > 0 && (kind === 'real' || from.precision > EXACT_DIGITS)) {
    const stored = storedType(to)
    return `CAST(CAST(CAST(${unscaled({ sql: value, ...from })} AS BIGINT) AS ${stored}) / CAST(1e${from.scale} AS ${stored}) AS ${stored})`
  }
  if (from.kind === 'boolean' || isNumeric(from)) return `CAST(${value} AS ${storedType(to)})`
  return refuse(from, to)
}

function castToDecimal(value: string, from: Type, to: DecimalType): string {
  const stored = storedType(to)
  const shown = `DECIMAL(${to.precision}, ${to.scale})`
  switch (from.kind) {
    case 'boolean':
      return `CAST(CAST(${value} AS TINYINT) AS ${stored})`
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      if (to.precision - to.scale >= { tinyint: 3, smallint: 5, integer: 10, bigint: 19 }[from.kind]) return `CAST(${value} AS ${stored})`
      return `coalesce(TRY_CAST(${value} AS ${stored}), ${failure(value, `'Cannot cast ${from.kind.toUpperCase()} ''' || ${value} || ''' to ${shown}'`)})`
    case 'decimal':
      if (to.scale >= from.scale && to.precision - to.scale >= from.precision - from.scale) return `CAST(${value} AS ${stored})`
      return `coalesce(TRY_CAST(${value} AS ${stored}), ${failure(value, `'Cannot cast DECIMAL ''' || ${value} || ''' to ${shown}'`)})`
    case 'real':
    case 'double':
      // By the shortest text: 1.005 rounds to 1.01, although the double is a little less.
      return `coalesce(${readDecimal(`CAST(${shortestDouble(value, from)} AS VARCHAR)`, stored)}, ${failure(value, `'Cannot cast ${from.kind.toUpperCase()} ''' || weir_java_double(${shortestDouble(value, from)}) || ''' to ${shown}'`)})`
    case 'varchar': {
      const message = `'Cannot cast VARCHAR ''' || ${value} || ''' to ${shown}. Value ' || CASE WHEN weir_is_decimal_text(${value}) THEN 'too large.' ELSE 'is not a number.' END`
      return `coalesce(CASE WHEN weir_is_decimal_text(${value}) THEN ${readDecimal(value, stored)} END, ${failure(value, message)})`
    }
    default:
      return refuse(from, to)
  }
}

/** NULL for what the type has no place for. */
function readDecimal(text: string, stored: string): string {
  return `TRY_CAST(CASE WHEN regexp_matches(${text}, '[eE]') THEN weir_plain_decimal(${text}) ELSE ${text} END AS ${stored})`
}

function castToVarchar(value: string, from: Type, length: number | undefined): string {
  if (from.kind === 'array' || from.kind === 'map' || from.kind === 'row' || from.kind === 'varbinary') {
    return refuse(from, { kind: 'varchar', length })
  }
  // Far years have their sign only in timestamps.
  const text = from.kind === 'date' ? `ltrim(${textForm(value, from)}, '+')` : textForm(value, from)
  if (length === undefined) return text
  if (from.kind === 'varchar' || from.kind === 'char') return `left(${text}, ${length})`
  return `weir_bounded(${text}, ${length})`
}

/** Microseconds of the last digit that a precision keeps. */
const unitOf = (precision: number) => 10 ** (6 - precision)

/** The day at the query's start in the session's zone, which a time is given. */
const today = ({ zone, now }: CastSession) => `make_timestamp(${floorDiv(wallOf(now, zone), MICROS_PER_DAY) * MICROS_PER_DAY})`

/** The session zone's offset at the query's start. */
function sessionOffset({ zone, now }: CastSession): string {
  const minutes = zoneOffsetSeconds(zone, now) / 60
  return `'${minutes < 0 ? '-' : '+'}${two(Math.floor(Math.abs(minutes) / 60))}:${two(Math.floor(Math.abs(minutes) % 60))}'`
}

/** `time`, a TIME of the kernel, added to a day: rounding may reach the next one. */
function onDay(time: string, day: string, from: number, to: number): string {
  return `(${day} + to_microseconds(${from <= to ? `epoch_us(${time})` : `weir_round_us(epoch_us(${time}), ${unitOf(to)})`}))`
}

function castToTimestamp(value: string, from: Type, precision: number, session: CastSession): string {
  switch (from.kind) {
    case 'varchar':
      return `weir_text_to_timestamp(${value}, ${unitOf(precision)})`
    case 'date':
      return `CAST(${value} AS TIMESTAMP)`
    case 'time':
      return onDay(value, today(session), from.precision, precision)
    case 'time with time zone':
      return onDay(`CAST((${value}).t AS TIME)`, today(session), from.precision, precision)
    case 'timestamp':
      return from.precision <= precision ? value : `weir_round_ts(${value}, ${unitOf(precision)})`
    case 'timestamp with time zone': {
      const wall = `weir_zoned_wall(${value})`
      return from.precision <= precision ? wall : `weir_round_ts(${wall}, ${unitOf(precision)})`
    }
    default:
      return refuse(from, { kind: 'timestamp', precision })
  }
}

function castToZoned(value: string, from: Type, precision: number, session: CastSession): string {
  const { zone } = session
  const zoneText = `'${zone.replaceAll("'", "''")}'`
  switch (from.kind) {
    case 'varchar':
      return `weir_text_to_zoned(${value}, ${unitOf(precision)}, ${zoneText})`
    case 'time': {
      const seconds = zoneOffsetSeconds(zone, session.now)
      return `weir_zoned(${castToTimestamp(value, from, precision, session)} - to_seconds(${seconds}), ${zoneText})`
    }
    case 'time with time zone':
      return `weir_zoned(${castToTimestamp(value, from, precision, session)} - to_minutes(weir_offset_minutes((${value}).z)), CASE (${value}).z WHEN '+00:00' THEN 'UTC' ELSE (${value}).z END)`
    case 'date':
    case 'timestamp': {
      const wall = castToTimestamp(value, from, precision, session)
      return `weir_zoned(${zone === 'UTC' ? wall : `weir_lenient_instant(${wall}, ${zoneText})`}, ${zoneText})`
    }
    case 'timestamp with time zone':
      return from.precision <= precision
        ? value
        : `weir_zoned(weir_round_ts(CAST((${value}).t AS TIMESTAMP), ${unitOf(precision)}), (${value}).z)`
    default:
      return refuse(from, { kind: 'timestamp with time zone', precision })
  }
}

function castToTime(value: string, from: Type, to: Type & { kind: 'time' | 'time with time zone' }, session: CastSession): string {
  const unit = unitOf(to.precision)
  const rounded = (time: string, precision: number) =>
    precision <= to.precision ? time : `weir_time_of_us(weir_round_us(epoch_us(${time}), ${unit}))`
  if (to.kind === 'time') {
    if (from.kind === 'varchar') return `weir_text_to_time(${value}, ${unit})`
    if (from.kind === 'time') return rounded(value, from.precision)
    if (from.kind === 'time with time zone') return rounded(`CAST((${value}).t AS TIME)`, from.precision)
    if (from.kind === 'timestamp') return rounded(`CAST(${value} AS TIME)`, from.precision)
    if (from.kind === 'timestamp with time zone') return rounded(`CAST(weir_zoned_wall(${value}) AS TIME)`, from.precision)
    return refuse(from, to)
  }
  const withOffset = (time: string, offset: string) => `CASE WHEN ${value} IS NOT NULL THEN struct_pack(t := ${time}, z := ${offset}) END`
  switch (from.kind) {
    case 'varchar':
      return `weir_text_to_time_zoned(${value}, ${unit}, ${sessionOffset(session)})`
    case 'time with time zone':
      return from.precision <= to.precision ? value : withOffset(rounded(`CAST((${value}).t AS TIME)`, from.precision), `(${value}).z`)
    case 'time':
      return withOffset(rounded(value, from.precision), sessionOffset(session))
    case 'timestamp':
      return withOffset(rounded(`CAST(${value} AS TIME)`, from.precision), sessionOffset(session))
    case 'timestamp with time zone':
      // Trino looks the offset up at the wall time taken as an instant.
      return withOffset(
        rounded(`CAST(weir_zoned_wall(${value}) AS TIME)`, from.precision),
        `weir_offset_clock(weir_offset_seconds(struct_pack(t := weir_zoned_wall(${value}), z := (${value}).z)))`,
      )
    default:
      return refuse(from, to)
  }
}

function castRow(value: string, from: RowType, to: RowType, session: CastSession): string {
  const fields = from.fields.map((field, index) => {
    const target = to.fields[index] as RowType['fields'][number]
    return `${fieldName(index)} := ${cast(`(${value}).${fieldName(index)}`, field.type, target.type, session)}`
  })
  return `CASE WHEN ${value} IS NOT NULL THEN struct_pack(${fields.join(', ')}) END`
}
