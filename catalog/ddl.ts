/** The statement that makes a table, in Trino's words and layout. */
import { RESERVED_KEYWORDS } from '#src/sql/keywords'
import { formatType } from '#src/types/format'
import { CATALOG_NAME } from './catalog.ts'
import type { TableColumn, View } from './model.ts'
import { isKnownProperty } from './properties.ts'
import { readSortOrder } from './sort-order.ts'
import type { TableDefinition } from './store/store.ts'

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
export function formatCreateTable(table: TableDefinition): string {
  const columns = [...table.columns, ...table.partitionKeys].map((column) => `   ${formatColumn(column)}`)
  const { serde, sorted_by: _sorted, ...others } = table.properties
  const order = readSortOrder(table.properties.sorted_by ?? '[]') ?? []
  const named = Object.entries(others).sort(([a], [b]) => (a < b ? -1 : 1))
  const extra = named.filter(([name]) => !isKnownProperty(name))
  const list = (texts: readonly string[]): string => `ARRAY[${texts.map(quote).join(',')}]`
  const properties = [
    ...(table.managed ? [] : [`external_location = ${quote(table.location)}`]),
    ...(extra.length === 0
      ? []
      : [`extra_properties = MAP(${list(extra.map(([name]) => name))}, ${list(extra.map(([, value]) => value))})`]),
    `format = ${quote(FORMAT_NAMES[serde ?? ''] ?? table.format.toUpperCase())}`,
    ...(table.partitionKeys.length === 0 ? [] : [`partitioned_by = ${list(table.partitionKeys.map((key) => key.name))}`]),
    ...named.filter(([name]) => isKnownProperty(name)).map(([name, value]) => `${formatName(name)} = ${quote(value)}`),
    ...(order.length === 0 ? [] : [`sorted_by = ${list(order.map(({ name, descending }) => (descending ? `${name} DESC` : name)))}`]),
    ...(serde !== undefined && named.some(([name]) => name.startsWith('csv.')) ? [`serde = ${quote(serde)}`] : []),
  ]
  return [
    `CREATE TABLE ${fullName(table)} (`,
    columns.join(',\n'),
    ')',
    ...(table.comment === undefined ? [] : [`COMMENT ${quote(table.comment)}`]),
    'WITH (',
    properties.map((property) => `   ${property}`).join(',\n'),
    ')',
  ].join('\n')
}

/** What Trino calls the formats that Hive's SerDes read. */
const FORMAT_NAMES: Readonly<Record<string, string | undefined>> = {
  lazysimple: 'TEXTFILE',
  opencsv: 'CSV',
  hivejson: 'JSON',
  openx: 'OPENX_JSON',
}

/**
 *   CREATE VIEW lake.default.recent SECURITY DEFINER AS
 *   SELECT …
 */
export function formatCreateView(view: View): string {
  const comment = view.comment === undefined ? '' : ` COMMENT ${quote(view.comment)}`
  return `CREATE VIEW ${fullName(view)}${comment} SECURITY ${view.security.toUpperCase()} AS\n${view.sql}`
}

export function formatCreateSchema(name: string, location: string): string {
  return `CREATE SCHEMA ${[CATALOG_NAME, name].map(formatName).join('.')}\nWITH (\n   location = ${quote(location)}\n)`
}

function formatColumn({ name, type, comment }: TableColumn): string {
  return `${formatName(name)} ${formatType(type)}${comment === undefined ? '' : ` COMMENT ${quote(comment)}`}`
}

/** `lake.default.trips`, as SQL needs it. */
export const fullName = ({ schema, name }: { readonly schema: string; readonly name: string }): string =>
  [CATALOG_NAME, schema, name].map(formatName).join('.')

/** A name as SQL needs it: quoted where it is not a plain word or is a reserved one. */
export function formatName(name: string): string {
  const isPlain = /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED_KEYWORDS.has(name.toUpperCase())
  return isPlain ? name : `"${name.replaceAll('"', '""')}"`
}

export const quote = (text: string) => `'${text.replaceAll("'", "''")}'`
