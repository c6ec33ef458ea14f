/** Looks up the tables that a statement names, before the analysis, which waits for nothing. */
import { CATALOG_NAME } from '#catalog/catalog'
import type { Table, View } from '#catalog/model'
import type { AnalysisTables } from '#src/analyze/context'
import { collectTableNames } from '#src/analyze/table-names'
import { completeName, type ResolvedName } from '#src/analyze/tables'
import type { FoundView } from '#src/analyze/views'
import { QueryError } from '#src/common/errors'
import type { SystemTable } from '#src/logical/system-table'
import type { Query } from '#src/sql/ast'
import { parseStatement } from '#src/sql/parser/parse'
import { SYSTEM_CATALOG, type SystemSources } from './system-tables/source.ts'
import { systemTable, systemTableNames } from './system-tables/system-catalog.ts'
import { tableDetails } from './system-tables/table-details.ts'

const key = (...parts: readonly string[]): string => parts.join('\u0000')

/** Reads what `names` may mean from the catalogs. A name that is not there is simply not found later. */
export async function lookUpTables(names: readonly ResolvedName[], sources: SystemSources): Promise<AnalysisTables> {
  return lookUp(names, sources, new Set())
}

/** `within`: the views whose queries these names are from. */
async function lookUp(names: readonly ResolvedName[], sources: SystemSources, within: ReadonlySet<string>): Promise<AnalysisTables> {
  const found = new Map<string, Table | SystemTable>()
  const views = new Map<string, FoundView>()
  const siblings = new Map<string, readonly string[]>()
  const namesakes = new Map<string, readonly string[]>()
  await Promise.all(
    names
      .filter(({ catalog }) => hasCatalog(catalog))
      .map(async ({ catalog, schema, name }) => {
        const table = systemTable(catalog, schema, name, sources) ?? (await lakeTable(catalog, schema, name, sources))
        if (table !== undefined) {
          found.set(key(catalog, schema, name), table)
          return
        }
        const view = await lakeView({ catalog, schema, name }, sources, within)
        if (view !== undefined) views.set(key(catalog, schema, name), view)
        else {
          const tables = await tableNames(catalog, schema, sources)
          if (tables !== undefined) siblings.set(key(catalog, schema), tables)
          namesakes.set(key(catalog, name), await sameNames(catalog, name, sources))
        }
      }),
  )
  return {
    view: (catalog, schema, name) => views.get(key(catalog, schema, name)),
    find: (catalog, schema, name) => found.get(key(catalog, schema, name)),
    hasCatalog,
    hasSchema: (catalog, schema) => siblings.has(key(catalog, schema)),
    tableNames: (catalog, schema) => siblings.get(key(catalog, schema)) ?? [],
    elsewhere: (catalog, name) => namesakes.get(key(catalog, name)) ?? [],
  }
}

async function lakeView(full: ResolvedName, sources: SystemSources, within: ReadonlySet<string>): Promise<FoundView | undefined> {
  const { catalog, schema, name } = full
  const view = catalog === CATALOG_NAME ? await sources.catalog.getView(schema, name) : undefined
  if (view === undefined) return undefined
  const id = key(catalog, schema, name)
  if (within.has(id)) throw new QueryError('VIEW_IS_RECURSIVE', `View '${catalog}.${schema}.${name}' is recursive`)
  const query = viewQuery(view)
  const tables = await lookUp(viewNames(view, query), sources, new Set([...within, id]))
  return { view, query, tables }
}

/** A view's query as its author wrote it. Throws INVALID_VIEW where this Weir cannot read it any more. */
export function viewQuery(view: View): Query {
  try {
    const statement = parseStatement(view.sql)
    if (statement.kind === 'query-statement') return statement.query
    throw new QueryError('SYNTAX_ERROR', 'it is no query')
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw new QueryError('INVALID_VIEW', `Failed analyzing stored view '${CATALOG_NAME}.${view.schema}.${view.name}': ${why}`, {
      cause: error,
    })
  }
}

/** The tables and views that a view's query names. */
export const viewNames = ({ context }: View, query: Query): readonly ResolvedName[] =>
  collectTableNames(query).map((name) => completeName(name, { catalogName: context.catalog, defaultSchema: context.schema }))

export const hasCatalog = (catalog: string): boolean => catalog === CATALOG_NAME || catalog === SYSTEM_CATALOG

export async function hasSchema(catalog: string, schema: string, sources: SystemSources): Promise<boolean> {
  return systemTableNames(catalog, schema) !== undefined || (catalog === CATALOG_NAME && sources.catalog.schemaExists(schema))
}

/** Names of a schema's tables; undefined when there is no such schema. */
export async function tableNames(catalog: string, schema: string, sources: SystemSources): Promise<readonly string[] | undefined> {
  const own = systemTableNames(catalog, schema)
  if (own !== undefined || catalog !== CATALOG_NAME) return own
  if (!(await sources.catalog.schemaExists(schema))) return undefined
  return (await sources.catalog.tableNames()).flatMap((table) => (table.schema === schema ? [table.name] : []))
}

/** Tables of this name in any schema, as `schema.name`. */
async function sameNames(catalog: string, name: string, sources: SystemSources): Promise<readonly string[]> {
  if (catalog !== CATALOG_NAME) return []
  return (await sources.catalog.tableNames()).flatMap((table) => (table.name === name ? [`${table.schema}.${name}`] : []))
}

async function lakeTable(catalog: string, schema: string, name: string, sources: SystemSources): Promise<Table | SystemTable | undefined> {
  if (catalog !== CATALOG_NAME) return undefined
  return (await sources.catalog.getTable(schema, name)) ?? tableDetails(schema, name, sources)
}
