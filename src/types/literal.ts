/**
 * Text → Value, as Trino reads typed literals and casts from varchar. What is read more strictly than elsewhere:
 * dates and timestamps have four digits of the year or more and a blank before the time, booleans are true/false/t/f/1/0.
 */
import { type Position, QueryError } from '#src/common/errors'
import { daysOf, MICROS_PER_DAY } from './calendar.ts'
import { formatType } from './format.ts'
import { formatIpAddress, parseIpAddress } from './ip-address.ts'
import { canonicalJson } from './json.ts'
import { nearestReal } from './real-digits.ts'
import { decimal, INTEGER, type Type, time, timestamp, timestampWithTimeZone, timeWithTimeZone } from './type.ts'
import type { Value } from './value.ts'
import { instantOf, normalizeZone, wallOf } from './zone.ts'

export interface TypedValue {
  readonly type: Type
  readonly value: Value
}

export interface LiteralContext {
  readonly at?: Position | undefined
  /** Zone of a timestamp with time zone whose text names none. Default UTC. */
  readonly zone?: string | undefined
}

/** The highest precision that Trino has. */
const MAX_TRINO_PRECISION = 12
/** The highest precision of a second's fraction that is supported. */
const MAX_PRECISION = 6

/**
 * The value of CAST(text AS type).
 * @throws INVALID_LITERAL when the text does not denote one, NOT_SUPPORTED for types whose values have no text
 */
export function parseLiteral(text: string, type: Type, context: LiteralContext = {}): Value {
  const value = parse(text, type, context)
  if (value === undefined) throw invalid(text, formatType(type), context.at)
  return value
}

/** Like `parseLiteral`, with undefined for a text that does not denote a value: TRY_CAST. */
export function tryParseLiteral(text: string, type: Type, context: LiteralContext = {}): Value | undefined {
  return parse(text, type, context)
}

/** `TIMESTAMP '…'`: its fraction's digits are the precision, and a zone in the text makes it a timestamp with time zone. */
export function timestampLiteral(text: string, at?: Position): TypedValue {
  const parts = splitTimestamp(text)
  if (parts === undefined) throw invalid(text, 'TIMESTAMP', at)
  const precision = supportedPrecision(parts.fraction.length, 'timestamp', at)
  if (parts.zone === undefined) return { type: timestamp(precision), value: parts.micros }
  const zone = normalizeZone(parts.zone)
  if (zone === undefined) {
    if (!/^[+-](?:(?:0\d|1[0-7]):[0-5]\d|18:00)$/.test(parts.zone)) throw invalid(text, 'TIMESTAMP', at)
    throw new QueryError('NOT_SUPPORTED', `Time zone not supported: ${parts.zone}`, { at })
  }
  const micros = zonedInstant(parts.micros, zone)
  if (micros === undefined) throw invalid(text, 'TIMESTAMP', at)
  return { type: timestampWithTimeZone(precision), value: { micros, zone } }
}

/** Trino keeps the instant in 52 bits of milliseconds. */
const MAX_ZONED_MICROS = 2n ** 51n * 1000n

/** Undefined for a time that the zone's clock skips, and for instants that are too far. */
function zonedInstant(wallMicros: bigint, zone: string): bigint | undefined {
  const micros = instantOf(wallMicros, zone)
  if (wallOf(micros, zone) !== wallMicros || micros >= MAX_ZONED_MICROS || micros < -MAX_ZONED_MICROS) return undefined
  return micros
}

/** `TIME '…'`, with time zone when the text has an offset. */
export function timeLiteral(text: string, at?: Position): TypedValue {
  const parts = splitTime(text)
  if (parts === undefined) throw invalid(text, 'TIME', at)
  const precision = supportedPrecision(parts.fraction.length, 'time', at)
  if (parts.offset === undefined) return { type: time(precision), value: parts.micros }
  return { type: timeWithTimeZone(precision), value: { micros: parts.micros, zone: parts.offset } }
}

/** `DECIMAL '…'` and numbers with a point: the digits give the type. */
export function decimalLiteral(text: string, at?: Position): TypedValue {
  const match = /^([+-]?)0*(\d*)(?:\.(\d*))?$/.exec(text.replaceAll('_', ''))
  if (match === null || !/\d/.test(text)) throw invalid(text, 'DECIMAL', at)
  const [, sign, whole = '', fraction = ''] = match
  const precision = Math.max(1, whole.length + fraction.length)
  if (precision > 38) throw invalid(text, 'DECIMAL', at)
  const digits = BigInt(`${whole}${fraction}` || '0')
  return { type: decimal(precision, fraction.length), value: sign === '-' ? -digits : digits }
}

function supportedPrecision(precision: number, name: string, at: Position | undefined): number {
  if (precision > MAX_TRINO_PRECISION) {
    throw new QueryError('NUMERIC_VALUE_OUT_OF_RANGE', `${name.toUpperCase()} precision must be in range [0, 12]: ${precision}`, { at })
  }
  if (precision <= MAX_PRECISION) return precision
  throw new QueryError('NOT_SUPPORTED', `${name}(${precision}) is not supported: the highest precision is ${MAX_PRECISION}`, { at })
}

function invalid(text: string, type: string, at: Position | undefined): QueryError {
  return new QueryError('INVALID_LITERAL', `'${text}' is not a valid ${type.toUpperCase()} literal`, { at })
}

const INTEGER_BITS = { tinyint: 8, smallint: 16, integer: 32, bigint: 64 } as const

function parse(text: string, type: Type, context: LiteralContext): Value | undefined {
  const trimmed = trim(text)
  switch (type.kind) {
    case 'boolean':
      if (/^(?:t|true|1)$/i.test(text)) return true
      return /^(?:f|false|0)$/i.test(text) ? false : undefined
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint': {
      if (!/^[+-]?\d+$/.test(trimmed)) return undefined
      const value = BigInt(trimmed.replace(/^\+/, ''))
      return BigInt.asIntN(INTEGER_BITS[type.kind], value) === value ? value : undefined
    }
    case 'real': {
      const value = parseDouble(trimmed)
      return value === undefined ? undefined : nearestReal(value, trimmed)
    }
    case 'double':
      return parseDouble(trimmed)
    case 'decimal':
      return parseDecimal(text, type.precision, type.scale)
    case 'varchar':
      return type.length === undefined ? text : firstCodePoints(text, type.length)
    case 'char':
      return firstCodePoints(text, type.length).replace(/ +$/, '')
    case 'varbinary':
      return new TextEncoder().encode(text)
    case 'date':
      return parseDate(trimmed)
    case 'time': {
      const parts = splitTime(trimmed)
      if (parts === undefined || parts.fraction.length > MAX_TRINO_PRECISION) return undefined
      return parts.offset !== undefined ? undefined : roundMicros(parts.nanos, type.precision) % MICROS_PER_DAY
    }
    case 'time with time zone': {
      const parts = splitTime(trimmed)
      return parts?.offset === undefined
        ? undefined
        : { micros: roundMicros(parts.nanos, type.precision) % MICROS_PER_DAY, zone: parts.offset }
    }
    case 'timestamp': {
      const parts = splitTimestamp(trimmed)
      // A zone behind it is dropped, but must be one.
      if (parts?.zone !== undefined && normalizeZone(parts.zone) === undefined) return undefined
      return parts && roundMicros(parts.nanos, type.precision)
    }
    case 'timestamp with time zone': {
      const parts = splitTimestamp(trimmed)
      const zone = parts && normalizeZone(parts.zone ?? context.zone ?? 'UTC')
      return parts && zone !== undefined ? { micros: instantOf(roundMicros(parts.nanos, type.precision), zone), zone } : undefined
    }
    case 'json':
      return canonicalJson(text)
    case 'uuid':
      return /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text) ? text.toLowerCase() : undefined
    case 'ipaddress': {
      const digits = parseIpAddress(text)
      return digits && formatIpAddress(digits)
    }
    case 'unknown':
      return undefined
    case 'interval day to second':
    case 'interval year to month':
    case 'array':
    case 'map':
    case 'row':
    case 'function':
      throw new QueryError('NOT_SUPPORTED', `Literals of type ${formatType(type)} are not supported`, { at: context.at })
  }
}

/** Blanks and control characters at both ends do not count, as with Java's trim. */
function trim(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Java's String.trim removes them
  return text.replace(/^[\u0000- ]+|[\u0000- ]+$/g, '')
}

function parseDouble(text: string): number | undefined {
  if (/^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?[df]?$/i.test(text)) return Number(text.replace(/[dfDF]$/, ''))
  const special = /^([+-]?)(NaN|Infinity)$/.exec(text)
  if (special === null) return undefined
  if (special[2] === 'NaN') return Number.NaN
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

/** Rounded half away from zero; undefined when it does not fit. */
function parseDecimal(text: string, precision: number, scale: number): bigint | undefined {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:e([+-]?\d{1,4}))?$/i.exec(text)
  if (match === null || !/\d/.test(`${match[2]}${match[3] ?? ''}`)) return undefined
  const [, sign, whole = '', fraction = '', exponent = '0'] = match
  const shift = scale - fraction.length + Number(exponent)
  let digits = BigInt(`${whole}${fraction}`)
  if (shift >= 0) digits *= 10n ** BigInt(shift)
  else {
    const unit = 10n ** BigInt(-shift)
    digits = (digits + unit / 2n) / unit
  }
  if (digits >= 10n ** BigInt(precision)) return undefined
  return sign === '-' ? -digits : digits
}

function firstCodePoints(text: string, count: number): string {
  return text.length <= count ? text : [...text].slice(0, count).join('')
}

function parseDate(text: string): bigint | undefined {
  const match = /^([+-]?\d{1,9})-(\d{1,2})-(\d{1,2})$/.exec(text)
  return match === null ? undefined : daysOf({ year: Number(match[1]), month: Number(match[2]), day: Number(match[3]) })
}

interface ClockParts {
  readonly micros: bigint
  /** With nine digits of the fraction, for rounding. */
  readonly nanos: bigint
  readonly fraction: string
}

function clockParts(days: bigint, hour: string, minute: string, second: string, fraction: string): ClockParts | undefined {
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59) return undefined
  const seconds = days * 86_400n + BigInt(Number(hour) * 3600 + Number(minute) * 60 + Number(second))
  const nanos = seconds * 1_000_000_000n + BigInt(fraction.padEnd(9, '0').slice(0, 9))
  return { micros: seconds * 1_000_000n + BigInt(fraction.padEnd(6, '0').slice(0, 6)), nanos, fraction }
}

function splitTimestamp(text: string): (ClockParts & { readonly zone: string | undefined }) | undefined {
  const match = /^([+-]?\d{4,9})-(\d{1,2})-(\d{1,2})(?: (?:(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?)?\s*(.+)?)?$/.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '', zone] = match
  const days = daysOf({ year: Number(year), month: Number(month), day: Number(day) })
  const clock = days === undefined ? undefined : clockParts(days, hour, minute, second, fraction)
  return clock && BigInt.asIntN(64, clock.micros) === clock.micros ? { ...clock, zone } : undefined
}

function splitTime(text: string): (ClockParts & { readonly offset: string | undefined }) | undefined {
  const match = /^(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:\.(\d+))?)?\s*([+-]\d\d:\d\d)?$/.exec(text)
  if (match === null) return undefined
  const [, hour = '0', minute = '0', second = '0', fraction = '', offset] = match
  if (offset !== undefined && (Number(offset.slice(4)) > 59 || Number(offset.slice(1).replace(':', '')) > 1400)) return undefined
  const clock = clockParts(0n, hour, minute, second, fraction)
  return clock && { ...clock, offset }
}

/** Nanoseconds to microseconds with `precision` digits of the second, half up. */
function roundMicros(nanos: bigint, precision: number): bigint {
  const unit = 10n ** BigInt(9 - precision)
  const shifted = nanos + unit / 2n
  const floored = shifted >= 0n || shifted % unit === 0n ? shifted / unit : shifted / unit - 1n
  return (floored * unit) / 1000n
}

/** The type and value of an integer literal: integer, else bigint; undefined beyond 64 bits. */
export function integerLiteral(value: bigint): TypedValue | undefined {
  if (BigInt.asIntN(32, value) === value) return { type: INTEGER, value }
  return BigInt.asIntN(64, value) === value ? { type: { kind: 'bigint' }, value } : undefined
}
