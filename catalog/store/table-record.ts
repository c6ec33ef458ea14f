/** A table's definition as a row of the database and back. */
import type { Selectable } from 'kysely'
import { QueryError } from '#src/common/errors'
import { formatType } from '#src/types/format'
import { parseType } from '#src/types/parse'
import type { Type } from '#src/types/type'
import type { FileFormat, Table, TableColumn, View } from '../model.ts'
import type { CatalogTables } from './database.ts'
import type { TableDefinition, ViewDefinition } from './store.ts'

type TableRow = Selectable<CatalogTables['tables']>
type ViewRow = Selectable<CatalogTables['views']>
/** What a change of the definition leaves alone. */
type Identity = 'id' | 'partitions_version' | 'partitions_removed'

export function encodeTable(definition: TableDefinition, version: number): Omit<TableRow, Identity> {
  return {
    schema_name: definition.schema,
    name: definition.name,
    format: definition.format,
    location: definition.location,
    columns: encodeColumns(definition.columns),
    partition_keys: encodeColumns(definition.partitionKeys),
    properties: JSON.stringify(definition.properties),
    comment: definition.comment ?? null,
    declared: definition.declared === undefined ? null : JSON.stringify(definition.declared),
    version,
    owner: definition.owner ?? null,
    managed: definition.managed === true ? 1 : 0,
  }
}

/** Throws HIVE_INVALID_METADATA when the row is not what `encodeTable` writes. */
export function decodeTable(row: Omit<TableRow, 'columns'>, columns: readonly TableColumn[]): Table {
  try {
    return {
      schema: row.schema_name,
      name: row.name,
      format: decodeFormat(row.format),
      location: row.location,
      columns,
      partitionKeys: decodeColumns(row.partition_keys),
      properties: decodeProperties(row.properties),
      ...(row.comment === null ? {} : { comment: row.comment }),
      ...(row.declared === null ? {} : { declared: decodeNames(row.declared) }),
      ...(row.owner === null ? {} : { owner: row.owner }),
      ...(Number(row.managed) === 1 ? { managed: true } : {}),
      id: Number(row.id),
      version: Number(row.version),
      ...(Number(row.partitions_version) === 0 ? {} : { partitionsVersion: Number(row.partitions_version) }),
    }
  } catch (error) {
    throw damaged('table', row, error)
  }
}

/** The same of the columns alone. */
export function decodeColumnsOf(row: Pick<TableRow, 'schema_name' | 'name' | 'columns'>): readonly TableColumn[] {
  try {
    return decodeColumns(row.columns)
  } catch (error) {
    throw damaged('table', row, error)
  }
}

export const decodeWholeTable = (row: TableRow): Table => decodeTable(row, decodeColumnsOf(row))

export function encodeView(view: ViewDefinition, version: number): ViewRow {
  return {
    schema_name: view.schema,
    name: view.name,
    sql: view.sql,
    columns: encodeColumns(view.columns),
    comment: view.comment ?? null,
    owner: view.owner ?? null,
    security: view.security,
    context_catalog: view.context.catalog,
    context_schema: view.context.schema ?? null,
    version,
  }
}

/** Throws HIVE_INVALID_METADATA when the row is not what `encodeView` writes. */
export function decodeView(row: ViewRow): View {
  try {
    return {
      schema: row.schema_name,
      name: row.name,
      sql: row.sql,
      columns: decodeColumns(row.columns),
      ...(row.comment === null ? {} : { comment: row.comment }),
      ...(row.owner === null ? {} : { owner: row.owner }),
      security: row.security === 'invoker' ? 'invoker' : 'definer',
      context: { catalog: row.context_catalog, ...(row.context_schema === null ? {} : { schema: row.context_schema }) },
      version: Number(row.version),
    }
  } catch (error) {
    throw damaged('view', row, error)
  }
}

function damaged(kind: string, row: { readonly schema_name: string; readonly name: string }, error: unknown): QueryError {
  const detail = error instanceof Error ? error.message : String(error)
  return new QueryError('HIVE_INVALID_METADATA', `The catalog's entry of ${kind} '${row.schema_name}.${row.name}' is damaged: ${detail}`, {
    cause: error,
  })
}

/** For listings, which one damaged entry must not end: undefined when `decode` throws. */
export function decodeIfWhole<R, T>(decode: (row: R) => T, row: R): T | undefined {
  try {
    return decode(row)
  } catch (error) {
    if (error instanceof QueryError && error.errorName === 'HIVE_INVALID_METADATA') return undefined
    throw error
  }
}

/** Throws when the text is no format. */
export function decodeFormat(text: string): FileFormat {
  if (text === 'parquet' || text === 'csv' || text === 'json') return text
  throw new Error(`unknown format '${text}'`)
}

const encodeColumns = (columns: readonly TableColumn[]) =>
  JSON.stringify(columns.map(({ name, type, comment }) => ({ name, type: formatType(type), comment })))

function decodeColumns(text: string): TableColumn[] {
  const columns: unknown = JSON.parse(text)
  if (!Array.isArray(columns)) throw new Error('the columns are no list')
  return columns.map((column: unknown) => {
    if (typeof column !== 'object' || column === null) throw new Error('a column is no object')
    const { name, type, comment } = column as Readonly<Record<string, unknown>>
    if (typeof name !== 'string' || typeof type !== 'string') throw new Error('a column has no name or type')
    return { name, type: typeOf(type), ...(typeof comment === 'string' ? { comment } : {}) }
  })
}

/** Many columns have few types: each text is parsed once. */
const types = new Map<string, Type>()
const MOST_TYPES = 10_000

function typeOf(text: string): Type {
  const known = types.get(text)
  if (known !== undefined) return known
  const type = parseType(text)
  if (types.size >= MOST_TYPES) types.clear()
  types.set(text, type)
  return type
}

function decodeNames(text: string): string[] {
  const names: unknown = JSON.parse(text)
  if (!Array.isArray(names)) throw new Error('the declared columns are no list')
  return names.map(String)
}

function decodeProperties(text: string): Record<string, string> {
  const properties: unknown = JSON.parse(text)
  if (typeof properties !== 'object' || properties === null || Array.isArray(properties)) throw new Error('the properties are no object')
  return Object.fromEntries(Object.entries(properties).map(([name, value]) => [name, String(value)]))
}
