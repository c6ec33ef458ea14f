/** GROUP BY: keys, grouping sets, and the rewriting of expressions above the aggregation to its columns. */
import { type Position, QueryError, unreachable } from '#src/common/errors'
import { bindFunction } from '#src/functions/bind'
import { columnRef } from '#src/logical/build'
import { mapExprChildren, planOfExpr } from '#src/logical/expr-walk'
import type { Column, ColumnId, Expr } from '#src/logical/expression'
import type { Aggregate, Assignment, LogicalPlan } from '#src/logical/plan'
import { freeColumns, outputOf, referencedColumns } from '#src/logical/plan-walk'
import type * as ast from '#src/sql/ast'
import { isComparable } from '#src/types/coercion'
import { formatType } from '#src/types/format'
import type { Analysis, ExprContext } from './analysis.ts'
import type { Collector } from './collector.ts'
import { analyzeExpression } from './expression.ts'
import { expressionText } from './expression-text.ts'
import { ordinalOf } from './ordinals.ts'
import { scalarCallsOnly } from './policy.ts'
import { positionOf } from './positions.ts'
import { ownColumns, type Scope } from './scope.ts'

/** Trino's limit on the product of all elements. */
const MAX_GROUPING_SETS = 2048

export interface GroupBy {
  readonly keys: readonly GroupKey[]
  /** Indexes of keys, one list a grouping set. */
  readonly sets: readonly (readonly number[])[]
}
interface GroupKey {
  readonly value: Expr
  /** A plain column keeps its id; another expression gets a column of its own. */
  readonly column: Column
}

/** What a position in GROUP BY means: the select items, and the source of each. */
export type SelectedItem = { readonly value: Expr; readonly node: ast.Expression | undefined }

export function analyzeGroupBy(groupBy: ast.GroupBy | undefined, items: readonly SelectedItem[], context: ExprContext): GroupBy {
  if (!groupBy) return { keys: [], sets: [[]] }
  const keys: GroupKey[] = []
  const places = new Map<number, number>()
  const keyOf = (value: Expr, at: Position): number => {
    if (!isComparable(value.type)) {
      const message = `${formatType(value.type)} is not comparable, and therefore cannot be used in GROUP BY`
      throw new QueryError('TYPE_MISMATCH', message, { at })
    }
    const id = context.analysis.keys(value)
    const known = places.get(id)
    if (known !== undefined) return known
    const own = value.kind === 'column' ? context.scope.fields.find((field) => field.column.id === value.id) : undefined
    keys.push({ value, column: own?.column ?? context.analysis.ids.column(nameOf(value), value.type) })
    places.set(id, keys.length - 1)
    return keys.length - 1
  }
  const scalar = (node: ast.Expression): Expr => analyzeExpression(node, { ...context, calls: scalarCallsOnly('GROUP BY clause', node) })
  const single = (node: ast.Expression): number => {
    const ordinal = ordinalOf(node, items.length, 'GROUP BY')
    const item = ordinal === undefined ? undefined : items[ordinal]
    if (!item) return keyOf(scalar(node), positionOf(node))
    if (item.node) scalar(item.node)
    return keyOf(item.value, node.at)
  }
  const column = (node: ast.Expression): number => {
    const value = scalar(node)
    if (value.kind === 'column') return keyOf(value, node.at)
    const message = `GROUP BY expression must be a column reference: ${expressionText(node)}`
    throw new QueryError('INVALID_COLUMN_REFERENCE', message, { at: positionOf(node) })
  }
  const automatic: (readonly (readonly number[])[])[] = []
  if (groupBy.auto) {
    const { collector } = context
    const computed = new Set([...(collector?.aggregates ?? []), ...(collector?.windows ?? [])].map(({ column }) => column.id))
    const plain = items.filter(({ value }) => ![...referencedColumns(value)].some((id) => computed.has(id)))
    automatic.push([plain.map(({ value, node }) => keyOf(value, node ? positionOf(node) : groupBy.at))])
  }
  const sets = crossProduct(
    [...automatic, ...groupBy.elements.map((element) => setsOf(element, single, column))],
    groupBy.elements[0]?.at ?? groupBy.at,
  )
  return { keys, sets: groupBy.quantifier === 'distinct' ? distinctSets(sets) : sets }
}

function nameOf(value: Expr): string {
  if (value.kind === 'column') return value.name
  return value.kind === 'call' ? value.function.name : 'expr'
}

function setsOf(
  element: ast.GroupingElement,
  single: (node: ast.Expression) => number,
  column: (node: ast.Expression) => number,
): readonly (readonly number[])[] {
  switch (element.kind) {
    case 'simple':
      return [element.columns.map(single)]
    case 'sets':
      return element.sets.map((set) => set.map(column))
    case 'rollup': {
      const parts = element.sets.map((set) => set.map(column))
      return Array.from({ length: parts.length + 1 }, (_, index) => parts.slice(0, parts.length - index).flat())
    }
    case 'cube': {
      const parts = element.sets.map((set) => set.map(column))
      if (2 ** parts.length > MAX_GROUPING_SETS) throw tooManySets(2 ** parts.length, element.at)
      // Subsets from the full set down, in Trino's order: a set bit leaves the part out, the last part first.
      return Array.from({ length: 2 ** parts.length }, (_, mask) =>
        parts.filter((_part, index) => (mask & (1 << (parts.length - 1 - index))) === 0).flat(),
      )
    }
    default:
      return unreachable(element)
  }
}

const tooManySets = (count: number, at: Position): QueryError =>
  new QueryError('TOO_MANY_GROUPING_SETS', `GROUP BY has ${count} grouping sets but can contain at most ${MAX_GROUPING_SETS}`, { at })

function crossProduct(elements: readonly (readonly (readonly number[])[])[], at: Position): readonly (readonly number[])[] {
  const count = elements.reduce((product, sets) => product * sets.length, 1)
  if (count > MAX_GROUPING_SETS) throw tooManySets(count, at)
  let product: readonly (readonly number[])[] = [[]]
  for (const sets of elements) product = product.flatMap((left) => sets.map((right) => [...left, ...right]))
  return product.map((set) => [...new Set(set)])
}

function distinctSets(sets: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const seen = new Map(sets.map((set) => [set.toSorted((a, b) => a - b).join(','), set]))
  return [...seen.values()]
}

/** The Aggregate over `input`, with a Project below where keys are computed. */
export function planAggregate(input: LogicalPlan, groupBy: GroupBy, collector: Collector, context: ExprContext): LogicalPlan {
  const { keys, sets } = groupBy
  const computed = keys.filter(({ value, column }) => value.kind !== 'column' || value.id !== column.id)
  const places = new Map(keys.map(({ value }, index) => [context.analysis.keys(value), index]))
  const aggregate: Aggregate = {
    kind: 'aggregate',
    input: computed.length === 0 ? input : projectKeys(input, groupBy, collector),
    keys: keys.map(({ column }) => column),
    groupingSets: sets.map((set) => set.map((index) => (keys[index] as GroupKey).column.id)),
    aggregates: keys.length === 0 && collector.aggregates.length === 0 ? [rowCount(context)] : collector.aggregates,
    groupings: collector.groupings.map(({ column, of, at }) => ({
      column,
      of: of.map(({ value, node }) => {
        const place = places.get(context.analysis.keys(value))
        const key = place === undefined ? undefined : keys[place]
        // A field of a row is no column, though the rows may be grouped by it.
        if (key && value.kind === 'column') return key.column.id
        const message = `The arguments to GROUPING() must be expressions referenced by the GROUP BY at the associated query level. Mismatch due to ${expressionText(node)}.`
        throw new QueryError('INVALID_ARGUMENTS', message, { at })
      }),
    })),
  }
  return aggregate
}

/** Without keys and aggregates a node would read as DISTINCT of no columns, which has no row where the input has none; a group has one. */
function rowCount(context: ExprContext): Aggregate['aggregates'][number] {
  const bound = bindFunction('count', [])
  if (bound.kind === 'scalar') throw new QueryError('GENERIC_INTERNAL_ERROR', 'count is not an aggregate')
  const call = { function: bound, args: [], distinct: false, filter: undefined, orderBy: [] }
  return { column: context.analysis.ids.column('count', bound.type), call }
}

/** Hands on what keys and aggregates need of the input, and computes the keys. */
function projectKeys(input: LogicalPlan, { keys }: GroupBy, collector: Collector): LogicalPlan {
  const needed = new Set<ColumnId>()
  for (const { value, column } of keys) if (value.kind === 'column' && value.id === column.id) needed.add(column.id)
  for (const { call } of collector.aggregates) {
    const parts = [...call.args, ...(call.filter ? [call.filter] : []), ...call.orderBy.map((key) => key.value)]
    for (const part of parts) for (const id of referencedColumns(part)) needed.add(id)
  }
  const assignments: Assignment[] = []
  for (const column of outputOf(input)) if (needed.has(column.id)) assignments.push({ column, value: columnRef(column) })
  for (const { value, column } of keys) if (!needed.has(column.id)) assignments.push({ column, value })
  return { kind: 'project', input, assignments }
}

/** Rewrites an expression over the source to one over the aggregation's output; throws what `ungrouped` gives where it cannot. */
export type Regroup = (expr: Expr, ungrouped: () => QueryError) => Expr

export function createRegroup(groupBy: GroupBy, scope: Scope, analysis: Analysis): Regroup {
  const keysOf = analysis.keys
  const byKey = new Map(groupBy.keys.map(({ value, column }) => [keysOf(value), column]))
  const source = ownColumns(scope)
  const grouped = new Set(groupBy.keys.map(({ column }) => column.id))
  const usedBySubquery = (id: ColumnId): QueryError | undefined => {
    const node = analysis.outerReferences.get(id)
    if (!node) return undefined
    const message = `Subquery uses '${expressionText(node)}' which must appear in GROUP BY clause`
    return new QueryError('EXPRESSION_NOT_AGGREGATE', message, { at: node.at })
  }
  return (expr, ungrouped) => {
    const rewrite = (node: Expr): Expr => {
      const key = byKey.get(keysOf(node))
      if (key) return columnRef(key)
      if (node.kind === 'column' && source.has(node.id)) throw ungrouped()
      const subplan = planOfExpr(node)
      if (subplan) for (const id of freeColumns(subplan)) if (source.has(id) && !grouped.has(id)) throw usedBySubquery(id) ?? ungrouped()
      return mapExprChildren(node, rewrite)
    }
    return rewrite(expr)
  }
}

/** EXPRESSION_NOT_AGGREGATE for an expression as written; `what` stands before it, as `PARTITION BY expression `. */
export function notGrouped(node: ast.Expression, what = ''): QueryError {
  const message = `${what}'${expressionText(node)}' must be an aggregate expression or appear in GROUP BY clause`
  return new QueryError('EXPRESSION_NOT_AGGREGATE', message, { at: positionOf(node) })
}
