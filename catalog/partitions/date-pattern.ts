/**
 * The date patterns of partition projection: letters of Java's DateTimeFormatter as far as partition folders use them.
 *
 *   yyyy-MM-dd   yyyy/MM/dd/HH   yyyyMMdd   'day'-dd   yyyy-MM-dd HH:mm:ss.SSS
 */
import { QueryError } from '#src/common/errors'

/** From coarse to fine. */
export const UNITS = ['YEARS', 'MONTHS', 'WEEKS', 'DAYS', 'HOURS', 'MINUTES', 'SECONDS', 'MILLIS'] as const
export type DateUnit = (typeof UNITS)[number]

interface Part {
  readonly field: 'year' | 'month' | 'day' | 'hour' | 'minute' | 'second' | 'millis'
  readonly digits: number
  /** One letter: as many digits as it takes. */
  readonly exact: boolean
}

export interface DatePattern {
  /** Text of an instant (milliseconds since 1970, UTC). */
  format(instant: number): string
  /** Undefined: the text is none of the pattern's. */
  parse(text: string): number | undefined
  /** The finest unit that the text tells. */
  readonly unit: DateUnit
}

const FIELDS: Readonly<Record<string, Part['field']>> = {
  y: 'year',
  u: 'year',
  M: 'month',
  d: 'day',
  H: 'hour',
  m: 'minute',
  s: 'second',
  S: 'millis',
}
const FINEST: readonly (readonly [Part['field'], DateUnit])[] = [
  ['millis', 'MILLIS'],
  ['second', 'SECONDS'],
  ['minute', 'MINUTES'],
  ['hour', 'HOURS'],
  ['day', 'DAYS'],
  ['month', 'MONTHS'],
  ['year', 'YEARS'],
]

/** Throws INVALID_TABLE_PROPERTY for letters that are not understood, and for a pattern without a year. */
export function datePattern(pattern: string): DatePattern {
  const parts = partsOf(pattern)
  const fields = new Set(parts.flatMap((part) => (typeof part === 'string' ? [] : [part.field])))
  if (!fields.has('year')) throw invalid(pattern, 'it has no year')
  const unit = FINEST.find(([field]) => fields.has(field))?.[1] ?? 'YEARS'
  const source = parts.map((part) => (typeof part === 'string' ? quoteRegExp(part) : part.exact ? `(\\d{${part.digits}})` : '(\\d{1,9})'))
  const matcher = new RegExp(`^${source.join('')}$`)
  return {
    unit,
    format: (instant) => parts.map((part) => (typeof part === 'string' ? part : formatPart(part, new Date(instant)))).join(''),
    parse: (text) => {
      const found = matcher.exec(text)
      if (found === null) return undefined
      const values = { year: 1970, month: 1, day: 1, hour: 0, minute: 0, second: 0, millis: 0 }
      let group = 1
      for (const part of parts) if (typeof part !== 'string') values[part.field] = Number(found[group++])
      return instantOf(values)
    },
  }
}

function partsOf(pattern: string): readonly (Part | string)[] {
  const parts: (Part | string)[] = []
  for (const [token] of pattern.matchAll(/'(?:[^']|'')*'|([A-Za-z])\1*|[^A-Za-z']/g)) {
    const letter = token[0] as string
    if (letter === "'") {
      parts.push(token === "''" ? "'" : token.slice(1, -1).replaceAll("''", "'"))
      continue
    }
    if (!/[A-Za-z]/.test(letter)) {
      parts.push(token)
      continue
    }
    const field = FIELDS[letter]
    const fits = field === 'year' ? token.length === 4 || token.length === 1 : field === 'millis' ? token.length === 3 : token.length <= 2
    if (field === undefined || !fits) throw invalid(pattern, `'${token}' is not supported; known are yyyy, MM, dd, HH, mm, ss, SSS`)
    parts.push({ field, digits: token.length, exact: token.length > 1 })
  }
  return parts
}

function formatPart({ field, digits }: Part, date: Date): string {
  const value = {
    year: date.getUTCFullYear(),
    month: date.getUTCMonth() + 1,
    day: date.getUTCDate(),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
    millis: date.getUTCMilliseconds(),
  }[field]
  return String(value).padStart(digits, '0')
}

/** Undefined for a day or time that there is not. */
function instantOf(values: Readonly<Record<Part['field'], number>>): number | undefined {
  const date = new Date(0)
  date.setUTCFullYear(values.year, values.month - 1, values.day)
  date.setUTCHours(values.hour, values.minute, values.second, values.millis)
  const same = date.getUTCMonth() === values.month - 1 && date.getUTCDate() === values.day && date.getUTCHours() === values.hour
  return same && values.minute < 60 && values.second < 60 ? date.getTime() : undefined
}

/** An instant so many units later, by the calendar: a month after January 31 is the last day of February. */
export function addUnits(instant: number, count: number, unit: DateUnit): number {
  switch (unit) {
    case 'YEARS':
      return addMonths(instant, count * 12)
    case 'MONTHS':
      return addMonths(instant, count)
    case 'WEEKS':
      return instant + count * 7 * 86_400_000
    case 'DAYS':
      return instant + count * 86_400_000
    case 'HOURS':
      return instant + count * 3_600_000
    case 'MINUTES':
      return instant + count * 60_000
    case 'SECONDS':
      return instant + count * 1000
    case 'MILLIS':
      return instant + count
  }
}

function addMonths(instant: number, months: number): number {
  const date = new Date(instant)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, last))
  return date.getTime()
}

const quoteRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

const invalid = (pattern: string, why: string): QueryError =>
  new QueryError('INVALID_TABLE_PROPERTY', `Invalid date format '${pattern}' of a projected partition key: ${why}`)
