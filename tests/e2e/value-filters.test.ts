/** A lookup by a value that the bounds of every row group span: bloom filters and dictionaries leave the row groups that may have it, by the store's request log. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { duck } from '#tests/support/duck'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'
import { copyBytes } from '#tests/support/sample-objects'
import { startWeir, type WeirServer } from '#tests/support/weir'

const GROUPS = 10
const GROUP_ROWS = 10_240
const ROWS = GROUPS * GROUP_ROWS

let s3: S3TestServer
let weir: WeirServer
let size: number
/** A tenant of a thousand rows, and the row groups that have it. */
let visited: { readonly tenant: string; readonly groups: number }

beforeAll(async () => {
  s3 = await startS3Server({ buckets: ['lake'] })
  const rows = `SELECT md5(i::VARCHAR) AS id, i::INTEGER AS n, (i % 7)::INTEGER AS kind, md5((i * 3)::VARCHAR) || md5((i * 5)::VARCHAR) AS note FROM range(${ROWS}) t(i)`
  const bytes = await copyBytes(rows, `FORMAT parquet, ROW_GROUP_SIZE ${GROUP_ROWS}, DICTIONARY_SIZE_LIMIT 20000`)
  size = bytes.length
  s3.put('lake', 'events/part.parquet', bytes)
  // A thousand rows of a tenant one after the other, tenants in no order; no bloom filters.
  const visits = `SELECT 'tenant' || lpad((hash(i // 1000) % 500)::VARCHAR, 3, '0') AS tenant, i::INTEGER AS n,
      md5(i::VARCHAR) || md5((i * 3)::VARCHAR) || md5((i * 5)::VARCHAR) || md5((i * 7)::VARCHAR) AS note FROM range(${ROWS}) t(i)`
  s3.put(
    'lake',
    'visits/part.parquet',
    await copyBytes(visits, `FORMAT parquet, ROW_GROUP_SIZE ${GROUP_ROWS}, CODEC zstd, WRITE_BLOOM_FILTER false`),
  )
  const [[tenant, held] = []] = await duck(
    `SELECT tenant, count(DISTINCT i // ${GROUP_ROWS}) FROM (SELECT 'tenant' || lpad((hash(i // 1000) % 500)::VARCHAR, 3, '0') AS tenant, i FROM range(${ROWS}) t(i))
      GROUP BY ALL HAVING count(*) = 1000 ORDER BY 1 LIMIT 1 OFFSET 40`,
  )
  visited = { tenant: String(tenant), groups: Number(held) }
  weir = await startWeir({ env: s3.env })
  for (const name of ['events', 'visits']) {
    const added = await weir.request('/api/v1/tables', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ schema: 'default', name, location: `s3://lake/${name}/` }),
    })
    expect(added.status).toBe(201)
  }
}, 60_000)

afterAll(async () => {
  await weir?.stop()
  await s3?.close()
})

async function run(sql: string, options?: Parameters<WeirServer['sql']>[1]) {
  const before = s3.log.length
  const { json } = await weir.sql(sql, options)
  expect(json.error).toBeUndefined()
  const gets = s3.log.slice(before).filter(({ method, key }) => method === 'GET' && key.startsWith('events/'))
  return { rows: json.rows, stats: json.stats, gets: gets.length }
}
const clear = () => weir.request('/api/v1/cache', { method: 'DELETE' })
/** md5('50000'). */
const ID = '1017bfd4673955ffee4641ad3d481b1c'

it('reads the one row group that has the identifier', async () => {
  await clear()
  const { rows, stats } = await run(`SELECT n, note FROM events WHERE id = '${ID}'`)
  expect(rows).toEqual([[50_000, expect.any(String)]])
  expect(stats.rowGroups).toEqual({ total: GROUPS, kept: 1 })
  expect(stats.bytes.fromStore).toBeLessThan(size / 5)
  // The filters are kept, also when the blocks are not asked for.
  const again = await run(`SELECT n, kind FROM events WHERE id = '${ID}'`)
  expect(again.rows).toEqual([[50_000, 50_000 % 7]])
  expect(again.gets).toBe(1)
})

it('reads nothing of a file that has none of them', async () => {
  const { rows, stats } = await run("SELECT n, note FROM events WHERE id IN ('0000', '8888', 'cccc')")
  expect(rows).toEqual([])
  expect(stats.rowGroups.kept).toBe(0)
  expect(stats.bytes.fromStore + stats.bytes.fromCache).toBe(0)
})

it('says what the filters skipped', async () => {
  const analyzed = (await run(`EXPLAIN ANALYZE SELECT note FROM events WHERE id = '${ID}'`)).rows.flat().join('\n')
  expect(analyzed).toContain('Row groups: 1 of 10 (9 skipped by bloom filter)')
  const { rows } = await run("EXPLAIN ANALYZE SELECT note FROM events WHERE id = '8888'")
  expect(rows.flat().join('\n')).toContain('Files: 0 of 1 (1 skipped by bloom filter)')
})

it('asks dictionaries where there are no filters', async () => {
  const { tenant, groups } = visited
  const { rows, stats } = await run(`SELECT count(*), count(note) FROM visits WHERE tenant = '${tenant}'`)
  expect(rows).toEqual([[1000, 1000]])
  expect(stats.rowGroups).toEqual({ total: GROUPS, kept: groups })
  const analyzed = (await run(`EXPLAIN ANALYZE SELECT note FROM visits WHERE tenant IN ('${tenant}', 'tenant')`)).rows.flat().join('\n')
  expect(analyzed).toContain(`Row groups: ${groups} of ${GROUPS} (${GROUPS - groups} skipped by dictionary)`)
})

it('looks at no filter for EXPLAIN and dry runs, which read footers only', async () => {
  await clear()
  const explained = await run(`EXPLAIN SELECT note FROM events WHERE id = '${ID}'`)
  expect(explained.rows.flat().join('\n')).toContain('Row groups: 10 of 10')
  expect(explained.gets).toBe(1)
  const dry = await run(`SELECT note FROM events WHERE id = '${ID}'`, { dryRun: true })
  expect(dry.stats.rowGroups).toEqual({ total: GROUPS, kept: GROUPS })
  expect(dry.gets).toBe(0)
})

it('asks no filter where the predicate may hold all the same', async () => {
  await clear()
  // Footer, then columns: all filters lie within one more request.
  const either = await run(`SELECT count(note) FROM events WHERE id = '${ID}' OR n % 2 = 0`)
  expect(either.rows).toEqual([[ROWS / 2]])
  expect(either.stats.rowGroups.kept).toBe(GROUPS)
  const gets = either.gets
  await clear()
  expect((await run('SELECT count(note) FROM events WHERE length(id) = 32 AND n % 2 = 0')).gets).toBe(gets)
})

it('asks no filter where all row groups have the same number of values from the same first to the same last', async () => {
  await clear()
  const equal = await run('SELECT count(note) FROM events WHERE kind = 3')
  expect(equal.rows).toEqual([[Math.ceil((ROWS - 3) / 7)]])
  await clear()
  expect((await run('SELECT count(note) FROM events WHERE kind % 7 = 3')).gets).toBe(equal.gets)
})
