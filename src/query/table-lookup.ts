/** Looks up the tables that a statement names, before the analysis, which waits for nothing. */
import { CATALOG_NAME, type Catalog } from '#catalog/catalog'
import type { Table } from '#catalog/model'
import type { AnalysisTables, VirtualTable } from '#src/analyze/context'
import type { ResolvedName } from '#src/analyze/tables'
import { INFORMATION_SCHEMA, informationSchemaTable, informationSchemaTables } from './information-schema.ts'

const key = (schema: string, name: string): string => `${schema}\u0000${name}`

/** Reads what `names` may mean from the catalog. A name that is not there is simply not found later. */
export async function lookUpTables(names: readonly ResolvedName[], catalog: Catalog): Promise<AnalysisTables> {
  const found = new Map<string, Table | VirtualTable>()
  const schemas = new Set<string>([INFORMATION_SCHEMA])
  const siblings = new Map<string, readonly string[]>()
  await Promise.all(
    names
      .filter((name) => name.catalog === CATALOG_NAME)
      .map(async ({ schema, name }) => {
        const table = schema === INFORMATION_SCHEMA ? await informationSchemaTable(name, catalog) : await catalog.getTable(schema, name)
        if (table !== undefined) {
          schemas.add(schema)
          found.set(key(schema, name), table)
          return
        }
        const tables =
          schema === INFORMATION_SCHEMA ? informationSchemaTables() : (await catalog.listTables(schema))?.map((sibling) => sibling.name)
        if (tables === undefined) return
        schemas.add(schema)
        siblings.set(schema, tables)
      }),
  )
  return {
    find: (catalogName, schema, name) => (catalogName === CATALOG_NAME ? found.get(key(schema, name)) : undefined),
    hasCatalog: (name) => name === CATALOG_NAME,
    hasSchema: (catalogName, schema) => catalogName === CATALOG_NAME && schemas.has(schema),
    tableNames: (catalogName, schema) => (catalogName === CATALOG_NAME ? (siblings.get(schema) ?? []) : []),
  }
}
