/** Doubles and reals in JSON, finite rows beside rows that are not; JavaScript's own numbers and Trino's names of the others are the oracle. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWeir, type WeirServer } from '#tests/support/weir'

let weir: WeirServer

beforeAll(async () => {
  weir = await startWeir()
})

afterAll(async () => {
  await weir?.stop()
})

const VALUES = [
  0.1,
  -0,
  1e22,
  1e-7,
  5e-324,
  1.7976931348623157e308,
  123456789.125,
  100,
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  null,
]

const literal = (value: number | null, type: string): string => {
  if (value === null) return `CAST(NULL AS ${type})`
  return `${type} '${Number.isNaN(value) ? 'NaN' : Object.is(value, -0) ? '-0.0' : value}'`
}
/** A real's shortest text has at most nine digits; with seven it is the number's own. */
const isPlainReal = (value: number): boolean =>
  value === 0 || (Number(value.toPrecision(7)) === value && Math.abs(Math.log10(Math.abs(value))) < 30)
const told = (value: number | null): unknown => (value === null || Number.isFinite(value) ? value : String(value))

it.each(['json', 'ndjson'])('%s: each pair of values', async (format) => {
  const reals = VALUES.filter((value) => value === null || !Number.isFinite(value) || isPlainReal(value))
  const pairs = VALUES.flatMap((x) => reals.map((y) => [x, y] as const))
  const rows = pairs.map(([x, y], n) => `(${n}, ${literal(x, 'double')}, ${literal(y, 'real')}, 'n${n}')`)
  const sql = `SELECT * FROM (VALUES ${rows.join(', ')}) t(n, x, y, name)`
  const accept = format === 'json' ? 'application/json' : 'application/x-ndjson'
  const response = await weir.request('/api/v1/sql', { method: 'POST', headers: { 'content-type': 'text/plain', accept }, body: sql })
  expect(response.status).toBe(200)
  const text = await response.text()
  const given: readonly unknown[][] =
    format === 'json'
      ? JSON.parse(text).rows
      : text
          .trim()
          .split('\n')
          .map((line) => Object.values(JSON.parse(line)))
  const expected = pairs.map(([x, y], n) => [n, told(x), told(y), `n${n}`])
  expect(given.toSorted(([a], [b]) => Number(a) - Number(b))).toEqual(expected)
})
