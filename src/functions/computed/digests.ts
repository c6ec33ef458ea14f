/** Digests and checksums that the kernel has not. Byte orders are those of Trino's results. */
import { createHmac, hash } from 'node:crypto'
import { crc32 } from 'node:zlib'
import { computed, fail } from './computed-function.ts'
import { murmur3, spookyShort32, spookyShort64, xxHash64 } from './fast-hashes.ts'

const hmac = (algorithm: string) =>
  computed(`weir_hmac_${algorithm}`, ['BLOB', 'BLOB'], 'BLOB', (data, key) => {
    // Java's library takes no empty key.
    if (key.length === 0) fail('Empty key', 'GENERIC_INTERNAL_ERROR')
    return createHmac(algorithm, key).update(data).digest()
  })

export const DIGESTS = [
  computed('weir_sha512', ['BLOB'], 'BLOB', (data) => hash('sha512', data, 'buffer')),
  hmac('md5'),
  hmac('sha1'),
  hmac('sha256'),
  hmac('sha512'),
  computed('weir_crc32', ['BLOB'], 'BIGINT', (data) => BigInt(crc32(data))),
  computed('weir_xxhash64', ['BLOB'], 'BLOB', (data) => bigEndian(xxHash64(data))),
  computed('weir_murmur3', ['BLOB'], 'BLOB', murmur3),
  computed('weir_spooky_hash_v2_32', ['BLOB'], 'BLOB', (data) => {
    const bytes = new Uint8Array(4)
    new DataView(bytes.buffer).setUint32(0, spookyShort32(data))
    return bytes
  }),
  computed('weir_spooky_hash_v2_64', ['BLOB'], 'BLOB', (data) => bigEndian(spookyShort64(data))),
]

function bigEndian(value: bigint): Uint8Array {
  const bytes = new Uint8Array(8)
  new DataView(bytes.buffer).setBigUint64(0, value)
  return bytes
}
