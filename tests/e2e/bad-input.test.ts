/**
 * Bad input gets a clear error, and nothing is lost: after each case the same server answers SELECT 1 within 3 s. Names,
 * statuses and messages are asserted whole, so that no kernel text and no cache path shows.
 */

import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'
import { copyBytes } from '#tests/support/sample-objects'
import { jsonOf, startWeir, type WeirServer } from '#tests/support/weir'

const run = promisify(execFile)
let s3: S3TestServer
let weir: WeirServer
let rows: Buffer
let otherRows: Buffer

beforeAll(async () => {
  rows = await copyBytes("SELECT i AS id, 'value ' || i AS name FROM range(50000) t(i)", 'FORMAT parquet, ROW_GROUP_SIZE 10000')
  otherRows = await copyBytes("SELECT i * 2 AS id, 'other ' || i AS name FROM range(50000) t(i)", 'FORMAT parquet, ROW_GROUP_SIZE 10000')
  s3 = await startS3Server({ buckets: ['lake'] })
  weir = await startWeir({ env: s3.env })
})

afterAll(async () => {
  await weir?.stop()
  await s3?.close()
})

afterEach(async () => {
  s3.faults.clear()
  const started = Date.now()
  const answer = await weir.sql('SELECT 1')
  expect(answer.json.rows).toEqual([[1]])
  expect(Date.now() - started).toBeLessThan(30_000)
})

async function register(
  name: string,
  location: string,
  more: Record<string, unknown> = {},
): Promise<{ status: number; body: { error?: { name: string; message: string } } }> {
  const response = await weir.request('/api/v1/tables', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ schema: 'default', name, location, replace: true, ...more }),
  })
  return { status: response.status, body: await jsonOf(response) }
}

async function failure(sql: string): Promise<{ status: number; name: string | undefined; message: string | undefined }> {
  const { status, json } = await weir.sql(sql)
  return { status, name: json.error?.name, message: json.error?.message }
}

describe('SQL', () => {
  it('of 5 MB', async () => {
    expect(await failure(`SELECT '${'x'.repeat(5_000_000)}'`)).toEqual({
      status: 400,
      name: 'QUERY_TEXT_TOO_LARGE',
      message: 'Query text length (5000009) exceeds the maximum length (1000000)',
    })
  })

  it('of 20,000 nested parentheses', async () => {
    const { status, name, message } = await failure(`SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`)
    expect([status, name]).toEqual([400, 'STACK_OVERFLOW'])
    expect(message).toBe('line 1:506: statement is too large (stack overflow while parsing)')
  })

  it('of 50,000 operators in a row either runs or is refused', async () => {
    const { status, name } = await failure(`SELECT 1${' + 1'.repeat(50_000)}`)
    expect([status, name]).toEqual([400, 'STACK_OVERFLOW'])
    const and = await weir.sql(`SELECT true${' AND true'.repeat(50_000)}`)
    expect(and.status === 200 ? and.json.rows : and.json.error?.name).toEqual(and.status === 200 ? [[true]] : 'STACK_OVERFLOW')
  })

  it('with NUL', async () => {
    const { status, name, message } = await failure('SELECT 1 \u0000')
    expect([status, name]).toEqual([400, 'SYNTAX_ERROR'])
    expect(message?.startsWith("line 1:10: mismatched input '\u0000'. Expecting: "), message).toBe(true)
  })

  it('with invalid UTF-8, or in JSON that is none', async () => {
    const post = async (body: string | Uint8Array<ArrayBuffer>, type: string) => {
      const response = await weir.request('/api/v1/sql', { method: 'POST', headers: { 'content-type': type }, body })
      const { error } = await jsonOf(response)
      return [response.status, error.name, error.message]
    }
    const bytes = new Uint8Array([...Buffer.from("SELECT '"), 0xff, 0xfe, 0x27])
    expect(await post(bytes, 'text/plain')).toEqual([400, 'GENERIC_USER_ERROR', 'The request body is not valid UTF-8'])
    expect(await post('{"sql":', 'application/json')).toEqual([
      400,
      'GENERIC_USER_ERROR',
      'The request body is not valid JSON: Unexpected end of JSON input',
    ])
  })

  it('with NUL inside a string stays a string', async () => {
    expect((await weir.sql("SELECT length('a\u0000b')")).json.rows).toEqual([[3]])
  })
})

describe('HTTP', () => {
  /** What the server says to these bytes until it closes the connection. */
  async function send(bytes: string): Promise<{ status: number; error: unknown }> {
    const { hostname, port } = new URL(weir.url)
    const socket = connect(Number(port), hostname)
    socket.write(bytes)
    const answer = (await socket.setEncoding('utf8').toArray()).join('')
    const [head = '', body = ''] = answer.split('\r\n\r\n')
    return { status: Number(head.split(' ')[1]), error: JSON.parse(body).error }
  }
  const userError = (message: string) => ({ name: 'GENERIC_USER_ERROR', code: 0, type: 'USER_ERROR', message })
  const request = (target: string, ...headers: string[]) =>
    [`GET ${target} HTTP/1.1`, 'Host: localhost', 'Connection: close', ...headers, '', ''].join('\r\n')

  it.each([
    ['no HTTP at all', '\x16\x03\x01\x02', 400, 'The request is not valid HTTP'],
    [
      'two lengths of one body',
      request('/health/live', 'Content-Length: 1', 'Transfer-Encoding: chunked'),
      400,
      'The request is not valid HTTP',
    ],
    [
      'headers beyond 64 KB',
      request('/health/live', `X: ${'a'.repeat(70_000)}`),
      431,
      "The request's headers are too many, or larger than 65536 bytes",
    ],
    ['a path that cannot be decoded', request('/api/v1/tables/%zz/t'), 400, "'/api/v1/tables/%zz/t' is not a valid url component"],
  ])('%s gets the error document', async (_what, bytes, status, message) => {
    expect(await send(bytes)).toEqual({ status, error: userError(message) })
  })
})

describe('files', () => {
  it('truncated Parquet', async () => {
    s3.put('lake', 'truncated/part.parquet', rows.subarray(0, rows.length - 100))
    const { status, body } = await register('truncated', 's3://lake/truncated/')
    expect(status).toBe(502)
    expect(body.error?.name).toBe('HIVE_BAD_DATA')
    expect(body.error?.message).toBe(
      "Malformed Parquet file s3://lake/truncated/part.parquet: it does not end with 'PAR1'; it may be cut off or no Parquet file",
    )
  })

  it('Parquet that loses its end after it was registered', async () => {
    s3.put('lake', 'later/part.parquet', rows)
    expect((await register('later', 's3://lake/later/')).status).toBe(201)
    s3.put('lake', 'later/part.parquet', rows.subarray(0, rows.length - 100))
    const { status, name, message } = await failure('SELECT sum(id) FROM later')
    expect([status, name]).toEqual([502, 'HIVE_BAD_DATA'])
    expect(message).toBe(
      "Malformed Parquet file s3://lake/later/part.parquet: it does not end with 'PAR1'; it may be cut off or no Parquet file",
    )
  })

  it('Parquet whose data pages are garbage', async () => {
    const broken = Buffer.from(rows)
    broken.fill(0xa5, 100, 4000)
    s3.put('lake', 'garbage/part.parquet', broken)
    expect((await register('garbage', 's3://lake/garbage/')).status).toBe(201)
    const { status, name, message } = await failure('SELECT sum(id), max(name) FROM garbage')
    expect([status, name]).toEqual([502, 'HIVE_BAD_DATA'])
    expect(message).toBe('Cannot read s3://lake/garbage/part.parquet: the file is damaged or is not valid Parquet')
  })

  it('encrypted Parquet', async () => {
    const encrypted = readFileSync(join(import.meta.dirname, '../fixtures/parquet/encrypted.parquet'))
    s3.put('lake', 'encrypted/part.parquet', encrypted)
    const { status, body } = await register('encrypted', 's3://lake/encrypted/')
    expect([status, body.error?.name]).toEqual([502, 'HIVE_UNSUPPORTED_FORMAT'])
    expect(body.error?.message).toBe('Parquet file s3://lake/encrypted/part.parquet cannot be read: it is encrypted')
  })

  it('a CSV with ragged rows: refused with its place, or NULL, or skipped and counted', async () => {
    s3.put('lake', 'ragged/a.csv', 'id,name\n1,a\n2\n3,c,extra\n4,d\n')
    expect(
      (
        await register('ragged', 's3://lake/ragged/', {
          format: 'csv',
          properties: { 'csv.header': 'true' },
          columns: [
            { name: 'id', type: 'bigint' },
            { name: 'name', type: 'varchar' },
          ],
        })
      ).status,
    ).toBe(201)
    const { status, name, message } = await failure('SELECT * FROM ragged')
    expect([status, name]).toEqual([502, 'HIVE_BAD_DATA'])
    expect(message).toBe('Cannot read s3://lake/ragged/a.csv, line 3: expected 2 columns, found 1')
    await register('ragged', 's3://lake/ragged/', {
      format: 'csv',
      properties: { 'csv.header': 'true', on_error: 'skip' },
      columns: [
        { name: 'id', type: 'bigint' },
        { name: 'name', type: 'varchar' },
      ],
    })
    const skipped = await weir.sql('SELECT id FROM ragged ORDER BY id')
    expect(skipped.json.rows).toEqual([[1], [4]])
    expect(skipped.json.stats.rejectedRows).toBe(2)
    expect(skipped.json.stats.hints.join('\n')).toMatch(/2 rows .* rejected.*line 3 of ragged\/a\.csv/)
  })
})

describe('line ends', () => {
  const columns = [
    { name: 'a', type: 'bigint' },
    { name: 'b', type: 'bigint' },
  ]

  it('CR LF throughout is read', async () => {
    s3.put('lake', 'crlf/a.csv', 'a,b\r\n1,2\r\n3,4\r\n')
    s3.put('lake', 'crlf-json/a.json', '{"a":1,"b":2}\r\n{"a":3,"b":4}\r\n')
    for (const [name, format] of [
      ['crlf', 'csv'],
      ['crlf-json', 'json'],
    ] as const) {
      expect((await register(name, `s3://lake/${name}/`, { format, columns })).status).toBe(201)
      expect((await weir.sql(`SELECT a, b FROM "${name}" ORDER BY a`)).json.rows).toEqual([
        [1, 2],
        [3, 4],
      ])
    }
  })

  it('CR LF and LF in one file: JSON lines are read, CSV is refused with its name', async () => {
    s3.put('lake', 'mixed/a.csv', 'a,b\r\n1,2\n3,4\r\n')
    s3.put('lake', 'mixed-json/a.json', '{"a":1,"b":2}\r\n{"a":3,"b":4}\n{"a":5,"b":6}\r\n{"a":7}')
    expect((await register('mixed', 's3://lake/mixed/', { format: 'csv', columns })).status).toBe(201)
    expect((await register('mixed-json', 's3://lake/mixed-json/', { format: 'json', columns })).status).toBe(201)
    expect((await weir.sql('SELECT count(*), sum(a), sum(b) FROM "mixed-json"')).json.rows).toEqual([[4, 16, 12]])
    expect(await failure('SELECT sum(a) FROM mixed')).toEqual({
      status: 502,
      name: 'HIVE_BAD_DATA',
      message: 'Cannot read s3://lake/mixed/a.csv: its lines end in different ways',
    })
  })
})

describe('objects that change', () => {
  const missing = () => s3.log.filter((request) => request.status === 404 || request.status === 412).length

  it('one deleted between list and get is listed again', async () => {
    s3.put('lake', 'vanish/a.parquet', rows)
    s3.put('lake', 'vanish/b.parquet', otherRows)
    expect((await register('vanish', 's3://lake/vanish/')).status).toBe(201)
    const before = missing()
    s3.faults.add({
      kind: 'slow-first-byte',
      ms: 1,
      when: (request) => request.method === 'GET' && request.key === 'vanish/b.parquet',
      effect: () => s3.remove('lake', 'vanish/b.parquet'),
    })
    const { json } = await weir.sql('SELECT count(*), sum(id), min(name) FROM vanish')
    expect(json.rows).toEqual([[50_000, (49_999 * 50_000) / 2, 'value 0']])
    expect(missing()).toBeGreaterThan(before)
  })

  it('one replaced in mid-scan is read whole as the new one', async () => {
    s3.put('lake', 'swap/a.parquet', rows)
    expect((await register('swap', 's3://lake/swap/')).status).toBe(201)
    let gets = 0
    s3.faults.add({
      kind: 'slow-first-byte',
      ms: 1,
      when: (request) => request.method === 'GET' && request.key === 'swap/a.parquet' && ++gets === 2,
      effect: () => s3.put('lake', 'swap/a.parquet', otherRows),
    })
    const { json } = await weir.sql('SELECT count(*), sum(id), min(name) FROM swap')
    expect(json.rows).toEqual([[50_000, 49_999 * 50_000, 'other 0']])
  })

  it('one that never stays the same is an error that says so', async () => {
    s3.put('lake', 'restless/a.parquet', rows)
    expect((await register('restless', 's3://lake/restless/')).status).toBe(201)
    let turn = 0
    s3.faults.add({
      kind: 'slow-first-byte',
      ms: 1,
      times: 1000,
      when: (request) => request.method === 'GET' && request.key === 'restless/a.parquet',
      effect: () => s3.put('lake', 'restless/a.parquet', turn++ % 2 === 0 ? otherRows : rows),
    })
    expect(await failure('SELECT sum(id), max(name) FROM restless')).toEqual({
      status: 502,
      name: 'HIVE_CANNOT_OPEN_SPLIT',
      message: 'File s3://lake/restless/a.parquet was replaced or changed while the query read it',
    })
  })
})

describe('the machine', () => {
  it('a killed kernel: its query fails as retryable, the next one is answered', async () => {
    s3.put('lake', 'big/a.parquet', rows)
    await register('big', 's3://lake/big/')
    const kernels = async (): Promise<readonly { readonly pid: number; readonly seconds: number }[]> => {
      const { stdout } = await run('ps', ['-eo', 'pid=,ppid=,cputimes='])
      return stdout
        .split('\n')
        .map((line) => line.trim().split(/\s+/).map(Number))
        .filter(([, parent]) => parent === weir.process.pid)
        .map(([pid, , seconds]) => ({ pid: pid as number, seconds: seconds as number }))
    }
    const [before] = await kernels()
    const query = failure('SELECT count(*) FROM big a, big b, big c WHERE a.id + b.id + c.id = 7')
    // At work on this query: one that has not begun would be given to the next kernel.
    const worked = async (): Promise<number> => ((await kernels())[0]?.seconds ?? 0) - (before?.seconds ?? 0)
    await expect.poll(worked).toBeGreaterThan(1)
    const [kernel] = await kernels()
    process.kill(kernel?.pid as number, 'SIGKILL')
    const { status, name, message } = await query
    expect([status, name, message]).toEqual([503, 'KERNEL_LOST', 'The execution kernel was restarted; send the query again'])
  })

  it('a client that leaves stops its query: soon there are no more requests', async () => {
    for (let index = 0; index < 1000; index++) s3.put('lake', `slow/part-${index}.parquet`, rows)
    expect((await register('slow', 's3://lake/slow/')).status).toBe(201)
    s3.faults.latencyMs = 150
    const controller = new AbortController()
    const query = weir.request('/api/v1/sql', {
      method: 'POST',
      body: 'SELECT sum(id), max(name) FROM slow',
      headers: { 'content-type': 'text/plain' },
      signal: controller.signal,
    })
    const before = s3.log.length
    await expect.poll(() => s3.log.length).toBeGreaterThan(before)
    await new Promise((resolve) => setTimeout(resolve, 600))
    controller.abort()
    await expect(query).rejects.toThrow()
    for (let asked = -1; asked !== s3.log.length; ) {
      asked = s3.log.length
      await new Promise((resolve) => setTimeout(resolve, 1000))
    }
    // Of a footer and a row group or more of each of the 1,000 files.
    expect(s3.log.length - before).toBeLessThan(1000)
  })
})

describe('stores', () => {
  it('no credentials: the refused call is named', async () => {
    const closed = await startS3Server({ buckets: ['lake'], credentials: [{ accessKeyId: 'key', secretAccessKey: 'very-secret' }] })
    const { AWS_ACCESS_KEY_ID: _key, AWS_SECRET_ACCESS_KEY: _secret, ...env } = closed.env
    const other = await startWeir({ env })
    try {
      const response = await other.request('/api/v1/tables', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ schema: 's', name: 't', location: 's3://lake/x/' }),
      })
      const { error } = await jsonOf(response)
      expect([response.status, error.name]).toEqual([502, 'HIVE_FILESYSTEM_ERROR'])
      expect(error.message).toBe(
        'The store did not accept the credentials: ListObjectsV2 s3://lake/x/: no AWS credentials were found (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, a role) and the bucket does not allow unsigned requests (403 AccessDenied: Access Denied)',
      )
      expect((await other.sql('SELECT 1')).json.rows).toEqual([[1]])
    } finally {
      await other.stop()
      await closed.close()
    }
  })

  it('wrong credentials: neither key nor secret is told', async () => {
    const closed = await startS3Server({ buckets: ['lake'], credentials: [{ accessKeyId: 'key', secretAccessKey: 'right' }] })
    const other = await startWeir({ env: { ...closed.env, AWS_SECRET_ACCESS_KEY: 'wrong-secret' } })
    try {
      const response = await other.request('/api/v1/tables', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ schema: 's', name: 't', location: 's3://lake/x/' }),
      })
      const text = await response.text()
      expect([response.status, JSON.parse(text).error.name]).toEqual([502, 'HIVE_FILESYSTEM_ERROR'])
      expect(text + other.log()).not.toMatch(/wrong-secret|Signature=/)
      expect((await other.sql('SELECT 1')).json.rows).toEqual([[1]])
    } finally {
      await other.stop()
      await closed.close()
    }
  })

  it('a wrong region that the store does not correct', async () => {
    const elsewhere = await startS3Server({
      buckets: ['lake'],
      credentials: [{ accessKeyId: 'key', secretAccessKey: 'secret' }],
      region: 'eu-west-1',
      hideRegion: true,
    })
    const other = await startWeir({ env: { ...elsewhere.env, AWS_REGION: 'us-east-1' } })
    try {
      const response = await other.request('/api/v1/tables', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ schema: 's', name: 't', location: 's3://lake/x/' }),
      })
      const { error } = await jsonOf(response)
      expect([response.status, error.name]).toEqual([502, 'HIVE_FILESYSTEM_ERROR'])
      expect(error.message).toBe(
        "ListObjectsV2 s3://lake/x/: the bucket is not in the region 'us-east-1'; set AWS_REGION to the bucket's (301 PermanentRedirect: The bucket must be addressed using the specified endpoint.)",
      )
      expect((await other.sql('SELECT 1')).json.rows).toEqual([[1]])
    } finally {
      await other.stop()
      await elsewhere.close()
    }
  })
})

describe('the log', () => {
  it('names no secret', () => {
    expect(weir.log()).not.toContain(s3.env.AWS_SECRET_ACCESS_KEY === 'test' ? 'Signature=' : s3.env.AWS_SECRET_ACCESS_KEY)
  })
})
