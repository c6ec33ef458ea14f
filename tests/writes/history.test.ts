/** Random histories of statements against a model that a child can check, by two servers on one catalog in turns. */

import '#tests/support/fixed-seed'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { WeirServer } from '#tests/support/weir'
import { describeLakes, useServerPair } from './describe-lakes.ts'

interface Row {
  readonly x: number
  readonly k: number
}

/** Undefined: there is no such table. */
type Model = readonly Row[] | undefined

interface Step {
  readonly sql: string
  /** Undefined: the statement is refused. */
  readonly next: (model: Model) => Model | 'refused'
}

const KEYS = [0, 1, 2]
const row = fc.record({ x: fc.integer({ min: 0, max: 99 }), k: fc.constantFrom(...KEYS) })
const rowsOf = (min: number) => fc.array(row, { minLength: min, maxLength: 4 })
const values = (list: readonly Row[]): string =>
  list.length === 0 ? 'SELECT 1, 1 WHERE false' : `VALUES ${list.map(({ x, k }) => `(${x}, ${k})`).join(', ')}`
const existing =
  (change: (rows: readonly Row[]) => readonly Row[]): Step['next'] =>
  (model) =>
    model === undefined ? 'refused' : change(model)

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: rowsOf(0).map(
      (given): Step => ({
        sql: `CREATE TABLE h (x, k) WITH (partitioned_by = ARRAY['k']) AS ${values(given)}`,
        next: (model) => (model === undefined ? given : 'refused'),
      }),
    ),
  },
  {
    weight: 3,
    arbitrary: rowsOf(0).map((given): Step => ({ sql: `INSERT INTO h ${values(given)}`, next: existing((rows) => [...rows, ...given]) })),
  },
  {
    weight: 2,
    arbitrary: rowsOf(0).map(
      (given): Step => ({
        sql: `INSERT OVERWRITE h ${values(given)}`,
        next: existing((rows) => [...rows.filter(({ k }) => !given.some((other) => other.k === k)), ...given]),
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...KEYS), rowsOf(0)).map(
      ([key, given]): Step => ({
        sql: `INSERT OVERWRITE TABLE h PARTITION (k = ${key}) SELECT x FROM (${values(given)}) t(x, k)`,
        next: existing((rows) => [...rows.filter(({ k }) => k !== key), ...given.map(({ x }) => ({ x, k: key }))]),
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(fc.constantFrom(...KEYS), fc.constantFrom(...KEYS)).map(
      ([from, to]): Step => ({
        sql: `INSERT OVERWRITE TABLE h PARTITION (k = ${to}) SELECT x + 1 FROM h WHERE k = ${from}`,
        next: existing((rows) => [
          ...rows.filter(({ k }) => k !== to),
          ...rows.filter(({ k }) => k === from).map(({ x }) => ({ x: x + 1, k: to })),
        ]),
      }),
    ),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(...KEYS).map(
      (key): Step => ({
        sql: `INSERT INTO h SELECT x, k FROM h WHERE k <= ${key}`,
        next: existing((rows) => [...rows, ...rows.filter(({ k }) => k <= key)]),
      }),
    ),
  },
  {
    weight: 2,
    arbitrary: fc.constantFrom(...KEYS).map(
      (key): Step => ({
        sql: `DELETE FROM h WHERE k + 1 > ${key}`,
        next: existing((rows) => rows.filter(({ k }) => k + 1 <= key)),
      }),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>({ sql: 'TRUNCATE TABLE h', next: existing(() => []) }) },
  { weight: 1, arbitrary: fc.constant<Step>({ sql: 'DROP TABLE h', next: (model) => (model === undefined ? 'refused' : undefined) }) },
)

/** Fewer where each request goes to a server of its own. */
const HISTORIES = (name: string): number => (name === 'folder' ? 25 : 10)

describeLakes('on', (open, name) => {
  const pair = useServerPair(open, '500MB')

  it('holds what the model holds after every step', async () => {
    const contents = async (server: WeirServer): Promise<Model> => {
      const { json } = await server.sql('SELECT x, k FROM h ORDER BY k, x')
      if (json.error?.name === 'TABLE_NOT_FOUND') return undefined
      if (json.error !== undefined) throw new Error(json.error.message)
      return json.rows.map(([x, k]) => ({ x: Number(x), k: Number(k) }))
    }
    const sorted = (rows: readonly Row[]) => rows.toSorted((a, b) => a.k - b.k || a.x - b.x)
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        await pair()[0].sql('DROP TABLE IF EXISTS h')
        let model: Model
        for (const [index, { sql, next }] of steps.entries()) {
          const [writer, reader] = index % 2 === 0 ? pair() : pair().toReversed()
          const { json } = await (writer as WeirServer).sql(sql)
          const expected = next(model)
          expect([sql, json.error !== undefined]).toEqual([sql, expected === 'refused'])
          if (expected !== 'refused') model = expected
          expect([sql, await contents(reader as WeirServer)]).toEqual([sql, model && sorted(model)])
        }
      }),
      { numRuns: HISTORIES(name), interruptAfterTimeLimit: 120_000, markInterruptAsFailure: false },
    )
  })
})
