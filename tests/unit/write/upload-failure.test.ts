/** Uploads that fail: nothing is left in the store, and what was made is not taken for written. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openSqliteStore } from '#catalog/store/sqlite'
import type { CatalogStore } from '#catalog/store/store'
import { isVisible } from '#catalog/writes/visible-store'
import { FileStore } from '#connectors/storage/file-store'
import type { ObjectStore } from '#connectors/storage/object-store'
import type { CopyRequest } from '#src/kernel/table-files'
import { Liveness } from '#src/write/liveness'
import { Sweeper } from '#src/write/sweeper'
import { targetOf } from '#src/write/target'
import { writeRows } from '#src/write/write-rows'
import { OpenWrite } from '#src/write/write-transaction'

let folder: string
let catalog: CatalogStore
let files: ObjectStore
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-upload-'))
  catalog = await openSqliteStore(join(folder, 'catalog.db'))
  files = new FileStore({ checkRealPath: async () => {} })
})
afterEach(async () => {
  await catalog.close()
  rmSync(folder, { recursive: true, force: true })
})

/** A store that fails at the given call of `put`. */
function failing(at: number): ObjectStore {
  let puts = 0
  const store: ObjectStore = {
    bucket: files.bucket,
    list: (request) => files.list(request),
    head: (key) => files.head(key),
    get: (request) => files.get(request),
    stream: (request) => files.stream(request),
    upload: (key) => files.upload(key),
    delete: (keys) => files.delete(keys),
    put: async (key, bytes) => {
      if (++puts === at) throw new Error('the disk is on fire')
      return files.put(key, bytes)
    },
    close: () => files.close(),
  }
  return store
}

/** Two files a piece, as a kernel of 100 partitions makes them. */
const kernel = {
  partitionRows: async () => Array.from({ length: 100 }, (_, index) => ({ values: [String(index)], rows: 1 })),
  copyFiles: async ({ folder: staged, partitions }: CopyRequest) => {
    for (const part of [partitions?.first ?? 0, partitions?.last ?? 0]) {
      await mkdir(join(staged, `part=${part}`), { recursive: true })
      await writeFile(join(staged, `part=${part}`, 'data_0.parquet'), `rows of ${part}`)
    }
    return 2
  },
}

async function write(store: ObjectStore): Promise<{ readonly open: OpenWrite; readonly failure: unknown }> {
  const liveness = new Liveness(catalog.writes, Date.now)
  const open = await OpenWrite.begin('insert', { writes: catalog.writes, liveness, now: Date.now, storeFor: () => files })
  const stored = join(folder, 'stored.parquet')
  writeFileSync(stored, 'x')
  writeFileSync(join(folder, 'sorted.parquet'), 'x')
  const target = targetOf(`file://${folder}/table/`, ['k'])
  const failure = await writeRows(
    {
      stored: { files: [stored], rows: [100], columns: [] },
      files: { encoding: { kind: 'parquet', codec: 'zstd', rowGroupRows: 1 }, extension: 'parquet', fileBytes: 1000, order: [] },
      target: async () => target,
      keys: ['k'],
      folder,
    },
    open,
    { kernel, storeFor: () => store },
    new AbortController().signal,
  ).then(
    () => undefined,
    (error: unknown) => error,
  )
  return { open, failure }
}

const tableFiles = async () =>
  (await readdir(join(folder, 'table'), { recursive: true }).catch(() => [])).filter((name) => name.includes('.'))

describe('an upload that fails', () => {
  for (const at of [1, 2, 3, 4]) {
    it(`at file ${at} of 4 leaves nothing behind the roll-back`, async () => {
      const { open, failure } = await write(failing(at))
      expect(failure).toEqual(new Error('the disk is on fire'))
      await open.rollBack()
      expect(await tableFiles()).toEqual([])
      expect(await catalog.writes.aborted()).toEqual([])
    })
  }

  it('is hidden and swept when the process dies before its roll-back', async () => {
    const { open } = await write(failing(4))
    const left = await tableFiles()
    expect(left.length).toBeGreaterThan(0)
    const snapshot = await catalog.writes.snapshot()
    expect(left.some((name) => isVisible('file://', { key: name, version: '' }, snapshot))).toBe(false)
    const sweeper = new Sweeper({
      writes: catalog.writes,
      storeFor: () => files,
      // A minute later.
      now: () => Date.now() + 60_000,
      graceMs: 1000,
      oldestReader: () => undefined,
    })
    expect(await sweeper.sweep()).toEqual({ abandoned: 1, deleted: 4 })
    expect(await tableFiles()).toEqual([])
    await open.rollBack()
  })

  it('that does not fail is all there, with a name a file', async () => {
    const { open, failure } = await write(files)
    expect(failure).toBeUndefined()
    expect((await tableFiles()).sort()).toEqual(
      ['0', '63', '64', '99'].map((k, index) => `k=${k}/weir-${open.transaction.id}-${index + 1}.parquet`).sort(),
    )
    await open.rollBack()
    expect(await tableFiles()).toEqual([])
  })
})
