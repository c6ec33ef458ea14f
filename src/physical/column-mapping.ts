/** Which column of a Parquet file each scanned column is: by name, whatever the case, and of a type that can be read. */
import { columnNames } from '#catalog/column-names'
import { mergeFileTypes } from '#catalog/import/merge-types'
import type { Table } from '#catalog/model'
import type { ParquetFooter } from '#connectors/formats/parquet/footer'
import { checkReadable } from '#connectors/formats/widening'
import { QueryError } from '#src/common/errors'
import type { Scan, ScanColumn } from '#src/logical/plan'
import { formatType } from '#src/types/format'

/**
 * For each of the scan's columns the index in `footer.columns`; -1 for partition keys, hidden columns and what the file
 * lacks. Throws HIVE_PARTITION_SCHEMA_MISMATCH for a type that the table's type cannot be read from,
 * HIVE_UNSUPPORTED_FORMAT for one that Weir does not read, HIVE_INVALID_METADATA for two columns of the same name.
 */
export function mapColumns(scan: Scan, footer: ParquetFooter, file: string): readonly number[] {
  const indexes = new Map<string, number[]>()
  for (const [index, column] of footer.columns.entries()) {
    const name = column.name.toLowerCase()
    const same = indexes.get(name)
    if (same === undefined) indexes.set(name, [index])
    else same.push(index)
  }
  return scan.columns.map((entry) => {
    const { source } = entry
    if (source.kind !== 'data') return -1
    const named = columnNames(scan.table, source.name).find((name) => indexes.has(name))
    const [index, second] = byPosition(scan.table, source.name, footer) ?? (named === undefined ? [] : (indexes.get(named) ?? []))
    if (index === undefined) return -1
    if (second !== undefined) {
      const both = [index, second].map((place) => `'${footer.columns[place]?.name}'`).join(' and ')
      throw new QueryError('HIVE_INVALID_METADATA', `${file}: the columns ${both} differ only by case`, { at: scan.at })
    }
    checkType(scan, entry, footer, index, file)
    return index
  })
}

/** With `columns_by = position` a file's columns are the table's in order, whatever they are called. */
function byPosition(table: Table, name: string, footer: ParquetFooter): readonly number[] | undefined {
  if (table.properties.columns_by !== 'position') return undefined
  const place = table.columns.findIndex((column) => column.name === name)
  return place < footer.columns.length ? [place] : []
}

function checkType(scan: Scan, entry: ScanColumn, footer: ParquetFooter, index: number, file: string): void {
  const column = footer.columns[index]
  if (column === undefined) return
  const table = tableName(scan.table)
  if (column.type === undefined) {
    throw new QueryError(
      'HIVE_UNSUPPORTED_FORMAT',
      `${file}: column '${column.name}' cannot be read: ${column.unsupported ?? 'its type is not supported'}`,
      {
        at: scan.at,
      },
    )
  }
  if (checkReadable(column.type, entry.column.type) !== undefined) return
  const [fileType, tableType] = [formatType(column.type), formatType(entry.column.type)]
  // What reads this file and those that fit already.
  const both = formatType(mergeFileTypes(column.type, entry.column.type) ?? column.type)
  throw new QueryError(
    'HIVE_PARTITION_SCHEMA_MISMATCH',
    `${file}: column '${entry.source.name}' is ${fileType} in the file, but ${tableType} in table ${table}`,
    { at: scan.at, hint: `If the file is right: ALTER TABLE ${table} ALTER COLUMN ${entry.source.name} SET DATA TYPE ${both}` },
  )
}

export const tableName = (table: Table): string => `${table.schema}.${table.name}`
