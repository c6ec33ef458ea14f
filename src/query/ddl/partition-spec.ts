/** `PARTITION (dt = '2024-01-01', h = 5)`: which partition, or which of them. */
import type { Table, TableColumn } from '#catalog/model'
import { parseKeyValue } from '#catalog/partitions/key-types'
import { DEFAULT_PARTITION, hiveSegment } from '#catalog/partitions/path'
import type { AnalysisContext } from '#src/analyze/context'
import { QueryError } from '#src/common/errors'
import type { ComparisonOperator, PartitionSpec } from '#src/sql/ast'
import { compareValues } from '#src/types/compare'
import { formatType } from '#src/types/format'
import { formatValue } from '#src/types/format-value'
import type { Value } from '#src/types/value'
import { constantOf } from '../prepared-statements.ts'

export interface WholePartition {
  /** `dt=2024-01-01/h=5`, in the order of the table's keys. */
  readonly name: string
  readonly values: readonly Value[]
}

interface Term {
  readonly level: number
  readonly key: TableColumn
  readonly operator: ComparisonOperator
  readonly text: string | null
  readonly value: Value
}

/** One partition with all its keys. @throws COLUMN_NOT_FOUND, SYNTAX_ERROR, HIVE_INVALID_PARTITION_VALUE */
export function wholePartition(spec: PartitionSpec, table: Table, session: AnalysisContext['session']): WholePartition {
  const terms = termsOf(spec, table, session)
  const missing = table.partitionKeys.find((_key, level) => !terms.some((term) => term.level === level))
  if (missing !== undefined) throw new QueryError('SYNTAX_ERROR', `The partition has no value for key '${missing.name}'`, { at: spec.at })
  const ordered = table.partitionKeys.map((_key, level) => terms.find((term) => term.level === level) as Term)
  return partitionOf(
    table,
    ordered.map((term) => term.text),
  )
}

/** By the texts of all keys. @throws HIVE_INVALID_PARTITION_VALUE */
export function partitionOf(table: Table, texts: readonly (string | null)[]): WholePartition {
  const values = table.partitionKeys.map((key, level) => keyValue(key, texts[level] ?? null))
  return { name: table.partitionKeys.map((key, level) => hiveSegment(key.name, texts[level] ?? null)).join('/'), values }
}

/** Whether a partition's values (those of the first keys may be all that is known) satisfy all comparisons; NULL equals NULL here, as in a folder's name. */
export function partitionMatcher(
  spec: PartitionSpec,
  table: Table,
  session: AnalysisContext['session'],
): (values: readonly Value[]) => boolean {
  const terms = termsOf(spec, table, session)
  return (values) => terms.every((term) => term.level >= values.length || holds(term, values[term.level] ?? null))
}

function termsOf(spec: PartitionSpec, table: Table, session: AnalysisContext['session']): readonly Term[] {
  return spec.values.map(({ key: name, operator, value: expression }) => {
    const level = table.partitionKeys.findIndex((key) => key.name === name.value.toLowerCase())
    const key = table.partitionKeys[level]
    if (key === undefined) {
      const keys = table.partitionKeys.map((one) => one.name).join(', ')
      throw new QueryError(
        'COLUMN_NOT_FOUND',
        `'${name.value}' is no partition key of ${table.schema}.${table.name}: ${keys === '' ? 'it has none' : keys}`,
        { at: name.at },
      )
    }
    if (expression === undefined) throw new QueryError('SYNTAX_ERROR', `The partition key '${key.name}' has no value`, { at: name.at })
    const constant = constantOf(expression, session)
    if (constant === undefined) throw new QueryError('NOT_SUPPORTED', 'A partition value must be a constant', { at: name.at })
    const formatted = constant.value === null ? null : formatValue(constant.value, constant.type)
    const text = formatted === DEFAULT_PARTITION ? null : formatted
    return { level, key, operator, text, value: keyValue(key, text) }
  })
}

function keyValue(key: TableColumn, text: string | null): Value {
  if (text === null) return null
  const value = parseKeyValue(key.type, text)
  if (value !== undefined) return value
  throw new QueryError(
    'HIVE_INVALID_PARTITION_VALUE',
    `Invalid partition value '${text}' for ${formatType(key.type)} partition key: ${key.name}`,
  )
}

function holds({ operator, value, key }: Term, actual: Value): boolean {
  if (value === null || actual === null) return (value === actual) === (operator === '=')
  const order = compareValues(actual, value, key.type)
  switch (operator) {
    case '=':
      return order === 0
    case '<>':
      return order !== 0
    case '<':
      return order < 0
    case '<=':
      return order <= 0
    case '>':
      return order > 0
    case '>=':
      return order >= 0
  }
}
