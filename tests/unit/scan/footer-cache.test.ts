import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ObjectInfo } from '#connectors/storage/object-store'
import { createStores, type ObjectStores } from '#connectors/storage/registry'
import { BlockCache } from '#src/scan/block-cache'
import { FooterCache } from '#src/scan/footer-cache'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'
import { footerOf } from '#tests/support/scan-plans'

const BUCKET = { scheme: 's3', name: 'lake' } as const
const FIXTURES = join(import.meta.dirname, '../../fixtures/parquet')
const NAMES = ['int96', 'times', 'others', 'nested', 'unsigned'] as const

let folder: string
let server: S3TestServer
let stores: ObjectStores
const infos: ObjectInfo[] = []
const signal = new AbortController().signal

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-footers-'))
  server = await startS3Server({ buckets: ['lake'] })
  stores = createStores({ env: server.env })
  for (const name of NAMES) {
    server.put('lake', name, await readFile(join(FIXTURES, `${name}.parquet`)))
    infos.push(await stores.storeFor(BUCKET).head(name))
  }
})
afterAll(async () => {
  await stores.close()
  await server.close()
  await rm(folder, { recursive: true })
})

async function opened(name: string, options: { memoryBytes?: number; diskBytes?: number } = {}) {
  const blocks = await BlockCache.open({ folder: join(folder, name), budgetBytes: 1e9 })
  const footers = await FooterCache.open(blocks, options)
  return {
    footers,
    source: footers.source(stores),
    close: async () => {
      await footers.close()
      await blocks.close()
    },
  }
}
const expected = async (name: string) => footerOf(await readFile(join(FIXTURES, `${name}.parquet`)))

test('one request an object version, also after a restart', async () => {
  const first = await opened('restart')
  server.log.length = 0
  const read = () => Promise.all([...infos, ...infos].map((info) => first.source.footer(BUCKET, info, signal)))
  const footers = await read()
  expect(server.log).toHaveLength(NAMES.length)
  for (const [index, name] of NAMES.entries()) expect(footers[index]).toEqual(await expected(name))
  expect((await read())[0]).toBe(footers[0])
  await first.close()

  const second = await opened('restart')
  for (const [index, name] of NAMES.entries())
    expect(await second.source.footer(BUCKET, infos[index] as ObjectInfo, signal)).toEqual(await expected(name))
  expect(server.log).toHaveLength(NAMES.length)
  await second.close()
})

test('torn and damaged records are asked for again', async () => {
  const first = await opened('torn')
  for (const info of infos) await first.source.footer(BUCKET, info, signal)
  await first.close()
  const path = join(folder, 'torn', 'footers')
  const file = await open(path, 'r+')
  const { size } = await file.stat()
  await file.truncate(size - 10)
  await file.write(Buffer.from([0xff]), 0, 1, 200)
  await file.close()
  const second = await opened('torn')
  server.log.length = 0
  for (const [index, name] of NAMES.entries())
    expect(await second.source.footer(BUCKET, infos[index] as ObjectInfo, signal)).toEqual(await expected(name))
  expect(server.log.map((request) => request.key).sort()).toEqual(['int96', 'unsigned'])
  await second.close()
  const third = await opened('torn')
  server.log.length = 0
  for (const info of infos) await third.source.footer(BUCKET, info, signal)
  expect(server.log).toHaveLength(0)
  await third.close()
})

test('memory and disk are bounded', async () => {
  const small = await opened('small', { memoryBytes: 40_000, diskBytes: 9000 })
  for (let round = 0; round < 3; round++) for (const info of infos) await small.source.footer(BUCKET, info, signal)
  await small.close()
  expect(small.footers.stats().memoryBytes).toBeLessThanOrEqual(40_000)
  expect(small.footers.stats().diskBytes).toBeLessThanOrEqual(9000)
})

test('a cancelled reader does not take the footer away from another', async () => {
  const cache = await opened('cancel')
  server.faults.latencyMs = 50
  const controller = new AbortController()
  const info = infos[0] as ObjectInfo
  const cancelled = cache.source.footer(BUCKET, info, controller.signal)
  const other = cache.source.footer(BUCKET, info, signal)
  controller.abort()
  await expect(cancelled).rejects.toMatchObject({ errorName: 'USER_CANCELED' })
  expect((await other).rows).toBe(300)
  server.faults.latencyMs = 0
  await cache.close()
})

test("the store's and the file's faults", async () => {
  const cache = await opened('faults')
  server.put('lake', 'broken', 'no parquet at all')
  const broken = await stores.storeFor(BUCKET).head('broken')
  await expect(cache.source.footer(BUCKET, broken, signal)).rejects.toMatchObject({
    errorName: 'HIVE_BAD_DATA',
    message: "Malformed Parquet file s3://lake/broken: it does not end with 'PAR1'; it may be cut off or no Parquet file",
  })
  server.put('lake', 'broken', 'another version of it')
  await expect(cache.source.footer(BUCKET, broken, signal)).rejects.toMatchObject({ errorName: 'HIVE_CANNOT_OPEN_SPLIT' })
  server.remove('lake', 'broken')
  await expect(cache.source.footer(BUCKET, broken, signal)).rejects.toMatchObject({ errorName: 'HIVE_FILE_NOT_FOUND' })
  await cache.close()
})
