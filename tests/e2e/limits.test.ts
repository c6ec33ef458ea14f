/** Limits of the machine and of patience: full disks, slow and absent readers, shutdown. */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'
import { type SampleLake, sampleLake } from '#tests/support/sample-lake'
import { copyBytes } from '#tests/support/sample-objects'
import { postStatement } from '#tests/support/trino-statement'
import { jsonOf, startWeir, type WeirServer } from '#tests/support/weir'

let lake: SampleLake

beforeAll(async () => {
  lake = await sampleLake()
})
afterAll(() => lake?.close())

async function register(weir: WeirServer, name: string, location: string): Promise<number> {
  const response = await weir.request('/api/v1/tables', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ schema: 'default', name, location }),
  })
  return response.status
}

/** Resident memory of a process and its children, in bytes. */
function residentBytes(pid: number): number {
  const children = spawnSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    .stdout.split('\n')
    .map(Number)
    .filter((child) => child > 0)
  return [pid, ...children]
    .map((one) => {
      try {
        return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${one}/status`, 'utf8'))?.[1] ?? 0) * 1024
      } catch {
        return 0
      }
    })
    .reduce((sum, bytes) => sum + bytes, 0)
}

describe('a cache disk that is full', () => {
  let s3: S3TestServer
  const mount = mkdtempSync(join(tmpdir(), 'weir-small-disk-'))
  let mounted = false

  beforeAll(async () => {
    s3 = await startS3Server({ buckets: ['lake'] })
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', mount], { stdio: 'pipe' })
      mounted = true
    } catch {
      // Told by the test.
    }
  })
  afterAll(async () => {
    if (mounted) execFileSync('umount', ['-l', mount])
    rmSync(mount, { recursive: true, force: true })
    await s3?.close()
  })

  it('says so, and answers what fits', async ({ skip }) => {
    if (!mounted) skip('a small file system cannot be mounted here (needs root)')
    const bytes = await copyBytes(
      'SELECT i AS id, random() AS x, uuid()::VARCHAR AS y FROM range(400000) t(i)',
      'FORMAT parquet, COMPRESSION uncompressed',
    )
    s3.put('lake', 'wide/a.parquet', bytes)
    s3.put('lake', 'wide/b.parquet', bytes)
    s3.put('lake', 'small/a.parquet', await copyBytes('SELECT i AS id FROM range(1000) t(i)'))
    const weir = await startWeir({ data: join(mount, 'data'), env: s3.env, args: ['--cache-size', '10GB'] })
    try {
      expect(await register(weir, 'wide', 's3://lake/wide/')).toBe(201)
      expect(await register(weir, 'small', 's3://lake/small/')).toBe(201)
      const { status, json } = await weir.sql('SELECT max(y), sum(x), sum(id) FROM wide')
      expect([status, json.error?.name, json.error?.type]).toEqual([503, 'GENERIC_INSUFFICIENT_RESOURCES', 'INSUFFICIENT_RESOURCES'])
      expect(json.error?.message).toMatch(/cache/i)
      expect((await weir.sql('SELECT sum(id) FROM small')).json.rows).toEqual([[499_500]])
    } finally {
      await weir.stop()
    }
  })
})

describe('a query larger than the cache', () => {
  it('is refused before the first GET where one file of text is', async () => {
    const s3 = await startS3Server({ buckets: ['lake'] })
    s3.put('lake', 't/0.csv', Buffer.from(`id\n${'1234567\n'.repeat(2_000_000)}`))
    const weir = await startWeir({ env: s3.env, args: ['--cache-size', '12MB'] })
    try {
      expect(await register(weir, 't', 's3://lake/t/')).toBe(201)
      const gets = () => s3.log.filter((request) => request.method === 'GET' && request.key !== '' && request.bytes > 100_000).length
      const before = gets()
      const { status, json } = await weir.sql('SELECT sum(id) FROM t')
      expect([status, json.error?.name]).toEqual([503, 'GENERIC_INSUFFICIENT_RESOURCES'])
      expect(json.error?.message).toMatch(
        /^The query needs \d+ bytes of cached data at once, of one row group or text file; the cache has a budget of 12000000 bytes$/,
      )
      expect(gets()).toBe(before)
    } finally {
      await weir.stop()
      await s3.close()
    }
  })

  it('LIMIT stops opening files', async () => {
    const s3 = await startS3Server({ buckets: ['lake'] })
    const bytes = await copyBytes('SELECT i AS id, random() AS x FROM range(600000) t(i)', 'FORMAT parquet, COMPRESSION uncompressed')
    for (let part = 0; part < 8; part++) s3.put('lake', `t/${part}.parquet`, bytes)
    const weir = await startWeir({ env: s3.env })
    try {
      expect(await register(weir, 't', 's3://lake/t/')).toBe(201)
      const filtered = await weir.sql('SELECT id FROM t WHERE x < 2 AND id % 2 = 0 LIMIT 5')
      expect(filtered.json.rows).toHaveLength(5)
      const data = new Set(s3.log.filter((request) => request.method === 'GET' && request.bytes > 100_000).map((request) => request.key))
      expect(data.size).toBeLessThanOrEqual(2)
    } finally {
      await weir.stop()
      await s3.close()
    }
  })
})

describe('readers', () => {
  let weir: WeirServer
  beforeAll(async () => {
    weir = await startWeir({ args: ['--allow', lake.folder] })
    await register(weir, 'trips', `file://${lake.folder}/trips/`)
  })
  afterAll(() => weir?.stop())

  it('a slow reader of 3.4 million rows keeps server and kernel small', async ({ skip }) => {
    if (process.platform !== 'linux') skip('memory is read from /proc')
    const socket = connect(Number(new URL(weir.url).port), '127.0.0.1')
    const body = 'SELECT a.*, b.id AS other FROM trips a, trips b, (VALUES 1, 2, 3) c'
    socket.write(
      `POST /api/v1/sql HTTP/1.1\r\nhost: localhost\r\ncontent-type: text/plain\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    )
    let received = 0
    let peak = 0
    const started = Date.now()
    const sampler = setInterval(() => {
      peak = Math.max(peak, residentBytes(weir.process.pid as number))
    }, 250)
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject)
      socket.on('close', () => resolve())
      socket.on('data', (chunk) => {
        received += chunk.length
        if (received > 40_000_000) socket.destroy()
        // About 20 MB a second.
        const ahead = received / 20_000 - (Date.now() - started)
        if (ahead > 5) {
          socket.pause()
          setTimeout(() => socket.resume(), ahead)
        }
      })
    })
    clearInterval(sampler)
    expect(received).toBeGreaterThan(40_000_000)
    expect(peak).toBeLessThan(600 * 1024 * 1024)
  })

  it('SIGTERM lets a running query finish, takes no new one, and ends the process', async () => {
    const other = await startWeir({ args: ['--allow', lake.folder] })
    await register(other, 'trips', `file://${lake.folder}/trips/`)
    const slow = other.sql('SELECT count(*) FROM trips a, trips b, trips c WHERE c.id < 200 AND a.id + b.id + c.id = 100')
    await arrived(other)
    const ended = new Promise<number | null>((resolve) => other.process.on('exit', (code) => resolve(code)))
    other.process.kill('SIGTERM')
    const answer = await slow
    expect([answer.status, answer.json.rows?.length]).toEqual([200, 1])
    expect(await ended).toBe(0)
    rmSync(other.data, { recursive: true, force: true })
  })

  it('SIGTERM lets clients of the Trino protocol fetch what their statements give, in pages and spooled', async () => {
    const other = await startWeir({ args: ['--allow', lake.folder] })
    await register(other, 'trips', `file://${lake.folder}/trips/`)
    const rows = 24_000
    const wide = `SELECT concat(CAST(a.id AS varchar), rpad('', 1000, 'x')) FROM lake."default".trips a, UNNEST(sequence(1, ${rows / 1200})) t(i)`
    const inPages = await jsonOf(await postStatement(other.url, wide))
    let spooled = await jsonOf(await postStatement(other.url, wide, { 'x-trino-query-data-encoding': 'json' }))
    const segments: { readonly uri: string; readonly ackUri: string; readonly metadata: { readonly rowsCount: number } }[] = []
    while (spooled.nextUri !== undefined) {
      spooled = await jsonOf(await fetch(spooled.nextUri))
      segments.push(...(spooled.data?.segments ?? []))
    }
    let page = await jsonOf(await fetch(inPages.nextUri))
    const ended = new Promise<number | null>((resolve) => other.process.on('exit', (code) => resolve(code)))
    other.process.kill('SIGTERM')
    await expect.poll(() => other.log()).toContain('draining')
    expect((await postStatement(other.url, 'SELECT 1')).status).toBe(503)
    expect((await other.request('/health/ready')).status).toBe(503)
    let fetched = page.data?.length ?? 0
    while (page.nextUri !== undefined) {
      page = await jsonOf(await fetch(page.nextUri))
      fetched += page.data?.length ?? 0
    }
    expect([fetched, page.error]).toEqual([rows, undefined])
    const files = segments.filter(({ uri }) => uri !== undefined)
    expect(files.length).toBeGreaterThan(0)
    for (const { uri, ackUri } of files) {
      expect(((await jsonOf(await fetch(uri))) as unknown[]).length).toBeGreaterThan(0)
      expect((await fetch(ackUri)).status).toBe(200)
    }
    expect(await ended).toBe(0)
    rmSync(other.data, { recursive: true, force: true })
  })

  it('a second SIGTERM stops at once', async () => {
    const other = await startWeir({ args: ['--allow', lake.folder] })
    await register(other, 'trips', `file://${lake.folder}/trips/`)
    const slow = other
      .sql('SELECT count(*) FROM trips a, trips b, trips c, trips d WHERE a.id + b.id + c.id + d.id = 100')
      .catch((error: unknown) => error)
    await arrived(other)
    const ended = new Promise<number | null>((resolve) => other.process.on('exit', (code) => resolve(code)))
    other.process.kill('SIGTERM')
    await expect.poll(() => other.log()).toContain('draining')
    // The query would take hours.
    other.process.kill('SIGTERM')
    expect(await ended).toBe(0)
    await slow
    rmSync(other.data, { recursive: true, force: true })
  })
})

/** Waits until the server has a query on `trips`. */
const arrived = (server: WeirServer): Promise<void> =>
  expect
    .poll(async () => (await jsonOf(await server.request('/api/v1/queries'))).queries.map(({ sql }: { sql: string }) => sql))
    .toContainEqual(expect.stringContaining('FROM trips'))

describe('two processes on one data folder', () => {
  it('the command line beside a server: both work, changes are seen at once', async () => {
    const weir = await startWeir({ args: ['--allow', lake.folder] })
    try {
      mkdirSync(weir.data, { recursive: true })
      const added = await weir.command(['catalog', 'add', 'beside', join(lake.folder, 'trips')])
      expect([added.code, added.stdout.split('\n')[0]]).toEqual([0, 'CREATE TABLE lake.default.beside ('])
      expect((await weir.sql('SELECT count(*) FROM beside')).json.rows).toEqual([[1200]])
      const queried = await weir.command(['query', 'SELECT count(*) AS n FROM beside'])
      expect([queried.code, queried.stdout]).toEqual([0, 'n\n1200\n'])
    } finally {
      await weir.stop()
    }
  })

  it('kill -9 loses nothing', async () => {
    const weir = await startWeir({ args: ['--allow', lake.folder] })
    await register(weir, 'trips', `file://${lake.folder}/trips/`)
    await weir.sql('SELECT sum(fare) FROM trips')
    const ended = new Promise((resolve) => weir.process.on('exit', resolve))
    weir.process.kill('SIGKILL')
    await ended
    const again = await startWeir({ data: weir.data, args: ['--allow', lake.folder] })
    try {
      expect((await again.sql('SELECT count(*), sum(id) FROM trips')).json.rows).toEqual([[1200, (1199 * 1200) / 2]])
    } finally {
      await again.stop()
      rmSync(weir.data, { recursive: true, force: true })
    }
  })
})
