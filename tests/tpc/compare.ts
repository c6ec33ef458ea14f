/** Asserts that an answer of Weir is the expected one. */
import { expect } from 'vitest'
import { type Answer, canonicalRows } from './answer.ts'
import { digest, type RecordedAnswer } from './recorded.ts'
import { sortKeys } from './sort-keys.ts'

/** Equal rows in any order, and the sort keys in the same order: rows that sort alike may come in any. */
export function expectAnswer(actual: Answer, expected: Answer, sql: string): void {
  expect([...canonicalRows(actual)].sort()).toEqual([...canonicalRows(expected)].sort())
  const keys = sortKeys(sql, actual.columns)
  expect(canonicalRows(actual, keys)).toEqual(canonicalRows(expected, keys))
}

/** As above; of long answers only the rows are known. Types are Trino's too. */
export function expectRecorded(actual: Answer, expected: Exclude<RecordedAnswer, { readonly error: string }>, sql: string): void {
  if ('rows' in expected) {
    expect(actual.columns.map(({ type }) => type)).toEqual(expected.columns.map(({ type }) => type))
    expectAnswer(actual, expected, sql)
    return
  }
  const rows = canonicalRows(actual)
  expect({ count: rows.length, sha256: digest(rows) }).toEqual(expected)
}

/** What a LIMIT leaves of an answer is a part of it, as long as it may be. */
export function expectPart(part: Answer, whole: Answer, limit: number): void {
  expect(part.rows.length).toBe(Math.min(limit, whole.rows.length))
  const left = new Map<string, number>()
  for (const row of canonicalRows(whole)) left.set(row, (left.get(row) ?? 0) + 1)
  for (const row of canonicalRows(part)) {
    const count = left.get(row) ?? 0
    expect(count, row).toBeGreaterThan(0)
    left.set(row, count - 1)
  }
}
