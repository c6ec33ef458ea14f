import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ObjectInfo } from '#connectors/storage/object-store'
import { createStores, type ObjectStores } from '#connectors/storage/registry'
import { BlockCache } from '#src/scan/block-cache'
import { PartCache, type PartCacheOptions } from '#src/scan/part-cache'
import { ObjectChanged } from '#src/scan/store-errors'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'

const BUCKET = { scheme: 's3', name: 'lake' } as const
const signal = new AbortController().signal
const object = Buffer.from(Uint8Array.from({ length: 2_000_000 }, (_, at) => at % 251))
const RANGES = [
  { start: 1_900_000, length: 50_000 },
  { start: 100, length: 30 },
  { start: 200, length: 500_000 },
]
const expected = RANGES.map(({ start, length }) => Uint8Array.from(object.subarray(start, start + length)))

let folder: string
let server: S3TestServer
let stores: ObjectStores
let info: ObjectInfo

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-parts-'))
  server = await startS3Server({ buckets: ['lake'] })
  stores = createStores({ env: server.env })
  server.put('lake', 'x', object)
  info = await stores.storeFor(BUCKET).head('x')
})
afterAll(async () => {
  await stores.close()
  await server.close()
  await rm(folder, { recursive: true })
})

async function opened(name: string, options: PartCacheOptions = {}) {
  const blocks = await BlockCache.open({ folder: join(folder, name), budgetBytes: 1e9 })
  const parts = await PartCache.open(blocks, options)
  return {
    parts,
    read: async (of = info) => {
      const before = server.log.length
      const bytes = (await parts.source(stores).parts(BUCKET, of, RANGES, signal)).map((part) => Uint8Array.from(part))
      return { bytes, requests: server.log.slice(before).length }
    },
    close: async () => {
      await parts.close()
      await blocks.close()
    },
  }
}

test('near ranges come in one request, each object version once, also after a restart', async () => {
  const first = await opened('restart')
  expect(await first.read()).toEqual({ bytes: expected, requests: 2 })
  expect(await first.read()).toEqual({ bytes: expected, requests: 0 })
  await first.close()
  const second = await opened('restart')
  expect(second.parts.stats().parts).toBe(RANGES.length)
  expect(await second.read()).toEqual({ bytes: expected, requests: 0 })
  await second.parts.clear()
  expect(second.parts.stats()).toEqual({ parts: 0, diskBytes: 0 })
  expect(await second.read()).toEqual({ bytes: expected, requests: 2 })
  await second.close()
})

test('what memory does not hold comes from the disk', async () => {
  const cache = await opened('small', { memoryBytes: 1000 })
  await cache.read()
  // Written behind: what is not yet there is asked for once more.
  await cache.close()
  const again = await opened('small', { memoryBytes: 1000 })
  expect(await again.read()).toEqual({ bytes: expected, requests: 0 })
  expect(await again.read()).toEqual({ bytes: expected, requests: 0 })
  await again.close()
})

test('an object that is another one by now is listed anew', async () => {
  const cache = await opened('changed')
  await expect(cache.read({ ...info, version: '"another"' })).rejects.toThrow(ObjectChanged)
  await cache.close()
})
