/**
 * Which file types a table column can be read from without losing anything: numbers into wider ones of their kind (an
 * integer fits a decimal or double that holds all its digits), strings and times into longer ones, element by element in
 * nested types, fields of a row by name. Everything else is HIVE_PARTITION_SCHEMA_MISMATCH.
 */
import type { DecimalType, RowType, Type } from '#src/types/type'

/** 'same': as it is; 'widen': the reader casts, no value changes its meaning. */
export type Readable = 'same' | 'widen'

/** Undefined: a column of `tableType` cannot be read from a file's column of `fileType`. */
export function checkReadable(fileType: Type, tableType: Type): Readable | undefined {
  switch (tableType.kind) {
    case 'decimal':
      return decimalFrom(fileType, tableType)
    case 'varchar':
      if (fileType.kind !== 'varchar') return nullOnly(fileType)
      if (fileType.length === tableType.length) return 'same'
      // Files do not say how long their strings may be: a table declared varchar(n) over them is usual, and read cut to n, as Trino does.
      return tableType.length === undefined || fileType.length === undefined || fileType.length <= tableType.length ? 'widen' : undefined
    case 'char':
      if (fileType.kind === 'char') return fileType.length === tableType.length ? 'same' : widenIf(fileType.length <= tableType.length)
      // Files have no char: a table declared so reads their strings, padded by the kernel's cast.
      return fileType.kind === 'varchar' ? 'widen' : nullOnly(fileType)
    case 'time':
    case 'time with time zone':
    case 'timestamp with time zone':
      if (fileType.kind !== tableType.kind) return nullOnly(fileType)
      return fileType.precision === tableType.precision ? 'same' : widenIf(fileType.precision < tableType.precision)
    case 'timestamp':
      if (fileType.kind === 'date') return 'widen'
      if (fileType.kind !== 'timestamp') return nullOnly(fileType)
      // A table declared timestamp(3) over microsecond files is what Hive's and Athena's DDL make: read rounded, as Trino does.
      return fileType.precision === tableType.precision ? 'same' : 'widen'
    case 'array':
      return fileType.kind === 'array' ? checkReadable(fileType.element, tableType.element) : nullOnly(fileType)
    case 'map':
      if (fileType.kind !== 'map') return nullOnly(fileType)
      return both(checkReadable(fileType.key, tableType.key), checkReadable(fileType.value, tableType.value))
    case 'row':
      return fileType.kind === 'row' ? rowFrom(fileType, tableType) : nullOnly(fileType)
    default:
      if (fileType.kind === tableType.kind) return 'same'
      return WIDENINGS[tableType.kind]?.includes(fileType.kind) ? 'widen' : nullOnly(fileType)
  }
}

const WIDENINGS: Readonly<Record<string, readonly Type['kind'][]>> = {
  smallint: ['tinyint'],
  integer: ['tinyint', 'smallint'],
  bigint: ['tinyint', 'smallint', 'integer'],
  // 2^24 and 2^53: every value of these fits the mantissa.
  real: ['tinyint', 'smallint'],
  double: ['tinyint', 'smallint', 'integer', 'real'],
}

/** Decimal digits before the point that the integer types need. */
const INTEGER_DIGITS: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, integer: 10, bigint: 19 }

function decimalFrom(fileType: Type, tableType: DecimalType): Readable | undefined {
  const room = tableType.precision - tableType.scale
  if (fileType.kind === 'decimal') {
    if (fileType.precision === tableType.precision && fileType.scale === tableType.scale) return 'same'
    return widenIf(fileType.scale <= tableType.scale && fileType.precision - fileType.scale <= room)
  }
  const digits = INTEGER_DIGITS[fileType.kind]
  return digits === undefined ? nullOnly(fileType) : widenIf(digits <= room)
}

/** By name: a field that the file lacks reads as NULL, one that the table lacks is ignored. */
function rowFrom(fileType: RowType, tableType: RowType): Readable | undefined {
  let result: Readable | undefined = fileType.fields.length === tableType.fields.length ? 'same' : 'widen'
  for (const [index, field] of tableType.fields.entries()) {
    const place = fileType.fields.findIndex((candidate) => candidate.name?.toLowerCase() === field.name?.toLowerCase())
    const source = fileType.fields[place]
    if (source === undefined || place !== index) result = both(result, 'widen')
    if (source !== undefined) result = both(result, checkReadable(source.type, field.type))
  }
  return result
}

/** A column that a writer saw only NULLs in has no type of its own. */
function nullOnly(fileType: Type): Readable | undefined {
  return fileType.kind === 'unknown' ? 'widen' : undefined
}

function widenIf(condition: boolean): Readable | undefined {
  return condition ? 'widen' : undefined
}

function both(left: Readable | undefined, right: Readable | undefined): Readable | undefined {
  if (left === undefined || right === undefined) return undefined
  return left === 'same' && right === 'same' ? 'same' : 'widen'
}
