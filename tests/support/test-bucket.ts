/** The buckets of the S3 and GCS test servers: objects in memory, or files of a folder read when they are asked for. */
import { createHash } from 'node:crypto'
import { readdirSync, statSync } from 'node:fs'
import { open } from 'node:fs/promises'

export interface StoredObject {
  readonly size: number
  /** Without quotes. */
  readonly etag: string
  readonly modified: Date
  read(start: number, end: number): Promise<Buffer>
}

interface SortedKey {
  readonly key: string
  readonly bytes: Buffer
}

export interface ListedPage {
  readonly keys: readonly string[]
  readonly prefixes: readonly string[]
  /** The last entry of a page that is followed by another. */
  readonly last: string | undefined
}

export class TestBucket {
  readonly #objects = new Map<string, StoredObject>()
  #sorted: readonly SortedKey[] | undefined

  /** Registers all files below `folder`. */
  addFolder(folder: string): void {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const path = `${entry.parentPath}/${entry.name}`
      this.set(path.slice(folder.replace(/\/$/, '').length + 1), fileObject(path))
    }
  }

  get(key: string): StoredObject | undefined {
    return this.#objects.get(key)
  }

  set(key: string, object: StoredObject): void {
    if (!this.#objects.has(key)) this.#sorted = undefined
    this.#objects.set(key, object)
  }

  delete(key: string): void {
    if (this.#objects.delete(key)) this.#sorted = undefined
  }

  /**
   * One page from `from` on (see afterKey, afterPage; '' = from the start). As Amazon and Google do, a prefix is listed
   * when any key in it lies in that range.
   */
  list(prefix: string, delimiter: string, from: Buffer, most: number): ListedPage {
    const sorted = this.#sortedKeys()
    const keys: string[] = []
    const prefixes: string[] = []
    let at = Math.max(lowerBound(sorted, Buffer.from(prefix)), lowerBound(sorted, from))
    let last = ''
    while (at < sorted.length) {
      const { key } = sorted[at] as SortedKey
      if (!key.startsWith(prefix)) break
      if (keys.length + prefixes.length >= most) return { keys, prefixes, last }
      const cut = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length)
      if (cut < 0) {
        keys.push(key)
        last = key
        at++
      } else {
        last = key.slice(0, cut + delimiter.length)
        prefixes.push(last)
        at = lowerBound(sorted, endOfGroup(last))
      }
    }
    return { keys, prefixes, last: undefined }
  }

  #sortedKeys(): readonly SortedKey[] {
    this.#sorted ??= [...this.#objects.keys()]
      .map((key) => ({ key, bytes: Buffer.from(key) }))
      .sort((a, b) => Buffer.compare(a.bytes, b.bytes))
    return this.#sorted
  }
}

/** Buckets by name: empty ones, or ones with the files of a folder. */
export function openBuckets(named: readonly string[] | Readonly<Record<string, string>>): Map<string, TestBucket> {
  const buckets = new Map<string, TestBucket>()
  const entries: [string, string | undefined][] = Array.isArray(named) ? named.map((name) => [name, undefined]) : Object.entries(named)
  for (const [name, folder] of entries) {
    const bucket = new TestBucket()
    if (folder !== undefined) bucket.addFolder(folder)
    buckets.set(name, bucket)
  }
  return buckets
}

/** Where a listing goes on after a key. */
export function afterKey(key: string): Buffer {
  return Buffer.from(`${key}\0`)
}

/** Where a listing goes on after a page whose last entry was a key or, with a delimiter, a whole group. */
export function afterPage(last: string, delimiter: string): Buffer {
  return delimiter !== '' && last.endsWith(delimiter) ? endOfGroup(last) : afterKey(last)
}

/** `etag`: of a multipart upload; else the MD5 as S3 has it. */
export function memoryObject(bytes: Uint8Array, etag?: string): StoredObject {
  const copy = Buffer.from(bytes)
  return {
    size: copy.length,
    etag: etag ?? createHash('md5').update(copy).digest('hex'),
    modified: new Date(),
    read: async (start, end) => copy.subarray(start, end),
  }
}

function fileObject(path: string): StoredObject {
  const stats = statSync(path)
  return {
    size: stats.size,
    etag: createHash('md5').update(`${path} ${stats.size} ${stats.mtimeMs}`).digest('hex'),
    modified: stats.mtime,
    async read(start, end) {
      await using file = await open(path)
      const bytes = Buffer.alloc(end - start)
      await file.read(bytes, 0, bytes.length, start)
      return bytes
    },
  }
}

/** The first string after all that begin with `group`, which ends with '/' (0x2f). */
function endOfGroup(group: string): Buffer {
  const bytes = Buffer.from(group)
  bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) + 1
  return bytes
}

function lowerBound(sorted: readonly SortedKey[], wanted: Buffer): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (Buffer.compare((sorted[middle] as SortedKey).bytes, wanted) < 0) low = middle + 1
    else high = middle
  }
  return low
}
