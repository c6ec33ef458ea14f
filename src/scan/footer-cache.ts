/**
 * Footers by object version: decoded ones in memory within a byte budget, raw ones in a file of the cache folder, so that
 * a restarted process plans without asking the store again. An object version's footer never changes.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { LRUCache } from 'lru-cache'
import type { ParquetFooter } from '#connectors/formats/parquet/footer'
import { parseFooter, readFooter } from '#connectors/formats/parquet/read-footer'
import { formatLocation } from '#connectors/storage/location'
import type { Bucket, ObjectInfo, ObjectStore } from '#connectors/storage/object-store'
import type { FooterSource } from '#src/physical/footer-source'
import type { BlockCache } from './block-cache.ts'
import { objectKey } from './cached-unit.ts'
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

/** A record: magic 4, crc32 of the rest 4, key length 4, metadata length 4, key, metadata. */
const RECORD_HEAD = 16
const RECORD_MAGIC = 0x31465257

export class FooterCache {
  readonly #decoded: LRUCache<string, ParquetFooter>
  readonly #flights = new Map<string, Promise<ParquetFooter>>()
  /** Where a raw footer lies in the file. */
  readonly #stored = new Map<string, { readonly start: number; readonly length: number; readonly crc: number }>()
  readonly #file: FileHandle
  readonly #diskBytes: number
  #end = 0
  #writes: Promise<void> = Promise.resolve()

  private constructor(file: FileHandle, options: FooterCacheOptions) {
    this.#file = file
    this.#diskBytes = options.diskBytes ?? DEFAULT_DISK
    this.#decoded = new LRUCache({
      maxSize: options.memoryBytes ?? DEFAULT_MEMORY,
      sizeCalculation: (footer, key) => footer.metadata.length * DECODED_FACTOR + key.length * 2 + 256,
    })
  }

  /** Lives in the block cache's folder, under its lock. */
  static async open(blocks: BlockCache, options: FooterCacheOptions = {}): Promise<FooterCache> {
    const cache = new FooterCache(await open(join(blocks.folder, 'footers'), 'a+', 0o600), options)
    await cache.#load()
    return cache
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
    return { footers: this.#stored.size, memoryBytes: this.#decoded.calculatedSize, diskBytes: this.#end }
  }

  async clear(): Promise<void> {
    this.#decoded.clear()
    this.#writes = this.#writes.then(() => this.#restart())
    await this.#writes
  }

  async close(): Promise<void> {
    await this.#writes
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
    const raw = await this.#readStored(key)
    if (raw !== undefined) return parseFooter(raw, info.size, formatLocation({ bucket: store.bucket, key: info.key }))
    try {
      const footer = await readFooter(store, info, signal)
      this.#store(key, footer.metadata)
      return footer
    } catch (error) {
      throw fromStoreError(error)
    }
  }

  async #readStored(key: string): Promise<Uint8Array | undefined> {
    const place = this.#stored.get(key)
    if (place === undefined) return undefined
    const record = Buffer.allocUnsafe(place.length)
    const { bytesRead } = await this.#file.read(record, 0, place.length, place.start)
    if (bytesRead !== place.length || crc32(record) !== place.crc) {
      this.#stored.delete(key)
      return undefined
    }
    return Uint8Array.from(record.subarray(RECORD_HEAD - 8 + Buffer.byteLength(key)))
  }

  #store(key: string, metadata: Uint8Array): void {
    const name = Buffer.from(key)
    const record = Buffer.alloc(RECORD_HEAD + name.length + metadata.length)
    record.writeUInt32LE(RECORD_MAGIC, 0)
    record.writeUInt32LE(name.length, 8)
    record.writeUInt32LE(metadata.length, 12)
    name.copy(record, RECORD_HEAD)
    record.set(metadata, RECORD_HEAD + name.length)
    const crc = crc32(record.subarray(8))
    record.writeUInt32LE(crc, 4)
    this.#writes = this.#writes.then(async () => {
      try {
        if (this.#end + record.length > this.#diskBytes) await this.#restart()
        const start = this.#end
        await this.#file.appendFile(record)
        this.#end = start + record.length
        this.#stored.set(key, { start: start + 8, length: record.length - 8, crc })
      } catch {
        // A full disk only costs a request after the next restart; what was half written is passed over then.
        this.#end = await this.#file.stat().then(
          ({ size }) => size,
          () => this.#end,
        )
      }
    })
  }

  async #restart(): Promise<void> {
    await this.#file.truncate(0)
    this.#stored.clear()
    this.#end = 0
  }

  /** Finds the records; a torn one at the end is cut off, so that the next one can be found behind the good ones. */
  async #load(): Promise<void> {
    const { size } = await this.#file.stat()
    const window = new FileWindow(this.#file)
    while (this.#end + RECORD_HEAD <= size) {
      const head = await window.read(this.#end, RECORD_HEAD)
      if (head.readUInt32LE(0) !== RECORD_MAGIC) break
      const crc = head.readUInt32LE(4)
      const keyLength = head.readUInt32LE(8)
      const length = RECORD_HEAD + keyLength + head.readUInt32LE(12)
      if (this.#end + length > size) break
      const key = (await window.read(this.#end + RECORD_HEAD, keyLength)).toString()
      this.#stored.set(key, { start: this.#end + 8, length: length - 8, crc })
      this.#end += length
    }
    if (this.#end < size) await this.#file.truncate(this.#end)
  }
}

const WINDOW = 256 * 1024

/** Small reads of a file from front to back, many of them served by one. */
class FileWindow {
  readonly #file: FileHandle
  #bytes: Buffer = Buffer.alloc(0)
  #start = 0

  constructor(file: FileHandle) {
    this.#file = file
  }

  /** A view that the next read may invalidate; shorter only at the file's end. */
  async read(start: number, length: number): Promise<Buffer> {
    if (start < this.#start || start + length > this.#start + this.#bytes.length) {
      const bytes = Buffer.alloc(Math.max(WINDOW, length))
      const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, start)
      this.#bytes = bytes.subarray(0, bytesRead)
      this.#start = start
    }
    return this.#bytes.subarray(start - this.#start, start - this.#start + length)
  }
}
