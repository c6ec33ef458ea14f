/** Bodies of queries that are no single SELECT: UNION, INTERSECT, EXCEPT, VALUES, TABLE, parentheses. */
import { QueryError, unreachable } from '#src/common/errors'
import { columnRef, passThrough } from '#src/logical/build'
import { coerce } from '#src/logical/coerce'
import type { Column, Expr } from '#src/logical/expression'
import type { LogicalPlan } from '#src/logical/plan'
import { outputOf } from '#src/logical/plan-walk'
import type * as ast from '#src/sql/ast'
import { commonSuperType, isComparable } from '#src/types/coercion'
import { formatType, sameType } from '#src/types/format'
import { row, type Type } from '#src/types/type'
import type { Analysis, ExprContext, Relation } from './analysis.ts'
import { analyzeExpression } from './expression.ts'
import { scalarCallsOnly } from './policy.ts'
import { type Field, lower, type Scope, visibleFields } from './scope.ts'
import { analyzeTable } from './tables.ts'

/** A body without the query's own WITH, ORDER BY and limits. */
export function analyzeBody(body: ast.QueryBody, outer: Scope, analysis: Analysis): Relation {
  switch (body.kind) {
    case 'select':
      return analysis.subquery(bareQuery(body), outer)
    case 'subquery-body':
      return analysis.subquery(body.query, outer)
    case 'table':
      return analyzeTable(body.name, outer, analysis, body.at)
    case 'values':
      return analyzeValues(body, outer, analysis)
    case 'set-operation':
      return analyzeSetOperation(body, outer, analysis)
    default:
      return unreachable(body)
  }
}

const bareQuery = (body: ast.QueryBody): ast.Query => ({
  kind: 'query',
  functions: [],
  with: undefined,
  body,
  orderBy: [],
  offset: undefined,
  limit: undefined,
  at: body.at,
})

// ---------------------------------------------------------------- UNION, INTERSECT, EXCEPT

/** Inputs of one set operation that have the same types. */
interface Accumulated {
  readonly relations: Relation[]
  types: readonly Type[]
}

/** A chain of the same operation leans to the left and is walked in a loop; UNIONs whose types agree become one node. */
function analyzeSetOperation(node: ast.SetOperation, outer: Scope, analysis: Analysis): Relation {
  const chain: ast.SetOperation[] = []
  let first: ast.QueryBody = node
  while (first.kind === 'set-operation') {
    chain.push(first)
    first = first.left
  }
  let left = analyzeBody(first, outer, analysis)
  let pending: (Accumulated & { readonly node: ast.SetOperation }) | undefined
  const finish = (): void => {
    if (!pending) return
    left = planSetOperation(pending.node, pending.relations, pending.types, analysis)
    pending = undefined
  }
  for (const link of chain.reverse()) {
    let right = analyzeBody(link.right, outer, analysis)
    if (link.corresponding) {
      finish()
      ;[left, right] = correspondingFields(link, left, right)
    }
    const before: readonly Type[] = pending?.types ?? typesOf(left)
    const types = commonTypes(link, before, typesOf(right))
    const joins = pending && link.operator === 'union' && pending.node.operator === 'union' && pending.node.all === link.all
    if (pending && joins && types.every((type, index) => sameType(type, before[index] as Type))) {
      pending.relations.push(right)
      continue
    }
    finish()
    pending = { node: link, relations: [left, right], types }
  }
  finish()
  return left
}

/** CORRESPONDING: the columns whose names both sides have, in the left side's order. */
function correspondingFields(node: ast.SetOperation, left: Relation, right: Relation): readonly [Relation, Relation] {
  const at = node.operatorAt
  if (node.corresponding !== 'all') {
    throw new QueryError('NOT_SUPPORTED', 'CORRESPONDING with columns is unsupported', { at })
  }
  const [ofLeft, ofRight] = [fieldsByName(left, at), fieldsByName(right, at)]
  const names = [...ofLeft.keys()].filter((name) => ofRight.has(name))
  if (names.length === 0) throw new QueryError('MISMATCHED_COLUMN_ALIASES', 'No corresponding columns', { at })
  const only = (fields: ReadonlyMap<string, Field>): Field[] => names.map((name) => fields.get(name) as Field)
  return [
    { plan: left.plan, fields: only(ofLeft) },
    { plan: right.plan, fields: only(ofRight) },
  ]
}

function fieldsByName(relation: Relation, at: ast.SetOperation['operatorAt']): ReadonlyMap<string, Field> {
  const fields = new Map<string, Field>()
  for (const field of visibleFields(relation.fields)) {
    if (field.name === undefined) {
      throw new QueryError('MISSING_COLUMN_NAME', 'Anonymous columns are not allowed in set operations with CORRESPONDING', { at })
    }
    const name = lower(field.name)
    if (fields.has(name)) {
      throw new QueryError('AMBIGUOUS_NAME', `Duplicate columns found when using CORRESPONDING in set operations: ${name}`, { at })
    }
    fields.set(name, field)
  }
  return fields
}

const typesOf = (relation: Relation): readonly Type[] => visibleFields(relation.fields).map((field) => field.column.type)

function commonTypes(node: ast.SetOperation, left: readonly Type[], right: readonly Type[]): readonly Type[] {
  const operator = node.operator.toUpperCase()
  if (left.length !== right.length) {
    const message = `${operator} query has different number of fields: ${left.length}, ${right.length}`
    throw new QueryError('TYPE_MISMATCH', message, { at: node.operatorAt })
  }
  return left.map((type, index) => {
    const other = right[index] as Type
    const common = commonSuperType(type, other)
    if (!common) {
      const message = `column ${index + 1} in ${operator} query has incompatible types: ${formatType(type)}, ${formatType(other)}`
      throw new QueryError('TYPE_MISMATCH', message, { at: node.operatorAt })
    }
    if (!(node.operator === 'union' && node.all) && !isComparable(common)) {
      const message = `Type ${formatType(common)} is not comparable and therefore cannot be used in ${operator}${node.all ? ' ALL' : ''}`
      throw new QueryError('TYPE_MISMATCH', message, { at: node.operatorAt })
    }
    return common
  })
}

function planSetOperation(node: ast.SetOperation, relations: readonly Relation[], types: readonly Type[], analysis: Analysis): Relation {
  const [first] = relations
  const names = first ? visibleFields(first.fields) : []
  const columns = types.map((type, index) => analysis.ids.column(names[index]?.column.name ?? 'field', type))
  const inputs = relations.map((relation) => projectFields(relation, columns, analysis))
  const fields: Field[] = columns.map((column, index) => ({ name: names[index]?.name, relation: undefined, column, hidden: false }))
  return { plan: { kind: 'set-operation', operator: node.operator, all: node.all, columns, inputs }, fields }
}

/** The plan whose columns are exactly the visible fields in order, each once, with the types of `wanted`. */
export function projectFields(relation: Relation, wanted: readonly Column[], analysis: Analysis): LogicalPlan {
  const fields = visibleFields(relation.fields)
  const taken = new Set<number>()
  const assignments = fields.map(({ column }, index) => {
    const type = wanted[index]?.type ?? column.type
    const value = coerce(columnRef(column), type)
    if (value.kind === 'column' && !taken.has(column.id)) {
      taken.add(column.id)
      return passThrough(column)
    }
    return { column: analysis.ids.column(column.name, type), value }
  })
  const columns = outputOf(relation.plan)
  const same = columns.length === assignments.length && assignments.every(({ column }, index) => column.id === columns[index]?.id)
  return same ? relation.plan : { kind: 'project', input: relation.plan, assignments }
}

// ---------------------------------------------------------------- VALUES

function analyzeValues(node: ast.Values, outer: Scope, analysis: Analysis): Relation {
  const scope: Scope = { fields: [], parent: outer, named: outer.named }
  const context = { analysis, scope, lambda: undefined, collector: undefined }
  const rows = node.rows.map((item) => valuesRow(item, { ...context, calls: scalarCallsOnly('VALUES', item) }))
  const [first = []] = rows
  let types: Type[] = first.map((value) => value.type)
  const { at } = node
  for (const values of rows) {
    if (values.length !== first.length) {
      throw new QueryError('TYPE_MISMATCH', `Values rows have mismatched sizes: ${first.length} vs ${values.length}`, { at })
    }
    types = values.map((value, place) => {
      const before = types[place] as Type
      const common = sameType(before, value.type) ? before : commonSuperType(before, value.type)
      if (common) return common
      const message = `Values rows have mismatched types: ${formatRow(types)} vs ${formatRow(values.map((other) => other.type))}`
      throw new QueryError('TYPE_MISMATCH', message, { at })
    })
  }
  const columns = types.map((type, index) => analysis.ids.column(`field${index + 1}`, type))
  const fields: Field[] = columns.map((column) => ({ name: undefined, relation: undefined, column, hidden: false }))
  const plan: LogicalPlan = {
    kind: 'values',
    columns,
    rows: rows.map((values) => values.map((value, place) => coerce(value, types[place] as Type))),
  }
  return { plan, fields }
}

const formatRow = (types: readonly Type[]): string => formatType(row(types.map((type) => ({ name: undefined, type }))))

/** `(a, b)` is a row of two; an expression of row type is a row of its fields; anything else a row of one. */
function valuesRow(node: ast.Expression, context: ExprContext): readonly Expr[] {
  if (node.kind === 'row') return node.fields.map((field) => analyzeExpression(field.value, context))
  const value = analyzeExpression(node, context)
  if (value.type.kind !== 'row') return [value]
  return value.type.fields.map((field, index) => ({ kind: 'field', type: field.type, base: value, index }))
}
