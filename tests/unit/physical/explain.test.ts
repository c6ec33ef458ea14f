/** EXPLAIN's texts and JSON over tables in memory; the shapes are those of Trino's documentation. */
import { expect, it } from 'vitest'
import { optimize } from '#src/optimize/optimizer'
import { explainPlan } from '#src/physical/explain'
import type { PhysicalPlan } from '#src/physical/plan'
import { planQuery } from '#src/physical/plan-query'
import { CHUNK_BYTES, FILE_BYTES, fakeLake } from '#tests/support/fake-lake'
import { analyzed, PLAN_TABLES } from '#tests/support/plan-tables'

const orders = PLAN_TABLES.find(({ name }) => name === 'orders')
/** Days 2024-01-30 and 2024-01-31, one file each with two row groups. */
const files = [19_752n, 19_753n].map((day) => ({
  path: `orders/dt=${day}/f.parquet`,
  keys: [day],
  rowGroups: [
    [[1n, 1n, 100n, 'a', null]],
    [
      [5n, 2n, 200n, 'b', null],
      [6n, 2n, 300n, null, null],
    ],
  ],
}))

async function planned(sql: string): Promise<PhysicalPlan> {
  if (orders === undefined) throw new Error('no table orders')
  const { plan } = optimize(analyzed(sql), { verify: true })
  return planQuery(plan, fakeLake(orders, files).sources, { signal: new AbortController().signal })
}

const SQL = "SELECT o.custkey, count(*) FROM orders o WHERE dt = DATE '2024-01-31' AND orderkey > 4 AND total > 0 GROUP BY o.custkey"

it('prints a distributed plan as one fragment, with what each scan reads and skips', async () => {
  expect(explainPlan(await planned(SQL), { type: 'distributed', format: 'text' })).toBe(
    `Fragment 0 [SINGLE]
    Output layout: [custkey, count]
    Output partitioning: SINGLE []
    Output[custkey, _col1 := count]
    │   Layout: [custkey:bigint, count:bigint]
    └─ Aggregate[custkey; count := count(*)]
       │   Layout: [custkey:bigint, count:bigint]
       └─ Filter[(dt = DATE '2024-01-31') AND (orderkey > BIGINT '4') AND (total > 0.00)]
          │   Layout: [orderkey:bigint, custkey:bigint, total:decimal(12,2), dt:date]
          └─ TableScan[default.orders; orderkey, custkey, total, dt; predicate (dt = DATE '2024-01-31') AND (orderkey > BIGINT '4') AND (total > 0.00)]
                 Layout: [orderkey:bigint, custkey:bigint, total:decimal(12,2), dt:date]
                 Partitions: 1 of 2 (1 skipped by partition predicate)
                 Files: 1 of 2 (1 skipped by partition predicate)
                 Row groups: 1 (1 skipped by statistics)
                 Bytes: ${3 * CHUNK_BYTES}B of ${((2 * FILE_BYTES) / 1024).toFixed(2)}kB, 2 rows
                 Listing: flat`,
  )
})

it('prints a logical plan without fragments, subqueries among the children, hints at the end', async () => {
  const plan = await planned('SELECT 1 FROM orders WHERE priority = (SELECT max(priority) FROM orders)')
  expect(
    explainPlan(plan, { type: 'logical', format: 'text' })
      .split('\n')
      .map((line) => line.replace(/\[.*/, '')),
  ).toEqual([
    'Output',
    '│   Layout: ',
    '└─ Project',
    '   │   Layout: ',
    '   └─ Filter',
    '      │   Layout: ',
    '      ├─ subquery#1:',
    '      │     Aggregate',
    '      │     │   Layout: ',
    '      │     └─ TableScan',
    '      │            Layout: ',
    '      │            Partitions: 2 of 2',
    '      │            Files: 2 of 2',
    '      │            Row groups: 4 of 4',
    '      │            Bytes: 400B of 19.53kB, 6 rows',
    '      │            Listing: flat',
    '      └─ TableScan',
    '             Layout: ',
    '             Partitions: 2 of 2',
    '             Files: 2 of 2',
    '             Row groups: 4 of 4',
    '             Bytes: 400B of 19.53kB, 6 rows',
    '             Listing: flat',
    '',
    'Hint: default.orders: no predicate on partition key dt: all 2 partitions are read',
  ])
})

it('prints Trino-shaped JSON', async () => {
  const fragments = JSON.parse(explainPlan(await planned(SQL), { type: 'distributed', format: 'json' }))
  expect(Object.keys(fragments)).toEqual(['0'])
  const [aggregate] = fragments['0'].children
  expect(aggregate).toMatchObject({
    id: '1',
    name: 'Aggregate',
    outputs: [
      { symbol: 'custkey', type: 'bigint' },
      { symbol: 'count', type: 'bigint' },
    ],
    estimates: [{ outputRowCount: 'NaN', outputSizeInBytes: 'NaN', cpuCost: 'NaN', memoryCost: 'NaN', networkCost: 'NaN' }],
  })
  const [scan] = aggregate.children[0].children
  expect(scan).toMatchObject({
    name: 'TableScan',
    descriptor: { table: 'default.orders' },
    estimates: [{ outputRowCount: 2, outputSizeInBytes: 3 * CHUNK_BYTES }],
    io: { partitions: { total: 2, kept: 1 }, rowGroups: { total: null, kept: 1 } },
    children: [],
  })
})

it('prints TYPE IO as Trino does', async () => {
  const plan = await planned(
    "SELECT count(*) FROM orders WHERE dt BETWEEN DATE '2024-01-30' AND DATE '2024-02-29' AND (orderkey > 4 OR orderkey IN (1, 2)) AND priority <> 'x' AND custkey + 1 > 2",
  )
  expect(JSON.parse(explainPlan(plan, { type: 'io', format: 'text' }))).toEqual({
    inputTableColumnInfos: [
      {
        table: { catalog: 'lake', schemaTable: { schema: 'default', table: 'orders' } },
        constraint: {
          none: false,
          columnConstraints: [
            {
              columnName: 'orderkey',
              type: 'bigint',
              domain: {
                nullsAllowed: false,
                ranges: [
                  { low: { value: '1', bound: 'EXACTLY' }, high: { value: '1', bound: 'EXACTLY' } },
                  { low: { value: '2', bound: 'EXACTLY' }, high: { value: '2', bound: 'EXACTLY' } },
                  { low: { value: '4', bound: 'ABOVE' }, high: { bound: 'BELOW' } },
                ],
              },
            },
            {
              columnName: 'priority',
              type: 'varchar',
              domain: {
                nullsAllowed: false,
                ranges: [
                  { low: { bound: 'ABOVE' }, high: { value: 'x', bound: 'BELOW' } },
                  { low: { value: 'x', bound: 'ABOVE' }, high: { bound: 'BELOW' } },
                ],
              },
            },
            {
              columnName: 'dt',
              type: 'date',
              domain: {
                nullsAllowed: false,
                ranges: [{ low: { value: '2024-01-30', bound: 'EXACTLY' }, high: { value: '2024-02-29', bound: 'EXACTLY' } }],
              },
            },
          ],
        },
        estimate: { outputRowCount: 4, outputSizeInBytes: 6 * CHUNK_BYTES, cpuCost: 6 * CHUNK_BYTES, maxMemory: 0, networkCost: 0 },
      },
    ],
    estimate: { outputRowCount: 'NaN', outputSizeInBytes: 'NaN', cpuCost: 6 * CHUNK_BYTES, maxMemory: 'NaN', networkCost: 0 },
  })
})

it('adds what the query did, for ANALYZE', async () => {
  const run = {
    rows: 3,
    rejectedRows: 0,
    bytes: { fromStore: 2048, fromCache: 10 },
    requests: { list: 1, head: 0, get: 2 },
    queueMs: 0.1,
    planMs: 2,
    listMs: 1.5,
    footerMs: 0.25,
    fetchMs: 3.25,
    kernelMs: 4,
    elapsedMs: 9.5,
  }
  const lines = explainPlan(await planned(SQL), { type: 'distributed', format: 'text', run }).split('\n')
  expect(lines.slice(0, 4)).toEqual([
    'Queued: 0.1ms, Planning: 2.0ms (listing: 1.5ms, footers: 0.3ms), Fetching: 3.3ms, Execution: 4.0ms, Elapsed: 9.5ms',
    'Input: 2.00kB from the store, 10B from the cache; requests: 1 list, 0 head, 2 get',
    'Output: 3 rows',
    'Fragment 0 [SINGLE]',
  ])
})

it('draws a graph', async () => {
  const graph = explainPlan(await planned('SELECT orderkey FROM orders LIMIT 1'), { type: 'logical', format: 'graphviz' })
  expect(graph.split('\n').map((line) => line.replace(/label=.*/, 'label'))).toEqual([
    'digraph logical_plan {',
    '  node_0 [shape=box, label',
    '  node_1 [shape=box, label',
    '  node_2 [shape=box, label',
    '  node_1 -> node_2;',
    '  node_0 -> node_1;',
    '}',
  ])
})
