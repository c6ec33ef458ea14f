/** Hashes of values as Trino's checksum takes them, and their shares in its sum: hash times a prime, modulo 2^64. */
import { computed } from './computed-function.ts'
import { xxHash64 } from './fast-hashes.ts'

const PRIME = 0x9e3779b185ebca87n
const SECOND_PRIME = 0xc2b2ae3d27d4eb4fn

const wrap = (value: bigint): bigint => BigInt.asIntN(64, value)
const share = (bytes: Uint8Array): bigint => wrap(xxHash64(bytes) * PRIME)

function littleEndian(write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(8)
  write(new DataView(bytes.buffer))
  return bytes
}

const ofLong = (value: bigint): bigint => wrap(xxHash64(littleEndian((view) => view.setBigInt64(0, wrap(value), true))))

/** The hash code of Java's longs, which rows take for their fields. */
function mixed(value: bigint): bigint {
  const product = BigInt.asUintN(64, value * SECOND_PRIME)
  return wrap(((product << 31n) | (product >> 33n)) * PRIME)
}

function ofHalves(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return ofLong(view.getBigInt64(0, true)) ^ ofLong(view.getBigInt64(8, true))
}

/** Milliseconds and the picoseconds beyond them. */
function ofMicros(micros: bigint): bigint {
  const rest = ((micros % 1000n) + 1000n) % 1000n
  return ofLong((micros - rest) / 1000n) ^ ofLong(rest * 1_000_000n)
}

const bits = new DataView(new ArrayBuffer(8))

export const CHECKSUMS = [
  computed('weir_checksum_of_integer', ['BIGINT'], 'BIGINT', (value) => share(littleEndian((view) => view.setBigInt64(0, value, true)))),
  computed('weir_checksum_of_double', ['DOUBLE'], 'BIGINT', (value) =>
    share(littleEndian((view) => view.setFloat64(0, value === 0 ? 0 : value, true))),
  ),
  computed('weir_checksum_of_bytes', ['BLOB'], 'BIGINT', share),
  computed('weir_checksum_share', ['BIGINT'], 'BIGINT', (hash) => wrap(hash * PRIME), { isCheap: true }),
  computed('weir_checksum_bytes', ['VARCHAR'], 'BLOB', (sum) =>
    littleEndian((view) => view.setBigInt64(0, BigInt.asIntN(64, BigInt(sum)), true)),
  ),
  computed('weir_hash_of_long', ['BIGINT'], 'BIGINT', ofLong),
  computed('weir_hash_of_bytes', ['BLOB'], 'BIGINT', (bytes) => wrap(xxHash64(bytes))),
  computed('weir_hash_of_halves', ['BLOB'], 'BIGINT', ofHalves),
  computed('weir_hash_of_int128', ['VARCHAR'], 'BIGINT', (text) => ofLong(BigInt(text) >> 64n) ^ ofLong(BigInt(text))),
  computed('weir_hash_of_micros', ['BIGINT'], 'BIGINT', ofMicros),
  computed('weir_hash_mixed', ['BIGINT'], 'BIGINT', mixed, { isCheap: true }),
  computed('weir_hash_next', ['BIGINT', 'BIGINT'], 'BIGINT', (hash, next) => wrap(31n * hash + next), { isCheap: true }),
  computed('weir_hash_wrapped', ['VARCHAR'], 'BIGINT', (sum) => wrap(BigInt(sum)), { isCheap: true }),
  computed(
    'weir_float_bits',
    ['FLOAT'],
    'BIGINT',
    (value) => {
      bits.setFloat32(0, value === 0 ? 0 : value)
      return BigInt(bits.getInt32(0))
    },
    { isCheap: true },
  ),
  computed(
    'weir_double_bits',
    ['DOUBLE'],
    'BIGINT',
    (value) => {
      bits.setFloat64(0, value === 0 ? 0 : value)
      return bits.getBigInt64(0)
    },
    { isCheap: true },
  ),
]
