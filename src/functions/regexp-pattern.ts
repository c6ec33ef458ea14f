/**
 * Java's regular expressions as the kernel's (RE2), where both mean the same. What RE2 has not (look-around, back
 * references, possessive quantifiers, atomic groups) or takes otherwise is refused.
 *
 * | Java      | kernel                        |                                                      |
 * | --------- | ----------------------------- | ---------------------------------------------------- |
 * | (?<n>…)   | (?P<n>…)                      |                                                      |
 * | $ and \Z  | (?:\n?\z), or \z              | Java's also match before a final newline             |
 * | \s \S     | [\t\n\x0B\f\r ] and its rest  | RE2's lack the vertical tab                          |
 * | \uXXXX    | \x{XXXX}                      |                                                      |
 */
import { type Position, QueryError } from '#src/common/errors'

export interface RegexpGroup {
  readonly name: string | undefined
  /** Some match of the whole may leave it out. */
  readonly optional: boolean
  /** It can match nothing. */
  readonly nullable: boolean
}

export interface RegexpPattern {
  readonly text: string
  /** By number, from 1. */
  readonly groups: readonly RegexpGroup[]
  /** It can match nothing. */
  readonly nullable: boolean
  /** It has a `$`, printed as the very end: texts that end in a newline need another way. */
  readonly endsAtNewline: boolean
}

interface OpenGroup {
  readonly index: number | undefined
  readonly start: number
  /** An alternation inside makes what is in it optional. */
  hasAlternatives: boolean
  readonly members: number[]
}

const SPACE_CLASS = '\\t\\n\\x0B\\f\\r '
const MAX_REPETITION = 1000

/**
 * @param wholeEnd print `$` as `(?:\n?\z)`, which eats the newline: for matching only
 * @throws NOT_SUPPORTED naming the construct, INVALID_FUNCTION_ARGUMENT for a malformed pattern
 */
export function translateRegexp(pattern: string, wholeEnd: boolean, at?: Position): RegexpPattern {
  const refuse = (what: string): never => {
    throw new QueryError('NOT_SUPPORTED', `Regular expressions with ${what} are not supported`, { at })
  }
  const groups: { name: string | undefined; optional: boolean; source: string }[] = []
  const stack: OpenGroup[] = [{ index: undefined, start: 0, hasAlternatives: false, members: [] }]
  const finished: { members: readonly number[]; end: number }[] = []
  let text = ''
  let endsAtNewline = false
  let index = 0

  const end = () => {
    endsAtNewline = true
    text += wholeEnd ? '(?:\\n?\\z)' : '\\z'
  }
  const escapeSequence = () => {
    const letter = pattern[index + 1]
    if (letter === undefined) throw new QueryError('INVALID_FUNCTION_ARGUMENT', `Invalid regular expression: ${pattern}`, { at })
    index += 2
    if (/[1-9]/.test(letter) || letter === 'k') refuse('back references')
    if (letter === 'Z') end()
    else if (letter === 's') text += `[${SPACE_CLASS}]`
    else if (letter === 'S') text += `[^${SPACE_CLASS}]`
    else if (letter === 'u') text += unicodeEscape()
    else if (letter === 'Q') {
      const close = pattern.indexOf('\\E', index)
      const literal = pattern.slice(index, close < 0 ? undefined : close)
      text += literal.replace(/[\\^$.|?*+()[\]{}]/g, '\\$&')
      index = close < 0 ? pattern.length : close + 2
    } else if (letter === 'p' || letter === 'P') text += property(letter)
    else if (/[A-Za-z0-9]/.test(letter) && !/[dDwWbBAztnrfax]/.test(letter)) refuse(`\\${letter}`)
    else text += `\\${letter}`
  }
  const unicodeEscape = () => {
    const digits = /^[0-9A-Fa-f]{4}/.exec(pattern.slice(index))?.[0] ?? refuse('this \\u escape')
    index += 4
    return `\\x{${digits}}`
  }
  const property = (letter: string) => {
    const match = /^(?:\{([A-Z][a-z]?)\}|([A-Z]))/.exec(pattern.slice(index)) ?? refuse('this character property')
    index += match[0].length
    return `\\${letter}{${match[1] ?? match[2]}}`
  }
  const characterClass = () => {
    text += '['
    index++
    if (pattern[index] === '^') {
      text += '^'
      index++
    }
    const first = index
    while (pattern[index] !== ']' || index === first) {
      const character = pattern[index]
      if (character === undefined) throw new QueryError('INVALID_FUNCTION_ARGUMENT', `Invalid regular expression: ${pattern}`, { at })
      if (character === '[' || (character === ']' && index === first) || pattern.startsWith('&&', index))
        refuse('nested or combined character classes')
      if (character !== '\\') {
        text += character
        index++
        continue
      }
      const letter = pattern[index + 1]
      if (letter === 's') {
        text += SPACE_CLASS
        index += 2
      } else if (letter === 'S' || letter === 'Q' || letter === 'b') refuse(`\\${letter} in a character class`)
      else escapeSequence()
    }
    text += ']'
    index++
  }
  const openGroup = () => {
    const special = /^\(\?(<([A-Za-z][A-Za-z0-9]*)>|:|[imsU-]*[:)]|<?[=!]|>|.)/.exec(pattern.slice(index))
    if (special === null) {
      stack.push({
        index: groups.push({ name: undefined, optional: false, source: '' }) - 1,
        start: index + 1,
        hasAlternatives: false,
        members: [],
      })
      text += '('
      index++
      return
    }
    const kind = special[1] ?? ''
    if (/^<?[=!]/.test(kind)) refuse('look-around')
    if (kind === '>') refuse('atomic groups')
    if (special[2] !== undefined) {
      stack.push({
        index: groups.push({ name: special[2], optional: false, source: '' }) - 1,
        start: index + special[0].length,
        hasAlternatives: false,
        members: [],
      })
      text += `(?P<${special[2]}>`
    } else if (/^[ims]*(?:-[ims]+)?[:)]$/.test(kind)) {
      if (kind.includes('m')) refuse('the multi-line flag')
      text += special[0]
      if (kind.endsWith(':')) stack.push({ index: undefined, start: index, hasAlternatives: false, members: [] })
    } else refuse('this group')
    index += special[0].length
  }
  const closeGroup = () => {
    const group = stack.pop()
    const outer = stack.at(-1)
    if (group === undefined || outer === undefined)
      throw new QueryError('INVALID_FUNCTION_ARGUMENT', `Invalid regular expression: ${pattern}`, { at })
    if (group.hasAlternatives) for (const member of group.members) markOptional(member)
    const members = group.index === undefined ? group.members : [group.index, ...group.members]
    const own = group.index === undefined ? undefined : groups[group.index]
    if (own !== undefined) own.source = pattern.slice(group.start, index)
    outer.members.push(...members)
    text += ')'
    index++
    finished.push({ members, end: index })
  }
  const markOptional = (member: number) => {
    const group = groups[member]
    if (group !== undefined) group.optional = true
  }
  const quantifier = (length: number, least: number) => {
    const last = finished.at(-1)
    if (least === 0 && last !== undefined && last.end === index) for (const member of last.members) markOptional(member)
    text += pattern.slice(index, index + length)
    index += length
    if (pattern[index] === '+') refuse('possessive quantifiers')
    if (pattern[index] === '?') {
      text += '?'
      index++
    }
  }

  while (index < pattern.length) {
    const character = pattern[index] as string
    const repetition = /^\{(\d+)(?:,(\d*))?\}/.exec(pattern.slice(index))
    if (character === '\\') escapeSequence()
    else if (character === '[') characterClass()
    else if (character === '(') openGroup()
    else if (character === ')') closeGroup()
    else if (character === '$') {
      end()
      index++
    } else if (character === '|') {
      const open = stack.at(-1)
      if (open !== undefined) open.hasAlternatives = true
      text += '|'
      index++
    } else if (character === '*' || character === '?') quantifier(1, 0)
    else if (character === '+') quantifier(1, 1)
    else if (repetition !== null) {
      if (Math.max(Number(repetition[1]), Number(repetition[2] || 0)) > MAX_REPETITION) refuse(`more than ${MAX_REPETITION} repetitions`)
      quantifier(repetition[0].length, Number(repetition[1]))
    } else if (character === '{') refuse('a brace that is no quantifier')
    else {
      text += character
      index++
    }
  }
  const outermost = stack[0] as OpenGroup
  if (stack.length !== 1) throw new QueryError('INVALID_FUNCTION_ARGUMENT', `Invalid regular expression: ${pattern}`, { at })
  if (outermost.hasAlternatives) for (const member of outermost.members) markOptional(member)
  return {
    text,
    groups: groups.map(({ name, optional, source }) => ({ name, optional, nullable: matchesNothing(source) })),
    nullable: matchesNothing(pattern),
    endsAtNewline,
  }
}

/** Whether it matches the empty text; taken to be so when JavaScript cannot read it. */
function matchesNothing(source: string): boolean {
  try {
    const flags = /^\(\?[a-z]+\)/.exec(source)?.[0] ?? ''
    return new RegExp(`^(?:${source.slice(flags.length)})$`, 'u').test('')
  } catch {
    return true
  }
}

/** Java's replacement ($1, ${name}, \$) as the kernel's (\1, \\). */
export function translateReplacement(replacement: string, groups: readonly RegexpGroup[], at?: Position): string {
  let text = ''
  let index = 0
  const invalid = (message: string): never => {
    throw new QueryError('INVALID_FUNCTION_ARGUMENT', message, { at })
  }
  while (index < replacement.length) {
    const character = replacement[index] as string
    if (character === '\\') {
      const next = replacement[index + 1] ?? invalid('Illegal replacement sequence: character to be escaped is missing')
      text += next === '\\' ? '\\\\' : next
      index += 2
      continue
    }
    if (character !== '$') {
      text += character
      index++
      continue
    }
    const named = /^\$\{([A-Za-z][A-Za-z0-9]*)\}/.exec(replacement.slice(index))
    if (named !== null) {
      const number = groups.findIndex((group) => group.name === named[1]) + 1
      if (number === 0) invalid(`Illegal replacement sequence: unknown group { ${named[1]} }`)
      text += groupReference(number, at)
      index += named[0].length
      continue
    }
    let number = Number(/^\$(\d)/.exec(replacement.slice(index))?.[1] ?? invalid(`Illegal replacement sequence: ${replacement}`))
    index += 2
    if (number > groups.length) invalid(`Illegal replacement sequence: unknown group ${number}`)
    // As many digits belong to the number as name a group.
    while (/\d/.test(replacement[index] ?? '') && number * 10 + Number(replacement[index]) <= groups.length) {
      number = number * 10 + Number(replacement[index++])
    }
    text += groupReference(number, at)
  }
  return text
}

function groupReference(number: number, at: Position | undefined): string {
  if (number > 9) throw new QueryError('NOT_SUPPORTED', 'Replacements with more than 9 groups are not supported', { at })
  return `\\${number}`
}
