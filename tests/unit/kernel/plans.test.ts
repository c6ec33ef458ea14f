import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { analyzeText } from '#tests/support/analysis'
import { joinFrames, type Lake, openLake, prepareScans } from '#tests/support/kernel-lake'

/**
 * Statements whose text means the same in both dialects, or pairs of a statement and what DuckDB must be asked for the
 * same rows. Rows are compared in order when the statement has an ORDER BY at its end.
 */
const QUERIES: readonly (string | readonly [trino: string, duckdb: string])[] = [
  'SELECT 1',
  "SELECT count(*), count(total), sum(total), min(status), max(placed) IS NULL FROM orders WHERE status <> 'open'",
  'SELECT id, total FROM orders WHERE customer = 3 ORDER BY total DESC NULLS FIRST, id',
  [
    'SELECT id FROM orders ORDER BY total NULLS FIRST, id DESC OFFSET 3 LIMIT 7',
    'SELECT id FROM orders ORDER BY total NULLS FIRST, id DESC LIMIT 7 OFFSET 3',
  ],
  'SELECT id FROM orders ORDER BY status, id LIMIT 0',
  [
    'SELECT status FROM orders ORDER BY status FETCH FIRST 3 ROWS WITH TIES',
    "SELECT status FROM orders WHERE status = 'done' ORDER BY status",
  ],
  [
    'SELECT customer FROM orders ORDER BY customer NULLS FIRST OFFSET 5 ROWS FETCH FIRST 7 ROWS WITH TIES',
    'SELECT customer FROM (SELECT customer, rank() OVER (ORDER BY customer NULLS FIRST) r, row_number() OVER (ORDER BY customer NULLS FIRST) n FROM orders) WHERE n > 5 AND r <= 12 ORDER BY customer NULLS FIRST',
  ],
  'SELECT DISTINCT status, customer FROM orders',
  'SELECT status, count(*) c, sum(total) FROM orders GROUP BY status HAVING count(*) > 10 ORDER BY status',
  'SELECT status, customer, count(*), grouping(status, customer) FROM orders GROUP BY GROUPING SETS ((status, customer), (status), (), (status))',
  'SELECT status, customer, sum(id) FROM orders GROUP BY CUBE (status, customer)',
  'SELECT status, customer, sum(id), grouping(customer) FROM orders WHERE false GROUP BY ROLLUP (status, customer)',
  'SELECT count(DISTINCT customer), count(*) FILTER (WHERE total > 100) FROM orders',
  'SELECT o.id, c.name FROM orders o JOIN customers c ON o.customer = c.id WHERE o.id < 40',
  'SELECT o.id, c.name FROM orders o LEFT JOIN customers c ON o.customer = c.id AND c.id > 2 WHERE o.id < 40 ORDER BY o.id',
  'SELECT o.id, c.id FROM orders o FULL JOIN customers c ON o.customer = c.id AND o.id < 5 ORDER BY 1, 2',
  'SELECT c.id, o.id FROM orders o RIGHT JOIN customers c ON o.customer = c.id AND o.total > 290 ORDER BY 1, 2',
  'SELECT count(*) FROM orders, customers WHERE orders.id < customers.id',
  'SELECT c.name, t.s FROM customers c CROSS JOIN LATERAL (SELECT sum(total) AS s FROM orders o WHERE o.customer = c.id) t ORDER BY 1',
  'SELECT c.id, (SELECT max(o.total) FROM orders o WHERE o.customer = c.id) m FROM customers c ORDER BY 1',
  'SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id AND o.total > 250) ORDER BY name',
  'SELECT id FROM customers WHERE id NOT IN (SELECT customer FROM orders WHERE customer IS NOT NULL) ORDER BY id',
  'SELECT id FROM customers WHERE id NOT IN (SELECT customer FROM orders)',
  'SELECT id FROM customers WHERE id >= ALL (SELECT customer FROM orders WHERE customer IS NOT NULL)',
  'SELECT id FROM orders WHERE id < 10 UNION SELECT id FROM customers ORDER BY 1',
  'SELECT customer FROM orders UNION ALL SELECT id FROM customers ORDER BY 1',
  'SELECT customer FROM orders INTERSECT SELECT id FROM customers ORDER BY 1',
  'SELECT customer FROM orders EXCEPT SELECT id FROM customers WHERE id < 4 ORDER BY 1',
  'SELECT customer FROM orders INTERSECT ALL SELECT x FROM (VALUES (1), (1), (2)) t(x) ORDER BY 1',
  'SELECT x FROM (VALUES (1), (1), (2), (NULL), (NULL)) t(x) EXCEPT ALL SELECT x FROM (VALUES (1), (NULL)) u(x) ORDER BY 1',
  'WITH a AS (SELECT customer, sum(total) s FROM orders GROUP BY customer), b AS (SELECT max(s) m FROM a) SELECT a.customer, b.m FROM a, b WHERE a.s > b.m / 2 ORDER BY 1',
  'WITH RECURSIVE r(n, f) AS (SELECT 1, 1 UNION ALL SELECT n + 1, f * (n + 1) FROM r WHERE n < 8) SELECT n, f FROM r ORDER BY n',
  'SELECT id, rank() OVER (PARTITION BY status ORDER BY total DESC NULLS LAST) r, sum(total) OVER (PARTITION BY customer ORDER BY id ROWS BETWEEN 2 PRECEDING AND CURRENT ROW) s FROM orders ORDER BY id',
  'SELECT id, count(*) OVER (ORDER BY id RANGE BETWEEN 3 PRECEDING AND 1 FOLLOWING) c, max(id) OVER (ORDER BY customer GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW) g FROM orders ORDER BY id',
  'SELECT id, lag(total, 2) OVER (ORDER BY id) l, first_value(total) OVER (PARTITION BY status ORDER BY id) f, ntile(4) OVER (ORDER BY id) n FROM orders ORDER BY id',
  [
    'SELECT id, e.sku, e.n FROM orders CROSS JOIN UNNEST(items) AS e(sku, n) ORDER BY id, e.n',
    'SELECT id, i.sku, i.n FROM (SELECT id, unnest(items) i FROM orders) ORDER BY id, i.n',
  ],
  [
    'SELECT id, e.n, o FROM orders LEFT JOIN UNNEST(items) WITH ORDINALITY AS e(sku, n, o) ON TRUE ORDER BY id, o',
    'SELECT id, i.n, o FROM (SELECT id, unnest(CASE WHEN coalesce(len(items), 0) = 0 THEN [NULL] ELSE items END) i, unnest(CASE WHEN coalesce(len(items), 0) = 0 THEN [NULL] ELSE range(1, len(items) + 1) END) o FROM orders) ORDER BY id, o',
  ],
  ['SELECT a, b, o FROM UNNEST(ARRAY[1, 2, 3], ARRAY[4]) WITH ORDINALITY AS t(a, b, o)', 'VALUES (1, 4, 1), (2, NULL, 2), (3, NULL, 3)'],
  [
    'SELECT id, k, v FROM orders CROSS JOIN UNNEST(tags) AS t(k, v) ORDER BY id, k',
    'SELECT id, e.key, e.value FROM (SELECT id, unnest(map_entries(tags)) e FROM orders) ORDER BY id, e.key',
  ],
  "SELECT count(*) FROM orders WHERE dt = DATE '2024-01-02'",
  'SELECT dt, count(*) FROM orders GROUP BY dt ORDER BY dt',
  "SELECT id FROM orders WHERE dt >= DATE '2024-01-02' AND id % 10 = 0 ORDER BY id",
  ["SELECT id, ship.city FROM orders WHERE ship.zip = '1003'", "SELECT id, ship.city FROM orders WHERE ship.zip = '1003'"],
  [
    'SELECT ship, count(*) FROM orders GROUP BY ship ORDER BY 2 DESC, 1',
    'SELECT [ship.city, ship.zip], count(*) FROM orders GROUP BY ship ORDER BY 2 DESC, ship',
  ],
  ['SELECT count(*) FROM (SELECT DISTINCT tags FROM orders)', 'SELECT count(DISTINCT tags) + 1 FROM orders'],
  ['SELECT count(*) FROM orders TABLESAMPLE BERNOULLI (100)', 'SELECT count(*) FROM orders'],
  ['SELECT count(*) FROM orders TABLESAMPLE SYSTEM (0)', 'SELECT 0'],
  [
    "SELECT count(*) FROM (SELECT DISTINCT ts FROM (VALUES TIMESTAMP '2024-01-01 00:00:00 UTC', TIMESTAMP '2024-01-01 01:00:00 +01:00') t(ts))",
    'SELECT 1',
  ],
  [
    "SELECT count(*) FROM (VALUES TIMESTAMP '2024-01-01 00:00:00 UTC') a(x) JOIN (VALUES TIMESTAMP '2024-01-01 01:00:00 +01:00') b(y) ON x = y",
    'SELECT 1',
  ],
  [
    "SELECT ts FROM (VALUES TIMESTAMP '2024-01-01 00:00:00 UTC', TIMESTAMP '2024-01-01 00:30:00 +01:00') t(ts) ORDER BY ts",
    "VALUES ('2024-01-01 00:30:00 +01:00'), ('2024-01-01 00:00:00 UTC')",
  ],
  [
    "SELECT count(*) FROM (SELECT ts FROM (VALUES TIMESTAMP '2024-01-01 00:00:00 UTC') t(ts) UNION SELECT ts FROM (VALUES TIMESTAMP '2024-01-01 01:00:00 +01:00') u(ts))",
    'SELECT 1',
  ],
  [
    "SELECT count(*) FROM (SELECT ts FROM (VALUES TIMESTAMP '2024-01-01 00:00:00 UTC', TIMESTAMP '2024-01-01 00:00:00 UTC') t(ts) EXCEPT ALL SELECT ts FROM (VALUES TIMESTAMP '2024-01-01 01:00:00 +01:00') u(ts))",
    'SELECT 1',
  ],
  [
    'SELECT country, count(*) FROM customers GROUP BY country ORDER BY country',
    "SELECT rpad(country, 2, ' '), count(*) FROM customers GROUP BY country ORDER BY country",
  ],
  ["SELECT count(*) FROM (SELECT id FROM customers ORDER BY 'x', 1.5 FETCH FIRST 1 ROW WITH TIES)", 'SELECT 9'],
  [
    "SELECT id, row_number() OVER (PARTITION BY 2 ORDER BY 'x', id DESC) r FROM customers ORDER BY id",
    'SELECT id, row_number() OVER (ORDER BY id DESC) r FROM customers ORDER BY id',
  ],
  "SELECT id, count(*) OVER (ORDER BY dt RANGE BETWEEN INTERVAL '1' DAY PRECEDING AND CURRENT ROW) c FROM orders ORDER BY id",
  "SELECT id, sum(id) OVER (ORDER BY placed RANGE BETWEEN INTERVAL '5' MINUTE PRECEDING AND INTERVAL '1' MINUTE FOLLOWING) c FROM orders ORDER BY id",
  "SELECT id, sum(id) OVER (ORDER BY dt RANGE BETWEEN INTERVAL '1' MONTH PRECEDING AND CURRENT ROW) c FROM orders ORDER BY id",
  'SELECT id, sum(id) OVER (ORDER BY id ROWS BETWEEN customer PRECEDING AND CURRENT ROW) c FROM orders WHERE customer IS NOT NULL ORDER BY id',
  'SELECT score FROM customers ORDER BY score DESC, id',
]

describe('plans over Parquet give the rows that DuckDB gives', () => {
  let lake: Lake
  const DAYS = ['2024-01-01', '2024-01-02', '2024-01-03']
  beforeAll(async () => {
    lake = await openLake()
    const { oracle, folder } = lake
    for (const [part, day] of DAYS.entries()) {
      await oracle.run(`COPY (
        SELECT i AS id, CASE WHEN i % 11 = 0 THEN NULL ELSE i % 7 END AS customer,
          ['open', 'done', 'paid'][i % 3 + 1] AS status, CASE WHEN i % 13 = 0 THEN NULL ELSE CAST(i * 3.25 AS DECIMAL(12, 2)) END AS total,
          TIMESTAMP '2024-01-01 00:00:00' + to_minutes(i) AS placed,
          CASE WHEN i % 9 = 0 THEN NULL ELSE list_transform(range(i % 4), lambda x: {sku: 's' || x, n: CAST(x AS INTEGER)}) END AS items,
          CASE WHEN i % 8 = 0 THEN NULL ELSE MAP {'a': CAST(i % 2 AS INTEGER), 'b': 2} END AS tags,
          {city: 'c' || i % 3, zip: CAST(1000 + i % 5 AS VARCHAR)} AS ship
        FROM (SELECT CAST(i AS BIGINT) AS i FROM range(${part * 40}, ${part * 40 + 40}) t(i))
      ) TO '${join(folder, `orders-${day}.parquet`)}' (ROW_GROUP_SIZE 2048)`)
    }
    await oracle.run(`COPY (SELECT CAST(i AS BIGINT) AS id, 'name ' || i AS name, ['de', 'f', 'us'][i % 3 + 1] AS country,
      CAST(['1.5', 'NaN', NULL, '-inf', '0.1'][i % 5 + 1] AS DOUBLE) AS score FROM range(1, 10) t(i)) TO '${join(folder, 'customers.parquet')}'`)
    const days = DAYS.map((day) => `SELECT *, DATE '${day}' AS dt FROM read_parquet('${join(folder, `orders-${day}.parquet`)}')`)
    await oracle.run(`CREATE VIEW orders AS ${days.join(' UNION ALL ')}`)
    await oracle.run(`CREATE VIEW customers AS FROM read_parquet('${join(folder, 'customers.parquet')}')`)
  })
  afterAll(() => lake.close())

  const filesOf = (table: string) =>
    table === 'orders'
      ? DAYS.map((day, part) => ({ path: join(lake.folder, `orders-${day}.parquet`), values: [BigInt(19_723 + part)] }))
      : [{ path: join(lake.folder, 'customers.parquet') }]

  const plain = (value: unknown): unknown => {
    if (value === null || value === undefined) return null
    return Array.isArray(value) ? value.map(plain) : String(value)
  }

  it.each(QUERIES.map((entry) => (typeof entry === 'string' ? ([entry, entry] as const) : entry)))('%s', async (trino, duckdb) => {
    const { root, output } = analyzeText(trino)
    const scans = prepareScans(root, filesOf)
    const result = await lake.kernel.execute(lake.query(root, scans, { output }))
    const ours = JSON.parse(`[${(await joinFrames(result)).toString('utf8')}]`) as unknown[][]
    const theirs = (await lake.oracle.runAndReadAll(duckdb)).getRowsJson() as unknown[][]
    const ordered = /ORDER BY [^()]*$/.test(trino)
    const text = (rows: unknown[][]) => {
      const lines = rows.map((row) => JSON.stringify(plain(row)))
      return ordered ? lines : lines.sort()
    }
    expect(text(ours)).toEqual(text(theirs))
  })

  it('refuses a negative or NULL frame offset as Trino does', async () => {
    const { root, output } = analyzeText(
      'SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN customer - 3 PRECEDING AND CURRENT ROW) FROM orders',
    )
    const result = await lake.kernel.execute(lake.query(root, prepareScans(root, filesOf), { output }))
    await expect(joinFrames(result)).rejects.toMatchObject({
      errorName: 'INVALID_WINDOW_FRAME',
      message: 'Window frame starting offset must not be negative or null',
    })
  })
})
