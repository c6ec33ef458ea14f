/**
 * A folder as an object store: keys are paths without the leading '/', folders exist only as prefixes. Differences that
 * remain: an empty folder is still listed as a prefix, and a key cannot be both an object and a prefix.
 */
import { createHash, randomBytes } from 'node:crypto'
import type { BigIntStats } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, readdir, realpath, rm, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileError, isCode } from './file-errors.ts'
import { FileUpload, publish } from './file-upload.ts'
import { type CheckRealPath, type Entry, fileVersion, walk } from './file-walk.ts'
import type {
  Bucket,
  GetRequest,
  GetResult,
  ListPage,
  ListRequest,
  ObjectInfo,
  ObjectStore,
  RequestCounter,
  Upload,
} from './object-store.ts'
import { StoreError } from './object-store.ts'
import { beyondEnd } from './range-receiver.ts'

const STREAM_BYTES = 1024 * 1024
/** Walks of listings whose next page was not asked for yet; an older one is walked again from its continuation. */
const MOST_OPEN_WALKS = 16

export interface FileStoreOptions {
  readonly checkRealPath: CheckRealPath
  readonly counters?: readonly RequestCounter[]
  readonly signal?: AbortSignal | undefined
  /** Objects and prefixes of one page. */
  readonly pageSize?: number
}

export class FileStore implements ObjectStore {
  readonly bucket: Bucket = { scheme: 'file', name: '' }
  readonly #options: FileStoreOptions
  readonly #pageSize: number
  readonly #walks = new Map<string, AsyncGenerator<Entry>>()

  constructor(options: FileStoreOptions) {
    this.#options = options
    this.#pageSize = options.pageSize ?? 5000
  }

  localPath(key: string): string {
    return `/${key}`
  }

  async list(request: ListRequest): Promise<ListPage> {
    const call = 'ListFolder'
    return this.#run(call, request.prefix, request.signal, async (check) => {
      this.#count('list')
      const walkKey = [request.prefix, request.delimiter ?? '', request.continuation].join('\0')
      const entries = this.#resume(request, walkKey, check)
      const objects: ObjectInfo[] = []
      const prefixes: string[] = []
      let last = ''
      for (let entry = await entries.next(); !entry.done; entry = await entries.next()) {
        if (entry.value.info === undefined) prefixes.push(entry.value.key)
        else objects.push(entry.value.info)
        last = entry.value.key
        if (objects.length + prefixes.length < this.#pageSize) continue
        this.#keep([request.prefix, request.delimiter ?? '', last].join('\0'), entries)
        return { objects, prefixes, continuation: last }
      }
      return { objects, prefixes }
    })
  }

  async head(key: string, signal?: AbortSignal): Promise<ObjectInfo> {
    return this.#run('HeadFile', key, signal, async () => {
      this.#count('head')
      await this.#checkLinks(key)
      return objectInfo(key, await stat(this.localPath(key), { bigint: true }))
    })
  }

  async get(request: GetRequest): Promise<GetResult> {
    const { key, range, ifVersion, signal, allocate = Buffer.allocUnsafeSlow } = request
    return this.#run('ReadFile', key, signal, async (check) => {
      await using file = await this.#open(key)
      const info = objectInfo(key, await file.stat({ bigint: true }))
      this.#checkVersion(info, ifVersion)
      const start = range === undefined ? 0 : 'suffix' in range ? Math.max(0, info.size - range.suffix) : range.start
      const end = range === undefined || 'suffix' in range ? info.size : range.start + range.length
      if (end > info.size) throw new StoreError('failed', 'ReadFile', `file:///${key}`, beyondEnd(end, info.size))
      const bytes = allocate(end - start)
      await this.#fill(file, bytes, start, key)
      check()
      await this.#checkUnchanged(file, info)
      return { bytes, info }
    })
  }

  async *stream(request: GetRequest): AsyncIterable<Uint8Array> {
    const { key, range, ifVersion, signal } = request
    const inside = <T>(work: (check: () => void) => Promise<T>) => this.#run('ReadFile', key, signal, work)
    const file = await inside(() => this.#open(key))
    try {
      const info = await inside(async () => objectInfo(key, await file.stat({ bigint: true })))
      this.#checkVersion(info, ifVersion)
      const start = range === undefined ? 0 : 'suffix' in range ? Math.max(0, info.size - range.suffix) : range.start
      const end = range === undefined || 'suffix' in range ? info.size : Math.min(info.size, range.start + range.length)
      for (let at = start; at < end; at += STREAM_BYTES) {
        const bytes = Buffer.allocUnsafeSlow(Math.min(STREAM_BYTES, end - at))
        await inside(async () => {
          await this.#fill(file, bytes, at, key)
          // The last bytes go out only if the file is still the one that was opened.
          if (at + bytes.length >= end) await this.#checkUnchanged(file, info)
        })
        yield bytes
      }
    } finally {
      await file.close()
    }
  }

  async put(
    key: string,
    bytes: Uint8Array,
    options: { readonly ifAbsent?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<ObjectInfo> {
    return this.#run('WriteFile', key, options.signal, async (check) => {
      this.#count('put')
      const path = await this.#prepareFolder(key)
      const temporary = temporaryPath(path)
      try {
        await using file = await open(temporary, 'wx')
        await file.writeFile(bytes)
        await file.sync()
        check()
        await publish(temporary, path, options.ifAbsent ?? false)
        return objectInfo(key, await file.stat({ bigint: true }))
      } catch (error) {
        await unlink(temporary).catch(() => {})
        if (options.ifAbsent && isCode(error, 'EEXIST'))
          throw new StoreError('exists', 'WriteFile', `file:///${key}`, 'the file exists already')
        throw error
      }
    })
  }

  async upload(key: string, signal?: AbortSignal): Promise<Upload> {
    return this.#run('WriteFile', key, signal, async () => {
      this.#count('put')
      const path = await this.#prepareFolder(key)
      const temporary = temporaryPath(path)
      const file = await open(temporary, 'wx')
      const run = <T>(work: (check: () => void) => Promise<T>) => this.#run('WriteFile', key, signal, work)
      return new FileUpload({ file, temporary, path, run, info: (stats) => objectInfo(key, stats) })
    })
  }

  async delete(keys: readonly string[], signal?: AbortSignal): Promise<void> {
    for (const key of keys) {
      await this.#run('DeleteFile', key, signal, async () => {
        this.#count('put')
        await this.#checkFolder(dirname(this.localPath(key)))
        await unlink(this.localPath(key)).catch((error: unknown) => {
          if (!isCode(error, 'ENOENT', 'ENOTDIR')) throw error
        })
      })
    }
  }

  async abandonUploads(keys: readonly string[], signal?: AbortSignal): Promise<void> {
    const folders = new Map<string, Set<string>>()
    for (const key of keys) {
      const path = this.localPath(key)
      const prefixes = folders.get(dirname(path)) ?? new Set()
      folders.set(dirname(path), prefixes.add(temporaryPrefix(path)))
    }
    for (const [folder, prefixes] of folders) {
      await this.#run('DeleteFile', folder.slice(1), signal, async () => {
        await this.#checkFolder(folder)
        const names = await readdir(folder).catch((error: unknown) => {
          if (isCode(error, 'ENOENT', 'ENOTDIR')) return []
          throw error
        })
        for (const name of names) {
          const known = prefixes.has(name.slice(0, name.lastIndexOf('-') + 1)) && name.endsWith('.tmp')
          if (known) await rm(`${folder}/${name}`, { force: true })
        }
      })
    }
  }

  async close(): Promise<void> {
    this.#walks.clear()
  }

  #count(kind: 'list' | 'head' | 'get' | 'put'): void {
    for (const counter of this.#options.counters ?? []) counter[kind]++
  }

  /** Runs one call: a fired signal ends it with `aborted`, what the file system refuses becomes a StoreError. */
  async #run<T>(call: string, key: string, signal: AbortSignal | undefined, work: (check: () => void) => Promise<T>): Promise<T> {
    const check = () => {
      if (signal?.aborted || this.#options.signal?.aborted) throw new StoreError('aborted', call, `file:///${key}`, 'aborted')
    }
    check()
    try {
      return await work(check)
    } catch (error) {
      throw fileError(error, call, `file:///${key}`)
    }
  }

  #resume(request: ListRequest, walkKey: string, check: () => void): AsyncGenerator<Entry> {
    const open = request.continuation === undefined ? undefined : this.#walks.get(walkKey)
    this.#walks.delete(walkKey)
    return (
      open ??
      walk({
        prefix: request.prefix,
        delimited: request.delimiter !== undefined,
        startAfter: request.continuation ?? request.startAfter ?? '',
        checkRealPath: this.#options.checkRealPath,
        check,
      })
    )
  }

  #keep(walkKey: string, entries: AsyncGenerator<Entry>): void {
    const [oldest] = this.#walks.keys()
    if (this.#walks.size >= MOST_OPEN_WALKS && oldest !== undefined) this.#walks.delete(oldest)
    this.#walks.set(walkKey, entries)
  }

  async #checkLinks(key: string): Promise<void> {
    const path = this.localPath(key)
    await this.#options.checkRealPath(await realpath(path), path)
  }

  async #open(key: string): Promise<FileHandle> {
    this.#count('get')
    await this.#checkLinks(key)
    return open(this.localPath(key), 'r')
  }

  async #fill(file: FileHandle, bytes: Buffer, position: number, key: string): Promise<void> {
    for (let filled = 0; filled < bytes.length; ) {
      const { bytesRead } = await file.read(bytes, filled, bytes.length - filled, position + filled)
      if (bytesRead === 0) throw new StoreError('changed', 'ReadFile', `file:///${key}`, 'the file became shorter while it was read')
      filled += bytesRead
    }
    for (const counter of this.#options.counters ?? []) counter.bytesReceived += bytes.length
  }

  #checkVersion(info: ObjectInfo, ifVersion: string | undefined): void {
    if (ifVersion !== undefined && ifVersion !== info.version)
      throw new StoreError('changed', 'ReadFile', `file:///${info.key}`, 'the file has changed since it was listed')
  }

  async #checkUnchanged(file: FileHandle, before: ObjectInfo): Promise<void> {
    const after = objectInfo(before.key, await file.stat({ bigint: true }))
    if (after.version !== before.version)
      throw new StoreError('changed', 'ReadFile', `file:///${before.key}`, 'the file changed while it was read')
  }

  /** Makes the key's folder; what exists of it must really lie in an allowed place before anything is made there. */
  async #prepareFolder(key: string): Promise<string> {
    const path = this.localPath(key)
    const folder = dirname(path)
    await this.#checkFolder(folder)
    await mkdir(folder, { recursive: true })
    return path
  }

  async #checkFolder(folder: string): Promise<void> {
    const existing = await nearestExisting(folder)
    await this.#options.checkRealPath((await realpath(existing)) + folder.slice(existing === '/' ? 0 : existing.length), folder)
  }
}

async function nearestExisting(folder: string): Promise<string> {
  for (let path = folder; ; path = dirname(path)) {
    const found = await lstat(path).catch((error: unknown) => {
      if (isCode(error, 'ENOENT', 'ENOTDIR')) return undefined
      throw error
    })
    if (found !== undefined || path === '/') return path
  }
}

/** Hidden from listings (see isTemporary); in the same folder, so that the rename is atomic. */
function temporaryPath(path: string): string {
  return `${dirname(path) === '/' ? '' : dirname(path)}/${temporaryPrefix(path)}${randomBytes(4).toString('hex')}.tmp`
}

/** What the names of all temporary files of a path begin with. */
function temporaryPrefix(path: string): string {
  return `.weir-${createHash('sha1').update(path).digest('hex').slice(0, 16)}-`
}

/** Throws not-found for what is no plain file: a folder is no object. */
function objectInfo(key: string, stats: BigIntStats): ObjectInfo {
  if (!stats.isFile()) throw new StoreError('not-found', 'ReadFile', `file:///${key}`, 'it is a folder or a special file')
  return { key, size: Number(stats.size), version: fileVersion(stats), modified: Number(stats.mtimeMs) }
}
