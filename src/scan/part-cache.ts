/**
 * Parts of objects that planning looks at beside footers: bloom filters and dictionaries. In memory within a byte budget and in a file of
 * the cache folder, by object version, so that they are asked for once.
 */
import { join } from 'node:path'
import { LRUCache } from 'lru-cache'
import type { ByteRange } from '#connectors/formats/parquet/footer'
import { coalesce, type Request } from '#connectors/formats/parquet/ranges'
import { formatLocation } from '#connectors/storage/location'
import type { Bucket, ObjectInfo, ObjectStore } from '#connectors/storage/object-store'
import type { ObjectParts } from '#src/physical/object-parts'
import type { BlockCache } from './block-cache.ts'
import { objectKey } from './cached-unit.ts'
import { RecordFile } from './record-file.ts'
import { fromStoreError } from './store-errors.ts'

export interface PartCacheOptions {
  readonly memoryBytes?: number
  /** The file is begun anew when it is longer. */
  readonly diskBytes?: number
}

const DEFAULT_MEMORY = 64 * 1024 * 1024
const DEFAULT_DISK = 1024 * 1024 * 1024

export class PartCache {
  readonly #parts: LRUCache<string, Uint8Array>
  readonly #file: RecordFile

  private constructor(file: RecordFile, options: PartCacheOptions) {
    this.#file = file
    this.#parts = new LRUCache({
      maxSize: options.memoryBytes ?? DEFAULT_MEMORY,
      sizeCalculation: (bytes, key) => bytes.length + key.length * 2 + 256,
    })
  }

  /** Lives in the block cache's folder, under its lock. */
  static async open(blocks: BlockCache, options: PartCacheOptions = {}): Promise<PartCache> {
    return new PartCache(await RecordFile.open(join(blocks.folder, 'parts'), options.diskBytes ?? DEFAULT_DISK), options)
  }

  /** The parts that one query sees: requests go through its view of the stores. */
  source(stores: { storeFor(bucket: Bucket): ObjectStore }): ObjectParts {
    return { parts: (bucket, info, ranges, signal) => this.#get(stores.storeFor(bucket), info, ranges, signal) }
  }

  stats(): { readonly parts: number; readonly diskBytes: number } {
    return { parts: this.#file.size, diskBytes: this.#file.bytes }
  }

  async clear(): Promise<void> {
    this.#parts.clear()
    await this.#file.clear()
  }

  async close(): Promise<void> {
    await this.#file.close()
  }

  async #get(store: ObjectStore, info: ObjectInfo, ranges: readonly ByteRange[], signal: AbortSignal): Promise<readonly Uint8Array[]> {
    const object = objectKey(formatLocation({ bucket: store.bucket, key: '' }), info.key, info.version)
    const keyOf = ({ start, length }: ByteRange): string => `${object}\n${start} ${length}`
    const found = new Map<ByteRange, Uint8Array>()
    for (const range of ranges) {
      const key = keyOf(range)
      const part = this.#parts.get(key) ?? (await this.#file.read(key))
      if (part === undefined) continue
      this.#parts.set(key, part)
      found.set(range, part)
    }
    // Whole ranges are kept, so none is cut into pieces.
    const requests = coalesce(
      ranges.filter((range) => !found.has(range)),
      undefined,
      Number.POSITIVE_INFINITY,
    )
    await Promise.all(
      requests.map(async (request) => {
        for (const [range, bytes] of await fetchParts(store, info, request, signal)) {
          found.set(range, bytes)
          this.#parts.set(keyOf(range), bytes)
          this.#file.write(keyOf(range), bytes)
        }
      }),
    )
    return ranges.map((range) => found.get(range) as Uint8Array)
  }
}

/** Copies: a view would keep the whole answer in memory. */
async function fetchParts(
  store: ObjectStore,
  info: ObjectInfo,
  { start, length, parts }: Request,
  signal: AbortSignal,
): Promise<readonly (readonly [ByteRange, Uint8Array])[]> {
  try {
    const { bytes } = await store.get({ key: info.key, range: { start, length }, ifVersion: info.version, signal })
    return parts.map((part) => [part, Uint8Array.from(bytes.subarray(part.start - start, part.start - start + part.length))])
  } catch (error) {
    throw fromStoreError(error)
  }
}
