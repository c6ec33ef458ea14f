/** What a query reads, by the store's own request log: 1,000 partitions in three levels of keys on the S3 test server. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readFooter } from '#connectors/formats/parquet/read-footer'
import { createStores } from '#connectors/storage/registry'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'
import { copyBytes } from '#tests/support/sample-objects'
import { jsonOf, startWeir, type WeirServer } from '#tests/support/weir'

let s3: S3TestServer
let weir: WeirServer
let bytes: Buffer
const ROWS = 20_000
const PADDING = 8192

/** 10 years x 10 months x 10 days. Spelled with leading zeros, as many lakes are. */
const YEARS = Array.from({ length: 10 }, (_, index) => 2015 + index)
const TENS = Array.from({ length: 10 }, (_, index) => String(index + 1).padStart(2, '0'))

async function register(name: string, location: string): Promise<void> {
  const response = await weir.request('/api/v1/tables', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ schema: 'default', name, location }),
  })
  expect([response.status, (await jsonOf(response)).error]).toEqual([201, undefined])
}

beforeAll(async () => {
  bytes = await copyBytes(
    `SELECT i AS id, i % 100 AS kind, hash(i)::VARCHAR || hash(i + 1)::VARCHAR AS text, i * 0.5 AS ratio FROM range(${ROWS}) t(i)`,
    'FORMAT parquet, ROW_GROUP_SIZE 5000, COMPRESSION uncompressed',
  )
  s3 = await startS3Server({ buckets: ['lake'] })
  for (const year of YEARS)
    for (const month of TENS) for (const day of TENS) s3.put('lake', `events/year=${year}/month=${month}/day=${day}/part-0.parquet`, bytes)
  for (let index = 0; index < 100; index++)
    s3.put('lake', `daily/dt=2024${TENS[Math.floor(index / 10)]}${TENS[index % 10]}/part-0.parquet`, bytes)
  weir = await startWeir({ env: s3.env })
  await register('events', 's3://lake/events/')
  await register('daily', 's3://lake/daily/')
})

afterAll(async () => {
  await weir?.stop()
  await s3?.close()
})

/** The requests that one statement caused. */
async function requestsOf(sql: string) {
  const before = s3.log.length
  // Computed each time: stored results would need no objects at all.
  const answer = await weir.sql(sql, {}, { 'cache-control': 'no-cache' })
  expect(answer.json.error).toBeUndefined()
  const requests = s3.log.slice(before)
  return {
    answer,
    lists: requests.filter((request) => request.method === 'GET' && request.key === ''),
    objects: [...new Set(requests.filter((request) => request.key !== '').map((request) => request.key))],
    bytes: requests.filter((request) => request.key !== '').reduce((sum, request) => sum + request.bytes, 0),
  }
}

describe('partition pruning', () => {
  it('one day by all three keys: at most 5 LISTs, only that day read', async () => {
    const { answer, lists, objects } = await requestsOf(
      'SELECT count(*), sum(id) FROM events WHERE year = 2019 AND month = 3 AND day = 7 AND kind < 1000',
    )
    expect(answer.json.rows).toEqual([[ROWS, (ROWS * (ROWS - 1)) / 2]])
    expect(lists.length).toBeLessThanOrEqual(5)
    expect(objects).toEqual(['events/year=2019/month=03/day=07/part-0.parquet'])
    expect(answer.json.stats.requests.list).toBe(lists.length)
    expect(answer.json.stats.partitions.kept).toBe(1)
  })

  it('one day of every month by the last key alone: at most 5 LISTs, only those days read', async () => {
    const { answer, lists, objects } = await requestsOf('SELECT count(DISTINCT year * 100 + month), sum(ratio) FROM events WHERE day = 9')
    expect(answer.json.rows[0]?.[0]).toBe(100)
    expect(lists.length).toBeLessThanOrEqual(5)
    expect(objects).toHaveLength(100)
    expect(objects.every((key) => key.includes('/day=09/'))).toBe(true)
  })

  it.each([
    ['year * 100 + month = 201903', (key: string) => key.includes('year=2019/month=03/'), 10],
    [
      'year = 2019 AND (month = 3 OR day = 4) AND NOT month = 3',
      (key: string) => key.includes('year=2019/') && key.includes('/day=04/') && !key.includes('month=03'),
      9,
    ],
    [
      "concat(CAST(year AS varchar), CAST(day AS varchar)) IN ('20191', '202310')",
      (key: string) => /year=2019\/month=\d+\/day=01|year=2023\/month=\d+\/day=10/.test(key),
      20,
    ],
    ['year BETWEEN 2023 AND 2030 AND month IN (1, 2, 30) AND day > 9', (key: string) => /year=202[34]\/month=0[12]\/day=10/.test(key), 4],
  ] as const)('%s', async (predicate, matches, partitions) => {
    const { answer, objects } = await requestsOf(`SELECT count(*), sum(ratio) FROM events WHERE ${predicate}`)
    expect(answer.json.rows[0]?.[0]).toBe(partitions * ROWS)
    expect(objects.filter((key) => !matches(key))).toEqual([])
    expect(answer.json.stats.partitions.kept).toBe(partitions)
  })

  it("date_parse(dt, '%Y%m%d') >= date '…' over keys spelled yyyymmdd", async () => {
    const { answer, objects } = await requestsOf(
      "SELECT count(*), max(ratio) FROM daily WHERE date_parse(dt, '%Y%m%d') >= date '2024-09-05'",
    )
    expect(answer.json.rows[0]?.[0]).toBe(16 * ROWS)
    expect(objects).toHaveLength(16)
    expect(objects.every((key) => key >= 'daily/dt=20240905')).toBe(true)
  })

  it('a predicate that fails on some keys keeps them and fails as Trino does', async () => {
    const { status, json } = await weir.sql('SELECT count(*), sum(ratio) FROM events WHERE 1 / (day - 9) > 5')
    expect([status, json.error?.name]).toEqual([400, 'DIVISION_BY_ZERO'])
  })

  it('counting partitions reads no data', async () => {
    const { answer, bytes: read } = await requestsOf('SELECT max(year), min(month), count(DISTINCT day) FROM events')
    expect(answer.json.rows).toEqual([[2024, 1, 10]])
    expect(answer.json.stats.bytes.kept).toBe(0)
    expect(read).toBeLessThan(1000 * 70_000)
  })
})

describe('a table that a query names twice', () => {
  it('is listed once where both keep all of it', async () => {
    const one = await requestsOf('SELECT count(*), max(id) FROM daily')
    const two = await requestsOf('SELECT count(*), max(a.id) FROM daily a WHERE id = (SELECT max(b.id) FROM daily b)')
    expect(two.answer.json.rows).toEqual([[100, ROWS - 1]])
    expect(two.lists.length).toBe(one.lists.length)
  })

  it('is listed for each where they keep different partitions', async () => {
    const { answer } = await requestsOf(
      "SELECT (SELECT count(*) FROM daily WHERE dt = '20240101'), (SELECT count(*) FROM daily WHERE dt >= '20240109'), (SELECT count(*) FROM daily)",
    )
    expect(answer.json.rows).toEqual([[ROWS, 92 * ROWS, 100 * ROWS]])
  })
})

describe('LIMIT without a predicate', () => {
  it('lists one page and reads one file', async () => {
    const { answer, lists, objects } = await requestsOf('SELECT id, year FROM events LIMIT 7')
    expect(answer.json.rows).toHaveLength(7)
    expect([lists.length, objects.length]).toEqual([1, 1])
    expect(answer.json.stats.files.kept).toBe(1)
  })

  it('goes on when the first files do not have rows enough', async () => {
    const most = 12 * ROWS + 1
    const { answer } = await requestsOf(`SELECT count(*), count(DISTINCT (year, month, day)) FROM (SELECT * FROM events LIMIT ${most})`)
    expect(answer.json.rows).toEqual([[most, 13]])
  })
})

describe('columns and row groups', () => {
  it("a column-pruned query reads only those columns' bytes, and the footer", async () => {
    const store = createStores({ env: s3.env }).storeFor({ scheme: 's3', name: 'lake' })
    const key = 'events/year=2016/month=05/day=05/part-0.parquet'
    const footer = await readFooter(store, await store.head(key), AbortSignal.timeout(5000))
    await store.close()
    const of = (name: string): number => {
      const column = footer.columns.findIndex((one) => one.name === name)
      return footer.rowGroups.flatMap((group) => group.chunks[column]?.ranges ?? []).reduce((sum, range) => sum + range.length, 0)
    }
    const { answer, objects, bytes: read } = await requestsOf('SELECT sum(kind) FROM events WHERE year = 2016 AND month = 5 AND day = 5')
    expect(objects).toEqual([key])
    expect(answer.json.stats.bytes.kept).toBe(of('kind'))
    // One 64 KB tail for the footer, the column's chunks, and gaps that are cheaper to read than to skip.
    expect(read).toBeLessThan(65_536 + of('kind') + PADDING)
    expect(read).toBeLessThan(bytes.length / 4)
    expect(of('text')).toBeGreaterThan(bytes.length / 2)
  })

  it('row groups that cannot match are not read', async () => {
    const { answer } = await requestsOf(
      'SELECT sum(ratio), min(text) IS NOT NULL FROM events WHERE year = 2017 AND month = 1 AND day = 1 AND id BETWEEN 12000 AND 12010',
    )
    expect(answer.json.rows).toEqual([['66027.5', true]])
    expect(answer.json.stats.rowGroups).toEqual({ total: null, kept: 1 })
  })

  it('what the cache has is not read again', async () => {
    const sql = 'SELECT sum(ratio), max(kind) FROM events WHERE year = 2018 AND month = 2'
    const first = await requestsOf(sql)
    expect(first.objects).toHaveLength(10)
    const second = await requestsOf(sql)
    expect(second.answer.json.rows).toEqual(first.answer.json.rows)
    expect(second.objects).toEqual([])
    expect(second.answer.json.stats.bytes.fromStore).toBe(0)
    expect(second.answer.json.stats.bytes.fromCache).toBe(first.answer.json.stats.bytes.kept)
  })

  it('an object written anew is seen by the next query', async () => {
    const sql = 'SELECT sum(id) FROM events WHERE year = 2018 AND month = 3 AND day = 1'
    const before = await weir.sql(sql)
    s3.put('lake', 'events/year=2018/month=03/day=01/part-1.parquet', bytes)
    expect((await weir.sql(sql)).json.rows[0]?.[0]).toBe(2 * (before.json.rows[0]?.[0] as number))
    s3.put('lake', 'events/year=2018/month=03/day=01/part-0.parquet', await copyBytes('SELECT 1::BIGINT AS id'))
    expect((await weir.sql(sql)).json.rows[0]?.[0]).toBe((before.json.rows[0]?.[0] as number) + 1)
  })
})
