/** Texts of a type: as SHOW prints it, as the wire's `type`, and as the wire's `typeSignature`. */
import { unreachable } from '#src/common/errors'
import type { Type } from './type.ts'

export { parseType } from './parse.ts'

/** `decimal(9,4)`, `map(varchar, integer)`, `row(a bigint, "odd name" varchar)`, `timestamp(3) with time zone`. */
export function formatType(type: Type): string {
  return format(type, ',')
}

/** The `type` member of a result's columns: parameters are separated by a comma and a blank, intervals are upper case. */
export function wireType(type: Type): string {
  if (type.kind === 'interval day to second' || type.kind === 'interval year to month') return type.kind.toUpperCase()
  return format(type, ', ')
}

function format(type: Type, comma: string): string {
  switch (type.kind) {
    case 'decimal':
      return `decimal(${type.precision}${comma}${type.scale})`
    case 'varchar':
      return type.length === undefined ? 'varchar' : `varchar(${type.length})`
    case 'char':
      return `char(${type.length})`
    case 'time':
    case 'timestamp':
      return `${type.kind}(${type.precision})`
    case 'time with time zone':
      return `time(${type.precision}) with time zone`
    case 'timestamp with time zone':
      return `timestamp(${type.precision}) with time zone`
    case 'array':
      return `array(${format(type.element, comma)})`
    case 'map':
      return `map(${format(type.key, comma)}, ${format(type.value, comma)})`
    case 'row': {
      const fields = type.fields.map((field) =>
        field.name === undefined ? format(field.type, comma) : `${formatFieldName(field.name)} ${format(field.type, comma)}`,
      )
      return `row(${fields.join(', ')})`
    }
    case 'function':
      return `function(${[...type.parameters, type.result].map((part) => format(part, comma)).join(',')})`
    default:
      return type.kind
  }
}

function formatFieldName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

export interface TypeSignature {
  readonly rawType: string
  readonly arguments: readonly SignatureArgument[]
}
type SignatureArgument =
  | { readonly kind: 'LONG'; readonly value: number }
  | { readonly kind: 'TYPE'; readonly value: TypeSignature }
  | {
      readonly kind: 'NAMED_TYPE'
      readonly value: { readonly fieldName?: { readonly name: string }; readonly typeSignature: TypeSignature }
    }

/** Trino's wire form of an unbounded varchar's length. */
const UNBOUNDED_VARCHAR_LENGTH = 2_147_483_647

/** The `typeSignature` member of a result's columns, as Trino's clients read it. */
export function typeSignature(type: Type): TypeSignature {
  const long = (value: number): SignatureArgument => ({ kind: 'LONG', value })
  const nested = (value: Type): SignatureArgument => ({ kind: 'TYPE', value: typeSignature(value) })
  switch (type.kind) {
    case 'decimal':
      return { rawType: 'decimal', arguments: [long(type.precision), long(type.scale)] }
    case 'varchar':
      return { rawType: 'varchar', arguments: [long(type.length ?? UNBOUNDED_VARCHAR_LENGTH)] }
    case 'char':
      return { rawType: 'char', arguments: [long(type.length)] }
    case 'time':
    case 'timestamp':
    case 'time with time zone':
    case 'timestamp with time zone':
      return { rawType: type.kind, arguments: [long(type.precision)] }
    case 'array':
      return { rawType: 'array', arguments: [nested(type.element)] }
    case 'map':
      return { rawType: 'map', arguments: [nested(type.key), nested(type.value)] }
    case 'row':
      return {
        rawType: 'row',
        arguments: type.fields.map((field) => ({
          kind: 'NAMED_TYPE',
          value: {
            ...(field.name === undefined ? {} : { fieldName: { name: field.name } }),
            typeSignature: typeSignature(field.type),
          },
        })),
      }
    case 'function':
      return { rawType: 'function', arguments: [...type.parameters, type.result].map(nested) }
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'double':
    case 'varbinary':
    case 'date':
    case 'interval day to second':
    case 'interval year to month':
    case 'json':
    case 'uuid':
    case 'ipaddress':
    case 'unknown':
      return { rawType: type.kind, arguments: [] }
  }
  return unreachable(type)
}

/** Two types are the same when they print the same. */
export function sameType(a: Type, b: Type): boolean {
  return a === b || (a.kind === b.kind && formatType(a) === formatType(b))
}
