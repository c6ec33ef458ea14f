/**
 * Finds a table's files by listing, with as few calls as the predicate allows (DESIGN.md, section 4).
 *
 *   1. The first flat page. Not cut off: it is the whole answer, one call.
 *   2. Otherwise, level by level: look at the folders of the next key (delimited calls), ask the filter which of them can
 *      match, and go down into those only …
 *   3. … until listing what is left flat is estimated to need no more calls (plan-listing.ts), or the filter says nothing more.
 *
 * What the first pages have shown is not listed again. Nothing is remembered between queries: a table is as fresh as its store.
 */
import { compareKeys } from '#connectors/storage/key-order'
import { formatLocation, type Location, parseLocation } from '#connectors/storage/location'
import type { ObjectInfo, ObjectStore } from '#connectors/storage/object-store'
import { listingError } from '../listing-error.ts'
import type { Table } from '../model.ts'
import { Collector } from './collector.ts'
import { Density } from './density.ts'
import type { Discovery, PartitionFilter } from './discovery.ts'
import { Lister, SPLIT_AFTER_PAGES } from './lister.ts'
import { chooseListing, type Folder, flatRuns, type ListingState } from './plan-listing.ts'
import { compareTuples } from './tuple-order.ts'

/**
 * Lists a table. `store` is the store of the location's bucket; `filter` prunes partitions (absent: all are kept). With
 * `mostFiles` and no filter that says anything it may stop at the page that has so many of them.
 * Throws QueryError: HIVE_INVALID_PARTITION_VALUE, HIVE_FILE_NOT_FOUND for a table that is one file, HIVE_FILESYSTEM_ERROR,
 * USER_CANCELED.
 */
export async function discover(
  table: Table,
  store: ObjectStore,
  filter?: PartitionFilter,
  signal?: AbortSignal,
  mostFiles?: number,
): Promise<Discovery> {
  const location = parseLocation(table.location)
  if (location.key !== '' && !location.key.endsWith('/')) return oneFile(store, location, signal)
  return new TableListing(table, location, store, table.partitionKeys.length > 0 ? filter : undefined, signal, mostFiles).run()
}

async function oneFile(store: ObjectStore, location: Location, signal: AbortSignal | undefined): Promise<Discovery> {
  try {
    const info = await store.head(location.key, signal)
    return {
      partitions: [{ path: '', values: [] }],
      files: info.size > 0 ? [{ info, partition: 0 }] : [],
      partitionsTotal: 1,
      filesTotal: info.size > 0 ? 1 : 0,
      bytesTotal: info.size,
      prefixesSkipped: 0,
      method: 'one file',
      hints: [],
    }
  } catch (error) {
    throw listingError(error)
  }
}

class TableListing {
  readonly #table: Table
  readonly #location: Location
  readonly #keys: readonly string[]
  readonly #filter: PartitionFilter | undefined
  readonly #lister: Lister
  readonly #collector: Collector
  readonly #density: Density
  readonly #walked: string[] = []
  readonly #mostFiles: number
  #isPartial = false
  #pages = 0
  #pageSize = 1
  #seenUpTo = ''

  constructor(
    table: Table,
    location: Location,
    store: ObjectStore,
    filter: PartitionFilter | undefined,
    signal: AbortSignal | undefined,
    mostFiles: number | undefined,
  ) {
    this.#table = table
    this.#location = location
    this.#keys = table.partitionKeys.map((key) => key.name)
    // A filter that says nothing once all keys are known keeps everything.
    this.#filter = filter?.constrained.some((constrained) => constrained) ? filter : undefined
    this.#lister = new Lister(store, signal)
    this.#collector = new Collector(table, location, this.#filter)
    this.#density = new Density(this.#keys.length)
    // What makes a partition visible may come in a later page.
    const mayStop = this.#filter === undefined && table.properties.visible_when === undefined
    this.#mostFiles = mayStop ? (mostFiles ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY
  }

  async run(): Promise<Discovery> {
    const isWhole = await this.#listFromTheTop()
    const skipped = isWhole ? [] : await this.#walk()
    return this.#result(skipped)
  }

  /** Flat pages from the table's folder on, until the end (true) or until walking promises fewer calls (false). */
  async #listFromTheTop(): Promise<boolean> {
    const prefix = this.#location.key
    for (let continuation: string | undefined; ; ) {
      const page = await this.#lister.page({ prefix, ...(continuation !== undefined && { continuation }) })
      this.#pages++
      this.#pageSize = Math.max(this.#pageSize, page.objects.length)
      this.#seenUpTo = page.objects.at(-1)?.key ?? this.#seenUpTo
      this.#density.addPage(page.objects.map((object) => object.key.slice(prefix.length)))
      await this.#add(page.objects)
      continuation = page.continuation
      if (continuation === undefined) return true
      if (this.#collector.fileCount >= this.#mostFiles) {
        this.#isPartial = true
        return true
      }
      if (this.#filter !== undefined && chooseListing(this.#state(), [this.#root()], 0) === 'walk') return false
      if (this.#filter !== undefined && this.#pages < SPLIT_AFTER_PAGES) continue
      await this.#lister.flat({ prefix, after: this.#seenUpTo }, this.#add, this.#pages)
      return true
    }
  }

  /** Returns the folders that were excluded and never listed. */
  async #walk(): Promise<readonly Folder[]> {
    let folders: readonly Folder[] = await this.#expand([this.#root()], 0)
    for (let level = 1; ; level++) {
      const state = this.#state()
      if (chooseListing(state, folders, level) === 'walk') {
        folders = await this.#expand(folders, level)
        continue
      }
      const { ranges, skipped } = flatRuns(state, folders)
      await Promise.all(ranges.map((range) => this.#lister.flat(range, this.#add)))
      return skipped
    }
  }

  /** Puts the folders of the next level in the place of the kept ones. */
  async #expand(folders: readonly Folder[], level: number): Promise<readonly Folder[]> {
    this.#walked.push(this.#keys[level] as string)
    const kept = folders.filter((folder) => folder.kept)
    const below = new Map(await Promise.all(kept.map(async (folder) => [folder, await this.#children(folder, level)] as const)))
    const found = [...below.values()].flat()
    const verdicts = await this.#verdicts(found, level)
    return folders.flatMap((folder) => below.get(folder)?.map((child) => ({ ...child, kept: verdicts.get(child) ?? true })) ?? [folder])
  }

  async #verdicts(folders: readonly Folder[], level: number): Promise<ReadonlyMap<Folder, boolean>> {
    if (this.#filter === undefined || !this.#filter.constrained[level] || folders.length === 0) return new Map()
    const verdicts = await this.#filter.keep(folders.map((folder) => folder.values))
    return new Map(folders.map((folder, index) => [folder, verdicts[index] ?? true]))
  }

  /** The folders of the next key in a folder, without those that the first pages have shown whole. */
  async #children(folder: Folder, level: number): Promise<Folder[]> {
    const { prefixes, objects } = await this.#lister.children(folder.prefix)
    await this.#add(objects.filter((object) => compareKeys(object.key, this.#seenUpTo) > 0))
    this.#density.addExpanded(level, 1, prefixes.length)
    return prefixes.flatMap((prefix) => {
      const value = this.#collector.keyValue(level, prefix)
      const wasSeen = compareKeys(prefix, this.#seenUpTo) < 0 && !this.#seenUpTo.startsWith(prefix)
      if (value === undefined || wasSeen) return []
      return [{ prefix, level: level + 1, values: [...folder.values, value], kept: true }]
    })
  }

  readonly #add = (objects: readonly ObjectInfo[]): Promise<void> => this.#collector.add(objects)

  #root(): Folder {
    return { prefix: this.#location.key, level: 0, values: [], kept: true }
  }

  #state(): ListingState {
    return {
      density: this.#density,
      pageSize: this.#pageSize,
      keys: this.#keys.length,
      constrained: this.#filter?.constrained ?? [],
      seenUpTo: this.#seenUpTo,
    }
  }

  #result(skipped: readonly Folder[]): Discovery {
    const { partitions, files, fileCount, byteCount, hints } = this.#collector.result()
    const isUnpartitioned = this.#keys.length === 0
    const sawAll = skipped.length === 0 && !this.#isPartial
    return {
      partitions: isUnpartitioned ? [{ path: '', values: [] }] : partitions,
      files,
      partitionsTotal: isUnpartitioned ? 1 : this.#isPartial ? undefined : this.#partitionsTotal(skipped),
      ...(this.#isPartial && { partial: true }),
      filesTotal: sawAll ? fileCount : undefined,
      bytesTotal: sawAll ? byteCount : undefined,
      prefixesSkipped: skipped.length,
      method: this.#method(),
      hints: [...this.#noneMatched(partitions.length, skipped), ...hints],
    }
  }

  /** Why an answer is empty: there are partitions, but none that the predicate wants. */
  #noneMatched(kept: number, skipped: readonly Folder[]): readonly string[] {
    if (kept > 0 || this.#filter === undefined) return []
    const listed = this.#collector.newest()
    const seen = [
      ...(listed === undefined ? [] : [listed]),
      ...skipped.map(({ prefix, values }) => ({ path: prefix.slice(this.#location.key.length, -1), values })),
    ]
    const [first, ...more] = seen
    if (first === undefined) return []
    const newest = more.reduce((best, one) => (compareTuples(one.values, best.values, this.#table.partitionKeys) > 0 ? one : best), first)
    const total = this.#partitionsTotal(skipped)
    const name = `${this.#table.schema}.${this.#table.name}`
    return [`${name}: 0 of ${total === undefined ? 'its' : total.toLocaleString('en-US')} partitions match; the newest is ${newest.path}`]
  }

  /** Known when every partition's folder was seen, listed or not. */
  #partitionsTotal(skipped: readonly Folder[]): number | undefined {
    if (skipped.some((folder) => folder.level < this.#keys.length)) return undefined
    const paths = new Set(this.#collector.paths)
    for (const folder of skipped) paths.add(folder.prefix.slice(this.#location.key.length, -1))
    return paths.size
  }

  #method(): string {
    const { calls } = this.#lister
    const count = `${calls.toLocaleString('en-US')} LIST ${calls === 1 ? 'call' : 'calls'}`
    const place = formatLocation(this.#location)
    if (this.#walked.length === 0) return `listed ${place} flat: ${count}`
    return `walked the folders of ${this.#walked.join(', ')} below ${place}, then listed those that match: ${count}`
  }
}
