/**
 * Reads Trino's regular expressions: Java's syntax as its Joni library has it.
 *
 * Beside Java: \h \R \X \N and other unknown escapes are the letter itself, \v is the vertical tab, `.` leaves out \n only,
 * flags are i m s x, `(?i)` reaches over the alternatives behind it, a brace that is no quantifier is itself.
 */
import { fail } from '../computed-function.ts'
import {
  ANY,
  charSet,
  DIGITS,
  foldCase,
  foldedSet,
  intersectionSet,
  NOT_NEWLINE,
  negatedSet,
  posixSet,
  propertySet,
  rangeSet,
  SPACES,
  unionSet,
  WORDS,
} from './char-set.ts'
import type { CharSet, ParsedPattern, PatternNode, RepeatMode } from './pattern.ts'

interface Flags {
  readonly ignoreCase: boolean
  readonly multiLine: boolean
  readonly dotAll: boolean
  readonly extended: boolean
}

const MAX_REPEAT = 100_000
const MAX_DEPTH = 4_096
const EMPTY: PatternNode = { kind: 'sequence', items: [] }

/** Throws INVALID_FUNCTION_ARGUMENT for a malformed pattern. */
export function parsePattern(pattern: string): ParsedPattern {
  return new PatternParser(pattern).parse()
}

class PatternParser {
  readonly #text: readonly string[]
  #at = 0
  #groups = 0
  #depth = 0
  readonly #names = new Map<string, number[]>()
  readonly #references: { readonly name: string; readonly groups: number[] }[] = []
  readonly #groupCount: number

  constructor(pattern: string) {
    this.#text = [...pattern]
    this.#groupCount = countGroups(pattern)
  }

  parse(): ParsedPattern {
    const root = this.#alternatives({ ignoreCase: false, multiLine: false, dotAll: false, extended: false })
    if (this.#at < this.#text.length) fail('unmatched close parenthesis')
    for (const { name, groups } of this.#references) {
      const found = this.#names.get(name)
      if (found === undefined) fail(`undefined name <${name}> reference`)
      groups.push(...found)
    }
    return { root, groups: this.#groups, names: this.#names }
  }

  #peek(text: string): boolean {
    for (let index = 0; index < text.length; index++) if (this.#text[this.#at + index] !== text[index]) return false
    return true
  }

  #take(text: string): boolean {
    if (!this.#peek(text)) return false
    this.#at += text.length
    return true
  }

  /** Up to the end or the ')' that closes what stands around it. */
  #alternatives(flags: Flags): PatternNode {
    if (++this.#depth > MAX_DEPTH) fail('too deep nest level')
    const branches: PatternNode[] = []
    let items: PatternNode[] = []
    while (this.#at < this.#text.length && !this.#peek(')')) {
      if (this.#take('|')) {
        branches.push(sequence(items))
        items = []
        continue
      }
      const item = this.#term(flags)
      if (item !== undefined) items.push(item)
    }
    this.#depth--
    branches.push(sequence(items))
    return branches.length === 1 ? (branches[0] as PatternNode) : { kind: 'choice', branches }
  }

  /** An atom with its quantifiers; undefined for what is no part of the pattern. */
  #term(flags: Flags): PatternNode | undefined {
    if (flags.extended) {
      if (/^[ \t\n\r\f\v]$/.test(this.#text[this.#at] ?? '')) {
        this.#at++
        return undefined
      }
      if (this.#take('#')) {
        while (this.#at < this.#text.length && this.#text[this.#at] !== '\n') this.#at++
        return undefined
      }
    }
    if (this.#peek('\\Q')) return this.#quoted(flags)
    let node = this.#atom(flags)
    if (node === undefined) return undefined
    for (;;) {
      if (flags.extended) while (/^[ \t\n\r\f\v]$/.test(this.#text[this.#at] ?? '')) this.#at++
      const quantified = this.#quantifier(node)
      if (quantified === undefined) return node
      node = quantified
    }
  }

  #quoted(flags: Flags): PatternNode {
    this.#at += 2
    const items: PatternNode[] = []
    while (this.#at < this.#text.length && !this.#take('\\E')) items.push(this.#literal(this.#text[this.#at++] as string, flags))
    const last = items.pop()
    if (last === undefined) return EMPTY
    return sequence([...items, this.#quantifier(last) ?? last])
  }

  #quantifier(body: PatternNode): PatternNode | undefined {
    const range = this.#repetition()
    if (range === undefined) return undefined
    let mode: RepeatMode = 'greedy'
    if (this.#take('?')) mode = 'lazy'
    else if (this.#take('+')) mode = 'possessive'
    return { kind: 'repeat', body, ...range, mode }
  }

  #repetition(): { min: number; max: number } | undefined {
    if (this.#take('*')) return { min: 0, max: Number.POSITIVE_INFINITY }
    if (this.#take('+')) return { min: 1, max: Number.POSITIVE_INFINITY }
    if (this.#take('?')) return { min: 0, max: 1 }
    if (!this.#peek('{')) return undefined
    const match = /^\{(\d+)(?:(,)(\d*))?\}/.exec(this.#text.slice(this.#at, this.#at + 32).join(''))
    if (match === null) return undefined
    this.#at += match[0].length
    const min = Number(match[1])
    const max = match[2] === undefined ? min : match[3] === '' ? Number.POSITIVE_INFINITY : Number(match[3])
    if (min > MAX_REPEAT || (Number.isFinite(max) && max > MAX_REPEAT)) fail('too big number for repeat range')
    if (min > max) fail('upper is smaller than lower in repeat range')
    return { min, max }
  }

  #atom(flags: Flags): PatternNode | undefined {
    const character = this.#text[this.#at] as string
    switch (character) {
      case '(':
        return this.#group(flags)
      case '[':
        this.#at++
        return { kind: 'set', set: this.#class(flags) }
      case '.':
        this.#at++
        return { kind: 'set', set: flags.dotAll ? ANY : NOT_NEWLINE }
      case '^':
        this.#at++
        return { kind: 'assert', what: flags.multiLine ? 'line-begin' : 'begin' }
      case '$':
        this.#at++
        return { kind: 'assert', what: flags.multiLine ? 'line-end' : 'end' }
      case '\\':
        return this.#escape(flags)
      case '*':
      case '+':
      case '?':
        return fail('target of repeat operator is not specified')
      default:
        this.#at++
        return this.#literal(character, flags)
    }
  }

  #literal(character: string, flags: Flags): PatternNode {
    return { kind: 'char', code: character.codePointAt(0) as number, fold: flags.ignoreCase }
  }

  #group(flags: Flags): PatternNode | undefined {
    this.#at++
    if (!this.#take('?')) return this.#capture(flags)
    if (this.#take('#')) {
      while (this.#at < this.#text.length && this.#text[this.#at] !== ')') this.#at++
      if (!this.#take(')')) fail('end pattern in group')
      return undefined
    }
    if (this.#take(':')) return this.#closed(this.#alternatives(flags))
    if (this.#take('>')) return { kind: 'atomic', body: this.#closed(this.#alternatives(flags)) }
    if (this.#take('=')) return { kind: 'look', behind: false, negated: false, body: this.#closed(this.#alternatives(flags)) }
    if (this.#take('!')) return { kind: 'look', behind: false, negated: true, body: this.#closed(this.#alternatives(flags)) }
    if (this.#take('<=')) return { kind: 'look', behind: true, negated: false, body: this.#closed(this.#alternatives(flags)) }
    if (this.#take('<!')) return { kind: 'look', behind: true, negated: true, body: this.#closed(this.#alternatives(flags)) }
    if (this.#take('<')) return this.#named(flags)
    return this.#flags(flags)
  }

  #capture(flags: Flags): PatternNode {
    const index = ++this.#groups
    return { kind: 'group', index, body: this.#closed(this.#alternatives(flags)) }
  }

  #named(flags: Flags): PatternNode {
    const name = this.#name('>')
    const numbers = this.#names.get(name)
    if (numbers === undefined) this.#names.set(name, [this.#groups + 1])
    else numbers.push(this.#groups + 1)
    return this.#capture(flags)
  }

  #name(end: string): string {
    const close = this.#text.indexOf(end, this.#at)
    if (close < 0) fail('invalid group name <>')
    const name = this.#text.slice(this.#at, close).join('')
    if (name === '') fail('group name is empty')
    if (!/^[\p{L}\p{M}\p{Pc}]/u.test(name) || /[)]/.test(name)) fail(`invalid group name <${name}>`)
    this.#at = close + 1
    return name
  }

  #flags(flags: Flags): PatternNode {
    const changed = { ...flags }
    let on = true
    for (;;) {
      const letter = this.#text[this.#at++]
      if (letter === '-') on = false
      else if (letter === 'i') changed.ignoreCase = on
      else if (letter === 'm') changed.multiLine = on
      else if (letter === 's') changed.dotAll = on
      else if (letter === 'x') changed.extended = on
      else if (letter === ':') return this.#closed(this.#alternatives(changed))
      // What follows, with its alternatives, is inside.
      else if (letter === ')') return this.#alternatives(changed)
      else if (letter === undefined) fail('end pattern in group')
      else fail('undefined group option')
    }
  }

  #closed(body: PatternNode): PatternNode {
    if (!this.#take(')')) fail('end pattern with unmatched parenthesis')
    return body
  }

  #escape(flags: Flags): PatternNode {
    this.#at++
    const letter = this.#text[this.#at]
    if (letter === undefined) fail('end pattern at escape')
    const next = (node: PatternNode) => {
      this.#at++
      return node
    }
    switch (letter) {
      case 'A':
        return next({ kind: 'assert', what: 'begin' })
      case 'Z':
        return next({ kind: 'assert', what: 'end' })
      case 'z':
        return next({ kind: 'assert', what: 'very-end' })
      case 'G':
        return next({ kind: 'assert', what: 'search-start' })
      case 'b':
        return next({ kind: 'assert', what: 'word' })
      case 'B':
        return next({ kind: 'assert', what: 'not-word' })
      case 'k':
        if (this.#text[this.#at + 1] === '<') {
          this.#at += 2
          const groups: number[] = []
          this.#references.push({ name: this.#name('>'), groups })
          return { kind: 'reference', groups, fold: flags.ignoreCase }
        }
        break
    }
    const set = this.#setEscape()
    if (set !== undefined) return { kind: 'set', set }
    const reference = this.#backReference()
    if (reference !== undefined) return { kind: 'reference', groups: [reference], fold: flags.ignoreCase }
    return { kind: 'char', code: this.#codeEscape(false), fold: flags.ignoreCase }
  }

  /** `\1` … : a group's number, or an octal code when there are fewer groups and it has more than one digit. */
  #backReference(): number | undefined {
    const digits = /^[1-9]\d*/.exec(this.#text.slice(this.#at, this.#at + 8).join(''))?.[0]
    if (digits === undefined) return undefined
    const number = Number(digits)
    if (number > this.#groupCount && number > 9) return undefined
    if (number > this.#groupCount) fail('invalid backref number/name')
    this.#at += digits.length
    return number
  }

  /** \d \w \s \p and their opposites. */
  #setEscape(): CharSet | undefined {
    const letter = this.#text[this.#at]
    const sets: Readonly<Record<string, CharSet>> = { d: DIGITS, w: WORDS, s: SPACES }
    const set = sets[letter?.toLowerCase() ?? '']
    if (set !== undefined) {
      this.#at++
      return letter === letter?.toLowerCase() ? set : negatedSet(set)
    }
    if (letter !== 'p' && letter !== 'P') return undefined
    const rest = this.#text.slice(this.#at + 1, this.#at + 64).join('')
    const match = /^(?:\{([^}]*)\}|([A-Z]))/.exec(rest)
    if (match === null) return undefined
    this.#at += 1 + [...match[0]].length
    const property = propertySet(match[1] ?? match[2] ?? '')
    return letter === 'p' ? property : negatedSet(property)
  }

  /** An escape that stands for one character. */
  #codeEscape(inClass: boolean): number {
    const letter = this.#text[this.#at++] as string
    const rest = this.#text.slice(this.#at, this.#at + 12).join('')
    const take = (match: RegExpExecArray | null, radix: number, otherwise: number): number => {
      if (match === null) return otherwise
      this.#at += match[0].length
      return Number.parseInt(match[1] as string, radix)
    }
    const controls: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, f: 12, a: 7, e: 27, v: 11 }
    const control = controls[letter]
    if (control !== undefined) return control
    switch (letter) {
      case 'b':
        return inClass ? 8 : 0x62
      case 'c': {
        const of = this.#text[this.#at++]
        if (of === undefined) fail('end pattern at control')
        return of === '?' ? 0x7f : (of.codePointAt(0) as number) & 0x9f
      }
      case 'x': {
        const braced = /^\{([0-9A-Fa-f]{1,8})\}/.exec(rest)
        const code = braced !== null ? take(braced, 16, 0) : take(/^([0-9A-Fa-f]{1,2})/.exec(rest), 16, 0)
        if (code > 0x10ffff) fail('too big wide-char value')
        return code
      }
      case 'u': {
        const match = /^([0-9A-Fa-f]{4})/.exec(rest)
        if (match === null) fail('too short escape sequence')
        return take(match, 16, 0)
      }
      case '0':
        return take(/^([0-7]{1,2})/.exec(rest), 8, 0)
    }
    if (/[1-7]/.test(letter)) {
      this.#at--
      return take(/^([0-7]{1,3})/.exec(letter + rest), 8, 0)
    }
    return letter.codePointAt(0) as number
  }

  /** Behind the '['. */
  #class(flags: Flags): CharSet {
    if (++this.#depth > MAX_DEPTH) fail('too deep nest level')
    const negated = this.#take('^')
    const sets: CharSet[] = []
    const operands: CharSet[] = []
    const literal = new Set<number>()
    const first = this.#at
    const close = () => {
      const members = [...sets]
      if (literal.size > 0) {
        const codes = new Set(literal)
        members.push(charSet((code) => codes.has(code)))
      }
      const set = unionSet(members)
      sets.length = 0
      literal.clear()
      return set
    }
    for (;;) {
      if (this.#at >= this.#text.length) fail('premature end of char-class')
      // A ']' at the start is itself where another one closes the class.
      if (this.#peek(']') && !(this.#at === first && this.#text.indexOf(']', this.#at + 1) >= 0)) break
      if (this.#take('&&')) {
        operands.push(close())
        continue
      }
      const posix = /^\[:(\^?)([a-zA-Z]+):\]/.exec(this.#text.slice(this.#at, this.#at + 24).join(''))
      if (posix !== null) {
        const set = posixSet(posix[2] as string)
        if (set !== undefined) {
          this.#at += posix[0].length
          sets.push(posix[1] === '^' ? negatedSet(set) : set)
          continue
        }
      }
      if (this.#take('[')) {
        sets.push(this.#class(flags))
        continue
      }
      if (this.#take('\\Q')) {
        while (this.#at < this.#text.length && !this.#take('\\E')) literal.add((this.#text[this.#at++] as string).codePointAt(0) as number)
        continue
      }
      const member = this.#member()
      if (typeof member !== 'number') sets.push(member)
      else {
        const range = this.#rangeEnd(member)
        if (range === undefined) literal.add(member)
        else sets.push(range)
      }
    }
    this.#at++
    this.#depth--
    operands.push(close())
    const set = operands.length === 1 ? (operands[0] as CharSet) : intersectionSet(operands)
    const folded = flags.ignoreCase ? foldedSet(set) : set
    return negated ? negatedSet(folded) : folded
  }

  #member(): number | CharSet {
    const character = this.#text[this.#at] as string
    if (character !== '\\') {
      this.#at++
      return character.codePointAt(0) as number
    }
    this.#at++
    if (this.#at >= this.#text.length) fail('end pattern at escape')
    return this.#setEscape() ?? this.#codeEscape(true)
  }

  /** The range that begins with `low`, where a '-' and its end follow. */
  #rangeEnd(low: number): CharSet | undefined {
    const after = this.#text[this.#at + 1]
    if (!this.#peek('-') || after === undefined || after === ']' || after === '[' || (after === '&' && this.#text[this.#at + 2] === '&'))
      return undefined
    this.#at++
    const high = this.#member()
    if (typeof high !== 'number') fail('char-class value at end of range')
    if (high < low) fail('empty range in char class')
    return rangeSet(low, high)
  }
}

/** Foldings to several characters: a text in a pattern that ignores case stands for its ligature as well, and the reverse. */
const LIGATURES: readonly (readonly [ligature: string, letters: string])[] = [
  ['\ufb03', 'ffi'],
  ['\ufb04', 'ffl'],
  ['\ufb00', 'ff'],
  ['\ufb01', 'fi'],
  ['\ufb02', 'fl'],
  ['\ufb06', 'st'],
  ['\u00df', 'ss'],
]

function sequence(written: readonly PatternNode[]): PatternNode {
  const items = written.some((item) => item.kind === 'char' && item.fold) ? withLigatures(written) : written
  return items.length === 1 ? (items[0] as PatternNode) : { kind: 'sequence', items }
}

/** How many groups a pattern has, which tells back references from octal codes. */
function countGroups(pattern: string): number {
  let count = 0
  let depth = 0
  for (let at = 0; at < pattern.length; at++) {
    const character = pattern[at]
    if (character === '\\') {
      if (pattern[at + 1] === 'Q') {
        const close = pattern.indexOf('\\E', at + 2)
        at = close < 0 ? pattern.length : close + 1
      } else at++
    } else if (character === '[') {
      depth++
      if (pattern[at + 1] === '^') at++
      if (pattern[at + 1] === ']') at++
    } else if (character === ']') depth = Math.max(0, depth - 1)
    else if (depth === 0 && character === '(' && (pattern[at + 1] !== '?' || /^\?<[^=!]/.test(pattern.slice(at + 1, at + 4)))) count++
  }
  return count
}

function withLigatures(items: readonly PatternNode[]): readonly PatternNode[] {
  const chars = (text: string): PatternNode[] =>
    [...text].map((character) => ({ kind: 'char', code: character.codePointAt(0) as number, fold: true }))
  const result: PatternNode[] = []
  for (let at = 0; at < items.length; ) {
    const isText = (text: string) =>
      [...text].every((character, index) => {
        const item = items[at + index]
        return item?.kind === 'char' && item.fold && foldCase(item.code) === character.codePointAt(0)
      })
    const found = LIGATURES.find(([ligature, letters]) => isText(letters) || isText(ligature))
    if (found === undefined) {
      result.push(items[at++] as PatternNode)
      continue
    }
    const [ligature, letters] = found
    result.push({
      kind: 'choice',
      branches: [
        { kind: 'sequence', items: chars(letters) },
        { kind: 'sequence', items: chars(ligature) },
      ],
    })
    at += isText(letters) ? letters.length : ligature.length
  }
  return result
}
