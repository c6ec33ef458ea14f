/** Joins: ON, USING, lateral right sides and UNNEST. */
import { type Position, QueryError } from '#src/common/errors'
import { comparisonType } from '#src/functions/bind'
import { and, columnRef, comparison, isTrue, passThrough } from '#src/logical/build'
import { coerce } from '#src/logical/coerce'
import type { Column, Expr } from '#src/logical/expression'
import type { Assignment, Join, LogicalPlan } from '#src/logical/plan'
import { freeColumns, outputOf } from '#src/logical/plan-walk'
import type * as ast from '#src/sql/ast'
import type { Analysis, Relation } from './analysis.ts'
import { analyzeCondition } from './expression.ts'
import { scalarCallsOnly } from './policy.ts'
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
  return { plan: planJoin(node.type, left.plan, right.plan, condition, false), fields: scope.fields }
}

function joinCondition(node: ast.Expression, scope: Scope, analysis: Analysis): Expr {
  const calls = scalarCallsOnly('JOIN clause')
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

type LateralPart = ast.Unnest | ast.Lateral

function lateralPart(node: ast.Relation): LateralPart | undefined {
  if (node.kind === 'aliased') return lateralPart(node.relation)
  return node.kind === 'unnest' || node.kind === 'lateral' ? node : undefined
}

function analyzeLateral(node: ast.Join, part: LateralPart, left: Relation, outer: Scope, analysis: Analysis): Relation {
  const scope: Scope = { fields: left.fields, parent: outer, named: outer.named }
  const onTrue = requireOnTrue(node, part)
  if (part.kind === 'unnest') {
    const unnested = aliases(node.right, analyzeUnnest(part, left, scope, node.type === 'left', analysis))
    return { plan: unnested.plan, fields: [...left.fields, ...unnested.fields] }
  }
  const right = analyzeRelation(node.right, scope, analysis)
  const own = new Set(outputOf(left.plan).map(({ id }) => id))
  const correlated = [...freeColumns(right.plan)].some((id) => own.has(id))
  const fields = [...left.fields, ...right.fields]
  const condition = onTrue ?? joinOn(node, { fields, parent: outer, named: outer.named }, analysis)
  return { plan: planJoin(node.type, left.plan, right.plan, condition, correlated), fields }
}

function joinOn(node: ast.Join, scope: Scope, analysis: Analysis): Expr | undefined {
  return node.criteria?.kind === 'on' ? joinCondition(node.criteria.condition, scope, analysis) : undefined
}

/** As in Trino: only inner joins with LATERAL may have another condition than TRUE. Gives that TRUE, if it is written. */
function requireOnTrue(node: ast.Join, part: LateralPart): Expr | undefined {
  if (node.type === 'cross' || node.type === 'implicit') return undefined
  const what = part.kind === 'unnest' ? 'UNNEST' : 'LATERAL relation'
  const type = node.type.toUpperCase()
  const refuse = (at: Position, message: string): never => {
    throw new QueryError('NOT_SUPPORTED', message, { at })
  }
  if (node.type === 'right' || node.type === 'full') return refuse(node.at, `${type} JOIN involving ${what} is not supported`)
  const condition = node.criteria?.kind === 'on' ? node.criteria.condition : undefined
  if (condition?.kind === 'boolean-literal' && condition.value) {
    return { kind: 'literal', type: { kind: 'boolean' }, value: true }
  }
  if (node.type === 'inner' && part.kind === 'lateral' && condition) return undefined
  return refuse(condition?.at ?? node.at, `${type} JOIN involving ${what} is only supported with condition ON TRUE`)
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
