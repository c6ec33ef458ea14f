/**
 * Types of values that are written as text (CONTRACT.md section 3), only where Trino's cast gives back what was written:
 * '007' and '+49' stay text, a number beyond bigint stays text, a fraction of a second finer than milliseconds too.
 */
import { BIGINT, BOOLEAN, DATE, DOUBLE, type Type, timestamp, VARCHAR } from '#src/types/type'

/** `big`: an integer that a double cannot hold. */
export type TextKind = 'boolean' | 'bigint' | 'big' | 'double' | 'date' | 'timestamp' | 'varchar'

const INTEGER = /^-?(0|[1-9]\d{0,18})$/
const NUMBER = /^-?(0|[1-9]\d*)?(\.\d+)?([eE][+-]?\d+)?$/
const DATE_PATTERN = /^\d{4}-\d{2}-\d{2}$/
const TIMESTAMP_PATTERN = /^\d{4}-\d{2}-\d{2} (?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,3})?$/
const LEAST = -(2n ** 63n)
const MOST = 2n ** 63n - 1n

export function textKind(text: string): TextKind {
  if (INTEGER.test(text)) {
    const value = BigInt(text)
    if (value < LEAST || value > MOST) return 'varchar'
    return Number.isSafeInteger(Number(text)) ? 'bigint' : 'big'
  }
  const first = text.charCodeAt(0)
  // A digit, '-' or '.'.
  if ((first >= 48 && first <= 57) || first === 45 || first === 46) {
    if (isDate(text)) return 'date'
    if (TIMESTAMP_PATTERN.test(text) && isDate(text.slice(0, 10))) return 'timestamp'
    if (NUMBER.test(text) && /\d/.test(text) && !/^-?\d+$/.test(text) && Number.isFinite(Number(text))) return 'double'
    return text === '-Infinity' ? 'double' : 'varchar'
  }
  if (/^(true|false)$/i.test(text)) return 'boolean'
  return text === 'NaN' || text === 'Infinity' ? 'double' : 'varchar'
}

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

/** By the Gregorian calendar; without a Date, for every value of a sample passes here. */
function isDate(text: string): boolean {
  if (text.length !== 10 || !DATE_PATTERN.test(text)) return false
  const year = Number(text.slice(0, 4))
  const month = Number(text.slice(5, 7))
  const day = Number(text.slice(8))
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  const days = month === 2 && isLeap ? 29 : (MONTH_DAYS[month - 1] ?? 0)
  return year > 0 && day >= 1 && day <= days
}

/** The kind that holds values of both; undefined: none seen yet. */
export function mergeKinds(left: TextKind | undefined, right: TextKind | undefined): TextKind | undefined {
  if (left === undefined || left === right) return right
  if (right === undefined) return left
  const pair = new Set([left, right])
  if (pair.has('bigint') && pair.has('big')) return 'big'
  if (pair.has('bigint') && pair.has('double')) return 'double'
  if (pair.has('date') && pair.has('timestamp')) return 'timestamp'
  return 'varchar'
}

/** A column without any value is text. */
export function kindType(kind: TextKind | undefined): Type {
  switch (kind) {
    case 'boolean':
      return BOOLEAN
    case 'bigint':
    case 'big':
      return BIGINT
    case 'double':
      return DOUBLE
    case 'date':
      return DATE
    case 'timestamp':
      return timestamp(3)
    case 'varchar':
    case undefined:
      return VARCHAR
  }
}
