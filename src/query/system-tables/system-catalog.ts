/** The engine's own tables: the catalog `system`, and `information_schema` of every catalog. */
import { CATALOG_NAME } from '#catalog/catalog'
import type { SystemTable } from '#src/logical/system-table'
import { informationSchema } from './information-schema.ts'
import { JDBC } from './jdbc.ts'
import { METADATA } from './metadata.ts'
import { RUNTIME } from './runtime.ts'
import { type Definitions, INFORMATION_SCHEMA, type Listed, SYSTEM_CATALOG, type SystemSources } from './source.ts'

type Schemas = Readonly<Record<string, Definitions>>

const SCHEMAS: Readonly<Record<string, Schemas>> = {
  [CATALOG_NAME]: { [INFORMATION_SCHEMA]: informationSchema(CATALOG_NAME) },
  [SYSTEM_CATALOG]: {
    [INFORMATION_SCHEMA]: informationSchema(SYSTEM_CATALOG),
    jdbc: JDBC,
    metadata: METADATA,
    runtime: RUNTIME,
  },
}

const entry = <T>(record: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
  record !== undefined && Object.hasOwn(record, name) ? record[name] : undefined

/** Schemas of a catalog that hold only tables of the engine, by name. */
export const systemSchemas = (catalog: string): readonly string[] => Object.keys(entry(SCHEMAS, catalog) ?? {}).sort()

/** Names of the tables of such a schema, sorted; undefined when it is none. */
export function systemTableNames(catalog: string, schema: string): readonly string[] | undefined {
  const definitions = entry(entry(SCHEMAS, catalog), schema)
  return definitions && Object.keys(definitions).sort()
}

export function systemTable(catalog: string, schema: string, name: string, sources: SystemSources): SystemTable | undefined {
  const definition = entry(entry(entry(SCHEMAS, catalog), schema), name)
  if (definition === undefined) return undefined
  return {
    kind: 'system',
    catalog,
    schema,
    name,
    columns: definition.columns,
    async load(keeps, signal) {
      const all = { ...sources, systemTables: ALL }
      if (definition.parts !== undefined) return definition.parts(all, keeps)
      return ((await definition.rows?.(all, keeps, signal)) ?? []).map((row) => [row])
    },
  }
}

/** All of them, with the columns that `*` shows. */
const ALL: readonly Listed[] = Object.entries(SCHEMAS).flatMap(([catalog, schemas]) =>
  Object.entries(schemas).flatMap(([schema, definitions]) =>
    Object.entries(definitions).map(([name, { columns }]) => ({
      catalog,
      schema,
      name,
      columns: columns.filter((column) => column.hidden !== true),
    })),
  ),
)
