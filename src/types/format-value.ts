/** Value → text, as CAST(… AS varchar) prints it. Arrays, maps and rows, which Trino does not cast, print as in messages. */
import { unreachable } from '#src/common/errors'
import { formatDate, formatTimeOfDay, formatTimestamp, two } from './calendar.ts'
import {
  isPowerOfTwo,
  LARGE_DOUBLES_END,
  LEAST_LARGE_DOUBLE,
  LEAST_NORMAL_DOUBLE,
  largeDoubleDigits,
  powerOfTwoDigits,
  twoDigitsAtLeast,
} from './double-digits.ts'
import { shortestReal } from './real-digits.ts'
import type { Type } from './type.ts'
import type { MapValue, Value, ZonedValue } from './value.ts'
import { wallOf } from './zone.ts'

/** `value` must be of `type`; NULL is `null`. */
export function formatValue(value: Value, type: Type): string {
  if (value === null) return 'null'
  switch (type.kind) {
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'varchar':
    case 'json':
    case 'uuid':
    case 'ipaddress':
    case 'unknown':
      return String(value)
    case 'char':
      return padCodePoints(value as string, type.length)
    case 'real':
      return realText(value as number)
    case 'double':
      return doubleText(value as number)
    case 'decimal':
      return formatDecimal(value as bigint, type.scale)
    case 'varbinary':
      return Buffer.from(value as Uint8Array).toString('hex')
    case 'date':
      return formatDate(value as bigint)
    case 'time':
      return formatTimeOfDay(value as bigint, type.precision)
    case 'timestamp':
      return formatTimestamp(value as bigint, type.precision)
    case 'time with time zone': {
      const { micros, zone } = value as ZonedValue
      return `${formatTimeOfDay(micros, type.precision)}${zone}`
    }
    case 'timestamp with time zone': {
      const { micros, zone } = value as ZonedValue
      return `${formatTimestamp(wallOf(micros, zone), type.precision)} ${zone}`
    }
    case 'interval day to second':
      return formatDaySecond(value as bigint)
    case 'interval year to month': {
      const months = value as bigint
      const size = months < 0n ? -months : months
      return `${months < 0n ? '-' : ''}${size / 12n}-${size % 12n}`
    }
    case 'array':
      return `[${(value as readonly Value[]).map((item) => formatValue(item, type.element)).join(', ')}]`
    case 'map':
      return `{${(value as MapValue).entries.map(([key, item]) => `${formatValue(key, type.key)}=${formatValue(item, type.value)}`).join(', ')}}`
    case 'row':
      return `{${type.fields.map((field, index) => formatValue((value as readonly Value[])[index] ?? null, field.type)).join(', ')}}`
    case 'function':
      return 'lambda'
  }
  return unreachable(type)
}

/** `150n` at scale 2 is `1.50`. */
export function formatDecimal(unscaled: bigint, scale: number): string {
  const negative = unscaled < 0n
  const digits = (negative ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
  return negative ? `-${text}` : text
}

function formatDaySecond(millis: bigint): string {
  const size = millis < 0n ? -millis : millis
  const ofDay = Number(size % 86_400_000n)
  const clock = `${two(Math.floor(ofDay / 3_600_000))}:${two(Math.floor(ofDay / 60_000) % 60)}:${two(Math.floor(ofDay / 1000) % 60)}`
  return `${millis < 0n ? '-' : ''}${size / 86_400_000n} ${clock}.${(ofDay % 1000).toString().padStart(3, '0')}`
}

/** Java-like scientific form of a number's shortest digits: `1.0E7`, `-0E0`, `NaN`. */
function formatFloat(shortest: string): string {
  if (shortest === 'NaN' || shortest === 'Infinity' || shortest === '-Infinity') return shortest
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/.exec(shortest)
  if (match === null) return shortest
  const [, sign, whole = '0', fraction = '', exponent = '0'] = match
  const digits = `${whole}${fraction}`
  const leading = /^0*/.exec(digits)?.[0].length ?? 0
  if (leading === digits.length) return `${sign}0E0`
  const significant = digits.slice(leading).replace(/0+$/, '')
  const power = Number(exponent) + whole.length - 1 - leading
  return `${sign}${significant[0]}.${significant.slice(1) || '0'}E${power}`
}

/** A double as Trino casts it to varchar: `1.0E7`, `-0E0`, `NaN`. */
export const doubleText = (value: number): string => formatFloat(doubleDigits(value))

/** Two digits at least, as Java has it. */
function doubleDigits(value: number): string {
  if (Object.is(value, -0)) return '-0'
  const size = Math.abs(value)
  if (size === 0 || !Number.isFinite(size)) return String(value)
  const sign = value < 0 ? '-' : ''
  if (size >= LEAST_LARGE_DOUBLE && size < LARGE_DOUBLES_END) return `${sign}${largeDoubleDigits(size)}`
  // The digits of 9.88E-324 begin with a zero: 0.98 is rounded to 1.0E-323.
  if (size < LEAST_NORMAL_DOUBLE && /^1e/.test(size.toExponential()) && size.toExponential(1).startsWith('9.9')) return String(value)
  if (isPowerOfTwo(size)) return `${sign}${powerOfTwoDigits(size)}`
  // Only among the least values a second digit may tell more.
  return size < LEAST_NORMAL_DOUBLE ? `${sign}${twoDigitsAtLeast(size)}` : String(value)
}

/** A real as Trino casts it to varchar: seven significant digits at most. */
export const realText = (value: number): string => formatFloat(realDigits(value))

/** What Java counts in 64 bits. */
const LONG_LIMIT = 2 ** 63

function realDigits(value: number): string {
  if (!Number.isFinite(value) || value === 0) return Object.is(value, -0) ? '-0' : String(value)
  const shortest = shortestReal(value)
  const rounded = shortest.toExponential(6)
  // Of whole numbers a half is rounded up.
  if (!shortest.toExponential(7).includes('5e') || (Number.isInteger(shortest) && Math.abs(shortest) < LONG_LIMIT)) return rounded
  // All digits of the double: those behind the seventh tell whether it lies in the middle, where it goes to the even one.
  const [, kept, last = '', power] = /^(-?\d\.\d{5}(\d))50*e(.*)$/.exec(shortest.toExponential(MOST_EXACT_DIGITS)) ?? []
  return kept !== undefined && Number(last) % 2 === 0 ? `${kept}e${power}` : rounded
}

/** Nine digits tell every real from its neighbours; a double that is written in so few lies in the middle within these. */
const MOST_EXACT_DIGITS = 60

function padCodePoints(text: string, length: number): string {
  return text + ' '.repeat(Math.max(0, length - [...text].length))
}
