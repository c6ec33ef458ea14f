/**
 * Parquet's split-block bloom filter (parquet-format, BloomFilter.md): a header and blocks of eight 32-bit words. A value's
 * hash chooses one block by its upper half and one bit in each of its words by its lower half; a bit that is not set says
 * that the value does not occur in the column chunk.
 */
import { CompactReader, ThriftError, WIRE } from './thrift-compact.ts'

const SALT = [0x47b6137b, 0x44974d91, 0x8824ad5b, 0xa2b7289d, 0x705495c7, 0x2df1424b, 0x9efc4947, 0x5c6bfb31] as const
const BLOCK_BYTES = 32

export class BloomFilter {
  readonly #bits: DataView
  readonly #blocks: bigint

  /** `bits`: whole blocks, one at least. */
  constructor(bits: Uint8Array) {
    this.#bits = new DataView(bits.buffer, bits.byteOffset, bits.byteLength)
    this.#blocks = BigInt(bits.length / BLOCK_BYTES)
  }

  /** `hash`: XXH64 of a value as PLAIN encodes it, without a length before it. False: the value does not occur. */
  mayContain(hash: bigint): boolean {
    const block = Number(((hash >> 32n) * this.#blocks) >> 32n) * BLOCK_BYTES
    const key = Number(hash & 0xffffffffn) | 0
    return SALT.every((salt, word) => (this.#bits.getUint32(block + word * 4, true) >>> (Math.imul(key, salt) >>> 27)) & 1)
  }
}

/**
 * The filter that begins with these bytes, which may go on behind it. Undefined for what is no whole filter of the kind
 * above: other algorithms, hashes and compressions may come with later versions of the format.
 */
export function readBloomFilter(bytes: Uint8Array): BloomFilter | undefined {
  try {
    const reader = new CompactReader(bytes)
    let size = 0
    let known = 0
    reader.struct((id) => {
      if (id === 1) size = reader.i32()
      // BLOCK, XXHASH and UNCOMPRESSED are the first member of their unions.
      else if (id >= 2 && id <= 4 && isFirstMember(reader)) known++
    })
    if (known !== 3 || size < BLOCK_BYTES || size % BLOCK_BYTES !== 0 || reader.offset + size > bytes.length) return undefined
    return new BloomFilter(bytes.subarray(reader.offset, reader.offset + size))
  } catch (error) {
    if (error instanceof ThriftError) return undefined
    throw error
  }
}

function isFirstMember(reader: CompactReader): boolean {
  let first = false
  reader.struct((id, type) => {
    first = id === 1 && type === WIRE.STRUCT
  })
  return first
}
