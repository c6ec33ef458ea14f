/**
 * The type of a column whose files disagree: the narrowest one that every file can be read into (connectors/formats/widening.ts),
 * so that a table accepts exactly what its scans accept. integer and bigint make bigint, integer and real make double,
 * rows get the fields of both.
 */
import { checkReadable } from '#connectors/formats/widening'
import { array, DOUBLE, decimal, map, type RowField, type RowType, row, type Type, timestamp } from '#src/types/type'

/** Undefined when no type reads both. */
export function mergeFileTypes(a: Type, b: Type): Type | undefined {
  // Each can be read as the other, with fewer digits or more; the table keeps them all.
  if (a.kind === 'timestamp' && b.kind === 'timestamp') return timestamp(Math.max(a.precision, b.precision))
  if (a.kind === 'row' && b.kind === 'row') return mergeRows(a, b)
  if (a.kind === 'array' && b.kind === 'array') {
    const element = mergeFileTypes(a.element, b.element)
    return element && array(element)
  }
  if (a.kind === 'map' && b.kind === 'map') {
    const key = mergeFileTypes(a.key, b.key)
    const value = mergeFileTypes(a.value, b.value)
    return key && value && map(key, value)
  }
  if (checkReadable(a, b) !== undefined) return b
  if (checkReadable(b, a) !== undefined) return a
  return [mergeDecimals(a, b), DOUBLE].find(
    (type) => type !== undefined && checkReadable(a, type) !== undefined && checkReadable(b, type) !== undefined,
  )
}

/** Room for the digits of both. */
function mergeDecimals(a: Type, b: Type): Type | undefined {
  const [left, right] = [asDecimal(a), asDecimal(b)]
  if (left === undefined || right === undefined) return undefined
  const scale = Math.max(left.scale, right.scale)
  const precision = Math.max(left.precision - left.scale, right.precision - right.scale) + scale
  return precision <= 38 ? decimal(precision, scale) : undefined
}

const INTEGER_DIGITS: Readonly<Record<string, number>> = { tinyint: 3, smallint: 5, integer: 10, bigint: 19 }

function asDecimal(type: Type): { readonly precision: number; readonly scale: number } | undefined {
  if (type.kind === 'decimal') return type
  const digits = INTEGER_DIGITS[type.kind]
  return digits === undefined ? undefined : { precision: digits, scale: 0 }
}

/** Fields by name, those of `a` first. Fields without names cannot be matched. */
function mergeRows(a: RowType, b: RowType): Type | undefined {
  const fields: RowField[] = [...a.fields]
  for (const field of b.fields) {
    const name = field.name?.toLowerCase()
    const index = fields.findIndex((candidate) => candidate.name !== undefined && candidate.name.toLowerCase() === name)
    const known = fields[index]
    if (known === undefined) {
      fields.push(field)
      continue
    }
    const type = mergeFileTypes(known.type, field.type)
    if (type === undefined) return undefined
    fields[index] = { name: known.name, type }
  }
  return row(fields)
}
