/** xxHash64, MurmurHash3 (x64, 128 bits) and SpookyHash V2, all with seed 0, by their published definitions. */

const MASK = (1n << 64n) - 1n
const mul = (a: bigint, b: bigint): bigint => (a * b) & MASK
const add = (a: bigint, b: bigint): bigint => (a + b) & MASK
const rotl = (x: bigint, bits: bigint): bigint => ((x << bits) | (x >> (64n - bits))) & MASK

const viewOf = (data: Uint8Array): DataView => new DataView(data.buffer, data.byteOffset, data.byteLength)

// ---------------------------------------------------------------- xxHash64

const P1 = 0x9e3779b185ebca87n
const P2 = 0xc2b2ae3d27d4eb4fn
const P3 = 0x165667b19e3779f9n
const P4 = 0x85ebca77c2b2ae63n
const P5 = 0x27d4eb2f165667c5n

export function xxHash64(data: Uint8Array): bigint {
  const view = viewOf(data)
  const { length } = data
  const round = (accumulator: bigint, input: bigint) => mul(rotl(add(accumulator, mul(input, P2)), 31n), P1)
  const merge = (hash: bigint, accumulator: bigint) => add(mul(hash ^ round(0n, accumulator), P1), P4)
  let at = 0
  let hash = P5
  if (length >= 32) {
    let v1 = add(P1, P2)
    let v2 = P2
    let v3 = 0n
    let v4 = (MASK + 1n - P1) & MASK
    for (; at + 32 <= length; at += 32) {
      v1 = round(v1, view.getBigUint64(at, true))
      v2 = round(v2, view.getBigUint64(at + 8, true))
      v3 = round(v3, view.getBigUint64(at + 16, true))
      v4 = round(v4, view.getBigUint64(at + 24, true))
    }
    hash = add(add(rotl(v1, 1n), rotl(v2, 7n)), add(rotl(v3, 12n), rotl(v4, 18n)))
    for (const v of [v1, v2, v3, v4]) hash = merge(hash, v)
  }
  hash = add(hash, BigInt(length))
  for (; at + 8 <= length; at += 8) hash = add(mul(rotl(hash ^ round(0n, view.getBigUint64(at, true)), 27n), P1), P4)
  for (; at + 4 <= length; at += 4) hash = add(mul(rotl(hash ^ mul(BigInt(view.getUint32(at, true)), P1), 23n), P2), P3)
  for (; at < length; at++) hash = mul(rotl(hash ^ mul(BigInt(view.getUint8(at)), P5), 11n), P1)
  hash = mul(hash ^ (hash >> 33n), P2)
  hash = mul(hash ^ (hash >> 29n), P3)
  return hash ^ (hash >> 32n)
}

// ---------------------------------------------------------------- MurmurHash3

const C1 = 0x87c37b91114253d5n
const C2 = 0x4cf5ad432745937fn

export function murmur3(data: Uint8Array): Uint8Array {
  const view = viewOf(data)
  const { length } = data
  let h1 = 0n
  let h2 = 0n
  let at = 0
  const mixFirst = (k: bigint) => mul(rotl(mul(k, C1), 31n), C2)
  const mixSecond = (k: bigint) => mul(rotl(mul(k, C2), 33n), C1)
  for (; at + 16 <= length; at += 16) {
    h1 ^= mixFirst(view.getBigUint64(at, true))
    h1 = add(mul(add(rotl(h1, 27n), h2), 5n), 0x52dce729n)
    h2 ^= mixSecond(view.getBigUint64(at + 8, true))
    h2 = add(mul(add(rotl(h2, 31n), h1), 5n), 0x38495ab5n)
  }
  h2 ^= mixSecond(littleEndian(data, at + 8, length))
  h1 ^= mixFirst(littleEndian(data, at, Math.min(at + 8, length)))
  h1 ^= BigInt(length)
  h2 ^= BigInt(length)
  h1 = add(h1, h2)
  h2 = add(h2, h1)
  h1 = finalMix(h1)
  h2 = finalMix(h2)
  h1 = add(h1, h2)
  h2 = add(h2, h1)
  const bytes = new Uint8Array(16)
  viewOf(bytes).setBigUint64(0, h1, true)
  viewOf(bytes).setBigUint64(8, h2, true)
  return bytes
}

function finalMix(value: bigint): bigint {
  let k = mul(value ^ (value >> 33n), 0xff51afd7ed558ccdn)
  k = mul(k ^ (k >> 33n), 0xc4ceb9fe1a85ec53n)
  return k ^ (k >> 33n)
}

/** The number that the bytes from `start` up to `end` (at most 8) are. */
function littleEndian(data: Uint8Array, start: number, end: number): bigint {
  let value = 0n
  for (let at = end - 1; at >= start; at--) value = (value << 8n) | BigInt(data[at] as number)
  return value
}

// ---------------------------------------------------------------- SpookyHash V2

const MAGIC = 0xdeadbeefdeadbeefn
/** Texts below this are hashed by the short form. */
const SHORT_BYTES = 192
const BLOCK_BYTES = 96

export function spookyShort32(data: Uint8Array): number {
  return Number(spookyShort64(data) & 0xffffffffn)
}

export function spookyShort64(data: Uint8Array): bigint {
  return data.length < SHORT_BYTES ? spookyShort(data) : spookyLong(data)
}

const SHORT_ROTATIONS = [50n, 52n, 30n, 41n, 54n, 48n, 38n, 37n, 62n, 34n, 5n, 36n]
const END_ROTATIONS = [15n, 52n, 26n, 51n, 28n, 9n, 47n, 54n, 32n, 25n, 63n]

function spookyShort(data: Uint8Array): bigint {
  const view = viewOf(data)
  const { length } = data
  const h = [0n, 0n, MAGIC, MAGIC] as [bigint, bigint, bigint, bigint]
  const mix = () => {
    // Each step: h[i] rotates and takes its neighbour, the next but one is mixed with it.
    for (const [step, rotation] of SHORT_ROTATIONS.entries()) {
      const to = (step + 2) % 4
      h[to] = add(rotl(h[to] as bigint, rotation), h[(to + 1) % 4] as bigint)
      h[(to + 2) % 4] = (h[(to + 2) % 4] as bigint) ^ (h[to] as bigint)
    }
  }
  let at = 0
  let remainder = length & 31
  if (length > 15) {
    for (; at + 32 <= length; at += 32) {
      h[2] = add(h[2], view.getBigUint64(at, true))
      h[3] = add(h[3], view.getBigUint64(at + 8, true))
      mix()
      h[0] = add(h[0], view.getBigUint64(at + 16, true))
      h[1] = add(h[1], view.getBigUint64(at + 24, true))
    }
    if (remainder >= 16) {
      h[2] = add(h[2], view.getBigUint64(at, true))
      h[3] = add(h[3], view.getBigUint64(at + 8, true))
      mix()
      at += 16
      remainder -= 16
    }
  }
  h[3] = add(h[3], BigInt(length) << 56n)
  if (remainder === 0) {
    h[2] = add(h[2], MAGIC)
    h[3] = add(h[3], MAGIC)
  } else {
    h[2] = add(h[2], littleEndian(data, at, Math.min(at + 8, length)))
    h[3] = add(h[3], littleEndian(data, at + 8, length))
  }
  for (const [step, rotation] of END_ROTATIONS.entries()) {
    const to = (step + 3) % 4
    const from = (to + 3) % 4
    h[to] = (h[to] as bigint) ^ (h[from] as bigint)
    h[from] = rotl(h[from] as bigint, rotation)
    h[to] = add(h[to] as bigint, h[from] as bigint)
  }
  return h[0]
}

const LONG_ROTATIONS = [11n, 32n, 43n, 31n, 17n, 28n, 39n, 57n, 55n, 54n, 22n, 46n]
const LONG_END_ROTATIONS = [44n, 15n, 34n, 21n, 38n, 33n, 10n, 13n, 38n, 53n, 42n, 54n]

function spookyLong(data: Uint8Array): bigint {
  const h: bigint[] = Array.from({ length: 12 }, (_, index) => (index % 3 === 2 ? MAGIC : 0n))
  const get = (index: number) => h[(index + 12) % 12] as bigint
  const set = (index: number, value: bigint) => {
    h[(index + 12) % 12] = value
  }
  const whole = data.length - (data.length % BLOCK_BYTES)
  const mix = (view: DataView, at: number) => {
    for (const [step, rotation] of LONG_ROTATIONS.entries()) {
      set(step, add(get(step), view.getBigUint64(at + step * 8, true)))
      set(step + 2, get(step + 2) ^ get(step + 10))
      set(step + 11, get(step + 11) ^ get(step))
      set(step, rotl(get(step), rotation))
      set(step + 11, add(get(step + 11), get(step + 1)))
    }
  }
  for (let at = 0; at < whole; at += BLOCK_BYTES) mix(viewOf(data), at)
  const last = new Uint8Array(BLOCK_BYTES)
  last.set(data.subarray(whole))
  last[BLOCK_BYTES - 1] = data.length - whole
  for (let index = 0; index < 12; index++) set(index, add(get(index), viewOf(last).getBigUint64(index * 8, true)))
  for (let round = 0; round < 3; round++) {
    for (const [step, rotation] of LONG_END_ROTATIONS.entries()) {
      set(step + 11, add(get(step + 11), get(step + 1)))
      set(step + 2, get(step + 2) ^ get(step + 11))
      set(step + 1, rotl(get(step + 1), rotation))
    }
  }
  return get(0)
}
