/** What MSCK REPAIR compares: the key folders that are there, and the partitions that are registered. */
import { parseLocation } from '#connectors/storage/location'
import type { ObjectStore } from '#connectors/storage/object-store'
import type { Value } from '#src/types/value'
import type { Table, TableColumn } from '../model.ts'
import { inTurns } from './in-turns.ts'
import { parseKeyValue } from './key-types.ts'
import { listChildren } from './list-folders.ts'
import { Lister } from './lister.ts'
import type { PartitionIndex } from './partition-index.ts'
import { isHiddenFolder, parseKeySegment } from './path.ts'

export interface RepairOptions {
  /** False for the values of the first keys, or of all, when no partition that begins so is wanted. */
  readonly matches?: ((values: readonly Value[]) => boolean) | undefined
  readonly signal?: AbortSignal | undefined
}

export interface Repair {
  /** Names of folders that no registered partition has the values of. */
  readonly missing: readonly string[]
  /** Names of registered partitions in the table's folder whose folders are not there. */
  readonly gone: readonly string[]
}

/**
 * Looks at the folders of each key in turn, those of one level at the same time. Folders that are none of the keys', or whose
 * value does not fit the key's type, are passed over, as Hive does, and so are those that do not match. Throws what listing throws.
 */
export async function repairPartitions(
  table: Table,
  index: PartitionIndex,
  store: ObjectStore,
  { matches = () => true, signal }: RepairOptions = {},
): Promise<Repair> {
  const { key: root } = parseLocation(table.location)
  const lister = new Lister(store, signal)
  let folders: readonly Folder[] = [{ prefix: root, values: [] }]
  for (const key of table.partitionKeys) {
    const prefixes = folders.map(({ prefix }) => prefix)
    const below = await listChildren(lister, prefixes, store.bucket.scheme !== 'file')
    const next: Folder[] = []
    for await (const folder of inTurns(keyFolders(folders, below, key))) if (matches(folder.values)) next.push(folder)
    folders = next
  }
  const there = new Set<string>()
  const missing: string[] = []
  const isRegistered = await index.has()
  for await (const { prefix, values } of inTurns(folders)) {
    const name = prefix.slice(root.length, -1)
    there.add(name)
    if (!isRegistered(values)) missing.push(name)
  }
  const gone: string[] = []
  for await (const { name, location, values } of index.all()) {
    if (location === undefined && matches(values) && !there.has(name)) gone.push(name)
  }
  return { missing, gone }
}

interface Folder {
  readonly prefix: string
  readonly values: readonly Value[]
}

/** Of the folders below those given the ones that are a value of the key. */
function* keyFolders(folders: readonly Folder[], below: ReadonlyMap<string, readonly string[]>, key: TableColumn): Generator<Folder> {
  for (const { prefix: parent, values } of folders) {
    for (const prefix of below.get(parent) ?? []) {
      const name = prefix.slice(parent.length, -1)
      const segment = isHiddenFolder(name) ? undefined : parseKeySegment(name)
      if (segment?.key !== key.name) continue
      const value = segment.value === null ? null : parseKeyValue(key.type, segment.value)
      if (value !== undefined) yield { prefix, values: [...values, value] }
    }
  }
}
