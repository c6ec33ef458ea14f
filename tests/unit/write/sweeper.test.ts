/** What the sweeper deletes, and what it leaves. */
import { mkdtempSync, rmSync } from 'node:fs'
import { readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { openSqliteStore } from '#catalog/store/sqlite'
import type { CatalogStore } from '#catalog/store/store'
import type { FileVersion } from '#catalog/store/write-store'
import { writtenFileName } from '#catalog/writes/file-name'
import { FileStore } from '#connectors/storage/file-store'
import { Sweeper } from '#src/write/sweeper'

const NOW = 1_700_000_000_000
const GRACE = 1000

let folder: string
let catalog: CatalogStore
const files = new FileStore({ checkRealPath: async () => {} })
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-sweep-'))
  catalog = await openSqliteStore(join(folder, 'catalog', 'catalog.db'))
})
afterEach(async () => {
  await catalog.close()
  rmSync(folder, { recursive: true, force: true })
})

const sweep = (now: number, oldestReader?: number) =>
  new Sweeper({ writes: catalog.writes, storeFor: () => files, now: () => now, graceMs: GRACE, oldestReader: () => oldestReader }).sweep()
const left = async () => (await readdir(folder)).filter((name) => name.endsWith('.parquet')).sort()
const keyOf = (name: string) => join(folder, name).slice(1)

/** Commits files that are there, in the place of others. */
async function commit(names: (id: string) => readonly string[], replaced: readonly FileVersion[] = []): Promise<readonly FileVersion[]> {
  const transaction = await catalog.writes.begin('insert', 'me', NOW)
  const written: FileVersion[] = []
  for (const name of names(transaction.id)) {
    await catalog.writes.recordFiles(transaction, [{ bucket: 'file://', key: keyOf(name) }])
    const { version } = await files.put(keyOf(name), Buffer.from(name))
    written.push({ bucket: 'file://', key: keyOf(name), version })
  }
  await catalog.writes.recordVersions(transaction, written)
  await catalog.writes.stage(transaction, { folders: [], replaced })
  await catalog.writes.commit(transaction, { exclusive: false }, NOW)
  return written
}

const two = (id: string) => [1, 2].map((number) => writtenFileName(id, number, 'parquet'))

it('deletes what was replaced when the grace is over and no query remains that began before', async () => {
  const old = await commit(two)
  await commit(() => [], old)
  const names = await left()
  expect(await sweep(NOW + GRACE)).toEqual({ abandoned: 0, deleted: 0 })
  expect(await sweep(NOW + GRACE + 1, NOW)).toEqual({ abandoned: 0, deleted: 0 })
  expect(await left()).toEqual(names)
  expect(await sweep(NOW + GRACE + 1, NOW + 1)).toEqual({ abandoned: 0, deleted: 2 })
  expect(await left()).toEqual([])
})

it('leaves files of others, and what others have written over its own', async () => {
  await writeFile(join(folder, 'part-0.parquet'), 'theirs')
  const theirs = { bucket: 'file://', key: keyOf('part-0.parquet'), version: (await files.head(keyOf('part-0.parquet'))).version }
  const own = await commit(two)
  await commit(() => [], [...own, theirs])
  const [first, second] = own as [FileVersion, FileVersion]
  await writeFile(`/${first.key}`, 'written over by somebody else')
  expect(await sweep(NOW + GRACE + 1)).toEqual({ abandoned: 0, deleted: 1 })
  expect(await left()).toEqual([first.key.slice(first.key.lastIndexOf('/') + 1), 'part-0.parquet'].sort())
  expect(second.key).not.toBe(first.key)
  expect(await sweep(NOW + GRACE + 2)).toEqual({ abandoned: 0, deleted: 0 })
})

it('goes on behind files that are gone already', async () => {
  const old = await commit(two)
  await commit(() => [], old)
  await files.delete([old[0]?.key ?? ''])
  expect(await sweep(NOW + GRACE + 1)).toEqual({ abandoned: 0, deleted: 1 })
  expect(await left()).toEqual([])
  expect(await catalog.writes.replacedBefore(NOW + 10 * GRACE, 10)).toEqual([])
})
