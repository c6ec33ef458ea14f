/** Values of statistics as numbers, as texts and back. */
import { parseKeyValue } from '#catalog/partitions/key-types'
import type { AnalyzedColumn } from '#catalog/statistics'
import type { ValueRange } from '#src/logical/value-range'
import { formatValue } from '#src/types/format-value'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'

/** A value's place on the line of its type's values; undefined for types without distances. */
export function toNumber(type: Type, value: Value | undefined): number | undefined {
  if (value === undefined || value === null) return undefined
  switch (type.kind) {
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'double':
    case 'decimal':
    case 'date':
    case 'timestamp':
      return Number(value)
    default:
      return undefined
  }
}

/** What ANALYZE has seen of a column. */
export function analyzedRange(type: Type, { min, max, nulls }: AnalyzedColumn, rows: number): ValueRange {
  const read = (text: string | undefined): Value | undefined => (text === undefined ? undefined : parseKeyValue(type, text))
  const isFloat = type.kind === 'real' || type.kind === 'double'
  return { type, min: read(min), max: read(max), values: nulls < rows, nulls: nulls > 0, nans: isFloat }
}

/** `low_value` and `high_value` as Trino writes them: numbers, dates, timestamps; undefined for other types. */
export function boundText(type: Type, value: Value | undefined): string | undefined {
  if (value === undefined || value === null) return undefined
  switch (type.kind) {
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'date':
    case 'timestamp':
      return formatValue(value, type)
    case 'real':
      return javaNumber(shortestReal(value as number))
    case 'double':
      return javaNumber(value as number)
    case 'decimal':
      return javaNumber(Number(formatValue(value, type)))
    default:
      return undefined
  }
}

/** The number of fewest digits that is the same 32-bit float. */
function shortestReal(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return value
}

/** As Java's Double.toString: `2.5`, `100.0`, `1.0E20`. */
function javaNumber(value: number): string {
  if (!Number.isFinite(value)) return String(value)
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0'
  const size = Math.abs(value)
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value)
  const [digits = '0', exponent = '0'] = value.toExponential().split('e')
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`
}
