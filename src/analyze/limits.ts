/** OFFSET, LIMIT and FETCH FIRST: constants or parameters. */
import { type Position, QueryError } from '#src/common/errors'
import type { LogicalPlan } from '#src/logical/plan'
import type * as ast from '#src/sql/ast'
import { isInteger } from '#src/types/coercion'
import { formatType } from '#src/types/format'
import type { AnalysisContext } from './context.ts'

export interface RowLimits {
  /** Undefined: all. */
  readonly count: number | undefined
  readonly offset: number
  readonly withTies: boolean
}

export function analyzeLimits(query: ast.Query, context: AnalysisContext): RowLimits {
  const offset = query.offset ? rowCount(query.offset, 'OFFSET', query.offset.at, context) : 0
  const { limit } = query
  if (!limit || limit.kind === 'limit all') return { count: undefined, offset, withTies: false }
  if (limit.kind === 'limit') return { count: rowCount(limit.count, 'LIMIT', limit.at, context), offset, withTies: false }
  const count = limit.count ? rowCount(limit.count, 'FETCH FIRST', limit.at, context) : 1
  if (count === 0) {
    throw new QueryError('NUMERIC_VALUE_OUT_OF_RANGE', `FETCH FIRST row count must be positive (actual value: ${count})`, {
      at: limit.at,
    })
  }
  if (limit.withTies && query.orderBy.length === 0) {
    throw new QueryError('MISSING_ORDER_BY', 'FETCH FIRST WITH TIES clause requires ORDER BY', { at: limit.at })
  }
  return { count, offset, withTies: limit.withTies }
}

function rowCount(node: ast.Expression, clause: string, at: Position, context: AnalysisContext): number {
  const value = countValue(node, clause, context)
  if (value < 0n) {
    const bound = clause === 'FETCH FIRST' ? 'positive' : 'greater or equal to 0'
    throw new QueryError('NUMERIC_VALUE_OUT_OF_RANGE', `${clause} row count must be ${bound} (actual value: ${value})`, { at })
  }
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) return Number.MAX_SAFE_INTEGER
  return Number(value)
}

function countValue(node: ast.Expression, clause: string, context: AnalysisContext): bigint {
  if (node.kind === 'number' && node.form === 'integer') return BigInt(node.text.replaceAll('_', ''))
  if (node.kind !== 'parameter') {
    throw new QueryError('INVALID_LIMIT_CLAUSE', `${clause} must be an integer or a parameter`, { at: node.at })
  }
  const parameter = context.parameters[node.index]
  if (!parameter) {
    throw new QueryError('INVALID_PARAMETER_USAGE', `Incorrect number of parameters: no value for parameter ${node.index + 1}`, {
      at: node.at,
    })
  }
  if (parameter.value === null)
    throw new QueryError('INVALID_ARGUMENTS', `Parameter value provided for ${clause} is NULL: null`, { at: node.at })
  if (!isInteger(parameter.type) || typeof parameter.value !== 'bigint')
    throw new QueryError('TYPE_MISMATCH', `Cannot cast type ${formatType(parameter.type)} to bigint`, { at: node.at })
  return parameter.value
}

/** As many rows as Trino keeps in order at most. */
const MOST_SORTED_ROWS = 2_147_483_647

/** The plan itself when nothing is cut off. */
export function planLimits(input: LogicalPlan, { count, offset, withTies }: RowLimits): LogicalPlan {
  if (input.kind === 'sort' && count !== undefined && !withTies && count + offset > MOST_SORTED_ROWS) {
    throw new QueryError('NOT_SUPPORTED', `ORDER BY LIMIT > ${MOST_SORTED_ROWS} is not supported`)
  }
  if (count === undefined && offset === 0) return input
  return { kind: 'limit', input, count, offset, withTies }
}
