import { unreachable } from '#src/common/errors'
import {
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  decimal,
  INTEGER,
  REAL,
  SMALLINT,
  TINYINT,
  type Type,
  time,
  timestamp,
  UNKNOWN,
  UUID,
  VARBINARY,
  VARCHAR,
} from '#src/types/type'
import type { SchemaElement, TimeUnit } from './schema-element.ts'

/**
 * How a leaf is stored, as far as a reader must know beyond the Trino type:
 *
 * boolean int8 int16 int32 int64 uint8 uint16 uint32 uint64 float double float16 decimal string binary uuid date
 * time-millis time-micros time-nanos timestamp-millis timestamp-micros timestamp-nanos (each with `-utc` when adjusted) int96 null
 */
export type LeafType = { readonly type: Type; readonly physical: string } | { readonly unsupported: string }

const plain = (type: Type, physical: string): LeafType => ({ type, physical })

/** The Trino type of a primitive element, by CONTRACT.md section 3 and Parquet's LogicalTypes.md. */
export function leafType(element: SchemaElement): LeafType {
  const { annotation, physical } = element
  const unsupported = (what: string): LeafType => ({ unsupported: `${what} stored as ${physical}` })
  switch (annotation.kind) {
    case 'none':
    // A list or map annotation on a primitive means nothing.
    case 'list':
    case 'map':
    case 'map-key-value':
      return bareType(element)
    case 'string':
    case 'enum':
    case 'json':
      return physical === 'BYTE_ARRAY' ? plain(VARCHAR, 'string') : unsupported(annotation.kind)
    case 'bson':
      return physical === 'BYTE_ARRAY' ? plain(VARBINARY, 'binary') : unsupported('BSON')
    case 'date':
      return physical === 'INT32' ? plain(DATE, 'date') : unsupported('date')
    case 'decimal':
      return decimalType(element, annotation.precision, annotation.scale)
    case 'time':
      if (physical !== (annotation.unit === 'millis' ? 'INT32' : 'INT64')) return unsupported('time')
      return plain(time(digits(annotation.unit)), `time-${annotation.unit}${annotation.utc ? '-utc' : ''}`)
    case 'timestamp':
      if (physical !== 'INT64') return unsupported('timestamp')
      return plain(timestamp(digits(annotation.unit)), `timestamp-${annotation.unit}${annotation.utc ? '-utc' : ''}`)
    case 'integer':
      return integerType(element, annotation.bits, annotation.signed)
    case 'uuid':
      return physical === 'FIXED_LEN_BYTE_ARRAY' && element.typeLength === 16 ? plain(UUID, 'uuid') : unsupported('UUID')
    case 'float16':
      return physical === 'FIXED_LEN_BYTE_ARRAY' && element.typeLength === 2 ? plain(REAL, 'float16') : unsupported('FLOAT16')
    case 'null':
      return plain(UNKNOWN, 'null')
    case 'interval':
      return unsupported('INTERVAL')
    case 'other':
      return unsupported(annotation.name)
    default:
      return unreachable(annotation)
  }
}

/** Nanoseconds are read as microseconds: Weir has no longer fractions. */
const digits = (unit: TimeUnit): number => (unit === 'millis' ? 3 : 6)

function bareType(element: SchemaElement): LeafType {
  switch (element.physical) {
    case 'BOOLEAN':
      return plain(BOOLEAN, 'boolean')
    case 'INT32':
      return plain(INTEGER, 'int32')
    case 'INT64':
      return plain(BIGINT, 'int64')
    case 'INT96':
      return plain(timestamp(6), 'int96')
    case 'FLOAT':
      return plain(REAL, 'float')
    case 'DOUBLE':
      return plain(DOUBLE, 'double')
    case 'BYTE_ARRAY':
    case 'FIXED_LEN_BYTE_ARRAY':
      return plain(VARBINARY, 'binary')
    case undefined:
      return { unsupported: 'a group without fields' }
    default:
      return unreachable(element.physical)
  }
}

function decimalType(element: SchemaElement, precision: number, scale: number): LeafType {
  const { physical } = element
  if (physical !== 'INT32' && physical !== 'INT64' && physical !== 'BYTE_ARRAY' && physical !== 'FIXED_LEN_BYTE_ARRAY')
    return { unsupported: `decimal stored as ${physical}` }
  if (precision < 1 || precision > 38 || scale < 0 || scale > precision) return { unsupported: `decimal(${precision}, ${scale})` }
  return plain(decimal(precision, scale), 'decimal')
}

function integerType(element: SchemaElement, bits: number, signed: boolean): LeafType {
  if (element.physical !== (bits === 64 ? 'INT64' : 'INT32')) return { unsupported: `${bits}-bit integer stored as ${element.physical}` }
  switch (bits) {
    case 8:
      return signed ? plain(TINYINT, 'int8') : plain(SMALLINT, 'uint8')
    case 16:
      return signed ? plain(SMALLINT, 'int16') : plain(INTEGER, 'uint16')
    case 32:
      return signed ? plain(INTEGER, 'int32') : plain(BIGINT, 'uint32')
    case 64:
      return signed ? plain(BIGINT, 'int64') : plain(decimal(20, 0), 'uint64')
    default:
      return { unsupported: `${bits}-bit integer` }
  }
}
