/**
 * Small byte strings by key in one file of the cache folder, each checked when it is read. Written behind: what a process
 * that dies had not yet written, or a full disk did not take, is missing after the next start, no more.
 */
import { type FileHandle, open } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

/** A record: magic 4, crc32 of the rest 4, key length 4, value length 4, key, value. */
const RECORD_HEAD = 16
const RECORD_MAGIC = 0x31465257

export class RecordFile {
  readonly #stored = new Map<string, { readonly start: number; readonly length: number; readonly crc: number }>()
  readonly #file: FileHandle
  readonly #mostBytes: number
  #end = 0
  #writes: Promise<void> = Promise.resolve()

  private constructor(file: FileHandle, mostBytes: number) {
    this.#file = file
    this.#mostBytes = mostBytes
  }

  /** The file is begun anew when it would be longer than `mostBytes`. */
  static async open(path: string, mostBytes: number): Promise<RecordFile> {
    const file = new RecordFile(await open(path, 'a+', 0o600), mostBytes)
    await file.#load()
    return file
  }

  /** Records. */
  get size(): number {
    return this.#stored.size
  }

  /** On disk. */
  get bytes(): number {
    return this.#end
  }

  /** A copy; undefined when there is none, or it is not what was written. */
  async read(key: string): Promise<Uint8Array | undefined> {
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

  /** Can be read some time later. */
  write(key: string, value: Uint8Array): void {
    const name = Buffer.from(key)
    const record = Buffer.alloc(RECORD_HEAD + name.length + value.length)
    record.writeUInt32LE(RECORD_MAGIC, 0)
    record.writeUInt32LE(name.length, 8)
    record.writeUInt32LE(value.length, 12)
    name.copy(record, RECORD_HEAD)
    record.set(value, RECORD_HEAD + name.length)
    const crc = crc32(record.subarray(8))
    record.writeUInt32LE(crc, 4)
    this.#writes = this.#writes.then(async () => {
      try {
        if (this.#end + record.length > this.#mostBytes) await this.#restart()
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

  async clear(): Promise<void> {
    this.#writes = this.#writes.then(() => this.#restart())
    await this.#writes
  }

  async close(): Promise<void> {
    await this.#writes
    await this.#file.close()
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
