import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { FileFormat } from '#catalog/model'
import type { Bucket, ObjectInfo } from '#connectors/storage/object-store'
import { createStores, newRequestCounter, type ObjectStores } from '#connectors/storage/registry'
import { BlockCache } from '#src/scan/block-cache'
import { createScanner } from '#src/scan/scanner'
import type { PreparedScan } from '#src/scan/units'
import { BIGINT, VARCHAR } from '#src/types/type'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'
import { scanPlan } from '#tests/support/scan-plans'

const S3: Bucket = { scheme: 's3', name: 'lake' }
const LOCAL: Bucket = { scheme: 'file', name: '' }
const COLUMNS = [
  ['id', BIGINT],
  ['name', VARCHAR],
] as const
const TEXT = `id,name\n${Array.from({ length: 20_000 }, (_, index) => `${index},name ${index}\n`).join('')}`

let folder: string
let server: S3TestServer
let stores: ObjectStores

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-text-'))
  server = await startS3Server({ buckets: ['lake'] })
  stores = createStores({ env: server.env })
})
afterAll(async () => {
  await stores.close()
  await server.close()
  await rm(folder, { recursive: true })
})

const openCache = (name: string, budgetBytes = 1e9) => BlockCache.open({ folder: join(folder, name), budgetBytes })

async function put(key: string, bytes: Uint8Array | string): Promise<ObjectInfo> {
  server.put('lake', key, bytes)
  return stores.storeFor(S3).head(key)
}
async function local(name: string, bytes: Uint8Array | string): Promise<ObjectInfo> {
  await writeFile(join(folder, name), bytes)
  return stores.storeFor(LOCAL).head(join(folder, name).slice(1))
}
async function prepare(
  cache: BlockCache,
  infos: readonly ObjectInfo[],
  options: { bucket?: Bucket; format?: FileFormat; properties?: Record<string, string>; signal?: AbortSignal } = {},
): Promise<PreparedScan> {
  const { bucket = S3, format = 'csv', properties = { 'csv.header': 'true' } } = options
  const plan = scanPlan({ bucket, format, properties, columns: COLUMNS, files: infos.map((info) => ({ info })) })
  const { signal = new AbortController().signal } = options
  server.log.length = 0
  return createScanner({ cache }).prepareScan(plan, { stores: stores.view({ counter: newRequestCounter(), signal }), signal })
}
const textsOf = (prepared: PreparedScan) =>
  Promise.all(prepared.groups.flatMap((group) => group.units.map((unit) => readFile(unit.path, 'utf8'))))

describe('objects', () => {
  test.each([
    ['plain', Buffer.from(TEXT)],
    ['gzip', gzipSync(TEXT)],
    ['gzip in two members', Buffer.concat([gzipSync(TEXT.slice(0, 1000)), gzipSync(TEXT.slice(1000))])],
    ['zstd in two frames', Buffer.concat([zstdCompressSync(TEXT.slice(0, 1000)), zstdCompressSync(TEXT.slice(1000))])],
    ['with a byte order mark', Buffer.from(`\ufeff${TEXT}`)],
    ['gzip with a byte order mark', gzipSync(`\ufeff${TEXT}`)],
  ])('%s becomes its plain text, once', async (name, bytes) => {
    const cache = await openCache(`plain-${name}`)
    // The name says nothing about the compression.
    const info = await put(`t/${name}.csv`, bytes)
    const cold = await prepare(cache, [info])
    expect(await textsOf(cold)).toEqual([TEXT])
    expect(cold.bytesFromStore).toBe(bytes.length)
    expect(cold.groups[0]).toMatchObject({
      format: 'csv',
      fileColumns: ['id', 'name'],
      csv: { delimiter: ',', quote: '"', escape: '"', nullText: '', skip: 1 },
    })
    cold.release()
    const warm = await prepare(cache, [info])
    expect(server.log).toHaveLength(0)
    expect(warm).toMatchObject({ bytesFromStore: 0, bytesFromCache: TEXT.length })
    warm.release()
    await cache.close()
    const again = await openCache(`plain-${name}`)
    const restarted = await prepare(again, [info])
    expect(server.log).toHaveLength(0)
    expect(await textsOf(restarted)).toEqual([TEXT])
    restarted.release()
    await again.close()
  })

  test('a damaged text is thrown away and fetched again', async () => {
    const cache = await openCache('damaged')
    const info = await put('t/damaged.csv', TEXT)
    const before = await prepare(cache, [info])
    const path = before.groups[0]?.units[0]?.path as string
    before.release()
    await cache.close()
    await writeFile(path, TEXT.replace('name 7\n', 'name 8\n'))
    const again = await openCache('damaged')
    const after = await prepare(again, [info])
    expect(await textsOf(after)).toEqual([TEXT])
    expect(again.stats().poisoned).toBe(1)
    await writeFile(after.groups[0]?.units[0]?.path as string, 'x')
    expect(await after.verify()).toBe(true)
    after.release()
    await again.close()
  })

  test('many queries download a file once', async () => {
    const cache = await openCache('once')
    const info = await put('t/once.csv', gzipSync(TEXT))
    server.faults.latencyMs = 20
    const all = await Promise.all(Array.from({ length: 5 }, () => prepare(cache, [info])))
    server.faults.latencyMs = 0
    expect(server.log.filter((request) => request.key === 't/once.csv')).toHaveLength(1)
    for (const prepared of all) prepared.release()
    await cache.close()
  })

  test('a query that waits for another one is cancelled at once', async () => {
    const cache = await openCache('waiting')
    const info = await put('t/slow.csv', gzipSync(TEXT))
    server.faults.add({ kind: 'slow-first-byte', ms: 3000 })
    let arrived = false
    const slow = prepare(cache, [info]).finally(() => {
      arrived = true
    })
    const controller = new AbortController()
    await new Promise((resolve) => setTimeout(resolve, 100))
    const waiting = prepare(cache, [info], { signal: controller.signal })
    setTimeout(() => controller.abort(new Error('left')), 50)
    await expect(waiting).rejects.toThrow('left')
    expect(arrived).toBe(false)
    const prepared = await slow
    expect(await textsOf(prepared)).toEqual([TEXT])
    prepared.release()
    await cache.close()
  })

  test('broken compression names the file and leaves nothing behind', async () => {
    const cache = await openCache('broken')
    const info = await put('t/broken.csv.gz', gzipSync(TEXT).subarray(0, 2000))
    await expect(prepare(cache, [info])).rejects.toMatchObject({
      errorName: 'HIVE_BAD_DATA',
      message: 'Cannot decompress s3://lake/t/broken.csv.gz: unexpected end of file',
    })
    expect(cache.stats()).toMatchObject({ units: 0, usedBytes: 0 })
    await cache.close()
  })

  test('a text that outgrows the cache is refused on the way', async () => {
    const cache = await openCache('outgrown', 40_000_000)
    const info = await put('t/bomb.csv.gz', gzipSync(Buffer.alloc(60_000_000, 'a,b\n')))
    await expect(prepare(cache, [info])).rejects.toMatchObject({ errorName: 'GENERIC_INSUFFICIENT_RESOURCES' })
    expect(cache.stats()).toMatchObject({ units: 0, usedBytes: 0 })
    await cache.close()
  })

  test('files are grouped by their headers', async () => {
    const cache = await openCache('groups')
    const infos = [
      await put('t/1.csv', 'id,name\n1,x\n'),
      await put('t/2.csv', 'Name,more,ID\ny,z,2\n'),
      await put('t/3.csv', 'id\n3\n'),
      await put('t/4.csv', 'ID , NAME\n4,w\n'),
      await put('t/5.csv', '\n\n'),
    ]
    const prepared = await prepare(cache, infos)
    expect(
      prepared.groups.map((group) => ({
        columns: group.fileColumns,
        kinds: group.columns.map((column) => column.kind),
        files: group.units.map((unit) => unit.file),
      })),
    ).toEqual([
      { columns: ['id', 'name'], kinds: ['file', 'file'], files: [0, 3] },
      { columns: ['name', 'more', 'id'], kinds: ['file', 'file'], files: [1] },
      { columns: ['id'], kinds: ['file', 'missing'], files: [2] },
    ])
    prepared.release()
    // The same files under other options are looked at anew.
    const positional = await prepare(cache, infos, { properties: { 'csv.header': 'false' } })
    expect(positional.groups.map((group) => [group.fileColumns, group.csv?.skip])).toEqual([
      [['id', 'name'], 0],
      [['id', 'name', '#3'], 0],
      [['id'], 0],
    ])
    positional.release()
    await cache.close()
  })

  test('JSON: one group, keys as the mapping spells them', async () => {
    const cache = await openCache('json')
    const info = await put('t/a.json.gz', gzipSync('{"userId":1}\n'))
    const prepared = await prepare(cache, [info], { format: 'json', properties: { 'mapping.id': 'userId', on_error: 'skip' } })
    expect(prepared.onError).toBe('skip')
    expect(prepared.groups).toMatchObject([
      {
        format: 'json',
        csv: undefined,
        columns: [
          { kind: 'file', name: 'userId' },
          { kind: 'file', name: 'name' },
        ],
      },
    ])
    prepared.release()
    await expect(prepare(cache, [info], { format: 'json', properties: { on_error: 'maybe' } })).rejects.toMatchObject({
      errorName: 'INVALID_TABLE_PROPERTY',
    })
    await cache.close()
  })

  test('UTF-16 is refused', async () => {
    const cache = await openCache('utf16')
    const info = await put('t/utf16.csv', Buffer.from('\ufeffid,name\n', 'utf16le'))
    await expect(prepare(cache, [info])).rejects.toMatchObject({
      errorName: 'HIVE_UNSUPPORTED_FORMAT',
      message: 'File s3://lake/t/utf16.csv is UTF-16, which is not supported',
    })
    await cache.close()
  })
})

describe('local files', () => {
  test('plain text is linked, not copied; another version is another link', async () => {
    const cache = await openCache('linked')
    const info = await local('linked.csv', TEXT)
    const first = await prepare(cache, [info], { bucket: LOCAL })
    const path = first.groups[0]?.units[0]?.path as string
    expect((await stat(path)).ino).toBe((await stat(join(folder, 'linked.csv'))).ino)
    expect(cache.stats().usedBytes).toBe(0)
    first.release()
    await rm(join(folder, 'linked.csv'))
    const replaced = await local('linked.csv', 'id,name\n1,new\n')
    const second = await prepare(cache, [replaced], { bucket: LOCAL })
    expect(await textsOf(second)).toEqual(['id,name\n1,new\n'])
    second.release()
    await expect(prepare(cache, [{ ...info, version: 'older' }], { bucket: LOCAL })).rejects.toMatchObject({
      errorName: 'HIVE_CANNOT_OPEN_SPLIT',
    })
    await cache.close()
    await expect(stat(path)).rejects.toMatchObject({ code: 'ENOENT' })
  })
  test.each([
    ['gzip', gzipSync(TEXT)],
    ['byte order mark', Buffer.from(`\ufeff${TEXT}`)],
  ])('%s: written as plain text', async (name, bytes) => {
    const cache = await openCache(`local-${name}`)
    const info = await local(`${name}.csv`, bytes)
    for (const round of [1, 2]) {
      const prepared = await prepare(cache, [info], { bucket: LOCAL })
      expect(await textsOf(prepared), `round ${round}`).toEqual([TEXT])
      expect(prepared.bytesFromStore > 0).toBe(round === 1)
      prepared.release()
    }
    await cache.close()
  })
})
