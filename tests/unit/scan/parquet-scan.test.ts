import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ParquetFooter } from '#connectors/formats/parquet/footer'
import { coalesce } from '#connectors/formats/parquet/ranges'
import type { ObjectInfo } from '#connectors/storage/object-store'
import { createStores, newRequestCounter, type ObjectStores } from '#connectors/storage/registry'
import type { ScanPlan } from '#src/physical/plan'
import { BlockCache } from '#src/scan/block-cache'
import { createScanner } from '#src/scan/scanner'
import { ObjectChanged } from '#src/scan/store-errors'
import { BIGINT, INTEGER, type Type, VARCHAR } from '#src/types/type'
import { duck } from '#tests/support/duck'
import type { LoggedRequest } from '#tests/support/fault-plan'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'
import { footerOf, type PlannedFile, scanPlan } from '#tests/support/scan-plans'

const COLUMNS = [
  ['a', INTEGER],
  ['b', BIGINT],
  ['s', VARCHAR],
] as const
const BUCKET = { scheme: 's3', name: 'lake' } as const

let folder: string
let server: S3TestServer
let stores: ObjectStores
let bytes: Buffer
let footer: ParquetFooter
let info: ObjectInfo

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-scan-'))
  const file = join(folder, 'source.parquet')
  await duck(`COPY (SELECT i::INTEGER AS a, i * 7 AS b, 'text ' || (i % 1000) AS s, repeat('x', 50) || i AS filler
    FROM range(200000) r(i)) TO '${file}' (FORMAT parquet, ROW_GROUP_SIZE 20480, COMPRESSION uncompressed)`)
  bytes = await readFile(file)
  footer = footerOf(bytes)
  server = await startS3Server({ buckets: ['lake'] })
  server.put('lake', 't/one.parquet', bytes)
  stores = createStores({ env: server.env })
  info = await stores.storeFor(BUCKET).head('t/one.parquet')
})

afterAll(async () => {
  await stores.close()
  await server.close()
  await rm(folder, { recursive: true })
})

const openCache = (name: string) => BlockCache.open({ folder: join(folder, name), budgetBytes: 1e9 })

const prepare = (cache: BlockCache, scanned: readonly string[], rowGroups?: readonly number[], signal?: AbortSignal) =>
  prepareFiles(cache, [{ info, footer, ...(rowGroups && { rowGroups }) }], scanned, COLUMNS, signal)

async function prepareFiles(
  cache: BlockCache,
  files: readonly PlannedFile[],
  scanned: readonly string[],
  columns: readonly (readonly [string, Type])[],
  signal = new AbortController().signal,
) {
  const counter = newRequestCounter()
  const view = stores.view({ counter, signal })
  const plan = scanPlan({ bucket: BUCKET, columns, scanned, files })
  server.log.length = 0
  const prepared = await createScanner({ cache }).prepareScan(plan, { stores: view, signal })
  const paths = prepared.groups.flatMap((group) => group.units.map((unit) => unit.path))
  return { prepared, plan, paths, counter, list: `[${paths.map((path) => `'${path}'`).join()}]` }
}

const digest = (list: string, columns = 'count(*), sum(a), sum(b)') => duck(`SELECT ${columns} FROM read_parquet(${list})`)
const expected = (groups: readonly number[], columns = 'count(*), sum(a), sum(b)') =>
  duck(`SELECT ${columns} FROM '${folder}/source.parquet' WHERE a // 20480 IN (${groups.join()})`)
const ALL = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
const rangesAsked = () => server.log.map((request) => request.range).sort()
const neededBytes = (plan: ScanPlan) => (plan.files[0]?.parquet?.ranges ?? []).reduce((sum, range) => sum + range.length, 0)

describe('cold and warm', () => {
  test('reads exactly the coalesced ranges of the kept row groups and needed columns, once', async () => {
    const cache = await openCache('ranges')
    const cold = await prepare(cache, ['a', 'b'], [2, 5, 6])
    const wanted = coalesce(cold.plan.files[0]?.parquet?.ranges ?? []).map(({ start, length }) => `bytes=${start}-${start + length - 1}`)
    expect(rangesAsked()).toEqual(wanted.sort())
    expect(cold.prepared).toMatchObject({ bytesFromStore: cold.counter.bytesReceived, bytesFromCache: 0, onError: 'fail' })
    expect(await digest(cold.list)).toEqual(await expected([2, 5, 6]))
    cold.prepared.release()

    const warm = await prepare(cache, ['a', 'b'], [2, 5, 6])
    expect(rangesAsked()).toEqual([])
    expect(warm.prepared).toMatchObject({ bytesFromStore: 0, bytesFromCache: neededBytes(warm.plan) })
    expect(warm.paths).toEqual(cold.paths)
    warm.prepared.release()
    await cache.close()
  })

  test('pruned row groups cannot be read; nothing pruned is one unit with all', async () => {
    const cache = await openCache('pruned')
    const pruned = await prepare(cache, ['a'], [1, 8])
    expect(await duck(`SELECT count(*), min(a), max(a) FROM read_parquet(${pruned.list})`)).toEqual(
      await expected([1, 8], 'count(*), min(a), max(a)'),
    )
    pruned.prepared.release()
    const whole = await prepare(cache, ['a', 'b', 's'])
    expect(whole.paths).toHaveLength(1)
    expect(await digest(whole.list, 'count(*), sum(a), sum(b), count(DISTINCT s)')).toEqual(
      await expected(ALL, 'count(*), sum(a), sum(b), count(DISTINCT s)'),
    )
    whole.prepared.release()
    await cache.close()
  })

  test('a later query fills holes of the same unit while another reads it', async () => {
    const cache = await openCache('holes')
    const first = await prepare(cache, ['a'])
    const second = await prepare(cache, ['a', 'b'])
    expect(second.paths).toEqual(first.paths)
    expect(second.prepared.bytesFromCache).toBe(neededBytes(first.plan))
    expect(await digest(second.list)).toEqual(await expected(ALL))
    first.prepared.release()
    second.prepared.release()
    await cache.close()
  })

  test('chunks that another unit of the object has are copied, not fetched', async () => {
    const cache = await openCache('siblings')
    const whole = await prepare(cache, ['a', 'b'])
    whole.prepared.release()
    const pruned = await prepare(cache, ['a', 'b'], [3, 4])
    expect(rangesAsked()).toEqual([])
    expect(pruned.prepared).toMatchObject({ bytesFromStore: 0, bytesFromCache: neededBytes(pruned.plan) })
    expect(await digest(pruned.list)).toEqual(await expected([3, 4]))
    pruned.prepared.release()
    await cache.close()
  })

  test('no needed column: the unit has only its footer', async () => {
    const cache = await openCache('none')
    const counted = await prepare(cache, [], [0, 1])
    expect(rangesAsked()).toEqual([])
    expect(await duck(`SELECT count(*) FROM read_parquet(${counted.list})`)).toEqual([['40960']])
    counted.prepared.release()
    await cache.close()
  })

  test('a single chunk larger than a request is fetched in pieces', async () => {
    const cache = await openCache('large')
    const file = join(folder, 'large.parquet')
    await duck(
      `COPY (SELECT i AS a, i * 3 AS b FROM range(1500000) r(i)) TO '${file}' (FORMAT parquet, ROW_GROUP_SIZE 2000000, COMPRESSION uncompressed, PARQUET_VERSION v1)`,
    )
    const large = await readFile(file)
    server.put('lake', 't/large.parquet', large)
    const object = { info: await stores.storeFor(BUCKET).head('t/large.parquet'), footer: footerOf(large) }
    // One piece of a chunk does not arrive before the query is cancelled: what has arrived of the chunk does not count.
    server.faults.add({ kind: 'stall', afterBytes: 1000, when: (request) => Number(/=(\d+)-/.exec(request.range ?? '')?.[1]) > 5_000_000 })
    const controller = new AbortController()
    const types = [
      ['a', BIGINT],
      ['b', BIGINT],
    ] as const
    const cancelled = prepareFiles(cache, [object], ['a', 'b'], types, controller.signal)
    const isDone = (request: LoggedRequest) => request.status === 206 && request.bytes > 1_000_000
    await until(() => server.log.some((request) => request.fault === 'stall') && server.log.filter(isDone).length >= 5)
    await new Promise((resolve) => setTimeout(resolve, 200))
    controller.abort(new Error('left'))
    await expect(cancelled).rejects.toThrow('left')
    server.faults.clear()
    const { prepared, plan, list } = await prepareFiles(cache, [object], ['a', 'b'], types)
    expect(Math.max(...(plan.files[0]?.parquet?.ranges ?? []).map((range) => range.length))).toBeGreaterThan(2 * 4 * 1024 * 1024)
    expect(server.log.length).toBeGreaterThanOrEqual(2)
    expect(server.log.every((request) => request.bytes <= 4 * 1024 * 1024)).toBe(true)
    expect(await digest(list)).toEqual(await digest(`['${file}']`))
    prepared.release()
    await cache.close()
    // The pieces' checksums hold after a restart.
    const again = await openCache('large')
    const warm = await prepareFiles(again, [object], ['a', 'b'], types)
    expect(server.log).toHaveLength(0)
    warm.prepared.release()
    await again.close()
  })
})

describe('restart', () => {
  test('what was written is used again after it was compared', async () => {
    const cache = await openCache('restart')
    const before = await prepare(cache, ['a', 'b'], [1, 2])
    before.prepared.release()
    await cache.close()
    const again = await openCache('restart')
    const after = await prepare(again, ['a', 'b'], [1, 2])
    expect(rangesAsked()).toEqual([])
    expect(await digest(after.list)).toEqual(await expected([1, 2]))
    expect(again.stats()).toMatchObject({ units: 1, poisoned: 0 })
    after.prepared.release()
    await again.close()
  })

  test.each(['data', 'footer', 'deleted', 'short'] as const)('a unit with wrong %s is thrown away and fetched again', async (what) => {
    const name = `corrupt-${what}`
    const cache = await openCache(name)
    const before = await prepare(cache, ['a', 'b'], [4])
    const [path] = before.paths as [string]
    before.prepared.release()
    await cache.close()
    const unit = await readFile(path)
    const range = before.plan.files[0]?.parquet?.ranges[1] as { start: number; length: number }
    if (what === 'deleted') await rm(path)
    else if (what === 'short') await writeFile(path, unit.subarray(0, range.start + 10))
    else {
      const at = what === 'data' ? range.start + range.length - 1 : unit.length - 50
      unit[at] = (unit[at] as number) ^ 1
      await writeFile(path, unit)
    }
    const again = await openCache(name)
    const after = await prepare(again, ['a', 'b'], [4])
    expect(rangesAsked().length).toBeGreaterThan(0)
    expect(after.paths).not.toEqual(before.paths)
    expect(await digest(after.list)).toEqual(await expected([4]))
    expect(again.stats().poisoned).toBe(1)
    after.prepared.release()
    await again.close()
  })

  test('a unit that turns bad while it is in use is found by verify', async () => {
    const cache = await openCache('verify')
    const first = await prepare(cache, ['a'], [4])
    expect(await first.prepared.verify()).toBe(false)
    const [path] = first.paths as [string]
    const unit = await readFile(path)
    const at = (first.plan.files[0]?.parquet?.ranges[0]?.start as number) + 5
    unit[at] = (unit[at] as number) ^ 1
    await writeFile(path, unit)
    expect(await first.prepared.verify()).toBe(true)
    first.prepared.release()
    const second = await prepare(cache, ['a'], [4])
    expect(await digest(second.list, 'count(*), sum(a)')).toEqual(await expected([4], 'count(*), sum(a)'))
    second.prepared.release()
    await cache.close()
  })

  test('a process killed in mid-write: the cache opens, and only whole chunks count', async () => {
    const name = join(folder, 'killed')
    const child = fork(join(import.meta.dirname, '../../support/scan-child.ts'), [name, server.url], { stdio: 'inherit' })
    // The body of one row group's request stops on its way; the child is killed when the others are done.
    const isData = (request: LoggedRequest) =>
      request.method === 'GET' && Number(/=(\d+)-/.exec(request.range ?? '')?.[1]) < bytes.length / 2
    server.faults.add({ kind: 'stall', when: isData, afterBytes: 20_000 })
    server.log.length = 0
    await until(() => server.log.some((request) => request.fault === 'stall') && server.log.filter(isData).length >= 5)
    await new Promise((resolve) => setTimeout(resolve, 300))
    child.kill('SIGKILL')
    await once(child, 'exit')
    server.faults.clear()
    const cache = await openCache('killed')
    expect(cache.shared).toBe(true)
    const after = await prepare(cache, ['a', 'b', 's'])
    expect(await digest(after.list, 'count(*), sum(a), sum(b), count(DISTINCT s)')).toEqual(
      await expected(ALL, 'count(*), sum(a), sum(b), count(DISTINCT s)'),
    )
    expect(after.prepared.bytesFromStore).toBeGreaterThan(0)
    after.prepared.release()
    await cache.close()
  })
})

describe('several queries', () => {
  test('the same chunk is fetched once', async () => {
    const cache = await openCache('flight')
    server.faults.latencyMs = 30
    const counters = await Promise.all(Array.from({ length: 8 }, () => prepare(cache, ['a', 'b'], [1, 2, 3])))
    server.faults.latencyMs = 0
    const asked = rangesAsked()
    expect(new Set(asked).size).toBe(asked.length)
    for (const { prepared, list } of counters) {
      expect(await digest(list)).toEqual(await expected([1, 2, 3]))
      prepared.release()
    }
    await cache.close()
  })

  test('one that is cancelled leaves the others their chunks', async () => {
    const cache = await openCache('cancel')
    server.faults.latencyMs = 50
    const controller = new AbortController()
    const cancelled = prepare(cache, ['a', 'b'], [1, 2, 3], controller.signal)
    const other = prepare(cache, ['a', 'b'], [1, 2, 3])
    setTimeout(() => controller.abort(new Error('left')), 20)
    await expect(cancelled).rejects.toThrow('left')
    server.faults.latencyMs = 0
    const { prepared, list } = await other
    expect(await digest(list)).toEqual(await expected([1, 2, 3]))
    prepared.release()
    expect(cache.stats().pinnedUnits).toBe(0)
    await cache.close()
  })

  test('another process gets a private cache; its folder goes with it', async () => {
    const cache = await openCache('owner')
    const second = await openCache('owner')
    expect([cache.shared, second.shared]).toEqual([true, false])
    expect(second.folder.startsWith(join(folder, 'owner', 'private'))).toBe(true)
    const query = await prepare(second, ['a'], [1])
    expect(await digest(query.list, 'sum(a)')).toEqual(await expected([1], 'sum(a)'))
    query.prepared.release()
    await second.close()
    expect(await readdir(join(folder, 'owner', 'private'))).toEqual([])
    await cache.close()
    const third = await openCache('owner')
    expect(third.shared).toBe(true)
    await third.close()
  })
})

describe('faults of the store', () => {
  test('an object replaced in mid-scan', async () => {
    const cache = await openCache('changed')
    server.put('lake', 't/moving.parquet', bytes)
    const moving = { info: await stores.storeFor(BUCKET).head('t/moving.parquet'), footer }
    server.faults.add({
      kind: 'slow-first-byte',
      ms: 0,
      effect: () => server.put('lake', 't/moving.parquet', Buffer.concat([bytes, bytes])),
    })
    const error = await prepareFiles(cache, [{ ...moving, rowGroups: [1, 4, 8] }], ['a'], COLUMNS).then(
      () => undefined,
      (failure: unknown) => failure,
    )
    expect(error).toBeInstanceOf(ObjectChanged)
    expect(error).toMatchObject({
      errorName: 'HIVE_CANNOT_OPEN_SPLIT',
      message: 'File s3://lake/t/moving.parquet was replaced or changed while the query read it',
    })
    expect(cache.stats().pinnedUnits).toBe(0)
    await cache.close()
  })

  test('an object that is gone', async () => {
    const cache = await openCache('gone')
    const gone = { info: { ...info, key: 't/gone.parquet' }, footer }
    const error = await prepareFiles(cache, [gone], ['a'], COLUMNS).then(
      () => undefined,
      (failure: unknown) => failure,
    )
    expect(error).toBeInstanceOf(ObjectChanged)
    expect(error).toMatchObject({
      errorName: 'HIVE_FILE_NOT_FOUND',
      message: 'File s3://lake/t/gone.parquet was listed but is no longer there',
    })
    await cache.close()
  })

  test('bodies cut off and refusals are retried below; the result is right', async () => {
    const cache = await openCache('faults')
    server.faults.add({ kind: 'cut', afterBytes: 5000, times: 2, every: 2 })
    server.faults.add({ kind: 'slow-down', times: 2, every: 3 })
    const { prepared, list } = await prepare(cache, ['a', 'b', 's'], [0, 2, 4, 6, 8])
    server.faults.clear()
    expect(await digest(list)).toEqual(await expected([0, 2, 4, 6, 8]))
    prepared.release()
    await cache.close()
  })

  test('no permission', async () => {
    const cache = await openCache('denied')
    server.faults.add({ kind: 'answer', status: 403, times: 99, body: '<Error><Code>AccessDenied</Code><Message>no</Message></Error>' })
    await expect(prepare(cache, ['a'], [7])).rejects.toMatchObject({
      errorName: 'HIVE_FILESYSTEM_ERROR',
      message: expect.stringContaining('GetObject s3://lake/t/one.parquet'),
    })
    server.faults.clear()
    await cache.close()
  })

  test('after a failure nothing is asked for any more', async () => {
    const cache = await openCache('stops')
    const files = Array.from({ length: 200 }, (_, index) => ({ info: { ...info, key: `t/missing-${index}.parquet` }, footer }))
    await expect(prepareFiles(cache, files, ['a'], COLUMNS)).rejects.toBeInstanceOf(ObjectChanged)
    await new Promise((resolve) => setTimeout(resolve, 500))
    expect(server.log.length).toBeLessThan(200)
    await cache.close()
  })
})

describe('budget', () => {
  test('a query larger than the cache is refused before its first request', async () => {
    const cache = await BlockCache.open({ folder: join(folder, 'tiny'), budgetBytes: 100_000 })
    await expect(prepare(cache, ['a', 'b'])).rejects.toMatchObject({
      errorName: 'GENERIC_INSUFFICIENT_RESOURCES',
      type: 'INSUFFICIENT_RESOURCES',
    })
    expect(server.log).toHaveLength(0)
    await cache.close()
  })

  test('unused units make room, units in use never', async () => {
    // Room for about three row groups of one column (82 KB each).
    const cache = await BlockCache.open({ folder: join(folder, 'small'), budgetBytes: 330_000 })
    const held = await prepare(cache, ['a'], [0])
    for (const group of [1, 2, 3, 4, 5]) {
      const { prepared, list } = await prepare(cache, ['a'], [group])
      expect(await digest(list, 'sum(a)')).toEqual(await expected([group], 'sum(a)'))
      prepared.release()
      expect(cache.stats().usedBytes).toBeLessThanOrEqual(330_000)
    }
    expect(cache.stats().evictions).toBeGreaterThanOrEqual(2)
    expect(await digest(held.list, 'sum(a)')).toEqual(await expected([0], 'sum(a)'))
    await expect(prepare(cache, ['a'], [6, 7, 8])).rejects.toMatchObject({ errorName: 'GENERIC_INSUFFICIENT_RESOURCES', retryable: true })
    held.prepared.release()
    const bigger = await prepare(cache, ['a'], [6, 7, 8])
    bigger.prepared.release()
    await cache.close()
  })

  test('what a cancelled query has written is counted', async () => {
    const cache = await openCache('cut-short')
    const onDisk = async (): Promise<number> => {
      const names = await readdir(join(cache.folder, 'units'), { recursive: true }).catch(() => [])
      const files = (await Promise.all(names.map((name) => stat(join(cache.folder, 'units', name))))).filter((file) => file.isFile())
      return files.reduce((sum, { blocks }) => sum + blocks * 512, 0)
    }
    const controller = new AbortController()
    server.faults.add({ kind: 'stall', when: ({ range }) => range?.startsWith('bytes=4-') ?? false })
    const cancelled = prepare(cache, ['a', 'b'], undefined, controller.signal)
    while ((await onDisk()) < 1_000_000) await new Promise((resolve) => setTimeout(resolve, 5))
    controller.abort(new Error('left'))
    await expect(cancelled).rejects.toThrow('left')
    server.faults.clear()
    expect(cache.stats()).toMatchObject({ units: 1, pinnedUnits: 0, usedBytes: await onDisk() })
    await cache.close()
  })

  test('one pass over much leaves alone what is used again', async () => {
    const cache = await BlockCache.open({ folder: join(folder, 'slru'), budgetBytes: 500_000 })
    for (let round = 0; round < 2; round++) (await prepare(cache, ['a'], [0])).prepared.release()
    for (const group of [1, 2, 3, 4, 5, 6, 7, 8, 9]) (await prepare(cache, ['b'], [group])).prepared.release()
    expect(cache.stats().evictions).toBeGreaterThan(0)
    ;(await prepare(cache, ['a'], [0])).prepared.release()
    expect(rangesAsked()).toEqual([])
    await cache.close()
  })

  test('clear deletes what is not in use', async () => {
    const cache = await openCache('clear')
    const held = await prepare(cache, ['a'], [0])
    ;(await prepare(cache, ['a'], [1])).prepared.release()
    expect(await cache.clear()).toBeGreaterThan(80_000)
    expect(cache.stats()).toMatchObject({ units: 1, pinnedUnits: 1 })
    expect(await digest(held.list, 'sum(a)')).toEqual(await expected([0], 'sum(a)'))
    held.prepared.release()
    await cache.close()
  })
})

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5))
}
