/** Regular expressions that the kernel's own engine has not, or takes otherwise. */
import { QueryError } from '#src/common/errors'
import { computed, fail } from './computed-function.ts'
import { type Match, search, width } from './regexp/match.ts'
import { parsePattern } from './regexp/parse-pattern.ts'
import { compilePattern, type Program } from './regexp/program.ts'

const KEPT_PROGRAMS = 256
const programs = new Map<string, Program | QueryError>()

/** Throws INVALID_FUNCTION_ARGUMENT for a malformed pattern. */
export function regexpProgram(pattern: string): Program {
  let program = programs.get(pattern)
  if (program === undefined) {
    program = tryCompile(pattern)
    if (programs.size >= KEPT_PROGRAMS) programs.clear()
    programs.set(pattern, program)
  }
  if (program instanceof QueryError) throw program
  return program
}

function tryCompile(pattern: string): Program | QueryError {
  try {
    return compilePattern(parsePattern(pattern))
  } catch (error) {
    if (error instanceof QueryError) return error
    throw error
  }
}

/** All matches from the left; one of nothing is followed by a search behind the next character. */
function* matches(program: Program, text: string, from = 0): Generator<Match> {
  let next = from
  while (next <= text.length) {
    const match = search(program, text, next)
    if (match === undefined) return
    yield match
    const end = match[1] as number
    next = end === match[0] ? end + width(text, end) : end
  }
}

const group = (text: string, match: Match, index: number): string | null => {
  const from = match[2 * index] as number
  return from < 0 ? null : text.slice(from, match[2 * index + 1])
}

function checkGroup(program: Program, index: bigint): number {
  if (index < 0n) fail('Group cannot be negative')
  if (index > BigInt(program.groups)) fail(`Pattern has ${program.groups} groups. Cannot access group ${index}`)
  return Number(index)
}

function replace(text: string, pattern: string, replacement: string): string {
  const program = regexpProgram(pattern)
  let result = ''
  let last = 0
  for (const match of matches(program, text)) {
    result += text.slice(last, match[0]) + expand(replacement, program, text, match)
    last = match[1] as number
  }
  return result + text.slice(last)
}

/** Java's replacement: `$1` or `${name}` is a group, a backslash makes the next character itself. */
function expand(replacement: string, program: Program, text: string, match: Match): string {
  let result = ''
  for (let at = 0; at < replacement.length; ) {
    const character = replacement[at] as string
    if (character === '\\') {
      if (at + 1 >= replacement.length) fail(`Illegal replacement sequence: ${replacement}`)
      const next = replacement.slice(at + 1, at + 1 + width(replacement, at + 1))
      result += next
      at += 1 + next.length
    } else if (character === '$') {
      const named = /^\$\{([^}]*)\}/.exec(replacement.slice(at))
      if (named !== null) {
        const numbers = program.names.get(named[1] as string)
        if (numbers === undefined) fail(`Illegal replacement sequence: unknown group { ${named[1]} }`)
        for (const number of numbers) result += group(text, match, number) ?? ''
        at += named[0].length
        continue
      }
      const digit = /^\$(\d)/.exec(replacement.slice(at))?.[1]
      if (digit === undefined) fail(`Illegal replacement sequence: ${replacement}`)
      let number = Number(digit)
      if (number > program.groups) fail(`Illegal replacement sequence: unknown group ${number}`)
      at += 2
      // As many digits belong to the number as name a group.
      while (/\d/.test(replacement[at] ?? '') && number * 10 + Number(replacement[at]) <= program.groups)
        number = number * 10 + Number(replacement[at++])
      result += group(text, match, number) ?? ''
    } else {
      result += character
      at++
    }
  }
  return result
}

function split(text: string, pattern: string): string[] {
  const parts: string[] = []
  let last = 0
  for (const match of matches(regexpProgram(pattern), text)) {
    parts.push(text.slice(last, match[0]))
    last = match[1] as number
  }
  return [...parts, text.slice(last)]
}

function position(text: string, pattern: string, start: bigint, occurrence: bigint): bigint {
  if (start < 1n) fail('start position cannot be smaller than 1')
  if (occurrence < 1n) fail('occurrence cannot be smaller than 1')
  const program = regexpProgram(pattern)
  let from = 0
  for (let skipped = 1n; skipped < start && from < text.length; skipped++) from += width(text, from)
  // A start behind the last character finds nothing, not even nothing.
  if (from >= text.length) return -1n
  let missing = occurrence
  for (const match of matches(program, text, from)) if (--missing === 0n) return BigInt([...text.slice(0, match[0])].length + 1)
  return -1n
}

export const REGEXPS = [
  computed('weir_regexp_like', ['VARCHAR', 'VARCHAR'], 'BOOLEAN', (text, pattern) => search(regexpProgram(pattern), text, 0) !== undefined),
  computed('weir_regexp_count', ['VARCHAR', 'VARCHAR'], 'BIGINT', (text, pattern) => {
    let count = 0n
    for (const _ of matches(regexpProgram(pattern), text)) count++
    return count
  }),
  computed('weir_regexp_extract', ['VARCHAR', 'VARCHAR', 'BIGINT'], 'VARCHAR', (text, pattern, number) => {
    const program = regexpProgram(pattern)
    const index = checkGroup(program, number)
    const match = search(program, text, 0)
    return match === undefined ? null : group(text, match, index)
  }),
  computed('weir_regexp_extract_all', ['VARCHAR', 'VARCHAR', 'BIGINT'], 'VARCHAR[]', (text, pattern, number) => {
    const program = regexpProgram(pattern)
    const index = checkGroup(program, number)
    return [...matches(program, text)].map((match) => group(text, match, index))
  }),
  computed('weir_regexp_replace', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', replace),
  computed('weir_regexp_split', ['VARCHAR', 'VARCHAR'], 'VARCHAR[]', split),
  computed('weir_regexp_position', ['VARCHAR', 'VARCHAR', 'BIGINT', 'BIGINT'], 'BIGINT', position),
  // The groups of each match as a JSON array, for a lambda to replace.
  computed('weir_regexp_groups', ['VARCHAR', 'VARCHAR'], 'VARCHAR[]', (text, pattern) => {
    const program = regexpProgram(pattern)
    return [...matches(program, text)].map((match) =>
      JSON.stringify(Array.from({ length: program.groups }, (_, index) => group(text, match, index + 1))),
    )
  }),
]
