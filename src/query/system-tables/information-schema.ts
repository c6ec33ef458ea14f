/** `information_schema`: what is in a catalog, as tables (SQL:2016 part 11, in the columns that Trino 476 gives them). */
import type { PartedRow, RowFilter } from '#src/logical/system-table'
import { formatType } from '#src/types/format'
import type { Type } from '#src/types/type'
import { listSchemas, listTableNames, listTables, listViews, type NameFilter } from './listing.ts'
import { bigint, type Definitions, hidden, type Listed, type Row, text } from './source.ts'

/** The tables of `information_schema` in one catalog. */
export function informationSchema(catalog: string): Definitions {
  return {
    applicable_roles: { columns: ['grantee', 'grantee_type', 'role_name', 'is_grantable'].map(text) },
    columns: {
      columns: [
        ...['table_catalog', 'table_schema', 'table_name', 'column_name'].map(text),
        bigint('ordinal_position'),
        ...['column_default', 'is_nullable', 'data_type'].map(text),
        ...['comment', 'extra_info', 'column_comment'].map(hidden),
      ],
      parts: async (sources, keeps) => columnRows(await listTables(sources, within(catalog, keeps))),
    },
    enabled_roles: { columns: [text('role_name')] },
    roles: { columns: [text('role_name')] },
    schemata: {
      columns: [text('catalog_name'), text('schema_name')],
      rows: async (sources, keeps) => {
        const wanted: NameFilter = (of, schema) =>
          of === catalog && keeps({ catalog_name: of, ...(schema !== undefined && { schema_name: schema }) })
        return (await listSchemas(sources, wanted)).map(({ schema }) => [catalog, schema])
      },
    },
    table_privileges: {
      columns: [
        ...['grantor', 'grantor_type', 'grantee', 'grantee_type', 'table_catalog', 'table_schema', 'table_name'].map(text),
        ...['privilege_type', 'is_grantable', 'with_hierarchy'].map(text),
      ],
    },
    tables: {
      columns: ['table_catalog', 'table_schema', 'table_name', 'table_type'].map(text),
      rows: async (sources, keeps) =>
        (await listTableNames(sources, within(catalog, keeps))).map(({ schema, name, isView }) => [
          catalog,
          schema,
          name,
          isView ? 'VIEW' : 'BASE TABLE',
        ]),
    },
    views: {
      columns: ['table_catalog', 'table_schema', 'table_name', 'view_definition'].map(text),
      rows: async (sources, keeps) =>
        (await listViews(sources, within(catalog, keeps))).map((view) => [catalog, view.schema, view.name, view.sql]),
    },
  }
}

/** Rows of columns of the same type at the same place share it. */
function columnRows(tables: readonly Listed[]): Iterable<PartedRow> {
  const plain = new Map<Type, Row[]>()
  return {
    *[Symbol.iterator]() {
      for (const { catalog, schema, name, columns } of tables) {
        const table = [catalog, schema, name]
        for (const [index, column] of columns.entries()) {
          const shared = plain.get(column.type) ?? []
          plain.set(column.type, shared)
          if (column.comment !== undefined || column.partitionKey) yield [table, [column.name], typeAndPlace(column, index)]
          else {
            shared[index] ??= typeAndPlace(column, index)
            yield [table, [column.name], shared[index]]
          }
        }
      }
    },
  }
}

function typeAndPlace({ type, comment, partitionKey }: Listed['columns'][number], index: number): Row {
  const told = comment ?? null
  return [BigInt(index + 1), null, 'YES', formatType(type), told, partitionKey ? 'partition key' : null, told]
}

/** A filter on the rows of `tables` or `columns` as one on names. */
const within =
  (catalog: string, keeps: RowFilter): NameFilter =>
  (of, schema, table) =>
    of === catalog &&
    keeps({ table_catalog: of, ...(schema !== undefined && { table_schema: schema }), ...(table !== undefined && { table_name: table }) })
