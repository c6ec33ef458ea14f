/**
 * A table's definition from what a statement says: CREATE TABLE of both dialects, CREATE TABLE AS. No file is looked into: the
 * statement knows the columns, and an external location may still be empty.
 */
import { randomBytes } from 'node:crypto'
import { formatLocation, type Location, parseLocation } from '#connectors/storage/location'
import { QueryError } from '#src/common/errors'
import { formatType } from '#src/types/format'
import type { Type } from '#src/types/type'
import type { FileFormat, TableColumn } from './model.ts'
import { canonicalColumnNames, canonicalName, checkDistinctColumns } from './names.ts'
import { isKeyType } from './partitions/key-types.ts'
import { checkProjection } from './partitions/projection.ts'
import { isProjected } from './partitions/projection-properties.ts'
import { checkProperties } from './properties.ts'
import { checkSortOrder } from './sort-order.ts'
import type { TableDefinition } from './store/store.ts'

export interface NewTable {
  readonly schema: string
  readonly name: string
  /** As spelled, without the partition keys. */
  readonly columns: readonly TableColumn[]
  readonly partitionKeys: readonly TableColumn[]
  readonly format: FileFormat
  /** Canonical (catalog/properties.ts). */
  readonly properties: Readonly<Record<string, string>>
  /** Absent: the table is managed. */
  readonly location?: string
  readonly comment?: string
  readonly owner?: string
}

/** Where managed tables of a schema go: its location, else the warehouse and its name. Ends with '/'. */
export function schemaFolder(schema: { readonly name: string; readonly location?: string }, warehouse: Location): string {
  if (schema.location !== undefined) return schema.location.replace(/\/?$/, '/')
  return `${formatLocation(warehouse).replace(/\/?$/, '/')}${schema.name}/`
}

/**
 * Checks a definition. `folder` is where a managed table goes: a folder of its own, never used before, so that what a dropped
 * table of that name has left is not met there. Throws DUPLICATE_COLUMN_NAME, INVALID_TABLE_PROPERTY, NOT_SUPPORTED for types
 * that the format or a partition key cannot have, TABLE_HAS_NO_COLUMNS.
 */
export function defineTable(table: NewTable, folder: string): TableDefinition {
  const name = canonicalName('table', table.name)
  const columns = named(table.columns)
  const partitionKeys = named(table.partitionKeys)
  checkDistinctColumns(columns, partitionKeys)
  if (columns.length === 0) {
    if (partitionKeys.length > 0) throw invalid('Table contains only partition columns')
    throw new QueryError('TABLE_HAS_NO_COLUMNS', `Table '${name}' has no columns`)
  }
  for (const { name: column, type } of columns) checkColumnType(column, type, table.format)
  if (table.properties.serde === 'opencsv' || table.properties.serde === 'lazysimple') {
    for (const column of columns) checkHiveTextType(column, table.properties.serde)
  }
  for (const { name: key, type } of partitionKeys) {
    if (!isKeyType(type)) throw new QueryError('NOT_SUPPORTED', `Unsupported type [${formatType(type)}] for partition: ${key}`)
  }
  checkProperties(table.properties, table.format)
  checkSortOrder({ columns, properties: table.properties })
  const definition: TableDefinition = {
    schema: canonicalName('schema', table.schema),
    name,
    format: table.format,
    location: table.location === undefined ? `${folder}${name}-${randomBytes(8).toString('hex')}/` : folderOf(table.location),
    columns,
    partitionKeys,
    properties: table.properties,
    ...(table.comment !== undefined && { comment: table.comment }),
    ...(table.owner !== undefined && { owner: table.owner }),
    ...(table.location === undefined && { managed: true as const }),
    declared: [...columns, ...partitionKeys].map((column) => column.name),
  }
  if (isProjected(table.properties)) checkProjection(definition)
  return definition
}

/** A location of a statement is a folder, whether or not it ends like one. */
const folderOf = (location: string): string => formatLocation(parseLocation(location)).replace(/\/?$/, '/')

function named(columns: readonly TableColumn[]): readonly TableColumn[] {
  const names = canonicalColumnNames(columns.map((column) => column.name))
  return columns.map((column, index) => ({ ...column, name: names[index] as string }))
}

/** Throws NOT_SUPPORTED for a type that files of this format do not have. */
export function checkColumnType(name: string, type: Type, format: FileFormat): void {
  const refused = refusedType(type, format)
  if (refused === undefined) return
  throw new QueryError('NOT_SUPPORTED', `Column '${name}': type ${formatType(refused)} is not supported in ${format.toUpperCase()} tables`)
}

/** OpenCSVSerde has no nested values, and bytes are written in no way that both sides agree on. */
function checkHiveTextType({ name, type }: TableColumn, serde: string): void {
  const isNested = type.kind === 'array' || type.kind === 'map' || type.kind === 'row'
  if (type.kind !== 'varbinary' && !(isNested && serde === 'opencsv')) return
  const format = serde === 'opencsv' ? 'OpenCSVSerde' : 'LazySimpleSerDe'
  throw new QueryError('NOT_SUPPORTED', `Column '${name}': type ${formatType(type)} is not supported by ${format}`)
}

function refusedType(type: Type, format: FileFormat): Type | undefined {
  switch (type.kind) {
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'double':
    case 'decimal':
    case 'varchar':
    case 'char':
    case 'varbinary':
    case 'date':
    case 'timestamp':
      return undefined
    case 'array':
      return refusedType(type.element, format)
    case 'map':
      return refusedType(type.key, format) ?? refusedType(type.value, format)
    case 'row':
      return type.fields.map((field) => refusedType(field.type, format)).find((refused) => refused !== undefined)
    case 'time':
    case 'uuid':
      return format === 'parquet' ? undefined : type
    default:
      return type
  }
}

const invalid = (message: string): QueryError => new QueryError('INVALID_TABLE_PROPERTY', message)
