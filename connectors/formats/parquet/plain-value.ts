/** Values as PLAIN encodes them (parquet-format, Encodings.md), without the length before a BYTE_ARRAY. */
import type { Value } from '#src/types/value'
import type { ParquetColumn, Primitive } from './footer.ts'

/**
 * Every form in which a value of `column.type` may stand in the file: none for one that the column cannot hold, two for a
 * zero that has a sign. Undefined where the forms are not known, or too many: nested columns, booleans, INT96, nanoseconds,
 * half floats, NaN, and decimals of any length, whose bytes may have any number of signs before them.
 */
export function plainForms(value: Value, { type, physical, primitive }: ParquetColumn): readonly Uint8Array[] | undefined {
  if (type === undefined || primitive === undefined || value === null || Number.isNaN(value)) return undefined
  switch (physical) {
    case 'int8':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'date':
    case 'time-micros':
    case 'time-micros-utc':
    case 'timestamp-micros':
    case 'timestamp-micros-utc':
      return signed(value as bigint, primitive)
    case 'time-millis':
    case 'time-millis-utc':
    case 'timestamp-millis':
    case 'timestamp-millis-utc':
      return (value as bigint) % 1000n === 0n ? signed((value as bigint) / 1000n, primitive) : []
    case 'uint8':
    case 'uint16':
    case 'uint32':
    case 'uint64':
      return unsigned(value as bigint, primitive)
    case 'decimal':
      return signed(value as bigint, primitive)
    case 'float':
    case 'double':
      return floats(value as number, physical === 'float' ? 4 : 8)
    case 'string':
      return [Buffer.from(value as string)]
    case 'binary':
      return [value as Uint8Array]
    case 'uuid':
      return [Buffer.from((value as string).replaceAll('-', ''), 'hex')]
    default:
      return undefined
  }
}

function signed(value: bigint, { type, length }: Primitive): readonly Uint8Array[] | undefined {
  switch (type) {
    case 'INT32':
    case 'INT64': {
      const bits = type === 'INT32' ? 32 : 64
      return BigInt.asIntN(bits, value) === value ? [littleEndian(value, bits)] : []
    }
    case 'FIXED_LEN_BYTE_ARRAY':
      return BigInt.asIntN(length * 8, value) === value ? [littleEndian(value, length * 8).reverse()] : []
    default:
      return undefined
  }
}

function unsigned(value: bigint, { type }: Primitive): readonly Uint8Array[] | undefined {
  if (type !== 'INT32' && type !== 'INT64') return undefined
  const bits = type === 'INT32' ? 32 : 64
  return BigInt.asUintN(bits, value) === value ? [littleEndian(value, bits)] : []
}

function littleEndian(value: bigint, bits: number): Uint8Array {
  let rest = BigInt.asUintN(bits, value)
  return Uint8Array.from({ length: bits / 8 }, () => {
    const byte = Number(rest & 0xffn)
    rest >>= 8n
    return byte
  })
}

/** Zeros are equal whatever their sign, but stored apart. */
function floats(value: number, width: 4 | 8): readonly Uint8Array[] {
  if (width === 4 && Math.fround(value) !== value) return []
  return (value === 0 ? [0, -0] : [value]).map((number) => {
    const bytes = new Uint8Array(width)
    const view = new DataView(bytes.buffer)
    if (width === 4) view.setFloat32(0, number, true)
    else view.setFloat64(0, number, true)
    return bytes
  })
}
