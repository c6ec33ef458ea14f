/** Regular expressions. Patterns must be constants: they are translated and checked when the query is planned. */
import { QueryError } from '#src/common/errors'
import { scalar } from '../definition.ts'
import type { CallTypes, ScalarForm } from '../function.ts'
import { quote, raise } from '../kernel-error.ts'
import { type RegexpPattern, translateRegexp, translateReplacement } from '../regexp-pattern.ts'

/** The translated pattern; undefined when it is NULL. */
function patternOf(name: string, types: CallTypes, matchOnly = false): RegexpPattern | undefined {
  const pattern = types.constants[1]
  if (pattern === null) return undefined
  if (typeof pattern !== 'string') throw new QueryError('NOT_SUPPORTED', `${name} needs a constant pattern`, { at: types.at })
  return translateRegexp(pattern, matchOnly, types.at)
}

/** A pattern with `$` is right for texts that do not end in a newline. */
function guarded(value: string, pattern: RegexpPattern, sql: string): string {
  if (!pattern.endsAtNewline) return sql
  return `CASE WHEN ends_with(${value}, chr(10)) THEN ${raise('NOT_SUPPORTED', 'A regular expression with $ over a text that ends in a newline is not supported here')} ELSE ${sql} END`
}

/** Counting and splitting at matches of nothing differs between the two. */
function refuseNullable(name: string, pattern: RegexpPattern, { at }: CallTypes): void {
  if (pattern.nullable) throw new QueryError('NOT_SUPPORTED', `${name} with a pattern that matches the empty text is not supported`, { at })
}

function groupOf(name: string, pattern: RegexpPattern, { constants, at }: CallTypes): number {
  const group = constants.length < 3 ? 0n : constants[2]
  if (typeof group !== 'bigint') throw new QueryError('NOT_SUPPORTED', `${name} needs a constant group`, { at })
  if (group < 0n) throw new QueryError('INVALID_FUNCTION_ARGUMENT', 'Group cannot be negative', { at })
  if (group > BigInt(pattern.groups.length)) {
    throw new QueryError('INVALID_FUNCTION_ARGUMENT', `Pattern has ${pattern.groups.length} groups. Cannot access group ${group}`, { at })
  }
  return Number(group)
}

/** A group that took no part is NULL in Trino and empty in the kernel. */
function unmatchedIsNull(name: string, sql: string, pattern: RegexpPattern, number: number, { at }: CallTypes): string {
  const group = pattern.groups[number - 1]
  if (group === undefined || !group.optional) return sql
  if (group.nullable) throw new QueryError('NOT_SUPPORTED', `${name} of a group that may be left out or empty is not supported`, { at })
  return `nullif(${sql}, '')`
}

const NULL_TEXT = 'CAST(NULL AS VARCHAR)'

const extract: ScalarForm = ([value = ''], types) => {
  const pattern = patternOf('regexp_extract', types)
  if (pattern === undefined) return NULL_TEXT
  const group = groupOf('regexp_extract', pattern, types)
  const found = unmatchedIsNull('regexp_extract', `regexp_extract(${value}, ${quote(pattern.text)}, ${group})`, pattern, group, types)
  return guarded(value, pattern, `CASE WHEN regexp_matches(${value}, ${quote(pattern.text)}) THEN ${found} END`)
}

const extractAll: ScalarForm = ([value = ''], types) => {
  const pattern = patternOf('regexp_extract_all', types)
  if (pattern === undefined) return 'CAST(NULL AS VARCHAR[])'
  refuseNullable('regexp_extract_all', pattern, types)
  const group = groupOf('regexp_extract_all', pattern, types)
  const all = `regexp_extract_all(${value}, ${quote(pattern.text)}, ${group})`
  const item = unmatchedIsNull('regexp_extract_all', 'x', pattern, group, types)
  return guarded(value, pattern, item === 'x' ? all : `list_transform(${all}, lambda x: ${item})`)
}

const replace: ScalarForm = ([value = ''], types) => {
  const pattern = patternOf('regexp_replace', types)
  const replacement = types.constants.length < 3 ? '' : types.constants[2]
  if (pattern === undefined || replacement === null) return NULL_TEXT
  if (typeof replacement !== 'string')
    throw new QueryError('NOT_SUPPORTED', 'regexp_replace needs a constant replacement', { at: types.at })
  const text = translateReplacement(replacement, pattern.groups, types.at)
  return guarded(value, pattern, `regexp_replace(${value}, ${quote(pattern.text)}, ${quote(text)}, 'g')`)
}

export const regexpFunctions = [
  scalar('regexp_like(varchar(x), varchar) -> boolean', 'Whether the pattern is in the text', ([value], types) => {
    const pattern = patternOf('regexp_like', types, true)
    return pattern === undefined ? 'CAST(NULL AS BOOLEAN)' : `regexp_matches(${value}, ${quote(pattern.text)})`
  }),
  scalar(
    ['regexp_extract(varchar(x), varchar) -> varchar(x)', 'regexp_extract(varchar(x), varchar, bigint) -> varchar(x)'],
    'First match, or one of its groups',
    extract,
  ),
  scalar(
    [
      'regexp_extract_all(varchar(x), varchar) -> array(varchar(x))',
      'regexp_extract_all(varchar(x), varchar, bigint) -> array(varchar(x))',
    ],
    'All matches, or one of their groups',
    extractAll,
  ),
  scalar(
    ['regexp_replace(varchar(x), varchar) -> varchar(x)', 'regexp_replace(varchar(x), varchar, varchar) -> varchar'],
    'Replaces all matches',
    replace,
  ),
  scalar('regexp_split(varchar(x), varchar) -> array(varchar(x))', 'Cuts at the matches', ([value = ''], types) => {
    const pattern = patternOf('regexp_split', types)
    if (pattern === undefined) return 'CAST(NULL AS VARCHAR[])'
    refuseNullable('regexp_split', pattern, types)
    return guarded(value, pattern, `regexp_split_to_array(${value}, ${quote(pattern.text)})`)
  }),
  scalar('regexp_count(varchar(x), varchar) -> bigint', 'Number of matches', ([value = ''], types) => {
    const pattern = patternOf('regexp_count', types)
    if (pattern === undefined) return 'CAST(NULL AS BIGINT)'
    refuseNullable('regexp_count', pattern, types)
    return guarded(value, pattern, `len(regexp_extract_all(${value}, ${quote(pattern.text)}))`)
  }),
].flat()
