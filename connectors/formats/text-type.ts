/**
 * Types of values that are written as text (CONTRACT.md section 3), only where Trino's cast gives back what was written:
 * '007' and '+49' stay text, a number beyond bigint stays text, a fraction of a second finer than milliseconds too.
 */
import { BIGINT, BOOLEAN, DATE, DOUBLE, type Type, timestamp, VARCHAR } from '#src/types/type'

/** `big`: an integer that a double cannot hold. */
export type TextKind = 'boolean' | 'bigint' | 'big' | 'double' | 'date' | 'timestamp' | 'varchar'

const INTEGER = /^-?(0|[1-9]\d{0,18})$/
const NUMBER = /^-?(0|[1-9]\d*)?(\.\d+)?([eE][+-]?\d+)?$/
const DATE_PATTERN = /^(\d{4})-(\d{2})-(\d{2})$/
const TIMESTAMP_PATTERN = /^(\d{4}-\d{2}-\d{2}) ([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,3})?$/
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
    const time = TIMESTAMP_PATTERN.exec(text)
    if (time !== null && isDate(time[1] as string)) return 'timestamp'
    if (NUMBER.test(text) && /\d/.test(text) && !/^-?\d+$/.test(text) && Number.isFinite(Number(text))) return 'double'
    return text === '-Infinity' ? 'double' : 'varchar'
  }
  if (/^(true|false)$/i.test(text)) return 'boolean'
  return text === 'NaN' || text === 'Infinity' ? 'double' : 'varchar'
}

function isDate(text: string): boolean {
  const parts = DATE_PATTERN.exec(text)
  if (parts === null) return false
  const [year, month, day] = parts.slice(1).map(Number) as [number, number, number]
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  return year > 0 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day
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
