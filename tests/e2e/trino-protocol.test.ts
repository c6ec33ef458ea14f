/** Trino's client protocol, version 476, by raw HTTP against a server process. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SampleLake, sampleLake } from '#tests/support/sample-lake'
import { CLIENT, postStatement, trinoStatement } from '#tests/support/trino-statement'
import { jsonOf, startWeir, type WeirServer } from '#tests/support/weir'

let lake: SampleLake
let weir: WeirServer

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

const run = (sql: string, headers: Readonly<Record<string, string>> = {}) => trinoStatement(weir.url, sql, headers)

/** Runs for minutes unless it is ended. */
const ENDLESS =
  'SELECT count(*), sum(a.x * b.x % 7) FROM UNNEST(sequence(1, 10000)) a(x), UNNEST(sequence(1, 10000)) b(x), UNNEST(sequence(1, 10000)) c(x)'

describe('the life of a statement', () => {
  it('POST answers at once: QUEUED, a next page, no rows', async () => {
    const page = await jsonOf(await postStatement(weir.url, 'SELECT 1'))
    expect(page.id).toMatch(/^\d{8}_\d{6}_\d{5}_[a-z0-9]{5}$/)
    expect(page.infoUri).toBe(`${weir.url}/ui/query.html?${page.id}`)
    expect(page.stats.state).toBe('QUEUED')
    expect(page.nextUri).toContain(`${weir.url}/v1/statement/queued/${page.id}/`)
    expect(page).not.toHaveProperty('data')
    expect(page).not.toHaveProperty('columns')
  })

  it('rows, columns with signatures, statistics that are numbers', async () => {
    const { rows, last } = await run('SELECT id, fare, name FROM sample.trips WHERE year = 2024 AND id < 8 ORDER BY id')
    expect(rows).toEqual(
      await lake.duck(
        `SELECT id, fare::VARCHAR, name FROM read_parquet('${lake.folder}/trips/year=2024/*/*.parquet') WHERE id < 8 ORDER BY id`,
      ),
    )
    expect(last.columns).toEqual([
      { name: 'id', type: 'bigint', typeSignature: { rawType: 'bigint', arguments: [] } },
      {
        name: 'fare',
        type: 'decimal(10, 2)',
        typeSignature: {
          rawType: 'decimal',
          arguments: [
            { kind: 'LONG', value: 10 },
            { kind: 'LONG', value: 2 },
          ],
        },
      },
      { name: 'name', type: 'varchar', typeSignature: { rawType: 'varchar', arguments: [{ kind: 'LONG', value: 2_147_483_647 }] } },
    ])
    const { state, queued, scheduled, rootStage, ...numbers } = last.stats
    expect([state, queued, scheduled]).toEqual(['FINISHED', false, true])
    expect(rootStage).toMatchObject({ stageId: '0', state: 'FINISHED', done: true, subStages: [] })
    expect(Object.values(numbers).filter((value) => typeof value !== 'number')).toEqual([])
    expect(numbers.processedRows).toBe(rows.length)
  })

  it('hints are warnings', async () => {
    const { last } = await run('SELECT max(fare) FROM sample.trips WHERE length(name) > 0')
    expect(last.warnings).toContainEqual({
      warningCode: { code: 0x0200_0000, name: 'WEIR_HINT' },
      message: 'sample.trips: no predicate on partition keys year, month: all 6 partitions are read',
    })
    expect((await run('SELECT 1')).last.warnings).toEqual([])
  })

  it('while it runs it tells how far it is', async () => {
    let page = await jsonOf(await postStatement(weir.url, ENDLESS))
    while (page.stats.state !== 'RUNNING') page = await jsonOf(await fetch(page.nextUri))
    expect(page.stats).toMatchObject({
      scheduled: true,
      queued: false,
      progressPercentage: 0,
      runningPercentage: 100,
      rootStage: { stageId: '0', state: 'RUNNING', done: false, totalSplits: 1, runningSplits: 1, completedSplits: 0, subStages: [] },
    })
    await fetch(page.nextUri, { method: 'DELETE' })
  })

  it('200,000 rows come in few pages of about a megabyte, each row once and in order', async () => {
    const { pages, rows } = await run(
      'SELECT (a.x - 1) * 200 + b.x AS n FROM UNNEST(sequence(1, 1000)) a(x), UNNEST(sequence(1, 200)) b(x) ORDER BY 1',
    )
    expect(rows.length).toBe(200_000)
    expect(rows.findIndex(([n], index) => n !== index + 1)).toBe(-1)
    expect(pages.length).toBeLessThan(20)
  })

  it('the current page can be fetched again, byte for byte; an older one is gone, a later one is not there yet', async () => {
    const first = await jsonOf(
      await postStatement(weir.url, 'SELECT a.x FROM UNNEST(sequence(1, 10000)) a(x), UNNEST(sequence(1, 100)) b(x)'),
    )
    const read = async (uri: string): Promise<string> => (await fetch(`${uri}?maxWait=10s`)).text()
    const one = await read(first.nextUri)
    expect(await read(first.nextUri)).toBe(one)
    const two = JSON.parse(one).nextUri as string
    expect(await read(two)).toBe(await read(two))
    expect((await fetch(first.nextUri)).status).toBe(410)
    expect((await fetch(two.replace(/\d+$/, '99'))).status).toBe(404)
    expect((await fetch(two.replace(/\/x[0-9a-f]+\//, '/x00/'))).status).toBe(404)
    expect((await fetch(two.replace(first.id, '20240101_000000_00000_aaaaa'))).status).toBe(404)
    expect((await fetch(two, { method: 'DELETE' })).status).toBe(204)
  })

  it('requests for one page at the same time get the same bytes', async () => {
    const { nextUri } = await jsonOf(await postStatement(weir.url, 'SELECT random() FROM UNNEST(sequence(1, 100))'))
    const texts = await Promise.all([1, 2, 3].map(async () => (await fetch(`${nextUri}?maxWait=10s`)).text()))
    expect(new Set(texts).size).toBe(1)
    expect(JSON.parse(texts[0] as string).data).toHaveLength(100)
  })

  it('the final page stays fetchable', async () => {
    const { pages, last } = await run('SELECT 42')
    const uri = pages.at(-2).nextUri
    expect(await jsonOf(await fetch(uri))).toEqual(last)
  })

  it('a poll waits while there is nothing new, as long as maxWait says', async () => {
    const { nextUri } = await jsonOf(await postStatement(weir.url, ENDLESS))
    const wait = async (uri: string): Promise<[number, string]> => {
      const started = performance.now()
      const page = await jsonOf(await fetch(uri))
      return [performance.now() - started, page.nextUri]
    }
    const [long, second] = await wait(nextUri)
    expect(long).toBeGreaterThan(900)
    // The least of several: other work on the machine may hold up one of them.
    let short = Number.POSITIVE_INFINITY
    let next = second
    for (let poll = 0; poll < 10 && short >= 900; poll++) {
      const [ms, uri] = await wait(`${next}?maxWait=100ms`)
      expect(ms).toBeGreaterThan(90)
      short = Math.min(short, ms)
      next = uri
    }
    expect(short).toBeLessThan(900)
    expect((await fetch(next, { method: 'DELETE' })).status).toBe(204)
  })

  it('DELETE ends a waiting poll promptly, and may be repeated', async () => {
    const { nextUri, id } = await jsonOf(await postStatement(weir.url, ENDLESS))
    const asked = performance.now()
    const pending = fetch(`${nextUri}?maxWait=10s`).then(jsonOf)
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect((await fetch(nextUri, { method: 'DELETE' })).status).toBe(204)
    const page = await pending
    expect(performance.now() - asked).toBeLessThan(9_500)
    expect(page.stats.state).toBe('FAILED')
    expect(page.error).toMatchObject({ errorName: 'USER_CANCELED', errorCode: 3, errorType: 'USER_ERROR', message: 'Query was canceled' })
    expect((await fetch(nextUri, { method: 'DELETE' })).status).toBe(204)
    const info = await jsonOf(await fetch(`${weir.url}/v1/query/${id}`))
    expect(info).toMatchObject({ queryId: id, state: 'FAILED', errorCode: { name: 'USER_CANCELED' } })
  })

  it('DELETE /v1/query/{id} ends a query; an unknown one is gone', async () => {
    const { nextUri, id } = await jsonOf(await postStatement(weir.url, ENDLESS))
    expect((await fetch(`${weir.url}/v1/query/${id}`, { method: 'DELETE' })).status).toBe(204)
    expect((await jsonOf(await fetch(nextUri))).error.errorName).toBe('USER_CANCELED')
    expect((await fetch(`${weir.url}/v1/query/nope`)).status).toBe(410)
    expect((await fetch(`${weir.url}/v1/query/nope`, { method: 'DELETE' })).status).toBe(204)
  })
})

// As a Trino 476 answers them.
describe('methods that a resource does not have', () => {
  const page = '/v1/statement/executing/20260101_000000_00000_aaaaa/y1/0'
  it.each([
    ['/v1/statement', ['GET', 'PUT', 'DELETE', 'PATCH'], 'HEAD,POST,OPTIONS'],
    [page, ['POST', 'PUT', 'PATCH'], 'HEAD,DELETE,GET,OPTIONS'],
    [page.replace('executing', 'queued'), ['POST'], 'HEAD,DELETE,GET,OPTIONS'],
    ['/v1/info', ['POST', 'PUT', 'DELETE'], 'GET,OPTIONS'],
    ['/v1/query', ['POST', 'DELETE'], 'GET,OPTIONS'],
    ['/v1/query/20260101_000000_00000_aaaaa', ['POST', 'PUT'], 'DELETE,GET,OPTIONS'],
  ])('%s', async (path, methods, allow) => {
    for (const method of methods) {
      const response = await fetch(`${weir.url}${path}`, { method, headers: { 'x-trino-user': 'a' } })
      expect([method, response.status, response.headers.get('allow'), await response.text()]).toEqual([method, 405, allow, ''])
    }
    const options = await fetch(`${weir.url}${path}`, { method: 'OPTIONS', headers: { 'x-trino-user': 'a' } })
    expect([options.status, options.headers.get('allow')]).toEqual([200, allow])
  })

  it('HEAD comes with GET, and with statements', async () => {
    for (const path of ['/v1/statement', '/v1/info', '/v1/info/state', '/v1/info/coordinator', '/v1/query'])
      expect([path, (await fetch(`${weir.url}${path}`, { method: 'HEAD', headers: { 'x-trino-user': 'a' } })).status]).toEqual([path, 200])
  })
})

describe('errors', () => {
  it('are documents of a failed query with a place inside the text', async () => {
    const { last } = await run('SELECT\n  nope FROM sample.trips')
    expect(last.error).toMatchObject({
      errorName: 'COLUMN_NOT_FOUND',
      errorCode: 47,
      errorType: 'USER_ERROR',
      errorLocation: { lineNumber: 2, columnNumber: 3 },
      failureInfo: {
        type: 'io.trino.spi.TrinoException',
        suppressed: [],
        stack: [],
        errorInfo: { code: 47, name: 'COLUMN_NOT_FOUND', type: 'USER_ERROR' },
        errorLocation: { lineNumber: 2, columnNumber: 3 },
      },
    })
    expect((await run('SELEC')).last.error.failureInfo.type).toBe('io.trino.sql.parser.ParsingException')
    expect(last.error.message).toMatch(/^line 2:3: Column 'nope' cannot be resolved/)
  })

  it('a place in another text than the one sent is not told', async () => {
    const { last } = await run('EXECUTE p', { 'x-trino-prepared-statement': `p=${encodeURIComponent('SELECT 1,\n\n\n nope')}` })
    expect(last.error.errorName).toBe('COLUMN_NOT_FOUND')
    expect(last.error).not.toHaveProperty('errorLocation')
  })

  it('requests that are wrong are 400, those without a user 401, in plain text', async () => {
    const status = async (sql: string, headers: Readonly<Record<string, string>>): Promise<[number, string | null]> => {
      const response = await postStatement(weir.url, sql, headers)
      return [response.status, response.headers.get('content-type')?.split(';')[0] ?? null]
    }
    expect(await status('', {})).toEqual([400, 'text/plain'])
    expect(await status('SELECT 1', { 'x-trino-session': 'x' })).toEqual([400, 'text/plain'])
    expect(await status('SELECT 1', { 'x-trino-transaction-id': 'no-uuid' })).toEqual([400, 'text/plain'])
    expect(await status('SELECT 1', { 'x-trino-user': '' })).toEqual([401, 'text/plain'])
    const basic = (text: string) => ({ 'x-trino-user': '', authorization: `Basic ${Buffer.from(text).toString('base64')}` })
    expect(await status('SELECT 1', basic('bob:'))).toEqual([200, 'application/json'])
    expect(await status('SELECT 1', basic('bob:secret'))).toEqual([401, 'text/plain'])
  })

  it('unqualified names without a schema', async () => {
    const { last } = await run('SELECT * FROM trips')
    expect(last.error).toMatchObject({ errorName: 'MISSING_SCHEMA_NAME', errorCode: 57 })
  })
})

describe('sessions', () => {
  it('USE, properties and the zone are told in headers, on a last page with columns []', async () => {
    const use = await run('USE lake.sample')
    expect(use.last).toMatchObject({ columns: [], updateType: 'USE' })
    expect(use.last).not.toHaveProperty('data')
    expect(use.headers).toEqual({ 'x-trino-set-catalog': 'lake', 'x-trino-set-schema': 'sample' })
    expect((await run("SET SESSION query_max_run_time = '2 s'")).headers).toEqual({ 'x-trino-set-session': 'query_max_run_time=2+s' })
    expect((await run('RESET SESSION query_max_run_time')).headers).toEqual({ 'x-trino-clear-session': 'query_max_run_time' })
    expect((await run("SET TIME ZONE 'Asia/Tokyo'")).headers).toEqual({ 'x-trino-set-session': 'time_zone_id=Asia%2FTokyo' })
    expect((await run('SET SESSION enable_dynamic_filtering = 1 = 2')).headers).toEqual({
      'x-trino-set-session': 'enable_dynamic_filtering=false',
    })
    expect((await run("SHOW SESSION LIKE 'reuse%'", { 'x-trino-session': 'reuse_results=FALSE' })).rows[0]?.slice(0, 4)).toEqual([
      'reuse_results',
      'FALSE',
      'true',
      'boolean',
    ])
    expect((await run("SET SESSION nope = 'x'")).last.error.errorName).toBe('INVALID_SESSION_PROPERTY')
    expect((await run('SELECT 1', { 'x-trino-session': 'nope=x' })).last.error.errorName).toBe('INVALID_SESSION_PROPERTY')
  })

  it('no schema has functions of its own', async () => {
    expect((await run("SHOW FUNCTIONS LIKE 'acos'")).rows).toEqual([['acos', 'double', 'double', 'scalar', true, 'Arc cosine']])
    expect((await run("SHOW FUNCTIONS FROM lake.sample LIKE 'acos'")).rows).toEqual([])
  })

  it('names without a catalog mean the session’s', async () => {
    const system = { 'x-trino-catalog': 'system', 'x-trino-schema': 'jdbc' }
    expect((await run('SELECT table_cat FROM catalogs ORDER BY 1', system)).rows).toEqual([['lake'], ['system']])
    expect((await run("SHOW TABLES LIKE 'catalogs'", system)).rows).toEqual([['catalogs']])
    expect((await run('USE metadata', system)).headers).toEqual({ 'x-trino-set-schema': 'metadata' })
    expect((await run('USE lake.information_schema')).headers).toEqual({
      'x-trino-set-catalog': 'lake',
      'x-trino-set-schema': 'information_schema',
    })
    expect((await run('USE nowhere.x')).last.error).toMatchObject({
      errorName: 'CATALOG_NOT_FOUND',
      message: "Catalog 'nowhere' not found",
    })
    expect((await run('USE system.nope')).last.error.errorName).toBe('NOT_FOUND')
    expect((await run('SHOW SCHEMAS', { 'x-trino-catalog': 'nowhere' })).last.error.errorName).toBe('CATALOG_NOT_FOUND')
  })

  it('what comes back in headers acts; an empty header is nothing', async () => {
    expect((await run('SELECT count(*) FROM trips', { 'x-trino-schema': 'SAMPLE', 'x-trino-session': '' })).rows).toEqual([[1200]])
    const zone = { 'x-trino-time-zone': 'Europe/Paris', 'x-trino-session': 'time_zone_id=Asia%2FTokyo' }
    expect((await run('SELECT current_timezone()', zone)).rows).toEqual([['Asia/Tokyo']])
    const limited = await run(ENDLESS, { 'x-trino-session': 'query_max_run_time=300ms' })
    expect(limited.last.error).toMatchObject({ errorName: 'EXCEEDED_TIME_LIMIT', message: 'Query exceeded maximum time limit of 0.30s' })
    const small = await run('SELECT * FROM sample.trips', { 'x-trino-session': 'query_max_scan_physical_bytes=10B' })
    expect(small.last.error.errorName).toBe('EXCEEDED_SCAN_LIMIT')
  })

  it('INSERT INTO replaces partitions when the session says so, as in Trino', async () => {
    const insert = (values: string, behavior?: string) =>
      run(
        `INSERT INTO sample.kept VALUES ${values}`,
        behavior === undefined ? {} : { 'x-trino-session': `lake.insert_existing_partitions_behavior=${behavior}` },
      )
    const rows = async (table: string) => (await run(`SELECT * FROM sample.${table} ORDER BY 1`)).rows
    const set = await run("SET SESSION lake.insert_existing_partitions_behavior = 'overwrite'")
    expect(set.headers['x-trino-set-session']).toBe('lake.insert_existing_partitions_behavior=overwrite')
    expect((await run("SHOW SESSION LIKE 'lake.%'")).rows[0]?.slice(0, 4)).toEqual([
      'lake.insert_existing_partitions_behavior',
      'APPEND',
      'APPEND',
      'varchar',
    ])
    await run("CREATE TABLE sample.kept WITH (partitioned_by = ARRAY['k']) AS SELECT 1 x, 1 k")
    await insert('(2, 1), (3, 2)', 'overwrite')
    await insert('(4, 2)', 'APPEND')
    await insert('(5, 3)')
    expect(await rows('kept')).toEqual([
      [2, 1],
      [3, 2],
      [4, 2],
      [5, 3],
    ])
    const refused = await insert('(6, 1)', 'REPLACE')
    expect(refused.last.error).toMatchObject({
      errorName: 'INVALID_SESSION_PROPERTY',
      message: "Value 'REPLACE' of session property 'lake.insert_existing_partitions_behavior' is not valid",
    })
    // Tables without keys are only added to.
    await run('CREATE TABLE sample.plain AS SELECT 1 x')
    await run('INSERT INTO sample.plain VALUES 2', { 'x-trino-session': 'lake.insert_existing_partitions_behavior=OVERWRITE' })
    expect(await rows('plain')).toEqual([[1], [2]])
  })

  it('times and timestamps are rounded to milliseconds for clients that know no other', async () => {
    const sql = "SELECT TIMESTAMP '2024-01-02 03:04:05.678912' AS t, ARRAY[TIME '01:02:03'] AS u, TIMESTAMP '2024-01-02 03:04:05 UTC' AS v"
    const { rows, last } = await run(sql, { 'x-trino-client-capabilities': '' })
    expect(rows).toEqual([['2024-01-02 03:04:05.679', ['01:02:03.000'], '2024-01-02 03:04:05.000 UTC']])
    expect(last.columns.map((column: { type: string }) => column.type)).toEqual(['timestamp', 'array(time)', 'timestamp with time zone'])
    expect(last.columns[0].typeSignature).toEqual({ rawType: 'timestamp', arguments: [] })
    const full = await run(sql)
    expect(full.rows).toEqual([['2024-01-02 03:04:05.678912', ['01:02:03'], '2024-01-02 03:04:05 UTC']])
    expect(full.last.columns[0].type).toBe('timestamp(6)')
  })
})

describe('statements about the session, as Trino answers them', () => {
  it.each([
    ['SET ROLE ALL', 'SET ROLE', { 'x-trino-set-role': 'system=ALL' }],
    ['SET ROLE NONE', 'SET ROLE', { 'x-trino-set-role': 'system=NONE' }],
    [
      'SET SESSION AUTHORIZATION alice',
      'SET SESSION AUTHORIZATION',
      { 'x-trino-set-authorization-user': 'alice', 'x-trino-set-original-roles': 'NONE' },
    ],
    ['RESET SESSION AUTHORIZATION', 'RESET SESSION AUTHORIZATION', { 'x-trino-reset-authorization-user': 'true' }],
    ["SET TIME ZONE INTERVAL '1' HOUR", 'SET TIME ZONE', { 'x-trino-set-session': 'time_zone_id=%2B01%3A00' }],
    ["SET TIME ZONE INTERVAL -'5:30' HOUR TO MINUTE", 'SET TIME ZONE', { 'x-trino-set-session': 'time_zone_id=-05%3A30' }],
    ["SET TIME ZONE INTERVAL '0' HOUR", 'SET TIME ZONE', { 'x-trino-set-session': 'time_zone_id=UTC' }],
    ["SET TIME ZONE concat('Asia/', 'Tokyo')", 'SET TIME ZONE', { 'x-trino-set-session': 'time_zone_id=Asia%2FTokyo' }],
    ["SET TIME ZONE '-08:00'", 'SET TIME ZONE', { 'x-trino-set-session': 'time_zone_id=-08%3A00' }],
    ['SET TIME ZONE LOCAL', 'SET TIME ZONE', { 'x-trino-clear-session': 'time_zone_id' }],
  ])('%s', async (sql, updateType, headers) => {
    const result = await run(sql)
    expect(result.last).toMatchObject({ columns: [], updateType })
    expect(result.headers).toEqual(headers)
  })

  it.each([
    ['SET ROLE admin', 'ROLE_NOT_FOUND', "Role 'admin' does not exist"],
    ['SET ROLE ALL IN lake', 'NOT_SUPPORTED', "Catalog 'lake' does not support role management"],
    ['SET ROLE ALL IN nope', 'CATALOG_NOT_FOUND', "Catalog 'nope' not found"],
    ['SET SESSION AUTHORIZATION bob', 'PERMISSION_DENIED', 'Access Denied: User alice cannot impersonate user bob'],
    ["SET TIME ZONE INTERVAL '15' HOUR", 'INVALID_FUNCTION_ARGUMENT', 'Invalid offset minutes 900'],
    ["SET TIME ZONE INTERVAL '1' SECOND", 'INVALID_LITERAL', 'Invalid TIME ZONE offset interval: interval contains seconds'],
    ['SET TIME ZONE 1', 'TYPE_MISMATCH', "Expected expression of varchar or interval day-time type, but '1' has integer type"],
    ['SET TIME ZONE NULL', 'TYPE_MISMATCH', "Expected expression of varchar or interval day-time type, but 'null' has unknown type"],
    ["SET TIME ZONE 'nope'", 'NOT_SUPPORTED', 'Time zone not supported: nope'],
    ['SET SESSION nope.x = 1', 'CATALOG_NOT_FOUND', "line 1:22: Catalog 'nope' not found"],
    ['SET SESSION lake.x = 1', 'INVALID_SESSION_PROPERTY', "line 1:22: Session property 'lake.x' does not exist"],
    [
      "SET SESSION enable_dynamic_filtering = 'false'",
      'INVALID_SESSION_PROPERTY',
      "Unable to set session property 'enable_dynamic_filtering' to ''false'': Cannot cast type varchar(5) to boolean",
    ],
    [
      'SET SESSION enable_dynamic_filtering = NULL',
      'INVALID_SESSION_PROPERTY',
      "Unable to set session property 'enable_dynamic_filtering' to 'null': Session property value must not be null",
    ],
    ['SET SESSION a.b.c = 1', 'INVALID_SESSION_PROPERTY', "Invalid session property 'a.b.c'"],
    ['RESET SESSION nope', 'INVALID_SESSION_PROPERTY', "line 1:1: Session property 'nope' does not exist"],
    [
      'SET SESSION query_max_run_time = 1',
      'INVALID_SESSION_PROPERTY',
      "Unable to set session property 'query_max_run_time' to '1': Cannot cast type integer to varchar",
    ],
    ["CALL system.runtime.kill_query(query_id => 'x', message => 'm')", 'NOT_FOUND', 'Target query not found: x'],
    ['CALL system.runtime.nope()', 'PROCEDURE_NOT_FOUND', 'Procedure not registered: runtime.nope'],
    ["CALL nope.runtime.kill_query('x')", 'CATALOG_NOT_FOUND', "Catalog 'nope' not found"],
    ['CALL system.runtime.kill_query()', 'INVALID_ARGUMENTS', "Required procedure argument 'QUERY_ID' is missing"],
    ['CALL system.runtime.kill_query(1)', 'TYPE_MISMATCH', 'Cannot cast type integer to varchar'],
    ["CALL system.runtime.kill_query('a', 'b', 'c')", 'INVALID_ARGUMENTS', 'Too many arguments for procedure'],
    ["CALL system.runtime.kill_query(query_id => 'a', query_id => 'b')", 'INVALID_ARGUMENTS', 'Duplicate procedure argument: QUERY_ID'],
    ['CALL system.runtime.kill_query(NULL)', 'INVALID_PROCEDURE_ARGUMENT', 'query_id cannot be null'],
    ["CALL system.runtime.kill_query(query_id => 'x', foo => 'm')", 'INVALID_ARGUMENTS', 'Unknown argument name: FOO'],
  ])('%s is refused', async (sql, errorName, message) => {
    expect((await run(sql)).last.error).toMatchObject({ errorName, message: expect.stringContaining(message) })
  })

  it('kill_query ends a query of another client', async () => {
    const { id, nextUri } = await jsonOf(await postStatement(weir.url, ENDLESS))
    const page = await jsonOf(await fetch(nextUri))
    const killed = await run(`EXECUTE IMMEDIATE 'CALL system.runtime.kill_query(query_id => ?, message => ''too long'')' USING '${id}'`)
    expect(killed.last).toMatchObject({ columns: [], updateType: 'CALL' })
    let last = page
    while (last.nextUri !== undefined) last = await jsonOf(await fetch(last.nextUri))
    expect(last.error).toMatchObject({ errorName: 'ADMINISTRATIVELY_KILLED', message: 'Query killed. Message: too long' })
    const again = await run(`CALL system.runtime.kill_query('${id}')`)
    expect(again.last.error).toMatchObject({ errorName: 'NOT_SUPPORTED', message: `Target query is not running: ${id}` })
  })
})

describe('prepared statements', () => {
  const sql = 'SELECT id, ? AS it FROM sample.trips WHERE id >= ? ORDER BY id LIMIT ?'

  it('are told in a header, come back in one, and run with values', async () => {
    const prepare = await run(`PREPARE p1 FROM ${sql}`)
    expect(prepare.last).toMatchObject({ columns: [], updateType: 'PREPARE' })
    const [name, text] = (prepare.headers['x-trino-added-prepare'] as string).split('=')
    expect([name, decodeURIComponent((text as string).replaceAll('+', ' '))]).toEqual(['p1', sql])
    const headers = { 'x-trino-prepared-statement': prepare.headers['x-trino-added-prepare'] as string }
    expect((await run("EXECUTE p1 USING 'it''s', BIGINT '7', 2", headers)).rows).toEqual([
      [7, "it's"],
      [8, "it's"],
    ])
    expect((await run('EXECUTE p1 USING 1', headers)).last.error.errorName).toBe('INVALID_PARAMETER_USAGE')
    expect((await run('DESCRIBE INPUT p1', headers)).rows).toEqual([
      [0, 'unknown'],
      [1, 'bigint'],
      [2, 'bigint'],
    ])
    expect((await run('DESCRIBE OUTPUT p1', headers)).rows).toEqual([
      ['id', 'lake', 'sample', 'trips', 'bigint', 8, false],
      ['it', '', '', '', 'unknown', 1, true],
    ])
    expect((await run('DEALLOCATE PREPARE p1', headers)).headers).toEqual({ 'x-trino-deallocated-prepare': 'p1' })
    expect((await run('EXECUTE p1')).last.error).toMatchObject({ errorName: 'NOT_FOUND', message: 'Prepared statement not found: p1' })
  })

  it('DESCRIBE OUTPUT and EXPLAIN do nothing of what a statement does', async () => {
    const { id, nextUri } = await jsonOf(await postStatement(weir.url, ENDLESS))
    await jsonOf(await fetch(nextUri))
    const kill = `CALL system.runtime.kill_query('${id}')`
    const prepared = (sql: string) => ({ 'x-trino-prepared-statement': `p=${encodeURIComponent(sql)}`, 'x-trino-transaction-id': 'NONE' })
    expect((await run('DESCRIBE OUTPUT p', prepared(kill))).rows).toEqual([])
    expect((await run('EXPLAIN EXECUTE p', prepared(kill))).rows).toEqual([[kill]])
    expect((await run(`EXPLAIN ${kill}`)).rows).toEqual([[kill]])
    expect((await run(`EXPLAIN (TYPE VALIDATE) ${kill}`)).rows).toEqual([[true]])
    expect((await run(`EXPLAIN ANALYZE ${kill}`)).last.error.errorName).toBe('NOT_SUPPORTED')
    for (const sql of ['COMMIT', 'START TRANSACTION', 'DROP TABLE sample.trips', 'DROP ROLE IF EXISTS r']) {
      expect((await run('DESCRIBE OUTPUT p', prepared(sql))).rows).toEqual([])
      const explained = await run('EXPLAIN EXECUTE p', prepared(sql))
      expect([explained.rows, explained.headers]).toEqual([[[sql]], {}])
    }
    expect((await jsonOf(await fetch(`${weir.url}/v1/query/${id}`))).state).toBe('RUNNING')
    await fetch(`${weir.url}/v1/query/${id}`, { method: 'DELETE' })
  })

  it.each([
    // As Trino 476 tells it: names that the statement gives itself.
    ['SELECT x FROM (SELECT 1 AS x)', [false]],
    ['SELECT x AS x FROM (VALUES 1) t(x)', [true]],
    ['WITH w AS (SELECT 1 a) SELECT * FROM w', [false]],
    ['SELECT id AS id, id FROM sample.trips', [true, false]],
    ['SELECT b FROM (SELECT id b FROM sample.trips)', [false]],
    ['SELECT id x FROM sample.trips UNION SELECT 1', [true]],
    ['SELECT 1 AS _col0, 2', [true, false]],
    ['SELECT 1 a, t.*, 2, 3 b FROM (VALUES (1, 2)) t(x, y)', [true, false, false, false, true]],
    ['SELECT t.*, 2 b, u.* FROM (VALUES (1, 2)) t(x, y), (VALUES 3) u(z)', [false, false, true, false]],
    ['VALUES 1', [false]],
    ['SHOW CATALOGS', [false]],
  ])('DESCRIBE OUTPUT of %s tells which names are aliases', async (sql, aliased) => {
    const { rows, last } = await run('DESCRIBE OUTPUT p', { 'x-trino-prepared-statement': `p=${encodeURIComponent(sql)}` })
    expect(rows.map((row) => row[6])).toEqual(aliased)
    expect(last.columns[5].type).toBe('integer')
  })

  it('a number for ? in ORDER BY is a constant, not the number of a column', async () => {
    const { rows } = await run("EXECUTE IMMEDIATE 'SELECT x FROM (VALUES 2, 3, 1) t(x) ORDER BY ?, x DESC' USING 1")
    expect(rows).toEqual([[3], [2], [1]])
  })

  it('EXECUTE IMMEDIATE takes values of every kind', async () => {
    const { rows } = await run(
      "EXECUTE IMMEDIATE 'SELECT ?, ?, ?, ?, ?' USING ARRAY[1, 2], MAP(ARRAY['a'], ARRAY[1]), ROW(1, 'x'), CAST(NULL AS varchar), DATE '2024-02-29'",
    )
    expect(rows).toEqual([[[1, 2], { a: 1 }, [1, 'x'], null, '2024-02-29']])
  })
})

describe('prepared statements that should not be', () => {
  it.each([
    ['EXPLAIN EXECUTE p', 'EXPLAIN EXECUTE p', /^NOT_FOUND: Prepared statement not found: p$/],
    ['EXECUTE p', 'DESCRIBE OUTPUT p', /^NOT_FOUND: Prepared statement not found: p$/],
    ['DESCRIBE OUTPUT p', 'DESCRIBE INPUT p', /^NOT_FOUND: Prepared statement not found: p$/],
    ['EXECUTE p', 'EXPLAIN ANALYZE EXECUTE q,q=EXPLAIN EXECUTE p', /^NOT_FOUND: Prepared statement not found: p$/],
    ['EXECUTE p', 'EXECUTE p', /^NOT_SUPPORTED: Invalid statement type for prepared statement: EXECUTE$/],
  ])('%s, where p is %s', async (sql, prepared, message) => {
    const { error } = (await run(sql, { 'x-trino-prepared-statement': `p=${prepared.replaceAll(' ', '+')}` })).last
    expect(`${error.errorName}: ${error.message}`).toMatch(message)
  })

  it('no statement is begun beside one that is none, as in Trino', async () => {
    const headers = { 'x-trino-user': 'a', 'x-trino-prepared-statement': 'ok=SELECT+1,p=SELEC+T' }
    const response = await fetch(`${weir.url}/v1/statement`, { method: 'POST', headers, body: 'SELECT 1' })
    expect(response.status).toBe(400)
    expect(await response.text()).toMatch(
      /^Invalid X-Trino-Prepared-Statement header: line 1:1: mismatched input 'SELEC'\. Expecting: 'ALTER',/,
    )
  })

  it('one that no header could bring back is refused', async () => {
    expect((await run(`PREPARE p FROM SELECT '${'ä'.repeat(10_001)}'`)).last.error.errorName).toBe('QUERY_TEXT_TOO_LARGE')
    const sql = `SELECT length('${'ä'.repeat(2500)}')`
    const { headers } = await run(`PREPARE p FROM ${sql}`)
    expect((await run('EXECUTE p', { 'x-trino-prepared-statement': headers['x-trino-added-prepare'] as string })).rows).toEqual([[2500]])
  })
})

describe('names that are no ASCII', () => {
  it('come back in headers as UTF-8, and are understood so', async () => {
    await run('CREATE SCHEMA "größe 日本"')
    const { headers } = await run('USE lake."größe 日本"')
    const told = headers['x-trino-set-schema'] as string
    expect(Buffer.from(told, 'latin1').toString()).toBe('größe 日本')
    expect((await run('SELECT current_schema', { 'x-trino-schema': told })).rows).toEqual([['größe 日本']])
    expect((await run('SET PATH Lake."b""c", x')).headers['x-trino-set-path']).toBe('Lake."b""c", x')
    expect((await run('SELECT current_path', { 'x-trino-path': 'Lake."b""c", x' })).rows).toEqual([['Lake."b""c", x']])
    expect((await run('SET PATH "日本\n"')).headers['x-trino-set-path']).toBe(Buffer.from('"日本%0A"').toString('latin1'))
    // Bytes that are no UTF-8 are what they look like.
    expect((await run('SELECT current_user', { 'x-trino-user': 'jörg' })).rows).toEqual([['jörg']])
    await run('DROP SCHEMA "größe 日本"')
  })
})

describe('transactions', () => {
  it('begin, are used and end; a failure makes the rest wait for the end', async () => {
    expect((await run('START TRANSACTION')).last.error.errorName).toBe('INCOMPATIBLE_CLIENT')
    expect((await run('COMMIT', { 'x-trino-transaction-id': 'NONE' })).last.error.errorName).toBe('NOT_IN_TRANSACTION')
    const started = await run('START TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY', { 'x-trino-transaction-id': 'NONE' })
    const inside = { 'x-trino-transaction-id': started.headers['x-trino-started-transaction-id'] as string }
    expect((await run('SELECT 1', inside)).rows).toEqual([[1]])
    expect((await run('SELECT nope', inside)).last.error.errorName).toBe('COLUMN_NOT_FOUND')
    expect((await run('SELECT 1', inside)).last.error.errorName).toBe('TRANSACTION_ALREADY_ABORTED')
    expect((await run('ROLLBACK', inside)).headers).toEqual({ 'x-trino-clear-transaction-id': 'true' })
    expect((await run('SELECT 1', inside)).last.error).toMatchObject({
      errorName: 'UNKNOWN_TRANSACTION',
      message: `Unknown transaction ID: ${inside['x-trino-transaction-id']}. Possibly expired? Commands ignored until end of transaction block`,
    })
    expect((await run('COMMIT', inside)).last.error.errorName).toBe('UNKNOWN_TRANSACTION')
    // So that a client gets out of a transaction that a restart of the server has ended.
    expect((await run('ROLLBACK', inside)).headers).toEqual({ 'x-trino-clear-transaction-id': 'true' })
    const snapshot = await run('START TRANSACTION ISOLATION LEVEL SERIALIZABLE', { 'x-trino-transaction-id': 'NONE' })
    expect(snapshot.last.error.errorName).toBe('UNSUPPORTED_ISOLATION_LEVEL')
  })
})

describe('transactions that fail', () => {
  const begin = async () => {
    const { headers } = await run('START TRANSACTION', { 'x-trino-transaction-id': 'NONE' })
    return { 'x-trino-transaction-id': headers['x-trino-started-transaction-id'] as string }
  }

  it('are over when they are to be committed', async () => {
    const inside = await begin()
    expect((await run('START TRANSACTION', inside)).last.error).toMatchObject({
      errorName: 'NOT_SUPPORTED',
      message: 'Nested transactions not supported',
    })
    expect((await run('COMMIT', inside)).last.error.errorName).toBe('TRANSACTION_ALREADY_ABORTED')
    expect((await run('COMMIT', inside)).last.error.errorName).toBe('UNKNOWN_TRANSACTION')
  })

  it('are aborted by a cancel of one of their statements', async () => {
    const inside = await begin()
    const { nextUri } = await jsonOf(await postStatement(weir.url, ENDLESS, inside))
    await fetch(nextUri, { method: 'DELETE' })
    expect((await run('SELECT 1', inside)).last.error.errorName).toBe('TRANSACTION_ALREADY_ABORTED')
  })
})

describe('the server', () => {
  it('tells about itself', async () => {
    expect((await fetch(`${weir.url}/v1/statement`, { method: 'HEAD' })).status).toBe(200)
    expect(await jsonOf(await fetch(`${weir.url}/v1/info`))).toMatchObject({
      nodeVersion: { version: '476' },
      coordinator: true,
      starting: false,
    })
    expect(await jsonOf(await fetch(`${weir.url}/v1/info/state`))).toBe('ACTIVE')
    expect((await run('SELECT version()')).rows).toEqual([['476']])
  })

  it('does not believe X-Forwarded headers by itself', async () => {
    const page = await jsonOf(
      await postStatement(weir.url, 'SELECT 1', { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'evil.example' }),
    )
    expect(page.nextUri.startsWith(`${weir.url}/`)).toBe(true)
  })

  it('believes them when told to', async () => {
    const behind = await startWeir({ args: ['--trust-proxy'] })
    try {
      const headers = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'sql.example.com:8443' }
      const page = await jsonOf(await postStatement(behind.url, 'SELECT 1', headers))
      const port = { 'x-forwarded-proto': 'https', 'x-forwarded-host': 'sql.example.com', 'x-forwarded-port': '8443' }
      expect((await jsonOf(await postStatement(behind.url, 'SELECT 1', port))).nextUri).toMatch(/^https:\/\/sql\.example\.com:8443\/v1\//)
      const usual = { ...port, 'x-forwarded-port': '443' }
      expect((await jsonOf(await postStatement(behind.url, 'SELECT 1', usual))).nextUri).toMatch(/^https:\/\/sql\.example\.com\/v1\//)
      expect(page.nextUri).toMatch(/^https:\/\/sql\.example\.com:8443\/v1\/statement\//)
    } finally {
      await behind.stop()
    }
  })

  it('ends although a client has left a result half read', async () => {
    const other = await startWeir()
    const first = await jsonOf(
      await postStatement(other.url, 'SELECT a.x FROM UNNEST(sequence(1, 10000)) a(x), UNNEST(sequence(1, 1000)) b(x)'),
    )
    expect((await jsonOf(await fetch(`${first.nextUri}?maxWait=10s`))).data.length).toBeGreaterThan(0)
    await other.stop()
    expect(other.process.exitCode).toBe(0)
  })

  it('a partial cancel ends the query with the rows so far', async () => {
    const sql = 'SELECT a.x FROM UNNEST(sequence(1, 10000)) a(x), UNNEST(sequence(1, 1000)) b(x)'
    const { nextUri } = await jsonOf(await postStatement(weir.url, sql))
    const page = await jsonOf(await fetch(`${nextUri}?maxWait=10s`))
    expect((await fetch(page.partialCancelUri, { method: 'DELETE' })).status).toBe(204)
    const last = await jsonOf(await fetch(page.nextUri))
    expect(last.stats.state).toBe('FINISHED')
    expect(last).not.toHaveProperty('error')
    expect(last).not.toHaveProperty('nextUri')
  })

  it('takes SQL under any content type', async () => {
    const response = await fetch(`${weir.url}/v1/statement`, {
      method: 'POST',
      headers: { ...CLIENT, 'content-type': 'application/x-www-form-urlencoded' },
      body: "SELECT 'a=b&c'",
    })
    expect((await jsonOf(await fetch(`${(await jsonOf(response)).nextUri}?maxWait=10s`))).data).toEqual([['a=b&c']])
  })
})

describe('spooled results', () => {
  const BIG = 'SELECT a.x * 1000 + b.x AS n, random() AS r FROM UNNEST(sequence(1, 1000)) a(x), UNNEST(sequence(1, 300)) b(x) ORDER BY 1'
  const coding = (name: string) => ({ 'x-trino-query-data-encoding': name })
  const spoolFiles = (): string[] => {
    const root = join(weir.data, 'spool')
    return readdirSync(root).flatMap((folder) => readdirSync(join(root, folder)).filter((name) => name !== 'lock'))
  }
  // biome-ignore lint/suspicious/noExplicitAny: documents
  const segmentsOf = (pages: readonly any[]): any[] => pages.flatMap((page) => page.data?.segments ?? [])

  it('few rows are inline, with the coding that the client named first', async () => {
    const { pages } = await run('SELECT 1, 1.50', coding('nope, json+lz4 ,json+zstd'))
    const [{ data }] = pages.filter((page) => page.data !== undefined)
    expect(data.encoding).toBe('json+lz4')
    expect(data.segments).toEqual([
      {
        type: 'inline',
        data: Buffer.from('[[1,"1.50"]]').toString('base64'),
        metadata: { rowOffset: 0, rowsCount: 1, segmentSize: 12 },
      },
    ])
  })

  it('a client that names no coding that is known gets rows', async () => {
    expect((await run('SELECT 1', coding('arrow'))).rows).toEqual([[1]])
  })

  it('many rows are files that are there until they are acknowledged', async () => {
    const { pages, last } = await run(BIG, coding('json'))
    expect(last.stats.state).toBe('FINISHED')
    const rows: unknown[][] = []
    const segments = segmentsOf(pages)
    expect(segments.filter(({ type }) => type === 'spooled').length).toBeGreaterThan(0)
    for (const { type, data, uri, ackUri, metadata } of segments) {
      expect(metadata.rowOffset).toBe(rows.length)
      if (type === 'inline') {
        rows.push(...JSON.parse(Buffer.from(data, 'base64').toString()))
        continue
      }
      expect(uri).toMatch(new RegExp(`^${weir.url}/v1/spooled/download/[0-9a-f]{48}$`))
      expect(Date.parse(`${metadata.expiresAt}Z`) - Date.now()).toBeGreaterThan(3_500_000)
      const bytes = Buffer.from(await (await fetch(uri)).arrayBuffer())
      expect(bytes.length).toBe(metadata.segmentSize)
      // Too many for the arguments of one call.
      for (const row of JSON.parse(bytes.toString())) rows.push(row)
      expect((await fetch(ackUri)).status).toBe(200)
      expect((await fetch(ackUri)).status).toBe(200)
      expect((await fetch(uri)).status).toBe(404)
    }
    expect(rows.length).toBe(300_000)
    expect(rows.findIndex(([n], index) => n !== (Math.floor(index / 300) + 1) * 1000 + (index % 300) + 1)).toBe(-1)
    expect(spoolFiles()).toEqual([])
  })

  it('a name that is none is 404', async () => {
    expect((await fetch(`${weir.url}/v1/spooled/download/${'0'.repeat(48)}`)).status).toBe(404)
    expect((await fetch(`${weir.url}/v1/spooled/download/..%2F..%2Fcatalog.db`)).status).toBe(404)
  })

  it('a cancel removes the files; a client may tell by HEAD that it is there', async () => {
    let page = await jsonOf(await postStatement(weir.url, BIG, coding('json')))
    while (!segmentsOf([page]).some(({ type }) => type === 'spooled')) page = await jsonOf(await fetch(page.nextUri))
    const [{ uri }] = segmentsOf([page]).filter(({ type }) => type === 'spooled')
    expect((await fetch(page.nextUri ?? uri, { method: 'HEAD' })).status).toBe(page.nextUri === undefined ? 404 : 200)
    if (page.nextUri !== undefined) {
      expect((await fetch(page.nextUri, { method: 'DELETE' })).status).toBe(204)
      expect((await fetch(uri)).status).toBe(404)
      await expect.poll(spoolFiles).toEqual([])
    }
  })
})

describe('a server that needs a token', () => {
  it('gives files of results without it, and nothing else', async () => {
    const other = await startWeir({ env: { WEIR_TOKEN: 'secret' } })
    try {
      const token = { authorization: 'Bearer secret', 'x-trino-query-data-encoding': 'json' }
      let page = await jsonOf(
        await postStatement(other.url, 'SELECT a.x, b.x FROM UNNEST(sequence(1, 1000)) a(x), UNNEST(sequence(1, 500)) b(x)', token),
      )
      while (page.data?.segments.every(({ type }: { type: string }) => type === 'inline') ?? true)
        page = await jsonOf(await fetch(page.nextUri, { headers: token }))
      const { uri } = page.data.segments.find(({ type }: { type: string }) => type === 'spooled')
      expect((await fetch(uri)).status).toBe(200)
      expect((await fetch(page.nextUri ?? `${other.url}/v1/info`)).status).toBe(401)
    } finally {
      await other.stop()
    }
  })
})

describe('a statement whose client is gone', () => {
  it('is ended with what it runs; one that is asked for goes on', async () => {
    const other = await startWeir({ args: ['--client-timeout', '8'] })
    try {
      const start = async (sql: string) => {
        const { nextUri, id } = await jsonOf(await postStatement(other.url, sql))
        return { id, page: await jsonOf(await fetch(nextUri)) }
      }
      const queryOf = async (id: string) => jsonOf(await fetch(`${other.url}/v1/query/${id}`))
      const left = await start(ENDLESS)
      const asked = await start(ENDLESS)
      let next: string = asked.page.nextUri
      const deadline = Date.now() + 120_000
      while ((await queryOf(left.id)).state !== 'FAILED' && Date.now() < deadline) next = (await jsonOf(await fetch(next))).nextUri
      expect(await queryOf(left.id)).toMatchObject({ state: 'FAILED', errorCode: { name: 'ABANDONED_QUERY' } })
      expect((await fetch(left.page.nextUri)).status).toBe(404)
      expect((await queryOf(asked.id)).state).toBe('RUNNING')
    } finally {
      await other.stop()
    }
  })
})

describe('a spool that is full', () => {
  it('holds the query back, and all rows come in pages', async () => {
    const other = await startWeir({ args: ['--spool-size', '0'] })
    try {
      const sql = 'SELECT a.x * 1000 + b.x FROM UNNEST(sequence(1, 1000)) a(x), UNNEST(sequence(1, 500)) b(x) ORDER BY 1'
      for (const headers of [{}, { 'x-trino-query-data-encoding': 'json' }]) {
        const { pages } = await trinoStatement(other.url, sql, headers)
        const rows = pages.flatMap(({ data }) =>
          Array.isArray(data) || data === undefined
            ? (data ?? [])
            : data.segments.flatMap((one: { data: string }) => JSON.parse(Buffer.from(one.data, 'base64').toString())),
        )
        expect(rows.length).toBe(500_000)
        expect(rows.at(-1)).toEqual([1_000_500])
      }
    } finally {
      await other.stop()
    }
  })
})

describe('results that wait', () => {
  const BIG = 'SELECT a.x * 1000 + b.x AS n FROM UNNEST(sequence(1, 1000)) a(x), UNNEST(sequence(1, 1000)) b(x) ORDER BY 1'

  it('the query ends although its client pauses, and no row is lost', async () => {
    let page = await jsonOf(await postStatement(weir.url, BIG))
    const rows: unknown[][][] = []
    while (page.data === undefined) page = await jsonOf(await fetch(page.nextUri))
    rows.push(page.data)
    await expect.poll(async () => (await jsonOf(await fetch(`${weir.url}/v1/query/${page.id}`))).state).toBe('FINISHED')
    while (page.nextUri !== undefined) {
      page = await jsonOf(await fetch(page.nextUri))
      rows.push(page.data ?? [])
    }
    const all = rows.flat()
    expect(all.length).toBe(1_000_000)
    expect(all.findIndex(([n], index) => n !== (Math.floor(index / 1000) + 1) * 1000 + (index % 1000) + 1)).toBe(-1)
  })

  it('after a crash a statement is gone, and so are its files', async () => {
    const first = await startWeir({ data: mkdtempSync(join(tmpdir(), 'weir-crash-')) })
    const { data } = first
    const port = new URL(first.url).port
    let page = await jsonOf(await postStatement(first.url, BIG, { 'x-trino-query-data-encoding': 'json' }))
    while (page.data === undefined) page = await jsonOf(await fetch(page.nextUri))
    const spool = join(data, 'spool')
    const [left] = readdirSync(spool)
    await expect.poll(() => readdirSync(join(spool, left as string)).length).toBeGreaterThan(1)
    first.process.kill('SIGKILL')
    await new Promise((resolve) => first.process.once('exit', resolve))
    const second = await startWeir({ data, args: ['--port', port] })
    try {
      expect((await fetch(page.nextUri ?? `${second.url}/v1/query/${page.id}`)).status).toBe(404)
      expect(readdirSync(spool)).not.toContain(left)
    } finally {
      await second.stop()
      rmSync(data, { recursive: true, force: true })
    }
  })
})

describe('a disk that is full', () => {
  const mount = mkdtempSync(join(tmpdir(), 'weir-small-disk-'))
  let mounted = false
  beforeAll(() => {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', mount], { stdio: 'pipe' })
      mounted = true
    } catch {
      // Told by the test.
    }
  })
  afterAll(() => {
    if (mounted) execFileSync('umount', ['-l', mount])
    rmSync(mount, { recursive: true, force: true })
  })

  it('takes what fits; the rest of the rows comes in pages', async ({ skip }) => {
    if (!mounted) skip('a small file system cannot be mounted here (needs root)')
    const data = mkdtempSync(join(tmpdir(), 'weir-full-'))
    symlinkSync(mount, join(data, 'spool'))
    const other = await startWeir({ data, args: ['--spool-size', '10GB'] })
    try {
      const { pages } = await trinoStatement(
        other.url,
        'SELECT a.x * 1000 + b.x FROM UNNEST(sequence(1, 1000)) a(x), UNNEST(sequence(1, 1000)) b(x) ORDER BY 1',
        { 'x-trino-query-data-encoding': 'json' },
      )
      const segments = pages.flatMap(({ data: found }) => found?.segments ?? [])
      let rows = 0
      for (const { type, data: inline, uri } of segments)
        rows += JSON.parse(type === 'inline' ? Buffer.from(inline, 'base64').toString() : await (await fetch(uri)).text()).length
      expect(rows).toBe(1_000_000)
      expect(new Set(segments.map(({ type }) => type))).toEqual(new Set(['inline', 'spooled']))
    } finally {
      await other.stop()
      rmSync(data, { recursive: true, force: true })
    }
  })
})

describe('addresses for people', () => {
  it('lead to documents', async () => {
    const { last } = await run('SELECT 1')
    const info = await fetch(last.infoUri)
    expect([info.url, (await jsonOf(info)).queryId]).toEqual([`${weir.url}/v1/query/${last.id}`, last.id])
    for (const path of ['/', '/ui', '/ui/']) {
      const response = await fetch(weir.url + path, { redirect: 'manual' })
      expect([response.status, response.headers.get('location')]).toEqual([303, '/docs'])
    }
  })
})
