/** `/api/v1/queries` (CONTRACT, section 4) against a server process: life cycle, results in every format, bounds, history. */
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SampleLake, sampleLake } from '#tests/support/sample-lake'
import { jsonOf, startWeir, type WeirServer } from '#tests/support/weir'

let lake: SampleLake
let weir: WeirServer

const submit = (sql: string, body: Record<string, unknown> = {}, server = weir): Promise<Response> =>
  server.request('/api/v1/queries', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ sql, schema: 'sample', ...body }),
  })

async function ended(id: string, server = weir) {
  for (;;) {
    const query = await jsonOf(await server.request(`/api/v1/queries/${id}`))
    if (!['QUEUED', 'PLANNING', 'RUNNING'].includes(query.state)) return query
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

async function run(sql: string, body: Record<string, unknown> = {}, server = weir): Promise<string> {
  const response = await submit(sql, body, server)
  const { id } = await jsonOf(response)
  expect(response.status).toBe(202)
  await ended(id, server)
  return id
}

const results = (id: string, accept = 'application/json', server = weir): Promise<Response> =>
  server.request(`/api/v1/queries/${id}/results`, { headers: { accept, 'accept-encoding': 'identity' } })

/** Long enough to be canceled: 10^13 rows. */
const ENDLESS =
  'SELECT count(*) FROM UNNEST(sequence(1, 10000)) AS a(x), UNNEST(sequence(1, 10000)) AS b(y), UNNEST(sequence(1, 10000)) AS c(z), UNNEST(sequence(1, 10)) AS d(w) WHERE x * y % 7 = z * w % 5'

beforeAll(async () => {
  lake = await sampleLake()
  weir = await startWeir({ args: ['--allow', lake.folder] })
  const created = await weir.request('/api/v1/tables', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ schema: 'sample', name: 'trips', location: `file://${lake.folder}/trips/` }),
  })
  expect(created.status).toBe(201)
})

afterAll(async () => {
  await weir?.stop()
  lake?.close()
})

describe('POST /api/v1/queries', () => {
  it('accepts, tells where, and then what came of it', async () => {
    const response = await submit('SELECT year, count(*) AS trips FROM trips WHERE year = 2024 GROUP BY 1')
    expect(response.status).toBe(202)
    const { id, state } = await jsonOf(response)
    expect(['QUEUED', 'PLANNING', 'RUNNING']).toContain(state)
    expect(response.headers.get('location')).toBe(`/api/v1/queries/${id}`)
    const query = await ended(id)
    const direct = await weir.sql('SELECT year, count(*) AS trips FROM trips WHERE year = 2024 GROUP BY 1', { schema: 'sample' })
    expect(query).toMatchObject({
      id,
      state: 'FINISHED',
      user: 'weir',
      sql: 'SELECT year, count(*) AS trips FROM trips WHERE year = 2024 GROUP BY 1',
      progress: { fraction: 1 },
      stats: { rows: 1, files: direct.json.stats.files, partitions: direct.json.stats.partitions },
      results: { rows: 1 },
    })
    expect(query.plan.text).toContain('trips')
    expect(JSON.stringify(query.plan.json)).toContain('trips')
    expect(Date.parse(query.results.expires) - Date.parse(query.ended)).toBeGreaterThan(3_590_000)
    const answer = await jsonOf(await results(id))
    expect(answer).toMatchObject({ queryId: id, columns: direct.json.columns, rows: direct.json.rows })
    expect(answer.stats.rows).toBe(1)
  })

  it.each([
    'application/json',
    'application/x-ndjson',
    'text/csv',
    'application/vnd.apache.arrow.stream',
    'application/vnd.apache.parquet',
  ])('gives %s as POST /api/v1/sql does, again and again', async (accept) => {
    const sql = `SELECT *, CAST(1.5 AS decimal(5, 2)) AS d, timestamp '2024-01-02 03:04:05.123 Europe/Berlin' AS tz, ARRAY[1, null] AS a,
        MAP(ARRAY['k'], ARRAY[1]) AS m, CAST(ROW(1, 'x') AS row(a integer, b varchar)) AS r, NULL AS n FROM trips ORDER BY id`
    const direct = await weir.request('/api/v1/sql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept, 'accept-encoding': 'identity' },
      body: JSON.stringify({ sql, schema: 'sample' }),
    })
    const expected = Buffer.from(await direct.arrayBuffer())
    const id = await run(sql)
    for (let time = 0; time < 2; time++) {
      const response = await results(id, accept)
      expect(response.status).toBe(200)
      expect(response.headers.get('content-type')).toBe(direct.headers.get('content-type'))
      const given = Buffer.from(await response.arrayBuffer())
      if (accept === 'application/json') {
        const { columns, rows } = JSON.parse(expected.toString())
        expect(JSON.parse(given.toString())).toMatchObject({ columns, rows })
        expect(rows.length).toBeGreaterThan(100)
      } else if (accept.includes('arrow')) {
        expect(tableFromIPC(given).toString()).toBe(tableFromIPC(expected).toString())
      } else expect(given.equals(expected)).toBe(true)
    }
  })

  it('a result of no rows and a dry run', async () => {
    const none = await run("SELECT 1 AS a, 'x' AS b WHERE false")
    expect(await (await results(none, 'text/csv')).text()).toBe('a,b\n')
    const dry = await run('SELECT count(*) FROM trips', { dryRun: true })
    expect(await jsonOf(await results(dry, 'text/csv'))).toMatchObject({ rows: [], dryRun: true })
    expect((await ended(await run('SHOW TABLES'))).results.rows).toBe(1)
    const plan = await jsonOf(await results(await run('EXPLAIN SELECT 1')))
    expect(plan.columns).toEqual([{ name: 'Query Plan', type: `varchar(${String(plan.rows[0][0]).length})` }])
  })

  it('a statement that fails is FAILED, and its result is the error', async () => {
    const id = await run('SELECT nope FROM trips')
    expect(await ended(id)).toMatchObject({ state: 'FAILED', error: { name: 'COLUMN_NOT_FOUND', line: 1, column: 8, queryId: id } })
    const answer = await results(id)
    expect(answer.status).toBe(400)
    expect((await jsonOf(answer)).error.name).toBe('COLUMN_NOT_FOUND')
    const late = await run('SELECT 1 / (id - id) FROM trips')
    expect(await ended(late)).toMatchObject({ state: 'FAILED', error: { name: 'DIVISION_BY_ZERO' } })
  })

  it('refuses what is no request', async () => {
    expect((await submit('', {})).status).toBe(400)
    expect((await submit('SELECT 1', { nope: 1 })).status).toBe(400)
    expect((await weir.request('/api/v1/queries?limit=0')).status).toBe(400)
    expect((await weir.request('/api/v1/queries?state=running')).status).toBe(400)
  })
})

describe('GET and DELETE /api/v1/queries/{id}', () => {
  it('409 before the end; DELETE cancels; the result of a canceled query is that', async () => {
    const { id } = await jsonOf(await submit(ENDLESS))
    const early = await results(id)
    expect(early.status).toBe(409)
    expect(early.headers.get('retry-after')).toBe('1')
    expect((await weir.request(`/api/v1/queries/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect(await ended(id)).toMatchObject({ state: 'CANCELED', error: { name: 'USER_CANCELED' } })
    expect((await jsonOf(await results(id))).error.name).toBe('USER_CANCELED')
    expect((await weir.request(`/api/v1/queries/${id}`, { method: 'DELETE' })).status).toBe(204)
  })

  it('DELETE forgets the rows, not the query', async () => {
    const id = await run('SELECT 1')
    expect((await results(id)).status).toBe(200)
    expect((await weir.request(`/api/v1/queries/${id}`, { method: 'DELETE' })).status).toBe(204)
    const gone = await results(id)
    expect(gone.status).toBe(410)
    expect((await jsonOf(gone)).error.name).toBe('NOT_FOUND')
    expect(await ended(id)).toMatchObject({ state: 'FINISHED' })
    expect((await ended(id)).results).toBeUndefined()
  })

  it('404 for what never was, 410 for queries of other protocols', async () => {
    for (const [method, path] of [
      ['GET', '/api/v1/queries/x'],
      ['DELETE', '/api/v1/queries/x'],
      ['GET', '/api/v1/queries/x/results'],
    ])
      expect((await weir.request(path as string, { method: method as string })).status, `${method} ${path}`).toBe(404)
    const { queryId } = (await weir.sql('SELECT 1')).json
    expect((await results(queryId)).status).toBe(410)
  })

  it('times out as any query', async () => {
    const { id } = await jsonOf(await submit(ENDLESS, { timeoutMs: 300 }))
    expect(await ended(id)).toMatchObject({ state: 'FAILED', error: { name: 'EXCEEDED_TIME_LIMIT' } })
  })

  it('lists newest first, by state, with a limit', async () => {
    const id = await run('SELECT 42')
    const [first] = (await jsonOf(await weir.request('/api/v1/queries?limit=1'))).queries
    expect(first).toMatchObject({ id, state: 'FINISHED', sql: 'SELECT 42' })
    const { queries } = await jsonOf(await weir.request('/api/v1/queries?state=FAILED'))
    expect(queries.length).toBeGreaterThan(0)
    expect(new Set(queries.map(({ state }: { state: string }) => state))).toEqual(new Set(['FAILED']))
  })
})

const BIG =
  "SELECT x, CAST(x * 1234567 % 1000003 AS varchar) || 'some text' AS t FROM UNNEST(sequence(1, 10000)) AS a(i) CROSS JOIN UNNEST(sequence(i, 400000, 10000)) AS b(x)"

describe('the disk budget', () => {
  it('older results make room, a result that is too large ends its query, nothing stays on disk', async () => {
    const server = await startWeir({ args: ['--results-size', '6MB'] })
    try {
      const first = await run(BIG, {}, server)
      const { bytes } = (await ended(first, server)).results
      expect(bytes).toBeGreaterThan(3_000_000)
      const second = await run(BIG, {}, server)
      await expect.poll(async () => (await results(first, 'text/csv', server)).status).toBe(410)
      expect((await results(second, 'text/csv', server)).status).toBe(200)
      const large = await run(BIG.replace('400000', '3000000'), {}, server)
      expect(await ended(large, server)).toMatchObject({ state: 'FAILED', error: { name: 'GENERIC_INSUFFICIENT_RESOURCES' } })
      const spill = join(server.data, 'spill')
      const kept = () => readdirSync(spill).flatMap((name) => readdirSync(join(spill, name, 'results')))
      await expect.poll(() => kept().length).toBeLessThanOrEqual(1)
    } finally {
      await server.stop()
    }
  })

  it('a query that ends before anybody looks at its size fails, too, and stays so', async () => {
    const server = await startWeir({ args: ['--results-size', '20KB'] })
    try {
      for (let round = 0; round < 3; round++) {
        const id = await run('SELECT x, x * 1234567 % 1000003 FROM UNNEST(sequence(1, 10000)) AS t(x)', {}, server)
        const failed = { state: 'FAILED', error: { name: 'GENERIC_INSUFFICIENT_RESOURCES' } }
        expect(await ended(id, server)).toMatchObject(failed)
        await server.request(`/api/v1/queries/${id}`, { method: 'DELETE' })
        expect(await ended(id, server)).toMatchObject(failed)
        expect((await server.sql(`SELECT state, error_code FROM system.runtime.queries WHERE query_id = '${id}'`)).json.rows).toEqual([
          ['FAILED', 'GENERIC_INSUFFICIENT_RESOURCES'],
        ])
      }
      expect((await ended(await run('SELECT 1', {}, server), server)).state).toBe('FINISHED')
    } finally {
      await server.stop()
    }
  })
})

describe('the history', () => {
  it('is there after a restart, also after kill -9 in the midst of writing, without rows', async () => {
    const data = mkdtempSync(join(tmpdir(), 'weir-test-'))
    const first = await startWeir({ data })
    const done = await run('SELECT 7 AS seven', {}, first)
    const failed = await run('SELECT nope', {}, first)
    const { queryId } = (await first.sql('SELECT 8')).json
    const written = () => readdirSync(join(first.data, 'history')).map((file) => readFileSync(join(first.data, 'history', file), 'utf8'))
    await expect.poll(written).toEqual([expect.stringContaining(queryId)])
    const killed = new Promise((resolve) => first.process.on('exit', resolve))
    first.process.kill('SIGKILL')
    await killed
    const [file] = readdirSync(join(first.data, 'history'))
    appendFileSync(join(first.data, 'history', file as string), '{"id":"20260101_000000_00000_aaaaa","state":"FINI')

    const second = await startWeir({ data })
    try {
      expect(await ended(done, second)).toMatchObject({ state: 'FINISHED', sql: 'SELECT 7 AS seven', progress: { fraction: 1 } })
      expect(await ended(failed, second)).toMatchObject({ error: { name: 'COLUMN_NOT_FOUND', line: 1, column: 8 } })
      expect((await ended(failed, second)).error.message).toBe("line 1:8: Column 'nope' cannot be resolved")
      expect((await results(done, 'text/csv', second)).status).toBe(410)
      const { queries } = await jsonOf(await second.request('/api/v1/queries'))
      expect(queries.map(({ id }: { id: string }) => id)).toEqual([queryId, failed, done])
      const trino = await jsonOf(await second.request(`/v1/query/${failed}`))
      expect(trino).toMatchObject({ queryId: failed, state: 'FAILED', errorCode: { name: 'COLUMN_NOT_FOUND' } })
      // The killed server's spilled files are gone.
      expect(readdirSync(join(second.data, 'spill')).length).toBe(1)
    } finally {
      await second.stop()
    }
    // What was written when the second one was told to end.
    const third = await startWeir({ data })
    try {
      expect((await jsonOf(await third.request('/api/v1/queries'))).queries.length).toBe(3)
    } finally {
      await third.stop()
      rmSync(data, { recursive: true })
    }
  })
})
