/** What stands behind the columns of Hive's CREATE TABLE. */
import type { ColumnDefinition, HiveCreateTable, RowFormat, TypeName } from '../ast.ts'
import { parseColumnDefinition } from './create.ts'
import type { Cursor } from './cursor.ts'
import { parseHiveProperties, parseHiveString } from './hive.ts'
import { parseInteger } from './literals.ts'

type Head = Pick<HiveCreateTable, 'name' | 'external' | 'ifNotExists' | 'columns' | 'at'>

const CLAUSES = ['PARTITIONED', 'CLUSTERED', 'STORED', 'LOCATION', 'TBLPROPERTIES'] as const

/** Whether a clause begins here that only Hive has. A COMMENT before one counts as Hive's. */
export function atHiveClause(cursor: Cursor): boolean {
  const distance = cursor.token.type === 'COMMENT' ? 2 : 0
  if (CLAUSES.some((word) => cursor.isWord(word, distance))) return true
  return cursor.isWord('ROW', distance) && cursor.isWord('FORMAT', distance + 1)
}

/** The clauses, in any order, each at most once. Types become Trino's: string is varchar, binary varbinary, float real. */
export function parseHiveTable(cursor: Cursor, head: Head): HiveCreateTable {
  let table: HiveCreateTable = {
    kind: 'hive-create-table',
    ...head,
    columns: head.columns.map((column) => hiveColumn(cursor, column)),
    comment: undefined,
    partitionedBy: [],
    clusteredBy: undefined,
    rowFormat: undefined,
    storedAs: undefined,
    location: undefined,
    properties: [],
  }
  const seen = new Set<string>()
  for (;;) {
    const { at } = cursor.token
    const clause = parseClause(cursor)
    if (clause === undefined) return table
    const [name] = Object.keys(clause)
    if (name === undefined || seen.has(name)) throw cursor.error('This clause was given already', at)
    seen.add(name)
    table = { ...table, ...clause }
  }
}

function parseClause(cursor: Cursor): Partial<HiveCreateTable> | undefined {
  if (cursor.accept('COMMENT')) return { comment: parseHiveString(cursor) }
  if (cursor.acceptWord('PARTITIONED')) {
    cursor.expect('BY')
    return { partitionedBy: cursor.parenthesized(() => hiveColumn(cursor, parseColumnDefinition(cursor))) }
  }
  if (cursor.acceptWord('CLUSTERED')) {
    cursor.expect('BY')
    const columns = cursor.parenthesized(() => cursor.identifier())
    cursor.expect('INTO')
    const buckets = parseInteger(cursor)
    cursor.expectWord('BUCKETS')
    return { clusteredBy: { columns, buckets } }
  }
  if (cursor.accept('ROW')) {
    cursor.expect('FORMAT')
    return { rowFormat: parseRowFormat(cursor) }
  }
  if (cursor.acceptWord('STORED')) {
    cursor.expect('AS')
    return { storedAs: parseStoredAs(cursor) }
  }
  if (cursor.acceptWord('LOCATION')) return { location: parseHiveString(cursor) }
  if (cursor.acceptWord('TBLPROPERTIES')) return { properties: parseHiveProperties(cursor) }
  return undefined
}

function parseStoredAs(cursor: Cursor): HiveCreateTable['storedAs'] {
  if (!cursor.acceptWord('INPUTFORMAT')) return cursor.identifier().value.toUpperCase()
  const input = parseHiveString(cursor)
  cursor.expectWord('OUTPUTFORMAT')
  return { input, output: parseHiveString(cursor) }
}

function parseRowFormat(cursor: Cursor): RowFormat {
  if (cursor.acceptWord('SERDE')) {
    const name = parseHiveString(cursor)
    const properties = cursor.acceptWords('WITH', 'SERDEPROPERTIES') ? parseHiveProperties(cursor) : []
    return { kind: 'serde', name, properties }
  }
  cursor.expectWord('DELIMITED')
  return parseDelimited(cursor)
}

/** FIELDS TERMINATED BY … [ESCAPED BY …], COLLECTION ITEMS …, MAP KEYS …, LINES …, NULL DEFINED AS …, in this order. */
function parseDelimited(cursor: Cursor): RowFormat {
  const terminated = (...words: readonly [string, ...string[]]): string | undefined => {
    if (!cursor.acceptWords(...words)) return undefined
    cursor.expectWord('TERMINATED')
    cursor.expect('BY')
    return parseHiveString(cursor)
  }
  const fields = terminated('FIELDS')
  const escaped = cursor.acceptWords('ESCAPED', 'BY') ? parseHiveString(cursor) : undefined
  const collectionItems = terminated('COLLECTION', 'ITEMS')
  const mapKeys = terminated('MAP', 'KEYS')
  const lines = terminated('LINES')
  const nullDefinedAs = cursor.acceptWords('NULL', 'DEFINED', 'AS') ? parseHiveString(cursor) : undefined
  return { kind: 'delimited', fields, escaped, collectionItems, mapKeys, lines, nullDefinedAs }
}

/** A column of Hive has a name, a type and a comment. */
export function hiveColumn(cursor: Cursor, column: ColumnDefinition): ColumnDefinition {
  if (column.properties.length > 0 || column.default !== undefined || !column.nullable) {
    throw cursor.error('A column of a Hive table has a name, a type and a comment only', column.at)
  }
  return { ...column, type: trinoType(column.type) }
}

const TRINO_NAMES: ReadonlyMap<string, string> = new Map([
  ['string', 'varchar'],
  ['binary', 'varbinary'],
  ['float', 'real'],
])

function trinoType(type: TypeName): TypeName {
  switch (type.kind) {
    case 'generic-type': {
      const args = type.arguments.map((argument) => (typeof argument === 'number' ? argument : trinoType(argument)))
      return { ...type, name: TRINO_NAMES.get(type.name) ?? type.name, arguments: args }
    }
    case 'row-type':
      return { ...type, fields: type.fields.map((field) => ({ ...field, type: trinoType(field.type) })) }
    case 'datetime-type':
    case 'interval-type':
      return type
  }
}
