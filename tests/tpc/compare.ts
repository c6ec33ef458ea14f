/** Asserts that an answer of Weir is the expected one. */
import { expect } from 'vitest'
import { type Answer, canonicalRows } from './answer.ts'
import { digest, type RecordedAnswer } from './recorded.ts'
import { sortKeys } from './sort-keys.ts'

/** Equal rows in any order, and the sort keys in the same order: rows that sort alike may come in any. */
export function expectAnswer(actual: Answer, expected: Answer, sql: string): void {
  const rows = [...canonicalRows(expected)].sort()
  expect(settled([...canonicalRows(actual)].sort(), rows, expected.columns)).toEqual(rows)
  const keys = sortKeys(sql, actual.columns)
  const sorted = canonicalRows(expected, keys)
  expect(
    settled(
      canonicalRows(actual, keys),
      sorted,
      keys.map((index) => expected.columns[index] as Answer['columns'][number]),
    ),
  ).toEqual(sorted)
}

/** Of what two sums round to one may be above, the other below the middle: such doubles become those of the expected row. */
function settled(rows: readonly string[], expected: readonly string[], columns: Answer['columns']): readonly string[] {
  return rows.map((row, index) => {
    const wanted = expected[index]
    if (wanted === undefined || row === wanted) return row
    const values: unknown[] = JSON.parse(wanted)
    return JSON.stringify(
      (JSON.parse(row) as unknown[]).map((value, at) => (sameDouble(value, values[at], columns[at]?.type) ? values[at] : value)),
    )
  })
}

const LAST_DIGIT = 1.1e-8

function sameDouble(value: unknown, wanted: unknown, type: string | undefined): boolean {
  if (typeof value !== 'string' || typeof wanted !== 'string' || !/^double$/i.test(type ?? '')) return false
  return Math.abs(Number(value) - Number(wanted)) <= LAST_DIGIT * Math.abs(Number(wanted))
}

/** As above; of long answers only the rows are known. Names and types are Trino's too. */
export function expectRecorded(actual: Answer, expected: Exclude<RecordedAnswer, { readonly error: string }>, sql: string): void {
  if (expected.columns !== undefined) expect(actual.columns).toEqual(expected.columns)
  if ('rows' in expected) {
    expectAnswer(actual, expected, sql)
    return
  }
  const rows = canonicalRows(actual)
  expect({ count: rows.length, sha256: digest(rows) }).toEqual({ count: expected.count, sha256: expected.sha256 })
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
