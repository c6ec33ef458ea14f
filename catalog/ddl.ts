/** The statement that makes a table, in Trino's words and layout. */
import { RESERVED_KEYWORDS } from '#src/sql/keywords'
import { formatType } from '#src/types/format'
import { CATALOG_NAME } from './catalog.ts'
import type { Table, TableColumn } from './model.ts'

/**
 *   CREATE TABLE lake.default.trips (
 *      id bigint,
 *      year integer
 *   )
 *   WITH (
 *      external_location = 's3://lake/trips/',
 *      format = 'PARQUET',
 *      partitioned_by = ARRAY['year']
 *   )
 */
export function formatCreateTable(table: Omit<Table, 'version'>): string {
  const columns = [...table.columns, ...table.partitionKeys].map((column) => `   ${formatColumn(column)}`)
  const properties = [
    `external_location = ${quote(table.location)}`,
    `format = ${quote(table.format.toUpperCase())}`,
    ...(table.partitionKeys.length === 0 ? [] : [`partitioned_by = ARRAY[${table.partitionKeys.map((key) => quote(key.name)).join(',')}]`]),
    ...Object.entries(table.properties)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => `${formatName(name)} = ${quote(value)}`),
  ]
  const name = [CATALOG_NAME, table.schema, table.name].map(formatName).join('.')
  return [
    `CREATE TABLE ${name} (`,
    columns.join(',\n'),
    ')',
    ...(table.comment === undefined ? [] : [`COMMENT ${quote(table.comment)}`]),
    'WITH (',
    properties.map((property) => `   ${property}`).join(',\n'),
    ')',
  ].join('\n')
}

function formatColumn({ name, type, comment }: TableColumn): string {
  return `${formatName(name)} ${formatType(type)}${comment === undefined ? '' : ` COMMENT ${quote(comment)}`}`
}

/** A name as SQL needs it: quoted where it is not a plain word or is a reserved one. */
function formatName(name: string): string {
  const isPlain = /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED_KEYWORDS.has(name.toUpperCase())
  return isPlain ? name : `"${name.replaceAll('"', '""')}"`
}

const quote = (text: string) => `'${text.replaceAll("'", "''")}'`
