/**
 * Reads JSON token by token, as strict and as lazy as the streaming parser that Trino uses: what stands behind the tokens
 * that were asked for may be malformed.
 */

export type JsonToken = '{' | '}' | '[' | ']' | 'name' | 'string' | 'integer' | 'fraction' | 'true' | 'false' | 'null'

/** Malformed JSON. */
export class JsonSyntaxError extends Error {}

const MAX_DEPTH = 1000
const NUMBER = /-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?/y
const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
}

/** Of the inside of a string: neither its end, nor an escape, nor a control character; NaN is the source's end. */
const isPlain = (code: number) => code >= 0x20 && code !== 0x22 && code !== 0x5c

export class JsonScanner {
  /** The current token; undefined before the first and behind the last one. */
  token: JsonToken | undefined
  /** Of a string or a name its value, of a number its text. */
  text = ''
  readonly #source: string
  #at = 0
  /** The structures around the current token, innermost last. */
  readonly #open: ('{' | '[')[] = []
  /** Whether a value of the innermost structure has been read, so that a comma must follow. */
  #started = false
  #name = false

  constructor(source: string) {
    this.#source = source
  }

  /** Moves on; undefined at the end, where a whole value has been read. @throws JsonSyntaxError */
  next(): JsonToken | undefined {
    this.#blanks()
    const inside = this.#open.at(-1)
    if (this.#at >= this.#source.length) {
      if (inside !== undefined) throw new JsonSyntaxError('Unexpected end of input')
      this.token = undefined
      return undefined
    }
    this.token = this.#read(inside)
    return this.token
  }

  /** At the beginning of a structure: moves to its end. */
  skipChildren(): void {
    if (this.token !== '{' && this.token !== '[') return
    const depth = this.#open.length
    while (this.#open.length >= depth) this.next()
  }

  #read(inside: '{' | '[' | undefined): JsonToken {
    let first = this.#source[this.#at] as string
    if (this.#name) {
      this.#name = false
      if (first !== ':') throw new JsonSyntaxError('Expected a colon')
      this.#at++
      this.#blanks()
      return this.#value()
    }
    if (inside !== undefined) {
      if (first === (inside === '{' ? '}' : ']')) return this.#close(first as '}' | ']')
      if (this.#started) {
        if (first !== ',') throw new JsonSyntaxError('Expected a comma')
        this.#at++
        this.#blanks()
        first = this.#source[this.#at] ?? ''
      }
      if (inside === '{') {
        if (first !== '"') throw new JsonSyntaxError('Expected a name')
        this.text = this.#string()
        this.#name = true
        return 'name'
      }
    }
    return this.#value()
  }

  #close(end: '}' | ']'): JsonToken {
    this.#at++
    this.#open.pop()
    this.#started = true
    return end
  }

  #value(): JsonToken {
    const first = this.#source[this.#at]
    switch (first) {
      case '{':
      case '[':
        this.#at++
        if (this.#open.push(first) > MAX_DEPTH) throw new JsonSyntaxError('Nested too deeply')
        this.#started = false
        return first
      case '"':
        this.text = this.#string()
        this.#started = true
        return 'string'
      case 't':
        return this.#word('true')
      case 'f':
        return this.#word('false')
      case 'n':
        return this.#word('null')
      default:
        return this.#number()
    }
  }

  #word(word: 'true' | 'false' | 'null'): JsonToken {
    const end = this.#at + word.length
    const behind = String.fromCodePoint(this.#source.codePointAt(end) ?? 0)
    if (!this.#source.startsWith(word, this.#at) || /[\w\p{ID_Continue}]/u.test(behind)) {
      throw new JsonSyntaxError('Unrecognized token')
    }
    this.#at = end
    this.text = word
    this.#started = true
    return word
  }

  #number(): JsonToken {
    NUMBER.lastIndex = this.#at
    const match = NUMBER.exec(this.#source)
    if (match === null) throw new JsonSyntaxError('Unexpected character')
    this.#at += match[0].length
    const behind = this.#source[this.#at]
    const follows = this.#open.length === 0 ? /[ \n\r\t]/ : /[\s,\]}]/
    if (behind !== undefined && !follows.test(behind)) throw new JsonSyntaxError('Unexpected character behind a number')
    this.text = match[0]
    this.#started = true
    return match[1] === undefined && match[2] === undefined ? 'integer' : 'fraction'
  }

  #string(): string {
    let value = ''
    this.#at++
    while (true) {
      const start = this.#at
      while (isPlain(this.#source.charCodeAt(this.#at))) this.#at++
      value += this.#source.slice(start, this.#at)
      const character = this.#source[this.#at++]
      if (character === '"') return value
      if (character !== '\\') throw new JsonSyntaxError('Unexpected character in a string')
      value += this.#escape()
    }
  }

  #escape(): string {
    const letter = this.#source[this.#at++] ?? ''
    if (letter !== 'u') {
      const character = ESCAPES[letter]
      if (character === undefined) throw new JsonSyntaxError('Unrecognized escape')
      return character
    }
    const digits = this.#source.slice(this.#at, this.#at + 4)
    if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new JsonSyntaxError('Unrecognized escape')
    this.#at += 4
    return String.fromCharCode(Number.parseInt(digits, 16))
  }

  #blanks(): void {
    while (true) {
      const character = this.#source[this.#at]
      if (character !== ' ' && character !== '\n' && character !== '\t' && character !== '\r') return
      this.#at++
    }
  }
}
