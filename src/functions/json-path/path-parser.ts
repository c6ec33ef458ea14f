/** Recursive descent over the path language: sums of products of signed accessor chains; predicates inside filters. */
import { decimalLiteral, integerLiteral } from '#src/types/literal'
import { DOUBLE, VARCHAR, varchar } from '#src/types/type'
import { PathSyntaxError, type PathToken, readTokens } from './path-lexer.ts'
import type { JsonPath, PathComparison, PathMethod, PathNode, PathOperator, PathPredicate, Subscript } from './path-node.ts'

const METHODS: ReadonlySet<string> = new Set<PathMethod>(['type', 'size', 'double', 'ceiling', 'floor', 'abs', 'keyvalue', 'datetime'])
const COMPARISONS: Readonly<Record<string, PathComparison>> = {
  '==': '==',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
}
const MAX_DEPTH = 200

/** `lax $.a[*] ? (@ > 1)`. @throws PathSyntaxError */
export function parseJsonPath(path: string): JsonPath {
  return new PathParser(readTokens(path)).parse()
}

class PathParser {
  readonly #tokens: readonly PathToken[]
  #index = 0
  #depth = 0

  constructor(tokens: readonly PathToken[]) {
    this.#tokens = tokens
  }

  parse(): JsonPath {
    const mode = this.#next()
    if (mode.type !== 'word' || (mode.text !== 'lax' && mode.text !== 'strict')) throw mismatched(mode)
    const root = this.#sum()
    if (this.#token.type !== 'end') throw mismatched(this.#token)
    return { lax: mode.text === 'lax', root }
  }

  get #token(): PathToken {
    return this.#tokens[this.#index] as PathToken
  }

  #next(): PathToken {
    const token = this.#token
    if (token.type !== 'end') this.#index++
    return token
  }

  #accept(type: string): boolean {
    if (this.#token.type !== type) return false
    this.#index++
    return true
  }

  #acceptWord(word: string): boolean {
    if (this.#token.type !== 'word' || this.#token.text !== word) return false
    this.#index++
    return true
  }

  #expect(type: string): PathToken {
    if (this.#token.type !== type) throw mismatched(this.#token)
    return this.#next()
  }

  #sum(): PathNode {
    if (++this.#depth > MAX_DEPTH) throw new PathSyntaxError('path is nested too deeply', this.#token.at)
    let left = this.#product()
    while (this.#token.type === '+' || this.#token.type === '-') {
      left = { kind: 'arithmetic', operator: this.#next().type as PathOperator, left, right: this.#product() }
    }
    this.#depth--
    return left
  }

  #product(): PathNode {
    let left = this.#signed()
    while (this.#token.type === '*' || this.#token.type === '/' || this.#token.type === '%') {
      left = { kind: 'arithmetic', operator: this.#next().type as PathOperator, left, right: this.#signed() }
    }
    return left
  }

  /** A sign before a number belongs to it, unless an accessor follows. */
  #signed(): PathNode {
    const { type } = this.#token
    if (type !== '+' && type !== '-') return this.#accessors(this.#primary())
    this.#index++
    if (++this.#depth > MAX_DEPTH) throw new PathSyntaxError('path is nested too deeply', this.#token.at)
    const base = this.#signed()
    this.#depth--
    return { kind: 'sign', sign: type, base }
  }

  #primary(): PathNode {
    const token = this.#next()
    switch (token.type) {
      case '$':
        return { kind: 'context' }
      case '@':
        return { kind: 'current-item' }
      case 'variable':
        return { kind: 'variable', name: token.text }
      case '(': {
        const inner = this.#sum()
        this.#expect(')')
        return inner
      }
      case 'word':
        return wordValue(token)
      default:
        return literal(token)
    }
  }

  #accessors(base: PathNode): PathNode {
    let node = base
    while (true) {
      if (this.#accept('.')) node = this.#member(node)
      else if (this.#accept('..')) node = { kind: 'descendants', base: node, name: this.#name() }
      else if (this.#accept('[')) node = this.#elements(node)
      else if (this.#accept('?')) {
        this.#expect('(')
        const predicate = this.#or()
        this.#expect(')')
        node = { kind: 'filter', base: node, predicate }
      } else return node
    }
  }

  #name(): string {
    const token = this.#next()
    if (token.type !== 'word' && token.type !== 'string') throw mismatched(token)
    return token.text
  }

  #member(base: PathNode): PathNode {
    if (this.#accept('*')) return { kind: 'member', base, name: undefined }
    const isWord = this.#token.type === 'word'
    const name = this.#name()
    if (!isWord || !METHODS.has(name) || !this.#accept('(')) return { kind: 'member', base, name }
    if (name === 'datetime') this.#accept('string')
    this.#expect(')')
    return { kind: 'method', base, name: name as PathMethod }
  }

  #elements(base: PathNode): PathNode {
    if (this.#accept('*')) {
      this.#expect(']')
      return { kind: 'elements', base, subscripts: undefined }
    }
    const subscripts: Subscript[] = []
    do {
      const from = this.#sum()
      subscripts.push({ from, to: this.#acceptWord('to') ? this.#sum() : undefined })
    } while (this.#accept(','))
    this.#expect(']')
    return { kind: 'elements', base, subscripts }
  }

  #or(): PathPredicate {
    if (++this.#depth > MAX_DEPTH) throw new PathSyntaxError('path is nested too deeply', this.#token.at)
    let left = this.#and()
    while (this.#accept('||')) left = { kind: 'or', left, right: this.#and() }
    this.#depth--
    return left
  }

  #and(): PathPredicate {
    let left = this.#negated()
    while (this.#accept('&&')) left = { kind: 'and', left, right: this.#negated() }
    return left
  }

  #negated(): PathPredicate {
    if (!this.#accept('!')) return this.#predicate()
    return { kind: 'not', predicate: this.#predicate() }
  }

  #predicate(): PathPredicate {
    if (this.#token.type === 'word' && this.#token.text === 'exists' && this.#tokens[this.#index + 1]?.type === '(') {
      this.#index += 2
      const path = this.#sum()
      this.#expect(')')
      return { kind: 'exists', path }
    }
    return this.#delimited() ?? this.#comparison()
  }

  /** `( predicate )`, which begins like `( path ) == …`: undefined where it is that. */
  #delimited(): PathPredicate | undefined {
    if (this.#token.type !== '(') return undefined
    const start = this.#index
    const depth = this.#depth
    try {
      this.#index++
      const predicate = this.#or()
      this.#expect(')')
      if (!this.#acceptWord('is')) return predicate
      if (!this.#acceptWord('unknown')) throw mismatched(this.#token)
      return { kind: 'is-unknown', predicate }
    } catch (error) {
      if (!(error instanceof PathSyntaxError)) throw error
      this.#index = start
      this.#depth = depth
      return undefined
    }
  }

  #comparison(): PathPredicate {
    const left = this.#sum()
    const token = this.#next()
    const operator = COMPARISONS[token.type]
    if (operator !== undefined) return { kind: 'comparison', operator, left, right: this.#sum() }
    if (token.type === 'word' && token.text === 'starts') {
      if (!this.#acceptWord('with')) throw mismatched(this.#token)
      const prefix = this.#next()
      if (prefix.type === 'variable') return { kind: 'starts-with', value: left, prefix: { kind: 'variable', name: prefix.text } }
      if (prefix.type === 'string') return { kind: 'starts-with', value: left, prefix: literal(prefix) }
      throw mismatched(prefix)
    }
    if (token.type === 'word' && token.text === 'like_regex') {
      const pattern = this.#expect('string').text
      if (this.#acceptWord('flag')) this.#expect('string')
      return { kind: 'like-regex', value: left, pattern }
    }
    throw mismatched(token)
  }
}

const mismatched = (token: PathToken) => new PathSyntaxError(`mismatched input '${token.text}'`, token.at)

function wordValue(token: PathToken): PathNode {
  switch (token.text) {
    case 'null':
      return { kind: 'null' }
    case 'true':
    case 'false':
      return { kind: 'literal', type: { kind: 'boolean' }, value: token.text === 'true' }
    case 'last':
      return { kind: 'last' }
    default:
      throw mismatched(token)
  }
}

function literal(token: PathToken): PathNode {
  switch (token.type) {
    case 'string':
      return { kind: 'literal', type: token.text === '' ? VARCHAR : varchar([...token.text].length), value: token.text }
    case 'double':
      return { kind: 'literal', type: DOUBLE, value: Number(token.text) }
    case 'decimal':
      return { kind: 'literal', ...decimalLiteral(token.text) }
    case 'integer': {
      const found = integerLiteral(BigInt(token.text))
      if (found === undefined) throw new PathSyntaxError(`Invalid numeric literal: ${token.text}`, token.at)
      return { kind: 'literal', ...found }
    }
    default:
      throw mismatched(token)
  }
}
