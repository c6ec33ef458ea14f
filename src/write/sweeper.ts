/**
 * Removes the files that nobody needs any more, and only those that Weir wrote: of writes that were given up, and of those
 * that were replaced long enough ago. Files are removed by name; what is remembered of them goes after them, so that a
 * process that ends in between leaves nothing but work for the next sweep.
 */
import type { FilePlace } from '#catalog/store/write-store'
import { parseLocation } from '#connectors/storage/location'
import { StoreError } from '#connectors/storage/object-store'
import { SILENT_MS } from './liveness.ts'
import { removeFiles, type WriteTransactionDeps } from './write-transaction.ts'

export interface SweeperOptions extends Pick<WriteTransactionDeps, 'writes' | 'storeFor' | 'now'> {
  /** Replaced files stay so long for readers of other processes, in ms. */
  readonly graceMs: number
  /** When the oldest query of this process arrived; undefined when none runs. */
  readonly oldestReader: () => number | undefined
  readonly onFailure?: (error: unknown) => void
}

export interface Swept {
  /** Writes that were given up for dead. */
  readonly abandoned: number
  readonly deleted: number
}

/** Files of one round; between rounds the catalog is free. */
const MOST_FILES = 1000
const HEADS_AT_ONCE = 8
/** Statements under an idempotency key, and what conflicts are found by, are remembered for so long. */
const REMEMBERED_MS = 48 * 3_600_000
const EVERY_MS = 60_000

export class Sweeper {
  readonly #options: SweeperOptions
  #timer: NodeJS.Timeout | undefined
  #sweeping: Promise<Swept> | undefined

  constructor(options: SweeperOptions) {
    this.#options = options
  }

  /** Sweeps now and then, the first time soon. */
  start(everyMs = Math.min(EVERY_MS, Math.max(1000, this.#options.graceMs / 2))): void {
    this.#timer = setInterval(() => void this.sweep().catch((error: unknown) => this.#options.onFailure?.(error)), everyMs).unref()
  }

  /** One sweep at a time; who asks for another meanwhile waits for the one that runs. */
  sweep(): Promise<Swept> {
    this.#sweeping ??= this.#run().finally(() => {
      this.#sweeping = undefined
    })
    return this.#sweeping
  }

  async close(): Promise<void> {
    clearInterval(this.#timer)
    await this.#sweeping?.catch(() => undefined)
  }

  async #run(): Promise<Swept> {
    const { writes, now, graceMs, oldestReader } = this.#options
    const abandoned = await writes.abandoned(now() - SILENT_MS)
    for (const sequence of abandoned) await writes.abort(sequence, now())
    let deleted = 0
    for (const sequence of await writes.aborted()) {
      deleted += await this.#removeAll(() => writes.filesOf(sequence, MOST_FILES))
    }
    // A query of this process may have been planned before the replacement.
    const before = Math.min(now() - graceMs, oldestReader() ?? Number.POSITIVE_INFINITY)
    deleted += await this.#removeReplaced(before)
    await writes.forgetEnded(now() - REMEMBERED_MS)
    return { abandoned: abandoned.length, deleted }
  }

  /** What somebody has written over a replaced file is theirs. */
  async #removeReplaced(before: number): Promise<number> {
    const { writes } = this.#options
    for (let removed = 0; ; ) {
      const files = await writes.replacedBefore(before, MOST_FILES)
      if (files.length === 0) return removed
      const versions = await this.#versions(files)
      const own = files.filter(({ version }, index) => version === undefined || versions[index] === version)
      await removeFiles(own, this.#options)
      await writes.forgetFiles(files)
      removed += own.length
    }
  }

  /** Undefined: the file is gone. */
  async #versions(files: readonly FilePlace[]): Promise<readonly (string | undefined)[]> {
    const versions: (string | undefined)[] = []
    let next = 0
    const run = async (): Promise<void> => {
      while (next < files.length) {
        const index = next++
        const { bucket, key } = files[index] as FilePlace
        const store = this.#options.storeFor(parseLocation(`${bucket}/`).bucket)
        versions[index] = await store.head(key).then(
          ({ version }) => version,
          (error: unknown) => {
            if (error instanceof StoreError && error.kind === 'not-found') return undefined
            throw error
          },
        )
      }
    }
    await Promise.all(Array.from({ length: HEADS_AT_ONCE }, run))
    return versions
  }

  async #removeAll(next: () => Promise<Parameters<typeof removeFiles>[0]>): Promise<number> {
    for (let removed = 0; ; ) {
      const files = await next()
      if (files.length === 0) return removed
      await removeFiles(files, this.#options)
      removed += files.length
    }
  }
}
