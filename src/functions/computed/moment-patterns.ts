/**
 * Times written and read by patterns that are no constants or that the kernel reads otherwise: those of Joda-Time, and
 * MySQL's, which Trino translates to Joda's elements.
 */
import { normalizeZone } from '#src/types/zone'
import { type PatternToken, patternTokens } from '../pattern-tokens.ts'
import { computed, fail } from './computed-function.ts'
import { DAY, type FieldName, millisOf, partsOf, timeOfFields } from './local-time.ts'

type Element =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'number'; readonly field: FieldName; readonly digits: number; readonly most: number; readonly signed: boolean }
  | { readonly kind: 'name'; readonly field: 'month' | 'weekday' | 'halfDay' | 'era'; readonly long: boolean }
  | { readonly kind: 'fraction'; readonly digits: number; readonly most: number }
  | {
      readonly kind: 'two-digit year'
      readonly field: 'year' | 'yearOfEra' | 'weekYear'
      readonly pivot: number
      readonly lenient: boolean
    }
  | { readonly kind: 'offset'; readonly colon: boolean }
  | { readonly kind: 'zone' }
  | { readonly kind: 'zone in words'; readonly long: boolean }

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December']
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']
const NAMES = {
  month: { long: MONTHS, short: MONTHS.map((name) => name.slice(0, 3)), first: 1 },
  weekday: { long: DAYS, short: DAYS.map((name) => name.slice(0, 3)), first: 1 },
  halfDay: { long: ['AM', 'PM'], short: ['AM', 'PM'], first: 0 },
  era: { long: ['BC', 'AD'], short: ['BC', 'AD'], first: 0 },
}

const number = (field: FieldName, digits: number, most: number, signed = false): Element => ({
  kind: 'number',
  field,
  digits,
  most,
  signed,
})
const text = (value: string): Element => ({ kind: 'text', text: value })

// ---------------------------------------------------------------- MySQL's patterns

/** Two digits of a year are of 1970 to 2069. */
const MYSQL_PIVOT = 2020
const NO_ELEMENTS = 'Both printing and parsing not supported'
const REFUSED = 'wUuVXD'

function mysqlLetter(letter: string): readonly Element[] {
  switch (letter) {
    case 'a':
    case 'W':
      return [{ kind: 'name', field: 'weekday', long: letter === 'W' }]
    case 'b':
    case 'M':
      return [{ kind: 'name', field: 'month', long: letter === 'M' }]
    case 'c':
    case 'm':
      return [number('month', letter === 'c' ? 1 : 2, 2)]
    case 'd':
    case 'e':
      return [number('day', letter === 'e' ? 1 : 2, 2)]
    case 'f':
      return [{ kind: 'fraction', digits: 6, most: 9 }]
    case 'H':
    case 'k':
      return [number('hour', letter === 'k' ? 1 : 2, 2)]
    case 'h':
    case 'I':
    case 'l':
      return [number('clockOfHalfDay', letter === 'l' ? 1 : 2, 2)]
    case 'i':
      return [number('minute', 2, 2)]
    case 'j':
      return [number('dayOfYear', 3, 3)]
    case 'p':
      return [{ kind: 'name', field: 'halfDay', long: true }]
    case 'r':
      return [...mysqlElements('%h:%i:%s %p')]
    case 'S':
    case 's':
      return [number('second', 2, 2)]
    case 'T':
      return [...mysqlElements('%H:%i:%s')]
    case 'v':
      return [number('week', 2, 2)]
    case 'x':
      return [number('weekYear', 4, 4, true)]
    case 'Y':
      return [number('year', 4, 4, true)]
    case 'y':
      return [{ kind: 'two-digit year', field: 'year', pivot: MYSQL_PIVOT, lenient: false }]
    default:
      if (REFUSED.includes(letter)) fail(`%${letter} not supported in date format string`)
      return [text(letter)]
  }
}

function mysqlElements(pattern: string): readonly Element[] {
  const elements = [...pattern.matchAll(/%(.?)|[^%]+/gsu)].flatMap(([whole, letter]) =>
    letter === undefined ? [text(whole)] : letter === '' ? [] : mysqlLetter(letter),
  )
  if (elements.length === 0) fail(NO_ELEMENTS)
  return elements
}

// ---------------------------------------------------------------- Joda's patterns

const SHORT_NUMBERS: Readonly<Record<string, readonly [field: FieldName, most: number]>> = {
  d: ['day', 2],
  h: ['clockOfHalfDay', 2],
  H: ['hour', 2],
  k: ['clockOfDay', 2],
  K: ['hourOfHalfDay', 2],
  m: ['minute', 2],
  s: ['second', 2],
  e: ['weekday', 1],
  D: ['dayOfYear', 3],
  w: ['week', 2],
}
const YEARS: Readonly<Record<string, 'year' | 'yearOfEra' | 'weekYear'>> = { y: 'year', Y: 'yearOfEra', x: 'weekYear' }

const isNumeric = (token: PatternToken | undefined): boolean =>
  token !== undefined && 'letters' in token && (/^[CyYxdhHkKmsSewD]/.test(token.letters) || /^MM?$/.test(token.letters))

function jodaLetters(letters: string, next: PatternToken | undefined): Element {
  const count = letters.length
  const letter = letters[0] as string
  const short = SHORT_NUMBERS[letter]
  if (short !== undefined) return number(short[0], count, short[1])
  const year = YEARS[letter]
  if (year !== undefined) {
    // Years are of the last fifty and the next fifty, thirty years ago.
    if (count === 2) return { kind: 'two-digit year', field: year, pivot: new Date().getUTCFullYear() - 30, lenient: !isNumeric(next) }
    return number(year, count, isNumeric(next) ? count : 9, year !== 'yearOfEra')
  }
  switch (letter) {
    case 'G':
      return { kind: 'name', field: 'era', long: true }
    case 'C':
      return number('century', count, count, true)
    case 'M':
      return count >= 3 ? { kind: 'name', field: 'month', long: count >= 4 } : number('month', count, 2)
    case 'E':
      return { kind: 'name', field: 'weekday', long: count >= 4 }
    case 'a':
      return { kind: 'name', field: 'halfDay', long: true }
    case 'S':
      return { kind: 'fraction', digits: count, most: count }
    case 'Z':
      return count >= 3 ? { kind: 'zone' } : { kind: 'offset', colon: count === 2 }
    case 'z':
      return { kind: 'zone in words', long: count >= 4 }
    default:
      return fail(`Illegal pattern component: ${letters}`)
  }
}

function jodaElements(pattern: string): readonly Element[] {
  const tokens = patternTokens(pattern)
  if (tokens.length === 0) fail('Invalid pattern specification')
  return tokens.map((token, index) => ('text' in token ? text(token.text) : jodaLetters(token.letters, tokens[index + 1])))
}

const known = new Map<string, readonly Element[]>()
const MOST_KNOWN = 1000

function elementsOf(dialect: string, pattern: string): readonly Element[] {
  const key = `${dialect} ${pattern}`
  const found = known.get(key)
  if (found !== undefined) return found
  const elements = dialect === 'mysql' ? mysqlElements(pattern) : jodaElements(pattern)
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(key, elements)
  return elements
}

// ---------------------------------------------------------------- writing

interface Moment {
  readonly time: number
  readonly offsetSeconds: number
  readonly zone: string
}

const padded = (value: number, digits: number): string => `${value < 0 ? '-' : ''}${String(Math.abs(value)).padStart(digits, '0')}`

function numberOf(field: FieldName, time: number): number {
  const parts = partsOf(time)
  const ofDay = time - Math.floor(time / DAY) * DAY
  const hour = Math.floor(ofDay / 3_600_000)
  switch (field) {
    case 'year':
      return parts.year
    case 'yearOfEra':
      return parts.year > 0 ? parts.year : 1 - parts.year
    case 'century':
      return Math.floor((parts.year > 0 ? parts.year : 1 - parts.year) / 100)
    case 'weekYear':
    case 'month':
    case 'day':
    case 'dayOfYear':
    case 'week':
    case 'weekday':
      return parts[field]
    case 'halfDay':
      return hour < 12 ? 0 : 1
    case 'hourOfHalfDay':
      return hour % 12
    case 'clockOfHalfDay':
      return ((hour + 11) % 12) + 1
    case 'hour':
      return hour
    case 'clockOfDay':
      return ((hour + 23) % 24) + 1
    case 'minute':
      return Math.floor(ofDay / 60_000) % 60
    case 'second':
      return Math.floor(ofDay / 1000) % 60
    case 'millis':
      return ofDay % 1000
  }
}

function written(element: Element, { time, offsetSeconds, zone }: Moment): string {
  switch (element.kind) {
    case 'text':
      return element.text
    case 'number':
      return padded(numberOf(element.field, time), element.digits)
    case 'name': {
      const { long, short, first } = NAMES[element.field]
      const value = element.field === 'era' ? Number(partsOf(time).year > 0) : numberOf(element.field, time)
      return (element.long ? long : short)[value - first] as string
    }
    case 'fraction':
      return String(numberOf('millis', time)).padStart(3, '0').padEnd(element.digits, '0').slice(0, element.digits)
    case 'two-digit year':
      return String(Math.abs(numberOf(element.field, time)) % 100).padStart(2, '0')
    case 'offset': {
      const minutes = Math.floor(Math.abs(offsetSeconds) / 60)
      const clock = [Math.floor(minutes / 60), minutes % 60].map((part) => String(part).padStart(2, '0'))
      return `${offsetSeconds < 0 ? '-' : '+'}${clock.join(element.colon ? ':' : '')}`
    }
    case 'zone':
      return zone
    case 'zone in words':
      return zoneInWords()
  }
}

const write = (dialect: string, pattern: string, moment: Moment): string =>
  elementsOf(dialect, pattern)
    .map((element) => written(element, moment))
    .join('')

/** Java's names depend on its locale data. */
const zoneInWords = (): never => fail("A zone's name in words (z) is not supported", 'NOT_SUPPORTED')

// ---------------------------------------------------------------- reading

/** The names that Joda-Time reads when it is told no others. Summer time or not is the date's. */
const ZONES_IN_WORDS: ReadonlyMap<string, string> = new Map([
  ['UTC', 'UTC'],
  ['UT', 'UTC'],
  ['GMT', 'UTC'],
  ['EST', 'America/New_York'],
  ['EDT', 'America/New_York'],
  ['CST', 'America/Chicago'],
  ['CDT', 'America/Chicago'],
  ['MST', 'America/Denver'],
  ['MDT', 'America/Denver'],
  ['PST', 'America/Los_Angeles'],
  ['PDT', 'America/Los_Angeles'],
])

interface Read {
  readonly time: number
  readonly zone: string | undefined
}

/** Joda's message names where the text stops to fit. */
function malformed(source: string, at: number): never {
  if (at >= source.length) return fail(`Invalid format: "${source}" is too short`)
  return fail(at === 0 ? `Invalid format: "${source}"` : `Invalid format: "${source}" is malformed at "${source.slice(at)}"`)
}

function read(dialect: string, pattern: string, source: string): Read {
  const fields: { name: FieldName; value: number }[] = []
  let era: number | undefined
  let zone: string | undefined
  let at = 0
  for (const element of elementsOf(dialect, pattern)) {
    const rest = source.slice(at)
    switch (element.kind) {
      case 'text':
        if (rest.slice(0, element.text.length).toLowerCase() !== element.text.toLowerCase()) malformed(source, at)
        at += element.text.length
        break
      case 'number': {
        const match = new RegExp(`^${element.signed ? '[+-]?' : ''}\\d{1,${element.most}}`).exec(rest)
        if (match === null) return malformed(source, at)
        fields.push({ name: element.field, value: Number(match[0]) })
        at += match[0].length
        break
      }
      case 'name': {
        const { long, short, first } = NAMES[element.field]
        const names = [...long, ...short].flatMap((name, index) => {
          const value = (index % long.length) + first
          return [name, name.toLowerCase(), name.toUpperCase()].map((written) => ({ written, value }))
        })
        const match = names.filter((name) => rest.startsWith(name.written)).sort((a, b) => b.written.length - a.written.length)[0]
        if (match === undefined) return malformed(source, at)
        if (element.field === 'era') era = match.value
        else fields.push({ name: element.field, value: match.value })
        at += match.written.length
        break
      }
      case 'fraction': {
        const match = new RegExp(`^\\d{1,${element.most}}`).exec(rest)
        if (match === null) return malformed(source, at)
        fields.push({ name: 'millis', value: Number(match[0].slice(0, 3).padEnd(3, '0')) })
        at += match[0].length
        break
      }
      case 'two-digit year': {
        const match = (element.lenient ? /^[+-]?\d+/ : /^\d\d/).exec(rest)
        if (match === null) return malformed(source, at)
        const value = Number(match[0])
        fields.push({ name: element.field, value: /^\d\d$/.test(match[0]) ? nearYear(value, element.pivot) : value })
        at += match[0].length
        break
      }
      case 'offset': {
        const match = /^[+-]\d\d(?::?\d\d(?::?\d\d)?)?/.exec(rest)
        if (match === null) return malformed(source, at)
        const [, sign, hours, minutes = '00', seconds = '00'] = /^([+-])(\d\d):?(\d\d)?:?(\d\d)?/.exec(match[0]) as RegExpExecArray
        zone = normalizeZone(`${sign}${hours}:${minutes}`)
        if (zone === undefined || seconds !== '00') return fail(`Time zone not supported: ${match[0]}`, 'NOT_SUPPORTED')
        at += match[0].length
        break
      }
      case 'zone': {
        const longest = /^(?:[A-Za-z][A-Za-z0-9_+/-]*|[+-]\d\d:?\d\d)/.exec(rest)?.[0] ?? ''
        const ends = Array.from({ length: longest.length }, (_, index) => longest.slice(0, longest.length - index))
        const name = ends.find((text) => normalizeZone(text) !== undefined)
        if (name === undefined) return malformed(source, at)
        zone = normalizeZone(name)
        at += name.length
        break
      }
      case 'zone in words': {
        if (element.long) return zoneInWords()
        const name = [...ZONES_IN_WORDS.keys()].find((word) => rest.startsWith(word))
        if (name === undefined) return malformed(source, at)
        zone = ZONES_IN_WORDS.get(name)
        at += name.length
        break
      }
    }
  }
  if (at < source.length) malformed(source, at)
  const dated = era === undefined ? fields : inEra(fields, era)
  const time = timeOfFields(dated)
  if (time === undefined) return fail(`Cannot parse "${source}": a value is out of its range`)
  return { time, zone }
}

/** The year that ends so, from fifty years before the pivot on. */
function nearYear(value: number, pivot: number): number {
  const low = pivot - 50
  const end = low % 100
  return value + low + (value < end ? 100 : 0) - end
}

/** Years before Christ count back from 0. */
const inEra = (fields: readonly { name: FieldName; value: number }[], era: number) =>
  fields.map((entry) => (entry.name === 'yearOfEra' && era === 0 ? { name: 'year' as const, value: 1 - entry.value } : entry))

export const MOMENT_PATTERNS = [
  computed(
    'weir_write_moment',
    ['VARCHAR', 'VARCHAR', 'BIGINT', 'BIGINT', 'VARCHAR'],
    'VARCHAR',
    (dialect, pattern, micros, seconds, zone) => write(dialect, pattern, { time: millisOf(micros), offsetSeconds: Number(seconds), zone }),
  ),
  computed('weir_read_local', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'BIGINT', (dialect, pattern, source) => {
    return BigInt(read(dialect, pattern, source).time) * 1000n
  }),
  computed(
    'weir_read_zone',
    ['VARCHAR', 'VARCHAR', 'VARCHAR'],
    'VARCHAR',
    (dialect, pattern, source) => read(dialect, pattern, source).zone ?? '',
  ),
]
