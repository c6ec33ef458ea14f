/** Subqueries inside expressions. Columns of the outer query stay what they are: references that the inner plan does not produce. */
import { QueryError } from '#src/common/errors'
import { columnRef, literal, passThrough } from '#src/logical/build'
import { coerce } from '#src/logical/coerce'
import type { Column, Expr } from '#src/logical/expression'
import type { LogicalPlan } from '#src/logical/plan'
import { freeColumns, outputOf } from '#src/logical/plan-walk'
import type * as ast from '#src/sql/ast'
import { commonSuperType, isComparable, isOrderable } from '#src/types/coercion'
import { formatType, sameType } from '#src/types/format'
import { BOOLEAN, row, type Type } from '#src/types/type'
import type { Analysis, ExprContext, Relation } from './analysis.ts'
import { analyzeExpression } from './expression.ts'
import { visibleFields } from './scope.ts'

function analyzeSubquery(query: ast.Query, context: ExprContext, at: ast.Query['at']): Relation {
  if (context.lambda) throw new QueryError('NOT_SUPPORTED', 'Lambda expression cannot contain subqueries', { at })
  return context.analysis.subquery(query, context.scope)
}

export function analyzeExists(node: ast.Exists, context: ExprContext): Expr {
  return { kind: 'exists', type: BOOLEAN, plan: analyzeSubquery(node.query, context, node.at).plan }
}

/** Several columns are one row: one of NULLs where there is none, but NULL where the subquery is correlated, as in Trino. */
export function analyzeScalarSubquery(node: ast.ScalarSubquery, context: ExprContext): Expr {
  const relation = analyzeSubquery(node.query, context, node.at)
  const { plan, column } = singleColumn(relation, context.analysis, true)
  const { type } = column
  const subquery: Expr = { kind: 'scalar-subquery', type, plan }
  if (type.kind !== 'row' || visibleFields(relation.fields).length === 1 || freeColumns(plan).size > 0) return subquery
  const none: Expr = { kind: 'row', type, fields: type.fields.map((field) => literal(field.type, null)) }
  return { kind: 'coalesce', type, args: [subquery, none] }
}

export function analyzeInSubquery(node: ast.InSubquery, context: ExprContext): Expr {
  const { value, plan } = comparedSubquery(node, context, isComparable)
  return { kind: 'in-subquery', type: BOOLEAN, value, plan }
}

export function analyzeQuantified(node: ast.QuantifiedComparison, context: ExprContext): Expr {
  const ordered = node.operator !== '=' && node.operator !== '<>'
  const { value, plan } = comparedSubquery(node, context, ordered ? isOrderable : isComparable)
  return { kind: 'quantified', type: BOOLEAN, operator: node.operator, quantifier: node.quantifier, value, plan }
}

function comparedSubquery(
  node: ast.InSubquery | ast.QuantifiedComparison,
  context: ExprContext,
  allowed: (type: Type) => boolean,
): { readonly value: Expr; readonly plan: LogicalPlan } {
  const given = analyzeExpression(node.value, context)
  const relation = analyzeSubquery(node.query, context, node.operatorAt)
  const value = comparedValue(given, relation)
  const { plan, column } = singleColumn(relation, context.analysis, false)
  const type = isRowOfRow(given.type, relation) ? undefined : commonSuperType(value.type, column.type)
  if (!type) {
    const message = `Value expression and result of subquery must be of the same type: ${rowText(value.type)} vs ${formatType(rowOf(relation))}`
    throw new QueryError('TYPE_MISMATCH', message, { at: node.operatorAt })
  }
  if (!allowed(type)) {
    const property = allowed === isOrderable ? 'orderable' : 'comparable'
    const where = node.kind === 'in-subquery' ? 'IN predicate' : 'quantified comparison'
    throw new QueryError('TYPE_MISMATCH', `Type [${rowText(type)}] must be ${property} in order to be used in ${where}`, {
      at: node.operatorAt,
    })
  }
  return { value: coerce(value, type), plan: coerceColumn(plan, column, type, context.analysis) }
}

const isSingle = (relation: Relation): boolean => visibleFields(relation.fields).length === 1

/** A row of one field is compared with a single column as that field is. */
function comparedValue(value: Expr, relation: Relation): Expr {
  if (value.type.kind !== 'row' || value.type.fields.length !== 1 || !isSingle(relation)) return value
  return { kind: 'field', type: (value.type.fields[0] as { type: Type }).type, base: value, index: 0 }
}

/** A row of several fields is no single column, not even one of rows. */
const isRowOfRow = (type: Type, relation: Relation): boolean => type.kind === 'row' && type.fields.length > 1 && isSingle(relation)

/** Trino compares rows here: a single value is told as a row of one. */
const rowText = (type: Type): string => formatType(type.kind === 'row' ? type : row([{ name: undefined, type }]))

const rowOf = (relation: Relation): Type => row(visibleFields(relation.fields).map(({ name, column }) => ({ name, type: column.type })))

/** The query as a plan of exactly one column; several become a row, whose fields keep their names where those are seen. */
function singleColumn(relation: Relation, analysis: Analysis, named: boolean): { readonly plan: LogicalPlan; readonly column: Column } {
  const fields = visibleFields(relation.fields)
  const columns = fields.map((field) => field.column)
  const [only] = columns
  if (only && columns.length === 1) {
    const plan: LogicalPlan =
      outputOf(relation.plan).length === 1 ? relation.plan : { kind: 'project', input: relation.plan, assignments: [passThrough(only)] }
    return { plan, column: only }
  }
  const type = row(fields.map(({ name, column }) => ({ name: named ? name : undefined, type: column.type })))
  const column = analysis.ids.column('row', type)
  const value: Expr = { kind: 'row', type, fields: columns.map(columnRef) }
  return { plan: { kind: 'project', input: relation.plan, assignments: [{ column, value }] }, column }
}

function coerceColumn(plan: LogicalPlan, column: Column, type: Type, analysis: Analysis): LogicalPlan {
  if (sameType(column.type, type)) return plan
  const coerced = analysis.ids.column(column.name, type)
  return { kind: 'project', input: plan, assignments: [{ column: coerced, value: coerce(columnRef(column), type) }] }
}
