/**
 * Regular expressions. Constant patterns that mean the same to the kernel's engine (RE2) run there; all others, and
 * malformed ones, which fail when they are reached, run in JavaScript (../computed/regexps.ts).
 */
import { QueryError } from '#src/common/errors'
import { type Type, varchar } from '#src/types/type'
import { isPlainPattern } from '../computed/regexp/plain-pattern.ts'
import { regexpProgram } from '../computed/regexps.ts'
import { scalar } from '../definition.ts'
import type { CallTypes, ScalarForm } from '../function.ts'
import { quote } from '../kernel-error.ts'
import { type RegexpPattern, translateRegexp, translateReplacement } from '../regexp-pattern.ts'
import { boundedVarchar } from '../varchar-bound.ts'
import { lambdaOf } from './array-lambda.ts'

/** The pattern in the kernel's syntax; undefined when its engine must not be used. */
function patternOf({ constants }: CallTypes, matchOnly = false): RegexpPattern | undefined {
  const pattern = constants[1]
  if (typeof pattern !== 'string') return undefined
  return unlessRefused(() => {
    regexpProgram(pattern)
    return isPlainPattern(pattern, matchOnly) ? translateRegexp(pattern, matchOnly) : undefined
  })
}

function unlessRefused<T>(translate: () => T): T | undefined {
  try {
    return translate()
  } catch (error) {
    if (error instanceof QueryError) return undefined
    throw error
  }
}

/** A pattern with `$` is right for texts that do not end in a newline. */
function guarded(value: string, pattern: RegexpPattern, sql: string, otherwise: string): string {
  return pattern.endsAtNewline ? `CASE WHEN ends_with(${value}, chr(10)) THEN ${otherwise} ELSE ${sql} END` : sql
}

function constantGroup(pattern: RegexpPattern, { constants }: CallTypes): number | undefined {
  const group = constants.length < 3 ? 0n : constants[2]
  return typeof group === 'bigint' && group >= 0n && group <= BigInt(pattern.groups.length) ? Number(group) : undefined
}

/** A group that took no part is NULL in Trino and empty in the kernel; undefined when the two cannot be told apart. */
function unmatchedIsNull(sql: string, pattern: RegexpPattern, number: number): string | undefined {
  const group = pattern.groups[number - 1]
  if (group === undefined || !group.optional) return sql
  return group.nullable ? undefined : `nullif(${sql}, '')`
}

const like: ScalarForm = ([value = '', text = ''], types) => {
  const pattern = patternOf(types, true)
  return pattern === undefined ? `weir_regexp_like(${value}, ${text})` : `regexp_matches(${value}, ${quote(pattern.text)})`
}

const FIRST_GROUP = 'CAST(0 AS BIGINT)'

const extract: ScalarForm = ([value = '', text = '', number = FIRST_GROUP], types) => {
  const computed = `weir_regexp_extract(${value}, ${text}, ${number})`
  const pattern = patternOf(types)
  const group = pattern && constantGroup(pattern, types)
  if (pattern === undefined || group === undefined) return computed
  const found = unmatchedIsNull(`regexp_extract(${value}, ${quote(pattern.text)}, ${group})`, pattern, group)
  if (found === undefined) return computed
  return guarded(value, pattern, `CASE WHEN regexp_matches(${value}, ${quote(pattern.text)}) THEN ${found} END`, computed)
}

const extractAll: ScalarForm = ([value = '', text = '', number = FIRST_GROUP], types) => {
  const computed = `weir_regexp_extract_all(${value}, ${text}, ${number})`
  const pattern = patternOf(types)
  const group = pattern && constantGroup(pattern, types)
  // Matches of nothing differ between the engines.
  if (pattern === undefined || group === undefined || pattern.nullable) return computed
  const item = unmatchedIsNull('x', pattern, group)
  if (item === undefined) return computed
  const all = `regexp_extract_all(${value}, ${quote(pattern.text)}, ${group})`
  return guarded(value, pattern, item === 'x' ? all : `list_transform(${all}, lambda x: ${item})`, computed)
}

const replace: ScalarForm = ([value = '', text = '', replacement = "''"], types) => {
  const computed = `weir_regexp_replace(${value}, ${text}, ${replacement})`
  const constant = types.constants.length < 3 ? '' : types.constants[2]
  const pattern = patternOf(types)
  if (pattern === undefined || pattern.nullable || typeof constant !== 'string') return computed
  const translated = unlessRefused(() => translateReplacement(constant, pattern.groups))
  if (translated === undefined) return computed
  return guarded(value, pattern, `regexp_replace(${value}, ${quote(pattern.text)}, ${quote(translated)}, 'g')`, computed)
}

/** What stands between the matches, and for each match what the lambda makes of its groups. */
const replaceByLambda: ScalarForm = ([value = '', text = ''], types) => {
  const { body, suffix } = lambdaOf(types, 2)
  const g = `g${suffix}`
  const made = `list_transform(weir_regexp_groups(${value}, ${text}), lambda ${g}: struct_pack(r := ${body([`CAST(CAST(${g} AS JSON) AS VARCHAR[])`])}))`
  return `weir_interleave(weir_regexp_split(${value}, ${text}), ${made})`
}

const split: ScalarForm = ([value = '', text = ''], types) => {
  const computed = `weir_regexp_split(${value}, ${text})`
  const pattern = patternOf(types)
  if (pattern === undefined || pattern.nullable) return computed
  return guarded(value, pattern, `regexp_split_to_array(${value}, ${quote(pattern.text)})`, computed)
}

const count: ScalarForm = ([value = '', text = ''], types) => {
  const computed = `weir_regexp_count(${value}, ${text})`
  const pattern = patternOf(types)
  if (pattern === undefined || pattern.nullable) return computed
  return guarded(value, pattern, `len(regexp_extract_all(${value}, ${quote(pattern.text)}))`, computed)
}

const ONE = 'CAST(1 AS BIGINT)'
const position: ScalarForm = ([value, text, start = ONE, occurrence = ONE]) =>
  `CAST(weir_regexp_position(${value}, ${text}, CAST(${start} AS BIGINT), CAST(${occurrence} AS BIGINT)) AS INTEGER)`

/** Trino's bound of a text whose matches are replaced. */
const replacedType = ([text, , replacement]: readonly Type[]) => {
  const length = text?.kind === 'varchar' ? text.length : undefined
  const inserted = replacement?.kind === 'varchar' ? replacement.length : undefined
  if (length === undefined || inserted === undefined) return varchar()
  return boundedVarchar(length + Math.max(Math.floor((length * inserted) / 2), inserted) * (length + 1))
}

/** A pattern is text of any length, or a char(n), whose padding belongs to it. */
const patterned = (...signatures: readonly string[]): string[] =>
  ['varchar', 'char(p)'].flatMap((type) => signatures.map((signature) => signature.replace('PATTERN', type)))

const byPattern =
  (form: ScalarForm): ScalarForm =>
  (args, types) => {
    const type = types.arguments[1]
    if (type?.kind !== 'char') return form(args, types)
    const [value = '', pattern = '', ...rest] = args
    const constants = types.constants.map((constant, index) => (index === 1 ? undefined : constant))
    return form([value, types.kernel.cast(pattern, type, varchar()), ...rest], { ...types, constants })
  }

export const regexpFunctions = [
  scalar(patterned('regexp_like(varchar(x), PATTERN) -> boolean'), 'Whether the pattern is in the text', byPattern(like)),
  scalar(
    patterned('regexp_extract(varchar(x), PATTERN) -> varchar(x)', 'regexp_extract(varchar(x), PATTERN, bigint) -> varchar(x)'),
    'First match, or one of its groups',
    byPattern(extract),
  ),
  scalar(
    patterned(
      'regexp_extract_all(varchar(x), PATTERN) -> array(varchar(x))',
      'regexp_extract_all(varchar(x), PATTERN, bigint) -> array(varchar(x))',
    ),
    'All matches, or one of their groups',
    byPattern(extractAll),
  ),
  scalar(patterned('regexp_replace(varchar(x), PATTERN) -> varchar(x)'), 'Removes all matches', byPattern(replace)),
  scalar(patterned('regexp_replace(varchar(x), PATTERN, varchar(y)) -> varchar(z)'), 'Replaces all matches', byPattern(replace), {
    resultType: replacedType,
  }),
  scalar(
    patterned('regexp_replace(varchar, PATTERN, function(array(varchar), varchar(x))) -> varchar'),
    'Replaces all matches by what a lambda makes of their groups',
    byPattern(replaceByLambda),
  ),
  scalar(patterned('regexp_split(varchar(x), PATTERN) -> array(varchar(x))'), 'Cuts at the matches', byPattern(split)),
  scalar(patterned('regexp_count(varchar(x), PATTERN) -> bigint'), 'Number of matches', byPattern(count)),
  scalar(
    patterned(
      'regexp_position(varchar(x), PATTERN) -> integer',
      'regexp_position(varchar(x), PATTERN, integer) -> integer',
      'regexp_position(varchar(x), PATTERN, integer, integer) -> integer',
    ),
    'Where the n-th match begins, or -1',
    byPattern(position),
  ),
].flat()
