/** CREATE TABLE of Trino and of Hive. */
import type { NewTable } from '#catalog/definition'
import type { Table, TableColumn } from '#catalog/model'
import { QueryError } from '#src/common/errors'
import type { CatalogStatement, ColumnDefinition, HiveCreateTable, LikeClause } from '#src/sql/ast'
import { columnsOf, type Ddl, type DdlContext, lakeName, placed, tableText } from './context.ts'
import { readHiveStorage } from './hive-storage.ts'
import { readColumnProperties, readTableProperties, type TableProperties } from './table-properties.ts'

type TrinoCreateTable = Extract<CatalogStatement, { kind: 'create-table' }>

/** CREATE [OR REPLACE] TABLE name (…) [COMMENT …] [WITH (…)] */
export async function createTable(statement: TrinoCreateTable, context: DdlContext): Promise<Ddl> {
  const { at } = statement
  const name = lakeName(statement.name, at, context)
  if (statement.replace && statement.ifNotExists)
    throw new QueryError('NOT_SUPPORTED', 'OR REPLACE and IF NOT EXISTS together are not supported', { at })
  const likes = statement.elements.filter((element): element is LikeClause => element.kind === 'like-clause')
  const copied = await Promise.all(likes.map((like) => likeTable(like, context)))
  const elements = statement.elements.map((element) => (element.kind === 'column' ? element : (copied[likes.indexOf(element)] as Table)))
  const columns = allColumns(elements)
  const given = readTableProperties(statement.properties, context.session)
  const inherited = copied.find((_table, index) => likes[index]?.properties === 'including')
  const properties = inherited === undefined || statement.properties.length > 0 ? given : propertiesOf(inherited)
  const table = newTable(name, columns, projected(statement.elements, properties, context), context)
  return create({ ...table, ...(statement.comment !== undefined && { comment: statement.comment }) }, statement, context)
}

/** A table defined by a statement, in the order of the columns: the keys come last. @throws as Trino's Hive connector does */
export function newTable(
  name: { readonly schema: string; readonly name: string },
  columns: readonly TableColumn[],
  { format, location, partitionedBy, properties }: TableProperties,
  context: DdlContext,
): NewTable {
  const missing = partitionedBy.filter((key) => !columns.some((column) => column.name === key))
  if (missing.length > 0) throw new QueryError('INVALID_TABLE_PROPERTY', `Partition columns [${missing.join(', ')}] not present in schema`)
  if (columns.length > 0 && columns.length === partitionedBy.length)
    throw new QueryError('INVALID_TABLE_PROPERTY', 'Table contains only partition columns')
  const keys = columns.slice(columns.length - partitionedBy.length)
  if (keys.some((key, index) => key.name !== partitionedBy[index])) {
    throw new QueryError(
      'HIVE_COLUMN_ORDER_MISMATCH',
      `Partition keys must be the last columns in the table and in the same order as the table properties: [${partitionedBy.join(', ')}]`,
    )
  }
  return {
    schema: name.schema,
    name: name.name,
    columns: columns.slice(0, columns.length - keys.length),
    partitionKeys: keys,
    format,
    properties,
    ...(location !== undefined && { location }),
    owner: context.session.user,
  }
}

/** CREATE [EXTERNAL] TABLE of Hive and Athena. */
export async function createHiveTable(statement: HiveCreateTable, context: DdlContext): Promise<Ddl> {
  const { at, location } = statement
  const name = lakeName(statement.name, at, context)
  if (statement.external && location === undefined)
    throw new QueryError('INVALID_TABLE_PROPERTY', 'CREATE EXTERNAL TABLE needs a LOCATION', { at })
  const { format, properties } = readHiveStorage(statement)
  const { clusteredBy } = statement
  if (clusteredBy !== undefined && location === undefined)
    throw new QueryError('NOT_SUPPORTED', 'Writing buckets (CLUSTERED BY) is not supported', { at })
  const all = columnsOf([...statement.columns, ...statement.partitionedBy].map(hiveDecimal))
  const table: NewTable = {
    schema: name.schema,
    name: name.name,
    columns: all.slice(0, statement.columns.length),
    partitionKeys: all.slice(statement.columns.length),
    format,
    properties,
    ...(location !== undefined && { location }),
    ...(statement.comment !== undefined && { comment: statement.comment }),
    owner: context.session.user,
  }
  return create(table, { ...statement, replace: false }, context)
}

/** Hive's `decimal` is decimal(10,0), Trino's decimal(38,0). */
function hiveDecimal(column: ColumnDefinition): ColumnDefinition {
  const { type } = column
  const isBare = type.kind === 'generic-type' && type.name === 'decimal' && type.arguments.length === 0
  return isBare ? { ...column, type: { ...type, arguments: [10, 0] } } : column
}

function create(
  table: NewTable,
  { at, ifNotExists, replace }: Pick<TrinoCreateTable, 'at' | 'ifNotExists' | 'replace'>,
  context: DdlContext,
): Ddl {
  return {
    updateType: 'CREATE TABLE',
    run: () =>
      placed(at, async () => {
        const { catalog } = context
        const exists = async (): Promise<boolean> => (await catalog.getTable(table.schema, table.name)) !== undefined
        if (!replace && (await exists())) {
          if (ifNotExists) return []
          throw new QueryError('TABLE_ALREADY_EXISTS', `Table '${tableText(table)}' already exists`)
        }
        const definition = await catalog.define(table)
        try {
          await catalog.createDefined(definition, { replace })
        } catch (error) {
          // Somebody else made it meanwhile.
          if (!(ifNotExists && error instanceof QueryError && error.errorName === 'TABLE_ALREADY_EXISTS' && (await exists()))) throw error
        }
        return []
      }),
  }
}

async function likeTable(like: LikeClause, context: DdlContext): Promise<Table> {
  const name = lakeName(like.table, like.at, context)
  const table = await context.catalog.getTable(name.schema, name.name)
  if (table !== undefined) return table
  if ((await context.catalog.getView(name.schema, name.name)) !== undefined)
    throw new QueryError('NOT_SUPPORTED', `LIKE of a view is not supported: '${tableText(name)}'`, { at: like.at })
  throw new QueryError('TABLE_NOT_FOUND', `LIKE table '${tableText(name)}' does not exist`, { at: like.at })
}

function allColumns(elements: readonly (ColumnDefinition | Table)[]): readonly TableColumn[] {
  const declared = columnsOf(elements.filter((element): element is ColumnDefinition => 'kind' in element))
  let next = 0
  const columns = elements.flatMap((element) =>
    'kind' in element ? [declared[next++] as TableColumn] : [...element.columns, ...element.partitionKeys],
  )
  const twice = columns.find((column, index) => columns.findIndex((other) => other.name === column.name) !== index)
  if (twice !== undefined) throw new QueryError('DUPLICATE_COLUMN_NAME', `Column name '${twice.name}' specified more than once`)
  return columns
}

const propertiesOf = (table: Table): TableProperties => ({
  format: table.format,
  partitionedBy: table.partitionKeys.map((key) => key.name),
  properties: table.properties,
})

function projected(
  elements: readonly (ColumnDefinition | LikeClause)[],
  properties: TableProperties,
  context: DdlContext,
): TableProperties {
  const own = elements.flatMap((element) =>
    element.kind === 'column'
      ? Object.entries(readColumnProperties(element.name.value.toLowerCase(), element.properties, context.session))
      : [],
  )
  return own.length === 0 ? properties : { ...properties, properties: { ...properties.properties, ...Object.fromEntries(own) } }
}
