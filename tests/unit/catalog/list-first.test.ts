/** A LIMIT needs the first files only: folders are listed in rounds until there are enough. */
import { describe, expect, it } from 'vitest'
import { listFirst } from '#catalog/partitions/list-placed'
import type { ListRequest, ObjectStore } from '#connectors/storage/object-store'
import { fakeTable } from '#tests/support/fake-lake'

const FOLDERS = 1000
const folder = (index: number): string => `t/n=${String(index).padStart(4, '0')}/`

/** Folders from `from` on hold one file each. */
function storeFrom(from: number) {
  const listed: string[] = []
  const list = async ({ prefix, startAfter = '' }: ListRequest) => {
    listed.push(prefix)
    const keys = Array.from({ length: FOLDERS - from }, (_, index) => `${folder(from + index)}part.parquet`)
    const objects = keys
      .filter((key) => key.startsWith(prefix) && key > startAfter)
      .map((key) => ({ key, size: 10, version: '1', modified: 0 }))
    const page = objects.slice(0, 10)
    return { objects: page, prefixes: [], ...(objects.length > 10 && { continuation: 'more' }) }
  }
  return { listed, store: { bucket: { scheme: 's3', name: 'lake' }, list } as unknown as ObjectStore }
}

const first = (from: number, mostFiles: number) => {
  const { listed, store } = storeFrom(from)
  const place = (index: number) => ({ path: `n=${index}`, values: [index], folder: folder(index) })
  return listFirst(FOLDERS, place, mostFiles, fakeTable([]), store, undefined).then((found) => ({ ...found, requests: listed.length }))
}

describe('the first files of placed partitions', () => {
  it('come from the first folders when these have enough', async () => {
    const { files, listed, requests } = await first(0, 5)
    expect(listed).toBe(16)
    expect(files.map(({ info }) => info.key)).toEqual(Array.from({ length: 16 }, (_, index) => `${folder(index)}part.parquet`))
    expect(requests).toBeLessThanOrEqual(16)
  })

  it('are looked for in further folders, each under its own partition', async () => {
    const { files, partitions, listed } = await first(30, 5)
    expect(listed).toBe(16 + 64)
    expect(files).toHaveLength(50)
    for (const { info, partition } of files) expect(info.key).toBe(`${folder(partitions[partition]?.values[0] as number)}part.parquet`)
  })

  it('are all files when there are fewer than wanted', async () => {
    const { files, listed } = await first(995, 100)
    expect([files.length, listed]).toEqual([5, FOLDERS])
  })
})
