/** The same query over the same objects is answered without reading them again; anything else is computed. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'
import { copyBytes } from '#tests/support/sample-objects'
import { jsonOf, startWeir, type WeirServer } from '#tests/support/weir'

let s3: S3TestServer
let weir: WeirServer

const sales = (from: number) => copyBytes(`SELECT i AS id, i % 10 AS kind FROM range(${from}, ${from + 1000}) t(i)`, 'FORMAT parquet')

beforeAll(async () => {
  s3 = await startS3Server({ buckets: ['lake'] })
  for (const day of [1, 2, 3]) s3.put('lake', `sales/day=${day}/part.parquet`, await sales(day * 1000))
  weir = await startWeir({ env: s3.env })
  const added = await weir.request('/api/v1/tables', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ schema: 'default', name: 'sales', location: 's3://lake/sales/' }),
  })
  expect(added.status).toBe(201)
})

afterAll(async () => {
  await weir?.stop()
  await s3?.close()
})

async function run(sql: string, headers: Record<string, string> = {}, more: object = {}) {
  const before = s3.log.length
  const response = await weir.request('/api/v1/sql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ sql, ...more }),
  })
  const answer = await jsonOf(response)
  expect(answer.error).toBeUndefined()
  const objects = s3.log.slice(before).filter((request) => request.key !== '').length
  return { rows: answer.rows, reused: answer.stats.resultReused, counted: answer.stats.rows, objects }
}

const SUM = 'SELECT day, sum(id) AS total FROM sales WHERE kind < 5 GROUP BY day ORDER BY day'

describe('result reuse', () => {
  it('gives the stored rows with no request for an object', async () => {
    const first = await run(SUM)
    expect(first.reused).toBe(false)
    const second = await run(SUM)
    expect(second).toEqual({ rows: first.rows, reused: true, counted: 3, objects: 0 })
  })

  it('takes the same plan for the same query, however it is written', async () => {
    const other = await run('select day, SUM(s.id) as total\nfrom lake.default.sales s where s.kind < 5 group by 1 order by 1')
    expect(other.reused).toBe(true)
  })

  it('computes again for other constants, zones and formats, and when told to', async () => {
    const first = await run(SUM)
    expect((await run(SUM.replace('< 5', '< 6'))).rows).not.toEqual(first.rows)
    expect((await run(SUM, {}, { timeZone: 'Europe/Paris' })).reused).toBe(false)
    expect((await run(SUM, { 'cache-control': 'no-cache' })).reused).toBe(false)
    const csv = await weir.request('/api/v1/sql', {
      method: 'POST',
      headers: { accept: 'text/csv', 'content-type': 'text/plain' },
      body: SUM,
    })
    expect(await csv.text()).toBe(`day,total\n${(first.rows as unknown[][]).map((row) => `${row.join(',')}\n`).join('')}`)
  })

  it('computes again when an object is replaced, added or removed', async () => {
    const before = await run(SUM)
    s3.put('lake', 'sales/day=2/part.parquet', await sales(50_000))
    const replaced = await run(SUM)
    expect(replaced.reused).toBe(false)
    expect(replaced.rows).not.toEqual(before.rows)
    s3.put('lake', 'sales/day=4/part.parquet', await sales(4000))
    expect((await run(SUM)).rows).toHaveLength(4)
    s3.remove('lake', 'sales/day=4/part.parquet')
    expect(await run(SUM)).toMatchObject({ rows: replaced.rows })
  })

  it('never reuses what is not the same each time', async () => {
    for (const sql of ['SELECT max(random() + id) FROM sales', 'SELECT count(*) FROM sales TABLESAMPLE BERNOULLI (50) WHERE kind > 1']) {
      await run(sql)
      expect((await run(sql)).reused).toBe(false)
    }
    const now = 'SELECT max(id), max(to_unixtime(now()) + kind) FROM sales'
    const [one, two] = [await run(now), await run(now)]
    expect([one.reused, two.reused]).toEqual([false, false])
  })

  it('is shown, emptied and switched off', async () => {
    const stats = await jsonOf(await weir.request('/api/v1/cache'))
    expect(stats.results.entries).toBeGreaterThan(0)
    expect((await weir.request('/api/v1/cache', { method: 'DELETE' })).status).toBe(204)
    expect((await run(SUM)).reused).toBe(false)
    const other = await startWeir({ env: s3.env, args: ['--result-cache-size', '0', '--allow', 's3://lake/'] })
    try {
      await other.request('/api/v1/tables', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ schema: 'default', name: 'sales', location: 's3://lake/sales/' }),
      })
      for (const _ of [1, 2]) {
        const answer = await jsonOf(
          await other.request('/api/v1/sql', { method: 'POST', headers: { 'content-type': 'text/plain' }, body: SUM }),
        )
        expect(answer.stats.resultReused).toBe(false)
      }
    } finally {
      await other.stop()
    }
  })
})
