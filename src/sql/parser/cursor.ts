/**
 * The parser's place in the token list, and what every grammar area shares: looking, accepting, expecting, names, the guard against
 * deep nesting, and errors with Trino's list of what could have come.
 *
 * Trino's message names the furthest token that no reading of the text can pass, and everything that could stand there. The parser
 * never goes back, so its current token is that place; each failed `at` or `accept` there is one candidate. Whole grammar parts are
 * named instead of their first tokens: `rule('<expression>')` adds the name and mutes the candidates at that token. Candidates are
 * only collected when `recording`: a text is parsed without, and once more with it if that failed.
 */
import { type ErrorName, type Position, QueryError } from '#src/common/errors'
import type { Identifier, QualifiedName } from '../ast.ts'
import { type Token, tokenize } from '../lexer.ts'
import { nearestKeyword, syntaxHint } from './hints.ts'

/** Grammar parts inside each other: subqueries, parentheses, calls, nested types. */
export const MAX_NESTING = 500
/** Height of the syntax tree, so that functions that recurse over it stay far from the end of the stack. */
export const MAX_TREE_HEIGHT = 1_500

export type RuleName = '<expression>' | '<predicate>' | '<identifier>' | '<string>' | '<query>' | '<type>' | '<integer>'

/** What `leave` needs to restore. */
export interface Level {
  readonly tallest: number
  readonly chain: number
}

export class Cursor {
  readonly text: string
  readonly tokens: readonly Token[]
  token: Token
  index = 0
  parameters = 0
  /** Within Hive's DDL: names may be backquoted or begin with a digit, and types be `struct<…>`. */
  hive = false
  /** What Trino would say to the first such thing, for a statement that turns out not to be Hive's. */
  hiveOnly: QueryError | undefined
  /** Token index at which `.*` may follow a primary expression: the first one of a select item. */
  starAllowedAt = -1
  readonly #recording: boolean
  #mutedAt = -1
  readonly #expected = new Set<string>()
  #nesting = 0
  #tallest = 0
  #chain = 0
  #parenthesesEnd = -1

  constructor(text: string, tokens: readonly Token[], recording: boolean) {
    this.text = text
    this.tokens = tokens
    this.token = tokens[0] as Token
    this.#recording = recording
  }

  // ---------------------------------------------------------------- tokens

  /** The type of the token `distance` ahead; past the end it is `end`. */
  peek(distance: number): string {
    return this.tokens[this.index + distance]?.type ?? 'end'
  }

  /** Whether the token `distance` ahead could be an identifier. */
  peekName(distance: number): boolean {
    return this.tokens[this.index + distance]?.name ?? false
  }

  textOf(token: Token): string {
    return token.type === 'end' ? '<EOF>' : this.text.slice(token.start, token.end)
  }

  next(): Token {
    const token = this.token
    if (token.type !== 'end') this.token = this.tokens[++this.index] as Token
    if (this.#recording) this.#expected.clear()
    return token
  }

  at(type: string): boolean {
    if (this.token.type === type) return true
    if (this.#recording) this.expecting(type)
    return false
  }

  accept(type: string): boolean {
    if (!this.at(type)) return false
    this.next()
    return true
  }

  expect(type: string): Token {
    if (!this.at(type)) throw this.mismatch()
    return this.next()
  }

  /** The token, if it is one of `types`. */
  acceptAny<T extends string>(...types: readonly T[]): T | undefined {
    for (const type of types) if (this.accept(type)) return type
    return undefined
  }

  expectAny<T extends string>(...types: readonly T[]): T {
    const found = this.acceptAny(...types)
    if (found === undefined) throw this.mismatch()
    return found
  }

  /** Two or more keywords in a row: taken together or not at all. */
  acceptAll(first: string, ...rest: readonly string[]): boolean {
    if (!this.at(first) || !rest.every((type, index) => this.peek(index + 1) === type)) return false
    this.next()
    for (const type of rest) this.expect(type)
    return true
  }

  // ---------------------------------------------------------------- words that are no keywords (Hive)

  isWord(word: string, distance = 0): boolean {
    const token = this.tokens[this.index + distance]
    return token !== undefined && (token.type === word || (token.type === 'identifier' && this.textOf(token).toUpperCase() === word))
  }

  atWord(word: string): boolean {
    if (this.isWord(word)) return true
    if (this.#recording) this.expecting(word)
    return false
  }

  acceptWord(word: string): boolean {
    if (!this.atWord(word)) return false
    this.next()
    return true
  }

  expectWord(word: string): Token {
    if (!this.atWord(word)) throw this.mismatch()
    return this.next()
  }

  /** Several words in a row: taken together or not at all. */
  acceptWords(first: string, ...rest: readonly string[]): boolean {
    if (!this.atWord(first) || !rest.every((word, index) => this.isWord(word, index + 1))) return false
    this.next()
    for (const word of rest) this.expectWord(word)
    return true
  }

  // ---------------------------------------------------------------- names

  identifier(): Identifier {
    this.rule('<identifier>')
    const token = this.token
    if (!token.name) throw this.mismatch()
    this.next()
    return this.identifierOf(token)
  }

  identifierOf(token: Token): Identifier {
    const written = this.text.slice(token.start, token.end)
    switch (token.type) {
      case 'quoted-identifier': {
        const value = written.slice(1, -1).replaceAll('""', '"')
        if (value === '') throw this.error('Zero-length delimited identifier not allowed', token.at)
        return { kind: 'identifier', value, quoted: true, at: token.at }
      }
      case 'backquoted-identifier': {
        this.requireHive('backquoted identifiers are not supported; use double quotes to quote identifiers', token.at)
        const value = written.slice(1, -1).replaceAll('``', '`').toLowerCase()
        if (value === '') throw this.error('Zero-length delimited identifier not allowed', token.at)
        return { kind: 'identifier', value, quoted: true, at: token.at }
      }
      case 'digit-identifier':
        this.requireHive('identifiers must not start with a digit; surround the identifier with double quotes', token.at)
        return { kind: 'identifier', value: written.toLowerCase(), quoted: true, at: token.at }
    }
    const value = written.toLowerCase()
    return value === written
      ? { kind: 'identifier', value, quoted: false, at: token.at }
      : { kind: 'identifier', value, written, quoted: false, at: token.at }
  }

  /** Outside Hive's DDL this is an error; inside, one only if the statement turns out to be Trino's. */
  requireHive(message: string, at: Position): void {
    const error = this.error(message, at)
    if (!this.hive) throw error
    this.hiveOnly ??= error
  }

  /** Runs `parse` with Hive's names and types allowed. */
  inHive<T>(parse: () => T): T {
    return this.#withNames(true, parse)
  }

  /** Runs `parse` with Trino's names and types only. */
  inTrino<T>(parse: () => T): T {
    return this.#withNames(false, parse)
  }

  #withNames<T>(hive: boolean, parse: () => T): T {
    const before = this.hive
    this.hive = hive
    const result = parse()
    this.hive = before
    return result
  }

  /** The text from a token to the last one taken. */
  textFrom(start: Token): string {
    return this.text.slice(start.start, this.tokens[this.index - 1]?.end)
  }

  qualifiedName(): QualifiedName {
    const first = this.identifier()
    const parts = [first]
    while (this.accept('.')) parts.push(this.identifier())
    return { parts, at: first.at }
  }

  /** `item (separator item)*` */
  list<T>(item: () => T, separator = ','): T[] {
    const items = [item()]
    while (this.accept(separator)) items.push(item())
    return items
  }

  /** `( item, … )` */
  parenthesized<T>(item: () => T): T[] {
    this.expect('(')
    const items = this.list(item)
    this.expect(')')
    return items
  }

  /** The type of the first token that is no opening parenthesis, `distance` ahead or later. */
  afterParentheses(distance = 0): string {
    const start = this.index + distance
    if (this.tokens[start]?.type !== '(') return this.peek(distance)
    if (this.#parenthesesEnd <= start) {
      let end = start
      while (this.tokens[end]?.type === '(') end++
      this.#parenthesesEnd = end
    }
    return this.tokens[this.#parenthesesEnd]?.type ?? 'end'
  }

  /** The type of the token behind the parenthesis that closes the one here. */
  afterMatching(): string {
    let depth = 0
    for (let distance = 0; this.peek(distance) !== 'end'; distance++) {
      const type = this.peek(distance)
      if (type === '(') depth++
      else if (type === ')' && --depth === 0) return this.peek(distance + 1)
    }
    return 'end'
  }

  // ---------------------------------------------------------------- depth

  /** Begins a grammar part that may hold itself. Throws STACK_OVERFLOW. */
  enter(): Level {
    if (++this.#nesting > MAX_NESTING) throw this.tooDeep()
    return this.measure()
  }

  leave(level: Level): void {
    this.#nesting--
    this.settle(level, 1)
  }

  /** Begins a part whose height is counted apart from that of its siblings. */
  measure(): Level {
    const level = { tallest: this.#tallest, chain: this.#chain }
    this.#tallest = 0
    this.#chain = 0
    return level
  }

  /** Ends it: its height is that of its tallest part, of the chains built in it, and of `own` nodes on top. */
  settle(level: Level, own: number): void {
    const height = this.#tallest + this.#chain + own
    if (height > MAX_TREE_HEIGHT) throw this.tooDeep()
    this.#tallest = Math.max(level.tallest, height)
    this.#chain = level.chain
  }

  /** One more node on top of what was parsed, in a loop: `a + b + c`, `a.b.c`, `x JOIN y JOIN z`. */
  grow(): void {
    if (++this.#chain + this.#tallest > MAX_TREE_HEIGHT) throw this.tooDeep()
  }

  tooDeep(): QueryError {
    return new QueryError('STACK_OVERFLOW', 'statement is too large (stack overflow while parsing)', { at: this.token.at })
  }

  // ---------------------------------------------------------------- errors

  /** Names the grammar part that begins here in place of its first tokens. */
  rule(name: RuleName): void {
    if (!this.#recording) return
    this.expecting(name)
    this.#mutedAt = this.index
  }

  expecting(candidate: string): void {
    if (this.#recording && this.#mutedAt !== this.index) this.#expected.add(candidate)
  }

  error(message: string, at: Position = this.token.at, name: ErrorName = 'SYNTAX_ERROR'): QueryError {
    return new QueryError(name, message, { at })
  }

  mismatch(): QueryError {
    const expected = [...this.#expected].map(display).sort(byCodeUnit)
    const message = `mismatched input '${this.textOf(this.token)}'. Expecting: ${expected.join(', ')}`
    const hint = syntaxHint(this, nearestKeyword(this.textOf(this.token), this.#expected))
    return new QueryError('SYNTAX_ERROR', message, { at: this.token.at, hint })
  }
}

const TOKEN_NAMES: ReadonlyMap<string, string> = new Map([
  ['end', '<EOF>'],
  ['integer', '<integer>'],
  ['string', '<string>'],
  ['dollar-string', 'DOLLAR_STRING'],
])

const display = (candidate: string): string =>
  TOKEN_NAMES.get(candidate) ?? (candidate.startsWith('<') && candidate.length > 2 ? candidate : `'${candidate}'`)

const byCodeUnit = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * Runs `parse` over the whole text. Throws SYNTAX_ERROR, STACK_OVERFLOW, QUERY_TEXT_TOO_LARGE, and NOT_SUPPORTED for what has no
 * place in the syntax tree.
 */
export function parseText<T>(text: string, parse: (cursor: Cursor) => T): T {
  const tokens = tokenize(text)
  const run = (recording: boolean): T => {
    const cursor = new Cursor(text, tokens, recording)
    const result = parse(cursor)
    if (cursor.token.type === ';' && cursor.peek(1) === 'end') cursor.next()
    cursor.expect('end')
    return result
  }
  try {
    return run(false)
  } catch (error) {
    if (error instanceof RangeError) throw new QueryError('STACK_OVERFLOW', 'statement is too large (stack overflow while parsing)')
    if (!(error instanceof QueryError) || error.errorName !== 'SYNTAX_ERROR') throw error
  }
  return run(true)
}
