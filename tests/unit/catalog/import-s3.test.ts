/** What registering a table asks of a store, and what it says when the store refuses. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { inferTable } from '#catalog/import/infer'
import { createStores, type ObjectStores } from '#connectors/storage/registry'
import { formatType } from '#src/types/format'
import { duck } from '#tests/support/duck'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'

let server: S3TestServer
let stores: ObjectStores
let folder: string
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-import-'))
  server = await startS3Server({ buckets: ['lake'], pageSize: 50 })
  stores = createStores({ env: server.env })
})
afterEach(async () => {
  await stores.close()
  await server.close()
  rmSync(folder, { recursive: true })
})

const lists = () => server.log.filter((request) => request.query['list-type'] === '2').length
const gets = () => server.log.filter((request) => request.method === 'GET' && request.key !== '').length

async function parquet(sql: string): Promise<Buffer> {
  await duck(`COPY (${sql}) TO '${folder}/x.parquet' (FORMAT parquet)`)
  return readFileSync(`${folder}/x.parquet`)
}

describe('registering a large table', () => {
  it('takes a few dozen LISTs and ten footers, and sees the values of all first folders and the newest columns', async () => {
    const old = await parquet('SELECT 1::INTEGER AS id')
    const recent = await parquet("SELECT 1::BIGINT AS id, 'x' AS note")
    for (let year = 1990; year < 2025; year++)
      for (let month = 1; month <= 12; month++)
        for (let file = 0; file < 20; file++)
          server.put('lake', `t/year=${year}/month=${month}/part-${file}.parquet`, year < 2024 ? old : recent)
    server.put('lake', 't/year=__HIVE_DEFAULT_PARTITION__/month=0/a.parquet', old)
    const table = await inferTable({ location: 's3://lake/t' }, stores)
    expect(table.location).toBe('s3://lake/t/')
    expect(table.format).toBe('parquet')
    expect(table.partitionKeys.map((key) => `${key.name} ${formatType(key.type)}`)).toEqual(['year integer', 'month integer'])
    expect(table.columns.map((column) => `${column.name} ${formatType(column.type)}`)).toEqual(['id bigint', 'note varchar'])
    expect(lists()).toBeLessThanOrEqual(30)
    expect(gets()).toBeLessThanOrEqual(10)
  })

  it('sees a value that makes the first key text, however late it comes', async () => {
    const file = await parquet('SELECT 1 AS id')
    for (let day = 0; day < 45; day++) for (let part = 0; part < 20; part++) server.put('lake', `t/d=${day}/p${part}.parquet`, file)
    server.put('lake', 't/d=unknown/p.parquet', file)
    const table = await inferTable({ location: 's3://lake/t/' }, stores)
    expect(table.partitionKeys.map((key) => formatType(key.type))).toEqual(['varchar'])
  })
})

describe('a store that refuses', () => {
  const denied = '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>'

  it('is quoted with the call, the place and what to grant', async () => {
    server.put('lake', 't/a.parquet', await parquet('SELECT 1 AS id'))
    server.faults.add({ kind: 'answer', status: 403, body: denied, when: (request) => request.query['list-type'] === '2' })
    await expect(inferTable({ location: 's3://lake/t/' }, stores)).rejects.toMatchObject({
      errorName: 'HIVE_FILESYSTEM_ERROR',
      message: expect.stringMatching(/^Access denied: ListObjectsV2 s3:\/\/lake\/t\//),
      hint: expect.stringContaining('Grant ListObjectsV2 on s3://lake/t/'),
    })
    server.faults.add({ kind: 'answer', status: 403, body: denied })
    await expect(inferTable({ location: 's3://lake/t/' }, stores)).rejects.toMatchObject({
      errorName: 'HIVE_FILESYSTEM_ERROR',
      message: expect.stringMatching(/^Access denied: GetObject s3:\/\/lake\/t\/a\.parquet/),
      hint: expect.stringContaining('Grant GetObject on s3://lake/t/a.parquet'),
    })
  })

  it('a bucket that does not exist', async () => {
    await expect(inferTable({ location: 's3://nowhere/t/' }, stores)).rejects.toMatchObject({
      errorName: 'HIVE_FILE_NOT_FOUND',
      message: expect.stringContaining('ListObjectsV2 s3://nowhere/t/'),
    })
  })

  it('a file that disappears between listing and reading', async () => {
    server.put('lake', 't/a.parquet', await parquet('SELECT 1 AS id'))
    server.faults.add({ kind: 'slow-first-byte', ms: 0, effect: () => server.remove('lake', 't/a.parquet') })
    await expect(inferTable({ location: 's3://lake/t/' }, stores)).rejects.toMatchObject({ errorName: 'HIVE_FILE_NOT_FOUND' })
  })
})
