/** Formatting and parsing of times by patterns: MySQL's in date_format and date_parse, Joda's in format_datetime and parse_datetime. */
import { QueryError } from '#src/common/errors'
import { normalizeZone } from '#src/types/zone'
import { scalar } from '../definition.ts'
import type { CallTypes, ScalarForm } from '../function.ts'
import { quote, raise } from '../kernel-error.ts'
import { patternTokens } from './joda-format.ts'

/** MySQL's letters as the kernel's; undefined in `parse` where the kernel reads them otherwise than Joda. */
const MYSQL: ReadonlyMap<string, { readonly format: string; readonly parse: string | undefined }> = new Map([
  ['a', { format: '%a', parse: '%a' }],
  ['b', { format: '%b', parse: '%b' }],
  ['c', { format: '%-m', parse: '%m' }],
  ['d', { format: '%d', parse: '%d' }],
  ['e', { format: '%-d', parse: '%d' }],
  ['f', { format: '%f', parse: '%f' }],
  ['H', { format: '%H', parse: '%H' }],
  ['h', { format: '%I', parse: '%I' }],
  ['I', { format: '%I', parse: '%I' }],
  ['i', { format: '%M', parse: '%M' }],
  ['j', { format: '%j', parse: '%j' }],
  ['k', { format: '%-H', parse: '%H' }],
  ['l', { format: '%-I', parse: '%I' }],
  ['M', { format: '%B', parse: '%B' }],
  ['m', { format: '%m', parse: '%m' }],
  ['p', { format: '%p', parse: '%p' }],
  ['r', { format: '%I:%M:%S %p', parse: '%I:%M:%S %p' }],
  ['S', { format: '%S', parse: '%S' }],
  ['s', { format: '%S', parse: '%S' }],
  ['T', { format: '%H:%M:%S', parse: '%H:%M:%S' }],
  ['v', { format: '%V', parse: undefined }],
  ['W', { format: '%A', parse: '%A' }],
  ['x', { format: '%G', parse: undefined }],
  ['Y', { format: '%Y', parse: '%Y' }],
  ['y', { format: '%y', parse: '%y' }],
  ['%', { format: '%%', parse: '%%' }],
])
/** MySQL's letters that Trino refuses as well. */
const REFUSED_LETTERS = new Set(['D', 'U', 'u', 'V', 'w', 'X'])

function constantPattern(name: string, { constants, at }: CallTypes): string | null {
  const pattern = constants[1]
  if (pattern === null) return null
  if (typeof pattern !== 'string') throw new QueryError('NOT_SUPPORTED', `${name} needs a constant format`, { at })
  return pattern
}

function mysqlPattern(pattern: string, purpose: 'format' | 'parse', at: CallTypes['at']): string {
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
    const known = MYSQL.get(letter)
    if (known === undefined) text += letter
    else if (known[purpose] === undefined) throw new QueryError('NOT_SUPPORTED', `%${letter} is not supported in date_parse`, { at })
    else text += known[purpose]
  }
  return text
}

/** Joda's letters by their count, as parse_datetime reads them; the last entry holds for more. */
const JODA: Readonly<Record<string, readonly string[]>> = {
  y: ['%Y', '%y', '%Y', '%Y'],
  Y: ['%Y', '%y', '%Y', '%Y'],
  M: ['%-m', '%m', '%b', '%B'],
  d: ['%-d', '%d'],
  H: ['%-H', '%H'],
  h: ['%-I', '%I'],
  m: ['%-M', '%M'],
  s: ['%-S', '%S'],
  E: ['%a', '%a', '%a', '%A'],
  a: ['%p'],
  D: ['%-j', '%-j', '%j'],
}

function jodaPattern(pattern: string, name: string, at: CallTypes['at']): string {
  let text = ''
  for (const token of patternTokens(pattern)) {
    if ('text' in token) {
      text += token.text.replaceAll('%', '%%')
      continue
    }
    const { letters } = token
    if (/^S+$/.test(letters) && (letters.length === 3 || letters.length === 6)) text += letters.length === 3 ? '%g' : '%f'
    else {
      const forms = JODA[letters[0] as string]
      const form = forms?.[Math.min(letters.length, forms.length) - 1]
      if (form === undefined) throw new QueryError('NOT_SUPPORTED', `The letters ${letters} are not supported in ${name}`, { at })
      text += form
    }
  }
  return text
}

/** date_format, to milliseconds as in Trino. */
const formatted: ScalarForm = ([value = ''], types) => {
  const pattern = constantPattern('date_format', types)
  if (pattern === null) return 'CAST(NULL AS VARCHAR)'
  const failure = patternFailure(pattern)
  if (failure !== undefined) return `CASE WHEN ${value} IS NOT NULL THEN CAST(${failure} AS VARCHAR) END`
  const [type] = types.arguments
  const wall = type?.kind === 'timestamp with time zone' ? `weir_zoned_wall(${value})` : value
  const isFine = type !== undefined && 'precision' in type && type.precision > 3
  return `strftime(${isFine ? `weir_round_ts(${wall}, 1000)` : wall}, ${quote(mysqlPattern(pattern, 'format', types.at))})`
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
const WEEKDAY = /%[aA]/

/**
 * Reads a timestamp to milliseconds. A pattern without a year means 1970 (the kernel's default is 1900), and two digits
 * of a year lie from 1970 to 2069. The kernel skips spaces that the pattern does not have, and weekdays without a look.
 */
function parsed(name: string, value: string, pattern: string, at: CallTypes['at']): string {
  if (WEEKDAY.test(pattern) && !(/^%[aA](?!.*%[aA])/.test(pattern) && /%[dj]/.test(pattern)))
    throw new QueryError('NOT_SUPPORTED', `A weekday is supported in ${name} only before the day that it falls on`, { at })
  const hasYear = /%[Yy]/.test(pattern)
  const text = hasYear ? value : `'1970 ' || ${value}`
  const read = `try_strptime(${text}, ${quote(hasYear ? pattern : `%Y ${pattern}`)})`
  // The kernel takes these words whatever the pattern is.
  const attempt = `CASE WHEN lower(${text}) NOT IN ('epoch', 'infinity', '-infinity') THEN ${read} END`
  const dated = /%y/.test(pattern)
    ? `list_transform([${attempt}], lambda r: CASE WHEN year(r) = 1969 THEN r + to_years(100) ELSE r END)[1]`
    : attempt
  const spaces = quote(pattern.replace(new RegExp(`[^${SPACE}]+`, 'g'), 'x'))
  const spaced = `CASE WHEN regexp_replace(${value}, '[^${SPACE}]+', 'x', 'g') = ${spaces} THEN ${dated} END`
  const sound = WEEKDAY.test(pattern)
    ? `list_transform([${spaced}], lambda r: CASE WHEN lower(left(${value}, 3)) <> lower(strftime(r, '%a')) THEN ${raise('NOT_SUPPORTED', 'A weekday that is not that of its date is not supported')} ELSE r END)[1]`
    : spaced
  return `coalesce(weir_trunc_ts(${sound}, 1000), CASE WHEN ${value} IS NOT NULL THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Invalid format: "' || ${value} || '"') END)`
}

/** A pattern that ends with a zone: an offset (Z, ZZ) or a name (ZZZ), which the result keeps. */
function parsedWithZone(value: string, [, before = '', blank = '', letters = '']: RegExpExecArray, at: CallTypes['at']): string {
  const form = letters.length === 3 ? '[A-Za-z][A-Za-z0-9_+/-]*' : 'Z|[+-]\\d\\d:?\\d\\d'
  const zone = `weir_zone_name(regexp_replace(regexp_extract(${value}, '(${form})$', 1), '^([+-]\\d\\d)(\\d\\d)$', '\\1:\\2'))`
  const rest = `regexp_replace(${value}, '${blank}(?:${form})$', '')`
  const local = parsed('parse_datetime', rest, jodaPattern(before, 'parse_datetime', at).replace(/%-/g, '%'), at)
  return `CASE WHEN regexp_matches(${value}, '${blank}(?:${form})$') THEN weir_zoned(weir_instant(${local}, ${zone}), ${zone}) WHEN ${value} IS NOT NULL THEN error('WEIR|INVALID_FUNCTION_ARGUMENT|Invalid format: "' || ${value} || '"') END`
}

export const datetimeFormatFunctions = [
  scalar(
    ['date_format(timestamp(p), varchar(x)) -> varchar', 'date_format(timestamp(p) with time zone, varchar(x)) -> varchar'],
    "Text by MySQL's format",
    formatted,
  ),
  scalar('date_parse(varchar(x), varchar(y)) -> timestamp(3)', "Time of a text by MySQL's format", ([value = ''], types) => {
    const pattern = constantPattern('date_parse', types)
    if (pattern === null) return 'CAST(NULL AS TIMESTAMP)'
    const failure = patternFailure(pattern)
    if (failure !== undefined) return `CASE WHEN ${value} IS NOT NULL THEN CAST(${failure} AS TIMESTAMP) END`
    return parsed('date_parse', value, mysqlPattern(pattern, 'parse', types.at), types.at)
  }),
  scalar(
    'parse_datetime(varchar(x), varchar(y)) -> timestamp(3) with time zone',
    "Time of a text by Joda's format",
    ([value = ''], types) => {
      const pattern = constantPattern('parse_datetime', types)
      if (pattern === null) return `CAST(NULL AS ${types.kernel.stored(types.result)})`
      const zone = quote(normalizeZone(types.zone) ?? types.zone)
      const offset = /^([^zZ]*?)( ?)(Z{1,3})$/.exec(pattern)
      if (offset !== null) return parsedWithZone(value, offset, types.at)
      // Numbers are read with or without leading zeros.
      return `weir_zoned(weir_instant(${parsed('parse_datetime', value, jodaPattern(pattern, 'parse_datetime', types.at).replace(/%-/g, '%'), types.at)}, ${zone}), ${zone})`
    },
  ),
].flat()
