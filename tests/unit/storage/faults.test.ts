/** What goes wrong between Weir and a store, played by the S3 test server; the log says what was asked and when. */
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { RequestCounter } from '#connectors/storage/object-store'
import { createStores, newRequestCounter, type ObjectStores } from '#connectors/storage/registry'
import { collect, rejects } from '#tests/contracts/object-store'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'

const MIB = 1024 * 1024
const LAKE = { scheme: 's3', name: 'lake' } as const
const content = randomBytes(4 * MIB)

let server: S3TestServer
let stores: ObjectStores
let counter: RequestCounter

const open = (deadlines: { readonly connectMs: number; readonly firstByteMs: number; readonly stallMs: number }): ObjectStores =>
  createStores({ env: server.env, counter, deadlines, retry: { baseMs: 5, capMs: 50 } })

beforeEach(async () => {
  server = await startS3Server({ buckets: ['lake'] })
  server.put('lake', 'big', content)
  counter = newRequestCounter()
  // Longer than a busy machine holds up an answer that nothing is wrong with.
  stores = open({ connectMs: 30_000, firstByteMs: 30_000, stallMs: 30_000 })
})

afterEach(async () => {
  await stores.close()
  await server.close()
})

const lake = () => stores.storeFor(LAKE)

/** From here on the test's requests have deadlines that it waits for. */
async function shortDeadlines(): Promise<void> {
  await stores.close()
  stores = open({ connectMs: 1000, firstByteMs: 1000, stallMs: 800 })
}

const gets = () => server.log.filter(({ method, key }) => method === 'GET' && key !== '')

describe('a store that asks for fewer requests', () => {
  it('a storm of 503 SlowDown is ridden out, the rate falls and comes back', async () => {
    server.faults.latencyMs = 5
    server.faults.add({ kind: 'slow-down', times: 40 })
    const before = stores.rates()
    expect([...before]).toEqual([])
    const reads = Array.from({ length: 32 }, (_, n) => lake().get({ key: 'big', range: { start: n * 1000, length: 1000 } }))
    const lowest: number[] = []
    const watch = setInterval(() => lowest.push(stores.rates().get('s3://lake') as number), 2)
    const results = await Promise.all(reads)
    clearInterval(watch)
    for (const [n, { bytes }] of results.entries()) expect(content.subarray(n * 1000, n * 1000 + 1000).equals(bytes)).toBe(true)
    expect(Math.min(...lowest)).toBeLessThanOrEqual(16)
    expect(gets().filter(({ status }) => status === 503).length).toBe(40)
    const after = stores.rates().get('s3://lake') as number
    expect(after).toBeLessThan(32)
    server.faults.latencyMs = 0
    for (let round = 0; round < 170; round++)
      await Promise.all(Array.from({ length: 50 }, () => lake().get({ key: 'big', range: { start: 0, length: 10 } })))
    expect(stores.rates().get('s3://lake')).toBe(128)
  })

  it('obeys Retry-After', async () => {
    server.faults.add({ kind: 'answer', status: 429, headers: { 'retry-after': '1' }, body: '' })
    await lake().get({ key: 'big', range: { start: 0, length: 1 } })
    const [first, second] = gets()
    expect((second?.time as number) - (first?.time as number)).toBeGreaterThanOrEqual(990)
  })

  it('gives up with unavailable after ten tries, naming the last answer', async () => {
    server.faults.add({ kind: 'slow-down', times: Number.POSITIVE_INFINITY })
    await rejects(
      lake().get({ key: 'big' }),
      'unavailable',
      /^GetObject s3:\/\/lake\/big: 503 SlowDown: Please reduce your request rate\. \(gave up after 10 attempts in \d/,
    )
    expect(gets().length).toBe(10)
    expect(counter.get).toBe(10)
  })

  it('server errors get six tries, for every call', async () => {
    server.faults.add({ kind: 'server-error', times: Number.POSITIVE_INFINITY, when: () => true })
    await rejects(lake().list({ prefix: '' }), 'unavailable', /^ListObjectsV2 s3:\/\/lake\/: 500 InternalError.*6 attempts/)
    await rejects(lake().head('big'), 'unavailable', /^HeadObject s3:\/\/lake\/big: 500.*6 attempts/)
    await rejects(lake().put('new', content), 'unavailable', /^PutObject s3:\/\/lake\/new: 500.*6 attempts/)
    await rejects(lake().delete(['big']), 'unavailable', /^DeleteObjects.*6 attempts/)
    expect(counter).toEqual({ list: 6, head: 6, get: 0, put: 12, bytesReceived: 0 })
  })
})

describe('an answer that breaks off', () => {
  it('a stalled body meets its deadline and is continued where it stopped', async () => {
    await shortDeadlines()
    server.faults.add({ kind: 'stall', afterBytes: MIB })
    const { bytes } = await lake().get({ key: 'big' })
    expect(content.equals(bytes)).toBe(true)
    const [first, second] = gets()
    expect(first?.range).toBeUndefined()
    expect(second?.range).toBe(`bytes=${MIB}-${4 * MIB - 1}`)
    expect(gets().length).toBe(2)
    expect(counter.bytesReceived).toBe(content.length)
  })

  it('a body cut off twice is continued twice, within the range asked for', async () => {
    server.faults.add({ kind: 'cut', afterBytes: 100_000, times: 2 })
    const { bytes, info } = await lake().get({ key: 'big', range: { start: 1000, length: 500_000 } })
    expect(content.subarray(1000, 501_000).equals(bytes)).toBe(true)
    expect(info.size).toBe(content.length)
    expect(gets().map(({ range }) => range)).toEqual(['bytes=1000-500999', 'bytes=101000-500999', 'bytes=201000-500999'])
  })

  it('a cut tail is continued by position', async () => {
    server.faults.add({ kind: 'cut', afterBytes: 10 })
    const { bytes } = await lake().get({ key: 'big', range: { suffix: 100 } })
    expect(content.subarray(-100).equals(bytes)).toBe(true)
    expect(gets().map(({ range }) => range)).toEqual(['bytes=-100', `bytes=${content.length - 90}-${content.length - 1}`])
  })

  it('an object replaced between the cut and the continuation is read again from its start', async () => {
    const other = randomBytes(3 * MIB)
    server.faults.add({ kind: 'cut', afterBytes: MIB })
    server.faults.add({
      kind: 'slow-first-byte',
      ms: 0,
      when: ({ range }) => range === `bytes=${MIB}-${4 * MIB - 1}`,
      effect: () => server.put('lake', 'big', other),
    })
    const { bytes, info } = await lake().get({ key: 'big' })
    expect(other.equals(bytes)).toBe(true)
    expect(info.size).toBe(other.length)
    expect(gets().map(({ status }) => status)).toEqual([200, 412, 200])
  })

  it('an object replaced between the cut and the continuation is an error where the version was given', async () => {
    const { version } = await lake().head('big')
    server.faults.add({ kind: 'cut', afterBytes: MIB, effect: () => setTimeout(() => server.put('lake', 'big', 'other'), 1) })
    await rejects(
      lake().get({ key: 'big', ifVersion: version }),
      'changed',
      /^GetObject s3:\/\/lake\/big: the object has changed since it was listed$/,
    )
  })

  it('a server that ignores If-Match does not pass another version for the one asked', async () => {
    server.faults.add({ kind: 'answer', status: 206, headers: { etag: '"other"', 'content-range': 'bytes 0-3/4' }, body: 'evil' })
    const { version } = await lake().head('big')
    await rejects(lake().get({ key: 'big', range: { start: 0, length: 4 }, ifVersion: version }), 'changed', /changed/)
  })

  it('a server that ignores the range does not pass other bytes for those asked', async () => {
    server.faults.add({ kind: 'answer', status: 200, headers: { etag: '"x"' }, body: '0123456789' })
    await rejects(
      lake().get({ key: 'big', range: { start: 2, length: 3 } }),
      'failed',
      /the store answered with bytes 0-9 of 10 to bytes=2-4/,
    )
  })

  it('a slow first byte meets its deadline and is asked again', async () => {
    await shortDeadlines()
    server.faults.add({ kind: 'slow-first-byte', ms: 5000 })
    await lake().get({ key: 'big', range: { start: 0, length: 10 } })
    expect(gets().length).toBe(2)
  })

  it('connections dropped without an answer are asked again', async () => {
    server.faults.add({ kind: 'drop', times: 3, when: () => true })
    expect((await lake().list({ prefix: '' })).objects.length).toBe(1)
    expect(counter.list).toBe(4)
  })

  it('says that it cannot connect when nothing listens', async () => {
    await server.close()
    await rejects(
      lake().get({ key: 'big' }),
      'unavailable',
      /^GetObject s3:\/\/lake\/big: cannot connect: ECONNREFUSED \(127\.0\.0\.1:\d+\) \(gave up after 6 attempts/,
    )
    server = await startS3Server({ buckets: [] })
  })
})

describe('all faults together', () => {
  it('never give a wrong byte', async () => {
    server.faults.add({ kind: 'cut', afterBytes: 777, every: 5, times: 60 })
    server.faults.add({ kind: 'drop', every: 7, times: 40 })
    server.faults.add({ kind: 'slow-down', every: 6, times: 40 })
    server.faults.add({ kind: 'server-error', every: 11, times: 20 })
    server.faults.add({ kind: 'cut', afterBytes: 0, every: 13, times: 20 })
    const patient = createStores({ env: server.env, retry: { baseMs: 1, capMs: 10, attempts: 20, throttledAttempts: 20 } })
    const store = patient.storeFor(LAKE)
    const reads = Array.from({ length: 300 }, async (_, n) => {
      const start = (n * 7919) % (content.length - 70_000)
      const length = 1 + ((n * 104_729) % 65_536)
      const { bytes } = await store.get({ key: 'big', range: { start, length } })
      return content.subarray(start, start + length).equals(bytes)
    })
    expect(await Promise.all(reads)).toEqual(reads.map(() => true))
    expect(server.log.filter(({ fault }) => fault !== undefined).length).toBeGreaterThan(100)
    await patient.close()
  })
})

describe('writes whose answer is lost', () => {
  it('a conditional PUT that succeeded is not reported as existing', async () => {
    server.faults.add({ kind: 'lose-answer', when: ({ method }) => method === 'PUT' })
    const info = await lake().put('once', Buffer.from('mine'), { ifAbsent: true })
    expect(info).toMatchObject({ key: 'once', size: 4, version: (await lake().head('once')).version })
    expect(server.log.filter(({ method }) => method === 'PUT').map(({ status }) => status)).toEqual([0, 412])
  })

  it('a conditional PUT that lost to another writer is', async () => {
    server.faults.add({ kind: 'drop', when: ({ method }) => method === 'PUT', effect: () => server.put('lake', 'once', 'theirs') })
    await rejects(lake().put('once', Buffer.from('mine'), { ifAbsent: true }), 'exists', /exists already/)
  })

  it('a multipart upload completes once', async () => {
    server.faults.add({ kind: 'lose-answer', when: ({ method, query }) => method === 'POST' && query.uploadId !== undefined })
    const upload = await lake().upload('parts')
    await upload.write(Buffer.concat([content, content, content]))
    expect((await upload.complete()).size).toBe(3 * content.length)
    expect(server.openUploads).toBe(0)
  })

  it('a part that fails for good fails the upload, and abort cleans up', async () => {
    server.faults.add({
      kind: 'answer',
      status: 403,
      body: '<Error><Code>AccessDenied</Code><Message>no</Message></Error>',
      when: ({ query }) => query.partNumber === '2',
    })
    const upload = await lake().upload('parts')
    const writing = (async () => {
      for (let n = 0; n < 12; n++) await upload.write(content)
      await upload.complete()
    })()
    await rejects(writing, 'denied', /^UploadPart s3:\/\/lake\/parts: 403 AccessDenied: no$/)
    expect(server.openUploads).toBe(1)
    await upload.abort()
    expect(server.openUploads).toBe(0)
    await rejects(lake().head('parts'), 'not-found', /404/)
  })
})

describe('a query that is canceled', () => {
  it('stops at once, closes its connections and asks for nothing more', async () => {
    server.faults.latencyMs = 50
    const query = new AbortController()
    const view = stores.view({ signal: query.signal })
    const reads = Array.from({ length: 200 }, (_, n) =>
      view
        .storeFor(LAKE)
        .get({ key: 'big', range: { start: n, length: MIB } })
        .catch((error: unknown) => error),
    )
    await sleep(120)
    const canceledAt = performance.now()
    query.abort()
    const outcomes = await Promise.all(reads)
    expect(outcomes.filter((outcome) => outcome instanceof Error).length).toBeGreaterThan(100)
    for (const outcome of outcomes)
      if (outcome instanceof Error) expect(outcome).toMatchObject({ name: 'StoreError', kind: 'aborted', call: 'GetObject' })
    const sent = counter.get
    await sleep(1500)
    expect(counter.get).toBe(sent)
    // What was on its way then arrives, nothing after.
    expect(gets().length).toBeLessThanOrEqual(sent)
    expect(gets().filter(({ time }) => time > canceledAt + 1000)).toEqual([])
    await rejects(view.storeFor(LAKE).list({ prefix: '' }), 'aborted', /aborted/)
    // Other queries go on.
    expect((await lake().get({ key: 'big', range: { start: 0, length: 5 } })).bytes.length).toBe(5)
  })

  it('stops while it waits for a stalled body, and while it backs off', async () => {
    for (const fault of ['stall', 'slow-down'] as const) {
      server.faults.clear()
      server.faults.add({ kind: fault, afterBytes: 10, times: 100 })
      const query = new AbortController()
      const reading = lake().get({ key: 'big', signal: query.signal })
      const rejected = rejects(reading, 'aborted', /aborted/)
      await sleep(30)
      query.abort()
      // No deadline of 30 s is waited for.
      const late = sleep(15_000, 'late', { ref: false })
      expect(await Promise.race([rejected, late])).not.toBe('late')
    }
  })

  it('aborts its unfinished upload all the same', async () => {
    const query = new AbortController()
    const view = stores.view({ signal: query.signal })
    const upload = await view.storeFor(LAKE).upload('half')
    await upload.write(Buffer.concat([content, content, content]))
    expect(server.openUploads).toBe(1)
    query.abort()
    await upload.abort()
    expect(server.openUploads).toBe(0)
  })

  it('a stream that is left early asks for nothing more', async () => {
    server.put('lake', 'long', Buffer.alloc(64 * MIB))
    for await (const chunk of lake().stream({ key: 'long' })) {
      expect(chunk.length).toBe(8 * MIB)
      break
    }
    await sleep(1000)
    expect(gets().length).toBeLessThanOrEqual(3)
  })

  it('a stream goes on after stalls and cuts', async () => {
    const long = randomBytes(30 * MIB)
    server.put('lake', 'long', long)
    server.faults.add({ kind: 'cut', afterBytes: 3 * MIB, times: 4, every: 2 })
    await shortDeadlines()
    server.faults.add({ kind: 'stall', afterBytes: MIB, times: 1 })
    expect((await collect(lake().stream({ key: 'long' }))).equals(long)).toBe(true)
  })
})

describe('views', () => {
  it('count their own requests and the process all of them', async () => {
    const [one, two] = [newRequestCounter(), newRequestCounter()]
    server.faults.add({ kind: 'server-error' })
    await stores
      .view({ counter: one })
      .storeFor(LAKE)
      .get({ key: 'big', range: { start: 0, length: 100 } })
    await stores.view({ counter: two }).storeFor(LAKE).list({ prefix: '' })
    await stores.view({ counter: two }).storeFor(LAKE).head('big')
    expect(one).toEqual({ list: 0, head: 0, get: 2, put: 0, bytesReceived: 100 })
    expect(two).toEqual({ list: 1, head: 1, get: 0, put: 0, bytesReceived: 0 })
    expect(counter).toEqual({ list: 1, head: 1, get: 2, put: 0, bytesReceived: 100 })
  })

  it('take turns: a small query is not behind a large one', async () => {
    server.faults.latencyMs = 20
    const large = stores.view({}).storeFor(LAKE)
    const flood = Array.from({ length: 400 }, (_, n) => large.get({ key: 'big', range: { start: n, length: 1 } }))
    await sleep(5)
    const started = performance.now()
    await stores
      .view({})
      .storeFor(LAKE)
      .get({ key: 'big', range: { start: 0, length: 1 } })
    const smallMs = performance.now() - started
    await Promise.all(flood)
    const largeMs = performance.now() - started
    expect(smallMs).toBeLessThan(largeMs / 3)
  })
})
