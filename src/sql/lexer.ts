/**
 * Text → tokens, by the rules of Trino's lexer: longest match, keywords case-insensitive, letters are ASCII only. A character that no
 * rule takes becomes a token of type `unrecognized`, so that the parser reports it with what it expected there. The quote of an
 * unterminated string and the slash of an unterminated comment are such leftovers too, as in Trino.
 */
import { type Position, QueryError } from '#src/common/errors'
import { KEYWORDS, NON_RESERVED_KEYWORDS } from './keywords.ts'

/** Types that are no keyword and no punctuation; a keyword's type is its upper-case word, a punctuation's is its text (`<>` for `!=`). */
export type TokenClass =
  | 'identifier'
  | 'digit-identifier'
  | 'quoted-identifier'
  | 'backquoted-identifier'
  | 'string'
  | 'unicode-string'
  | 'dollar-string'
  | 'binary'
  | 'integer'
  | 'decimal'
  | 'double'
  | 'unrecognized'
  | 'end'

export interface Token {
  /** A TokenClass, a keyword or a punctuation mark. */
  readonly type: string
  /** Offsets into the text, in UTF-16 units; `end` is exclusive. */
  readonly start: number
  readonly end: number
  readonly at: Position
  /** Could be an identifier: a name, quoted or not, or a keyword that is not reserved. */
  readonly name: boolean
}

/** Trino's default of query.max-length, in characters. */
const MAX_QUERY_LENGTH = 1_000_000

const CODE = (character: string): number => character.charCodeAt(0)
const [NEWLINE, RETURN, TAB, SPACE] = [10, 13, 9, 32]
const [QUOTE, DOUBLE_QUOTE, BACKQUOTE, DOT, DASH, SLASH, STAR, DOLLAR, UNDERSCORE] = ["'", '"', '`', '.', '-', '/', '*', '$', '_'].map(
  CODE,
) as [number, number, number, number, number, number, number, number, number]

const isDigit = (code: number): boolean => code >= 48 && code <= 57
const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
const isWordPart = (code: number): boolean => isLetter(code) || isDigit(code) || code === UNDERSCORE

const INTEGER = /(?:0[xX](?:_?[0-9a-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|\d(?:_?\d)*)/y
const DECIMAL = /(?:\d(?:_?\d)*\.(?:\d(?:_?\d)*)?|\.\d(?:_?\d)*)/y
const DOUBLE = /(?:\d+(?:\.\d*)?|\.\d+)[eE][+-]?\d+/y
const DIGIT_IDENTIFIER = /\d\w+/y

const TWO_CHARACTERS: ReadonlyMap<string, string> = new Map(
  ['<>', '<=', '>=', '||', '=>', '->', '{-', '-}'].map((mark): [string, string] => [mark, mark]).concat([['!=', '<>']]),
)
const ONE_CHARACTER: ReadonlySet<string> = new Set('.(),[]:|^$' + '{}=<>+-*/%?;')

/**
 * All tokens of `text`, without spaces and comments; the last one is `end`.
 * Throws QUERY_TEXT_TOO_LARGE, and SYNTAX_ERROR where a surrogate stands alone.
 */
export function tokenize(text: string): readonly Token[] {
  if (text.length > MAX_QUERY_LENGTH) {
    throw new QueryError('QUERY_TEXT_TOO_LARGE', `Query text length (${text.length}) exceeds the maximum length (${MAX_QUERY_LENGTH})`)
  }
  if (!text.isWellFormed()) throw loneSurrogate(text)
  return new Lexer(text).run()
}

class Lexer {
  readonly #text: string
  readonly #tokens: Token[] = []
  #offset = 0
  #line = 1
  #lineStart = 0
  /** Low surrogates passed on this line: Trino counts columns in code points. */
  #surrogates = 0

  constructor(text: string) {
    this.#text = text
  }

  run(): readonly Token[] {
    const text = this.#text
    while (this.#offset < text.length) {
      const code = text.charCodeAt(this.#offset)
      if (code === NEWLINE) this.#newLine(this.#offset++)
      else if (code === SPACE || code === TAB || code === RETURN) this.#offset++
      else if (code === DASH && text.charCodeAt(this.#offset + 1) === DASH) this.#lineComment()
      else if (code === SLASH && text.charCodeAt(this.#offset + 1) === STAR && this.#blockComment()) continue
      else this.#token(code)
    }
    this.#push('end', this.#offset, false)
    return this.#tokens
  }

  #newLine(offset: number): void {
    this.#line++
    this.#lineStart = offset + 1
    this.#surrogates = 0
  }

  /** Adds the token from the current offset to `end` and moves there. */
  #push(type: string, end: number, name: boolean): void {
    const start = this.#offset
    const at = { line: this.#line, column: start - this.#lineStart - this.#surrogates + 1 }
    this.#tokens.push({ type, start, end, at, name })
    this.#offset = end
  }

  /** Keeps line and column right over a stretch that may hold line ends or characters beyond the basic plane. */
  #passOver(start: number, end: number): void {
    const text = this.#text
    for (let offset = start; offset < end; offset++) {
      const code = text.charCodeAt(offset)
      if (code === NEWLINE) this.#newLine(offset)
      else if (code >= 0xdc00 && code <= 0xdfff) this.#surrogates++
    }
  }

  #pushLong(type: string, end: number, name = false): void {
    const start = this.#offset
    this.#push(type, end, name)
    this.#passOver(start, end)
  }

  #lineComment(): void {
    const newline = this.#text.indexOf('\n', this.#offset)
    const end = newline < 0 ? this.#text.length : newline
    this.#passOver(this.#offset, end)
    this.#offset = end
  }

  #blockComment(): boolean {
    const close = this.#text.indexOf('*/', this.#offset + 2)
    if (close < 0) return false
    this.#passOver(this.#offset, close + 2)
    this.#offset = close + 2
    return true
  }

  #token(code: number): void {
    const next = this.#text.charCodeAt(this.#offset + 1)
    if (isLetter(code) || code === UNDERSCORE) this.#word(code, next)
    else if (isDigit(code) || (code === DOT && isDigit(next))) this.#number()
    else if (code === QUOTE) this.#quoted(QUOTE, this.#offset + 1, 'string')
    else if (code === DOUBLE_QUOTE) this.#quoted(DOUBLE_QUOTE, this.#offset + 1, 'quoted-identifier')
    else if (code === BACKQUOTE) this.#quoted(BACKQUOTE, this.#offset + 1, 'backquoted-identifier')
    else if (code === DOLLAR && next === DOLLAR && this.#dollarString()) return
    else this.#mark(code)
  }

  #word(code: number, next: number): void {
    const text = this.#text
    if (next === QUOTE && (code | 32) === 120 && this.#binary()) return
    if ((code | 32) === 117 && next === 38 && text.charCodeAt(this.#offset + 2) === QUOTE) {
      const end = endOfQuoted(text, QUOTE, this.#offset + 3)
      if (end >= 0) {
        this.#pushLong('unicode-string', end)
        return
      }
    }
    let end = this.#offset + 1
    while (end < text.length && isWordPart(text.charCodeAt(end))) end++
    const keyword = KEYWORDS.get(text.slice(this.#offset, end).toUpperCase())
    if (keyword === undefined) this.#push('identifier', end, true)
    else this.#push(keyword, end, NON_RESERVED_KEYWORDS.has(keyword))
  }

  #number(): void {
    const text = this.#text
    let end = this.#offset
    while (isDigit(text.charCodeAt(end))) end++
    const after = text.charCodeAt(end)
    if (end > this.#offset && after !== DOT && !isWordPart(after)) {
      this.#push('integer', end, false)
      return
    }
    // In the order of Trino's rules: of equally long matches the first wins.
    let best = 'integer'
    let bestEnd = -1
    const candidates = [
      ['integer', INTEGER],
      ['decimal', DECIMAL],
      ['double', DOUBLE],
      ['digit-identifier', DIGIT_IDENTIFIER],
    ] as const
    for (const [type, pattern] of candidates) {
      pattern.lastIndex = this.#offset
      if (pattern.test(text) && pattern.lastIndex > bestEnd) {
        best = type
        bestEnd = pattern.lastIndex
      }
    }
    this.#push(best, bestEnd, best === 'digit-identifier')
  }

  #quoted(quote: number, from: number, type: TokenClass): void {
    const end = endOfQuoted(this.#text, quote, from)
    if (end < 0) this.#push('unrecognized', this.#offset + 1, false)
    else this.#pushLong(type, end, quote !== QUOTE)
  }

  /** `X'` up to the next quote; what is between is checked by the parser. */
  #binary(): boolean {
    const close = this.#text.indexOf("'", this.#offset + 2)
    if (close < 0) return false
    this.#pushLong('binary', close + 1)
    return true
  }

  #dollarString(): boolean {
    const close = this.#text.indexOf('$$', this.#offset + 2)
    if (close < 0) return false
    this.#pushLong('dollar-string', close + 2)
    return true
  }

  #mark(code: number): void {
    const text = this.#text
    const two = TWO_CHARACTERS.get(text.slice(this.#offset, this.#offset + 2))
    const one = text[this.#offset] ?? ''
    if (two !== undefined) this.#push(two, this.#offset + 2, false)
    else if (ONE_CHARACTER.has(one)) this.#push(one, this.#offset + 1, false)
    else this.#pushLong('unrecognized', this.#offset + (code >= 0xd800 && code <= 0xdbff ? 2 : 1))
  }
}

/** The offset behind the closing quote, a doubled one being part of the content; -1 if there is none. */
function endOfQuoted(text: string, quote: number, from: number): number {
  const mark = String.fromCharCode(quote)
  for (let at = text.indexOf(mark, from); at >= 0; at = text.indexOf(mark, at + 2)) {
    if (text.charCodeAt(at + 1) !== quote) return at + 1
  }
  return -1
}

function loneSurrogate(text: string): QueryError {
  const offset = text.search(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/)
  const before = text.slice(0, offset)
  const line = before.split('\n').length
  const column = [...before.slice(before.lastIndexOf('\n') + 1)].length + 1
  const code = text.charCodeAt(offset).toString(16).toUpperCase()
  return new QueryError('SYNTAX_ERROR', `Invalid text: the surrogate U+${code} stands alone`, { at: { line, column } })
}
