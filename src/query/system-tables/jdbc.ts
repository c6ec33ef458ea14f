/** `system.jdbc`: what JDBC's DatabaseMetaData asks for, in the columns of Trino 476. */
import type { PartedRow, RowFilter } from '#src/logical/system-table'
import { formatType } from '#src/types/format'
import {
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  INTEGER,
  INTERVAL_DAY_TO_SECOND,
  INTERVAL_YEAR_TO_MONTH,
  IPADDRESS,
  JSON_TYPE,
  REAL,
  SMALLINT,
  TINYINT,
  type Type,
  UNKNOWN,
  UUID,
  VARBINARY,
} from '#src/types/type'
import { type JdbcType, jdbcType } from './jdbc-types.ts'
import { CATALOGS, listSchemas, listTableNames, listTables, type NameFilter } from './listing.ts'
import { bigint, boolean, type Definitions, type Listed, type Row, text } from './source.ts'

/** DatabaseMetaData.columnNullable, typeNullable. */
const NULLABLE = 1n
/** DatabaseMetaData.typeSearchable, typePredNone. */
const SEARCHABLE = 3n
const NOT_SEARCHABLE = 0n

export const JDBC: Definitions = {
  attributes: {
    columns: [
      ...['type_cat', 'type_schem', 'type_name', 'attr_name'].map(text),
      bigint('data_type'),
      text('attr_type_name'),
      ...['attr_size', 'decimal_digits', 'num_prec_radix', 'nullable'].map(bigint),
      ...['remarks', 'attr_def'].map(text),
      ...['sql_data_type', 'sql_datetime_sub', 'char_octet_length', 'ordinal_position'].map(bigint),
      ...['is_nullable', 'scope_catalog', 'scope_schema', 'scope_table'].map(text),
      bigint('source_data_type'),
    ],
  },
  catalogs: { columns: [text('table_cat')], rows: () => CATALOGS.map((catalog) => [catalog]) },
  columns: {
    columns: [
      ...['table_cat', 'table_schem', 'table_name', 'column_name'].map(text),
      bigint('data_type'),
      text('type_name'),
      ...['column_size', 'buffer_length', 'decimal_digits', 'num_prec_radix', 'nullable'].map(bigint),
      ...['remarks', 'column_def'].map(text),
      ...['sql_data_type', 'sql_datetime_sub', 'char_octet_length', 'ordinal_position'].map(bigint),
      ...['is_nullable', 'scope_catalog', 'scope_schema', 'scope_table'].map(text),
      bigint('source_data_type'),
      ...['is_autoincrement', 'is_generatedcolumn'].map(text),
    ],
    parts: async (sources, keeps) => columnRows(await listTables(sources, named(keeps))),
  },
  procedure_columns: {
    columns: [
      ...['procedure_cat', 'procedure_schem', 'procedure_name', 'column_name'].map(text),
      ...['column_type', 'data_type'].map(bigint),
      text('type_name'),
      ...['precision', 'length', 'scale', 'radix', 'nullable'].map(bigint),
      ...['remarks', 'column_def'].map(text),
      ...['sql_data_type', 'sql_datetime_sub', 'char_octet_length', 'ordinal_position'].map(bigint),
      ...['is_nullable', 'specific_name'].map(text),
    ],
  },
  procedures: {
    columns: [
      ...['procedure_cat', 'procedure_schem', 'procedure_name', 'remarks'].map(text),
      bigint('procedure_type'),
      text('specific_name'),
    ],
  },
  pseudo_columns: {
    columns: [
      ...['table_cat', 'table_schem', 'table_name', 'column_name'].map(text),
      ...['data_type', 'column_size', 'decimal_digits', 'num_prec_radix'].map(bigint),
      ...['column_usage', 'remarks'].map(text),
      ...['char_octet_length', 'is_nullable'].map(bigint),
    ],
  },
  schemas: {
    columns: ['table_schem', 'table_catalog'].map(text),
    rows: async (sources, keeps) => {
      const wanted: NameFilter = (catalog, schema) =>
        keeps({ table_catalog: catalog, ...(schema !== undefined && { table_schem: schema }) })
      return (await listSchemas(sources, wanted)).map(({ catalog, schema }) => [schema, catalog])
    },
  },
  super_tables: { columns: ['table_cat', 'table_schem', 'table_name', 'supertable_name'].map(text) },
  super_types: {
    columns: ['type_cat', 'type_schem', 'type_name', 'supertype_cat', 'supertype_schem', 'supertype_name'].map(text),
  },
  table_types: { columns: [text('table_type')], rows: () => [['TABLE'], ['VIEW']] },
  tables: {
    columns: [
      ...['table_cat', 'table_schem', 'table_name', 'table_type', 'remarks'].map(text),
      ...['type_cat', 'type_schem', 'type_name', 'self_referencing_col_name', 'ref_generation'].map(text),
    ],
    rows: async (sources, keeps) =>
      (await listTableNames(sources, named(keeps))).map(({ catalog, schema, name, isView }) => [
        catalog,
        schema,
        name,
        isView ? 'VIEW' : 'TABLE',
        ...Array<null>(6).fill(null),
      ]),
  },
  types: {
    columns: [
      text('type_name'),
      ...['data_type', 'precision'].map(bigint),
      ...['literal_prefix', 'literal_suffix', 'create_params'].map(text),
      bigint('nullable'),
      boolean('case_sensitive'),
      bigint('searchable'),
      ...['unsigned_attribute', 'fixed_prec_scale', 'auto_increment'].map(boolean),
      text('local_type_name'),
      ...['minimum_scale', 'maximum_scale', 'sql_data_type', 'sql_datetime_sub', 'num_prec_radix'].map(bigint),
    ],
    rows: () => [...PLAIN_TYPES.map((type) => typeRow(formatType(type), jdbcType(type), SEARCHABLE)), ...PARAMETRIC_TYPES],
  },
  udts: { columns: ['type_cat', 'type_schem', 'type_name', 'class_name', 'data_type', 'remarks', 'base_type'].map(text) },
}

/** A filter on the rows of `tables` or `columns` as one on names. */
const named =
  (keeps: RowFilter): NameFilter =>
  (catalog, schema, table) =>
    keeps({ table_cat: catalog, ...(schema !== undefined && { table_schem: schema }), ...(table !== undefined && { table_name: table }) })

/** Rows of columns that are described alike share what describes them. */
function columnRows(tables: readonly Listed[]): Iterable<PartedRow> {
  const described = new Map<Type, Described>()
  const describe = (type: Type): Described => {
    const found = described.get(type) ?? { name: formatType(type), jdbc: jdbcType(type), rests: [] }
    described.set(type, found)
    return found
  }
  return {
    *[Symbol.iterator]() {
      for (const { catalog, schema, name, columns } of tables) {
        const table = [catalog, schema, name]
        for (const [index, column] of columns.entries()) yield [table, [column.name], restOf(describe(column.type), index, column.comment)]
      }
    },
  }
}

interface Described {
  readonly name: string
  readonly jdbc: JdbcType
  /** By the column's place; of columns without a comment. */
  readonly rests: Row[]
}

function restOf({ name, jdbc, rests }: Described, index: number, comment: string | undefined): Row {
  const known = comment === undefined ? rests[index] : undefined
  if (known !== undefined) return known
  const { code, size, digits, radix, octets } = jdbc
  const place = BigInt(index + 1)
  const described: Row = [code, name, size, 0n, digits, radix, NULLABLE, comment ?? null, null, null, null, octets, place, 'YES']
  const rest: Row = [...described, null, null, null, null, null, null]
  if (comment === undefined) rests[index] = rest
  return rest
}

const PLAIN_TYPES: readonly Type[] = [
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  INTEGER,
  INTERVAL_DAY_TO_SECOND,
  INTERVAL_YEAR_TO_MONTH,
  IPADDRESS,
  JSON_TYPE,
  REAL,
  SMALLINT,
  TINYINT,
  UNKNOWN,
  UUID,
  VARBINARY,
]

/** A type's name without its parameters says little: JAVA_OBJECT, and ARRAY for arrays. */
const PARAMETRIC_TYPES: readonly Row[] = [
  'array',
  'char',
  'decimal',
  'map',
  'row',
  'time',
  'time with time zone',
  'timestamp',
  'timestamp with time zone',
  'varchar',
].map((name) =>
  typeRow(name, { code: name === 'array' ? 2003n : 2000n, size: null, digits: null, radix: null, octets: null }, NOT_SEARCHABLE),
)

function typeRow(name: string, { code, size, radix }: JdbcType, searchable: bigint): Row {
  const flags: Row = [NULLABLE, false, searchable, null, false, null, null]
  return [name, code, size, null, null, null, ...flags, 0n, 0n, null, null, radix]
}
