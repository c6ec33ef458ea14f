/** Files of partitions whose folders are known before anything is listed. */
import { compareKeys } from '#connectors/storage/key-order'
import type { ObjectInfo, ObjectStore } from '#connectors/storage/object-store'
import type { Table } from '../model.ts'
import type { DiscoveredFile, Partition } from './discovery.ts'
import { listFolders } from './list-folders.ts'
import { Lister } from './lister.ts'
import { isHiddenFile, isHiddenFolder } from './path.ts'
import { invisible } from './visibility.ts'

export interface Placed extends Partition {
  /** A key that ends with '/'. */
  readonly folder: string
}

export interface ListedPlaces {
  readonly partitions: readonly Partition[]
  readonly files: readonly DiscoveredFile[]
  readonly hints: readonly string[]
  readonly calls: number
}

/** Files of partitions by their folders. A folder that several partitions share gives its files to each. */
export async function listPlaced(
  placed: readonly Placed[],
  table: Table,
  store: ObjectStore,
  signal: AbortSignal | undefined,
): Promise<ListedPlaces> {
  if (placed.length === 0) return { partitions: [], files: [], hints: [], calls: 0 }
  const byFolder = new Map<string, Placed[]>()
  for (const partition of placed) {
    const same = byFolder.get(partition.folder)
    if (same === undefined) byFolder.set(partition.folder, [partition])
    else same.push(partition)
  }
  const found = new Map<Placed, ObjectInfo[]>()
  const marked = new Set<Placed>()
  // Pages begin at one folder and reach into those that other calls begin at.
  const seen = new Set<string>()
  const marker = table.properties.visible_when
  const lister = new Lister(store, signal)
  await listFolders(
    lister,
    [...byFolder.keys()],
    (objects) => {
      for (const info of objects) {
        if (seen.has(info.key)) continue
        seen.add(info.key)
        for (let slash = info.key.lastIndexOf('/'); slash >= 0; slash = info.key.lastIndexOf('/', slash - 1)) {
          const partitions = byFolder.get(info.key.slice(0, slash + 1))
          if (partitions === undefined) {
            if (slash === 0) break
            continue
          }
          const below = info.key.slice(slash + 1)
          const folders = below.split('/')
          const name = folders.pop() as string
          if (name === marker && folders.length === 0) for (const partition of partitions) marked.add(partition)
          if (info.size === 0 || isHiddenFile(name) || folders.some(isHiddenFolder)) continue
          for (const partition of partitions) {
            const files = found.get(partition)
            if (files === undefined) found.set(partition, [info])
            else files.push(info)
          }
        }
      }
    },
    store.bucket.scheme !== 'file',
  )
  const visible = [...found].filter(([partition]) => marker === undefined || marked.has(partition))
  visible.sort(([a], [b]) => compareKeys(`${a.path}/`, `${b.path}/`))
  const files = visible.flatMap(([, infos], partition) => infos.map((info) => ({ info, partition })))
  files.sort((a, b) => compareKeys(a.info.key, b.info.key))
  const hidden = found.size - visible.length
  return {
    partitions: visible.map(([{ path, values }]) => ({ path, values })),
    files,
    hints: hidden === 0 ? [] : [invisible(table, hidden, marker)],
    calls: lister.calls,
  }
}

/** Folders listed first when only some files are wanted; each further round lists four times as many. */
const FIRST_FOLDERS = 16

/** The files of the first of `count` partitions, until there are `mostFiles`; `listed` says how many were looked at. */
export async function listFirst(
  count: number,
  place: (index: number) => Placed,
  mostFiles: number,
  table: Table,
  store: ObjectStore,
  signal: AbortSignal | undefined,
): Promise<ListedPlaces & { readonly listed: number }> {
  const partitions: Partition[] = []
  const files: DiscoveredFile[] = []
  const hints: string[] = []
  let calls = 0
  let listed = 0
  for (let size = FIRST_FOLDERS; listed < count && files.length < mostFiles; size *= 4) {
    const end = Math.min(count, listed + size)
    const placed = Array.from({ length: end - listed }, (_, index) => place(listed + index))
    const found = await listPlaced(placed, table, store, signal)
    files.push(...found.files.map(({ info, partition }) => ({ info, partition: partition + partitions.length })))
    partitions.push(...found.partitions)
    hints.push(...found.hints)
    calls += found.calls
    listed = end
  }
  files.sort((a, b) => compareKeys(a.info.key, b.info.key))
  return { partitions, files, hints, calls, listed }
}
