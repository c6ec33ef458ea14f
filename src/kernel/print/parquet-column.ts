/** A Parquet column as the reader gives it → the table's type in its stored form: widening casts, nested types element by element. */
import { QueryError } from '#src/common/errors'
import type { KernelForms } from '#src/functions/function'
import { quote } from '#src/functions/kernel-error'
import { formatType } from '#src/types/format'
import type { MapType, RowType, Type } from '#src/types/type'

/** A top-level column; `physical` as in leaf-type.ts. */
export function printParquetColumn(value: string, file: Type, physical: string, table: Type, forms: KernelForms): string {
  if (file.kind !== 'timestamp' || !physical.startsWith('timestamp-nanos')) return printParquetValue(value, file, table, forms, 0)
  const rounded = `make_timestamp(weir_floor_div(epoch_ns(${value}) + 500, 1000))`
  return formatType(file) === formatType(table) ? rounded : forms.cast(rounded, file, table)
}

/**
 * `value` is an expression over the reader's column of Trino type `file` (as the footer says); the result is in the
 * stored form of `table`. connectors/formats/widening.ts has said that it can be read so.
 */
function printParquetValue(value: string, file: Type, table: Type, forms: KernelForms, depth: number): string {
  if (file.kind === 'unknown') return `CAST(NULL AS ${forms.stored(table)})`
  switch (table.kind) {
    case 'row':
      return printRow(value, expect(file, 'row'), table, forms, depth)
    case 'array': {
      const source = expect(file, 'array')
      const element = printParquetValue(`e${depth}`, source.element, table.element, forms, depth + 1)
      return isPlain(source.element, table.element)
        ? `CAST(${value} AS ${forms.stored(table)})`
        : `CAST(list_transform(${value}, lambda e${depth}: ${element}) AS ${forms.stored(table)})`
    }
    case 'map':
      return printMap(value, expect(file, 'map'), table, forms, depth)
    default: {
      // Timestamps adjusted to UTC come with a zone, nanoseconds and unsigned integers as types of their own: the
      // session's zone is UTC, so a cast to the stored type reads them as the contract says.
      const read = `CAST(${value} AS ${forms.stored(file)})`
      const stored = file.kind === 'real' || file.kind === 'double' ? withoutStatistics(read, forms.stored(file)) : read
      return formatType(file) === formatType(table) ? stored : forms.cast(stored, file, table)
    }
  }
}

/**
 * The kernel proves `x < 1` of a whole file by its minimum and maximum, which most writers compute without NaN. It knows
 * no bounds of a difference; subtracting 0 changes no number, -0 neither.
 */
function withoutStatistics(value: string, type: string): string {
  return `(${value} - CAST(0 AS ${type}))`
}

function printRow(value: string, file: RowType, table: RowType, forms: KernelForms, depth: number): string {
  const fields = table.fields.map((field) => {
    const source = file.fields.find((candidate) => candidate.name?.toLowerCase() === field.name?.toLowerCase())
    return source === undefined
      ? `CAST(NULL AS ${forms.stored(field.type)})`
      : printParquetValue(`struct_extract(${value}, ${quote(source.name ?? '')})`, source.type, field.type, forms, depth)
  })
  return `CASE WHEN ${value} IS NULL THEN NULL ELSE CAST(row(${fields.join(', ')}) AS ${forms.stored(table)}) END`
}

function printMap(value: string, file: MapType, table: MapType, forms: KernelForms, depth: number): string {
  if (isPlain(file.key, table.key) && isPlain(file.value, table.value)) return `CAST(${value} AS ${forms.stored(table)})`
  const keys = `list_transform(map_keys(${value}), lambda e${depth}: ${printParquetValue(`e${depth}`, file.key, table.key, forms, depth + 1)})`
  const values = `list_transform(map_values(${value}), lambda e${depth}: ${printParquetValue(`e${depth}`, file.value, table.value, forms, depth + 1)})`
  return `CASE WHEN ${value} IS NULL THEN NULL ELSE CAST(map(${keys}, ${values}) AS ${forms.stored(table)}) END`
}

/** A cast of the whole is enough: no rows inside, whose fields the kernel would match in its own way, nor floats with statistics. */
function isPlain(file: Type, table: Type): boolean {
  if (file.kind === 'array' && table.kind === 'array') return isPlain(file.element, table.element)
  if (file.kind === 'map' && table.kind === 'map') return isPlain(file.key, table.key) && isPlain(file.value, table.value)
  return file.kind !== 'row' && file.kind !== 'real' && file.kind !== 'double' && formatType(file) === formatType(table)
}

function expect<K extends 'row' | 'array' | 'map'>(type: Type, kind: K): Type & { readonly kind: K } {
  if (type.kind !== kind) throw new QueryError('GENERIC_INTERNAL_ERROR', `A file column of type ${type.kind} cannot be read as ${kind}`)
  return type as Type & { readonly kind: K }
}
