/** Trino's types in Arrow, by CONTRACT.md section 4; representation.ts's arrowForm gives the columns that these describe. */
import { QueryError, unreachable } from '#src/common/errors'
import { formatType } from '#src/types/format'
import type { Type } from '#src/types/type'
import type { ArrowField, ArrowType } from '../process/protocol.ts'

export function arrowField(name: string, type: Type): ArrowField {
  return { name, type: arrowType(type), trinoType: travelsAsText(type) ? formatType(type) : undefined }
}

function arrowType(type: Type): ArrowType {
  switch (type.kind) {
    case 'boolean':
      return { kind: 'bool' }
    case 'tinyint':
      return { kind: 'int8' }
    case 'smallint':
      return { kind: 'int16' }
    case 'integer':
      return { kind: 'int32' }
    case 'bigint':
      return { kind: 'int64' }
    case 'real':
      return { kind: 'float32' }
    case 'double':
      return { kind: 'float64' }
    case 'decimal':
      return { kind: 'decimal', precision: type.precision, scale: type.scale }
    case 'varbinary':
      return { kind: 'binary' }
    case 'date':
      return { kind: 'date' }
    case 'time':
      return { kind: 'time' }
    case 'timestamp':
      return { kind: 'timestamp' }
    case 'timestamp with time zone':
      return { kind: 'timestamp-utc' }
    case 'varchar':
    case 'char':
    case 'json':
    case 'uuid':
    case 'ipaddress':
    case 'interval day to second':
    case 'interval year to month':
    case 'time with time zone':
      return { kind: 'utf8' }
    case 'unknown':
      return { kind: 'null' }
    case 'array':
      return { kind: 'list', element: arrowType(type.element) }
    case 'map':
      return { kind: 'map', key: arrowType(type.key), value: arrowType(type.value) }
    case 'row':
      return {
        kind: 'struct',
        fields: type.fields.map((field, index) => ({ name: field.name ?? `field${index}`, type: arrowType(field.type) })),
      }
    case 'function':
      throw new QueryError('GENERIC_INTERNAL_ERROR', 'A column has a function type')
    default:
      return unreachable(type)
  }
}

/** A type, or a part of it, that Arrow has no type of its own for. */
function travelsAsText(type: Type): boolean {
  switch (type.kind) {
    case 'char':
    case 'json':
    case 'uuid':
    case 'ipaddress':
    case 'interval day to second':
    case 'interval year to month':
    case 'time with time zone':
      return true
    case 'array':
      return travelsAsText(type.element)
    case 'map':
      return travelsAsText(type.key) || travelsAsText(type.value)
    case 'row':
      return type.fields.some((field) => travelsAsText(field.type))
    default:
      return false
  }
}
