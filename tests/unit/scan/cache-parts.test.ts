import { fork } from 'node:child_process'
import { once } from 'node:events'
import { appendFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ParquetFooter, RowGroup } from '#connectors/formats/parquet/footer'
import { StoreError } from '#connectors/storage/object-store'
import { BlockCache } from '#src/scan/block-cache'
import { CacheLog, type CacheRecord } from '#src/scan/cache-log'
import { withDiskSpace } from '#src/scan/disk-full'
import { lockFolder } from '#src/scan/folder-lock'
import { Limiter } from '#src/scan/limiter'
import { unitsOf } from '#src/scan/parquet-units'
import { fromStoreError, ObjectChanged } from '#src/scan/store-errors'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-parts-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('folder lock', () => {
  test('is held by one, also against another process, and freed by kill -9', async () => {
    const mine = lockFolder(folder)
    expect(mine).toBeDefined()
    expect(lockFolder(folder)).toBeUndefined()
    mine?.release()
    const child = fork(join(import.meta.dirname, '../../support/lock-child.ts'), [folder])
    const [answer] = await once(child, 'message')
    expect(answer).toBe('held')
    expect(lockFolder(folder)).toBeUndefined()
    child.kill('SIGKILL')
    await once(child, 'exit')
    const again = lockFolder(folder)
    expect(again).toBeDefined()
    again?.release()
  })
})

describe('cache log', () => {
  const UNIT: CacheRecord = { op: 'unit', id: 1, object: 'a\0b', unit: 'all', end: 5, crc: 7 }
  const CHUNKS: CacheRecord = { op: 'chunks', id: 1, chunks: [[4, 10, [1, 2]]] }

  test('gives back what was appended; torn and foreign lines are passed over', async () => {
    const path = join(folder, 'log')
    const log = await CacheLog.open(path)
    log.append(UNIT)
    log.append(CHUNKS)
    await log.close()
    await appendFile(path, 'deadbeef {"op":"evict","id":1}\nnonsense\n12345678 {"op":')
    expect(await CacheLog.read(path)).toEqual([UNIT, CHUNKS])
    const again = await CacheLog.open(path)
    await again.rewrite([UNIT])
    again.append({ op: 'evict', id: 1 })
    await again.close()
    expect(await CacheLog.read(path)).toEqual([UNIT, { op: 'evict', id: 1 }])
  })
  test('a missing log is empty', async () => expect(await CacheLog.read(join(folder, 'nothing'))).toEqual([]))
})

describe('full disk', () => {
  const full = () => Object.assign(new Error('no space'), { code: 'ENOSPC' })

  test('what is not in use is deleted and the write tried again', async () => {
    const cache = await BlockCache.open({ folder: join(folder, 'full'), budgetBytes: 1e6 })
    const unit = cache.acquire(cache.object('x'), 'all', {})
    unit.state = 'ready'
    cache.account(unit, 100_000, cache.reserve(100_000))
    cache.release(unit)
    let writes = 0
    await withDiskSpace(cache, 10, async () => {
      if (++writes === 1) throw full()
    })
    expect(writes).toBe(2)
    expect(cache.stats().units).toBe(0)
    await expect(withDiskSpace(cache, 10, () => Promise.reject(full()))).rejects.toMatchObject({
      errorName: 'GENERIC_INSUFFICIENT_RESOURCES',
      message: 'The cache folder is full: the disk has no space left for the data of this query',
    })
    await expect(withDiskSpace(cache, 10, () => Promise.reject(new Error('other')))).rejects.toThrow('other')
    await cache.close()
  })
})

test('the limiter keeps order and bound, failures included', async () => {
  const limiter = new Limiter(3)
  const started: number[] = []
  let active = 0
  let most = 0
  const results = await Promise.allSettled(
    Array.from({ length: 3000 }, (_, index) =>
      limiter.run(async () => {
        started.push(index)
        most = Math.max(most, ++active)
        await Promise.resolve()
        active--
        if (index % 7 === 0) throw new Error('seventh')
      }),
    ),
  )
  expect(most).toBe(3)
  expect(started).toEqual(Array.from({ length: 3000 }, (_, index) => index))
  expect(results.filter((result) => result.status === 'rejected')).toHaveLength(429)
})

describe('errors of the store', () => {
  const error = (kind: StoreError['kind']) => fromStoreError(new StoreError(kind, 'GetObject', 's3://lake/x', 'said no'))
  test.each([
    ['not-found', 'HIVE_FILE_NOT_FOUND', 'File s3://lake/x was listed but is no longer there'],
    ['changed', 'HIVE_CANNOT_OPEN_SPLIT', 'File s3://lake/x was replaced or changed while the query read it'],
    ['denied', 'HIVE_FILESYSTEM_ERROR', 'Access denied: GetObject s3://lake/x: said no'],
    ['unauthenticated', 'HIVE_FILESYSTEM_ERROR', 'The store did not accept the credentials: GetObject s3://lake/x: said no'],
    ['misconfigured', 'HIVE_FILESYSTEM_ERROR', 'GetObject s3://lake/x: said no'],
    ['unavailable', 'HIVE_FILESYSTEM_ERROR', 'GetObject s3://lake/x: said no'],
    ['failed', 'HIVE_FILESYSTEM_ERROR', 'GetObject s3://lake/x: said no'],
    ['aborted', 'USER_CANCELED', 'Query was canceled'],
  ] as const)('%s', (kind, errorName, message) => expect(error(kind)).toMatchObject({ errorName, message }))
  test('only a changed or missing object is planned again', () => {
    expect((['not-found', 'changed', 'denied', 'unavailable'] as const).map((kind) => error(kind) instanceof ObjectChanged)).toEqual([
      true,
      true,
      false,
      false,
    ])
  })
  test('other errors stay', () => {
    const other = new Error('x')
    expect(fromStoreError(other)).toBe(other)
  })
})

describe('units of a pruned file', () => {
  const footer = (rows: readonly number[]): ParquetFooter => {
    const rowGroups = rows.map(
      (count, group): RowGroup => ({ rows: count, chunks: [{ ranges: [{ start: 4 + group * 10, length: 10 }], statistics: undefined }] }),
    )
    return {
      fileSize: 1e6,
      footerSize: 100,
      rows: rows.reduce((sum, count) => sum + count, 0),
      createdBy: undefined,
      columns: [],
      rowGroups,
      metadata: new Uint8Array(),
    }
  }
  const names = (rows: readonly number[], kept: readonly number[]) =>
    unitsOf({ footer: footer(rows), rowGroups: kept, columnIndexes: [0], ranges: [] }).map(({ name }) => name)
  const tens = Array.from({ length: 10 }, () => 300_000)

  test('bins of a million rows', () => expect(names(tens, [0, 1, 2, 5, 9])).toEqual(['rg:0,1,2', 'rg:5', 'rg:9']))
  test('one a row group where row groups are large', () => expect(names([2e6, 2e6, 2e6], [0, 2])).toEqual(['rg:0', 'rg:2']))
  test('nothing pruned', () => expect(names(tens, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9])).toEqual(['all']))
  test("empty row groups are nobody's", () => {
    expect(names([0, 300_000, 0], [1])).toEqual(['all'])
    expect(names([0, 300_000, 0], [0, 2])).toEqual([])
    expect(names([0, 0], [0, 1])).toEqual([])
  })
})
