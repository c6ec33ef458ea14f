/** The shares of values in Trino's checksum: hash times a prime, modulo 2^64. */
import { computed } from './computed-function.ts'
import { xxHash64 } from './fast-hashes.ts'

const PRIME = 0x9e3779b185ebca87n

const share = (bytes: Uint8Array): bigint => BigInt.asIntN(64, xxHash64(bytes) * PRIME)

function littleEndian(write: (view: DataView) => void): Uint8Array {
  const bytes = new Uint8Array(8)
  write(new DataView(bytes.buffer))
  return bytes
}

export const CHECKSUMS = [
  computed('weir_checksum_of_integer', ['BIGINT'], 'BIGINT', (value) => share(littleEndian((view) => view.setBigInt64(0, value, true)))),
  computed('weir_checksum_of_double', ['DOUBLE'], 'BIGINT', (value) =>
    share(littleEndian((view) => view.setFloat64(0, value === 0 ? 0 : value, true))),
  ),
  computed('weir_checksum_of_bytes', ['BLOB'], 'BIGINT', share),
  computed('weir_checksum_bytes', ['VARCHAR'], 'BLOB', (sum) =>
    littleEndian((view) => view.setBigInt64(0, BigInt.asIntN(64, BigInt(sum)), true)),
  ),
]
