/** format_datetime: a moment by a pattern of Joda-Time, letter by letter. */
import { QueryError } from '#src/common/errors'
import { scalar } from '../definition.ts'
import type { CallTypes, ScalarForm } from '../function.ts'
import { quote, raise } from '../kernel-error.ts'
import { patternTokens } from '../pattern-tokens.ts'

const number = (value: string, digits: number) => `weir_padded(${value}, ${digits})`
const twoDigits = (value: string) => `weir_padded(abs(${value}) % 100, 2)`
/** Years of an era have no zero: 1 BC is the year 0. */
const YEAR_OF_ERA = 'CASE WHEN year(d.w) > 0 THEN year(d.w) ELSE 1 - year(d.w) END'

/**
 * The SQL of a run of letters over `d`: its wall time `w`, offset in seconds `s` and zone `z`. Undefined for letters that
 * Joda does not know.
 */
function lettersSql(letters: string, at: CallTypes['at']): string | undefined {
  const count = letters.length
  switch (letters[0]) {
    case 'G':
      return `CASE WHEN year(d.w) > 0 THEN 'AD' ELSE 'BC' END`
    case 'C':
      return number(`(${YEAR_OF_ERA}) // 100`, count)
    case 'Y':
      return count === 2 ? twoDigits(YEAR_OF_ERA) : number(YEAR_OF_ERA, count)
    case 'y':
      return count === 2 ? twoDigits('year(d.w)') : number('year(d.w)', count)
    case 'x':
      return count === 2 ? twoDigits('isoyear(d.w)') : number('isoyear(d.w)', count)
    case 'w':
      return number('weekofyear(d.w)', count)
    case 'e':
      return number('isodow(d.w)', count)
    case 'E':
      return `strftime(d.w, '${count >= 4 ? '%A' : '%a'}')`
    case 'D':
      return number('dayofyear(d.w)', count)
    case 'M':
      return count >= 3 ? `strftime(d.w, '${count >= 4 ? '%B' : '%b'}')` : number('month(d.w)', count)
    case 'd':
      return number('day(d.w)', count)
    case 'a':
      return `CASE WHEN hour(d.w) < 12 THEN 'AM' ELSE 'PM' END`
    case 'K':
      return number('hour(d.w) % 12', count)
    case 'h':
      return number('(hour(d.w) + 11) % 12 + 1', count)
    case 'H':
      return number('hour(d.w)', count)
    case 'k':
      return number('(hour(d.w) + 23) % 24 + 1', count)
    case 'm':
      return number('minute(d.w)', count)
    case 's':
      return number('second(d.w)', count)
    case 'S':
      return `rpad(left(strftime(d.w, '%g'), ${count}), ${count}, '0')`
    case 'Z':
      return count >= 3 ? 'd.z' : count === 2 ? 'weir_offset_clock(d.s)' : `replace(weir_offset_clock(d.s), ':', '')`
    case 'z':
      throw new QueryError('NOT_SUPPORTED', "A zone's name in words (z) is not supported in format_datetime", { at })
    default:
      return undefined
  }
}

const WITHOUT_ZONE = "format_datetime for TIMESTAMP type, cannot use 'Z' nor 'z' in format, as this type does not contain TZ information"

/** Patterns that are no constants are read for each row. */
function byColumn(value: string, pattern: string, types: CallTypes): string {
  const zoned = types.arguments[0]?.kind === 'timestamp with time zone'
  const micros = (moment: string) => `epoch_us(weir_round_ts(${moment}, 1000))`
  if (zoned) {
    return `weir_write_moment('joda', ${pattern}, ${micros(`weir_zoned_wall(${value})`)}, weir_offset_seconds(${value}), (${value}).z)`
  }
  const zoneLetter = `regexp_matches(regexp_replace(${pattern}, '''[^'']*''', '', 'g'), '[zZ]')`
  const written = `weir_write_moment('joda', ${pattern}, ${micros(value)}, CAST(0 AS BIGINT), '')`
  return `CASE WHEN ${value} IS NOT NULL AND ${zoneLetter} THEN CAST(${raise('INVALID_FUNCTION_ARGUMENT', WITHOUT_ZONE)} AS VARCHAR) ELSE ${written} END`
}

const formatted: ScalarForm = ([value = '', text = ''], types) => {
  const pattern = types.constants[1]
  if (pattern === null) return 'CAST(NULL AS VARCHAR)'
  const [type] = types.arguments
  if (typeof pattern !== 'string') return byColumn(value, `${text}`, types)
  const isZoned = type?.kind === 'timestamp with time zone'
  const failed = (sql: string) => `CASE WHEN ${value} IS NOT NULL THEN CAST(${sql} AS VARCHAR) END`
  const tokens = patternTokens(pattern)
  if (!isZoned && tokens.some((token) => 'letters' in token && /^z/i.test(token.letters))) {
    return failed(raise('INVALID_FUNCTION_ARGUMENT', WITHOUT_ZONE))
  }
  if (tokens.length === 0) return failed(raise('INVALID_FUNCTION_ARGUMENT', 'Invalid pattern specification'))
  const parts: string[] = []
  for (const token of tokens) {
    const sql = 'text' in token ? quote(token.text) : lettersSql(token.letters, types.at)
    if (sql === undefined) {
      const { letters } = token as { letters: string }
      return failed(raise('INVALID_FUNCTION_ARGUMENT', `Illegal pattern component: ${letters}`))
    }
    parts.push(sql)
  }
  // Milliseconds are the finest that is printed.
  const rounded = (moment: string) => ('precision' in (type ?? {}) ? `weir_round_ts(${moment}, 1000)` : moment)
  const moment = isZoned
    ? `struct_pack(w := ${rounded(`weir_zoned_wall(${value})`)}, s := weir_offset_seconds(${value}), z := (${value}).z)`
    : `struct_pack(w := ${rounded(value)}, s := 0, z := '')`
  return `list_transform([${moment}], lambda d: CASE WHEN d.w IS NOT NULL THEN ${parts.join(' || ')} END)[1]`
}

export const jodaFormatFunctions = scalar(
  ['format_datetime(timestamp(p), varchar(x)) -> varchar', 'format_datetime(timestamp(p) with time zone, varchar(x)) -> varchar'],
  "Text by Joda's format",
  formatted,
)
