/** Texts of a type: as SHOW prints it, as the wire's `type`, and as the wire's `typeSignature`. */
import { unreachable } from '#src/common/errors'
import type { Type } from './type.ts'

export { parseType } from './parse.ts'

/** How the parts of a type are written. */
interface Style {
  readonly comma: string
  readonly fieldName: (name: string) => string
  /** Of intervals inside other types too. */
  readonly upperIntervals: boolean
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`

/** Can be parsed again. */
const STORED: Style = {
  comma: ',',
  fieldName: (name) => (/^[a-z_][a-z0-9_]*$/.test(name) ? name : quoted(name)),
  upperIntervals: false,
}
const SHOWN: Style = { ...STORED, fieldName: (name) => name }
const WIRE: Style = {
  comma: ', ',
  fieldName: (name) => (/^[A-Za-z][A-Za-z0-9_]*$/.test(name) && !RESERVED.has(name.toUpperCase()) ? name : quoted(name)),
  upperIntervals: true,
}

/** Words that are no names without quotes. */
const RESERVED: ReadonlySet<string> = new Set(
  'ALTER AND AS AUTO BETWEEN BY CASE CAST CONSTRAINT CREATE CROSS CUBE CURRENT_CATALOG CURRENT_DATE CURRENT_PATH CURRENT_ROLE CURRENT_SCHEMA CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DEALLOCATE DELETE DESCRIBE DISTINCT DROP ELSE END ESCAPE EXCEPT EXISTS EXTRACT FALSE FOR FROM FULL GROUP GROUPING HAVING IN INNER INSERT INTERSECT INTO IS JOIN JSON_ARRAY JSON_EXISTS JSON_OBJECT JSON_QUERY JSON_TABLE JSON_VALUE LEFT LIKE LISTAGG LOCALTIME LOCALTIMESTAMP NATURAL NORMALIZE NOT NULL ON OR ORDER OUTER PREPARE RECURSIVE RIGHT ROLLUP SELECT SKIP TABLE THEN TRIM TRUE UESCAPE UNION UNNEST USING VALUES WHEN WHERE WITH'.split(
    ' ',
  ),
)

/** `decimal(9,4)`, `map(varchar, integer)`, `row(a bigint, "odd name" varchar)`, `timestamp(3) with time zone`. */
export function formatType(type: Type): string {
  return format(type, STORED)
}

/** The same with the names of a row's fields as they are: what typeof() says. */
export function shownType(type: Type): string {
  return format(type, SHOWN)
}

/** The `type` member of a result's columns: parameters are separated by a comma and a blank, intervals are upper case. */
export function wireType(type: Type): string {
  return format(type, WIRE)
}

function format(type: Type, style: Style): string {
  const { comma } = style
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
    case 'interval day to second':
    case 'interval year to month':
      return style.upperIntervals ? type.kind.toUpperCase() : type.kind
    case 'array':
      return `array(${format(type.element, style)})`
    case 'map':
      return `map(${format(type.key, style)}, ${format(type.value, style)})`
    case 'row': {
      const fields = type.fields.map((field) =>
        field.name === undefined ? format(field.type, style) : `${style.fieldName(field.name)} ${format(field.type, style)}`,
      )
      return `row(${fields.join(', ')})`
    }
    case 'function':
      return `function(${[...type.parameters, type.result].map((part) => format(part, style)).join(',')})`
    default:
      return type.kind
  }
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
