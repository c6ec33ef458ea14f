/**
 * Memory for bodies on their way from a store to the disk, used again and again. New buffers would be freed by the collector, which
 * their size sets off (see common/external-memory.ts): a cold TPC-H query of 75 MB had two major collections.
 */

/** Smaller ones are not worth keeping; larger ones are no ranged reads. */
const SMALLEST = 64 * 1024
const LARGEST = 4 * 1024 * 1024
/** Half of what the requests of one scan can hold at once; most are far smaller than the largest. */
const MOST_IDLE_BYTES = 32 * LARGEST
/** Then an idle server gives the memory back. */
const IDLE_MS = 5_000

export class ReadBuffers {
  /** By size, which is a power of two. */
  readonly #idle = new Map<number, ArrayBufferLike[]>()
  readonly #own = new WeakSet<ArrayBufferLike>()
  #idleBytes = 0
  #timer: NodeJS.Timeout | undefined

  /** A buffer of exactly `length` bytes, with anything in it. */
  readonly take = (length: number): Buffer => {
    if (length > LARGEST) return Buffer.allocUnsafeSlow(length)
    const size = Math.max(SMALLEST, 2 ** Math.ceil(Math.log2(Math.max(1, length))))
    const memory = this.#idle.get(size)?.pop()
    if (memory !== undefined) {
      this.#idleBytes -= size
      return Buffer.from(memory, 0, length)
    }
    const { buffer } = Buffer.allocUnsafeSlow(size)
    this.#own.add(buffer)
    return Buffer.from(buffer, 0, length)
  }

  /** Nobody reads or writes it any more. One that is never given back is the collector's, as is memory that is not of `take`. */
  give({ buffer }: Uint8Array): void {
    const size = buffer.byteLength
    if (!this.#own.has(buffer) || this.#idleBytes + size > MOST_IDLE_BYTES) return
    const same = this.#idle.get(size)
    if (same === undefined) this.#idle.set(size, [buffer])
    else same.push(buffer)
    this.#idleBytes += size
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#drop(), IDLE_MS).unref()
    else this.#timer.refresh()
  }

  #drop(): void {
    this.#timer = undefined
    this.#idle.clear()
    this.#idleBytes = 0
  }
}
