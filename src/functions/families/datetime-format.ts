/** Formatting and parsing of times by patterns: MySQL's in date_format and date_parse, Joda's in format_datetime and parse_datetime. */
import { normalizeZone } from '#src/types/zone'
import { scalar } from '../definition.ts'
import type { ScalarForm } from '../function.ts'
import { quote, raise } from '../kernel-error.ts'
import { patternTokens } from '../pattern-tokens.ts'

/** MySQL's letters as the kernel's. */
const MYSQL: ReadonlyMap<string, string> = new Map([
  ['a', '%a'],
  ['b', '%b'],
  ['c', '%-m'],
  ['d', '%d'],
  ['e', '%-d'],
  ['f', '%f'],
  ['H', '%H'],
  ['h', '%I'],
  ['I', '%I'],
  ['i', '%M'],
  ['j', '%j'],
  ['k', '%-H'],
  ['l', '%-I'],
  ['M', '%B'],
  ['m', '%m'],
  ['p', '%p'],
  ['r', '%I:%M:%S %p'],
  ['S', '%S'],
  ['s', '%S'],
  ['T', '%H:%M:%S'],
  ['v', '%V'],
  ['W', '%A'],
  ['x', '%G'],
  ['Y', '%Y'],
  ['y', '%y'],
  ['%', '%%'],
])
/** MySQL's letters that Trino refuses as well. */
const REFUSED_LETTERS = new Set(['D', 'U', 'u', 'V', 'w', 'X'])

function mysqlPattern(pattern: string): string {
  let text = ''
  const characters = [...pattern]
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] as string
    if (character !== '%') {
      text += character
      continue
    }
    const letter = characters[++index]
    if (letter === undefined) return text
    text += MYSQL.get(letter) ?? letter
  }
  return text
}

/** Joda's letters of the patterns that the kernel reads (`isPlainJoda`), with or without leading zeros. */
const JODA: Readonly<Record<string, string>> = { y: '%Y', Y: '%Y', M: '%m', d: '%d', H: '%H', m: '%M', s: '%S' }

function jodaPattern(pattern: string): string {
  return patternTokens(pattern)
    .map((token) => {
      if ('text' in token) return token.text.replaceAll('%', '%%')
      const { letters } = token
      return JODA[letters[0] as string] ?? (letters.length === 3 ? '%g' : '%f')
    })
    .join('')
}

/** date_format, to milliseconds as in Trino. */
const formatted: ScalarForm = ([value = '', text], types) => {
  const pattern = types.constants[1]
  if (pattern === null) return 'CAST(NULL AS VARCHAR)'
  if (typeof pattern !== 'string') {
    const moment = types.arguments[0]?.kind === 'timestamp with time zone' ? `weir_zoned_wall(${value})` : value
    return `weir_write_moment('mysql', ${text}, epoch_us(weir_round_ts(${moment}, 1000)), CAST(0 AS BIGINT), '')`
  }
  const failure = patternFailure(pattern)
  if (failure !== undefined) return `CASE WHEN ${value} IS NOT NULL THEN CAST(${failure} AS VARCHAR) END`
  const [type] = types.arguments
  const wall = type?.kind === 'timestamp with time zone' ? `weir_zoned_wall(${value})` : value
  const isFine = type !== undefined && 'precision' in type && type.precision > 3
  const moment = isFine ? `weir_round_ts(${wall}, 1000)` : wall
  const format = mysqlPattern(pattern)
  const written = `strftime(${moment}, ${quote(format)})`
  if (!format.includes('%G')) return written
  // The kernel has years of weeks of four digits only.
  return `CASE WHEN ${moment} < TIMESTAMP '0001-01-08' OR ${moment} >= TIMESTAMP '9999-12-25' THEN weir_write_moment('mysql', ${text}, epoch_us(${moment}), CAST(0 AS BIGINT), '') ELSE ${written} END`
}

/** The error of a pattern that MySQL has and Trino refuses when it is used. */
function patternFailure(pattern: string): string | undefined {
  if (pattern === '' || pattern === '%') return raise('INVALID_FUNCTION_ARGUMENT', 'Both printing and parsing not supported')
  for (const [, letter = ''] of pattern.matchAll(/%(.)/gs)) {
    if (REFUSED_LETTERS.has(letter)) return raise('INVALID_FUNCTION_ARGUMENT', `%${letter} not supported in date format string`)
  }
  return undefined
}

const SPACE = ' \\t\\n\\v\\f\\r'

/**
 * Reads a timestamp to milliseconds. The kernel skips spaces that the pattern does not have; what it does not read is read
 * again as Joda does, which also tells what is wrong.
 */
function parsed(value: string, pattern: string, dialect: 'mysql' | 'joda', written: string): string {
  const spaces = quote(pattern.replace(new RegExp(`[^${SPACE}]+`, 'g'), 'x'))
  // The kernel takes these words whatever the pattern is.
  const attempt = `CASE WHEN lower(${value}) NOT IN ('epoch', 'infinity', '-infinity') THEN try_strptime(${value}, ${quote(pattern)}) END`
  const spaced = `CASE WHEN regexp_replace(${value}, '[^${SPACE}]+', 'x', 'g') = ${spaces} THEN ${attempt} END`
  return `coalesce(weir_trunc_ts(${spaced}, 1000), make_timestamp(weir_read_local('${dialect}', ${written}, ${value})))`
}

/** A pattern that ends with a zone: an offset (Z, ZZ) or a name (ZZZ), which the result keeps. */
function parsedWithZone(value: string, [, before = '', blank = '', letters = '']: RegExpExecArray): string {
  const form = letters.length === 3 ? '[A-Za-z][A-Za-z0-9_+/-]*' : 'Z|[+-]\\d\\d:?\\d\\d'
  const zone = `weir_zone_name(regexp_replace(regexp_extract(${value}, '(${form})$', 1), '^([+-]\\d\\d)(\\d\\d)$', '\\1:\\2'))`
  const rest = `regexp_replace(${value}, '${blank}(?:${form})$', '')`
  const local = parsed(rest, jodaPattern(before), 'joda', quote(before))
  return `CASE WHEN regexp_matches(${value}, '${blank}(?:${form})$') THEN weir_parsed_zoned(${local}, ${zone}, ${value}) WHEN ${value} IS NOT NULL THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Invalid format: "' || ${value} || '"') END`
}

/** Patterns of numbers for a whole date and what is finer, which the kernel reads as Joda does. */
const isPlainMysql = (pattern: string): boolean =>
  /%Y/.test(pattern) &&
  /%[mc]/.test(pattern) &&
  /%[de]/.test(pattern) &&
  !/%[^YmcdeHkiSsfT%]/.test(pattern) &&
  !/%%/.test(pattern) &&
  patternFailure(pattern) === undefined

/** The same of Joda's letters, with a zone at the end. */
function isPlainJoda(pattern: string): boolean {
  const letters = patternTokens(pattern.replace(/ ?Z{1,3}$/, '')).flatMap((token) => ('letters' in token ? [token.letters] : []))
  const has = (letter: RegExp) => letters.some((run) => letter.test(run))
  return has(/^[yY]{4}$/) && has(/^MM?$/) && has(/^dd?$/) && letters.every((run) => /^(?:[yY]{4}|MM?|dd?|HH?|mm?|ss?|S{3}|S{6})$/.test(run))
}

function readWithZone(value: string, pattern: string, session: string): string {
  const zone = `coalesce(nullif(weir_read_zone('joda', ${pattern}, ${value}), ''), ${session})`
  const local = `make_timestamp(weir_read_local('joda', ${pattern}, ${value}))`
  const read = `struct_pack(l := ${local}, z := ${zone})`
  return `list_transform([${read}], lambda m: weir_parsed_zoned(m.l, m.z, ${value}))[1]`
}

export const datetimeFormatFunctions = [
  scalar(
    ['date_format(timestamp(p), varchar(x)) -> varchar', 'date_format(timestamp(p) with time zone, varchar(x)) -> varchar'],
    "Text by MySQL's format",
    formatted,
  ),
  scalar('date_parse(varchar(x), varchar(y)) -> timestamp(3)', "Time of a text by MySQL's format", ([value = '', text], types) => {
    const pattern = types.constants[1]
    if (pattern === null) return 'CAST(NULL AS TIMESTAMP)'
    if (typeof pattern !== 'string' || !isPlainMysql(pattern)) return `make_timestamp(weir_read_local('mysql', ${text}, ${value}))`
    return parsed(value, mysqlPattern(pattern).replaceAll('%-', '%'), 'mysql', quote(pattern))
  }),
  scalar(
    'parse_datetime(varchar(x), varchar(y)) -> timestamp(3) with time zone',
    "Time of a text by Joda's format",
    ([value = '', text = ''], types) => {
      const pattern = types.constants[1]
      if (pattern === null) return `CAST(NULL AS ${types.kernel.stored(types.result)})`
      const zone = quote(normalizeZone(types.zone) ?? types.zone)
      if (typeof pattern !== 'string' || !isPlainJoda(pattern)) return readWithZone(value, text, zone)
      const offset = /^([^zZ]*?)( ?)(Z{1,3})$/.exec(pattern)
      if (offset !== null) return parsedWithZone(value, offset)
      return `weir_parsed_zoned(${parsed(value, jodaPattern(pattern), 'joda', text)}, ${zone}, ${value})`
    },
  ),
].flat()
