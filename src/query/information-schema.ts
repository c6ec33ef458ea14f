/** `information_schema`: what is in the catalog, as tables (SQL:2016 part 11, in the columns that Trino gives them). */
import { CATALOG_NAME, type Catalog } from '#catalog/catalog'
import type { VirtualTable } from '#src/analyze/context'
import { formatType } from '#src/types/format'
import { BIGINT, VARCHAR } from '#src/types/type'
import type { Value } from '#src/types/value'

export const INFORMATION_SCHEMA = 'information_schema'

interface Definition {
  readonly columns: VirtualTable['columns']
  rows(catalog: Catalog): Promise<readonly (readonly Value[])[]>
}

const text = (name: string) => ({ name, type: VARCHAR })

const DEFINITIONS: Readonly<Record<string, Definition>> = {
  schemata: {
    columns: [text('catalog_name'), text('schema_name')],
    rows: async (catalog) => [...(await catalog.listSchemas()), INFORMATION_SCHEMA].sort().map((schema) => [CATALOG_NAME, schema]),
  },
  tables: {
    columns: [text('table_catalog'), text('table_schema'), text('table_name'), text('table_type')],
    rows: async (catalog) => {
      const tables = (await allTables(catalog)).map(({ schema, name }) => [CATALOG_NAME, schema, name, 'BASE TABLE'])
      return [...tables, ...informationSchemaTables().map((name) => [CATALOG_NAME, INFORMATION_SCHEMA, name, 'BASE TABLE'])]
    },
  },
  columns: {
    columns: [
      text('table_catalog'),
      text('table_schema'),
      text('table_name'),
      text('column_name'),
      { name: 'ordinal_position', type: BIGINT },
      text('column_default'),
      text('is_nullable'),
      text('data_type'),
      { name: 'comment', type: VARCHAR, hidden: true },
      { name: 'extra_info', type: VARCHAR, hidden: true },
    ],
    rows: async (catalog) => [...(await lakeColumns(catalog)), ...ownColumns()],
  },
  views: {
    columns: [text('table_catalog'), text('table_schema'), text('table_name'), text('view_definition')],
    rows: async () => [],
  },
}

export function informationSchemaTables(): readonly string[] {
  return Object.keys(DEFINITIONS).sort()
}

export async function informationSchemaTable(name: string, catalog: Catalog): Promise<VirtualTable | undefined> {
  const definition = Object.hasOwn(DEFINITIONS, name) ? DEFINITIONS[name] : undefined
  return definition && { kind: 'virtual', columns: definition.columns, rows: await definition.rows(catalog) }
}

async function allTables(catalog: Catalog): Promise<readonly { readonly schema: string; readonly name: string }[]> {
  const schemas = await catalog.listSchemas()
  return (await Promise.all(schemas.map((schema) => catalog.listTables(schema)))).flatMap((tables) => tables ?? [])
}

async function lakeColumns(catalog: Catalog): Promise<readonly (readonly Value[])[]> {
  const tables = await Promise.all((await allTables(catalog)).map(({ schema, name }) => catalog.getTable(schema, name)))
  return tables.flatMap((table) => {
    if (table === undefined) return []
    const columns = [
      ...table.columns.map((column) => ({ ...column, extra: null })),
      ...table.partitionKeys.map((column) => ({ ...column, extra: 'partition key' })),
    ]
    return columns.map(({ name, type, comment, extra }, index) => [
      CATALOG_NAME,
      table.schema,
      table.name,
      name,
      BigInt(index + 1),
      null,
      'YES',
      formatType(type),
      comment ?? null,
      extra,
    ])
  })
}

function ownColumns(): readonly (readonly Value[])[] {
  return Object.entries(DEFINITIONS).flatMap(([name, { columns }]) =>
    columns
      .filter((column) => column.hidden !== true)
      .map((column, index) => [
        CATALOG_NAME,
        INFORMATION_SCHEMA,
        name,
        column.name,
        BigInt(index + 1),
        null,
        'YES',
        formatType(column.type),
        null,
        null,
      ]),
  )
}
