/** ORDER BY with LIMIT opens only files that may hold the first rows: by the store's request log, with the rows of a full sort. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'
import { copyBytes } from '#tests/support/sample-objects'
import { startWeir, type WeirServer } from '#tests/support/weir'

let s3: S3TestServer
let weir: WeirServer

beforeAll(async () => {
  s3 = await startS3Server({ buckets: ['lake'] })
  for (let part = 0; part < 12; part++) {
    const bytes = await copyBytes(
      `SELECT ${part} * 5000 + i AS id, TIMESTAMP '2024-01-01' + to_seconds(${part} * 5000 + i) AS at, CASE WHEN i % 10 = 0 THEN NULL ELSE ${part} * 5000 + i END AS maybe,
        ((${part} * 5000 + i) % 97) / 2.0 AS x, 'n' || lpad((${part} * 5000 + i)::VARCHAR, 6, '0') AS name, sha256(i::VARCHAR) AS pad FROM range(5000) t(i)`,
      'FORMAT parquet, COMPRESSION uncompressed',
    )
    s3.put('lake', `events/day=${10 + part}/part.parquet`, bytes)
  }
  weir = await startWeir({ env: s3.env, args: ['--result-cache-size', '0'] })
  const added = await weir.request('/api/v1/tables', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ schema: 'default', name: 'events', location: 's3://lake/events/' }),
  })
  expect(added.status).toBe(201)
  // Footers are known from here on.
  await weir.sql('SELECT max(id) FROM events')
})

afterAll(async () => {
  await weir?.stop()
  await s3?.close()
})

/** The rows, and the days whose files were read. */
async function ask(sql: string) {
  await weir.request('/api/v1/cache', { method: 'DELETE' })
  const before = s3.log.length
  const { json } = await weir.sql(sql)
  expect(json.error).toBeUndefined()
  const data = s3.log.slice(before).filter(({ method, key, bytes }) => method === 'GET' && key !== '' && bytes > 4096 && !isFooter(bytes))
  return { rows: json.rows, days: [...new Set(data.map(({ key }) => Number(/day=(\d+)/.exec(key)?.[1])))].sort(), stats: json.stats }
}

/** Tails that are read for footers have this size. */
const isFooter = (bytes: number): boolean => bytes === 65_536

describe('ORDER BY … LIMIT', () => {
  const cases: readonly (readonly [what: string, sql: string, days: readonly number[]])[] = [
    ['the latest rows', 'SELECT id, name FROM events ORDER BY at DESC LIMIT 3', [21]],
    ['the first rows', 'SELECT id, pad FROM events ORDER BY id LIMIT 3', [10]],
    ['behind an offset', 'SELECT id, pad FROM events ORDER BY id OFFSET 4998 LIMIT 4', [10, 11]],
    ['of texts', 'SELECT id, pad FROM events ORDER BY name DESC, id LIMIT 2', [21]],
    ['of a key', 'SELECT day, id, pad FROM events ORDER BY day DESC, id LIMIT 2', [21]],
    ['with ties', 'SELECT id, pad FROM events ORDER BY id FETCH FIRST 2 ROWS WITH TIES', [10]],
    ['NULLS last', 'SELECT id, pad FROM events ORDER BY maybe DESC LIMIT 2', [21]],
    ['under a predicate that all rows of a file satisfy', 'SELECT id, pad FROM events WHERE day < 15 ORDER BY id DESC LIMIT 2', [14]],
    ['in a subquery', 'SELECT sum(id) FROM (SELECT id, pad FROM events ORDER BY id DESC LIMIT 10) WHERE length(pad) > 5', [21]],
  ]
  it.each(cases)('%s', async (_what, sql, days) => {
    const { rows, days: read } = await ask(sql)
    // A sort key that is computed has no bounds, so everything is read.
    const whole = await ask(sql.replace(/ORDER BY (\w+)/, (_all, key: string) => `ORDER BY IF(day > 0, ${key})`))
    expect(rows).toEqual(whole.rows)
    expect(rows.length).toBeGreaterThan(0)
    expect(read).toEqual(days)
    expect(whole.days.length).toBeGreaterThan(days.length)
  })

  it('reads all where any row group may hold a first row', async () => {
    expect((await ask('SELECT id, pad FROM events ORDER BY x DESC LIMIT 3')).days).toHaveLength(12)
    expect((await ask('SELECT id, pad FROM events ORDER BY maybe NULLS FIRST LIMIT 3')).days).toHaveLength(12)
    expect((await ask("SELECT id, pad FROM events WHERE pad > 'a' ORDER BY id LIMIT 3")).days).toHaveLength(12)
  })
})
