/** Results of queries, encoded as they were sent, by what they were computed from (result-key.ts). In memory, least recently used out first. */
import { LRUCache } from 'lru-cache'
import type { KernelFrame } from '#src/kernel/kernel'

interface Stored {
  readonly frames: readonly KernelFrame[]
  readonly bytes: number
}

/** A larger result is not kept: it would push out many small ones, and whoever asks for so much mostly asks once. */
const LARGEST_SHARE = 1 / 8

/** What an entry costs beside its rows: the key and the lists. */
const ENTRY_BYTES = 512

export class ResultCache {
  readonly #results: LRUCache<string, Stored> | undefined
  readonly #largest: number

  /** @param budgetBytes of encoded rows; 0 keeps nothing */
  constructor(budgetBytes: number) {
    this.#largest = Math.floor(budgetBytes * LARGEST_SHARE)
    if (budgetBytes > 0) {
      this.#results = new LRUCache({ maxSize: budgetBytes, sizeCalculation: ({ bytes }) => bytes + ENTRY_BYTES })
    }
  }

  find(key: string): readonly KernelFrame[] | undefined {
    return this.#results?.get(key)?.frames
  }

  /** Passes the frames on and keeps them when all of them have come and `keeps` still says so. */
  async *collect(key: string, frames: AsyncIterable<KernelFrame>, keeps: () => boolean): AsyncGenerator<KernelFrame> {
    let kept: KernelFrame[] | undefined = this.#results === undefined ? undefined : []
    let bytes = 0
    for await (const frame of frames) {
      if (kept !== undefined) {
        bytes += frame.bytes.length
        if (bytes > this.#largest) kept = undefined
        // A copy: the frame may be a view of a larger buffer.
        else kept.push({ bytes: Uint8Array.from(frame.bytes), rows: frame.rows })
      }
      yield frame
    }
    if (kept !== undefined && keeps()) this.#results?.set(key, { frames: kept, bytes })
  }

  stats(): { readonly entries: number; readonly bytes: number } {
    return { entries: this.#results?.size ?? 0, bytes: this.#results?.calculatedSize ?? 0 }
  }

  clear(): void {
    this.#results?.clear()
  }
}
