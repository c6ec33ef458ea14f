import { compareKeys } from '#connectors/storage/key-order'
import { formatLocation, type Location } from '#connectors/storage/location'
import type { ObjectInfo } from '#connectors/storage/object-store'
import type { Value } from '#src/types/value'
import type { Table, TableColumn } from '../model.ts'
import type { DiscoveredFile, Partition, PartitionFilter } from './discovery.ts'
import { invalidKeyValue, parseKeyValue } from './key-types.ts'
import { isHiddenFile, isHiddenFolder, parseKeySegment, placeFolder } from './path.ts'
import { compareTuples } from './tuple-order.ts'
import { invisible } from './visibility.ts'

/** A partition as its files come in. */
interface Found {
  readonly path: string
  readonly values: readonly Value[]
  /** Undefined until the filter was asked. */
  kept: boolean | undefined
}

/**
 * Sorts listed objects into partitions, and asks the filter once about each partition, in batches: files of the others are
 * counted and forgotten, so that memory grows with what is kept.
 */
export class Collector {
  readonly #table: Table
  readonly #location: Location
  readonly #keyNames: readonly string[]
  readonly #filter: PartitionFilter | undefined
  readonly #folders = new Map<string, Found | 'hidden' | 'misplaced'>()
  readonly #partitions = new Map<string, Found>()
  readonly #files: { readonly info: ObjectInfo; readonly partition: Found }[] = []
  /** Folders that hold the file without which a partition is not complete (`visible_when`). */
  readonly #marked = new Set<Found>()
  #fileCount = 0
  #byteCount = 0
  #misplacedCount = 0
  #misplaced: string | undefined

  constructor(table: Table, location: Location, filter: PartitionFilter | undefined) {
    this.#table = table
    this.#location = location
    this.#keyNames = table.partitionKeys.map((key) => key.name)
    this.#filter = filter
  }

  /** Throws HIVE_INVALID_PARTITION_VALUE for a folder whose value does not fit its key's type. */
  async add(objects: readonly ObjectInfo[]): Promise<void> {
    const arrived: { readonly info: ObjectInfo; readonly partition: Found }[] = []
    const unknown = new Set<Found>()
    for (const info of objects) {
      const slash = info.key.lastIndexOf('/') + 1
      const place = this.#place(info.key.slice(this.#location.key.length, slash))
      if (place === 'hidden') continue
      if (place === 'misplaced') {
        if (info.size > 0 && !isHiddenFile(info.key.slice(slash))) this.#addMisplaced(info.key)
        continue
      }
      if (place.kept === undefined) unknown.add(place)
      if (this.#isMarker(info.key, slash, place)) this.#marked.add(place)
      if (info.size > 0 && !isHiddenFile(info.key.slice(slash))) arrived.push({ info, partition: place })
    }
    if (this.#filter !== undefined && unknown.size > 0) {
      const asked = [...unknown]
      const verdicts = await this.#filter.keep(asked.map((partition) => partition.values))
      for (const [index, partition] of asked.entries()) partition.kept = verdicts[index] ?? true
    }
    for (const file of arrived) {
      this.#fileCount++
      this.#byteCount += file.info.size
      if (file.partition.kept !== false) this.#files.push(file)
    }
  }

  /**
   * The typed value of a key folder's name; undefined for a folder that is none of this level's, which is noted for the
   * user unless it is hidden. Throws HIVE_INVALID_PARTITION_VALUE.
   */
  keyValue(level: number, folder: string): Value | undefined {
    const name = folder.slice(folder.lastIndexOf('/', folder.length - 2) + 1, -1)
    if (isHiddenFolder(name)) return undefined
    const segment = parseKeySegment(name)
    const key = this.#table.partitionKeys[level] as TableColumn
    if (segment?.key !== key.name) {
      this.#addMisplaced(folder)
      return undefined
    }
    return this.#value(key, segment.value, folder)
  }

  /** Paths of the partitions seen so far. */
  get paths(): Iterable<string> {
    return this.#partitions.keys()
  }

  /** Of all partitions seen, the one whose values sort last. */
  newest(): { readonly path: string; readonly values: readonly Value[] } | undefined {
    let newest: Found | undefined
    for (const partition of this.#partitions.values())
      if (newest === undefined || compareTuples(partition.values, newest.values, this.#table.partitionKeys) > 0) newest = partition
    return newest
  }

  /** What was kept, in path and key order, with the counts of all that was seen. */
  /** Files seen in partitions that are kept. */
  get fileCount(): number {
    return this.#files.length
  }

  result(): { partitions: Partition[]; files: DiscoveredFile[]; fileCount: number; byteCount: number; hints: string[] } {
    const marker = this.#table.properties.visible_when
    const isVisible = (partition: Found): boolean => marker === undefined || this.#marked.has(partition)
    const seen = [...new Set(this.#files.map((file) => file.partition))]
    const used = seen.filter(isVisible)
    used.sort((a, b) => compareKeys(`${a.path}/`, `${b.path}/`))
    const indexes = new Map(used.map((partition, index) => [partition, index]))
    const visible = used.length === seen.length ? this.#files : this.#files.filter((file) => isVisible(file.partition))
    const files = visible.map(({ info, partition }) => ({ info, partition: indexes.get(partition) as number }))
    files.sort((a, b) => compareKeys(a.info.key, b.info.key))
    const hints = [...(used.length === seen.length ? [] : [invisible(this.#table, seen.length - used.length, marker)]), ...this.#hints()]
    const partitions = used.map(({ path, values }) => ({ path, values }))
    return { partitions, files, fileCount: this.#fileCount, byteCount: this.#byteCount, hints }
  }

  /** Directly in the partition's folder. */
  #isMarker(key: string, slash: number, { path }: Found): boolean {
    const marker = this.#table.properties.visible_when
    if (marker === undefined || key.slice(slash) !== marker) return false
    return key.length - marker.length === this.#location.key.length + (path === '' ? 0 : path.length + 1)
  }

  #place(relative: string): Found | 'hidden' | 'misplaced' {
    const known = this.#folders.get(relative)
    if (known !== undefined) return known
    const place = placeFolder(relative, this.#keyNames)
    const found = place.kind === 'partition' ? this.#partition(place.path, place.values) : place.kind
    this.#folders.set(relative, found)
    return found
  }

  #partition(path: string, texts: readonly (string | null)[]): Found {
    const known = this.#partitions.get(path)
    if (known !== undefined) return known
    const values = this.#table.partitionKeys.map((key, level) => this.#value(key, texts[level] ?? null, `${this.#location.key}${path}/`))
    const found: Found = { path, values, kept: this.#filter === undefined ? true : undefined }
    this.#partitions.set(path, found)
    return found
  }

  #value(key: TableColumn, text: string | null, folder: string): Value {
    if (text === null) return null
    const value = parseKeyValue(key.type, text)
    if (value === undefined) throw invalidKeyValue(this.#table, key, text, formatLocation({ bucket: this.#location.bucket, key: folder }))
    return value
  }

  #addMisplaced(key: string): void {
    this.#misplacedCount++
    if (this.#misplaced === undefined || compareKeys(key, this.#misplaced) < 0) this.#misplaced = key
  }

  #hints(): string[] {
    if (this.#misplaced === undefined) return []
    const example = this.#misplaced.slice(this.#location.key.length)
    const layout = this.#keyNames.map((name) => `${name}=…/`).join('')
    const others = this.#misplacedCount > 1 ? ` and ${(this.#misplacedCount - 1).toLocaleString('en-US')} more` : ''
    return [`Ignored ${example}${others}: not in a folder ${layout}`]
  }
}
