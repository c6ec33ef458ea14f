/** The indexes of registered partitions that this process has read, each brought up to date when a query needs it. */
import { setImmediate as othersFirst } from 'node:timers/promises'
import { QueryError } from '#src/common/errors'
import { formatType } from '#src/types/format'
import type { Table } from '../model.ts'
import type { CatalogStore } from '../store/store.ts'
import { PartitionIndex } from './partition-index.ts'

interface Entry {
  readonly index: PartitionIndex
  /** The catalog's version up to which it is complete. */
  readonly version: number
  /** Names and types of the keys that it was made for. */
  readonly keys: string
}

/** Partitions of all indexes in memory; the least recently used go first. About 50 bytes each. */
const MOST_PARTITIONS = 8_000_000

export class PartitionIndexes {
  readonly #store: Pick<CatalogStore, 'readPartitions'>
  readonly #entries = new Map<number, Promise<Entry>>()
  readonly #counts = new Map<number, number>()

  constructor(store: Pick<CatalogStore, 'readPartitions'>) {
    this.#store = store
  }

  /** As of the version in `table` or later. Throws HIVE_METASTORE_ERROR; TABLE_NOT_FOUND when the table was dropped meanwhile. */
  async get(table: Table): Promise<PartitionIndex> {
    const { id, partitionsVersion = 0 } = table
    if (id === undefined || partitionsVersion === 0) return new PartitionIndex(table.partitionKeys)
    const keys = table.partitionKeys.map(({ name, type }) => `${name} ${formatType(type)}`).join()
    const before = this.#entries.get(id)
    const next = (async () => {
      const known = await before?.catch(() => undefined)
      if (known !== undefined && known.keys === keys && known.version >= partitionsVersion) return known
      return this.#load(table, id, keys, known?.keys === keys ? known : undefined)
    })()
    this.#entries.delete(id)
    this.#entries.set(id, next)
    try {
      const entry = await next
      this.#counts.set(id, entry.index.count)
      this.#makeRoom(id)
      return entry.index
    } catch (error) {
      if (this.#entries.get(id) === next) this.#entries.delete(id)
      throw error
    }
  }

  async #load(table: Table, id: number, keys: string, known: Entry | undefined): Promise<Entry> {
    if (known !== undefined) {
      const version = await this.#read(table, id, known.version, known.index)
      if (version !== undefined) return { index: known.index, version, keys }
    }
    for (;;) {
      const index = new PartitionIndex(table.partitionKeys)
      const version = await this.#read(table, id, 0, index)
      if (version !== undefined) return { index, version, keys }
    }
  }

  /**
   * Adds what was registered after `since` (0: all there is), page by page; in between the thread serves others, which awaiting
   * a store that answers at once does not let it do. The version up to which that is complete; undefined when something was removed meanwhile, so that the index must be made anew.
   */
  async #read(table: Table, id: number, since: number, index: PartitionIndex): Promise<number | undefined> {
    let version: number | undefined
    for (let after: string | undefined; ; ) {
      const page = await this.#store.readPartitions(id, { since, until: version, after })
      if (page === undefined) throw new QueryError('TABLE_NOT_FOUND', `Table 'lake.${table.schema}.${table.name}' does not exist`)
      const seen = version ?? (since === 0 ? page.version : since)
      if (page.removed > seen) return undefined
      version ??= page.version
      index.add(page.partitions)
      after = page.partitions.at(-1)?.name
      if (after === undefined) return version
      await othersFirst()
    }
  }

  #makeRoom(newest: number): void {
    let total = [...this.#counts.values()].reduce((sum, count) => sum + count, 0)
    for (const id of this.#entries.keys()) {
      if (total <= MOST_PARTITIONS || id === newest) return
      total -= this.#counts.get(id) ?? 0
      this.#entries.delete(id)
      this.#counts.delete(id)
    }
  }
}
