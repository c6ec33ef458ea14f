/** Queries that need more bytes at once than the cache holds give the rows that they give with a large cache. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'
import { copyBytes } from '#tests/support/sample-objects'
import { startWeir, type WeirServer } from '#tests/support/weir'

let s3: S3TestServer
let small: WeirServer
let large: WeirServer
const BUDGET = 4_000_000

beforeAll(async () => {
  s3 = await startS3Server({ buckets: ['lake'] })
  const rows = (from: number, to: number) =>
    copyBytes(
      `SELECT i AS id, (hash(i) % 1000)::INTEGER AS customer, ((hash(i * 7) % 100000)::BIGINT / 100)::DECIMAL(12, 2) AS price, (hash(i * 3) % 1000) / 8.0 AS weight,
         'text ' || hash(i * 5) % 50 AS name, CASE WHEN i % 3 = 0 THEN NULL ELSE i % 100 END AS maybe, TIMESTAMP '2024-01-01' + to_seconds(i) AS at FROM range(${from}, ${to}) t(i)`,
      'FORMAT parquet, COMPRESSION uncompressed, ROW_GROUP_SIZE 20480',
    )
  for (let part = 0; part < 6; part++)
    s3.put('lake', `orders/day=2024-01-0${part + 1}/part.parquet`, await rows(part * 40_000, (part + 1) * 40_000))
  s3.put('lake', 'single/whole.parquet', await rows(0, 200_000))
  for (let part = 0; part < 5; part++)
    s3.put(
      'lake',
      `mixed/part-${part}.parquet`,
      await copyBytes(
        `SELECT i AS id, CASE WHEN i % 5 = 0 THEN 'nan'::DOUBLE WHEN i % 7 = 0 THEN -0.0 ELSE i / 4.0 END AS d, (i % 9)::FLOAT / 3 AS r, [i, NULL, i % 3] AS l,
           MAP {'a' || i % 4: i, 'b': NULL} AS m, {'p': i % 11, 'q': [{'x': DATE '2024-01-01' + (i % 40)::INTEGER}]} AS s, ('2024-01-01 00:00:00+00'::TIMESTAMPTZ + to_seconds(i)) AS z,
           TIME '00:00:00' + to_microseconds(i) AS t, encode('bytes ' || i) AS b, i % 2 = 0 AS f, (i * 1000003)::DECIMAL(38, 10) AS n, sha256(i::VARCHAR) AS pad
         FROM range(${part * 15_000}, ${(part + 1) * 15_000}) t(i)`,
        'FORMAT parquet, COMPRESSION uncompressed, ROW_GROUP_SIZE 4096',
      ),
    )
  s3.put('lake', 'customers/all.parquet', await copyBytes("SELECT i::INTEGER AS customer, 'c' || i AS title FROM range(1000) t(i)"))
  const servers = await Promise.all([BUDGET, 1_000_000_000].map((size) => startWeir({ env: s3.env, args: ['--cache-size', String(size)] })))
  small = servers[0] as WeirServer
  large = servers[1] as WeirServer
  for (const server of servers) {
    for (const name of ['orders', 'single', 'mixed', 'customers']) {
      const added = await server.request('/api/v1/tables', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ schema: 'default', name, location: `s3://lake/${name}/` }),
      })
      expect(added.status).toBe(201)
    }
  }
})

afterAll(async () => {
  await Promise.all([small?.stop(), large?.stop()])
  await s3?.close()
})

/** Stored rows of stages. */
const leftovers = (): readonly string[] => {
  const spill = join(small.data, 'spill')
  return existsSync(spill)
    ? readdirSync(spill, { recursive: true })
        .map(String)
        .filter((name) => name.includes('stage-'))
    : []
}

const QUERIES: Readonly<Record<string, string>> = {
  'a total': 'SELECT count(*), count(maybe), sum(id), min(name), max(at), sum(price), max(weight), bool_or(maybe = 99) FROM orders',
  groups: 'SELECT customer, name, count(*) AS n, sum(price) AS revenue, max(at) FROM orders WHERE id % 7 <> 3 GROUP BY 1, 2 ORDER BY 1, 2',
  'groups by a key of the path': 'SELECT day, sum(id) FILTER (WHERE maybe IS NULL), count(*) FROM orders GROUP BY day ORDER BY day',
  'an average, a distinct count':
    'SELECT name, avg(price), count(DISTINCT customer), approx_distinct(id) > 0 FROM orders GROUP BY name ORDER BY name',
  'grouping sets': 'SELECT day, name, sum(id) FROM orders GROUP BY ROLLUP (day, name) ORDER BY 1, 2',
  'distinct rows': 'SELECT DISTINCT customer, maybe FROM orders ORDER BY 1, 2',
  'the first rows': 'SELECT id, price, name FROM orders ORDER BY price DESC, id OFFSET 5 LIMIT 20',
  'first rows with ties': 'SELECT price FROM orders ORDER BY price DESC FETCH FIRST 3 ROWS WITH TIES',
  'a join': `SELECT c.title, sum(o.price) FROM orders o JOIN customers c ON o.customer = c.customer WHERE o.id % 2 = 0 GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 10`,
  'a join of two large tables': `SELECT count(*), sum(a.id + b.id) FROM orders a JOIN single b ON a.id = b.id AND a.price = b.price WHERE a.weight < 60`,
  'a window':
    'SELECT * FROM (SELECT id, rank() OVER (PARTITION BY customer ORDER BY price DESC, id) AS place FROM orders) WHERE place = 1 ORDER BY id',
  'a query used twice': `WITH t AS (SELECT customer, price, at FROM orders WHERE maybe > 10) SELECT count(*), (SELECT max(at) FROM t) FROM t WHERE price > (SELECT avg(price) FROM t)`,
  'a correlated subquery': `SELECT count(*) FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.customer AND o.price > 999.9)`,
  'a union': `SELECT day, count(*) FROM (SELECT day, id FROM orders UNION ALL SELECT day, id FROM orders WHERE id % 10 = 0) GROUP BY day ORDER BY day`,
  'one file of many row groups': 'SELECT name, min(id), max(price), sum(weight) FROM single GROUP BY name ORDER BY name',
  'values of all types': 'SELECT a.* FROM mixed a JOIN customers c ON a.id = c.customer * 70 WHERE length(a.pad) = 64 ORDER BY a.id',
  'NaN above the stored rows':
    "SELECT max(d), min(d), count(DISTINCT d), count(*) FILTER (WHERE d > 5), sum(n), max(z), min(t) FROM mixed WHERE pad > 'a'",
  'groups of nested values':
    "SELECT l[3], m['b'], s.p, f, max(d), sum(r) > 0, max(b), arbitrary(s.q[1].x) IS NULL FROM mixed WHERE pad > '0' GROUP BY 1, 2, 3, 4 ORDER BY 1, 3, 4",
  'rows of one file': 'SELECT id, price, weight, name, at FROM single WHERE id % 5000 = 1 ORDER BY id',
}

describe('a cache of 4 MB', () => {
  it.each(Object.entries(QUERIES))('%s', async (_what, sql) => {
    const [expected, actual] = [await large.sql(sql), await small.sql(sql)]
    expect(expected.json.error).toBeUndefined()
    expect(actual.json.error).toBeUndefined()
    expect(actual.json.columns).toEqual(expected.json.columns)
    expect(actual.json.rows).toEqual(expected.json.rows)
    expect(actual.json.rows.length).toBeGreaterThan(0)
    expect(leftovers()).toEqual([])
    const { blocks } = (await (await small.request('/api/v1/cache')).json()) as { readonly blocks: { readonly bytes: number } }
    expect(blocks.bytes).toBeLessThanOrEqual(BUDGET)
  })

  it('a result in columns', async () => {
    const ask = (server: WeirServer) =>
      server.request('/api/v1/sql', {
        method: 'POST',
        headers: { 'content-type': 'text/plain', accept: 'application/vnd.apache.parquet' },
        body: 'SELECT * FROM orders',
      })
    const response = await ask(small)
    expect(response.status).toBe(200)
    expect(Buffer.from(await response.arrayBuffer()).toString('latin1', 0, 4)).toBe('PAR1')
    expect(leftovers()).toEqual([])
  })

  it('queries that do not fit together take turns', async () => {
    const sums = await Promise.all(
      Array.from({ length: 8 }, (_, index) =>
        small.sql(`SELECT sum(id * ${index}), sum(price), max(weight) FROM orders WHERE day <= DATE '2024-01-04'`),
      ),
    )
    for (const [index, { json }] of sums.entries()) {
      expect(json.error).toBeUndefined()
      expect(json.rows[0]?.[0]).toBe((160_000 * 159_999 * index) / 2)
    }
  })

  it('what was stored is gone after an error', async () => {
    const { json } = await small.sql('SELECT customer, count(DISTINCT 1 / (id - 200000)) FROM orders GROUP BY customer')
    expect(json.error?.name).toBe('DIVISION_BY_ZERO')
    expect(leftovers()).toEqual([])
  })

  it('each object is read once by each query', async () => {
    await small.request('/api/v1/cache', { method: 'DELETE' })
    const before = s3.log.length
    await small.sql('SELECT customer, avg(weight) AS w, avg(price) AS p, max(name) AS n FROM orders GROUP BY customer')
    const read = s3.log.slice(before).filter(({ key, method, bytes }) => method === 'GET' && key.startsWith('orders/') && bytes > 100_000)
    const requests = read.map(({ key, range }) => `${key} ${range ?? ''}`)
    expect(new Set(read.map(({ key }) => key)).size).toBe(6)
    expect(new Set(requests).size).toBe(requests.length)
  })
})
