/** Joins: ON, USING, lateral right sides and UNNEST. */
import { QueryError } from '#src/common/errors'
import { comparisonType } from '#src/functions/bind'
import { and, caseBranch, columnRef, comparison, isTrue, literal, passThrough } from '#src/logical/build'
import { coerce } from '#src/logical/coerce'
import { mapExprChildren, planOfExpr, someExpr } from '#src/logical/expr-walk'
import type { Column, ColumnId, Expr } from '#src/logical/expression'
import type { Assignment, Join, LogicalPlan } from '#src/logical/plan'
import { freeColumns, outputOf, referencedColumns } from '#src/logical/plan-walk'
import type * as ast from '#src/sql/ast'
import { BOOLEAN } from '#src/types/type'
import type { Analysis, Relation } from './analysis.ts'
import { analyzeCondition } from './expression.ts'
import { expressionText } from './expression-text.ts'
import { analyzeJsonTable } from './json-table.ts'
import { scalarCallsOnly } from './policy.ts'
import { positionOf } from './positions.ts'
import { alias, analyzeRelation, analyzeUnnest } from './relation.ts'
import { type Field, lower, resolve, type Scope, spelling, suggestion } from './scope.ts'

export function analyzeJoin(node: ast.Join, outer: Scope, analysis: Analysis): Relation {
  if (node.criteria?.kind === 'natural') throw new QueryError('NOT_SUPPORTED', 'Natural join not supported', { at: node.at })
  const left = analyzeRelation(node.left, outer, analysis)
  const lateral = lateralPart(node.right)
  if (lateral) return analyzeLateral(node, lateral, left, outer, analysis)
  const right = analyzeRelation(node.right, outer, analysis)
  if (node.criteria?.kind === 'using') return joinUsing(node, node.criteria.columns, left, right, analysis)
  const scope: Scope = { fields: [...left.fields, ...right.fields], parent: outer, named: outer.named }
  const condition = node.criteria && joinCondition(node.criteria.condition, scope, analysis)
  if (condition && node.type !== 'inner' && someExpr(condition, isSubquery)) {
    return { plan: joinBySubqueries(node, left.plan, right.plan, condition, analysis), fields: scope.fields }
  }
  return { plan: planJoin(node.type, left.plan, right.plan, condition, false), fields: scope.fields }
}

const isSubquery = (expr: Expr): boolean => planOfExpr(expr) !== undefined

/**
 * The kernel evaluates no subqueries in the conditions of outer joins: each becomes a column of the side that it is about.
 *
 *     t LEFT JOIN u ON t.a = u.a AND t.b IN (SELECT …)  →  (SELECT *, b IN (SELECT …) AS s FROM t) LEFT JOIN u ON t.a = u.a AND s
 */
function joinBySubqueries(node: ast.Join, left: LogicalPlan, right: LogicalPlan, condition: Expr, analysis: Analysis): LogicalPlan {
  const sides = [left, right].map((plan) => ({ plan, own: new Set(outputOf(plan).map(({ id }) => id)), added: [] as Assignment[] }))
  const replace = (expr: Expr): Expr => {
    const plan = planOfExpr(expr)
    if (plan === undefined) return mapExprChildren(expr, replace)
    const outer = [...freeColumns(plan)].find((id) => sides.some(({ own }) => own.has(id)))
    if (outer !== undefined) {
      const reference = analysis.outerReferences.get(outer)
      const name = reference ? expressionText(reference) : String(outer)
      const message = `Reference to column '${name}' from outer scope not allowed in this context`
      throw new QueryError('NOT_SUPPORTED', message, { at: reference?.at ?? node.at })
    }
    const used = referencedColumns(expr)
    const [first, second] = sides.filter(({ own }) => [...used].some((id) => own.has(id)))
    if (second) throw new QueryError('NOT_SUPPORTED', 'A subquery over both sides of an outer join is not supported', { at: node.at })
    const column = analysis.ids.column('subquery', expr.type)
    const side = first ?? sides[0]
    side?.added.push({ column, value: expr })
    return columnRef(column)
  }
  const plain = replace(condition)
  const [from, to] = sides.map(
    ({ plan, added }): LogicalPlan =>
      added.length === 0 ? plan : { kind: 'project', input: plan, assignments: [...outputOf(plan).map(passThrough), ...added] },
  )
  return planJoin(node.type, from ?? left, to ?? right, plain, false)
}

function joinCondition(node: ast.Expression, scope: Scope, analysis: Analysis): Expr {
  const calls = scalarCallsOnly('JOIN clause', node)
  return analyzeCondition(node, { analysis, scope, lambda: undefined, calls, collector: undefined }, 'JOIN ON clause')
}

function planJoin(type: ast.Join['type'], left: LogicalPlan, right: LogicalPlan, condition: Expr | undefined, lateral: boolean): Join {
  const plain = type === 'implicit' ? 'cross' : type
  if (plain === 'cross' || !condition || (plain === 'inner' && isTrue(condition))) {
    return { kind: 'join', type: 'cross', left, right, condition: undefined, lateral }
  }
  return { kind: 'join', type: plain, left, right, condition, lateral }
}

// ---------------------------------------------------------------- lateral

type LateralPart = ast.Unnest | ast.JsonTable | ast.Lateral

function lateralPart(node: ast.Relation): LateralPart | undefined {
  if (node.kind === 'aliased') return lateralPart(node.relation)
  return node.kind === 'unnest' || node.kind === 'json-table' || node.kind === 'lateral' ? node : undefined
}

/** A right side that names nothing of the left is a relation like any other. */
function analyzeLateral(node: ast.Join, part: LateralPart, left: Relation, outer: Scope, analysis: Analysis): Relation {
  const scope: Scope = { fields: left.fields, parent: outer, named: outer.named }
  if (part.kind !== 'lateral') requireOnTrue(node, part.kind === 'unnest' ? 'UNNEST' : 'JSON_TABLE')
  const right = analyzeRelation(node.right, scope, analysis)
  const own = new Set(outputOf(left.plan).map(({ id }) => id))
  const correlated = [...freeColumns(right.plan)].find((id) => own.has(id))
  if (correlated !== undefined) {
    if (node.type === 'right' || node.type === 'full') {
      const message = `LATERAL reference not allowed in ${node.type.toUpperCase()} JOIN`
      throw new QueryError('INVALID_COLUMN_REFERENCE', message, { at: analysis.outerReferences.get(correlated)?.at ?? part.at })
    }
  }
  if (node.type === 'full' && part.kind === 'lateral') requireOnTrue(node, 'LATERAL relation')
  if (node.criteria?.kind === 'using') {
    if (correlated === undefined) return joinUsing(node, node.criteria.columns, left, right, analysis)
    throw new QueryError('NOT_SUPPORTED', 'Correlated join with criteria other than ON is not supported', { at: node.at })
  }
  if (part.kind !== 'lateral' && (correlated !== undefined || node.type === 'cross' || node.type === 'implicit')) {
    return joinElements(node, part, left, scope, analysis)
  }
  const fields = [...left.fields, ...right.fields]
  const joined: Scope = { fields, parent: outer, named: outer.named }
  const condition = node.criteria?.kind === 'on' ? joinCondition(node.criteria.condition, joined, analysis) : undefined
  if (correlated !== undefined && node.type === 'left' && condition && !isTrue(condition)) {
    // Rows that do not meet the condition are no rows of the right side: there the kernel takes it.
    const met: LogicalPlan = { kind: 'filter', input: right.plan, predicate: condition }
    return { plan: planJoin('left', left.plan, met, literal(BOOLEAN, true), true), fields }
  }
  if (part.kind === 'lateral' && node.type === 'right') return rightLateral(left, right, condition, analysis)
  // For each row of the left side there is a join of its own.
  if (part.kind === 'lateral' && node.type === 'full') return { plan: planJoin('left', left.plan, right.plan, condition, false), fields }
  // One row for each row of the left side is what a cross join gives; the kernel loses constants of the outer one.
  const always = correlated !== undefined && node.type === 'left' && (!condition || isTrue(condition)) && givesARow(right.plan)
  const type = always ? 'cross' : node.type
  return { plan: planJoin(type, left.plan, right.plan, condition, correlated !== undefined), fields }
}

/**
 * As in Trino, each row of the left side is joined for itself: the right side's rows come once for every row of the left.
 *
 *     t RIGHT JOIN LATERAL (…) u ON c  →  SELECT CASE WHEN c THEN t.a END, …, u.* FROM t CROSS JOIN (…) u
 */
function rightLateral(left: Relation, right: Relation, condition: Expr | undefined, analysis: Analysis): Relation {
  const plan = planJoin('cross', left.plan, right.plan, undefined, false)
  if (!condition || isTrue(condition)) return { plan, fields: [...left.fields, ...right.fields] }
  const kept = new Map<ColumnId, Assignment>()
  for (const { id, name, type } of outputOf(left.plan)) {
    const value: Expr = {
      kind: 'case',
      type,
      operand: undefined,
      whens: [caseBranch(condition, columnRef({ id, name, type }))],
      otherwise: literal(type, null),
    }
    kept.set(id, { column: analysis.ids.column(name, type), value })
  }
  const assignments = [...kept.values(), ...outputOf(right.plan).map(passThrough)]
  const fields = left.fields.map((field) => ({ ...field, column: kept.get(field.column.id)?.column ?? field.column }))
  return { plan: { kind: 'project', input: plan, assignments }, fields: [...fields, ...right.fields] }
}

function givesARow(plan: LogicalPlan): boolean {
  if (plan.kind === 'project') return givesARow(plan.input)
  return plan.kind === 'aggregate' && plan.groupingSets.some((set) => set.length === 0)
}

/** The elements of arrays, maps and JSON beside the rows that hold them: no join. */
function joinElements(node: ast.Join, part: ast.Unnest | ast.JsonTable, left: Relation, scope: Scope, analysis: Analysis): Relation {
  const keepEmpty = node.type === 'left'
  const elements =
    part.kind === 'unnest'
      ? analyzeUnnest(part, left, scope, keepEmpty, analysis)
      : analyzeJsonTable(part, left, scope, keepEmpty, analysis)
  const unnested = aliases(node.right, elements)
  return { plan: unnested.plan, fields: [...left.fields, ...unnested.fields] }
}

/** @throws NOT_SUPPORTED for another condition than TRUE, as in Trino */
function requireOnTrue(node: ast.Join, what: string): void {
  if (node.type === 'cross' || node.type === 'implicit') return
  const condition = node.criteria?.kind === 'on' ? node.criteria.condition : undefined
  if (condition?.kind === 'boolean-literal' && condition.value) return
  const message = `${node.type.toUpperCase()} JOIN involving ${what} is only supported with condition ON TRUE`
  throw new QueryError('NOT_SUPPORTED', message, { at: condition ? positionOf(condition) : node.at })
}

/** Applies the aliases that stand around a lateral part. */
function aliases(node: ast.Relation, relation: Relation): Relation {
  return node.kind === 'aliased' ? alias(aliases(node.relation, relation), node) : relation
}

// ---------------------------------------------------------------- USING

function joinUsing(node: ast.Join, names: readonly ast.Identifier[], left: Relation, right: Relation, analysis: Analysis): Relation {
  const seen = new Set<string>()
  const pairs = names.map((name) => {
    const key = lower(name.value)
    if (seen.has(key)) {
      const message = `Column '${spelling(name)}' appears multiple times in USING clause`
      throw new QueryError('DUPLICATE_COLUMN_NAME', message, { at: name.at })
    }
    seen.add(key)
    const from = usingField(name, left, 'left')
    const to = usingField(name, right, 'right')
    const type = comparisonType('=', from.column.type, to.column.type, name.at)
    return { name, from, to, left: coerce(columnRef(from.column), type), right: coerce(columnRef(to.column), type), type }
  })
  const condition = and(...pairs.map((pair) => comparison('=', pair.left, pair.right)))
  const joined = new Set<Field>(pairs.flatMap((pair) => [pair.from, pair.to]))
  const rest = [...left.fields, ...right.fields].filter((field) => !joined.has(field))
  const merged = pairs.map((pair) => ({ name: spelling(pair.name), assignment: mergedColumn(node, pair, analysis) }))
  const kept = new Map<number, Column>(rest.map((field) => [field.column.id, field.column]))
  for (const { assignment } of merged) kept.delete(assignment.column.id)
  const plan: LogicalPlan = {
    kind: 'project',
    input: planJoin(node.type, left.plan, right.plan, condition, false),
    assignments: [...merged.map(({ assignment }) => assignment), ...[...kept.values()].map(passThrough)],
  }
  const fields: Field[] = merged.map(({ name, assignment }) => ({ name, relation: undefined, column: assignment.column, hidden: false }))
  return { plan, fields: [...fields, ...rest] }
}

/** The side that cannot be NULL for a missing partner, or both where neither is sure. */
function mergedColumn(
  node: ast.Join,
  pair: { readonly name: ast.Identifier; readonly left: Expr; readonly right: Expr; readonly type: Expr['type'] },
  analysis: Analysis,
): Assignment {
  const column = analysis.ids.column(pair.name.value, pair.type)
  if (node.type === 'full') return { column, value: { kind: 'coalesce', type: pair.type, args: [pair.left, pair.right] } }
  return { column, value: node.type === 'right' ? pair.right : pair.left }
}

function usingField(name: ast.Identifier, relation: Relation, side: 'left' | 'right'): Field {
  const scope: Scope = { fields: relation.fields, parent: undefined, named: new Map() }
  const found = resolve(scope, { parts: [lower(name.value)], text: spelling(name) }, name.at)
  if (found.kind === 'field') return found.field
  const known = relation.fields.flatMap((field) => (field.name === undefined || field.hidden ? [] : [field.name]))
  throw new QueryError('COLUMN_NOT_FOUND', `Column '${spelling(name)}' is missing from ${side} side of join`, {
    at: name.at,
    hint: suggestion(name.value, known),
  })
}
