/** The HTTP contract (CONTRACT, section 4) against a server process, its answers checked against openapi.yaml. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync, zstdDecompressSync } from 'node:zlib'
import Ajv from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { tableFromIPC } from 'apache-arrow'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { type SampleLake, sampleLake } from '#tests/support/sample-lake'
import { jsonOf, startWeir, type WeirServer } from '#tests/support/weir'

let lake: SampleLake
let weir: WeirServer

const openapi = parse(readFileSync(join(import.meta.dirname, '../../openapi.yaml'), 'utf8'))
const ajv = new Ajv.default({ strict: false, allErrors: true })
addFormats.default(ajv)
ajv.addSchema(openapi, 'openapi')

/** The schema of an answer, by operation and status. */
function checkAnswer(path: string, method: string, status: number, body: unknown): void {
  const pointer = `openapi#/paths/${path.replaceAll('~', '~0').replaceAll('/', '~1').replaceAll('{', '%7B').replaceAll('}', '%7D')}/${method}/responses/${status}`
  const response = openapi.paths[path][method].responses[status]
  expect(response, `${method} ${path} documents ${status}`).toBeDefined()
  const schema =
    response.$ref === undefined ? `${pointer}/content/application~1json/schema` : `openapi${response.$ref}/content/application~1json/schema`
  const validate = ajv.getSchema(schema)
  if (validate === undefined) throw new Error(`no schema at ${schema}`)
  expect(validate(body) ? [] : validate.errors).toEqual([])
}

beforeAll(async () => {
  lake = await sampleLake()
  weir = await startWeir({ args: ['--allow', lake.folder] })
  const created = await weir.request('/api/v1/tables', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ schema: 'sample', name: 'trips', location: `file://${lake.folder}/trips/` }),
  })
  expect(created.status).toBe(201)
  checkAnswer('/api/v1/tables', 'post', 201, await jsonOf(created))
})

afterAll(async () => {
  await weir?.stop()
  lake?.close()
})

describe('POST /api/v1/sql', () => {
  it('JSON: columns with wire types, rows, statistics', async () => {
    const answer = await weir.sql(
      'SELECT year, month, count(*) AS trips, sum(fare) AS fares FROM trips WHERE year = 2024 AND month < 4 GROUP BY 1, 2 ORDER BY 2',
      { schema: 'sample' },
    )
    expect(answer.status).toBe(200)
    checkAnswer('/api/v1/sql', 'post', 200, answer.json)
    expect(answer.json.columns).toEqual([
      { name: 'year', type: 'integer' },
      { name: 'month', type: 'integer' },
      { name: 'trips', type: 'bigint' },
      { name: 'fares', type: 'decimal(38, 2)' },
    ])
    const expected = await lake.duck(
      `SELECT year, month, count(*), sum(fare)::VARCHAR FROM read_parquet('${lake.folder}/trips/*/*/*.parquet', hive_partitioning = true) WHERE year = 2024 AND month < 4 GROUP BY 1, 2 ORDER BY 2`,
    )
    expect(answer.json.rows).toEqual(expected)
    expect(answer.json.stats.partitions).toEqual({ total: 6, kept: 1 })
    expect(answer.json.stats.rows).toBe(answer.json.rows.length)
    expect(answer.headers.get('x-weir-query-id')).toBe(answer.json.queryId)
  })

  it('plain text SQL is the whole statement', async () => {
    const response = await weir.request('/api/v1/sql', {
      method: 'POST',
      headers: { 'content-type': 'text/plain; charset=utf-8' },
      body: "SELECT 'é' AS x",
    })
    expect((await jsonOf(response)).rows).toEqual([['é']])
  })

  it('CSV: header, LF, quotes only where needed, NULL empty and empty string quoted', async () => {
    const { text, headers } = await weir.sql(
      `SELECT * FROM (VALUES (1, 'a,"b"', CAST(NULL AS varchar), ARRAY[1, 2]), (2, '', 'x', ARRAY[])) t(id, "a,b", c, d) ORDER BY id`,
      {},
      { accept: 'text/csv' },
    )
    expect(headers.get('content-type')).toMatch(/^text\/csv/)
    expect(text).toBe('id,"a,b",c,d\n1,"a,""b""",,"[1,2]"\n2,"",x,[]\n')
  })

  it('NDJSON: an object a row, repeated names numbered', async () => {
    const { text } = await weir.sql("SELECT 1 AS a, 'x' AS a, DECIMAL '1.50' AS b", {}, { accept: 'application/x-ndjson' })
    expect(text).toBe('{"a":1,"a_2":"x","b":"1.50"}\n')
  })

  it('Arrow: types of the contract', async () => {
    const response = await weir.request('/api/v1/sql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/vnd.apache.arrow.stream' },
      body: JSON.stringify({
        sql: 'SELECT id, fare, at, day, flag, maybe, name, pair FROM trips WHERE year = 2023 AND month = 1 ORDER BY id',
        schema: 'sample',
      }),
    })
    const table = tableFromIPC(new Uint8Array(await response.arrayBuffer()))
    expect(table.schema.fields.map((field) => `${field.name} ${field.type}`)).toEqual([
      'id Int64',
      'fare Decimal[10e+2]',
      'at Timestamp<MICROSECOND>',
      'day Date32<DAY>',
      'flag Bool',
      'maybe Int64',
      'name Utf8',
      'pair List<Int64>',
    ])
    const expected = await lake.duck(`SELECT id, maybe FROM read_parquet('${lake.folder}/trips/year=2023/month=1/*.parquet') ORDER BY id`)
    expect(table.toArray().map((row) => [Number(row.id), row.maybe === null ? null : Number(row.maybe)])).toEqual(expected)
  })

  it('Parquet: a file that DuckDB reads', async () => {
    const response = await weir.request('/api/v1/sql', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/vnd.apache.parquet' },
      body: JSON.stringify({ sql: 'SELECT * FROM trips ORDER BY id', schema: 'sample' }),
    })
    const path = join(lake.folder, 'result.parquet')
    writeFileSync(path, new Uint8Array(await response.arrayBuffer()))
    expect(await lake.duck(`SELECT count(*), sum(id), sum(fare)::VARCHAR, count(maybe) FROM '${path}'`)).toEqual(
      await lake.duck(`SELECT count(*), sum(id), sum(fare)::VARCHAR, count(maybe) FROM read_parquet('${lake.folder}/trips/*/*/*.parquet')`),
    )
  })

  it.each([
    ['gzip', gunzipSync],
    ['zstd', zstdDecompressSync],
  ] as const)('%s by Accept-Encoding', async (coding, decompress) => {
    const { request } = await import('node:http')
    const { headers, body } = await new Promise<{ headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
      const call = request(
        `${weir.url}/api/v1/sql`,
        { method: 'POST', headers: { 'content-type': 'text/plain', 'accept-encoding': coding } },
        (response) => {
          const chunks: Buffer[] = []
          response
            .on('data', (chunk) => chunks.push(chunk))
            .on('end', () => resolve({ headers: response.headers, body: Buffer.concat(chunks) }))
        },
      )
      call.on('error', reject).end('SELECT * FROM sample.trips ORDER BY id')
    })
    expect(headers['content-encoding']).toBe(coding)
    expect(JSON.parse(decompress(body).toString()).rows).toHaveLength(1200)
  })

  it('small results are not compressed', async () => {
    const { request } = await import('node:http')
    const coding = await new Promise((resolve, reject) => {
      const call = request(
        `${weir.url}/api/v1/sql`,
        { method: 'POST', headers: { 'content-type': 'text/plain', 'accept-encoding': 'gzip' } },
        (response) => response.resume().on('end', () => resolve(response.headers['content-encoding'])),
      )
      call.on('error', reject).end('SELECT 1')
    })
    expect(coding).toBeUndefined()
  })

  it('parameters take the place of question marks', async () => {
    const { json } = await weir.sql('SELECT ? AS a, count(*) AS n FROM trips WHERE day = ? AND year = ?', {
      schema: 'sample',
      parameters: ['x', { type: 'date', value: '2024-01-05' }, 2024],
    })
    expect(json.rows).toEqual([
      [
        'x',
        (
          await lake.duck(`SELECT count(*) FROM read_parquet('${lake.folder}/trips/year=2024/*/*.parquet') WHERE day = DATE '2024-01-05'`)
        )[0]?.[0],
      ],
    ])
    expect(json.stats.partitions.kept).toBeLessThan(12)
  })

  it('a wrong number of parameters is refused', async () => {
    const { status, json } = await weir.sql('SELECT ?', { parameters: [] })
    expect([status, json.error?.name]).toEqual([400, 'INVALID_PARAMETER_USAGE'])
  })

  it('a dry run plans and reads no data', async () => {
    const { json } = await weir.sql('SELECT sum(fare) FROM trips WHERE month = 2', { schema: 'sample', dryRun: true })
    checkAnswer('/api/v1/sql', 'post', 200, json)
    expect(json.dryRun).toBe(true)
    expect(json.rows).toEqual([])
    expect(json.columns).toEqual([{ name: '_col0', type: 'decimal(38, 2)' }])
    expect(json.stats.partitions).toEqual({ total: 6, kept: 1 })
    expect(json.stats.bytes.kept).toBeGreaterThan(0)
    expect(json.stats.bytes.fromStore + json.stats.bytes.fromCache).toBe(0)
  })

  it('maxBytes refuses before reading', async () => {
    const { status, json } = await weir.sql('SELECT * FROM trips', { schema: 'sample', maxBytes: 10 })
    expect([status, json.error?.name, json.error?.code]).toEqual([400, 'EXCEEDED_SCAN_LIMIT', 131081])
  })

  it('timeoutMs ends a long query', async () => {
    const { status, json } = await weir.sql('SELECT count(*) FROM trips a, trips b, trips c, trips d', { schema: 'sample', timeoutMs: 300 })
    expect([status, json.error?.name, json.error?.message]).toEqual([
      503,
      'EXCEEDED_TIME_LIMIT',
      'Query exceeded maximum time limit of 0.30s',
    ])
  })

  it('session zone', async () => {
    const { json } = await weir.sql(
      "SELECT CAST(timestamp '2024-07-01 12:00:00 UTC' AS timestamp(0)) AS t, timestamp '2024-07-01 12:00:00 UTC' AT TIME ZONE 'Asia/Tokyo' AS tokyo",
      { timeZone: 'Europe/Paris' },
    )
    expect(json.rows).toEqual([['2024-07-01 12:00:00', '2024-07-01 21:00:00 Asia/Tokyo']])
  })
})

describe('errors', () => {
  const cases: readonly (readonly [string, Record<string, unknown>, number, string, string])[] = [
    ['SELECT * FORM x', {}, 400, 'SYNTAX_ERROR', "line 1:10: mismatched input 'FORM'"],
    ['SELECT x FROM sample.trips', {}, 400, 'COLUMN_NOT_FOUND', "line 1:8: Column 'x' cannot be resolved"],
    ['SELECT * FROM sample.trip', {}, 400, 'TABLE_NOT_FOUND', "line 1:15: Table 'lake.sample.trip' does not exist"],
    ['SELECT * FROM nowhere.trips', {}, 400, 'SCHEMA_NOT_FOUND', "line 1:15: Schema 'nowhere' does not exist"],
    ['SELECT * FROM other.a.b', {}, 400, 'CATALOG_NOT_FOUND', "line 1:15: Catalog 'other' not found"],
    ['SELECT foo(1)', {}, 400, 'FUNCTION_NOT_FOUND', "line 1:8: Function 'foo' not registered"],
    ["SELECT 1 + 'a'", {}, 400, 'TYPE_MISMATCH', 'line 1:10: Cannot apply operator: integer + varchar(1)'],
    ['SELECT 1 / 0', {}, 400, 'DIVISION_BY_ZERO', 'Division by zero'],
    ["SELECT CAST('x' AS integer)", {}, 400, 'INVALID_CAST_ARGUMENT', "Cannot cast 'x' to INT"],
    ['SELECT 2147483647 + 1', {}, 400, 'NUMERIC_VALUE_OUT_OF_RANGE', 'integer addition overflow: 2147483647 + 1'],
    ['SELECT (SELECT id FROM sample.trips)', {}, 400, 'SUBQUERY_MULTIPLE_ROWS', 'Scalar sub-query has returned multiple rows'],
    [
      'CREATE MATERIALIZED VIEW m AS SELECT 1 a',
      {},
      400,
      'NOT_SUPPORTED',
      'line 1:1: This connector does not support creating materialized views',
    ],
    [
      'SELECT 1 LIMIT ?',
      { parameters: [1, 2] },
      400,
      'INVALID_PARAMETER_USAGE',
      'line 1:1: Incorrect number of parameters: expected 1 but found 2',
    ],
    ['SELECT 1', { timeZone: 'Mars/Base' }, 400, 'INVALID_SESSION_PROPERTY', 'Time zone not supported: Mars/Base'],
  ]
  it.each(cases)('%s', async (sql, body, status, name, message) => {
    const answer = await weir.sql(sql, body)
    expect([answer.status, answer.json.error?.name]).toEqual([status, name])
    expect(answer.json.error?.message.startsWith(message), answer.json.error?.message).toBe(true)
    checkAnswer('/api/v1/sql', 'post', status, answer.json)
  })

  it('a table of another schema is suggested', async () => {
    const { json } = await weir.sql('SELECT * FROM trips')
    expect([json.error?.name, json.error?.hint]).toEqual(['TABLE_NOT_FOUND', "Did you mean 'sample.trips'?"])
  })

  const requests: readonly (readonly [string, RequestInit, number])[] = [
    ['an unknown field', { body: '{"sql":"SELECT 1","sqll":1}', headers: { 'content-type': 'application/json' } }, 400],
    ['a wrong type', { body: '{"sql":1}', headers: { 'content-type': 'application/json' } }, 400],
    ['no sql', { body: '{}', headers: { 'content-type': 'application/json' } }, 400],
    ['no body', { headers: { 'content-type': 'application/json' } }, 400],
    ['wrong JSON', { body: '{"sql":', headers: { 'content-type': 'application/json' } }, 400],
    ['invalid UTF-8', { body: new Uint8Array([0x53, 0xff, 0xfe]), headers: { 'content-type': 'text/plain' } }, 400],
    ['an unknown content type', { body: '<sql/>', headers: { 'content-type': 'application/xml' } }, 415],
    ['neither body nor content type', {}, 415],
    ['a compressed body', { body: gzipSync('SELECT 1'), headers: { 'content-type': 'text/plain', 'content-encoding': 'gzip' } }, 415],
    ['an unknown format', { body: 'SELECT 1', headers: { 'content-type': 'text/plain', accept: 'image/png' } }, 406],
    ['17 MB', { body: 'x'.repeat(17 << 20), headers: { 'content-type': 'text/plain' } }, 413],
  ]
  it.each(requests)('%s', async (_title, init, status) => {
    const response = await weir.request('/api/v1/sql', { method: 'POST', ...init })
    expect(response.status).toBe(status)
    checkAnswer('/api/v1/sql', 'post', status, await jsonOf(response))
  })

  it('unknown paths are 404 documents', async () => {
    const response = await weir.request('/api/v1/nope')
    expect([response.status, (await jsonOf(response)).error.name]).toEqual([404, 'NOT_FOUND'])
  })
})

describe('the catalog', () => {
  it('lists, shows, has partitions', async () => {
    const list = await jsonOf(await weir.request('/api/v1/tables'))
    checkAnswer('/api/v1/tables', 'get', 200, list)
    expect(list.tables).toEqual([{ schema: 'sample', name: 'trips', format: 'parquet', location: `file://${lake.folder}/trips/` }])
    const table = await jsonOf(await weir.request('/api/v1/tables/sample/TRIPS'))
    checkAnswer('/api/v1/tables/{schema}/{table}', 'get', 200, table)
    expect(table.partitionKeys).toEqual([
      { name: 'year', type: 'integer' },
      { name: 'month', type: 'integer' },
    ])
    const partitions = await jsonOf(await weir.request('/api/v1/tables/sample/trips/partitions'))
    checkAnswer('/api/v1/tables/{schema}/{table}/partitions', 'get', 200, partitions)
    // year and month are both made of i, so only six of the twelve pairs of parities occur.
    expect(partitions.partitions.map((one: { path: string }) => one.path)).toEqual(
      (
        await lake.duck(
          `SELECT DISTINCT 'year=' || year || '/month=' || month AS p FROM read_parquet('${lake.folder}/trips/*/*/*.parquet', hive_partitioning = true) ORDER BY p`,
        )
      ).map(([path]) => path),
    )
  })

  it('refuses twice, replaces, drops; files stay', async () => {
    const post = (body: unknown) =>
      weir.request('/api/v1/tables', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })
    const request = { schema: 'sample', name: 'again', location: `file://${lake.folder}/trips/` }
    expect((await post({ ...request, dryRun: true })).status).toBe(201)
    expect((await weir.request('/api/v1/tables/sample/again')).status).toBe(404)
    expect((await post(request)).status).toBe(201)
    const twice = await post(request)
    expect([twice.status, (await jsonOf(twice)).error.name]).toEqual([400, 'TABLE_ALREADY_EXISTS'])
    expect((await post({ ...request, replace: true })).status).toBe(201)
    expect((await weir.request('/api/v1/tables/sample/again/refresh', { method: 'POST' })).status).toBe(200)
    expect((await weir.request('/api/v1/tables/sample/again', { method: 'DELETE' })).status).toBe(204)
    const gone = await weir.request('/api/v1/tables/sample/again', { method: 'DELETE' })
    expect(gone.status).toBe(404)
    checkAnswer('/api/v1/tables/{schema}/{table}', 'delete', 404, await jsonOf(gone))
    expect((await weir.sql('SELECT count(*) FROM sample.trips')).json.rows).toEqual([[1200]])
  })

  it('refuses places outside of roots and --allow', async () => {
    for (const location of ['file:///etc/', 'file:///', `file://${lake.folder}/../`, '/etc/passwd']) {
      const response = await weir.request('/api/v1/tables', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ schema: 's', name: 'x', location }),
      })
      expect([location, response.status]).toEqual([location, location.startsWith('file:') ? 403 : response.status])
      expect(response.status).toBeGreaterThanOrEqual(400)
    }
  })
})

describe('operations', () => {
  it('health, metrics, document, docs, cache', async () => {
    for (const path of ['/health/live', '/health/ready'] as const) {
      const body = await jsonOf(await weir.request(path))
      checkAnswer(path, 'get', 200, body)
    }
    expect(await (await weir.request('/metrics')).text()).toMatch(/^weir_queries_total\{state="FINISHED",error=""\} \d+$/m)
    expect(await (await weir.request('/openapi.yaml')).text()).toBe(readFileSync(join(import.meta.dirname, '../../openapi.yaml'), 'utf8'))
    expect((await weir.request('/docs/')).status).toBe(200)
    const cache = await jsonOf(await weir.request('/api/v1/cache'))
    checkAnswer('/api/v1/cache', 'get', 200, cache)
    expect((await weir.request('/api/v1/cache', { method: 'DELETE' })).status).toBe(204)
    expect((await weir.sql('SELECT sum(id) FROM sample.trips')).json.rows).toEqual(
      await lake.duck(`SELECT sum(id) FROM read_parquet('${lake.folder}/trips/*/*/*.parquet')`),
    )
  })
})
