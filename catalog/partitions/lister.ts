/**
 * Listing calls of one discovery: counted, at most 32 at once, and long flat listings split into ranges that run in
 * parallel. A page of a listing names the next one, so a listing of a million keys is a thousand calls one after the other;
 * the folders below the place where it has got to give the points to split it at.
 *
 *   a/ ───page──page──page──…──▶ k           split: what is left of a/k/, and the folders after it in chunks
 *                              └─ a/k/ rest │ a/l/ … a/n/ │ a/o/ … a/q/
 */
import { compareKeys } from '#connectors/storage/key-order'
import type { ListPage, ListRequest, ObjectInfo, ObjectStore } from '#connectors/storage/object-store'
import { listingError } from '../listing-error.ts'

/** Keys that begin with `prefix`, after `after` and up to the folder `until` (its contents included). */
export interface Range {
  readonly prefix: string
  readonly after?: string | undefined
  readonly until?: string | undefined
  /** A folder whose own files (not those below its folders) were listed already. */
  readonly skipFilesOf?: string | undefined
}

/** Receives the objects of a page; pages of one range come in order. */
export type Sink = (objects: readonly ObjectInfo[]) => Promise<void>

const MOST_AT_ONCE = 32
/** Pages of one range listed in sequence before it is split. */
export const SPLIT_AFTER_PAGES = 8
const MOST_CHUNKS = 16
/** With so many ranges under way the next one need not be split: the calls are busy. */
const ENOUGH_RANGES = 24

export class Lister {
  readonly #store: ObjectStore
  readonly #signal: AbortSignal
  readonly #stop = new AbortController()
  readonly #waiting: (() => void)[] = []
  #free = MOST_AT_ONCE
  #calls = 0
  /** Parts of split listings that are under way. */
  #ranges = 0

  constructor(store: ObjectStore, signal: AbortSignal | undefined) {
    this.#store = store
    this.#signal = signal === undefined ? this.#stop.signal : AbortSignal.any([signal, this.#stop.signal])
  }

  /** LIST calls made so far. */
  get calls(): number {
    return this.#calls
  }

  /** One page. Throws QueryError. */
  async page(request: ListRequest): Promise<ListPage> {
    while (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    this.#free--
    try {
      this.#calls++
      return await this.#store.list({ ...request, signal: this.#signal })
    } catch (error) {
      // Calls of the same discovery that are still under way have nobody left to wait for them.
      this.#stop.abort()
      throw listingError(error)
    } finally {
      this.#free++
      this.#waiting.shift()?.()
    }
  }

  /** The folders (with their '/') and files directly in a folder. */
  async children(folder: string, startAfter?: string): Promise<{ readonly prefixes: string[]; readonly objects: ObjectInfo[] }> {
    const prefixes: string[] = []
    const objects: ObjectInfo[] = []
    for (let continuation: string | undefined; ; ) {
      const from = continuation !== undefined ? { continuation } : startAfter !== undefined ? { startAfter } : {}
      const page = await this.page({ prefix: folder, delimiter: '/', ...from })
      for (const prefix of page.prefixes) prefixes.push(prefix)
      for (const object of page.objects) objects.push(object)
      continuation = page.continuation
      if (continuation === undefined) return { prefixes, objects }
    }
  }

  /** All objects of a range. Resolves when `sink` has seen every one. `pages` of the same listing came before. */
  async flat(range: Range, sink: Sink, pages = 0): Promise<void> {
    for (let continuation: string | undefined, listed = pages; ; ) {
      const from = continuation !== undefined ? { continuation } : range.after !== undefined ? { startAfter: range.after } : {}
      const page = await this.page({ prefix: range.prefix, ...from })
      const last = page.objects.at(-1)?.key
      const ended = last !== undefined && isBeyond(range.until, last)
      const inside = page.objects.filter(
        (object) => !(ended && isBeyond(range.until, object.key)) && !isFileOf(range.skipFilesOf, object.key),
      )
      await sink(inside)
      continuation = page.continuation
      if (ended || continuation === undefined) return
      if (++listed < SPLIT_AFTER_PAGES || last === undefined || this.#ranges > ENOUGH_RANGES) continue
      const parts = await this.#split(range, last, sink)
      this.#ranges += parts.length
      await Promise.all(parts.map((part) => this.flat(part, sink).finally(() => this.#ranges--)))
      return
    }
  }

  /** What is left of a range after `last`, in parts that can be listed at the same time. */
  async #split(range: Range, last: string, sink: Sink): Promise<Range[]> {
    let folder = range.prefix.slice(0, range.prefix.lastIndexOf('/') + 1)
    for (;;) {
      const listed = await this.children(folder, last)
      const wanted = (key: string) => key.startsWith(range.prefix) && !isBeyond(range.until, key)
      const files = listed.objects.filter((object) => wanted(object.key) && folder !== range.skipFilesOf)
      const folders = listed.prefixes.filter((prefix) => compareKeys(prefix, last) > 0 && wanted(prefix))
      await sink(files)
      const slash = last.indexOf('/', folder.length)
      const current = slash < 0 ? undefined : last.slice(0, slash + 1)
      if (folders.length === 0 && current !== undefined) {
        folder = current
        continue
      }
      const size = Math.ceil(folders.length / MOST_CHUNKS)
      const parts: Range[] = current === undefined ? [] : [{ ...range, prefix: longer(current, range.prefix), after: last }]
      for (let at = 0; at < folders.length; at += size) {
        const first = folders[at] as string
        const end = folders[Math.min(at + size, folders.length) - 1] as string
        const until = range.until?.startsWith(end) ? range.until : end
        parts.push({ prefix: longer(folder, range.prefix), after: first, until, skipFilesOf: folder })
      }
      return parts
    }
  }
}

const longer = (a: string, b: string) => (a.length > b.length ? a : b)

/** Whether a key (or folder) comes after everything in the folder `until`. */
function isBeyond(until: string | undefined, key: string): boolean {
  return until !== undefined && compareKeys(key, until) > 0 && !key.startsWith(until)
}

function isFileOf(folder: string | undefined, key: string): boolean {
  return folder !== undefined && key.startsWith(folder) && !key.includes('/', folder.length)
}
