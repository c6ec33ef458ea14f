/** Buffers that grow as a record batch is filled. */

export class GrowingBytes {
  #bytes: Uint8Array
  length = 0

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity)
  }

  /** Where `count` more bytes are to be written; they belong to the buffer afterwards. */
  extend(count: number): Uint8Array {
    if (this.length + count > this.#bytes.length) this.#grow(this.length + count)
    this.length += count
    return this.#bytes.subarray(this.length - count, this.length)
  }

  #grow(needed: number): void {
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, needed))
    larger.set(this.#bytes.subarray(0, this.length))
    this.#bytes = larger
  }

  append(bytes: Uint8Array): void {
    this.extend(bytes.length).set(bytes)
  }

  /** Appends `length` bytes of `from`, at most 12: a loop is faster for so few. */
  appendShort(from: Uint8Array, at: number, length: number): void {
    if (this.length + length > this.#bytes.length) this.#grow(this.length + length)
    for (let index = 0; index < length; index++) this.#bytes[this.length + index] = from[at + index] as number
    this.length += length
  }

  /** The bytes themselves, aligned to 8; the buffer begins anew with memory of its own. */
  take(): Uint8Array {
    const taken = this.#bytes.subarray(0, this.length)
    this.#bytes = new Uint8Array(Math.max(64, Math.ceil(this.length / 8) * 8))
    this.length = 0
    return taken
  }
}

/** Offsets of Arrow's texts and lists: one more than there are values. */
export class GrowingOffsets {
  #values = new Int32Array(4096)
  #length = 1

  push(value: number): void {
    if (this.#length === this.#values.length) {
      const larger = new Int32Array(this.#values.length * 2)
      larger.set(this.#values)
      this.#values = larger
    }
    this.#values[this.#length++] = value
  }

  /** The offsets themselves, the first of them 0; the buffer begins anew. */
  take(): Int32Array {
    const taken = this.#values.subarray(0, this.#length)
    this.#values = new Int32Array(this.#values.length)
    this.#length = 1
    return taken
  }
}

/** Arrow's validity bitmap: least significant bit first, 1 = not NULL. */
export class GrowingBits {
  #bytes = new Uint8Array(256)
  length = 0
  zeros = 0

  push(bit: boolean): void {
    const byte = this.length >> 3
    if (byte >= this.#bytes.length) this.#grow(byte + 1)
    if (bit) this.#bytes[byte] = (this.#bytes[byte] as number) | (1 << (this.length & 7))
    else this.zeros++
    this.length++
  }

  pushOnes(count: number): void {
    let left = count
    while (left > 0 && (this.length & 7) !== 0) {
      this.push(true)
      left--
    }
    const whole = left >> 3
    if (whole > 0) {
      const byte = this.length >> 3
      if (byte + whole > this.#bytes.length) this.#grow(byte + whole)
      this.#bytes.fill(255, byte, byte + whole)
      this.length += whole * 8
      left -= whole * 8
    }
    for (; left > 0; left--) this.push(true)
  }

  #grow(bytes: number): void {
    const larger = new Uint8Array(Math.max(this.#bytes.length * 2, bytes))
    larger.set(this.#bytes)
    this.#bytes = larger
  }

  take(): { readonly bytes: Uint8Array; readonly zeros: number } {
    const taken = { bytes: this.#bytes.subarray(0, Math.ceil(this.length / 64) * 8), zeros: this.zeros }
    this.#bytes = new Uint8Array(Math.max(256, taken.bytes.length))
    this.length = 0
    this.zeros = 0
    return taken
  }
}
