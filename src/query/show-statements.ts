/** SHOW and DESCRIBE: what they tell, looked up in the catalog and given as rows. */
import { CATALOG_NAME, type Catalog } from '#catalog/catalog'
import type { AnalysisContext, VirtualTable } from '#src/analyze/context'
import { refuseStatement } from '#src/analyze/refuse'
import { showCatalogs, showColumns, showCreateTable, showFunctions, showSchemas, showSession, showTables } from '#src/analyze/show'
import { completeName, findTable } from '#src/analyze/tables'
import { QueryError, unreachable } from '#src/common/errors'
import { listFunctions } from '#src/functions/registry'
import type { Identifier, QualifiedName, ShowStatement } from '#src/sql/ast'
import { INFORMATION_SCHEMA, informationSchemaTables } from './information-schema.ts'
import { listSessionProperties } from './session-properties.ts'
import { lookUpTables } from './table-lookup.ts'

export interface ShowContext {
  readonly catalog: Catalog
  /** Schema of unqualified names; undefined when the client chose none. */
  readonly schema: string | undefined
  /** The client's session properties. */
  readonly properties: ReadonlyMap<string, string>
}

/** Throws CATALOG_NOT_FOUND, SCHEMA_NOT_FOUND, TABLE_NOT_FOUND, NOT_SUPPORTED with positions. */
export async function showStatement(statement: ShowStatement, context: ShowContext): Promise<VirtualTable> {
  switch (statement.kind) {
    case 'show-catalogs':
      return showCatalogs([CATALOG_NAME], statement.like)
    case 'show-schemas':
      checkCatalog(statement.catalog)
      return showSchemas([...(await context.catalog.listSchemas()), INFORMATION_SCHEMA], statement.like)
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

function checkCatalog(catalog: Identifier | undefined): void {
  if (catalog === undefined || catalog.value.toLowerCase() === CATALOG_NAME) return
  throw new QueryError('CATALOG_NOT_FOUND', `Catalog '${catalog.value}' not found`, { at: catalog.at })
}

async function tablesOf(
  name: QualifiedName | undefined,
  at: ShowStatement['at'],
  { catalog, schema }: ShowContext,
): Promise<readonly string[]> {
  const parts = name?.parts ?? []
  if (parts.length > 2)
    throw new QueryError('SYNTAX_ERROR', `Too many parts in schema name: ${parts.map((part) => part.value).join('.')}`, { at })
  if (parts.length === 2) checkCatalog(parts[0])
  const wanted = parts.at(-1)?.value.toLowerCase() ?? schema
  if (wanted === undefined) throw new QueryError('MISSING_SCHEMA_NAME', 'Schema must be specified when session schema is not set', { at })
  if (wanted === INFORMATION_SCHEMA) return informationSchemaTables()
  const tables = await catalog.listTables(wanted)
  if (tables === undefined) throw new QueryError('SCHEMA_NOT_FOUND', `Schema '${wanted}' does not exist`, { at })
  return tables.map((table) => table.name)
}

async function tableOf(name: QualifiedName, { catalog, schema }: ShowContext): Promise<ReturnType<typeof findTable>> {
  const names = { catalogName: CATALOG_NAME, defaultSchema: schema }
  const full = completeName(name, names)
  const tables = await lookUpTables([full], catalog)
  return findTable(full, name.at, { ...names, tables } as AnalysisContext)
}
