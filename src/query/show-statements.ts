/** SHOW and DESCRIBE: what they tell, looked up in the catalog and given as rows. */
import { CATALOG_NAME } from '#catalog/catalog'
import type { AnalysisContext, VirtualTable } from '#src/analyze/context'
import { refuseStatement } from '#src/analyze/refuse'
import { showCatalogs, showColumns, showCreateTable, showFunctions, showSchemas, showSession, showTables } from '#src/analyze/show'
import { completeName, findTable } from '#src/analyze/tables'
import { QueryError, unreachable } from '#src/common/errors'
import { listFunctions } from '#src/functions/registry'
import type { Identifier, QualifiedName, ShowStatement } from '#src/sql/ast'
import { listSessionProperties } from './session-properties.ts'
import { CATALOGS } from './system-tables/listing.ts'
import type { SystemSources } from './system-tables/source.ts'
import { systemSchemas } from './system-tables/system-catalog.ts'
import { hasCatalog, lookUpTables, tableNames } from './table-lookup.ts'

export interface ShowContext {
  readonly sources: SystemSources
  /** Catalog of names without one. */
  readonly catalog: string
  /** Schema of unqualified names; undefined when the client chose none. */
  readonly schema: string | undefined
  /** The client's session properties. */
  readonly properties: ReadonlyMap<string, string>
}

/** Throws CATALOG_NOT_FOUND, SCHEMA_NOT_FOUND, TABLE_NOT_FOUND, NOT_SUPPORTED with positions. */
export async function showStatement(statement: ShowStatement, context: ShowContext): Promise<VirtualTable> {
  switch (statement.kind) {
    case 'show-catalogs':
      return showCatalogs(CATALOGS, statement.like)
    case 'show-schemas':
      return showSchemas(await schemasOf(checkCatalog(statement.catalog, statement.at, context), context), statement.like)
    case 'show-tables':
      return showTables(await tablesOf(statement.schema, statement.at, context), statement.like)
    case 'show-columns':
      return showColumns(await tableOf(statement.table, context), statement.like)
    case 'show-create': {
      if (statement.object !== 'table') throw refuseStatement(statement)
      const table = await tableOf(statement.name, context)
      if ('kind' in table)
        throw new QueryError('NOT_SUPPORTED', 'SHOW CREATE TABLE of a system table is not supported', { at: statement.at })
      return showCreateTable(table)
    }
    case 'show-functions':
      return showFunctions(listFunctions(), statement.like)
    case 'show-session':
      return showSession(listSessionProperties(context.properties), statement.like)
    case 'show-stats':
    case 'show-partitions':
    case 'show-tblproperties':
      throw refuseStatement(statement)
    default:
      return unreachable(statement)
  }
}

/** The catalog that a statement means. */
function checkCatalog(catalog: Identifier | undefined, at: ShowStatement['at'], context: ShowContext): string {
  const name = catalog?.value.toLowerCase() ?? context.catalog
  if (hasCatalog(name)) return name
  throw new QueryError('CATALOG_NOT_FOUND', `Catalog '${name}' not found`, { at: catalog?.at ?? at })
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

async function tableOf(name: QualifiedName, { sources, catalog, schema }: ShowContext): Promise<ReturnType<typeof findTable>> {
  const names = { catalogName: catalog, defaultSchema: schema }
  const full = completeName(name, names)
  const tables = await lookUpTables([full], sources)
  return findTable(full, name.at, { ...names, tables } as AnalysisContext)
}
