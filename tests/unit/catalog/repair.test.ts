import '#tests/support/fixed-seed'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { listChildren, listFolders } from '#catalog/partitions/list-folders'
import { Lister } from '#catalog/partitions/lister'
import { PartitionIndexes } from '#catalog/partitions/partition-indexes'
import { repairPartitions } from '#catalog/partitions/repair'
import { openSqliteStore } from '#catalog/store/sqlite'
import type { CatalogStore } from '#catalog/store/store'
import type { ListPage, ListRequest, ObjectInfo, ObjectStore } from '#connectors/storage/object-store'
import { INTEGER, VARCHAR } from '#src/types/type'

let folder: string
let store: CatalogStore
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-repair-'))
  store = await openSqliteStore(join(folder, 'catalog.db'))
})
afterEach(async () => {
  await store.close()
  rmSync(folder, { recursive: true })
})

/** A bucket of sorted ASCII keys as S3 lists it: a thousand entries a page, each call so late. */
function bucketOf(keys: readonly string[], latencyMs: number): { store: ObjectStore; calls: () => number } {
  let calls = 0
  const list = async ({ prefix, delimiter, startAfter = '', continuation }: ListRequest): Promise<ListPage> => {
    calls++
    if (latencyMs > 0) await pause(latencyMs)
    const after = continuation ?? startAfter
    const objects: ObjectInfo[] = []
    const prefixes: string[] = []
    let at = firstFrom(keys, prefix > after ? prefix : after)
    let last = ''
    while (at < keys.length && (keys[at] as string).startsWith(prefix)) {
      const key = keys[at] as string
      const slash = delimiter === undefined ? -1 : key.indexOf('/', prefix.length)
      const entry = slash < 0 ? key : key.slice(0, slash + 1)
      // A folder that the last page ended with sorts behind its own keys.
      if (entry <= after || (slash >= 0 && after.startsWith(entry))) {
        at = slash < 0 ? at + 1 : firstFrom(keys, `${entry}\uffff`)
        continue
      }
      if (objects.length + prefixes.length === 1000) return { objects, prefixes, continuation: last }
      last = slash < 0 ? key : `${entry}\uffff`
      if (slash < 0) objects.push({ key, size: 1, version: 'v', modified: 0 })
      else prefixes.push(entry)
      at = slash < 0 ? at + 1 : firstFrom(keys, `${entry}\uffff`)
    }
    return { objects, prefixes }
  }
  return { store: { bucket: { scheme: 's3', name: 'bucket' }, list } as unknown as ObjectStore, calls: () => calls }
}

function firstFrom(keys: readonly string[], from: string): number {
  let [low, high] = [0, keys.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((keys[middle] as string) < from) low = middle + 1
    else high = middle
  }
  return low
}

const two = (number: number) => String(number).padStart(2, '0')

describe('MSCK REPAIR of 100,000 folders in a store that answers after 20 ms', () => {
  const layouts = [
    { keys: ['dt'], names: Array.from({ length: 100_000 }, (_, at) => `dt=${String(at).padStart(6, '0')}`) },
    {
      keys: ['dt', 'h'],
      names: Array.from({ length: 100_000 }, (_, at) => `dt=${String(Math.floor(at / 100)).padStart(4, '0')}/h=${two(at % 100)}`),
    },
  ]
  for (const { keys, names } of layouts) {
    it(`${keys.join(', ')}: finds and registers them in well under a minute, and then finds nothing to do`, async () => {
      const table = await store.createTable(
        {
          schema: 'default',
          name: 't',
          format: 'csv',
          location: 's3://bucket/t/',
          columns: [{ name: 'x', type: VARCHAR }],
          partitionKeys: keys.map((name) => ({ name, type: name === 'h' ? INTEGER : VARCHAR })),
          properties: { partition_discovery: 'registered' },
        },
        { replace: false, createSchema: false },
      )
      const indexes = new PartitionIndexes(store)
      const bucket = bucketOf(names.map((name) => `t/${name}/f.csv`).sort(), 20)
      const start = process.cpuUsage()
      const found = await repairPartitions(table, await indexes.get(table), bucket.store)
      expect(found.missing).toHaveLength(100_000)
      expect(
        await store.addPartitions(
          table.id as number,
          found.missing.map((name) => ({ name })),
        ),
      ).toEqual([])
      // Of the processor, which other work on the machine does not lengthen.
      expect(process.cpuUsage(start).user / 1000).toBeLessThan(60_000)
      const now = (await store.getTable('default', 't')) as typeof table
      const index = await indexes.get(now)
      expect(index.count).toBe(100_000)
      expect(await repairPartitions(now, index, bucketOf(names.map((name) => `t/${name}/f.csv`).sort(), 0).store)).toEqual({
        missing: [],
        gone: [],
      })
    })
  }
})

it('a server serves others while many partitions are registered, read and dropped', async () => {
  const table = await store.createTable(
    {
      schema: 'default',
      name: 't',
      format: 'csv',
      location: 's3://bucket/t/',
      columns: [{ name: 'x', type: VARCHAR }],
      partitionKeys: [{ name: 'dt', type: VARCHAR }],
      properties: { partition_discovery: 'registered' },
    },
    { replace: false, createSchema: false },
  )
  const id = table.id as number
  const names = Array.from({ length: 50_000 }, (_, at) => `dt=${String(at).padStart(6, '0')}`)
  /** How often the event loop came round while the work was done. */
  const turnsDuring = async (work: () => Promise<unknown>): Promise<number> => {
    let turns = 0
    let done = false
    const turn = (): void => {
      turns++
      if (!done) setImmediate(turn)
    }
    setImmediate(turn)
    await work().finally(() => {
      done = true
    })
    return turns
  }
  const pages = 25
  expect(
    await turnsDuring(() =>
      store.addPartitions(
        id,
        names.map((name) => ({ name })),
      ),
    ),
  ).toBeGreaterThanOrEqual(pages)
  const now = (await store.getTable('default', 't')) as typeof table
  const indexes = new PartitionIndexes(store)
  expect(await turnsDuring(() => indexes.get(now))).toBeGreaterThanOrEqual(pages)
  expect((await indexes.get(now)).count).toBe(50_000)
  expect(await turnsDuring(async () => (await indexes.get(now)).has())).toBeGreaterThanOrEqual(2)
  expect(await turnsDuring(() => store.dropPartitions(id, names))).toBeGreaterThanOrEqual(pages)
})

describe('listChildren', () => {
  it('gives the folders in each folder, in either way', async () => {
    // Files beside folders, folders of many files, names that sort around the slash.
    const names = fc.constantFrom('a', 'a b', 'b', 'b-c', 'b.c', 'f', 'm')
    const tree = fc.array(fc.tuple(names, names, fc.constantFrom('x', 'k/y', 'many')), { maxLength: 30 })
    await fc.assert(
      fc.asyncProperty(tree, fc.uniqueArray(names, { minLength: 1 }), async (paths, wanted) => {
        const keys = paths.flatMap(([dir, name, kind]) =>
          kind === 'many'
            ? Array.from({ length: 1200 }, (_, at) => `t/${dir}/${name}/${at}`)
            : [`t/${dir}/${name}${kind === 'x' ? '' : `/${kind}`}`],
        )
        const sorted = [...new Set(keys)].sort()
        const folders = wanted.map((name) => `t/${name}/`)
        const expected = (folder: string) => [
          ...new Set(
            sorted.flatMap((key) =>
              key.startsWith(folder) && key.includes('/', folder.length) ? [key.slice(0, key.indexOf('/', folder.length) + 1)] : [],
            ),
          ),
        ]
        for (const together of [true, false]) {
          const found = await listChildren(new Lister(bucketOf(sorted, 0).store, undefined), folders, together)
          expect([together, Object.fromEntries(found)]).toEqual([
            together,
            Object.fromEntries(folders.map((folder) => [folder, expected(folder)])),
          ])
        }
      }),
      { numRuns: 60 },
    )
  })

  it('asks little for folders with little in them, and once for folders with much', async () => {
    const calls = async (folders: number, files: number) => {
      const dirs = Array.from({ length: folders }, (_, dir) => `t/d=${String(dir).padStart(5, '0')}/`)
      const bucket = bucketOf(
        dirs.flatMap((dir) =>
          Array.from({ length: files }, (_, file) => `${dir}h=${Math.floor((file * 2) / files)}/f${String(file).padStart(5, '0')}`),
        ),
        0,
      )
      const found = await listChildren(new Lister(bucket.store, undefined), dirs, true)
      expect([...found.values()].every((children) => children.length === 2)).toBe(true)
      expect(found.size).toBe(folders)
      return bucket.calls()
    }
    expect(await calls(20_000, 2)).toBeLessThan(150)
    // One probe for 16 folders at most.
    expect(await calls(320, 3000)).toBeLessThan(320 + 64)
  })
})

describe('listFolders', () => {
  const keys = Array.from({ length: 50 }, (_, dir) =>
    Array.from({ length: dir % 7 === 0 ? 1500 : 3 }, (_, file) => `t/d=${two(dir)}/f${String(file).padStart(4, '0')}`),
  ).flat()
  const list = async (wanted: readonly string[], together: boolean) => {
    const bucket = bucketOf(keys, 0)
    const seen = new Set<string>()
    await listFolders(
      new Lister(bucket.store, undefined),
      wanted,
      (objects) => {
        for (const { key } of objects) seen.add(key)
      },
      together,
    )
    const inside = [...seen].filter((key) => wanted.some((folder) => key.startsWith(folder)))
    return { inside: inside.sort(), calls: bucket.calls() }
  }
  it('sees every object of every wanted folder, in either way', async () => {
    for (const wanted of [
      ['t/d=00/'],
      ['t/d=03/', 't/d=04/', 't/d=40/'],
      Array.from({ length: 50 }, (_, dir) => `t/d=${two(dir)}/`),
      ['t/', 't/d=08/'],
      ['t/d=99/'],
    ]) {
      const expected = keys.filter((key) => wanted.some((folder) => key.startsWith(folder))).sort()
      expect((await list(wanted, true)).inside).toEqual(expected)
      expect((await list(wanted, false)).inside).toEqual(expected)
    }
  })
  it('one page answers for many small folders', async () => {
    const many = Array.from({ length: 6400 }, (_, dir) => `t/d=${String(dir).padStart(4, '0')}/`)
    const bucket = bucketOf(
      many.map((dir) => `${dir}f`),
      0,
    )
    await listFolders(new Lister(bucket.store, undefined), many, () => undefined, true)
    expect(bucket.calls()).toBeLessThan(100)
  })
})
