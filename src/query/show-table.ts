/** What Hive's statements tell of one table: SHOW PARTITIONS, SHOW TBLPROPERTIES, DESCRIBE EXTENDED and FORMATTED. */
import type { Table, TableColumn } from '#catalog/model'
import { isProjected } from '#catalog/partitions/projection-properties'
import type { VirtualTable } from '#src/analyze/context'
import { QueryError } from '#src/common/errors'
import type { ShowStatement } from '#src/sql/ast'
import { formatType } from '#src/types/format'
import { VARCHAR } from '#src/types/type'
import { partitionMatcher } from './ddl/partition-spec.ts'
import type { ShowContext } from './relation-lookup.ts'

const texts = (...names: readonly string[]): VirtualTable['columns'] => names.map((name) => ({ name, type: VARCHAR }))

/** `dt=2024-01-01/h=5`, a row a partition. @throws NOT_SUPPORTED for a table without keys */
export async function showPartitions(
  table: Table,
  { partition, at }: Extract<ShowStatement, { kind: 'show-partitions' }>,
  { sources, session }: ShowContext,
): Promise<VirtualTable> {
  if (table.partitionKeys.length === 0)
    throw new QueryError('NOT_SUPPORTED', `Table '${table.schema}.${table.name}' is not partitioned`, { at })
  const matches = partition === undefined ? () => true : partitionMatcher(partition, table, session)
  const { partitions } = await sources.catalog.knownPartitions(table)
  return {
    kind: 'virtual',
    columns: texts('partition'),
    rows: partitions.filter(({ values }) => matches(values)).map(({ path }) => [path]),
  }
}

/** All of them, or the value of one. */
export function showTableProperties(table: Table, property: string | undefined): VirtualTable {
  const all = Object.entries({
    ...(table.comment !== undefined && { comment: table.comment }),
    ...(table.managed ? {} : { EXTERNAL: 'TRUE' }),
    ...table.properties,
  }).sort(([a], [b]) => (a < b ? -1 : 1))
  const rows = property === undefined ? all : all.filter(([name]) => name.toLowerCase() === property.toLowerCase())
  return { kind: 'virtual', columns: texts('prpt_name', 'prpt_value'), rows }
}

const HIVE_CLASSES: Readonly<Record<string, readonly [serde: string, input: string, output: string]>> = {
  parquet: [
    'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe',
    'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
    'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  ],
  lazysimple: text('org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe'),
  opencsv: text('org.apache.hadoop.hive.serde2.OpenCSVSerde'),
  openx: text('org.openx.data.jsonserde.JsonSerDe'),
  hivejson: text('org.apache.hive.hcatalog.data.JsonSerDe'),
}

function text(serde: string): readonly [string, string, string] {
  return [serde, 'org.apache.hadoop.mapred.TextInputFormat', 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat']
}

/** A column a row, then what else is known of the table, in the layout of Hive's DESCRIBE FORMATTED. */
export function describeTable(table: Table, detail: 'extended' | 'formatted'): VirtualTable {
  const { format, properties } = table
  const plain = format === 'csv' ? 'opencsv' : format === 'json' ? 'openx' : 'parquet'
  const [serde, input, output] = HIVE_CLASSES[properties.serde ?? plain] ?? ['', '', '']
  const column = ({ name, type, comment = '' }: TableColumn) => [name, formatType(type), comment]
  const keys =
    table.partitionKeys.length === 0
      ? []
      : [blank(), ['# Partition Information', '', ''], ['# col_name', 'data_type', 'comment'], blank(), ...table.partitionKeys.map(column)]
  const rows = [
    ['# col_name', 'data_type', 'comment'],
    blank(),
    ...table.columns.map(column),
    ...keys,
    blank(),
    ['# Detailed Table Information', '', ''],
    ['Database:', table.schema, ''],
    ...(table.owner === undefined ? [] : [['Owner:', table.owner, '']]),
    ['Location:', table.location, ''],
    ['Table Type:', table.managed ? 'MANAGED_TABLE' : 'EXTERNAL_TABLE', ''],
    [
      'Partitions:',
      table.partitionKeys.length === 0 ? 'none' : isProjected(properties) ? 'projection' : (properties.partition_discovery ?? 'auto'),
      '',
    ],
    ['Table Parameters:', '', ''],
    ...Object.entries({ ...(table.comment !== undefined && { comment: table.comment }), ...properties })
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, value]) => ['', name, value]),
    blank(),
    ['# Storage Information', '', ''],
    ['SerDe Library:', serde, ''],
    ['InputFormat:', input, ''],
    ['OutputFormat:', output, ''],
  ]
  const shown = detail === 'formatted' ? rows : rows.filter((row) => row.some((cell) => cell !== ''))
  return { kind: 'virtual', columns: texts('col_name', 'data_type', 'comment'), rows: shown }
}

const blank = (): readonly string[] => ['', '', '']
