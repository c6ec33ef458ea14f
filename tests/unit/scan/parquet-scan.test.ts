import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { ParquetFooter } from '#connectors/formats/parquet/footer'
import { coalesce } from '#connectors/formats/parquet/ranges'
import type { ObjectInfo } from '#connectors/storage/object-store'
import { createStores, newRequestCounter, type ObjectStores } from '#connectors/storage/registry'
import { BlockCache } from '#src/scan/block-cache'
import { createScanner } from '#src/scan/scanner'
import { BIGINT, INTEGER, VARCHAR } from '#src/types/type'
import { duck } from '#tests/support/duck'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'
import { footerOf, scanPlan } from '#tests/support/scan-plans'

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

async function prepare(cache: BlockCache, scanned: readonly string[], rowGroups?: readonly number[]) {
  const counter = newRequestCounter()
  const signal = new AbortController().signal
  const view = stores.view({ counter, signal })
  const plan = scanPlan({ bucket: BUCKET, columns: COLUMNS, scanned, files: [{ info, footer, ...(rowGroups && { rowGroups }) }] })
  server.log.length = 0
  const prepared = await createScanner({ cache }).prepareScan(plan, { stores: view, signal })
  const paths = prepared.groups.flatMap((group) => group.units.map((unit) => unit.path))
  return { prepared, plan, paths, counter, list: `[${paths.map((path) => `'${path}'`).join()}]` }
}

describe('cold scan', () => {
  test('reads exactly the coalesced ranges of the kept row groups and needed columns', async () => {
    const cache = await openCache('ranges')
    const { prepared, plan, list } = await prepare(cache, ['a', 'b'], [2, 5, 6])
    const wanted = coalesce(plan.files[0]?.parquet?.ranges ?? []).map(({ start, length }) => `bytes=${start}-${start + length - 1}`)
    expect(server.log.map((request) => request.range).sort()).toEqual(wanted.sort())
    expect(await duck(`SELECT count(*), sum(a), sum(b) FROM read_parquet(${list})`)).toEqual(
      await duck(`SELECT count(*), sum(a), sum(b) FROM '${folder}/source.parquet' WHERE a // 20480 IN (2, 5, 6)`),
    )
    prepared.release()
    await cache.close()
  })
})
