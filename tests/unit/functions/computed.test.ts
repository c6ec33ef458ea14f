/** Functions in JavaScript as the kernel's engine calls them: NULLs, batches, equal arguments, deadlines. */
import { DuckDBInstance } from '@duckdb/node-api'
import { expect, test } from 'vitest'
import { COMPUTED_FUNCTIONS } from '#src/functions/computed/all'
import { computed, fail } from '#src/functions/computed/computed-function'
import { search } from '#src/functions/computed/regexp/match'
import { regexpProgram } from '#src/functions/computed/regexps'
import { registerComputedFunctions } from '#src/kernel/process/computed-functions'

const calls: string[] = []
const RECORDED = [
  computed('weir_test_echo', ['VARCHAR'], 'VARCHAR', (text) => {
    calls.push(text)
    return text
  }),
  computed('weir_test_even', ['BIGINT'], 'BIGINT', (value) => (value % 2n === 0n ? value : fail(`${value} is odd`))),
  computed('weir_test_parts', ['VARCHAR', 'BIGINT'], 'VARCHAR[]', (text, times) =>
    times === 0n ? null : Array.from({ length: Number(times) }, (_, index) => (index === 1 ? null : text)),
  ),
  computed('weir_test_bytes', ['BLOB', 'BOOLEAN'], 'BLOB', (bytes, reversed) => (reversed ? bytes.toReversed() : bytes)),
]

const instance = await DuckDBInstance.create(':memory:', { threads: '2' })
const connection = await instance.connect()
registerComputedFunctions((connection as unknown as { readonly connection: Parameters<typeof registerComputedFunctions>[0] }).connection, [
  ...COMPUTED_FUNCTIONS,
  ...RECORDED,
])
const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson()

test('texts of all lengths cross both ways, in batches, with NULLs between them', async () => {
  const text = `CASE WHEN i % 7 = 0 THEN NULL ELSE repeat('é😀' || i, CAST(i % 5 AS INTEGER)) || chr(0) END`
  const [row] = await rows(
    `SELECT count(*), count(*) FILTER (WHERE weir_test_echo(${text}) IS DISTINCT FROM (${text})) FROM range(10000) r(i)`,
  )
  expect(row).toEqual(['10000', '0'])
})

test('equal arguments are computed once', async () => {
  calls.length = 0
  const [row] = await rows(`SELECT count(DISTINCT weir_test_echo('v' || i % 3)) FROM range(5000) r(i)`)
  expect([row, new Set(calls).size, calls.length]).toEqual([['3'], 3, 3])
})

test('lists with NULL inside, empty and missing ones', async () => {
  expect(
    await rows(
      `SELECT weir_test_parts(t, n) FROM (VALUES ('a', 3), ('b', 1), (NULL, 2), ('c', 0), ('long enough for the heap', 2)) v(t, n)`,
    ),
  ).toEqual([[['a', null, 'a']], [['b']], [null], [null], [['long enough for the heap', null]]])
})

test('bytes and booleans', async () => {
  expect(await rows(`SELECT hex(weir_test_bytes(from_hex('00FF10'), b)) FROM (VALUES (true), (false), (NULL)) v(b)`)).toEqual([
    ['10FF00'],
    ['00FF10'],
    [null],
  ])
})

test('an error has its name; the twin gives NULL; CASE keeps it away', async () => {
  await expect(rows('SELECT weir_test_even(i) FROM range(3) r(i)')).rejects.toThrow('WEIR|INVALID_FUNCTION_ARGUMENT|1 is odd')
  expect(await rows('SELECT try_weir_test_even(i) FROM range(3) r(i)')).toEqual([['0'], [null], ['2']])
  expect(await rows('SELECT CASE WHEN i % 2 = 0 THEN weir_test_even(i) END FROM range(3) r(i)')).toEqual([['0'], [null], ['2']])
})

test('a pattern that doubles its work with each character is answered where no place needs to be tried twice', () => {
  expect(search(regexpProgram('^(a+)+$'), `${'a'.repeat(300)}!`, 0)).toBe(undefined)
})

test('one that cannot be shortened so ends by its deadline', () => {
  expect(() => search(regexpProgram('^(a|aa)+\\1b$'), 'a'.repeat(60), 0)).toThrow('A regular expression took longer than 1 s for one text')
})
