/** Canonical JSON text: no blanks, keys sorted, the last of repeated keys, numbers as Trino's json_parse writes them. */

import { javaScientific } from './double-digits.ts'

/** The canonical form; undefined for malformed JSON. */
export function canonicalJson(text: string): string | undefined {
  try {
    JSON.parse(text)
  } catch {
    return undefined
  }
  const reader = new JsonReader(text)
  return reader.value()
}

/** Walks a text that is known to be valid, so that numbers keep all their digits. */
class JsonReader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  value(): string {
    this.#blanks()
    const first = this.#text[this.#at]
    if (first === '{') return this.#object()
    if (first === '[') return this.#array()
    if (first === '"') return quoteJson(this.#string())
    const token = /[^\s,\]}]+/y
    token.lastIndex = this.#at
    const word = token.exec(this.#text)?.[0] ?? ''
    this.#at += word.length
    return /^[tfn]/.test(word) ? word : canonicalNumber(word)
  }

  #object(): string {
    const members = new Map<string, string>()
    this.#at++
    while (this.#next() !== '}') {
      if (this.#text[this.#at] === ',') this.#at++
      this.#blanks()
      const key = this.#string()
      this.#next()
      this.#at++
      members.delete(key)
      members.set(key, this.value())
    }
    this.#at++
    const sorted = [...members].sort(([a], [b]) => (a < b ? -1 : 1))
    return `{${sorted.map(([key, value]) => `${quoteJson(key)}:${value}`).join(',')}}`
  }

  #array(): string {
    const items: string[] = []
    this.#at++
    while (this.#next() !== ']') {
      if (this.#text[this.#at] === ',') this.#at++
      items.push(this.value())
    }
    this.#at++
    return `[${items.join(',')}]`
  }

  #string(): string {
    const start = this.#at++
    while (this.#text[this.#at] !== '"') this.#at += this.#text[this.#at] === '\\' ? 2 : 1
    this.#at++
    return JSON.parse(this.#text.slice(start, this.#at)) as string
  }

  #next(): string | undefined {
    this.#blanks()
    return this.#text[this.#at]
  }

  #blanks(): void {
    while (/\s/.test(this.#text[this.#at] ?? '')) this.#at++
  }
}

/** Integers keep all their digits; every other number is read as a double and printed as Java prints one. */
function canonicalNumber(token: string): string {
  return /^-?\d+$/.test(token) ? BigInt(token).toString() : javaDouble(Number(token))
}

/** `100.0`, `1.5E-7`, `1.0E22`: plain from 10^-3 to 10^7, scientific outside. */
function javaDouble(value: number): string {
  if (!Number.isFinite(value)) return `"${value}"`
  const size = Math.abs(value)
  if (Object.is(value, -0)) return '-0.0'
  if (size === 0 || (size >= 1e-3 && size < 1e7)) return Number.isInteger(value) ? `${value}.0` : String(value)
  return javaScientific(value)
}

/**
 * A string as JSON text: like JSON.stringify, with the hexadecimal digits of escapes in upper case, and characters beyond
 * U+FFFF as two escapes.
 */
export function quoteJson(text: string): string {
  return JSON.stringify(text).replace(/\\(u[0-9a-f]{4}|.)|[\u{10000}-\u{10ffff}]/gu, (sequence) => {
    if (!sequence.startsWith('\\')) return `${unicodeEscape(sequence, 0)}${unicodeEscape(sequence, 1)}`
    return sequence.length === 6 ? `\\u${sequence.slice(2).toUpperCase()}` : sequence
  })
}

const unicodeEscape = (text: string, index: number): string => `\\u${text.charCodeAt(index).toString(16).toUpperCase().padStart(4, '0')}`
