/** Strings, numbers and intervals. */
import type { BinaryLiteral, IntervalLiteral, IntervalUnit, NumberLiteral, StringLiteral } from '../ast.ts'
import type { Token } from '../lexer.ts'
import type { Cursor } from './cursor.ts'

const INTERVAL_UNITS: ReadonlySet<string> = new Set(['YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND'])
export const isIntervalUnit = (type: string): boolean => INTERVAL_UNITS.has(type)

const MIN_BIGINT = -(2n ** 63n)
const MAX_BIGINT = 2n ** 63n - 1n

/** The decoded value of a string that must stand here. */
export function parseString(cursor: Cursor): string {
  return parseStringLiteral(cursor).value
}

export function parseStringLiteral(cursor: Cursor): StringLiteral {
  cursor.rule('<string>')
  const token = cursor.token
  const { at } = token
  if (token.type === 'string') {
    cursor.next()
    return { kind: 'string', value: unquote(cursor.textOf(token), 1), at }
  }
  if (token.type !== 'unicode-string') throw cursor.mismatch()
  cursor.next()
  const body = unquote(cursor.textOf(token), 3)
  if (!cursor.accept('UESCAPE')) return { kind: 'string', value: decodeUnicode(cursor, body, '\\', at), at }
  const escapeToken = cursor.expect('string')
  const character = unquote(cursor.textOf(escapeToken), 1)
  if (character === '') throw cursor.error('Empty Unicode escape character', at)
  if ([...character].length > 1 || /^[\s"'+0-9a-fA-F]$/.test(character)) {
    throw cursor.error(`Invalid Unicode escape character: ${character}`, at)
  }
  return { kind: 'string', value: decodeUnicode(cursor, body, character, at), at }
}

const unquote = (text: string, prefix: number): string => text.slice(prefix, -1).replaceAll("''", "'")

/** `\0041` is four hexadecimal digits, `\+01F600` six, `\\` the escape character itself. */
function decodeUnicode(cursor: Cursor, text: string, mark: string, at: Token['at']): string {
  let result = ''
  for (let offset = 0; offset < text.length; ) {
    if (!text.startsWith(mark, offset)) {
      result += text[offset++]
      continue
    }
    offset += mark.length
    if (text.startsWith(mark, offset)) {
      result += mark
      offset += mark.length
      continue
    }
    const long = text[offset] === '+'
    const digits = text.slice(long ? offset + 1 : offset, offset + (long ? 7 : 4))
    if (digits.length < (long ? 6 : 4)) throw cursor.error(`Incomplete escape sequence: ${digits}`, at)
    if (!/^[0-9a-fA-F]+$/.test(digits)) throw cursor.error(`Invalid hexadecimal digit: ${digits.match(/[^0-9a-fA-F]/)?.[0]}`, at)
    const code = Number.parseInt(digits, 16)
    if (code > 0x10ffff) throw cursor.error(`Invalid escaped character: ${digits}`, at)
    if (code >= 0xd800 && code <= 0xdfff)
      throw cursor.error(`Invalid escaped character: ${digits}. Escaped character is a surrogate. Use '\\+123456' instead.`, at)
    result += String.fromCodePoint(code)
    offset += long ? 7 : 4
  }
  return result
}

/** X'0a 1B': spaces between digits are allowed. */
export function binaryLiteral(cursor: Cursor, token: Token): BinaryLiteral {
  const hex = cursor
    .textOf(token)
    .slice(2, -1)
    .replace(/[ \r\n\t]/g, '')
    .toUpperCase()
  if (!/^[0-9A-F]*$/.test(hex)) throw cursor.error('Binary literal can only contain hexadecimal digits', token.at)
  if (hex.length % 2 === 1) throw cursor.error('Binary literal must contain an even number of digits', token.at)
  return { kind: 'binary', hex, at: token.at }
}

export const isNumber = (type: string): boolean => type === 'integer' || type === 'decimal' || type === 'double'

/** A number, with the minus that may stand before it. */
export function parseNumber(cursor: Cursor): NumberLiteral {
  const { at } = cursor.token
  const sign = cursor.token.type === '-' ? '-' : ''
  if (sign !== '') cursor.next()
  const token = cursor.next()
  const text = sign + cursor.textOf(token)
  switch (token.type) {
    case 'decimal':
      return { kind: 'number', form: 'decimal', text, at }
    case 'double':
      return { kind: 'number', form: 'double', text, at }
  }
  if (!fitsBigint(text)) throw cursor.error(`Invalid numeric literal: ${text}`, at)
  return { kind: 'number', form: 'integer', text, at }
}

export function fitsBigint(text: string): boolean {
  if (text.length < 16) return true
  const value = integerValue(text)
  return value >= MIN_BIGINT && value <= MAX_BIGINT
}

/** The value of an integer literal as written: `-0x7F`, `1_000`. */
export function integerValue(text: string): bigint {
  const negative = text.startsWith('-')
  const digits = BigInt(text.slice(negative ? 1 : 0).replaceAll('_', ''))
  return negative ? -digits : digits
}

/** An unsigned integer that must stand here, as a number. */
export function parseInteger(cursor: Cursor): number {
  const token = cursor.expect('integer')
  const value = integerValue(cursor.textOf(token))
  if (value > 0x7fff_ffffn) throw cursor.error(`Invalid numeric literal: ${cursor.textOf(token)}`, token.at)
  return Number(value)
}

/** Whether INTERVAL at the current token begins a literal; without a unit behind the string it is a name. */
export function atInterval(cursor: Cursor): boolean {
  if (cursor.token.type !== 'INTERVAL') return false
  const string = cursor.peek(1) === '+' || cursor.peek(1) === '-' ? 2 : 1
  if (cursor.peek(string) === 'string') return isIntervalUnit(cursor.peek(string + 1))
  if (cursor.peek(string) !== 'unicode-string') return false
  return isIntervalUnit(cursor.peek(string + (cursor.peek(string + 1) === 'UESCAPE' ? 3 : 1)))
}

/** INTERVAL [sign] '…' unit [TO unit] */
export function parseInterval(cursor: Cursor): IntervalLiteral {
  const { at } = cursor.expect('INTERVAL')
  const sign = cursor.acceptAny('+', '-') ?? '+'
  const value = parseString(cursor)
  const from = parseIntervalUnit(cursor)
  const to = cursor.at('TO') && isIntervalUnit(cursor.peek(1)) ? parseTo(cursor) : undefined
  return { kind: 'interval', sign, value, from, to, at }
}

function parseTo(cursor: Cursor): IntervalUnit {
  cursor.expect('TO')
  return parseIntervalUnit(cursor)
}

export function parseIntervalUnit(cursor: Cursor): IntervalUnit {
  const unit = cursor.expectAny('YEAR', 'MONTH', 'DAY', 'HOUR', 'MINUTE', 'SECOND')
  return unit.toLowerCase() as IntervalUnit
}
