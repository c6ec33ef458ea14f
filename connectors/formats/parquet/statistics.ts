/**
 * A chunk's Statistics → exact bounds in the column's Trino type. Rules (parquet.thrift and the writers' known faults):
 *
 * - `min_value`/`max_value` are in the type's own order: signed or unsigned integers, signed decimals, unsigned bytes of
 *   UTF-8 (which is code point order), unless `column_orders` names an order that we do not know.
 * - The deprecated `min`/`max` were compared as signed, strings included: used for signed integers, dates, times and
 *   timestamps in INT32/INT64 only, where that is right whoever wrote them.
 * - Floats: a NaN bound says nothing; a zero bound may hide the other zero; NaN values are not in the bounds at all, so
 *   float bounds must not be used to show that a predicate holds for *every* row, nor for one that NaN satisfies.
 * - INT96 was never ordered. UUIDs, 16-bit floats and null columns are left alone.
 * - Bounds of strings and bytes may be cut: bounds, not values. A cut minimum may end within a character; the part before
 *   it is still a lower bound. A maximum that is no UTF-8 is unknown.
 * - Nanoseconds are rounded outwards to microseconds.
 */
import type { Value } from '#src/types/value'
import type { ColumnStatistics } from './footer.ts'
import { leafType } from './leaf-type.ts'
import type { SchemaElement } from './schema-element.ts'
import type { CompactReader } from './thrift-compact.ts'
import { WIRE } from './thrift-compact.ts'

/** Statistics as they stand in the footer. */
export interface RawStatistics {
  deprecatedMin: Uint8Array | undefined
  deprecatedMax: Uint8Array | undefined
  nullCount: number | undefined
  distinctCount: number | undefined
  min: Uint8Array | undefined
  max: Uint8Array | undefined
  /** Undefined: not said. */
  minExact: boolean | undefined
  maxExact: boolean | undefined
}

export function readStatistics(reader: CompactReader): RawStatistics {
  const raw: RawStatistics = {
    deprecatedMin: undefined,
    deprecatedMax: undefined,
    nullCount: undefined,
    distinctCount: undefined,
    min: undefined,
    max: undefined,
    minExact: undefined,
    maxExact: undefined,
  }
  reader.struct((id, type) => {
    if (id === 1) raw.deprecatedMax = reader.binary()
    else if (id === 2) raw.deprecatedMin = reader.binary()
    else if (id === 3) raw.nullCount = reader.i64()
    else if (id === 4) raw.distinctCount = reader.i64()
    else if (id === 5) raw.max = reader.binary()
    else if (id === 6) raw.min = reader.binary()
    else if (id === 7) raw.maxExact = type === WIRE.TRUE
    else if (id === 8) raw.minExact = type === WIRE.TRUE
  })
  return raw
}

/** How one leaf's bounds are decoded; made once a schema. */
export interface BoundsDecoder {
  /** Undefined: these bytes are no bound. */
  readonly min: (bytes: Uint8Array) => Value | undefined
  readonly max: (bytes: Uint8Array) => Value | undefined
  /** The deprecated fields may be read as well. */
  readonly deprecated: boolean
  /** A bound is a value that occurs unless the writer says otherwise; false: only when the writer says so; 'never'. */
  readonly exact: boolean | 'never'
}

/** Undefined when the element's bounds are not to be trusted. */
export function boundsDecoder(element: SchemaElement): BoundsDecoder | undefined {
  const leaf = leafType(element)
  if ('unsupported' in leaf) return undefined
  const { physical } = element
  const read = (decode: (bytes: Uint8Array) => Value | undefined, deprecated: boolean, exact: BoundsDecoder['exact']): BoundsDecoder => ({
    min: decode,
    max: decode,
    deprecated,
    exact,
  })
  switch (leaf.physical) {
    case 'boolean':
      return read((bytes) => (bytes.length === 1 ? bytes[0] !== 0 : undefined), false, true)
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'date':
      return read(signedLittleEndian(physical === 'INT64' ? 8 : 4), true, true)
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'uint64':
      return read(unsignedLittleEndian(physical === 'INT64' ? 8 : 4), false, true)
    case 'decimal':
      if (physical === 'INT32' || physical === 'INT64') return read(signedLittleEndian(physical === 'INT64' ? 8 : 4), true, true)
      return read(signedBigEndian, false, true)
    case 'float':
    case 'double':
      return floats(leaf.physical === 'float' ? 4 : 8)
    case 'string':
      return { min: utf8Prefix, max: utf8, deprecated: false, exact: false }
    case 'binary':
      // BSON and plain bytes compare as unsigned bytes; a copy, for the footer's buffer is not kept for ever.
      return read((bytes) => Uint8Array.from(bytes), false, false)
    default:
      return leaf.physical.startsWith('time') ? times(leaf.physical, physical === 'INT64' ? 8 : 4) : undefined
  }
}

/** `defined`: the file names no column order for this leaf other than the type's own. */
export function decodeStatistics(raw: RawStatistics, decoder: BoundsDecoder | undefined, defined: boolean): ColumnStatistics {
  const nullCount = raw.nullCount !== undefined && raw.nullCount >= 0 ? raw.nullCount : undefined
  const unknown: ColumnStatistics = { nullCount, min: undefined, max: undefined, minExact: false, maxExact: false }
  if (decoder === undefined) return unknown
  const modern = defined && (raw.min !== undefined || raw.max !== undefined)
  if (!modern && !decoder.deprecated) return unknown
  const minBytes = modern ? raw.min : raw.deprecatedMin
  const maxBytes = modern ? raw.max : raw.deprecatedMax
  const min = minBytes && decoder.min(minBytes)
  const max = maxBytes && decoder.max(maxBytes)
  if (min !== undefined && max !== undefined && comesAfter(min, max)) return unknown
  const { distinctCount } = raw
  return {
    nullCount,
    distinctCount,
    min,
    max,
    minExact: isExact(min, raw.minExact, decoder),
    maxExact: isExact(max, raw.maxExact, decoder),
  }
}

function isExact(bound: Value | undefined, said: boolean | undefined, decoder: BoundsDecoder): boolean {
  if (bound === undefined || decoder.exact === 'never') return false
  return said ?? decoder.exact
}

/** Swapped bounds are a writer's fault: neither is trusted. */
function comesAfter(min: Value, max: Value): boolean {
  if (typeof min === 'bigint' && typeof max === 'bigint') return min > max
  if (typeof min === 'number' && typeof max === 'number') return min > max
  if (typeof min === 'boolean' && typeof max === 'boolean') return min && !max
  if (min instanceof Uint8Array && max instanceof Uint8Array) return Buffer.compare(min, max) > 0
  if (typeof min === 'string' && typeof max === 'string') return Buffer.compare(Buffer.from(min), Buffer.from(max)) > 0
  return false
}

const view = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

const signedLittleEndian =
  (width: 4 | 8) =>
  (bytes: Uint8Array): bigint | undefined => {
    if (bytes.length !== width) return undefined
    return width === 8 ? view(bytes).getBigInt64(0, true) : BigInt(view(bytes).getInt32(0, true))
  }

const unsignedLittleEndian =
  (width: 4 | 8) =>
  (bytes: Uint8Array): bigint | undefined => {
    if (bytes.length !== width) return undefined
    return width === 8 ? view(bytes).getBigUint64(0, true) : BigInt(view(bytes).getUint32(0, true))
  }

/** Two's complement of any length up to 16 bytes that matter. */
function signedBigEndian(bytes: Uint8Array): bigint | undefined {
  if (bytes.length === 0) return undefined
  let result = 0n
  for (const byte of bytes) result = (result << 8n) | BigInt(byte)
  return BigInt.asIntN(bytes.length * 8, result)
}

function floats(width: 4 | 8): BoundsDecoder {
  const decode = (bytes: Uint8Array, zero: number): number | undefined => {
    if (bytes.length !== width) return undefined
    const value = width === 8 ? view(bytes).getFloat64(0, true) : view(bytes).getFloat32(0, true)
    if (Number.isNaN(value)) return undefined
    return value === 0 ? zero : value
  }
  return { min: (bytes) => decode(bytes, -0), max: (bytes) => decode(bytes, 0), deprecated: false, exact: 'never' }
}

function times(physical: string, width: 4 | 8): BoundsDecoder {
  const read = signedLittleEndian(width)
  if (physical.includes('nanos')) {
    const scaled = (up: bigint) => (bytes: Uint8Array) => {
      const value = read(bytes)
      return value === undefined ? undefined : floorDivide(value + up, 1000n)
    }
    return { min: scaled(0n), max: scaled(999n), deprecated: true, exact: 'never' }
  }
  const factor = physical.includes('millis') ? 1000n : 1n
  const decode = (bytes: Uint8Array) => {
    const value = read(bytes)
    return value === undefined ? undefined : value * factor
  }
  return { min: decode, max: decode, deprecated: true, exact: true }
}

function floorDivide(value: bigint, by: bigint): bigint {
  const quotient = value / by
  return value % by < 0n ? quotient - 1n : quotient
}

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function utf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes)
  } catch {
    return undefined
  }
}

/** The longest prefix of whole characters when only the last one is cut. */
function utf8Prefix(bytes: Uint8Array): string | undefined {
  for (let cut = 0; cut <= Math.min(3, bytes.length); cut++) {
    const text = utf8(bytes.subarray(0, bytes.length - cut))
    if (text !== undefined) return text
  }
  return undefined
}
