/** Cuts what is written into parts of a given size. Copies: the caller may reuse its buffers. */
export class PartBuffer {
  #buffer: Buffer
  #filled = 0

  constructor(size: number) {
    this.#buffer = Buffer.allocUnsafeSlow(size)
  }

  get length(): number {
    return this.#filled
  }

  /** Yields each part that became full; `nextSize` is asked after each for the size of the next. */
  *add(bytes: Uint8Array, nextSize: () => number): Iterable<Uint8Array> {
    for (let at = 0; at < bytes.length; ) {
      const taken = bytes.subarray(at, at + this.#buffer.length - this.#filled)
      this.#buffer.set(taken, this.#filled)
      this.#filled += taken.length
      at += taken.length
      if (this.#filled < this.#buffer.length) return
      const full = this.#buffer
      yield full
      this.#buffer = Buffer.allocUnsafeSlow(nextSize())
      this.#filled = 0
    }
  }

  /** What is left over. */
  rest(): Uint8Array {
    return this.#buffer.subarray(0, this.#filled)
  }
}
