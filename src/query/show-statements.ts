/** SHOW and DESCRIBE: what they tell, looked up in the catalog and given as rows. */
import { CATALOG_NAME } from '#catalog/catalog'
import { formatCreateSchema, formatCreateView } from '#catalog/ddl'
import type { Table } from '#catalog/model'
import type { VirtualTable } from '#src/analyze/context'
import { refuseStatement } from '#src/analyze/refuse'
import { oneText, showCatalogs, showColumns, showCreateTable, showFunctions, showSchemas, showSession, showTables } from '#src/analyze/show'
import { QueryError, unreachable } from '#src/common/errors'
import { listFunctions } from '#src/functions/registry'
import type { Identifier, QualifiedName, ShowStatement } from '#src/sql/ast'
import { showGrantsOn, showRolesOf } from './access-statements.ts'
import { missingAs, relationOf, type ShowContext } from './relation-lookup.ts'
import { listSessionProperties } from './session-properties.ts'
import { describeTable, showPartitions, showTableProperties } from './show-table.ts'
import { CATALOGS } from './system-tables/listing.ts'
import { systemSchemas } from './system-tables/system-catalog.ts'
import { hasCatalog, tableNames } from './table-lookup.ts'

/** Throws CATALOG_NOT_FOUND, SCHEMA_NOT_FOUND, TABLE_NOT_FOUND, NOT_SUPPORTED with positions. */
export async function showStatement(
  statement: Exclude<ShowStatement, { kind: 'show-stats' }>,
  context: ShowContext,
): Promise<VirtualTable> {
  switch (statement.kind) {
    case 'show-catalogs':
      return showCatalogs(CATALOGS, statement.like)
    case 'show-schemas':
      return showSchemas(await schemasOf(checkCatalog(statement.catalog, undefined, context), context), statement.like)
    case 'show-tables':
      return showTables(await tablesOf(statement.schema, statement.at, context), statement.like)
    case 'show-columns': {
      const table = await relationOf(statement.table, statement.at, context)
      if (statement.detail !== undefined && !('kind' in table) && !('sql' in table)) return describeTable(table, statement.detail)
      return showColumns(table, statement.like)
    }
    case 'show-create':
      return showCreate(statement, context)
    case 'show-functions':
      // Those of a schema are stored ones, of which there are none.
      return showFunctions(statement.schema === undefined ? listFunctions() : [], statement.like)
    case 'show-session':
      return showSession(listSessionProperties(context.properties), statement.like)
    case 'show-partitions':
      return showPartitions(await lakeTableOf(statement.table, statement.at, context), statement, context)
    case 'show-tblproperties':
      return showTableProperties(await lakeTableOf(statement.table, statement.at, context), statement.property)
    case 'show-roles':
      return showRolesOf(statement)
    case 'show-grants':
      return showGrantsOn(statement, context)
    default:
      return unreachable(statement)
  }
}

/** The catalog that a statement means. What is wrong with its name is told of the statement, as in Trino. */
function checkCatalog(catalog: Identifier | undefined, at: ShowStatement['at'] | undefined, context: ShowContext): string {
  const name = catalog?.value.toLowerCase() ?? context.catalog
  if (hasCatalog(name)) return name
  throw new QueryError('CATALOG_NOT_FOUND', `Catalog '${name}' not found`, { at })
}

async function schemasOf(catalog: string, { sources }: ShowContext): Promise<readonly string[]> {
  return [...(catalog === CATALOG_NAME ? await sources.catalog.listSchemas() : []), ...systemSchemas(catalog)]
}

async function tablesOf(name: QualifiedName | undefined, at: ShowStatement['at'], context: ShowContext): Promise<readonly string[]> {
  const parts = name?.parts ?? []
  if (parts.length > 2)
    throw new QueryError('SYNTAX_ERROR', `Too many parts in schema name: ${parts.map((part) => part.value).join('.')}`, { at })
  const catalog = checkCatalog(parts.length === 2 ? parts[0] : undefined, at, context)
  const wanted = parts.at(-1)?.value.toLowerCase() ?? context.schema
  if (wanted === undefined) throw new QueryError('MISSING_SCHEMA_NAME', 'Schema must be specified when session schema is not set', { at })
  const tables = await tableNames(catalog, wanted, context.sources)
  if (tables === undefined) throw new QueryError('SCHEMA_NOT_FOUND', `Schema '${wanted}' does not exist`, { at })
  return tables
}

async function lakeTableOf(name: QualifiedName, at: ShowStatement['at'], context: ShowContext): Promise<Table> {
  const table = await relationOf(name, at, context)
  if ('kind' in table) throw new QueryError('NOT_SUPPORTED', `'${table.catalog}.${table.schema}.${table.name}' is a system table`, { at })
  if ('sql' in table)
    throw new QueryError('NOT_SUPPORTED', `Relation '${CATALOG_NAME}.${table.schema}.${table.name}' is a view, not a table`, { at })
  return table
}

/** SHOW CREATE TABLE | VIEW | SCHEMA */
async function showCreate(statement: Extract<ShowStatement, { kind: 'show-create' }>, context: ShowContext): Promise<VirtualTable> {
  const { at, name, object } = statement
  switch (object) {
    case 'schema': {
      const parts = name.parts.map((part) => part.value.toLowerCase())
      const schema = parts.at(-1) as string
      const catalog = parts.length > 1 ? (parts[0] as string) : context.catalog
      const exists = catalog === CATALOG_NAME && (await context.sources.catalog.schemaExists(schema))
      if (!exists) throw new QueryError('SCHEMA_NOT_FOUND', `Schema '${catalog}.${schema}' does not exist`, { at })
      return oneText('Create Schema', formatCreateSchema(schema, await context.sources.catalog.schemaLocation(schema)))
    }
    case 'table':
    case 'view':
    case 'materialized view': {
      const titles = { table: 'Table', view: 'View', 'materialized view': 'Materialized view' } as const
      const relation = await relationOf(name, at, context).catch(missingAs(titles[object], name, at, context))
      if ('kind' in relation)
        throw new QueryError('NOT_SUPPORTED', `SHOW CREATE ${object.toUpperCase()} of a system table is not supported`, { at })
      const kind = 'sql' in relation ? 'view' : 'table'
      if (kind !== object) {
        const full = `${CATALOG_NAME}.${relation.schema}.${relation.name}`
        throw new QueryError('NOT_SUPPORTED', `Relation '${full}' is a ${kind}, not a ${object}`, { at })
      }
      return 'sql' in relation ? oneText('Create View', formatCreateView(relation)) : showCreateTable(relation)
    }
    case 'function':
      throw refuseStatement(statement)
    default:
      return unreachable(object)
  }
}
