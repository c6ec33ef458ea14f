/** What is in the catalogs, as far as a filter wants it. */
import { CATALOG_NAME, type TableName } from '#catalog/catalog'
import type { View } from '#catalog/model'
import { type Listed, listedTable, listedView, type RowSources, SYSTEM_CATALOG } from './source.ts'

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

interface ListedName {
  readonly catalog: string
  readonly schema: string
  readonly name: string
  readonly isView: boolean
}

/** Names of tables and views of both catalogs; those whose definitions are damaged are among them. */
export async function listTableNames(sources: RowSources, keeps: NameFilter): Promise<readonly ListedName[]> {
  const [names, viewNames] = keeps(CATALOG_NAME) ? await Promise.all([sources.catalog.tableNames(), sources.catalog.viewNames()]) : [[], []]
  const views = new Set(viewNames.map(({ schema, name }) => `${schema}\u0000${name}`))
  const lake = names.filter(({ schema, name }) => keeps(CATALOG_NAME, schema, name))
  return [
    ...lake.map(({ schema, name }) => ({ catalog: CATALOG_NAME, schema, name, isView: views.has(`${schema}\u0000${name}`) })),
    ...listSystemTables(sources, keeps).map(({ catalog, schema, name }) => ({ catalog, schema, name, isView: false })),
  ]
}

/** Tables and views with their columns, by catalog, schema and name; those whose definitions are damaged are left out. */
export async function listTables(sources: RowSources, keeps: NameFilter): Promise<readonly Listed[]> {
  const wanted = ({ schema, name }: TableName): boolean => keeps(CATALOG_NAME, schema, name)
  const [tables, views] = keeps(CATALOG_NAME)
    ? await Promise.all([sources.catalog.loadTables(wanted), sources.catalog.loadViews(wanted)])
    : [[], []]
  const listed = [...tables.map(listedTable), ...views.map(listedView), ...listSystemTables(sources, keeps)]
  return listed.sort((a, b) => compareNames(a.catalog, b.catalog) || compareNames(a.schema, b.schema) || compareNames(a.name, b.name))
}

const compareNames = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Views with their queries. */
export async function listViews(sources: RowSources, keeps: NameFilter): Promise<readonly View[]> {
  return keeps(CATALOG_NAME) ? sources.catalog.loadViews(({ schema, name }) => keeps(CATALOG_NAME, schema, name)) : []
}

const listSystemTables = (sources: RowSources, keeps: NameFilter): readonly Listed[] =>
  sources.systemTables.filter(({ catalog, schema, name }) => keeps(catalog, schema, name))
