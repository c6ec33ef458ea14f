/** What is in the catalogs, as far as a filter wants it. */
import { CATALOG_NAME } from '#catalog/catalog'
import { type Listed, listedTable, type RowSources, SYSTEM_CATALOG } from './source.ts'

export const CATALOGS: readonly string[] = [CATALOG_NAME, SYSTEM_CATALOG].sort()

/** False when nothing of this catalog, schema or table is wanted; what is undefined may have any name. */
export type NameFilter = (catalog: string, schema?: string, table?: string) => boolean

/** Schemas of both catalogs, by name. */
export async function listSchemas(
  sources: RowSources,
  keeps: NameFilter,
): Promise<readonly { readonly catalog: string; readonly schema: string }[]> {
  const lake = keeps(CATALOG_NAME) ? await sources.catalog.listSchemas() : []
  return CATALOGS.flatMap((catalog) => {
    const own = sources.systemTables.flatMap((table) => (table.catalog === catalog ? [table.schema] : []))
    return [...new Set([...own, ...(catalog === CATALOG_NAME ? lake : [])])]
      .sort()
      .filter((schema) => keeps(catalog, schema))
      .map((schema) => ({ catalog, schema }))
  })
}

/** Names of tables of both catalogs; a table whose definition is damaged is among them. */
export async function listTableNames(
  sources: RowSources,
  keeps: NameFilter,
): Promise<readonly { readonly catalog: string; readonly schema: string; readonly name: string }[]> {
  const lake = keeps(CATALOG_NAME) ? await sources.catalog.tableNames() : []
  const tables = lake.filter(({ schema, name }) => keeps(CATALOG_NAME, schema, name))
  return [...tables.map((table) => ({ ...table, catalog: CATALOG_NAME })), ...listSystemTables(sources, keeps)]
}

/** Tables with their columns; those whose definitions are damaged are left out. */
export async function listTables(sources: RowSources, keeps: NameFilter): Promise<readonly Listed[]> {
  const lake = keeps(CATALOG_NAME) ? await sources.catalog.loadTables(({ schema, name }) => keeps(CATALOG_NAME, schema, name)) : []
  return [...lake.map(listedTable), ...listSystemTables(sources, keeps)]
}

const listSystemTables = (sources: RowSources, keeps: NameFilter): readonly Listed[] =>
  sources.systemTables.filter(({ catalog, schema, name }) => keeps(catalog, schema, name))
