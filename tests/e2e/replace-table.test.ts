/** CREATE OR REPLACE TABLE AS, EXPLAIN ANALYZE of writes, MSCK with a filter, views in listings. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { duck } from '#tests/support/duck'
import { jsonOf, startWeir, type WeirServer, weir } from '#tests/support/weir'

let server: WeirServer
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-replace-'))
  server = await startWeir({ args: ['--allow', folder, '--write-grace', '0'] })
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

const run = async (sql: string) => {
  const { json } = await server.sql(sql)
  if (json.error !== undefined) return { error: `${json.error.name}: ${json.error.message}` }
  return { rows: json.rows, hints: json.stats.hints, updateType: json.updateType, count: (json as { updateCount?: number }).updateCount }
}
const rows = async (sql: string) => (await run(sql)).rows

it('replaces a table by a query that reads it; its columns, keys and format are the new ones', async () => {
  expect(await run('CREATE OR REPLACE TABLE r AS SELECT x FROM unnest(sequence(1, 10)) t(x)')).toMatchObject({
    updateType: 'CREATE TABLE',
    count: 10,
  })
  const again = "CREATE OR REPLACE TABLE r WITH (format = 'JSON', partitioned_by = ARRAY['k']) AS SELECT x * 10 AS y, x % 2 AS k FROM r"
  expect(await run(again)).toMatchObject({ updateType: 'CREATE TABLE', count: 10 })
  expect(await rows('SELECT k, sum(y) FROM r GROUP BY k ORDER BY k')).toEqual([
    [0, 300],
    [1, 250],
  ])
  expect((await run('CREATE TABLE r AS SELECT 1 AS x')).error).toBe(
    "TABLE_ALREADY_EXISTS: line 1:1: Destination table 'lake.default.r' already exists",
  )
  expect((await run('CREATE OR REPLACE TABLE IF NOT EXISTS r AS SELECT 1 AS x')).error).toBe(
    'NOT_SUPPORTED: line 1:1: OR REPLACE and IF NOT EXISTS together are not supported',
  )
  await run('CREATE VIEW v AS SELECT 1 AS x')
  expect((await run('CREATE OR REPLACE TABLE v AS SELECT 1 AS x')).error).toMatch(/^TABLE_ALREADY_EXISTS/)
  // What fails leaves the old table.
  expect((await run('CREATE OR REPLACE TABLE r AS SELECT 1 / (y - 50) AS x FROM r')).error).toMatch(/^DIVISION_BY_ZERO/)
  expect(await rows('SELECT count(*) FROM r')).toEqual([[10]])
})

it('readers see the old or the new table, whole; old files go, those of others stay', async () => {
  const values = new Set([55, 5050])
  await run('CREATE TABLE busy AS SELECT x FROM unnest(sequence(1, 10)) t(x)')
  const seen = new Set<unknown>()
  let writing = true
  const read = async (): Promise<void> => {
    while (writing) seen.add((await rows('SELECT sum(x) FROM busy'))?.[0]?.[0])
  }
  const readers = [read(), read()]
  for (const to of [100, 10, 100, 10, 100]) {
    expect(await run(`CREATE OR REPLACE TABLE busy AS SELECT x FROM unnest(sequence(1, ${to})) t(x)`)).toMatchObject({ count: to })
    await sleep(50)
  }
  writing = false
  await Promise.all(readers)
  expect([...seen].every((sum) => values.has(sum as number))).toBe(true)
  await duck(`COPY (SELECT 1 AS x) TO '${folder}/others.parquet'`)
  await run(`CREATE TABLE lent (x int) WITH (external_location = '${folder}')`)
  await run('CREATE OR REPLACE TABLE lent AS SELECT x + 1 AS x FROM lent')
  expect(await rows('SELECT x FROM lent')).toEqual([[2]])
  expect(readdirSync(folder)).toContain('others.parquet')
  expect((await run(`CREATE OR REPLACE TABLE lent WITH (external_location = '${folder}') AS SELECT 1 AS x`)).error).toMatch(
    /^HIVE_PATH_ALREADY_EXISTS/,
  )
  // The command line sweeps when it writes; the server's own sweeps would be a minute off.
  await server.command(['query', 'CREATE OR REPLACE TABLE busy AS SELECT 1 AS x'])
  await expect
    .poll(
      () =>
        readdirSync(join(server.data, 'warehouse/default'), { recursive: true }).filter(
          (name) => String(name).includes('busy-') && String(name).endsWith('.parquet'),
        ).length,
    )
    .toBeLessThanOrEqual(1)
})

it('EXPLAIN ANALYZE executes what writes rows, and tells how', async () => {
  await run('CREATE TABLE target (x bigint)')
  const inserted = await run('EXPLAIN ANALYZE INSERT INTO target SELECT x FROM unnest(sequence(1, 7)) t(x)')
  expect(inserted.updateType).toBe('INSERT')
  expect(inserted.rows?.[0]?.[0]).toMatch(
    /^TableWriter\[target = lake\.default\.target, INSERT\]\nQueued: .*\nInput: .*\nOutput: 7 rows\nFragment 0/,
  )
  expect(await rows('SELECT count(*) FROM target')).toEqual([[7]])
  expect((await run('EXPLAIN ANALYZE CREATE TABLE made AS SELECT * FROM target WHERE x > 3')).updateType).toBe('CREATE TABLE')
  expect(await rows('SELECT count(*) FROM made')).toEqual([[4]])
  // A plan alone writes nothing.
  expect((await run('EXPLAIN INSERT INTO target SELECT * FROM made')).rows).toHaveLength(1)
  const { json } = await server.sql('EXPLAIN ANALYZE INSERT INTO target SELECT * FROM made', { dryRun: true })
  expect(json).toMatchObject({ dryRun: true, rows: [], columns: [{ name: 'Query Plan', type: 'varchar' }] })
  expect(await rows('SELECT count(*) FROM target')).toEqual([[7]])
  expect((await run('EXPLAIN ANALYZE CREATE TABLE IF NOT EXISTS made AS SELECT 1 AS x')).error).toMatch(/^NOT_SUPPORTED/)
  expect((await run('EXPLAIN ANALYZE TRUNCATE TABLE target')).error).toMatch(/^NOT_SUPPORTED/)
})

it('MSCK looks only at the folders that its filter wants', async () => {
  for (const dt of ['2024-01-01', '2024-01-02', '2024-02-01'])
    for (const h of [1, 2]) mkdirSync(join(folder, `log/dt=${dt}/h=${h}`), { recursive: true })
  await run(
    `CREATE TABLE log (x int, dt date, h int) WITH (external_location = '${folder}/log', partitioned_by = ARRAY['dt', 'h'], partition_discovery = 'registered')`,
  )
  const partitions = async () => (await rows('SHOW PARTITIONS log'))?.map(([name]) => name)
  expect((await run("MSCK REPAIR TABLE log PARTITION (dt >= '2024-01-02', h = 2)")).hints).toEqual(['Added 2 partitions'])
  expect(await partitions()).toEqual(['dt=2024-01-02/h=2', 'dt=2024-02-01/h=2'])
  await run('MSCK REPAIR TABLE log')
  rmSync(join(folder, 'log/dt=2024-01-01'), { recursive: true })
  rmSync(join(folder, 'log/dt=2024-02-01'), { recursive: true })
  expect((await run("MSCK REPAIR TABLE log SYNC PARTITIONS PARTITION (dt < '2024-02-01')")).hints).toEqual(['Dropped 2 partitions'])
  expect(await partitions()).toEqual(['dt=2024-01-02/h=1', 'dt=2024-01-02/h=2', 'dt=2024-02-01/h=1', 'dt=2024-02-01/h=2'])
  expect((await run('MSCK REPAIR TABLE log PARTITION (nope = 1)')).error).toMatch(/^COLUMN_NOT_FOUND/)
})

it('views are listed beside tables, and shown', async () => {
  await run('CREATE TABLE s AS SELECT 1 AS x')
  await run('CREATE VIEW "a view" AS SELECT x FROM s')
  const listed = await jsonOf(await server.request('/api/v1/tables'))
  expect(listed.views).toContainEqual({ schema: 'default', name: 'a view' })
  expect(listed.tables).toContainEqual(expect.objectContaining({ schema: 'default', name: 's' }))
  const list = await weir(['catalog', 'list', '--server', server.url])
  expect(list.stdout).toMatch(/^default +a view +view *$/m)
  const json = JSON.parse((await weir(['catalog', 'list', '--format', 'json', '--server', server.url])).stdout)
  expect(json).toContainEqual({ schema: 'default', name: 'a view', format: 'view', location: null })
  const show = await weir(['catalog', 'show', '"a view"', '--server', server.url])
  expect([show.code, show.stdout]).toEqual([0, 'CREATE VIEW lake.default."a view" SECURITY DEFINER AS\nSELECT x FROM s\n'])
  expect((await weir(['catalog', 'show', 'nope', '--server', server.url])).code).toBe(1)
})
