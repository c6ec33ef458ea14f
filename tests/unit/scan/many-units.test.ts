import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ParquetFooter } from '#connectors/formats/parquet/footer'
import { createStores } from '#connectors/storage/registry'
import { BlockCache } from '#src/scan/block-cache'
import { createScanner } from '#src/scan/scanner'
import { BIGINT, DATE, DOUBLE, decimal, INTEGER, type Type, VARCHAR } from '#src/types/type'
import { duck } from '#tests/support/duck'
import { footerOf, scanPlan } from '#tests/support/scan-plans'

const LOCAL = { scheme: 'file', name: '' } as const
const signal = new AbortController().signal
const stores = createStores({ env: {} })
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'weir-many-'))
})
afterAll(async () => {
  await stores.close()
  await rm(folder, { recursive: true })
})

const write = async (name: string, select: string) => {
  const path = join(folder, `${name}.parquet`)
  await duck(`COPY (${select}) TO '${path}' (FORMAT parquet, ROW_GROUP_SIZE 2048)`)
  return { path, info: await stores.storeFor(LOCAL).head(path.slice(1)), footer: footerOf(await readFile(path)) }
}
const prepare = (cache: BlockCache, columns: readonly (readonly [string, Type])[], files: Parameters<typeof scanPlan>[0]['files']) =>
  createScanner({ cache }).prepareScan(scanPlan({ bucket: LOCAL, columns, files }), { stores, signal })

describe('schemas', () => {
  const COLUMNS = [
    ['a', BIGINT],
    ['b', DOUBLE],
  ] as const

  test('files are grouped by what the scanned columns are; widening and missing columns are allowed', async () => {
    const cache = await BlockCache.open({ folder: join(folder, 'groups'), budgetBytes: 1e9 })
    const files = [
      await write('s1', 'SELECT 1::BIGINT AS a, 1.5::DOUBLE AS b'),
      await write('s2', 'SELECT 2::INTEGER AS A, 2.5::FLOAT AS b, 7 AS more'),
      await write('s3', 'SELECT 3::BIGINT AS a'),
      await write('s4', "SELECT 'x' AS other, 4.5::DOUBLE AS b, 4::BIGINT AS a"),
    ]
    const prepared = await prepare(cache, COLUMNS, files)
    expect(prepared.groups.map(({ columns, units }) => ({ columns, files: units.map((unit) => unit.file) }))).toEqual([
      {
        columns: [
          { kind: 'file', name: 'a', type: BIGINT, physical: 'int64' },
          { kind: 'file', name: 'b', type: DOUBLE, physical: 'double' },
        ],
        files: [0, 3],
      },
      {
        columns: [
          { kind: 'file', name: 'A', type: INTEGER, physical: 'int32' },
          { kind: 'file', name: 'b', type: { kind: 'real' }, physical: 'float' },
        ],
        files: [1],
      },
      { columns: [{ kind: 'file', name: 'a', type: BIGINT, physical: 'int64' }, { kind: 'missing' }], files: [2] },
    ])
    const paths = prepared.groups[0]?.units.map(({ path }) => `'${path}'`).join()
    expect(await duck(`SELECT a, b FROM read_parquet([${paths}]) ORDER BY a`)).toEqual([
      ['1', 1.5],
      ['4', 4.5],
    ])
    prepared.release()
    await cache.close()
  })

  test('a type that does not fit names file, column and both types', async () => {
    const cache = await BlockCache.open({ folder: join(folder, 'mismatch'), budgetBytes: 1e9 })
    const file = await write('text', "SELECT 'x' AS a")
    await expect(prepare(cache, COLUMNS, [file])).rejects.toMatchObject({
      errorName: 'HIVE_PARTITION_SCHEMA_MISMATCH',
      message: `Column 'a' of table default.t is declared as bigint, but file://${file.path} has it as varchar`,
    })
    await cache.close()
  })
  test('a column that cannot be read is refused only when it is scanned', async () => {
    const cache = await BlockCache.open({ folder: join(folder, 'interval'), budgetBytes: 1e9 })
    const file = await write('interval', 'SELECT INTERVAL 1 DAY AS i, 1::BIGINT AS a')
    await expect(prepare(cache, [['i', VARCHAR]], [file])).rejects.toMatchObject({
      errorName: 'NOT_SUPPORTED',
      message: `Column 'i' of Parquet file file://${file.path} cannot be read: INTERVAL stored as FIXED_LEN_BYTE_ARRAY`,
    })
    const prepared = await prepare(cache, [['a', BIGINT]], [file])
    prepared.release()
    await cache.close()
  })
})

describe('local files', () => {
  test('a whole file is linked, a pruned one becomes a unit of what is kept', async () => {
    const cache = await BlockCache.open({ folder: join(folder, 'local'), budgetBytes: 1e9 })
    const file = await write('whole', 'SELECT i AS a FROM range(20000) r(i)')
    const whole = await prepare(cache, [['a', BIGINT]], [file])
    const [unit] = whole.groups[0]?.units ?? []
    expect((await stat(unit?.path as string)).ino).toBe((await stat(file.path)).ino)
    whole.release()
    const pruned = await prepare(cache, [['a', BIGINT]], [{ ...file, rowGroups: [3] }])
    const [part] = pruned.groups[0]?.units ?? []
    expect(await duck(`SELECT count(*), min(a), max(a) FROM read_parquet('${part?.path}')`)).toEqual([['2048', '6144', '8191']])
    pruned.release()
    await cache.close()
    expect((await stat(file.path)).nlink).toBe(1)
  })
  test('a linked file that is written to under a query is found by verify', async () => {
    const cache = await BlockCache.open({ folder: join(folder, 'overwritten'), budgetBytes: 1e9 })
    const file = await write('overwritten', 'SELECT 1::BIGINT AS a')
    const prepared = await prepare(cache, [['a', BIGINT]], [file])
    expect(await prepared.verify()).toBe(false)
    await writeFile(file.path, 'something else')
    expect(await prepared.verify()).toBe(true)
    prepared.release()
    await cache.close()
  })
  test('a file that was rewritten since it was listed', async () => {
    const cache = await BlockCache.open({ folder: join(folder, 'rewritten'), budgetBytes: 1e9 })
    const file = await write('rewritten', 'SELECT 1 AS a')
    await writeFile(file.path, await readFile(file.path))
    await expect(prepare(cache, [['a', BIGINT]], [file])).rejects.toMatchObject({ errorName: 'HIVE_CANNOT_OPEN_SPLIT' })
    await cache.close()
  })
})

test('20,000 cached units of 5 schemas are prepared in under a second', async () => {
  const cache = await BlockCache.open({ folder: join(folder, 'scale'), budgetBytes: 1e9 })
  const types: readonly (readonly [string, Type])[] = [
    ['a', BIGINT],
    ['b', DOUBLE],
    ['c', VARCHAR],
    ['d', DATE],
    ['e', decimal(18, 2)],
  ]
  const extras = ['', ', 1 AS x', ', 2 AS y', ', 3 AS z', ', 4 AS w']
  const footers: ParquetFooter[] = []
  for (const [index, extra] of extras.entries()) {
    const a = index % 2 === 0 ? 'i' : 'i::INTEGER'
    const file = await write(
      `scale${index}`,
      `SELECT ${a} AS a, i::DOUBLE AS b, 'x' || i AS c, DATE '2024-01-01' AS d, i::DECIMAL(${12 + index}, 2) AS e${extra} FROM range(100) r(i)`,
    )
    footers.push(file.footer)
  }
  const files = Array.from({ length: 20_000 }, (_, index) => ({
    info: { key: `lake/part=${index}/file.parquet`, size: 4000, version: `v${index}`, modified: 0 },
    footer: footers[index % 5] as ParquetFooter,
  }))
  const plan = scanPlan({ bucket: { scheme: 's3', name: 'lake' }, columns: types, files })
  // The state of a cache that has them all, without 20,000 downloads: what is measured is the way to the units.
  for (const file of plan.files) {
    const object = cache.object(`s3://lake/\0${file.info.key}\0${file.info.version}`)
    const unit = cache.acquire(object, 'all', plan)
    unit.state = 'ready'
    for (const { start, length } of file.parquet?.ranges ?? []) unit.chunks.set(start, { start, length, crcs: [0], trusted: true })
    cache.release(unit)
  }
  const s3 = createStores({ env: { AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' } })
  // The best of three, of the processor: other tests run beside this one.
  const elapsed: number[] = []
  for (let round = 0; round < 3; round++) {
    const start = process.cpuUsage()
    const prepared = await createScanner({ cache }).prepareScan(plan, { stores: s3, signal })
    elapsed.push(process.cpuUsage(start).user / 1000)
    expect(prepared.groups.map(({ units }) => units.length)).toEqual([4000, 4000, 4000, 4000, 4000])
    expect(prepared.bytesFromStore).toBe(0)
    prepared.release()
  }
  await s3.close()
  await cache.close()
  expect(Math.min(...elapsed)).toBeLessThan(3000)
})
