/** Results of SHOW and DESCRIBE as tables of constants, in Trino's columns. What they tell is given: nothing is looked up here. */
import { formatCreateTable } from '#catalog/ddl'
import type { Table, View } from '#catalog/model'
import { QueryError } from '#src/common/errors'
import type { FunctionListing } from '#src/functions/registry'
import { createIds, literal } from '#src/logical/build'
import type { QueryPlan } from '#src/logical/plan'
import type { SystemTable } from '#src/logical/system-table'
import { formatType } from '#src/types/format'
import { BIGINT, BOOLEAN, DOUBLE, INTEGER, type Type, VARCHAR, varchar } from '#src/types/type'
import type { Value } from '#src/types/value'
import type { VirtualTable } from './context.ts'

export interface ShowLike {
  readonly pattern: string
  readonly escape: string | undefined
  /** Hive's pattern: `*` is any text, `|` stands between alternatives, the case does not matter. */
  readonly hive?: true
}

/** SHOW CATALOGS. */
export function showCatalogs(names: readonly string[], like?: ShowLike): VirtualTable {
  // The type is that of the names as constants, whichever LIKE leaves.
  const type = constantText(names)
  return { ...nameList('Catalog', names, like), columns: [{ name: 'Catalog', type }] }
}
/** SHOW SCHEMAS; `information_schema` is one of a catalog's schemas. */
export const showSchemas = (names: readonly string[], like?: ShowLike): VirtualTable => nameList('Schema', names, like)
/** SHOW TABLES. */
export const showTables = (names: readonly string[], like?: ShowLike): VirtualTable => nameList('Table', names, like)

/** SHOW COLUMNS and DESCRIBE of a lake table, a view, or a table that the engine makes. */
export function showColumns(table: Table | SystemTable | View, like?: ShowLike): VirtualTable {
  const columns =
    'kind' in table
      ? table.columns.filter((column) => !column.hidden).map(({ name, type }) => ({ name, type, extra: '', comment: '' }))
      : [
          ...table.columns.map(({ name, type, comment = '' }) => ({ name, type, extra: '', comment })),
          ...('partitionKeys' in table ? table.partitionKeys : []).map(({ name, type, comment = '' }) => ({
            name,
            type,
            extra: 'partition key',
            comment,
          })),
        ]
  const matches = matcher(like)
  const rows = columns.filter(({ name }) => matches(name)).map(({ name, type, extra, comment }) => [name, formatType(type), extra, comment])
  return { kind: 'virtual', columns: textColumns('Column', 'Type', 'Extra', 'Comment'), rows }
}

/** SHOW CREATE TABLE: one row with the whole statement. */
export function showCreateTable(table: Table): VirtualTable {
  return oneText('Create Table', formatCreateTable(table))
}

/** SHOW FUNCTIONS. LIKE is about the function's name. */
export function showFunctions(functions: readonly FunctionListing[], like?: ShowLike): VirtualTable {
  const rows = functions.map(({ name, returnType, argumentTypes, kind, deterministic, description }) => [
    name,
    returnType,
    argumentTypes,
    kind,
    deterministic,
    description,
  ])
  const titles = ['Function', 'Return Type', 'Argument Types', 'Function Type', 'Deterministic', 'Description']
  return matchingRows(constantColumns(titles, rows), rows, like)
}

export interface SessionPropertyListing {
  readonly name: string
  readonly value: string
  readonly default: string
  readonly type: string
  readonly description: string
}

/** SHOW SESSION. */
export function showSession(properties: readonly SessionPropertyListing[], like?: ShowLike): VirtualTable {
  const rows = properties.map((property) => [property.name, property.value, property.default, property.type, property.description])
  return matchingRows(constantColumns(['Name', 'Value', 'Default', 'Type', 'Description'], rows), rows, like)
}

/** SHOW ROLES, SHOW CURRENT ROLES, SHOW ROLE GRANTS: there are no roles. */
export const showRoles = (title: 'Role' | 'Role Grants'): VirtualTable => ({ kind: 'virtual', columns: textColumns(title), rows: [] })

/** SHOW GRANTS: nothing is granted. */
export const showGrants = (): VirtualTable => ({
  kind: 'virtual',
  columns: textColumns(
    ...['Grantor', 'Grantor Type', 'Grantee', 'Grantee Type', 'Catalog', 'Schema', 'Table', 'Privilege', 'Grantable', 'With Hierarchy'],
  ),
  rows: [],
})

/** What is known of a column; null where it is not. */
export interface ColumnStatistics {
  readonly name: string
  /** Bytes. */
  readonly dataSize: number | null
  readonly distinctValues: number | null
  /** 0 to 1. */
  readonly nullsFraction: number | null
  readonly low: string | null
  readonly high: string | null
}

/** SHOW STATS: a row a column, then one with the number of rows. */
export function showStats(columns: readonly ColumnStatistics[], rowCount: number | null): VirtualTable {
  const rows: (readonly Value[])[] = columns.map((column) => [
    column.name,
    column.dataSize,
    column.distinctValues,
    column.nullsFraction,
    null,
    column.low,
    column.high,
  ])
  rows.push([null, null, null, null, rowCount, null, null])
  const number = (name: string): { readonly name: string; readonly type: Type } => ({ name, type: DOUBLE })
  const numbers = ['data_size', 'distinct_values_count', 'nulls_fraction', 'row_count'].map(number)
  return { kind: 'virtual', columns: [...textColumns('column_name'), ...numbers, ...textColumns('low_value', 'high_value')], rows }
}

/** DESCRIBE INPUT: the parameters of a prepared statement, numbered from 0. */
export function describeInput(types: readonly Type[]): VirtualTable {
  const rows = types.map((type, index) => [BigInt(index), formatType(type)] as const)
  const columns = [
    { name: 'Position', type: rows.length === 0 ? BIGINT : INTEGER },
    { name: 'Type', type: constantText(rows.map(([, type]) => type)) },
  ]
  return { kind: 'virtual', columns, rows }
}

/** The type of a column of texts that are constants, as in Trino: the longest one's; varchar when there are none. */
export function constantText(values: readonly unknown[]): Type {
  return values.length === 0 ? VARCHAR : varchar(Math.max(...values.map((value) => [...String(value)].length)))
}

/** One row with one text. */
export function oneText(title: string, text: string): VirtualTable {
  return { kind: 'virtual', columns: [{ name: title, type: constantText([text]) }], rows: [[text]] }
}

/** Columns of texts and booleans that are constants. */
function constantColumns(titles: readonly string[], rows: readonly (readonly Value[])[]): VirtualTable['columns'] {
  return titles.map((name, index) => {
    const values = rows.map((row) => row[index])
    return { name, type: typeof values[0] === 'boolean' ? BOOLEAN : constantText(values) }
  })
}

/** Those whose first value is LIKE; the columns' types are those of all. */
function matchingRows(columns: VirtualTable['columns'], rows: readonly (readonly Value[])[], like: ShowLike | undefined): VirtualTable {
  const matches = matcher(like)
  return { kind: 'virtual', columns, rows: rows.filter(([name]) => matches(String(name))) }
}

/** A table of constants as a plan that gives its visible columns. */
export function planVirtualTable(table: VirtualTable): QueryPlan {
  const ids = createIds()
  const shown = table.columns.flatMap((column, index) => (column.hidden ? [] : [{ ...column, index }]))
  const columns = shown.map(({ name, type }) => ids.column(name, type))
  const rows = table.rows.map((row) => shown.map(({ type, index }) => literal(type, row[index] ?? null)))
  return {
    root: { kind: 'values', columns, rows },
    output: columns.map((column) => ({ name: column.name, column })),
  }
}

const textColumns = (...names: readonly string[]): VirtualTable['columns'] => names.map((name) => ({ name, type: VARCHAR }))

function nameList(title: string, names: readonly string[], like: ShowLike | undefined): VirtualTable {
  const matches = matcher(like)
  const rows = names
    .filter(matches)
    .toSorted()
    .map((name) => [name])
  return { kind: 'virtual', columns: textColumns(title), rows }
}

/** LIKE of SQL: `%` any text, `_` one character. @throws INVALID_FUNCTION_ARGUMENT for a misused escape character */
function matcher(like: ShowLike | undefined): (name: string) => boolean {
  if (!like) return () => true
  if (like.hive === true) return hiveMatcher(like.pattern)
  const characters = [...like.pattern]
  const { escape: escaping } = like
  if (escaping !== undefined && [...escaping].length !== 1) {
    throw new QueryError('INVALID_FUNCTION_ARGUMENT', 'Escape string must be a single character')
  }
  let source = ''
  for (let index = 0; index < characters.length; index++) {
    const character = characters[index] as string
    if (character === escaping) {
      const next = characters[++index]
      if (next !== '%' && next !== '_' && next !== escaping) {
        throw new QueryError('INVALID_FUNCTION_ARGUMENT', "Escape character must be followed by '%', '_' or the escape character itself")
      }
      source += quoteRegExp(next)
    } else if (character === '%') source += '.*'
    else source += character === '_' ? '.' : quoteRegExp(character)
  }
  const pattern = new RegExp(`^${source}$`, 'su')
  return (name) => pattern.test(name)
}

function hiveMatcher(pattern: string): (name: string) => boolean {
  const alternatives = pattern.split('|').map((one) => one.trim().split('*').map(quoteRegExp).join('.*'))
  const source = new RegExp(`^(?:${alternatives.join('|')})$`, 'isu')
  return (name) => source.test(name)
}

const quoteRegExp = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
