/**
 * Rows between the kernel and a client that takes them at its own pace. What the client has not taken waits in memory,
 * then in the spool, so that the kernel can go on and end; when there is no room either, the kernel waits. Rows that
 * pages carry as they are go to the spool only when the client pauses: for one that keeps asking it would be a detour.
 */
import type { KernelFrame } from '#src/kernel/kernel'
import type { ResultSpool, Segment } from './result-spool.ts'
import { encodeRows, type RowCoding, segmentTarget } from './row-coding.ts'

/** Rows that a page carries itself, coded or as they are, or that wait in a file. */
export interface Chunk {
  readonly rows: number
  /** Rows of the result before these. */
  readonly offset: number
  /** Of the bytes, or of the file. */
  readonly size: number
  readonly uncompressedSize: number | undefined
  readonly content: { readonly kind: 'memory'; readonly bytes: Uint8Array } | { readonly kind: 'file'; readonly segment: Segment }
}

/** What has come, whether more may follow, and what the query failed with. */
export interface Taken {
  readonly chunks: readonly Chunk[]
  readonly ended: boolean
  readonly error: unknown
}

export interface BufferOptions {
  readonly statement: string
  readonly spool: ResultSpool
  /** Undefined: the page has the rows as they are. */
  readonly coding: RowCoding | undefined
}

/** Bytes of rows in one page; also what waits in memory before the spool is used. */
export const PAGE_BYTES = 1024 * 1024

/** Coded rows of up to so many bytes are put into the page. */
const INLINE_BYTES = 256 * 1024

/** Files told of in one page, at most. */
const PAGE_SEGMENTS = 8

/** How long rows that are there wait for more, in ms. */
const GATHER_MS = 10

/** The same when no client waits for them. */
const COLLECT_MS = 200

/** A client that takes nothing for so long pauses, in ms. */
const PAUSE_MS = 1000

/** Space on the disk comes back by other ways than ours, too. */
const RETRY_MS = 2000

export class ResultBuffer {
  readonly #frames: AsyncIterator<KernelFrame>
  readonly #options: BufferOptions
  readonly #queue: Chunk[] = []
  /** Bytes of the queue in memory. */
  #held = 0
  #rows = 0
  #ended = false
  #error: unknown
  #left = false
  #taken = Date.now()
  /** A client waits for rows. */
  #asking = false
  readonly #waiting = new Set<() => void>()

  constructor(frames: AsyncIterable<KernelFrame>, options: BufferOptions) {
    this.#frames = frames[Symbol.asyncIterator]()
    this.#options = options
    void this.#fill()
  }

  /** Waits up to `waitMs` for rows, then takes what is there, a page's worth at most. */
  async take(waitMs: number): Promise<Taken> {
    this.#asking = true
    await this.#until(() => this.#queue.length > 0 || this.#ended, waitMs)
    this.#asking = false
    if (!this.#full() && this.#queue.length > 0) await this.#until(() => this.#full() || this.#ended, GATHER_MS)
    const chunks: Chunk[] = []
    let bytes = 0
    for (let next = this.#queue[0]; next !== undefined; next = this.#queue[0]) {
      const inPage = this.#options.coding === undefined || next.content.kind === 'memory' ? next.size : 0
      if (chunks.length > 0 && (bytes + inPage > 2 * PAGE_BYTES || bytes >= PAGE_BYTES || chunks.length >= PAGE_SEGMENTS)) break
      this.#queue.shift()
      if (next.content.kind === 'memory') this.#held -= next.size
      chunks.push(next)
      bytes += inPage
    }
    this.#taken = Date.now()
    this.#tell()
    // Rows that came before a failure are given first; the failure is still there for the next page.
    const ended = this.#ended && this.#queue.length === 0 && (this.#error === undefined || chunks.length === 0)
    return { chunks, ended, error: ended ? this.#error : undefined }
  }

  /** Leaves the result, which ends the query; what has not been taken is dropped. */
  async leave(): Promise<void> {
    this.#left = true
    for (const { content } of this.#queue.splice(0)) if (content.kind === 'file') this.#options.spool.remove(content.segment)
    this.#held = 0
    this.#tell()
    await this.#frames.return?.()
  }

  #full(): boolean {
    return this.#held >= PAGE_BYTES || this.#queue.length >= PAGE_SEGMENTS
  }

  async #fill(): Promise<void> {
    try {
      if (this.#options.coding === undefined) await this.#fillPlain()
      else await this.#fillCoded(this.#options.coding)
    } catch (error) {
      this.#error = error
      // The frames may not know of it: a disk that fails is no failure of theirs.
      await this.#frames.return?.().catch(() => undefined)
    }
    this.#ended = true
    this.#tell()
  }

  /** Frames as they come: each is about a page. */
  async #fillPlain(): Promise<void> {
    for (let next = await this.#frames.next(); next.done !== true && !this.#left; next = await this.#frames.next()) {
      const { bytes, rows } = next.value
      if (bytes.length === 0) continue
      const fits = () => this.#left || this.#held === 0 || this.#held + bytes.length <= 2 * PAGE_BYTES
      await this.#until(fits, this.#taken + PAUSE_MS - Date.now())
      await this.#add({ rows, size: bytes.length, uncompressedSize: undefined }, bytes, fits())
    }
  }

  /** Frames are put together to segments: few files, and they compress better. The first rows leave at once. */
  async #fillCoded(coding: RowCoding): Promise<void> {
    let frames: KernelFrame[] = []
    let bytes = 0
    let next = this.#step()
    for (;;) {
      const step = await (frames.length === 0 ? next : within(next, this.#asking ? GATHER_MS : COLLECT_MS))
      if (this.#left) return
      if (step?.kind === 'frame' && step.frame.bytes.length > 0) {
        frames.push(step.frame)
        bytes += step.frame.bytes.length
      }
      const target = this.#rows === 0 ? PAGE_BYTES : segmentTarget(coding)
      if (frames.length > 0 && (step?.kind !== 'frame' || bytes >= target)) {
        const coded = await encodeRows(frames, coding)
        const rows = frames.reduce((sum, one) => sum + one.rows, 0)
        frames = []
        bytes = 0
        const size = coded.bytes.length
        const inline = size <= INLINE_BYTES && this.#held + size <= 2 * PAGE_BYTES
        await this.#add({ rows, size, uncompressedSize: coded.uncompressedSize }, coded.bytes, inline)
      }
      if (step?.kind === 'end') return
      if (step?.kind === 'failed') throw step.error
      if (step !== undefined) next = this.#step()
    }
  }

  async #step(): Promise<
    | { readonly kind: 'frame'; readonly frame: KernelFrame }
    | { readonly kind: 'end' }
    | { readonly kind: 'failed'; readonly error: unknown }
  > {
    try {
      const next = await this.#frames.next()
      return next.done === true ? { kind: 'end' } : { kind: 'frame', frame: next.value }
    } catch (error) {
      return { kind: 'failed', error }
    }
  }

  /** Puts rows where there is room; waits when there is none. */
  async #add(rows: Pick<Chunk, 'rows' | 'size' | 'uncompressedSize'>, bytes: Uint8Array, inMemory: boolean): Promise<void> {
    const { spool, statement } = this.#options
    const offset = this.#rows
    this.#rows += rows.rows
    let segment: Segment | undefined
    // Without a place on the disk the client gets the rows in a page all the same, one chunk after the other.
    while (!inMemory && !this.#left) {
      segment = await spool.store(statement, bytes)
      if (segment !== undefined || this.#held === 0) break
      await this.#until(() => this.#left || this.#held === 0, RETRY_MS)
    }
    if (this.#left) {
      if (segment !== undefined) spool.remove(segment)
      return
    }
    if (segment === undefined) this.#held += rows.size
    this.#queue.push({ ...rows, offset, content: segment === undefined ? { kind: 'memory', bytes } : { kind: 'file', segment } })
    this.#tell()
  }

  #tell(): void {
    for (const told of [...this.#waiting]) told()
  }

  /** Waits until something is so, or for `ms`. */
  async #until(so: () => boolean, ms: number): Promise<void> {
    if (so() || ms <= 0) return
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer)
        this.#waiting.delete(told)
        resolve()
      }
      const told = (): void => {
        if (so()) done()
      }
      const timer = setTimeout(done, ms)
      this.#waiting.add(told)
    })
  }
}

/** The promise's value, or undefined when it takes longer. Throws what it throws. */
export async function within<T>(promise: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
