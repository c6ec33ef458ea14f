/** XXH64 (github.com/Cyan4973/xxHash, doc/xxhash_spec.md) with seed 0: the hash of Parquet's bloom filters. Unsigned. */

const PRIME_1 = 0x9e3779b185ebca87n
const PRIME_2 = 0xc2b2ae3d27d4eb4fn
const PRIME_3 = 0x165667b19e3779f9n
const PRIME_4 = 0x85ebca77c2b2ae63n
const PRIME_5 = 0x27d4eb2f165667c5n

/** Bytes that the four accumulators take at once. */
const STRIPE = 32

const wrap = (value: bigint): bigint => BigInt.asUintN(64, value)
const rotate = (value: bigint, by: bigint): bigint => wrap(value << by) | (value >> (64n - by))
const round = (accumulator: bigint, lane: bigint): bigint => wrap(rotate(wrap(accumulator + lane * PRIME_2), 31n) * PRIME_1)
const merge = (accumulator: bigint, lane: bigint): bigint => wrap((accumulator ^ round(0n, lane)) * PRIME_1 + PRIME_4)

export function xxh64(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  let hash = PRIME_5
  if (bytes.length >= STRIPE) {
    let a = wrap(PRIME_1 + PRIME_2)
    let b = PRIME_2
    let c = 0n
    let d = wrap(-PRIME_1)
    for (; at + STRIPE <= bytes.length; at += STRIPE) {
      a = round(a, view.getBigUint64(at, true))
      b = round(b, view.getBigUint64(at + 8, true))
      c = round(c, view.getBigUint64(at + 16, true))
      d = round(d, view.getBigUint64(at + 24, true))
    }
    hash = wrap(rotate(a, 1n) + rotate(b, 7n) + rotate(c, 12n) + rotate(d, 18n))
    hash = merge(merge(merge(merge(hash, a), b), c), d)
  }
  hash = wrap(hash + BigInt(bytes.length))
  for (; at + 8 <= bytes.length; at += 8) hash = wrap(rotate(hash ^ round(0n, view.getBigUint64(at, true)), 27n) * PRIME_1 + PRIME_4)
  if (at + 4 <= bytes.length) {
    hash = wrap(rotate(hash ^ wrap(BigInt(view.getUint32(at, true)) * PRIME_1), 23n) * PRIME_2 + PRIME_3)
    at += 4
  }
  for (; at < bytes.length; at++) hash = wrap(rotate(hash ^ wrap(BigInt(view.getUint8(at)) * PRIME_5), 11n) * PRIME_1)
  hash = wrap((hash ^ (hash >> 33n)) * PRIME_2)
  hash = wrap((hash ^ (hash >> 29n)) * PRIME_3)
  return hash ^ (hash >> 32n)
}
