/** INSERT INTO and INSERT OVERWRITE: the query's rows as rows of the table. */
import type { Table, TableColumn } from '#catalog/model'
import { parseKeyValue } from '#catalog/partitions/key-types'
import { DEFAULT_PARTITION } from '#catalog/partitions/path'
import { type Position, QueryError } from '#src/common/errors'
import { columnRef, createIds, literal, nullOf } from '#src/logical/build'
import type { Column } from '#src/logical/expression'
import type { Assignment, QueryPlan } from '#src/logical/plan'
import { highestId } from '#src/logical/plan-walk'
import type * as ast from '#src/sql/ast'
import { formatType } from '#src/types/format'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import type { AnalysisContext } from './context.ts'
import { analyzeQuery } from './query.ts'
import { lower } from './scope.ts'
import { assign, isAssignable } from './store-assignment.ts'
import { completeName, findTable } from './tables.ts'
import { checkWritable } from './writable-types.ts'

type InsertStatement = Extract<ast.Statement, { kind: 'insert' }>

export interface InsertAnalysis {
  readonly table: Table
  readonly overwrite: boolean
  /** INSERT OVERWRITE … PARTITION: values of the first keys, by the table's order. */
  readonly staticValues: readonly Value[]
  /** All columns of the table in its order, keys last, in their types. */
  readonly query: QueryPlan
  readonly at: Position
}

/**
 * The table that a statement changes.
 * @throws TABLE_NOT_FOUND and its like at the statement; NOT_SUPPORTED for views and system tables
 */
export function targetTable(name: ast.QualifiedName, at: Position, context: AnalysisContext, verb: string): Table {
  const full = completeName(name, context)
  if (context.tables.view?.(full.catalog, full.schema, full.name) !== undefined)
    throw new QueryError('NOT_SUPPORTED', `${verb} views is not supported`, { at })
  const table = findTable(full, at, context)
  if ('kind' in table) throw new QueryError('NOT_SUPPORTED', `${verb} system tables is not supported`, { at })
  return table
}

/** @throws QueryError with Trino's names, texts and positions */
export function analyzeInsert(statement: InsertStatement, context: AnalysisContext): InsertAnalysis {
  const { at } = statement
  const table = targetTable(statement.table, at, context, 'Inserting into')
  if (!table.location.endsWith('/'))
    throw new QueryError('NOT_SUPPORTED', `Table '${table.schema}.${table.name}' is a single file, to which nothing can be added`, { at })
  const all = [...table.columns, ...table.partitionKeys]
  const staticKeys = statement.partition === undefined ? [] : staticPartition(statement.partition, table)
  const open = all.filter(({ name }) => !staticKeys.some((key) => key.name === name))
  const columns = statement.columns === undefined ? open : namedColumns(statement.columns, open, at)
  const query = analyzeQuery(statement.query, context)
  const queryTypes = query.output.map(({ column }) => column.type)
  if (columns.length !== queryTypes.length || columns.some(({ type }, index) => !isAssignable(queryTypes[index] as Type, type))) {
    const types = (list: readonly Type[]): string => `[${list.map(formatType).join(', ')}]`
    const message = `Insert query has mismatched column types: Table: ${types(columns.map(({ type }) => type))}, Query: ${types(queryTypes)}`
    throw new QueryError('TYPE_MISMATCH', message, { at })
  }
  for (const { name, type } of all) checkWritable(name, type, table.format, at)
  const values = new Map<string, Column>(columns.map(({ name }, index) => [name, (query.output[index] as { column: Column }).column]))
  const staticValues = new Map(staticKeys.map(({ name, value }) => [name, value]))
  return {
    table,
    overwrite: statement.overwrite,
    staticValues: staticKeys.map(({ value }) => value),
    query: intoColumns(query, all, (name) => values.get(name), staticValues),
    at,
  }
}

function namedColumns(names: readonly ast.Identifier[], open: readonly TableColumn[], at: Position): readonly TableColumn[] {
  const seen = new Set<string>()
  return names.map(({ value }) => {
    const name = lower(value)
    const column = open.find((candidate) => candidate.name === name)
    if (column === undefined) throw new QueryError('COLUMN_NOT_FOUND', `Insert column name does not exist in target table: ${name}`, { at })
    if (seen.has(name)) throw new QueryError('DUPLICATE_COLUMN_NAME', `Insert column name is specified more than once: ${name}`, { at })
    seen.add(name)
    return column
  })
}

/** A Project that gives exactly these columns; those without a value are NULL. */
export function intoColumns(
  query: QueryPlan,
  columns: readonly TableColumn[],
  sourceOf: (name: string) => Column | undefined,
  constants: ReadonlyMap<string, Value> = new Map(),
): QueryPlan {
  const ids = createIds(highestId(query.root))
  const assignments = columns.map(({ name, type }): Assignment => {
    const source = sourceOf(name)
    const constant = constants.get(name)
    const value = source !== undefined ? assign(columnRef(source), type) : constant === undefined ? nullOf(type) : literal(type, constant)
    return { column: ids.column(name, type), value }
  })
  return {
    root: { kind: 'project', input: query.root, assignments },
    output: assignments.map(({ column }) => ({ name: column.name, column })),
  }
}

interface StaticKey {
  readonly name: string
  readonly value: Value
}

/**
 * PARTITION (dt = '2024-01-01', region): keys with a value come first, as in Hive.
 * @throws COLUMN_NOT_FOUND, DUPLICATE_COLUMN_NAME, INVALID_PARTITION_BY …
 */
function staticPartition(spec: ast.PartitionSpec, table: Table): readonly StaticKey[] {
  const keys = table.partitionKeys
  const given = new Map<string, ast.PartitionSpec['values'][number]>()
  for (const item of spec.values) {
    const name = lower(item.key.value)
    if (!keys.some((key) => key.name === name))
      throw new QueryError('COLUMN_NOT_FOUND', `'${name}' is no partition key of table '${table.schema}.${table.name}'`, {
        at: item.key.at,
      })
    if (given.has(name))
      throw new QueryError('DUPLICATE_COLUMN_NAME', `Partition key '${name}' is specified more than once`, { at: item.key.at })
    given.set(name, item)
  }
  const missing = keys.find((key) => !given.has(key.name))
  if (missing !== undefined)
    throw new QueryError('MISSING_COLUMN_NAME', `PARTITION must name all partition keys; '${missing.name}' is missing`, { at: spec.at })
  const fixed = keys.map((key) => given.get(key.name)?.value)
  const firstOpen = fixed.indexOf(undefined)
  if (firstOpen >= 0 && fixed.slice(firstOpen).some((value) => value !== undefined))
    throw new QueryError('INVALID_PARTITION_BY', 'Partition keys with a value must come before those without one', { at: spec.at })
  return keys.slice(0, firstOpen < 0 ? keys.length : firstOpen).map((key, index) => {
    const value = fixed[index] as ast.Expression
    return { name: key.name, value: keyConstant(value, key) }
  })
}

function keyConstant(node: ast.Expression, key: TableColumn): Value {
  const text = constantText(node)
  if (text === null || text === '' || text === DEFAULT_PARTITION) return null
  const value = text === undefined ? undefined : parseKeyValue(key.type, text)
  if (value !== undefined) return value
  throw new QueryError('TYPE_MISMATCH', `Partition key '${key.name}' takes a constant of type ${formatType(key.type)}`, { at: node.at })
}

function constantText(node: ast.Expression): string | null | undefined {
  switch (node.kind) {
    case 'null':
      return null
    case 'string':
    case 'generic-literal':
      return node.value
    case 'number':
      return node.text.replaceAll('_', '')
    case 'boolean-literal':
      return String(node.value)
    default:
      return undefined
  }
}
