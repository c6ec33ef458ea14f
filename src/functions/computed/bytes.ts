/** Bytes of numbers and texts of bytes. */
import { computed, fail } from './computed-function.ts'

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
const sized = (size: number, write: (view: DataView) => void): Uint8Array => {
  const bytes = new Uint8Array(size)
  write(view(bytes))
  return bytes
}
const exactly = (bytes: Uint8Array, size: number, message: string): DataView => (bytes.length === size ? view(bytes) : fail(message))

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

function toBase32(bytes: Uint8Array): string {
  let text = ''
  let bits = 0
  let held = 0
  for (const byte of bytes) {
    held = ((held << 8) | byte) & 0xffff
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32[(held >> (bits - 5)) & 31]
  }
  if (bits > 0) text += BASE32[(held << (5 - bits)) & 31]
  return text.padEnd(Math.ceil(text.length / 8) * 8, '=')
}

function fromBase32(text: string): Uint8Array {
  const trimmed = text.replace(/=+$/, '')
  if ([1, 3, 6].includes(trimmed.length % 8)) fail(`Invalid input length ${trimmed.length}`)
  const bytes: number[] = []
  let bits = 0
  let held = 0
  for (const character of trimmed) {
    const value = BASE32.indexOf(character)
    if (value < 0) fail(`Unrecognized character: ${character}`)
    held = ((held << 5) | value) & 0xfff
    bits += 5
    if (bits >= 8) {
      bits -= 8
      bytes.push((held >> bits) & 0xff)
    }
  }
  return Uint8Array.from(bytes)
}

/** Java's decoders: padding may be missing, but not be wrong; nothing may follow it. */
function fromBase64(text: string, alphabet: RegExp): Uint8Array {
  const body = text.replace(/={1,2}$/, '')
  const illegal = [...body].find((character) => !alphabet.test(character))
  if (illegal !== undefined) fail(`Illegal base64 character ${illegal.charCodeAt(0).toString(16)}`)
  const rest = body.length % 4
  if (rest === 1) fail('Last unit does not have enough valid bits')
  const padding = text.length - body.length
  if (padding > 0 && padding !== (4 - rest) % 4) fail('Input byte array has wrong 4-byte ending unit')
  return Buffer.from(body, 'base64')
}

const STANDARD = /^[A-Za-z0-9+/]$/
const URL_SAFE = /^[A-Za-z0-9_-]$/
const ascii = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1')

function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0) fail('Invalid input length')
  if (!/^[0-9A-Fa-f]*$/.test(text)) fail(`Invalid hex character: ${text}`)
  return Buffer.from(text, 'hex')
}

export const BYTES = [
  computed('weir_to_big_endian_32', ['INTEGER'], 'BLOB', (value) => sized(4, (to) => to.setInt32(0, value))),
  computed('weir_to_big_endian_64', ['BIGINT'], 'BLOB', (value) => sized(8, (to) => to.setBigInt64(0, value))),
  computed('weir_from_big_endian_32', ['BLOB'], 'INTEGER', (bytes) => exactly(bytes, 4, 'expected 4-byte input').getInt32(0)),
  computed('weir_from_big_endian_64', ['BLOB'], 'BIGINT', (bytes) => exactly(bytes, 8, 'expected 8-byte input').getBigInt64(0)),
  computed('weir_to_ieee754_32', ['FLOAT'], 'BLOB', (value) => sized(4, (to) => to.setFloat32(0, value))),
  computed('weir_to_ieee754_64', ['DOUBLE'], 'BLOB', (value) => sized(8, (to) => to.setFloat64(0, value))),
  computed('weir_from_ieee754_32', ['BLOB'], 'FLOAT', (bytes) =>
    exactly(bytes, 4, 'Input floating-point value must be exactly 4 bytes long').getFloat32(0),
  ),
  computed('weir_from_ieee754_64', ['BLOB'], 'DOUBLE', (bytes) =>
    exactly(bytes, 8, 'Input floating-point value must be exactly 8 bytes long').getFloat64(0),
  ),
  computed('weir_to_base32', ['BLOB'], 'VARCHAR', toBase32),
  computed('weir_from_base32', ['VARCHAR'], 'BLOB', fromBase32),
  computed('weir_from_base32_bytes', ['BLOB'], 'BLOB', (bytes) => fromBase32(ascii(bytes))),
  computed('weir_from_base64', ['VARCHAR'], 'BLOB', (text) => fromBase64(text, STANDARD)),
  computed('weir_from_base64_bytes', ['BLOB'], 'BLOB', (bytes) => fromBase64(ascii(bytes), STANDARD)),
  computed('weir_to_base64url', ['BLOB'], 'VARCHAR', (bytes) =>
    Buffer.from(bytes).toString('base64').replaceAll('+', '-').replaceAll('/', '_'),
  ),
  computed('weir_from_base64url', ['VARCHAR'], 'BLOB', (text) => fromBase64(text, URL_SAFE)),
  computed('weir_from_base64url_bytes', ['BLOB'], 'BLOB', (bytes) => fromBase64(ascii(bytes), URL_SAFE)),
  computed('weir_from_hex', ['VARCHAR'], 'BLOB', fromHex),
  computed('weir_from_hex_bytes', ['BLOB'], 'BLOB', (bytes) => fromHex(ascii(bytes))),
  computed('weir_reverse_bytes', ['BLOB'], 'BLOB', (bytes) => bytes.toReversed()),
  computed('weir_substr_bytes', ['BLOB', 'BIGINT', 'BIGINT'], 'BLOB', (bytes, start, length) => {
    const size = BigInt(bytes.length)
    const from = start > 0n ? start - 1n : start < 0n ? size + start : -1n
    if (from < 0n || from >= size || length <= 0n) return new Uint8Array()
    if (length > LARGEST) fail(`Range [${from}, ${from} + ${LARGEST}) out of bounds for length ${size}`, 'GENERIC_INTERNAL_ERROR')
    const to = length > size - from ? size : from + length
    return bytes.slice(Number(from), Number(to))
  }),
  computed('weir_pad_bytes', ['BLOB', 'BIGINT', 'BLOB', 'BOOLEAN'], 'BLOB', padBytes),
]

const LARGEST = 2_147_483_647n

function padBytes(bytes: Uint8Array, size: bigint, padding: Uint8Array, left: boolean): Uint8Array {
  if (size < 0n || size > LARGEST) fail(`Target length must be in the range [0..${LARGEST}]`)
  if (padding.length === 0) fail('Padding bytes must not be empty')
  const missing = Number(size) - bytes.length
  if (missing <= 0) return bytes.slice(0, Number(size))
  if (missing > 100_000_000) fail('Padded bytes are too long', 'EXCEEDED_LOCAL_MEMORY_LIMIT')
  const pad = Uint8Array.from({ length: missing }, (_, index) => padding[index % padding.length] as number)
  return Buffer.concat(left ? [pad, bytes] : [bytes, pad])
}
