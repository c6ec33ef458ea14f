import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ParquetFooter } from '#connectors/formats/parquet/footer'
import type { ObjectInfo } from '#connectors/storage/object-store'
import { createStores, type ObjectStores } from '#connectors/storage/registry'
import { HeldScans } from '#src/query/held-scans'
import { BlockCache } from '#src/scan/block-cache'
import { createScanner } from '#src/scan/scanner'
import { INTEGER, VARCHAR } from '#src/types/type'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'
import { copyBytes } from '#tests/support/sample-objects'
import { footerOf, scanPlan } from '#tests/support/scan-plans'

const BUCKET = { scheme: 's3', name: 'lake' } as const
/** Room for one row group's filler (1.2 MB) and its numbers (82 KB), not for two. */
const BUDGET = 2_000_000

let folder: string
let server: S3TestServer
let stores: ObjectStores
let footer: ParquetFooter
let info: ObjectInfo
let cache: BlockCache
let scans: HeldScans

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-held-'))
  server = await startS3Server({ buckets: ['lake'] })
  const bytes = await copyBytes(
    "SELECT i::INTEGER AS a, repeat('x', 50) || i AS filler FROM range(81920) r(i)",
    'FORMAT parquet, ROW_GROUP_SIZE 20480, COMPRESSION uncompressed',
  )
  server.put('lake', 't/one.parquet', bytes)
  footer = footerOf(bytes)
  stores = createStores({ env: server.env })
  info = await stores.storeFor(BUCKET).head('t/one.parquet')
})

beforeEach(async () => {
  await cache?.close()
  cache = await BlockCache.open({ folder: await mkdtemp(join(folder, 'cache-')), budgetBytes: BUDGET })
  scans = new HeldScans(createScanner({ cache }), () => BUDGET)
})

afterAll(async () => {
  await cache.close()
  await stores.close()
  await server.close()
  await rm(folder, { recursive: true })
})

const hold = (scanned: readonly string[], rowGroup: number, signal = new AbortController().signal) => {
  const columns = [
    ['a', INTEGER],
    ['filler', VARCHAR],
  ] as const
  const plan = scanPlan({ bucket: BUCKET, columns, scanned, files: [{ info, footer, rowGroups: [rowGroup] }] })
  return scans.hold([plan], { stores: stores.view({ signal }), signal })
}

/** A query that reads a number of a row group, whose filler lies in the same unit and cannot go before it. */
async function holdMoreThanNeeded(): Promise<{ release(): void }> {
  const whole = await hold(['a', 'filler'], 0)
  whole.release()
  return hold(['a'], 0)
}

describe('a query that finds the cache filled by what others hold', () => {
  test('waits until they let go of it', async () => {
    const other = await holdMoreThanNeeded()
    let held = false
    const waiting = hold(['filler'], 1).then((one) => {
      held = true
      return one
    })
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(held).toBe(false)
    other.release()
    const own = await waiting
    expect(cache.stats()).toMatchObject({ units: 1, pinnedUnits: 1 })
    own.release()
    expect(cache.stats().pinnedUnits).toBe(0)
  })

  test('leaves the line when it is cancelled, and nothing behind', async () => {
    const other = await holdMoreThanNeeded()
    const controller = new AbortController()
    const waiting = hold(['filler'], 1, controller.signal)
    waiting.catch(() => {})
    await new Promise((resolve) => setTimeout(resolve, 200))
    controller.abort(new Error('left'))
    await expect(waiting).rejects.toThrow('left')
    // Who comes now has its turn at once: nobody waits for all of the room any more.
    const next = await hold(['a'], 2)
    next.release()
    other.release()
    const all = await hold(['filler'], 3)
    all.release()
    expect(cache.stats().pinnedUnits).toBe(0)
  })

  test('several of them go one after the other', async () => {
    const other = await holdMoreThanNeeded()
    const ended: number[] = []
    const waiting = [1, 2, 3].map(async (rowGroup) => {
      const held = await hold(['filler'], rowGroup)
      expect(cache.stats().usedBytes).toBeLessThanOrEqual(BUDGET)
      held.release()
      ended.push(rowGroup)
    })
    await new Promise((resolve) => setTimeout(resolve, 200))
    expect(ended).toEqual([])
    other.release()
    await Promise.all(waiting)
    expect(ended.toSorted()).toEqual([1, 2, 3])
    expect(cache.stats().pinnedUnits).toBe(0)
  })
})
