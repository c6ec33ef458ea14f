/** Hive's DDL as Hive writes it: its names of types, backslash escapes in strings. */
import { unreachable } from '#src/common/errors'
import type { AlterAction, ColumnDefinition, HiveCreateTable, HiveProperty, PartitionSpec, RowFormat, TypeName } from '../ast.ts'
import { printExpression } from './expressions.ts'
import { printIdentifier, printList, printName, printTypeName } from './names.ts'

const ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\b': '\\b', "'": "''" }

const CONTROL = /[\\'\p{Cc}]/gu

export function printHiveString(value: string): string {
  const escaped = value.replace(CONTROL, (character) => ESCAPES[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`)
  return `'${escaped}'`
}

const printHiveProperties = (properties: readonly HiveProperty[]): string =>
  `(${printList(properties, ({ key, value }) => `${printHiveString(key)} = ${printHiveString(value)}`)})`

export function printPartitionSpec({ values }: PartitionSpec): string {
  return `PARTITION (${printList(
    values,
    ({ key, operator, value }) => printIdentifier(key) + (value === undefined ? '' : ` ${operator} ${printExpression(value)}`),
  )})`
}

const HIVE_NAMES: ReadonlyMap<string, string> = new Map([
  ['varbinary', 'binary'],
  ['real', 'float'],
])

/** Types that Hive has in its own spelling, the others in Trino's. */
function printHiveType(type: TypeName): string {
  switch (type.kind) {
    case 'generic-type': {
      const name = HIVE_NAMES.get(type.name) ?? type.name
      if (type.name === 'varchar' && type.arguments.length === 0) return 'string'
      if (type.arguments.length === 0 || (type.name !== 'array' && type.name !== 'map')) return printTypeName({ ...type, name })
      const args = printList(type.arguments, (argument) => (typeof argument === 'number' ? String(argument) : printHiveType(argument)))
      return `${name}<${args}>`
    }
    case 'row-type':
      if (type.fields.some((field) => field.name === undefined)) return printTypeName(type)
      return `struct<${printList(type.fields, (field) => `${field.name === undefined ? '' : printIdentifier(field.name)}:${printHiveType(field.type)}`)}>`
    case 'datetime-type':
    case 'interval-type':
      return printTypeName(type)
  }
  return unreachable(type)
}

function printHiveColumns(columns: readonly ColumnDefinition[]): string {
  return `(${printList(columns, ({ name, type, comment }) => {
    const text = `${printIdentifier(name)} ${printHiveType(type)}`
    return comment === undefined ? text : `${text} COMMENT '${comment.replaceAll("'", "''")}'`
  })})`
}

export function printHiveTable(table: HiveCreateTable): string {
  const parts = [`CREATE ${table.external ? 'EXTERNAL ' : ''}TABLE ${table.ifNotExists ? 'IF NOT EXISTS ' : ''}${printName(table.name)}`]
  if (table.columns.length > 0) parts.push(printHiveColumns(table.columns))
  if (table.comment !== undefined) parts.push(`COMMENT ${printHiveString(table.comment)}`)
  if (table.partitionedBy.length > 0) parts.push(`PARTITIONED BY ${printHiveColumns(table.partitionedBy)}`)
  if (table.clusteredBy !== undefined) {
    parts.push(`CLUSTERED BY (${printList(table.clusteredBy.columns, printIdentifier)}) INTO ${table.clusteredBy.buckets} BUCKETS`)
  }
  if (table.rowFormat !== undefined) parts.push(printRowFormat(table.rowFormat))
  if (typeof table.storedAs === 'string') parts.push(`STORED AS ${table.storedAs}`)
  else if (table.storedAs !== undefined) {
    const { input, output } = table.storedAs
    parts.push(`STORED AS INPUTFORMAT ${printHiveString(input)} OUTPUTFORMAT ${printHiveString(output)}`)
  }
  if (table.location !== undefined) parts.push(`LOCATION ${printHiveString(table.location)}`)
  if (table.properties.length > 0) parts.push(`TBLPROPERTIES ${printHiveProperties(table.properties)}`)
  return parts.join(' ')
}

function printRowFormat(format: RowFormat): string {
  if (format.kind === 'serde') {
    const properties = format.properties.length === 0 ? '' : ` WITH SERDEPROPERTIES ${printHiveProperties(format.properties)}`
    return `ROW FORMAT SERDE ${printHiveString(format.name)}${properties}`
  }
  const clauses: readonly (readonly [string, string | undefined])[] = [
    ['FIELDS TERMINATED BY', format.fields],
    ['ESCAPED BY', format.escaped],
    ['COLLECTION ITEMS TERMINATED BY', format.collectionItems],
    ['MAP KEYS TERMINATED BY', format.mapKeys],
    ['LINES TERMINATED BY', format.lines],
    ['NULL DEFINED AS', format.nullDefinedAs],
  ]
  return `ROW FORMAT DELIMITED${clauses.map(([words, value]) => (value === undefined ? '' : ` ${words} ${printHiveString(value)}`)).join('')}`
}

type HiveAction = Extract<
  AlterAction,
  {
    kind:
      | 'hive-add-columns'
      | 'hive-replace-columns'
      | 'set-tblproperties'
      | 'unset-tblproperties'
      | 'set-location'
      | 'add-partitions'
      | 'drop-partitions'
      | 'rename-partition'
  }
>

export function printHiveAction(action: HiveAction): string {
  switch (action.kind) {
    case 'hive-add-columns':
      return `ADD COLUMNS ${printHiveColumns(action.columns)}`
    case 'hive-replace-columns':
      return `REPLACE COLUMNS ${printHiveColumns(action.columns)}`
    case 'set-tblproperties':
      return `SET TBLPROPERTIES ${printHiveProperties(action.properties)}`
    case 'unset-tblproperties':
      return `UNSET TBLPROPERTIES ${action.ifExists ? 'IF EXISTS ' : ''}(${printList(action.names, printHiveString)})`
    case 'set-location': {
      const partition = action.partition === undefined ? '' : `${printPartitionSpec(action.partition)} `
      return `${partition}SET LOCATION ${printHiveString(action.location)}`
    }
    case 'add-partitions': {
      const partitions = action.partitions.map(
        ({ spec, location }) => printPartitionSpec(spec) + (location === undefined ? '' : ` LOCATION ${printHiveString(location)}`),
      )
      return `ADD ${action.ifNotExists ? 'IF NOT EXISTS ' : ''}${partitions.join(' ')}`
    }
    case 'drop-partitions':
      return `DROP ${action.ifExists ? 'IF EXISTS ' : ''}${printList(action.partitions, printPartitionSpec)}`
    case 'rename-partition':
      return `${printPartitionSpec(action.from)} RENAME TO ${printPartitionSpec(action.to)}`
  }
  return unreachable(action)
}
