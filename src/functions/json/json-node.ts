/** JSON values as Trino's tree has them: integers exact, other numbers doubles. */
import { javaDouble } from '#src/types/double-digits'
import { quoteJson } from '#src/types/json'
import { shortestReal } from '#src/types/real-digits'
import { JsonScanner, JsonSyntaxError } from './json-scanner.ts'

export type JsonNode = null | boolean | string | JsonNumber | readonly JsonNode[] | JsonObject | typeof MISSING

/** What an empty text holds: no value, but written as null. */
export const MISSING = Object.freeze({ kind: 'missing' } as const)

/** Members in the order in which their names first appear; a repeated name has its last value. */
export type JsonObject = ReadonlyMap<string, JsonNode>

export type JsonNumber =
  | { readonly kind: 'integer'; readonly value: bigint }
  | { readonly kind: 'double'; readonly value: number }
  | { readonly kind: 'real'; readonly value: number }
  | { readonly kind: 'decimal'; readonly unscaled: bigint; readonly scale: number }

export const isArray = (node: JsonNode): node is readonly JsonNode[] => Array.isArray(node)
export const isObject = (node: JsonNode): node is JsonObject => node instanceof Map
export const isNumber = (node: JsonNode): node is JsonNumber =>
  typeof node === 'object' && node !== null && node !== MISSING && !isArray(node) && !isObject(node)

/** The value that a whole text holds. @throws JsonSyntaxError */
export function parseJson(text: string): JsonNode {
  const scanner = new JsonScanner(text)
  if (scanner.next() === undefined) throw new JsonSyntaxError('No content')
  const node = readNode(scanner)
  if (scanner.next() !== undefined) throw new JsonSyntaxError('Unexpected content behind the value')
  return node
}

/**
 * The value that a text begins with, MISSING for a text of blanks: Trino's path functions do not read on.
 * @throws JsonSyntaxError
 */
export function parseFirstJson(text: string): JsonNode {
  const scanner = new JsonScanner(text)
  return scanner.next() === undefined ? MISSING : readNode(scanner)
}

/** The value that begins at the current token; moves to its end. */
export function readNode(scanner: JsonScanner): JsonNode {
  switch (scanner.token) {
    case '{': {
      const members = new Map<string, JsonNode>()
      while (scanner.next() === 'name') {
        const name = scanner.text
        scanner.next()
        members.set(name, readNode(scanner))
      }
      return members
    }
    case '[': {
      const items: JsonNode[] = []
      while (scanner.next() !== ']') items.push(readNode(scanner))
      return items
    }
    case 'string':
      return scanner.text
    case 'integer':
      return { kind: 'integer', value: BigInt(scanner.text) }
    case 'fraction':
      return { kind: 'double', value: Number(scanner.text) }
    case 'true':
      return true
    case 'false':
      return false
    case 'null':
      return null
    default:
      throw new JsonSyntaxError('Expected a value')
  }
}

interface JsonWriting {
  /** How the names of an object's members are sorted; undefined: not at all. */
  readonly order?: (a: string, b: string) => number
  /** How strings are written; by default characters beyond U+FFFF are escaped. */
  readonly quote?: (text: string) => string
}

export function writeJson(node: JsonNode, writing: JsonWriting = {}): string {
  const { order, quote = quoteJson } = writing
  if (node === null || typeof node === 'boolean') return String(node)
  if (typeof node === 'string') return quote(node)
  if (isArray(node)) return `[${node.map((item) => writeJson(item, writing)).join(',')}]`
  if (isObject(node)) {
    const members = order === undefined ? [...node] : [...node].sort(([a], [b]) => order(a, b))
    return `{${members.map(([name, value]) => `${quote(name)}:${writeJson(value, writing)}`).join(',')}}`
  }
  return isNumber(node) ? writeNumber(node) : 'null'
}

/** A string in which characters beyond U+FFFF stay as they are. */
export const quotePlainly = (text: string): string =>
  quoteJson(text).replace(/\\\\|\\u(D[89AB][0-9A-F]{2})\\u(D[C-F][0-9A-F]{2})/g, (sequence, high: string | undefined, low: string) =>
    high === undefined ? sequence : String.fromCharCode(Number.parseInt(high, 16), Number.parseInt(low, 16)),
  )

export function writeNumber(number: JsonNumber): string {
  switch (number.kind) {
    case 'integer':
      return number.value.toString()
    case 'double':
    case 'real': {
      const text = javaDouble(number.kind === 'real' ? shortestReal(number.value) : number.value)
      return Number.isFinite(number.value) ? text : quoteJson(text)
    }
    case 'decimal':
      return decimalText(number.unscaled, number.scale)
  }
}

/** Java's text of a decimal: scientific where six zeros would stand behind the point. */
function decimalText(unscaled: bigint, scale: number): string {
  const negative = unscaled < 0n
  const plain = (negative ? -unscaled : unscaled).toString()
  const power = plain.length - 1 - scale
  const sign = negative ? '-' : ''
  if (power < -6) return `${sign}${plain[0]}${plain.length > 1 ? `.${plain.slice(1)}` : ''}E${power}`
  const digits = plain.padStart(scale + 1, '0')
  return scale === 0 ? `${sign}${digits}` : `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

/** Java's order of texts: by their UTF-16 units. */
export const byUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
