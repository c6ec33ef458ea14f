import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Table } from '#catalog/model'
import { discover } from '#catalog/partitions/discover'
import type { PartitionFilter } from '#catalog/partitions/discovery'
import { createStores, type ObjectStores } from '#connectors/storage/registry'
import { DATE, INTEGER, type Type, VARCHAR } from '#src/types/type'
import type { Value } from '#src/types/value'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'

const BUCKET = { scheme: 's3', name: 'lake' } as const

let server: S3TestServer
let stores: ObjectStores
let folder = 0
beforeAll(async () => {
  server = await startS3Server({ buckets: ['lake'] })
  stores = createStores({ env: server.env })
})
afterAll(async () => {
  await stores.close()
  await server.close()
})
/** Each test has a folder of its own. */
let prefix: string
beforeEach(() => {
  prefix = `t${folder++}/`
  server.log.length = 0
})

function table(keys: Readonly<Record<string, Type>>, location = `s3://lake/${prefix}`): Table {
  return {
    schema: 'default',
    name: 'trips',
    format: 'parquet',
    location,
    columns: [],
    partitionKeys: Object.entries(keys).map(([name, type]) => ({ name, type })),
    properties: {},
    version: 1,
  }
}

const YMD = { year: INTEGER, month: INTEGER, day: INTEGER }

/** Keeps tuples that agree with the wanted values (undefined: any) as far as both go. */
function wanted(...values: readonly (Value | undefined)[]): PartitionFilter & { asked: number } {
  const filter = {
    asked: 0,
    constrained: values.map((value) => value !== undefined),
    keep: async (tuples: readonly (readonly Value[])[]) => {
      filter.asked += tuples.length
      return tuples.map((tuple) => tuple.every((value, index) => values[index] === undefined || values[index] === value))
    },
  }
  return filter
}

function fill(keys: Iterable<string>): void {
  for (const key of keys) server.put('lake', prefix + key, 'x')
}

function* days(years: readonly number[], daysOfMonth: number, files: number): Iterable<string> {
  for (const year of years)
    for (let month = 1; month <= 12; month++)
      for (let day = 1; day <= daysOfMonth; day++)
        for (let file = 0; file < files; file++) yield `year=${year}/month=${pad(month)}/day=${pad(day)}/part-${file}.parquet`
}
const pad = (value: number) => String(value).padStart(2, '0')

const lists = () => server.log.filter((request) => request.query['list-type'] === '2').length
const run = (of: Table, filter?: PartitionFilter) => discover(of, stores.storeFor(BUCKET), filter)

describe('discovery: what is found', () => {
  it('reads keys, values and files of a small table with one call', async () => {
    fill([
      'year=2024/month=03/a.parquet',
      'year=2024/month=03/b.parquet',
      'year=2023/month=12/c.parquet',
      'year=__HIVE_DEFAULT_PARTITION__/month=1/d.parquet',
    ])
    const found = await run(table({ year: INTEGER, month: INTEGER }))
    expect(found.partitions).toEqual([
      { path: 'year=2023/month=12', values: [2023n, 12n] },
      { path: 'year=2024/month=03', values: [2024n, 3n] },
      { path: 'year=__HIVE_DEFAULT_PARTITION__/month=1', values: [null, 1n] },
    ])
    expect(found.files.map((file) => [file.info.key.slice(prefix.length), file.partition])).toEqual([
      ['year=2023/month=12/c.parquet', 0],
      ['year=2024/month=03/a.parquet', 1],
      ['year=2024/month=03/b.parquet', 1],
      ['year=__HIVE_DEFAULT_PARTITION__/month=1/d.parquet', 2],
    ])
    expect(found).toMatchObject({ partitionsTotal: 3, filesTotal: 4, bytesTotal: 4, prefixesSkipped: 0, hints: [] })
    expect(found.method).toBe(`listed s3://lake/${prefix} flat: 1 LIST call`)
    expect(lists()).toBe(1)
  })

  it('counts what the filter excludes of a listing that it saw whole', async () => {
    fill(days([2023, 2024], 28, 1))
    const found = await run(table(YMD), wanted(2024n, 3n, 15n))
    expect(found.partitions).toEqual([{ path: 'year=2024/month=03/day=15', values: [2024n, 3n, 15n] }])
    expect(found).toMatchObject({ partitionsTotal: 672, filesTotal: 672, bytesTotal: 672, prefixesSkipped: 0 })
    expect(lists()).toBe(1)
  })

  it('leaves out hidden files and folders, empty objects and folder markers', async () => {
    fill([
      'dt=2024-01-01/a.parquet',
      'dt=2024-01-01/_SUCCESS',
      'dt=2024-01-01/.a.crc',
      'dt=2024-01-01/_temporary/0/b.parquet',
      '_delta_log/0.json',
      '.hidden/dt=1/c',
    ])
    server.put('lake', `${prefix}dt=2024-01-01/`, '')
    server.put('lake', `${prefix}dt=2024-01-02/empty.parquet`, '')
    server.put('lake', `${prefix}dt=2024-01-03_$folder$`, '')
    const found = await run(table({ dt: DATE }))
    expect(found.files.map((file) => file.info.key)).toEqual([`${prefix}dt=2024-01-01/a.parquet`])
    expect(found.partitions).toEqual([{ path: 'dt=2024-01-01', values: [19723n] }])
    expect(found.hints).toEqual([])
  })

  it('reports files beside the key folders and leaves them out', async () => {
    fill(['year=2024/month=1/a.parquet', 'year=2024/b.parquet', 'README.md', 'other=1/month=1/c.parquet'])
    const found = await run(table({ year: INTEGER, month: INTEGER }))
    expect(found.files).toHaveLength(1)
    expect(found.hints).toEqual(['Ignored README.md and 2 more: not in a folder year=…/month=…/'])
  })

  it('reads folders below a partition as part of it', async () => {
    fill(['year=2024/hour=1/a.parquet', 'year=2024/b.parquet'])
    const found = await run(table({ year: INTEGER }))
    expect(found.files).toHaveLength(2)
    expect(found.partitions).toHaveLength(1)
  })

  it('reads an unpartitioned folder with its subfolders, and a single file', async () => {
    fill(['a.parquet', 'sub/deep/b.parquet', '_x/c.parquet'])
    const found = await run(table({}))
    expect(found.files.map((file) => file.info.key.slice(prefix.length))).toEqual(['a.parquet', 'sub/deep/b.parquet'])
    expect(found).toMatchObject({ partitions: [{ path: '', values: [] }], partitionsTotal: 1, filesTotal: 2 })
    const one = await run(table({}, `s3://lake/${prefix}a.parquet`))
    expect(one.files.map((file) => file.info.key)).toEqual([`${prefix}a.parquet`])
    await expect(run(table({}, `s3://lake/${prefix}none.parquet`))).rejects.toMatchObject({ errorName: 'HIVE_FILE_NOT_FOUND' })
  })

  it('matches key names without regard to case and decodes values as Hive and Arrow write them', async () => {
    fill(['City=S%C3%A3o%20Paulo/a', 'city=a%2Fb%3Dc/b', 'CITY=100%/c', 'city=%E9/d', 'city=x=y/e', 'city=/f'])
    const found = await run(table({ city: VARCHAR }))
    expect(new Set(found.partitions.map((partition) => partition.values[0]))).toEqual(
      new Set(['São Paulo', 'a/b=c', '100%', 'é', 'x=y', '']),
    )
  })

  it('names the folder and the ALTER for a value that does not fit', async () => {
    fill(['year=2024/month=1/a', 'year=n-a/month=1/a'])
    await expect(run(table({ year: INTEGER, month: INTEGER }))).rejects.toMatchObject({
      errorName: 'HIVE_INVALID_PARTITION_VALUE',
      message:
        `Invalid partition value 'n-a' for integer partition key: year in s3://lake/${prefix}year=n-a/month=1/; ` +
        'to read it: ALTER TABLE lake.default.trips ALTER COLUMN year SET DATA TYPE varchar',
    })
  })

  it('says which call was refused', async () => {
    const body = '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>'
    server.faults.add({ kind: 'answer', status: 403, body, when: (request) => request.query['list-type'] === '2' })
    await expect(run(table({ year: INTEGER }))).rejects.toMatchObject({
      errorName: 'HIVE_FILESYSTEM_ERROR',
      message: expect.stringMatching(/^Access denied: ListObjectsV2 s3:\/\/lake\/t\d+\//),
      hint: expect.stringContaining('Grant ListObjectsV2 on s3://lake/'),
    })
  })
})

describe('discovery: LIST calls', () => {
  const thousand = [2022, 2023, 2024] as const

  it.each([1, 2, 3, 4])('1,008 partitions in 3 levels of %i files each: one day by all three keys, or by the last only', async (files) => {
    fill(days(thousand, 28, files))
    for (const filter of [wanted(2024n, 3n, 15n), wanted(2022n, 1n, 1n), wanted(2023n, 12n, 28n)]) {
      server.log.length = 0
      const found = await run(table(YMD), filter)
      expect(found.files).toHaveLength(files)
      expect(lists()).toBeLessThanOrEqual(5)
    }
    server.log.length = 0
    const found = await run(table(YMD), wanted(undefined, undefined, 15n))
    expect(found.files).toHaveLength(36 * files)
    expect(lists()).toBeLessThanOrEqual(5)
  })

  it.each([10, 30, 100])('1,008 partitions of %i files each: one day by all three keys', async (files) => {
    fill(days(thousand, 28, files))
    for (const filter of [wanted(2024n, 3n, 15n), wanted(2022n, 1n, 1n), wanted(2022n, 12n, 28n)]) {
      server.log.length = 0
      const found = await run(table(YMD), filter)
      expect(found.files).toHaveLength(files)
      expect(found.filesTotal).toBeUndefined()
      expect(found.prefixesSkipped).toBeGreaterThan(0)
      expect(lists()).toBeLessThanOrEqual(5)
    }
  })

  it('neighbouring days share pages', async () => {
    fill(days(thousand, 28, 9))
    const found = await run(table(YMD), wanted(2023n))
    expect(found.files).toHaveLength(3024)
    // One flat page that was cut off, the years, and 3,024 keys.
    expect(lists()).toBeLessThanOrEqual(6)
    server.log.length = 0
    const month = await run(table(YMD), {
      ...wanted(2023n),
      constrained: [true, true, false],
      keep: async (tuples) =>
        tuples.map((tuple) => tuple[0] === 2023n && (tuple[1] === undefined || [2n, 3n].includes(tuple[1] as bigint))),
    })
    expect(month.files).toHaveLength(504)
    expect(lists()).toBeLessThanOrEqual(5)
  })

  it('one key level with 1,000 folders: a day, and the number of all', async () => {
    const dates = Array.from({ length: 1000 }, (_, index) => new Date(Date.UTC(2022, 0, 1 + index)).toISOString().slice(0, 10))
    fill(dates.flatMap((date) => Array.from({ length: 10 }, (_, file) => `dt=${date}/part-${file}`)))
    const found = await run(table({ dt: DATE }), wanted(19723n))
    expect(found.partitions).toEqual([{ path: 'dt=2024-01-01', values: [19723n] }])
    expect(found).toMatchObject({ partitionsTotal: 1000, filesTotal: undefined, bytesTotal: undefined })
    expect(lists()).toBeLessThanOrEqual(4)
    expect(found.method).toBe(`walked the folders of dt below s3://lake/${prefix}, then listed those that match: ${lists()} LIST calls`)
  })

  it('no filter, or one that says nothing, lists flat', async () => {
    fill(days([2024], 28, 9))
    const all = await run(table(YMD))
    expect(all.files).toHaveLength(3024)
    expect(lists()).toBe(4)
    const nothing = wanted(undefined, undefined, undefined)
    expect(await run(table(YMD), nothing)).toEqual(all)
    expect(nothing.asked).toBe(0)
  })
})

describe('discovery of a tree with as many pages as a million objects have', () => {
  // 50 keys a page instead of 1,000 and 50,400 objects: 1,008 pages.
  let small: S3TestServer
  let smallStores: ObjectStores
  beforeAll(async () => {
    small = await startS3Server({ buckets: ['lake'], pageSize: 50 })
    smallStores = createStores({ env: small.env })
    for (const key of days([2022, 2023, 2024], 28, 50)) small.put('lake', `big/${key}`, 'x')
  })
  afterAll(async () => {
    await smallStores.close()
    await small.close()
  })
  const big = () => table(YMD, 's3://lake/big/')
  const runBig = (filter?: PartitionFilter) => {
    small.log.length = 0
    return discover(big(), smallStores.storeFor(BUCKET), filter)
  }

  it.each([
    ['in the middle', 2023n, 6n, 15n],
    ['the first', 2022n, 1n, 1n],
    ['the last', 2024n, 12n, 28n],
    ['that does not exist', 2025n, 1n, 1n],
  ])('one value of each key, %s: at most 10 LISTs', async (_, year, month, day) => {
    const found = await runBig(wanted(year, month, day))
    expect(found.files).toHaveLength(year === 2025n ? 0 : 50)
    expect(small.log.length).toBeLessThanOrEqual(10)
    expect(found.partitionsTotal).toBeUndefined()
  })

  it('the last key only: folders are walked, not a thousand pages listed', async () => {
    const found = await runBig(wanted(undefined, undefined, 15n))
    expect(found.files).toHaveLength(36 * 50)
    expect(found.partitionsTotal).toBe(1008)
    // 1 page, the years, 3 times the months, 36 times the days, 36 days (of one page each, which may be cut off at its end).
    expect(small.log.length).toBeLessThanOrEqual(1 + 1 + 3 + 36 + 36 * 2)
  })

  it('everything: ranges are listed at the same time, and nothing twice', async () => {
    small.faults.latencyMs = 5
    const found = await runBig()
    small.faults.latencyMs = 0
    expect(found.files).toHaveLength(50_400)
    expect(new Set(found.files.map((file) => file.info.key)).size).toBe(50_400)
    expect(found).toMatchObject({ partitionsTotal: 1008, filesTotal: 50_400 })
    expect(small.log.length).toBeLessThan(1250)
    // One after the other, each call would come at least the 5 ms of the answer before it later than that one.
    const together = small.log.filter(({ time }, at) => at > 0 && time - (small.log[at - 1]?.time as number) < 4)
    expect(together.length).toBeGreaterThan(small.log.length / 2)
  })

  it('stops when the query is canceled', async () => {
    const controller = new AbortController()
    small.log.length = 0
    const running = discover(big(), smallStores.storeFor(BUCKET), undefined, controller.signal)
    setTimeout(() => controller.abort(), 30)
    await expect(running).rejects.toMatchObject({ errorName: 'USER_CANCELED' })
    // What was under way may still arrive; nothing new is sent.
    for (let sent = -1; sent !== small.log.length; ) {
      sent = small.log.length
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    expect(small.log.length).toBeLessThan(500)
  })

  it('a refused call ends the others', async () => {
    const body = '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>'
    let calls = 0
    small.faults.add({ kind: 'answer', status: 403, body, when: () => ++calls > 60 })
    await expect(runBig()).rejects.toMatchObject({
      errorName: 'HIVE_FILESYSTEM_ERROR',
      message: expect.stringContaining('ListObjectsV2 s3://lake/big/'),
    })
    small.faults.clear()
  })
})
