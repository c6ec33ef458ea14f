/**
 * Footers by object version: decoded ones in memory within a byte budget, raw ones in a file of the cache folder, so that
 * a restarted process plans without asking the store again. An object version's footer never changes.
 */
import { join } from 'node:path'
import { LRUCache } from 'lru-cache'
import type { ParquetFooter } from '#connectors/formats/parquet/footer'
import { parseFooter, readFooter } from '#connectors/formats/parquet/read-footer'
import { formatLocation } from '#connectors/storage/location'
import type { Bucket, ObjectInfo, ObjectStore } from '#connectors/storage/object-store'
import type { FooterSource } from '#src/physical/footer-source'
import type { BlockCache } from './block-cache.ts'
import { objectKey } from './cached-unit.ts'
import { RecordFile } from './record-file.ts'
import { waitForOther } from './scan-run.ts'
import { fromStoreError } from './store-errors.ts'

export interface FooterCacheOptions {
  readonly memoryBytes?: number
  /** The file is begun anew when it is longer. */
  readonly diskBytes?: number
}

const DEFAULT_MEMORY = 256 * 1024 * 1024
const DEFAULT_DISK = 1024 * 1024 * 1024
/** Objects of a decoded footer take about so much of its serialized size. */
const DECODED_FACTOR = 8

export class FooterCache {
  readonly #decoded: LRUCache<string, ParquetFooter>
  readonly #flights = new Map<string, Promise<ParquetFooter>>()
  readonly #file: RecordFile

  private constructor(file: RecordFile, options: FooterCacheOptions) {
    this.#file = file
    this.#decoded = new LRUCache({
      maxSize: options.memoryBytes ?? DEFAULT_MEMORY,
      sizeCalculation: (footer, key) => footer.metadata.length * DECODED_FACTOR + key.length * 2 + 256,
    })
  }

  /** Lives in the block cache's folder, under its lock. */
  static async open(blocks: BlockCache, options: FooterCacheOptions = {}): Promise<FooterCache> {
    return new FooterCache(await RecordFile.open(join(blocks.folder, 'footers'), options.diskBytes ?? DEFAULT_DISK), options)
  }

  /** The footers that one query sees: requests go through its view of the stores. */
  source(stores: { storeFor(bucket: Bucket): ObjectStore }): FooterSource {
    return { footer: (bucket, info, signal) => this.get(stores.storeFor(bucket), info, signal) }
  }

  /** See FooterSource. */
  async get(store: ObjectStore, info: ObjectInfo, signal: AbortSignal): Promise<ParquetFooter> {
    const key = objectKey(formatLocation({ bucket: store.bucket, key: '' }), info.key, info.version)
    for (;;) {
      const known = this.#decoded.get(key)
      if (known !== undefined) return known
      const flight = this.#flights.get(key)
      if (flight === undefined) return this.#fly(key, store, info, signal)
      // Another query is reading it; if that one is cancelled or fails, this one reads for itself.
      const footer = await waitForOther(flight, signal)
      if (footer !== undefined) return footer
    }
  }

  /** `footers`: those on disk, whose bytes `diskBytes` are; a process that has just started has decoded none. */
  stats(): { readonly footers: number; readonly memoryBytes: number; readonly diskBytes: number } {
    return { footers: this.#file.size, memoryBytes: this.#decoded.calculatedSize, diskBytes: this.#file.bytes }
  }

  async clear(): Promise<void> {
    this.#decoded.clear()
    await this.#file.clear()
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  async #fly(key: string, store: ObjectStore, info: ObjectInfo, signal: AbortSignal): Promise<ParquetFooter> {
    const flight = this.#read(key, store, info, signal)
    this.#flights.set(key, flight)
    try {
      const footer = await flight
      this.#decoded.set(key, footer)
      return footer
    } finally {
      this.#flights.delete(key)
    }
  }

  async #read(key: string, store: ObjectStore, info: ObjectInfo, signal: AbortSignal): Promise<ParquetFooter> {
    const raw = await this.#file.read(key)
    if (raw !== undefined) return parseFooter(raw, info.size, formatLocation({ bucket: store.bucket, key: info.key }))
    try {
      const footer = await readFooter(store, info, signal)
      this.#file.write(key, footer.metadata)
      return footer
    } catch (error) {
      throw fromStoreError(error)
    }
  }
}
