/** What stands in FROM, except joins: tables, named queries, subqueries, UNNEST, aliases, samples. */
import { QueryError, unreachable } from '#src/common/errors'
import type { Column, Expr, Literal } from '#src/logical/expression'
import type { LogicalPlan, Unnest } from '#src/logical/plan'
import { unnestedTypes } from '#src/logical/verify'
import type * as ast from '#src/sql/ast'
import { MICROS_PER_DAY } from '#src/types/calendar'
import { isNumeric } from '#src/types/coercion'
import { formatType } from '#src/types/format'
import { formatValue } from '#src/types/format-value'
import { BIGINT } from '#src/types/type'
import { wallOf } from '#src/types/zone'
import type { Analysis, Relation } from './analysis.ts'
import { analyzeExpression } from './expression.ts'
import { analyzeJoin } from './joins.ts'
import { analyzeJsonTable } from './json-table.ts'
import { scalarCallsOnly } from './policy.ts'
import { positionOf } from './positions.ts'
import { refuseMatchRecognize } from './row-patterns.ts'
import { type Field, lower, type Scope, spelling, visibleFields } from './scope.ts'
import { analyzeTableFunction } from './table-functions.ts'
import { analyzeTable } from './tables.ts'

/** `SELECT 1`'s input: one row without columns. */
export const oneRow = (): LogicalPlan => ({ kind: 'values', columns: [], rows: [[]] })

/** `outer` is what the relation's own free names may mean: the enclosing queries, and the left side of a lateral join. */
export function analyzeRelation(node: ast.Relation, outer: Scope, analysis: Analysis): Relation {
  switch (node.kind) {
    case 'table-reference':
      if (node.version) throw versioned(node, node.version, outer, analysis)
      return analyzeTable(node.name, outer, analysis)
    case 'subquery-relation':
    case 'lateral':
      return analysis.subquery(node.query, outer)
    case 'unnest':
      return analyzeUnnest(node, { plan: oneRow(), fields: [] }, outer, false, analysis)
    case 'join':
      return analyzeJoin(node, outer, analysis)
    case 'aliased':
      return alias(analyzeRelation(node.relation, outer, analysis), node)
    case 'sampled':
      return analyzeSample(node, outer, analysis)
    case 'table-function':
      return analyzeTableFunction(node, outer, analysis)
    case 'match-recognize':
      return refuseMatchRecognize(node)
    case 'json-table':
      return analyzeJsonTable(node, { plan: oneRow(), fields: [] }, outer, false, analysis)
    default:
      return unreachable(node)
  }
}

/** What is wrong with the version of a table, or that tables have none. */
function versioned(
  node: ast.TableReference,
  version: NonNullable<ast.TableReference['version']>,
  outer: Scope,
  analysis: Analysis,
): QueryError {
  const { at } = version
  const calls = scalarCallsOnly('Query period', version.value)
  const scope: Scope = { fields: [], parent: undefined, named: outer.named }
  const value = analyzeExpression(version.value, { analysis, scope, lambda: undefined, calls, collector: undefined })
  const { type } = value
  const isMoment = type.kind === 'date' || type.kind === 'timestamp' || type.kind === 'timestamp with time zone'
  if (version.kind === 'timestamp' && !isMoment && type.kind !== 'unknown') {
    const message = `Type ${formatType(type)} invalid. Temporal pointers must be of type Timestamp, Timestamp with Time Zone, or Date.`
    return new QueryError('TYPE_MISMATCH', message, { at })
  }
  if (isNullLiteral(value)) return new QueryError('INVALID_ARGUMENTS', 'Pointer value cannot be NULL', { at })
  if (version.kind === 'timestamp' && value.kind === 'literal' && isFuture(value, analysis)) {
    return new QueryError('INVALID_ARGUMENTS', `Pointer value '${formatValue(value.value, type)}' is not in the past`, { at })
  }
  return new QueryError('NOT_SUPPORTED', 'Time travel (FOR VERSION / TIMESTAMP AS OF) is not supported', { at: node.at })
}

function isFuture({ type, value }: Literal, { context }: Analysis): boolean {
  const { startMicros, zone } = context.session
  switch (type.kind) {
    case 'date':
      return (value as bigint) * MICROS_PER_DAY > wallOf(startMicros, zone)
    case 'timestamp':
      return (value as bigint) > wallOf(startMicros, zone)
    default:
      return (value as { readonly micros: bigint }).micros > startMicros
  }
}

const isNullLiteral = (expr: Expr): boolean =>
  (expr.kind === 'literal' && expr.value === null) || (expr.kind === 'cast' && isNullLiteral(expr.value))

/** The relation under another name. Column aliases rename the visible columns and drop the hidden ones. */
export function alias(relation: Relation, node: ast.AliasedRelation): Relation {
  const name = [lower(node.alias.value)]
  if (!node.columns) return { plan: relation.plan, fields: relation.fields.map((field) => ({ ...field, relation: name })) }
  const visible = visibleFields(relation.fields)
  const { columns } = node
  if (columns.length !== visible.length) {
    const message = `Column alias list has ${columns.length} entries but '${spelling(node.alias)}' has ${visible.length} columns available`
    throw new QueryError('MISMATCHED_COLUMN_ALIASES', message, { at: node.at })
  }
  const fields = visible.map((field, index) => ({ ...field, name: columns[index] ? spelling(columns[index]) : field.name, relation: name }))
  return { plan: relation.plan, fields }
}

/** UNNEST over `left`'s rows: the arguments may name its columns. `outer` keeps rows without elements. */
export function analyzeUnnest(node: ast.Unnest, left: Relation, scope: Scope, keepEmpty: boolean, analysis: Analysis): Relation {
  // The arguments have no relation of their own: every column in them is one of the left side or of an enclosing query.
  const inner: Scope = { fields: [], parent: scope, named: scope.named }
  const base = { analysis, scope: inner, lambda: undefined, collector: undefined }
  const fields: Field[] = []
  const add = (name: string | undefined, column: Column): void => {
    fields.push({ name, relation: undefined, column, hidden: false })
  }
  const items = node.items.map((item) => {
    const value = analyzeExpression(item, { ...base, calls: scalarCallsOnly('UNNEST', item) })
    const types = unnestedTypes(value.type)
    if (types.length === 0) {
      throw new QueryError('INVALID_FUNCTION_ARGUMENT', `Cannot unnest type: ${formatType(value.type)}`)
    }
    const element = value.type.kind === 'array' ? value.type.element : undefined
    const names = element?.kind === 'row' ? element.fields.map((field) => field.name) : []
    const columns = types.map((type, index) => {
      const column = analysis.ids.column(names[index] ?? 'field', type)
      add(names[index], column)
      return column
    })
    return { value, columns }
  })
  const ordinality = node.ordinality ? analysis.ids.column('ordinality', BIGINT) : undefined
  if (ordinality) add(undefined, ordinality)
  const plan: Unnest = { kind: 'unnest', input: left.plan, items, ordinality, outer: keepEmpty }
  return { plan, fields }
}

function analyzeSample(node: ast.SampledRelation, outer: Scope, analysis: Analysis): Relation {
  const relation = analyzeRelation(node.relation, outer, analysis)
  const scope: Scope = { fields: [], parent: undefined, named: outer.named }
  const calls = scalarCallsOnly('TABLESAMPLE', node.percentage)
  let value: ReturnType<typeof analyzeExpression>
  try {
    value = analyzeExpression(node.percentage, { analysis, scope, lambda: undefined, calls, collector: undefined })
  } catch (error) {
    if (!(error instanceof QueryError) || error.errorName !== 'COLUMN_NOT_FOUND') throw error
    throw new QueryError('EXPRESSION_NOT_CONSTANT', 'Sample percentage cannot contain column references', {
      at: positionOf(node.percentage),
    })
  }
  const at = positionOf(node.percentage)
  if (value.type.kind === 'unknown') throw new QueryError('INVALID_ARGUMENTS', 'Sample percentage cannot be NULL', { at })
  if (!isNumeric(value.type)) throw new QueryError('TYPE_MISMATCH', 'Sample percentage should be a numeric expression', { at })
  if (value.kind !== 'literal') throw new QueryError('NOT_SUPPORTED', 'A sample percentage must be a number or a parameter', { at })
  if (value.value === null) throw new QueryError('INVALID_ARGUMENTS', 'Sample percentage cannot be NULL', { at })
  const scale = value.type.kind === 'decimal' ? value.type.scale : 0
  const percentage = Number(`${value.value}e-${scale}`)
  if (percentage < 0) throw new QueryError('NUMERIC_VALUE_OUT_OF_RANGE', 'Sample percentage must be greater than or equal to 0', { at })
  if (percentage > 100) throw new QueryError('NUMERIC_VALUE_OUT_OF_RANGE', 'Sample percentage must be less than or equal to 100', { at })
  return { plan: { kind: 'sample', input: relation.plan, method: node.method, percentage }, fields: relation.fields }
}
