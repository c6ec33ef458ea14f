/** ANALYZE t [WITH (columns = ARRAY[…], partitions = ARRAY[ARRAY[…], …])]: what is to be counted, as queries over the table. */
import { CATALOG_NAME } from '#catalog/catalog'
import type { Table, TableColumn } from '#catalog/model'
import { parseKeyValue } from '#catalog/partitions/key-types'
import { DEFAULT_PARTITION, hiveSegment } from '#catalog/partitions/path'
import type { AnalysisContext } from '#src/analyze/context'
import { targetTable } from '#src/analyze/insert'
import { analyzeQuery } from '#src/analyze/query'
import { QueryError } from '#src/common/errors'
import type { QueryPlan } from '#src/logical/plan'
import type * as ast from '#src/sql/ast'
import { parseStatement } from '#src/sql/parser/parse'
import { formatType } from '#src/types/format'
import { formatValue } from '#src/types/format-value'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import { constantOf } from './prepared-statements.ts'
import { withoutProperties } from './scan-properties.ts'
import type { AnalyzedCount, WriteStatement } from './write-statement.ts'

type AnalyzeStatement = Extract<ast.Statement, { kind: 'analyze' }>

/** Throws as Trino does: INVALID_ANALYZE_PROPERTY, DUPLICATE_PROPERTY, TABLE_NOT_FOUND, NOT_SUPPORTED for views. */
export function compileAnalyze(statement: AnalyzeStatement, context: AnalysisContext): WriteStatement {
  const { at } = statement
  const table = targetTable(statement.table, at, context, 'Analyzing')
  const given = readProperties(statement.properties, context.session)
  const columns = chosenColumns(table, given.columns)
  const partitions = given.partitions?.map((texts) => partitionOf(table, texts))
  const counted = columns.flatMap(countsOf)
  const queryOf = (values: readonly Value[] | undefined): QueryPlan => {
    const where = values === undefined ? [] : table.partitionKeys.map((key, level) => isValue(key, values[level] ?? null))
    const names = [CATALOG_NAME, table.schema, table.name].map(quoted).join('.')
    const sql = `SELECT ${['count(*)', ...counted.map(({ sql }) => sql)].join(', ')} FROM ${names}${where.length > 0 ? ` WHERE ${where.join(' AND ')}` : ''}`
    const parsed = parseStatement(sql)
    if (parsed.kind !== 'query-statement') throw new QueryError('GENERIC_INTERNAL_ERROR', 'ANALYZE made something else than a query')
    const plan = analyzeQuery(parsed.query, context)
    return { ...plan, root: withoutProperties(plan.root, ['require_partition_filter']) }
  }
  return {
    kind: 'analyze',
    table,
    counts: counted,
    scopes:
      partitions === undefined
        ? [{ query: queryOf(undefined) }]
        : partitions.map(({ name, values }) => ({ name, values, query: queryOf(values) })),
    at,
  }
}

interface Given {
  readonly columns: readonly (string | null)[] | undefined
  readonly partitions: readonly (readonly (string | null)[])[] | undefined
}

const PROPERTIES: Readonly<Record<string, string>> = { columns: 'array(varchar)', partitions: 'array(array(varchar))' }

function readProperties(properties: readonly ast.Property[], session: AnalysisContext['session']): Given {
  const given = new Map<string, Value>()
  for (const { name: spelled, value, at } of properties) {
    const name = spelled.value.toLowerCase()
    const type = PROPERTIES[name]
    const property = `catalog '${CATALOG_NAME}' analyze property '${name}'`
    if (type === undefined)
      throw new QueryError('INVALID_ANALYZE_PROPERTY', `Catalog '${CATALOG_NAME}' analyze property '${name}' does not exist`, { at })
    if (given.has(name)) throw new QueryError('DUPLICATE_PROPERTY', `Duplicate property: ${name}`, { at })
    if (value === undefined) continue
    const constant = constantOf(value, session)
    if (constant === undefined)
      throw new QueryError('INVALID_ANALYZE_PROPERTY', `Invalid value for ${property}: it is not a constant`, { at })
    if (constant.value === null) throw new QueryError('INVALID_ANALYZE_PROPERTY', `Invalid null value for ${property} from [null]`, { at })
    if (!isTexts(constant.type, name === 'columns' ? 1 : 2))
      throw new QueryError(
        'INVALID_ANALYZE_PROPERTY',
        `Invalid value for ${property}: Cannot convert [${constant.type.kind === 'varchar' ? `'${constant.value}'` : formatValue(constant.value, constant.type)}] to ${type}`,
        { at },
      )
    given.set(name, constant.value)
  }
  return {
    columns: given.get('columns') as Given['columns'],
    partitions: given.get('partitions') as Given['partitions'],
  }
}

/** Arrays of so many levels of texts; empty ones have elements of no type. */
function isTexts(type: Type, levels: number): boolean {
  if (type.kind === 'unknown') return true
  if (levels === 0) return type.kind === 'varchar'
  return type.kind === 'array' && isTexts(type.element, levels - 1)
}

function chosenColumns(table: Table, names: Given['columns']): readonly TableColumn[] {
  const all = [...table.columns, ...table.partitionKeys]
  if (names === undefined) return all
  const wanted = new Set(names.map((name) => String(name).toLowerCase()))
  const unknown = [...wanted].filter((name) => !all.some((column) => column.name === name))
  if (unknown.length > 0)
    throw new QueryError('INVALID_ANALYZE_PROPERTY', `Invalid columns specified for analysis: [${unknown.join(', ')}]`)
  return all.filter(({ name }) => wanted.has(name))
}

function partitionOf(table: Table, texts: readonly (string | null)[]): { readonly name: string; readonly values: readonly Value[] } {
  const keys = table.partitionKeys
  if (keys.length === 0) throw new QueryError('INVALID_ANALYZE_PROPERTY', 'Partition list provided but table is not partitioned')
  if (texts.length !== keys.length)
    throw new QueryError('INVALID_ANALYZE_PROPERTY', 'Partition value count does not match partition column count')
  const values = keys.map(({ name, type }, level) => {
    const text = texts[level] ?? null
    if (text === null || text === DEFAULT_PARTITION) return null
    const value = parseKeyValue(type, text)
    if (value !== undefined) return value
    throw new QueryError('HIVE_INVALID_PARTITION_VALUE', `Invalid partition value '${text}' for ${formatType(type)} partition key: ${name}`)
  })
  return { name: keys.map(({ name }, level) => hiveSegment(name, texts[level] ?? null)).join('/'), values }
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`

function isValue({ name, type }: TableColumn, value: Value): string {
  if (value === null) return `${quoted(name)} IS NULL`
  return `${quoted(name)} = CAST('${formatValue(value, type).replaceAll("'", "''")}' AS ${formatType(type)})`
}

const BOUNDED: ReadonlySet<string> = new Set(['tinyint', 'smallint', 'integer', 'bigint', 'real', 'double', 'decimal', 'date', 'timestamp'])

/** What is asked of a column. Of nested values nothing, as in Trino. */
function countsOf({ name, type }: TableColumn): readonly AnalyzedCount[] {
  const column = quoted(name)
  const count = (what: AnalyzedCount['what'], sql: string): AnalyzedCount => ({ column: name, what, sql })
  if (type.kind === 'array' || type.kind === 'map' || type.kind === 'row') return []
  const counts = [count('nulls', `count(*) - count(${column})`)]
  if (type.kind !== 'varbinary') counts.push(count('distinct', `approx_distinct(${column})`))
  if (type.kind === 'varchar') counts.push(count('bytes', `sum(length(to_utf8(${column})))`))
  if (type.kind === 'char') counts.push(count('bytes', `sum(length(to_utf8(rtrim(CAST(${column} AS varchar)))))`))
  if (type.kind === 'varbinary') counts.push(count('bytes', `sum(length(${column}))`))
  if (BOUNDED.has(type.kind)) {
    // NaN is larger than everything: no bound of the numbers.
    const numbers = type.kind === 'real' || type.kind === 'double' ? ` FILTER (WHERE NOT is_nan(${column}))` : ''
    counts.push(count('min', `CAST(min(${column})${numbers} AS varchar)`), count('max', `CAST(max(${column})${numbers} AS varchar)`))
  }
  return counts
}
