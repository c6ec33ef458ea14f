/** Looks up the tables that a statement names, before the analysis, which waits for nothing. */
import { CATALOG_NAME } from '#catalog/catalog'
import type { Table } from '#catalog/model'
import type { AnalysisTables } from '#src/analyze/context'
import type { ResolvedName } from '#src/analyze/tables'
import type { SystemTable } from '#src/logical/system-table'
import { SYSTEM_CATALOG, type SystemSources } from './system-tables/source.ts'
import { systemTable, systemTableNames } from './system-tables/system-catalog.ts'
import { tableDetails } from './system-tables/table-details.ts'

const key = (...parts: readonly string[]): string => parts.join('\u0000')

/** Reads what `names` may mean from the catalogs. A name that is not there is simply not found later. */
export async function lookUpTables(names: readonly ResolvedName[], sources: SystemSources): Promise<AnalysisTables> {
  const found = new Map<string, Table | SystemTable>()
  const siblings = new Map<string, readonly string[]>()
  const namesakes = new Map<string, readonly string[]>()
  await Promise.all(
    names
      .filter(({ catalog }) => hasCatalog(catalog))
      .map(async ({ catalog, schema, name }) => {
        const table = systemTable(catalog, schema, name, sources) ?? (await lakeTable(catalog, schema, name, sources))
        if (table !== undefined) found.set(key(catalog, schema, name), table)
        else {
          const tables = await tableNames(catalog, schema, sources)
          if (tables !== undefined) siblings.set(key(catalog, schema), tables)
          namesakes.set(key(catalog, name), await sameNames(catalog, name, sources))
        }
      }),
  )
  return {
    find: (catalog, schema, name) => found.get(key(catalog, schema, name)),
    hasCatalog,
    hasSchema: (catalog, schema) => siblings.has(key(catalog, schema)),
    tableNames: (catalog, schema) => siblings.get(key(catalog, schema)) ?? [],
    elsewhere: (catalog, name) => namesakes.get(key(catalog, name)) ?? [],
  }
}

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
