/** Aggregates that need no data: their rows, and when they are not answered so. */
import { describe, expect, it } from 'vitest'
import type { Expr } from '#src/logical/expression'
import type { LogicalPlan } from '#src/logical/plan'
import { walkPlan } from '#src/logical/plan-walk'
import { optimize } from '#src/optimize/optimizer'
import type { PhysicalPlan } from '#src/physical/plan'
import { planQuery } from '#src/physical/plan-query'
import type { Value } from '#src/types/value'
import { type FakeFile, fakeLake } from '#tests/support/fake-lake'
import { analyzed, PLAN_TABLES } from '#tests/support/plan-tables'

const orders = PLAN_TABLES.find(({ name }) => name === 'orders')
/** orderkey, custkey, total, priority, comment; dt 2024-01-30 (3 rows), 2024-01-31 (1 row), NULL (1 row), 2024-02-01 (no row). */
const files: readonly FakeFile[] = [
  {
    path: 'orders/a',
    keys: [19_752n],
    rowGroups: [
      [[7n, 1n, 150n, 'b', null]],
      [
        [3n, null, -50n, 'a', null],
        [5n, null, 25n, null, null],
      ],
    ],
  },
  { path: 'orders/b', keys: [19_753n], rowGroups: [[[9n, null, 10n, 'c', null]]] },
  { path: 'orders/c', keys: [null], rowGroups: [[[4n, 2n, null, 'd', null]]] },
  { path: 'orders/d', keys: [19_754n], rowGroups: [[]] },
]

async function plan(sql: string, change: (file: FakeFile) => FakeFile = (file) => file): Promise<PhysicalPlan> {
  if (orders === undefined) throw new Error('no table orders')
  return planQuery(optimize(analyzed(sql), { verify: true }).plan, fakeLake(orders, files.map(change)).sources, {
    signal: new AbortController().signal,
  })
}

function valuesOf(root: LogicalPlan): readonly (readonly Value[])[] | undefined {
  let rows: readonly (readonly Expr[])[] | undefined
  walkPlan(root, (node) => {
    if (node.kind === 'values') rows = node.rows
  })
  return rows?.map((row) => row.map((value) => (value.kind === 'literal' ? value.value : null)))
}

describe('answered from footers and keys', () => {
  const cases: readonly (readonly [string, readonly (readonly Value[])[]])[] = [
    ['SELECT count(*) FROM orders', [[5n]]],
    ['SELECT count(*), count(1) FROM orders', [[5n, 5n]]],
    ["SELECT count(*) FROM orders WHERE dt = DATE '2024-01-30'", [[3n]]],
    ['SELECT count(*) FROM orders WHERE dt IS NULL', [[1n]]],
    ["SELECT count(*) FROM orders WHERE dt = DATE '1999-01-01'", [[0n]]],
    ['SELECT min(orderkey), max(orderkey) FROM orders', [[3n, 9n]]],
    ['SELECT min(total), max(total) FROM orders', [[-50n, 150n]]],
    ['SELECT max(custkey) FROM orders', [[2n]]],
    ["SELECT max(custkey) FROM orders WHERE dt = DATE '2024-01-31'", [[null]]],
    ['SELECT min(dt), max(dt) FROM orders', [[19_752n, 19_753n]]],
    ['SELECT DISTINCT dt FROM orders', [[19_752n], [19_753n], [null]]],
    [
      'SELECT dt, count(*), max(orderkey) FROM orders GROUP BY dt',
      [
        [19_752n, 3n, 7n],
        [19_753n, 1n, 9n],
        [null, 1n, 4n],
      ],
    ],
    // Row groups that the bounds exclude or include as a whole.
    ['SELECT count(*) FROM orders WHERE orderkey >= 7', [[2n]]],
  ]
  for (const [sql, rows] of cases) {
    it(sql, async () => {
      const physical = await plan(sql)
      expect(valuesOf(physical.root)).toEqual(rows)
      expect(physical.scans.size).toBe(0)
      expect(physical.totals.bytes.kept).toBe(0)
      expect(physical.totals.files.kept).toBe(0)
    })
  }
})

describe('not answered from metadata', () => {
  const cases = [
    'SELECT count(*) FROM orders WHERE orderkey > 4',
    'SELECT min(priority) FROM orders',
    'SELECT count(custkey) FROM orders',
    'SELECT count(DISTINCT dt) FROM orders',
    'SELECT sum(orderkey) FROM orders',
    'SELECT max(orderkey + 1) FROM orders',
    'SELECT count(*) FILTER (WHERE total > 0) FROM orders',
    'SELECT priority, count(*) FROM orders GROUP BY priority',
    'SELECT dt, count(*) FROM orders GROUP BY ROLLUP (dt)',
    'SELECT count(*) FROM (SELECT * FROM orders LIMIT 2)',
    'SELECT count(*) FROM orders TABLESAMPLE BERNOULLI (50)',
    'SELECT count(*) FROM orders WHERE custkey IN (SELECT custkey FROM orders)',
  ]
  for (const sql of cases) {
    it(sql, async () => {
      const physical = await plan(sql)
      expect(valuesOf(physical.root)).toBeUndefined()
      expect(physical.scans.size).toBeGreaterThan(0)
    })
  }

  it('without statistics, except what counts rows', async () => {
    const bare = (file: FakeFile): FakeFile => ({ ...file, withoutStatistics: true })
    expect((await plan('SELECT max(orderkey) FROM orders', bare)).scans.size).toBe(1)
    expect(valuesOf((await plan('SELECT count(*) FROM orders', bare)).root)).toEqual([[5n]])
  })
})

describe('subqueries that become constants', () => {
  const partitionsOf = (physical: PhysicalPlan): readonly (readonly Value[])[] =>
    [...physical.scans.values()].flatMap((scan) => scan.partitions.map(({ values }) => values))

  it('prune by the latest partition', async () => {
    const physical = await plan('SELECT orderkey FROM orders WHERE dt = (SELECT max(dt) FROM orders)')
    expect(partitionsOf(physical)).toEqual([[19_753n]])
    expect(physical.scans.size).toBe(1)
    expect(physical.totals.files).toEqual({ total: 8, kept: 1 })
  })

  it('are computed with', async () => {
    expect(partitionsOf(await plan("SELECT orderkey FROM orders WHERE dt <= (SELECT max(dt) - INTERVAL '1' DAY FROM orders)"))).toEqual([
      [19_752n],
    ])
  })

  it('leave alone what needs data', async () => {
    const physical = await plan('SELECT orderkey FROM orders WHERE dt = (SELECT max(dt) FROM orders WHERE total > 0)')
    expect(physical.scans.size).toBe(2)
  })

  it('are NULL over no rows', async () => {
    const physical = await plan("SELECT orderkey FROM orders WHERE dt = (SELECT max(dt) FROM orders WHERE dt > DATE '2030-01-01')")
    expect(physical.scans.size).toBe(0)
    expect(valuesOf(physical.root)).toEqual([])
  })
})
