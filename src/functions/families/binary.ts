/** Bytes, their texts and digests. */
import { scalar } from '../definition.ts'

const DIGESTS = ['md5', 'sha1', 'sha256'] as const
const COMPUTED_DIGESTS = [
  ['sha512', 'SHA-512 digest'],
  ['xxhash64', 'xxHash64'],
  ['murmur3', 'MurmurHash3 of 128 bits'],
  ['spooky_hash_v2_32', 'SpookyHash V2 of 32 bits'],
  ['spooky_hash_v2_64', 'SpookyHash V2 of 64 bits'],
] as const

/** Decoders read texts, and bytes that are ASCII. */
const decoder = (name: string, description: string) => [
  scalar(`${name}(varchar(x)) -> varbinary`, description, `weir_${name}($1)`),
  scalar(`${name}(varbinary) -> varbinary`, description, `weir_${name}_bytes($1)`),
]

const padded = (name: 'lpad' | 'rpad') =>
  scalar(
    `${name}(varbinary, bigint, varbinary) -> varbinary`,
    name === 'lpad' ? 'Fills or cuts on the left' : 'Fills or cuts on the right',
    `weir_pad_bytes($1, $2, $3, ${name === 'lpad'})`,
  )

export const binaryFunctions = [
  scalar('length(varbinary) -> bigint', 'Number of bytes', 'CAST(octet_length($1) AS BIGINT)'),
  ...DIGESTS.map((name) => scalar(`${name}(varbinary) -> varbinary`, `${name.toUpperCase()} digest`, `from_hex(${name}($1))`)),
  ...COMPUTED_DIGESTS.map(([name, what]) => scalar(`${name}(varbinary) -> varbinary`, what, `weir_${name}($1)`)),
  ...['md5', 'sha1', 'sha256', 'sha512'].map((name) =>
    scalar(`hmac_${name}(varbinary, varbinary) -> varbinary`, `Keyed ${name.toUpperCase()} digest`, `weir_hmac_${name}($1, $2)`),
  ),
  scalar('crc32(varbinary) -> bigint', 'CRC-32 checksum', 'weir_crc32($1)'),
  scalar('to_hex(varbinary) -> varchar', 'Hexadecimal text', 'hex($1)'),
  ...decoder('from_hex', 'Bytes of a hexadecimal text'),
  scalar('to_base64(varbinary) -> varchar', 'Base64 text', 'to_base64($1)'),
  ...decoder('from_base64', 'Bytes of a base64 text'),
  scalar('to_base64url(varbinary) -> varchar', 'Base64 text for URLs', 'weir_to_base64url($1)'),
  ...decoder('from_base64url', 'Bytes of a base64 text for URLs'),
  scalar('to_base32(varbinary) -> varchar', 'Base32 text', 'weir_to_base32($1)'),
  ...decoder('from_base32', 'Bytes of a base32 text'),
  scalar('to_big_endian_32(integer) -> varbinary', 'The four bytes of a number', 'weir_to_big_endian_32($1)'),
  scalar('to_big_endian_64(bigint) -> varbinary', 'The eight bytes of a number', 'weir_to_big_endian_64($1)'),
  scalar('from_big_endian_32(varbinary) -> integer', 'Number of four bytes', 'weir_from_big_endian_32($1)'),
  scalar('from_big_endian_64(varbinary) -> bigint', 'Number of eight bytes', 'weir_from_big_endian_64($1)'),
  scalar('to_ieee754_32(real) -> varbinary', 'The four bytes of a number', 'weir_to_ieee754_32($1)'),
  scalar('to_ieee754_64(double) -> varbinary', 'The eight bytes of a number', 'weir_to_ieee754_64($1)'),
  scalar('from_ieee754_32(varbinary) -> real', 'Number of four bytes', 'weir_from_ieee754_32($1)'),
  scalar('from_ieee754_64(varbinary) -> double', 'Number of eight bytes', 'weir_from_ieee754_64($1)'),
  scalar('reverse(varbinary) -> varbinary', 'Bytes in reverse order', 'weir_reverse_bytes($1)'),
  scalar('substr(varbinary, bigint) -> varbinary', 'Part of some bytes', 'weir_substr_bytes($1, $2, CAST(2147483647 AS BIGINT))'),
  scalar('substr(varbinary, bigint, bigint) -> varbinary', 'Part of some bytes', 'weir_substr_bytes($1, $2, $3)'),
  padded('lpad'),
  padded('rpad'),
].flat()
