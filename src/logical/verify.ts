/**
 * Checks what every plan promises (logical/plan.ts, logical/expression.ts): ids are produced once, every column that a
 * node names reaches it with the type that it names, and operands have the types that their node demands. Run by tests
 * after the analyzer and after each optimizer rule.
 */
import { QueryError, unreachable } from '#src/common/errors'
import { formatType, sameType } from '#src/types/format'
import { BOOLEAN, type Type } from '#src/types/type'
import { exprChildren, planOfExpr } from './expr-walk.ts'
import type { Column, ColumnId, Expr } from './expression.ts'
import type { LogicalPlan, QueryPlan } from './plan.ts'
import { children, expressionsOf, outputOf, producedBy } from './plan-walk.ts'

type Visible = ReadonlyMap<ColumnId, Column>

interface State {
  readonly produced: Set<ColumnId>
  /** Output of the named queries that are in scope, by cteId. */
  readonly ctes: Map<number, readonly Column[]>
}

/** Throws GENERIC_INTERNAL_ERROR naming the node and what is wrong with it. */
export function verifyPlan(plan: QueryPlan | LogicalPlan): void {
  const root = 'kind' in plan ? plan : plan.root
  verifyNode(root, new Map(), { produced: new Set(), ctes: new Map() })
  if ('kind' in plan) return
  const available = visible(outputOf(root))
  for (const { column } of plan.output) requireColumn(available, column.id, column.type, root)
}

const visible = (columns: readonly Column[], base: Visible = new Map()): Visible => {
  const all = new Map(base)
  for (const column of columns) all.set(column.id, column)
  return all
}

function fail(plan: LogicalPlan, problem: string): never {
  throw new QueryError('GENERIC_INTERNAL_ERROR', `Invalid plan: ${plan.kind}: ${problem}`)
}

function requireColumn(available: Visible, id: ColumnId, type: Type, plan: LogicalPlan): void {
  const column = available.get(id)
  if (!column) fail(plan, `column ${id} is not available`)
  if (!sameType(column.type, type)) fail(plan, `column ${column.name} is ${formatType(column.type)}, named as ${formatType(type)}`)
}

function requireType(actual: Type, wanted: Type, plan: LogicalPlan, what: string): void {
  if (!sameType(actual, wanted)) fail(plan, `${what} is ${formatType(actual)} instead of ${formatType(wanted)}`)
}

function verifyNode(plan: LogicalPlan, outer: Visible, state: State): void {
  if (plan.kind === 'with') {
    verifyNode(plan.query, outer, state)
    state.ctes.set(plan.cteId, outputOf(plan.query))
    verifyNode(plan.body, outer, state)
    return
  }
  if (plan.kind === 'recursive-cte') {
    verifyNode(plan.base, outer, state)
    state.ctes.set(plan.cteId, plan.columns)
    verifyNode(plan.recursive, outer, state)
    matchTypes(plan, outputOf(plan.base), plan.columns, 'base')
    matchTypes(plan, outputOf(plan.recursive), plan.columns, 'recursive')
  } else if (plan.kind === 'join') {
    verifyNode(plan.left, outer, state)
    verifyNode(plan.right, plan.lateral ? visible(outputOf(plan.left), outer) : outer, state)
  } else {
    for (const child of children(plan)) verifyNode(child, outer, state)
  }
  for (const column of producedBy(plan)) {
    if (state.produced.has(column.id)) fail(plan, `column ${column.name} (${column.id}) is produced twice`)
    state.produced.add(column.id)
  }
  let inside = outer
  for (const child of children(plan)) inside = visible(outputOf(child), inside)
  if (plan.kind === 'scan') inside = visible(outputOf(plan), inside)
  verifyShape(plan, inside, state)
  for (const expr of expressionsOf(plan)) verifyExpr(expr, inside, plan, state)
}

function matchTypes(plan: LogicalPlan, columns: readonly Column[], wanted: readonly Column[], what: string): void {
  if (columns.length !== wanted.length) fail(plan, `${what} has ${columns.length} columns instead of ${wanted.length}`)
  for (const [index, column] of columns.entries())
    requireType(column.type, (wanted[index] as Column).type, plan, `${what}'s ${column.name}`)
}

function verifyShape(plan: LogicalPlan, inside: Visible, state: State): void {
  switch (plan.kind) {
    case 'values':
      for (const row of plan.rows) {
        if (row.length !== plan.columns.length) fail(plan, 'a row has another number of columns')
        for (const [index, value] of row.entries()) requireType(value.type, (plan.columns[index] as Column).type, plan, 'value')
      }
      return
    case 'filter':
      requireType(plan.predicate.type, BOOLEAN, plan, 'predicate')
      return
    case 'project':
      for (const { column, value } of plan.assignments) requireType(value.type, column.type, plan, column.name)
      return
    case 'aggregate': {
      for (const key of plan.keys) requireColumn(inside, key.id, key.type, plan)
      const keys = new Set(plan.keys.map((key) => key.id))
      for (const set of [...plan.groupingSets, ...plan.groupings.map((entry) => entry.of)]) {
        for (const id of set) if (!keys.has(id)) fail(plan, `grouping set names ${id}, which is no key`)
      }
      for (const { column, call } of plan.aggregates) verifyCall(plan, column, call.function.argumentTypes, call)
      return
    }
    case 'window':
      for (const { column, call } of plan.calls) verifyCall(plan, column, call.function.argumentTypes, call)
      return
    case 'join':
      if (plan.condition) requireType(plan.condition.type, BOOLEAN, plan, 'condition')
      return
    case 'set-operation':
      for (const input of plan.inputs) matchTypes(plan, outputOf(input), plan.columns, 'input')
      return
    case 'limit':
      if (plan.withTies && plan.input.kind !== 'sort') fail(plan, 'WITH TIES without a sort below')
      return
    case 'unnest':
      for (const { value, columns } of plan.items) {
        const types = unnestedTypes(value.type)
        if (types.length !== columns.length) fail(plan, `${formatType(value.type)} gives ${types.length} columns, not ${columns.length}`)
        for (const [index, type] of types.entries()) requireType((columns[index] as Column).type, type, plan, 'element')
      }
      return
    case 'cte-ref': {
      const source = state.ctes.get(plan.cteId)
      if (!source) fail(plan, `no named query ${plan.cteId} in scope`)
      const available = visible(source)
      if (plan.source.length !== plan.columns.length) fail(plan, 'source and columns differ in number')
      for (const [index, id] of plan.source.entries()) requireColumn(available, id, (plan.columns[index] as Column).type, plan)
      return
    }
    case 'scan':
    case 'system-scan':
    case 'sort':
    case 'sample':
    case 'with':
    case 'recursive-cte':
      return
    default:
      unreachable(plan)
  }
}

/** The types of the columns that UNNEST makes of a value: a map gives two, an array of rows one a field. Empty for other types. */
export function unnestedTypes(type: Type): readonly Type[] {
  if (type.kind === 'map') return [type.key, type.value]
  if (type.kind !== 'array') return []
  return type.element.kind === 'row' ? type.element.fields.map((field) => field.type) : [type.element]
}

function verifyCall(
  plan: LogicalPlan,
  column: Column,
  argumentTypes: readonly Type[],
  call: { readonly args: readonly Expr[]; readonly filter: Expr | undefined; readonly function: { readonly type: Type } },
): void {
  requireType(call.function.type, column.type, plan, column.name)
  matchArguments(plan, column.name, call.args, argumentTypes)
  if (call.filter) requireType(call.filter.type, BOOLEAN, plan, 'FILTER')
}

function matchArguments(plan: LogicalPlan, name: string, args: readonly Expr[], types: readonly Type[]): void {
  if (args.length !== types.length) fail(plan, `${name} has ${args.length} arguments instead of ${types.length}`)
  for (const [index, arg] of args.entries()) requireType(arg.type, types[index] as Type, plan, `argument ${index + 1} of ${name}`)
}

function verifyExpr(expr: Expr, inside: Visible, plan: LogicalPlan, state: State, lambdas: ReadonlyMap<ColumnId, Type> = new Map()): void {
  const subplan = planOfExpr(expr)
  if (subplan) verifyNode(subplan, inside, state)
  let below = lambdas
  if (expr.kind === 'lambda') {
    const extended = new Map(lambdas)
    for (const parameter of expr.parameters) extended.set(parameter.id, parameter.type)
    below = extended
  }
  for (const child of exprChildren(expr)) verifyExpr(child, inside, plan, state, below)
  verifyTypes(expr, inside, plan, lambdas)
}

function verifyTypes(expr: Expr, inside: Visible, plan: LogicalPlan, lambdas: ReadonlyMap<ColumnId, Type>): void {
  switch (expr.kind) {
    case 'column':
      requireColumn(inside, expr.id, expr.type, plan)
      return
    case 'lambda-ref': {
      const type = lambdas.get(expr.id)
      if (!type) fail(plan, `lambda parameter ${expr.name} is not bound`)
      requireType(expr.type, type, plan, expr.name)
      return
    }
    case 'call':
      requireType(expr.type, expr.function.type, plan, expr.function.name)
      matchArguments(plan, expr.function.name, expr.args, expr.function.argumentTypes)
      return
    case 'comparison':
    case 'distinct-from':
      requireType(expr.right.type, expr.left.type, plan, `right side of ${expr.kind}`)
      return
    case 'between':
      requireType(expr.low.type, expr.value.type, plan, 'low bound')
      requireType(expr.high.type, expr.value.type, plan, 'high bound')
      return
    case 'in-list':
      for (const item of expr.items) requireType(item.type, expr.value.type, plan, 'IN item')
      return
    case 'logical':
      if (expr.terms.length < 2) fail(plan, `${expr.operator} of ${expr.terms.length} terms`)
      for (const term of expr.terms) requireType(term.type, BOOLEAN, plan, `term of ${expr.operator}`)
      return
    case 'not':
      requireType(expr.value.type, BOOLEAN, plan, 'operand of NOT')
      return
    case 'case':
      for (const { when, then } of expr.whens) {
        requireType(when.type, expr.operand?.type ?? BOOLEAN, plan, 'WHEN')
        requireType(then.type, expr.type, plan, 'THEN')
      }
      requireType(expr.otherwise.type, expr.type, plan, 'ELSE')
      return
    case 'coalesce':
      for (const arg of expr.args) requireType(arg.type, expr.type, plan, 'argument of COALESCE')
      return
    case 'nullif':
      requireType(expr.type, expr.left.type, plan, 'NULLIF')
      return
    case 'try':
      requireType(expr.type, expr.value.type, plan, 'TRY')
      return
    case 'array':
      for (const item of expr.items) requireType(item.type, expr.type.kind === 'array' ? expr.type.element : expr.type, plan, 'array item')
      return
    case 'row': {
      const { type } = expr
      if (type.kind !== 'row') fail(plan, 'a row expression of another type')
      const types = type.fields.map((field) => field.type)
      matchArguments(plan, 'row', expr.fields, types)
      return
    }
    case 'field': {
      const field = expr.base.type.kind === 'row' ? expr.base.type.fields[expr.index] : undefined
      if (!field) fail(plan, `no field ${expr.index} in ${formatType(expr.base.type)}`)
      requireType(expr.type, field.type, plan, 'field')
      return
    }
    case 'scalar-subquery':
      verifySubquery(expr.plan, expr.type, plan)
      return
    case 'in-subquery':
    case 'quantified':
      verifySubquery(expr.plan, expr.value.type, plan)
      return
    case 'literal':
    case 'cast':
    case 'like':
    case 'is-null':
    case 'lambda':
    case 'exists':
      return
    default:
      unreachable(expr)
  }
}

function verifySubquery(subplan: LogicalPlan, type: Type, plan: LogicalPlan): void {
  const [column, ...others] = outputOf(subplan)
  if (!column || others.length > 0) fail(plan, 'a subquery of not exactly one column')
  requireType(column.type, type, plan, 'subquery')
}
