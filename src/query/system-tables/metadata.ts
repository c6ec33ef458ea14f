/** `system.metadata`: catalogs, comments and the properties that statements take, in the columns of Trino 476. */
import { CATALOG_NAME } from '#catalog/catalog'
import { timestampWithTimeZone } from '#src/types/type'
import { CATALOGS, listTableNames, listTables, type NameFilter } from './listing.ts'
import { type Definition, type Definitions, SYSTEM_CATALOG, text } from './source.ts'

const PROPERTY_COLUMNS = ['catalog_name', 'property_name', 'default_value', 'type', 'description'].map(text)
/** No statement takes such properties yet. */
const NO_PROPERTIES: Definition = { columns: PROPERTY_COLUMNS }

export const METADATA: Definitions = {
  analyze_properties: NO_PROPERTIES,
  catalogs: {
    columns: ['catalog_name', 'connector_id', 'connector_name'].map(text),
    rows: () => CATALOGS.map((catalog) => [catalog, catalog, catalog === CATALOG_NAME ? 'hive' : SYSTEM_CATALOG]),
  },
  column_properties: NO_PROPERTIES,
  materialized_view_properties: NO_PROPERTIES,
  materialized_views: {
    columns: [
      ...['catalog_name', 'schema_name', 'name', 'storage_catalog', 'storage_schema', 'storage_table', 'freshness'].map(text),
      { name: 'last_fresh_time', type: timestampWithTimeZone(9) },
      ...['comment', 'definition'].map(text),
    ],
  },
  schema_properties: NO_PROPERTIES,
  table_comments: {
    columns: ['catalog_name', 'schema_name', 'table_name', 'comment'].map(text),
    rows: async (sources, keeps) => {
      const wanted: NameFilter = (catalog, schema, table) =>
        keeps({
          catalog_name: catalog,
          ...(schema !== undefined && { schema_name: schema }),
          ...(table !== undefined && { table_name: table }),
        })
      // A table whose definition is damaged is a table still.
      const [names, tables] = await Promise.all([listTableNames(sources, wanted), listTables(sources, wanted)])
      const key = (name: { readonly catalog: string; readonly schema: string; readonly name: string }) =>
        [name.catalog, name.schema, name.name].join('\u0000')
      const comments = new Map(tables.map((table) => [key(table), table.comment ?? null]))
      return names.map((name) => [name.catalog, name.schema, name.name, comments.get(key(name)) ?? null])
    },
  },
  table_properties: NO_PROPERTIES,
}
