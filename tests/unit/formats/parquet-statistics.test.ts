import { describe, expect, test } from 'vitest'
import type { Annotation, PhysicalType, SchemaElement } from '#connectors/formats/parquet/schema-element'
import { boundsDecoder, decodeStatistics, type RawStatistics } from '#connectors/formats/parquet/statistics'

const element = (physical: PhysicalType, annotation: Annotation = { kind: 'none' }, typeLength = 0): SchemaElement => ({
  name: 'c',
  physical,
  typeLength,
  repetition: 'optional',
  children: 0,
  annotation,
  converted: undefined,
})
const decode = (of: SchemaElement, raw: Partial<RawStatistics>, defined = true) => {
  const all: RawStatistics = {
    deprecatedMin: undefined,
    deprecatedMax: undefined,
    nullCount: undefined,
    distinctCount: undefined,
    min: undefined,
    max: undefined,
    minExact: undefined,
    maxExact: undefined,
    ...raw,
  }
  return decodeStatistics(all, boundsDecoder(of), defined)
}
const bounds = (of: SchemaElement, raw: Partial<RawStatistics>, defined = true) => {
  const { min, max } = decode(of, raw, defined)
  return [min, max]
}
const int32 = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return bytes
}
const int64 = (value: bigint) => {
  const bytes = Buffer.alloc(8)
  bytes.writeBigInt64LE(value)
  return bytes
}
const float64 = (value: number) => {
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(value)
  return bytes
}
const utf8 = (text: string) => Buffer.from(text)
const STRING = element('BYTE_ARRAY', { kind: 'string' })
const INT32 = element('INT32')
const DOUBLE = element('DOUBLE')
const UINT32 = element('INT32', { kind: 'integer', bits: 32, signed: false })
const none = [undefined, undefined]

describe('bounds', () => {
  test('deprecated fields only where signed order is right', () => {
    expect(bounds(INT32, { deprecatedMin: int32(-5), deprecatedMax: int32(7) })).toEqual([-5n, 7n])
    expect(
      bounds(element('INT64', { kind: 'timestamp', unit: 'millis', utc: true }), { deprecatedMin: int64(-5n), deprecatedMax: int64(7n) }),
    ).toEqual([-5000n, 7000n])
    expect(bounds(UINT32, { deprecatedMin: int32(-5), deprecatedMax: int32(7) })).toEqual(none)
    expect(bounds(STRING, { deprecatedMin: utf8('a'), deprecatedMax: utf8('b') })).toEqual(none)
    expect(bounds(DOUBLE, { deprecatedMin: float64(1), deprecatedMax: float64(2) })).toEqual(none)
    expect(
      bounds(element('BYTE_ARRAY', { kind: 'decimal', precision: 9, scale: 2 }), { deprecatedMin: utf8('a'), deprecatedMax: utf8('b') }),
    ).toEqual(none)
  })
  test("an order that is not the type's own leaves only the deprecated fields", () => {
    expect(bounds(INT32, { min: int32(1), max: int32(2) }, false)).toEqual(none)
    expect(bounds(INT32, { min: int32(1), max: int32(2), deprecatedMin: int32(3), deprecatedMax: int32(4) }, false)).toEqual([3n, 4n])
    expect(bounds(STRING, { min: utf8('a'), max: utf8('b') }, false)).toEqual(none)
  })
  test('unsigned integers', () => {
    expect(bounds(UINT32, { min: int32(5), max: int32(-1) })).toEqual([5n, 4294967295n])
    expect(bounds(element('INT64', { kind: 'integer', bits: 64, signed: false }), { min: int64(0n), max: int64(-1n) })).toEqual([
      0n,
      18446744073709551615n,
    ])
  })
  test('decimals of every physical type', () => {
    const annotation: Annotation = { kind: 'decimal', precision: 9, scale: 2 }
    expect(bounds(element('INT32', annotation), { min: int32(-150), max: int32(250) })).toEqual([-150n, 250n])
    expect(bounds(element('INT64', annotation), { min: int64(-150n), max: int64(250n) })).toEqual([-150n, 250n])
    for (const physical of ['BYTE_ARRAY', 'FIXED_LEN_BYTE_ARRAY'] as const) {
      expect(bounds(element(physical, annotation, 2), { min: new Uint8Array([0xff, 0x6a]), max: new Uint8Array([0x00, 0xfa]) })).toEqual([
        -150n,
        250n,
      ])
      expect(bounds(element(physical, annotation, 1), { min: new Uint8Array([0x80]), max: new Uint8Array([0x7f]) })).toEqual([-128n, 127n])
    }
  })
  test('floats: NaN says nothing, zeros are widened, never exact', () => {
    expect(bounds(DOUBLE, { min: float64(Number.NaN), max: float64(2) })).toEqual([undefined, 2])
    const zero = decode(DOUBLE, { min: float64(0), max: float64(-0) })
    expect([Object.is(zero.min, -0), Object.is(zero.max, 0), zero.minExact, zero.maxExact]).toEqual([true, true, false, false])
    expect(decode(DOUBLE, { min: float64(1), max: float64(2), minExact: true, maxExact: true })).toMatchObject({
      minExact: false,
      maxExact: false,
    })
  })
  test('INT96, UUID, half floats, intervals', () => {
    const raw = { min: Buffer.alloc(12), max: Buffer.alloc(12), nullCount: 3 }
    for (const of of [
      element('INT96'),
      element('FIXED_LEN_BYTE_ARRAY', { kind: 'uuid' }, 16),
      element('FIXED_LEN_BYTE_ARRAY', { kind: 'float16' }, 2),
      element('FIXED_LEN_BYTE_ARRAY', { kind: 'interval' }, 12),
    ])
      expect(decode(of, raw)).toEqual({ nullCount: 3, min: undefined, max: undefined, minExact: false, maxExact: false })
  })
  test('nanoseconds are rounded outwards', () => {
    expect(bounds(element('INT64', { kind: 'timestamp', unit: 'nanos', utc: false }), { min: int64(-1001n), max: int64(1001n) })).toEqual([
      -2n,
      2n,
    ])
    expect(bounds(element('INT64', { kind: 'timestamp', unit: 'nanos', utc: false }), { min: int64(-1000n), max: int64(1000n) })).toEqual([
      -1n,
      1n,
    ])
  })
  test('strings: a cut minimum is shortened to whole characters, a cut maximum is unknown', () => {
    const cut = utf8('aé').subarray(0, 2)
    expect(bounds(STRING, { min: cut, max: cut })).toEqual(['a', undefined])
    expect(bounds(STRING, { min: utf8('a😀').subarray(0, 4), max: utf8('z') })).toEqual(['a', 'z'])
    expect(bounds(STRING, { min: new Uint8Array([0xff, 0x41, 0x41, 0x41, 0x41]), max: utf8('z') })).toEqual([undefined, 'z'])
    expect(bounds(STRING, { min: utf8('\ufeffa'), max: utf8('\ufeffb') })).toEqual(['\ufeffa', '\ufeffb'])
  })
  test('exactness', () => {
    expect(decode(INT32, { min: int32(1), max: int32(2) })).toMatchObject({ minExact: true, maxExact: true })
    expect(decode(INT32, { min: int32(1), max: int32(2), minExact: false })).toMatchObject({ minExact: false, maxExact: true })
    expect(decode(STRING, { min: utf8('a'), max: utf8('b') })).toMatchObject({ minExact: false, maxExact: false })
    expect(decode(STRING, { min: utf8('a'), max: utf8('b'), minExact: true })).toMatchObject({ minExact: true, maxExact: false })
  })
  test('bounds of a wrong length or in the wrong order are none', () => {
    expect(bounds(INT32, { min: Buffer.alloc(3), max: int32(1) })).toEqual([undefined, 1n])
    expect(bounds(INT32, { min: int32(2), max: int32(1) })).toEqual(none)
    expect(bounds(STRING, { min: utf8('b'), max: utf8('a') })).toEqual(none)
    // In code units the surrogate of U+10000 is less than U+E000.
    expect(bounds(STRING, { min: utf8('\ue000'), max: utf8('\u{10000}') })).toEqual(['\ue000', '\u{10000}'])
  })
  test('one side may be missing', () => expect(bounds(INT32, { max: int32(9) })).toEqual([undefined, 9n]))
})
