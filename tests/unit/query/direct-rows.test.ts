import { describe, expect, it } from 'vitest'
import type { Table } from '#catalog/model'
import type { PartedRow, SystemTable } from '#src/logical/system-table'
import { optimize } from '#src/optimize/optimizer'
import { directRows, mayBeListing } from '#src/query/direct-rows'
import { BIGINT, BOOLEAN, timestamp, VARCHAR } from '#src/types/type'
import { analyzeText, SHOP_TABLES } from '#tests/support/analysis'

const { signal } = new AbortController()
const [A, B] = [['a'], ['b']]
const PLAIN = [1n, null, true]
/** In the order of name and note, which no row has in the order of place. */
const ROWS: readonly PartedRow[] = [
  [A, ['"quoted"\n\u0001'], PLAIN],
  [A, ['\uffff'], [9_007_199_254_740_993n, null, false]],
  // A pair of surrogates comes behind it, though its first unit is less.
  [A, ['\u{1f600}'], [0n, null, null]],
  [B, [null], PLAIN],
  [B, [null], PLAIN],
]

function systemTable(rows: readonly PartedRow[]): SystemTable {
  return {
    kind: 'system',
    catalog: 'lake',
    schema: 'default',
    name: 'notes',
    columns: [
      { name: 'name', type: VARCHAR },
      { name: 'note', type: VARCHAR },
      { name: 'place', type: BIGINT },
      { name: 'at', type: timestamp(3) },
      { name: 'flag', type: BOOLEAN },
    ],
    load: async () => rows,
  }
}

/** Rows of the frames; undefined: the kernel is needed. */
async function direct(sql: string, rows = ROWS): Promise<readonly string[] | undefined> {
  const plan = analyzeText(sql, { tables: new Map<string, Table | SystemTable>([...SHOP_TABLES, ['notes', systemTable(rows)]]) })
  const frames = await directRows(optimize(plan, { signal }).plan, signal)
  if (frames === undefined) return undefined
  expect(mayBeListing(plan.root)).toBe(true)
  const lines: string[] = []
  for await (const { bytes, rows: count } of frames) {
    const parsed = JSON.parse(`[${Buffer.from(bytes).toString()}]`) as unknown[]
    expect(parsed).toHaveLength(count)
    lines.push(...Buffer.from(bytes).toString().split(',\n'))
  }
  return lines
}

describe('rows without the kernel', () => {
  it('are the columns in the order of the output, encoded as JSON', async () => {
    expect(await direct('SELECT flag, place, note, name FROM notes')).toEqual([
      '[true,1,"\\"quoted\\"\\n\\u0001","a"]',
      '[false,9007199254740993,"\uffff","a"]',
      '[null,0,"\u{1f600}","a"]',
      '[true,1,null,"b"]',
      '[true,1,null,"b"]',
    ])
    expect(await direct('SELECT name, name, flag FROM notes LIMIT 1')).toEqual(['["a","a",true]'])
  })

  it('are those that the predicates keep', async () => {
    const notes = async (predicate: string) => (await direct(`SELECT place FROM notes WHERE ${predicate}`))?.join()
    expect(await notes(`name = 'b'`)).toBe('[1],[1]')
    expect(await notes(`name LIKE 'a%' AND note <> '\uffff'`)).toBe('[1],[0]')
    expect(await notes(`note IS NULL OR place = 0`)).toBe('[0],[1],[1]')
    expect(await notes(`note NOT IN ('\uffff', 'x')`)).toBe('[1],[0]')
    expect(await notes(`note LIKE '%'`)).toBe('[1],[9007199254740993],[0]')
    expect(await notes(`name = 'c'`)).toBe('')
  })

  it('are given when they lie in the order that is asked for', async () => {
    expect(await direct('SELECT place FROM notes ORDER BY name, note LIMIT 2')).toEqual(['[1]', '[9007199254740993]'])
    expect(await direct('SELECT place FROM notes ORDER BY name, note OFFSET 2 LIMIT 2')).toEqual(['[0]', '[1]'])
    expect(await direct('SELECT place FROM notes ORDER BY note, name')).toHaveLength(5)
    expect(await direct('SELECT name FROM notes ORDER BY note NULLS FIRST')).toBeUndefined()
    expect(await direct('SELECT name FROM notes ORDER BY name DESC')).toBeUndefined()
    expect(await direct(`SELECT name FROM notes WHERE name = 'b' ORDER BY name DESC`)).toHaveLength(2)
    expect(await direct('SELECT name FROM notes ORDER BY place')).toBeUndefined()
  })

  it.each([
    ['values that are computed', 'SELECT upper(name) FROM notes'],
    ['constants', 'SELECT name, 1 FROM notes'],
    ['types that are written otherwise', 'SELECT at FROM notes'],
    ['predicates that ranges do not decide', `SELECT name FROM notes WHERE note LIKE '%x%'`],
    ['predicates that may fail', 'SELECT name FROM notes WHERE 1 / place > 0'],
    ['aggregates', 'SELECT count(*) FROM notes'],
    ['joins', 'SELECT n.name FROM notes n JOIN customers c ON n.name = c.name'],
    ['a limit below a predicate', `SELECT name FROM (SELECT * FROM notes LIMIT 3) WHERE name = 'b'`],
    ['a limit below an order', 'SELECT name FROM (SELECT * FROM notes LIMIT 3) ORDER BY name'],
    ['ties', 'SELECT name FROM notes ORDER BY name FETCH FIRST 1 ROW WITH TIES'],
    ['lake tables', 'SELECT name FROM customers'],
  ])('are not there for %s', async (_what, sql) => expect(await direct(sql)).toBeUndefined())

  it('of a table without rows are none', async () => {
    expect(await direct('SELECT name FROM notes WHERE place = 1 ORDER BY note', [])).toEqual([])
  })

  it('leave in frames of about a megabyte, one that is longer in its own', async () => {
    const long = 'x'.repeat(3_000_000)
    const rows = Array.from({ length: 20_000 }, (_, index): PartedRow => [A, [index === 7 ? long : `${'y'.repeat(100)}${index}`], PLAIN])
    expect(await direct('SELECT note FROM notes', rows)).toEqual(rows.map(([, note]) => JSON.stringify(note)))
  })

  it('end when the query ends', async () => {
    const rows = Array.from({ length: 20_000 }, (): PartedRow => [A, A, PLAIN])
    const plan = optimize(analyzeText('SELECT name FROM notes', { tables: new Map([['notes', systemTable(rows)]]) }), { signal }).plan
    await expect(directRows(plan, AbortSignal.abort())).rejects.toThrow('aborted')
  })
})
