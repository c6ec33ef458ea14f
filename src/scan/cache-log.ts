/**
 * What the block cache's files hold, as an append-only text: only what it says is believed after a restart. A line is
 * the crc32 of its JSON, a blank, the JSON; a torn or foreign line is passed over, which can only forget blocks.
 */
import { type FileHandle, open, readFile, rename } from 'node:fs/promises'
import { crc32 } from 'node:zlib'

export type CacheRecord =
  /** A unit's file is there with its footer (`crc` of it; Parquet) or whole (text). `end`: where the footer begins, or the text's size. */
  | { readonly op: 'unit'; readonly id: number; readonly object: string; readonly unit: string; readonly end: number; readonly crc: number }
  /** Chunks that are completely written: start, length, crc32 of each piece (ranges.ts). */
  | { readonly op: 'chunks'; readonly id: number; readonly chunks: readonly ChunkRecord[] }
  | { readonly op: 'evict'; readonly id: number }

type ChunkRecord = readonly [start: number, length: number, crcs: readonly number[]]

export class CacheLog {
  readonly #path: string
  #file: FileHandle
  #pending: string[] = []
  #writing: Promise<void> | undefined

  private constructor(path: string, file: FileHandle) {
    this.#path = path
    this.#file = file
  }

  static async open(path: string): Promise<CacheLog> {
    return new CacheLog(path, await open(path, 'a'))
  }

  /** All sound records, in order; none when the file is missing. */
  static async read(path: string): Promise<CacheRecord[]> {
    const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT') return ''
      throw error
    })
    return text.split('\n').flatMap((line) => parseLine(line) ?? [])
  }

  /** Replaces the log by these records: what was evicted is no longer mentioned. */
  async rewrite(records: readonly CacheRecord[]): Promise<void> {
    await this.flush()
    const temporary = `${this.#path}.new`
    const file = await open(temporary, 'w')
    await file.writeFile(records.map(formatLine).join(''))
    await rename(temporary, this.#path)
    await this.#file.close()
    this.#file = file
  }

  /** Written soon; losing it costs a fetch. */
  append(record: CacheRecord): void {
    this.#pending.push(formatLine(record))
    this.#writing ??= this.#write()
  }

  /** Resolves when everything appended so far is in the file. */
  async flush(): Promise<void> {
    while (this.#writing !== undefined) await this.#writing
  }

  async close(): Promise<void> {
    await this.flush()
    await this.#file.close()
  }

  async #write(): Promise<void> {
    try {
      while (this.#pending.length > 0) {
        const lines = this.#pending.join('')
        this.#pending = []
        // A full disk: the blocks stay usable in this process and are forgotten at its end.
        await this.#file.appendFile(lines).catch(() => {})
      }
    } finally {
      this.#writing = undefined
    }
  }
}

function formatLine(record: CacheRecord): string {
  const json = JSON.stringify(record)
  return `${crc32(json).toString(16).padStart(8, '0')} ${json}\n`
}

function parseLine(line: string): CacheRecord | undefined {
  const json = line.slice(9)
  if (line.length < 10 || Number.parseInt(line.slice(0, 8), 16) !== crc32(json)) return undefined
  return JSON.parse(json) as CacheRecord
}
