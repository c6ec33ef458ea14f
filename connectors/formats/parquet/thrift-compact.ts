/**
 * Reader of Thrift's compact protocol (thrift/doc/specs/thrift-compact-protocol.md), as far as Parquet's footer uses it.
 * It walks bytes instead of building objects, so that the footer's decoder picks what it needs and the splicer can copy
 * everything else byte by byte.
 */

export const WIRE = {
  STOP: 0,
  TRUE: 1,
  FALSE: 2,
  BYTE: 3,
  I16: 4,
  I32: 5,
  I64: 6,
  DOUBLE: 7,
  BINARY: 8,
  LIST: 9,
  SET: 10,
  MAP: 11,
  STRUCT: 12,
  UUID: 13,
} as const

/** The bytes are not what the protocol allows. */
export class ThriftError extends Error {}

/** Deeper nesting than any Parquet structure has: a hostile file must not overflow the stack. */
const MAX_DEPTH = 64

export class CompactReader {
  readonly bytes: Uint8Array
  offset: number
  #depth = 0

  constructor(bytes: Uint8Array, offset = 0) {
    this.bytes = bytes
    this.offset = offset
  }

  /** Calls `onField` with each field's id and wire type; a field that it does not read (offset unmoved) is skipped. Booleans have no bytes: their wire type is their value. */
  struct(onField: (id: number, type: number) => void): void {
    if (++this.#depth > MAX_DEPTH) throw new ThriftError('structures are nested too deeply')
    for (let id = 0; ; ) {
      const head = this.byte()
      const type = head & 0x0f
      if (type === WIRE.STOP) break
      const delta = head >> 4
      id = delta === 0 ? this.i32() : id + delta
      const before = this.offset
      onField(id, type)
      if (this.offset === before) this.skip(type)
    }
    this.#depth--
  }

  /** Calls `onElement` for each element; it must consume it. Returns nothing for the element's type is the schema's business. */
  list(onElement: (type: number, index: number) => void): void {
    const { type, size } = this.listHead()
    for (let index = 0; index < size; index++) onElement(type, index)
  }

  listHead(): { readonly type: number; readonly size: number } {
    const head = this.byte()
    const size = head >> 4 === 15 ? this.varint() : head >> 4
    // Every element takes a byte at least: a size beyond that is a lie that would only cost memory.
    if (size > this.bytes.length - this.offset) throw new ThriftError('a list is longer than the bytes that hold it')
    return { type: head & 0x0f, size }
  }

  byte(): number {
    const value = this.bytes[this.offset]
    if (value === undefined) throw new ThriftError('it ends too early')
    this.offset++
    return value
  }

  /** Unsigned, up to 2^53. */
  varint(): number {
    let result = 0
    let factor = 1
    for (let count = 0; count < 10; count++) {
      const byte = this.byte()
      result += (byte & 0x7f) * factor
      if (byte < 0x80) {
        if (result > Number.MAX_SAFE_INTEGER) throw new ThriftError('a number is too large')
        return result
      }
      factor *= 128
    }
    throw new ThriftError('a number is too long')
  }

  /** Zigzag i16 and i32. */
  i32(): number {
    return this.i64()
  }

  /** Zigzag i64 within the safe integers: sizes, offsets and counts. */
  i64(): number {
    const folded = this.varint()
    return folded % 2 === 0 ? folded / 2 : -(folded + 1) / 2
  }

  /** A view, not a copy. */
  binary(): Uint8Array {
    const length = this.varint()
    if (length > this.bytes.length - this.offset) throw new ThriftError('a string is longer than the bytes that hold it')
    this.offset += length
    return this.bytes.subarray(this.offset - length, this.offset)
  }

  text(): string {
    return decoder.decode(this.binary())
  }

  skip(type: number): void {
    switch (type) {
      case WIRE.TRUE:
      case WIRE.FALSE:
        return
      case WIRE.BYTE:
        this.#advance(1)
        return
      case WIRE.I16:
      case WIRE.I32:
      case WIRE.I64:
        while (this.byte() >= 0x80);
        return
      case WIRE.DOUBLE:
        this.#advance(8)
        return
      case WIRE.UUID:
        this.#advance(16)
        return
      case WIRE.BINARY:
        this.binary()
        return
      case WIRE.LIST:
      case WIRE.SET: {
        const { type: element, size } = this.listHead()
        for (let index = 0; index < size; index++) this.#skipElement(element)
        return
      }
      case WIRE.MAP: {
        const size = this.varint()
        if (size === 0) return
        if (size > this.bytes.length - this.offset) throw new ThriftError('a map is longer than the bytes that hold it')
        const types = this.byte()
        for (let index = 0; index < size; index++) {
          this.#skipElement(types >> 4)
          this.#skipElement(types & 0x0f)
        }
        return
      }
      case WIRE.STRUCT:
        this.struct(() => {})
        return
      default:
        throw new ThriftError(`unknown wire type ${type}`)
    }
  }

  /** In a list a boolean takes a byte; in a struct its field header holds it. */
  #skipElement(type: number): void {
    if (type === WIRE.TRUE || type === WIRE.FALSE) this.#advance(1)
    else this.skip(type)
  }

  #advance(count: number): void {
    if (count > this.bytes.length - this.offset) throw new ThriftError('it ends too early')
    this.offset += count
  }
}

const decoder = new TextDecoder()
