/** Types as written in CAST, literals and declarations. */
import { type Position, QueryError, unreachable } from '#src/common/errors'
import type { TypeName } from '#src/sql/ast'
import {
  array,
  BIGINT,
  BOOLEAN,
  char,
  DATE,
  DOUBLE,
  decimal,
  INTEGER,
  INTERVAL_DAY_TO_SECOND,
  INTERVAL_YEAR_TO_MONTH,
  IPADDRESS,
  JSON_TYPE,
  map,
  REAL,
  row,
  SMALLINT,
  TINYINT,
  type Type,
  time,
  timestamp,
  timestampWithTimeZone,
  timeWithTimeZone,
  UNKNOWN,
  UUID,
  VARBINARY,
  varchar,
} from '#src/types/type'

const SIMPLE: Readonly<Record<string, Type>> = {
  boolean: BOOLEAN,
  tinyint: TINYINT,
  smallint: SMALLINT,
  int: INTEGER,
  integer: INTEGER,
  bigint: BIGINT,
  real: REAL,
  double: DOUBLE,
  varbinary: VARBINARY,
  date: DATE,
  json: JSON_TYPE,
  uuid: UUID,
  ipaddress: IPADDRESS,
  unknown: UNKNOWN,
}

const DEFAULT_PRECISION = 3
const MAX_PRECISION = 6
const MAX_TRINO_PRECISION = 12
const MAX_DECIMAL_PRECISION = 38
/** A varchar of this length is one without a length. */
const MAX_VARCHAR_LENGTH = 2_147_483_647
const MAX_CHAR_LENGTH = 65_536

/** @throws TYPE_NOT_FOUND, NOT_SUPPORTED for fractions of a second beyond microseconds, INVALID_FUNCTION_ARGUMENT for parameters out of range. */
export function resolveType(written: TypeName, at: Position = written.at): Type {
  // Errors inside a type are told where the CAST or literal begins.
  const name: TypeName = { ...written, at }
  switch (name.kind) {
    case 'row-type':
      return row(name.fields.map((field) => ({ name: field.name?.value, type: resolveType(field.type, at) })))
    case 'datetime-type':
      return datetime(name)
    case 'interval-type':
      if (name.from === 'year' && name.to === 'month') return INTERVAL_YEAR_TO_MONTH
      if (name.from === 'day' && name.to === 'second') return INTERVAL_DAY_TO_SECOND
      return unknownType(name, `interval ${name.from} to ${name.to}`)
    case 'generic-type':
      return generic(name)
    default:
      return unreachable(name)
  }
}

function unknownType(name: TypeName, text: string): never {
  throw new QueryError('TYPE_NOT_FOUND', `Unknown type: ${text}`, { at: name.at })
}

function datetime(name: TypeName & { kind: 'datetime-type' }): Type {
  const precision = name.precision ?? DEFAULT_PRECISION
  if (precision > MAX_TRINO_PRECISION) return unknownType(name, printTypeName(name))
  if (precision > MAX_PRECISION) {
    throw new QueryError('NOT_SUPPORTED', `${name.base}(${precision}) is not supported: the highest precision is ${MAX_PRECISION}`, {
      at: name.at,
    })
  }
  if (name.base === 'time') return name.withTimeZone ? timeWithTimeZone(precision) : time(precision)
  return name.withTimeZone ? timestampWithTimeZone(precision) : timestamp(precision)
}

function generic(name: TypeName & { kind: 'generic-type' }): Type {
  const simple = Object.hasOwn(SIMPLE, name.name) ? SIMPLE[name.name] : undefined
  const count = name.arguments.length
  if (simple && count === 0) return simple
  const numbers = name.arguments.filter((argument): argument is number => typeof argument === 'number')
  const types = name.arguments.filter((argument): argument is TypeName => typeof argument !== 'number')
  const [first, second] = types
  switch (name.name) {
    case 'decimal':
    case 'dec':
    case 'numeric':
      if (types.length === 0 && count <= 2) return decimalType(numbers)
      break
    case 'string':
      if (count === 0) return varchar()
      break
    case 'varchar':
      if (types.length > 0 || count > 1 || (numbers[0] ?? 0) > MAX_VARCHAR_LENGTH) break
      return varchar(numbers[0] === MAX_VARCHAR_LENGTH ? undefined : numbers[0])
    case 'char': {
      const length = numbers[0] ?? 1
      if (types.length > 0 || count > 1) break
      if (length > MAX_CHAR_LENGTH) break
      return char(length)
    }
    case 'array':
      if (first && count === 1) return array(resolveType(first, name.at))
      break
    case 'map':
      if (first && second && count === 2) return map(resolveType(first, name.at), resolveType(second, name.at))
      break
  }
  return unknownType(name, printTypeName(name))
}

function decimalType([precision = MAX_DECIMAL_PRECISION, scale = 0]: readonly number[]): Type {
  if (precision < 1 || precision > MAX_DECIMAL_PRECISION) {
    throw new QueryError('INVALID_FUNCTION_ARGUMENT', `DECIMAL precision must be in range [1, ${MAX_DECIMAL_PRECISION}]: ${precision}`)
  }
  if (scale > precision) {
    throw new QueryError('INVALID_FUNCTION_ARGUMENT', `DECIMAL scale must be in range [0, precision (${precision})]: ${scale}`)
  }
  return decimal(precision, scale)
}

function printTypeName(name: TypeName): string {
  switch (name.kind) {
    case 'generic-type': {
      const parts = name.arguments.map((argument) => (typeof argument === 'number' ? String(argument) : printTypeName(argument)))
      return parts.length === 0 ? name.name : `${name.name}(${parts.join(',')})`
    }
    case 'row-type':
      return `row(${name.fields.map((field) => `${field.name ? `${field.name.value} ` : ''}${printTypeName(field.type)}`).join(', ')})`
    case 'datetime-type':
      return `${name.base}${name.precision === undefined ? '' : `(${name.precision})`}${name.withTimeZone ? ' with time zone' : ''}`
    case 'interval-type':
      return `interval ${name.from} to ${name.to}`
    default:
      return unreachable(name)
  }
}
