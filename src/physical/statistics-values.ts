/** Values of statistics as numbers, as texts and back. */
import { parseKeyValue } from '#catalog/partitions/key-types'
import type { AnalyzedColumn } from '#catalog/statistics'
import type { ValueRange } from '#src/logical/value-range'
import { javaDouble } from '#src/types/double-digits'
import { formatValue } from '#src/types/format-value'
import { shortestReal } from '#src/types/real-digits'
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
      return javaDouble(shortestReal(value as number))
    case 'double':
      return javaDouble(value as number)
    case 'decimal':
      return javaDouble(Number(formatValue(value, type)))
    default:
      return undefined
  }
}
