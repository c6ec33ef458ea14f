/**
 * One SELECT with its ORDER BY and limits. The clauses are analyzed in Trino's order, so that of several errors the same
 * one is told, and planned in the order in which they work:
 *
 *   FROM → WHERE → GROUP BY → HAVING → windows → select list → DISTINCT → ORDER BY → OFFSET/LIMIT
 *
 * Expressions are first typed over FROM's columns, with references standing in for aggregates and window calls; in a
 * grouped query they are then rewritten to the aggregation's output.
 */
import { QueryError } from '#src/common/errors'
import { columnRef, isTrue } from '#src/logical/build'
import { isDeterministic } from '#src/logical/expr-properties'
import { mapExpr } from '#src/logical/expr-walk'
import type { Column, ColumnId, Expr } from '#src/logical/expression'
import type { Assignment, LogicalPlan, SortKey } from '#src/logical/plan'
import { outputOf, referencedColumns } from '#src/logical/plan-walk'
import type * as ast from '#src/sql/ast'
import { isComparable } from '#src/types/coercion'
import { formatType } from '#src/types/format'
import type { Analysis, ExprContext, Relation } from './analysis.ts'
import { type CollectedWindow, type Collector, createCollector } from './collector.ts'
import { analyzeCondition, analyzeExpression } from './expression.ts'
import { expressionText } from './expression-text.ts'
import { analyzeGroupBy, createRegroup, notGrouped, planAggregate, type Regroup } from './group-by.ts'
import { analyzeLimits, planLimits } from './limits.ts'
import { ordinalOf } from './ordinals.ts'
import { ALL_CALLS, insideWindow, scalarCallsOnly } from './policy.ts'
import { positionOf } from './positions.ts'
import { analyzeRelation, oneRow } from './relation.ts'
import { type Field, ownColumns, type Scope } from './scope.ts'
import { analyzeSelectItems, type OutputItem } from './select-items.ts'
import { orderKey } from './sort-keys.ts'
import { analyzeSpecification, defineWindows, specificationKey } from './windows.ts'

/** `outer` holds the named queries that are in force and the enclosing query's columns. */
export function analyzeSelect(select: ast.Select, query: ast.Query, outer: Scope, analysis: Analysis, topLevel: boolean): Relation {
  const from = select.from ? analyzeRelation(select.from, outer, analysis) : { plan: oneRow(), fields: [] }
  const scope: Scope = { fields: from.fields, parent: outer, named: outer.named }
  const collector = createCollector(select.at, select.groupBy !== undefined)
  const context: ExprContext = { analysis, scope, lambda: undefined, calls: ALL_CALLS, collector }
  defineWindows(select.windows, collector)

  let plan = from.plan
  if (select.where) {
    const calls = scalarCallsOnly('WHERE clause', select.where)
    const predicate = analyzeCondition(select.where, { ...context, calls }, 'WHERE clause')
    if (!isTrue(predicate)) plan = { kind: 'filter', input: plan, predicate }
  }
  const items = analyzeSelectItems(select, context)
  // Windows that no call uses are checked as well.
  for (const window of collector.namedWindows.values()) analyzeSpecification(window, { ...context, calls: insideWindow('specification') })
  if (select.distinct) for (const item of items) checkDistinct(item, select)
  const groupBy = analyzeGroupBy(select.groupBy, items, context)
  const having = select.having && analyzeHaving(select.having, context)
  const output = outputColumns(items, context)
  const order = analyzeOrderBy(query, items, output, context)
  const limits = analyzeLimits(query, analysis.context)

  const grouped =
    select.groupBy !== undefined || select.having !== undefined || collector.aggregates.length > 0 || collector.groupings.length > 0
  if (collector.groupings.length > 0 && !select.groupBy) {
    const message = 'A GROUPING() operation can only be used with a corresponding GROUPING SET/CUBE/ROLLUP/GROUP BY clause'
    throw new QueryError('MISSING_GROUP_BY', message, { at: select.at })
  }
  const regroup = grouped ? createRegroup(groupBy, scope, analysis) : undefined
  const values = items.map((item) => regroupItem(item, regroup))
  const [refused] = collector.refused
  if (refused) {
    const message = 'Invalid reference to output projection attribute from ORDER BY aggregation'
    throw new QueryError('COLUMN_NOT_FOUND', message, { at: refused.at })
  }
  const { having: havingNode } = select
  const havingPredicate = having && havingNode && regroup ? regroup(having, () => notGrouped(havingNode)) : having
  if (regroup) for (const window of collector.namedWindows.values()) requireGrouped(window, regroup, context)
  const sortKeys = dedupeKeys(
    order.map(({ key, node }) => (regroup ? { ...key, value: regroup(key.value, () => notGrouped(node)) } : key)),
    analysis,
  )
  if (grouped) plan = planAggregate(plan, groupBy, collector, context)
  if (havingPredicate && !isTrue(havingPredicate)) plan = { kind: 'filter', input: plan, predicate: havingPredicate }
  plan = planWindows(plan, collector, regroup, analysis)

  const fields = output.map((column, index) => ({ name: items[index]?.name, relation: undefined, column, hidden: false }))
  // Without a limit the order of a subquery's rows means nothing.
  const kept = topLevel || limits.count !== undefined || limits.offset > 0 ? sortKeys : []
  if (select.distinct) {
    if (order.some(({ overOutput }) => overOutput)) throw notSelected(select)
    requireSelected(sortKeys, output, select)
    plan = { kind: 'project', input: plan, assignments: assign(output, values) }
    plan = { kind: 'aggregate', input: plan, keys: output, groupingSets: [output.map(({ id }) => id)], aggregates: [], groupings: [] }
    return { plan: planLimits(planSort(plan, kept), limits), fields }
  }
  const extra = extraColumns(kept, output, plan)
  plan = projectTo(plan, [...assign(output, values), ...assign(extra, extra.map(columnRef))])
  plan = planLimits(planSort(plan, kept), limits)
  if (extra.length > 0) plan = { kind: 'project', input: plan, assignments: assign(output, output.map(columnRef)) }
  return { plan, fields }
}

/** What a window of the WINDOW clause names must be grouped, whether a call uses the window or not. */
function requireGrouped(window: ast.WindowSpecification, regroup: Regroup, context: ExprContext): void {
  const bounds = [window.frame?.start.value, window.frame?.end?.value].filter((node) => node !== undefined)
  for (const node of [...window.partitionBy, ...window.orderBy.map(({ value }) => value), ...bounds]) {
    const value = analyzeExpression(node, { ...context, calls: insideWindow('specification') })
    regroup(value, () => notGrouped(node))
  }
}

function analyzeHaving(node: ast.Expression, context: ExprContext): Expr {
  const refuseWindow = (call: ast.Expression): QueryError =>
    new QueryError('NESTED_WINDOW', 'HAVING clause cannot contain window functions or row pattern measures', { at: call.at })
  return analyzeCondition(node, { ...context, calls: { ...ALL_CALLS, refuseWindow } }, 'HAVING clause')
}

function checkDistinct({ value, node }: OutputItem, select: ast.Select): void {
  if (isComparable(value.type)) return
  const expression = node ? `: ${expressionText(node)}` : ''
  const message = `DISTINCT can only be applied to comparable types (actual: ${formatType(value.type)})${expression}`
  throw new QueryError('TYPE_MISMATCH', message, { at: select.at })
}

function regroupItem({ value, node, star }: OutputItem, regroup: Regroup | undefined): Expr {
  if (!regroup) return value
  return regroup(value, () =>
    node ? notGrouped(node) : new QueryError('EXPRESSION_NOT_AGGREGATE', `Column ${star} not in GROUP BY clause`),
  )
}

/** A column of this query that is selected as it is keeps its id, once; everything else gets a column of its own. */
function outputColumns(items: readonly OutputItem[], { scope, collector, analysis }: ExprContext): readonly Column[] {
  const available = ownColumns(scope)
  for (const { column } of collected(collector)) available.add(column.id)
  return items.map(({ value, name }) => {
    if (value.kind === 'column' && available.delete(value.id)) return { id: value.id, name: value.name, type: value.type }
    return analysis.ids.column(name ?? nameOf(value), value.type)
  })
}

const collected = (collector: Collector | undefined): readonly { readonly column: Column }[] =>
  collector ? [...collector.aggregates, ...collector.windows, ...collector.groupings] : []

function nameOf(value: Expr): string {
  if (value.kind === 'column') return value.name
  return value.kind === 'call' ? value.function.name : 'expr'
}

interface OrderItem {
  readonly key: SortKey
  readonly node: ast.Expression
  /** An expression in which an output column is named. */
  readonly overOutput: boolean
}

/** ORDER BY sees the output's names first, then FROM's. */
function analyzeOrderBy(
  query: ast.Query,
  items: readonly OutputItem[],
  output: readonly Column[],
  context: ExprContext,
): readonly OrderItem[] {
  if (query.orderBy.length === 0) return []
  const fields: readonly Field[] = output.map((column, index) => ({ name: items[index]?.name, relation: undefined, column, hidden: false }))
  const scope: Scope = { fields, parent: context.scope, named: context.scope.named }
  const { collector, analysis } = context
  const windowsBefore = collector?.windows.length ?? 0
  const order = query.orderBy.map((item) => {
    const ordinal = ordinalOf(item.value, output.length, 'ORDER BY')
    const column = ordinal === undefined ? undefined : output[ordinal]
    const outputReferences = new Map<ColumnId, ast.Expression>()
    const inOutput = { ...context, analysis: { ...analysis, outputReferences }, scope, outputScope: true }
    const value = column ? columnRef(column) : analyzeExpression(item.value, inOutput)
    for (const [id, node] of outputReferences) analysis.outputReferences.set(id, node)
    const overOutput = outputReferences.size > 0 && value.kind !== 'column'
    return { key: orderKey(value, item, collector?.at ?? item.at), node: item.value, overOutput }
  })
  const source = ownColumns(context.scope)
  for (const { column } of collected(collector)) source.add(column.id)
  const onlyOutput = new Set(output.map(({ id }) => id).filter((id) => !source.has(id)))
  const windows = collector?.windows.slice(windowsBefore) ?? []
  windows.forEach((window, index) => {
    if (mentioned(windowParts(window), onlyOutput) === undefined) return
    const values = new Map(output.map(({ id }, place) => [id, (items[place] as OutputItem).value]))
    collector?.windows.splice(windowsBefore + index, 1, overValues(window, values))
  })
  return sharedWithItems(order, items, output, analysis)
}

/** A key that is the text of a select item is that item's column. */
function sharedWithItems(
  order: readonly OrderItem[],
  items: readonly OutputItem[],
  output: readonly Column[],
  analysis: Analysis,
): readonly OrderItem[] {
  const places = new Map(items.map((item, index) => [analysis.keys(item.value), index]))
  return order.map((entry) => {
    const place = isDeterministic(entry.key.value) ? places.get(analysis.keys(entry.key.value)) : undefined
    const column = place === undefined ? undefined : output[place]
    return column ? { ...entry, key: { ...entry.key, value: columnRef(column) } } : entry
  })
}

/** One of `ids` that the expressions use. */
function mentioned(parts: readonly Expr[], ids: ReadonlySet<ColumnId>): ColumnId | undefined {
  if (ids.size === 0) return undefined
  return parts.flatMap((part) => [...referencedColumns(part)]).find((id) => ids.has(id))
}

/** A window call of ORDER BY over what the select list computes: windows are planned below the select list. */
function overValues(window: CollectedWindow, values: ReadonlyMap<ColumnId, Expr>): CollectedWindow {
  const inPlace = (expr: Expr): Expr =>
    mapExpr(expr, (part) => {
      const value = part.kind === 'column' ? values.get(part.id) : undefined
      if (value === undefined || isDeterministic(value)) return value ?? part
      const message = 'Window functions over random output columns in ORDER BY are not supported'
      throw new QueryError('NOT_SUPPORTED', message, { at: window.call.at })
    })
  return mapWindow(window, { value: inPlace, partition: inPlace, order: inPlace, start: inPlace, end: inPlace })
}

function windowParts({ call, partitionBy, orderBy, frame }: CollectedWindow): readonly Expr[] {
  const bounds = [frame?.start.value, frame?.end.value].filter((value) => value !== undefined)
  return [...call.args, ...(call.filter ? [call.filter] : []), ...partitionBy, ...orderBy.map((key) => key.value), ...bounds]
}

/** Keys that repeat an earlier one change nothing. */
function dedupeKeys(keys: readonly SortKey[], analysis: Analysis): readonly SortKey[] {
  const seen = new Set<number>()
  return keys.filter(({ value }) => {
    const key = analysis.keys(value)
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

function requireSelected(keys: readonly SortKey[], output: readonly Column[], select: ast.Select): void {
  const ids = new Set(output.map(({ id }) => id))
  if (keys.every(({ value }) => value.kind === 'column' && ids.has(value.id))) return
  throw notSelected(select)
}

function notSelected(select: ast.Select): QueryError {
  const message = 'For SELECT DISTINCT, ORDER BY expressions must appear in select list'
  return new QueryError('EXPRESSION_NOT_IN_DISTINCT', message, { at: select.at })
}

const assign = (columns: readonly Column[], values: readonly Expr[]): Assignment[] =>
  columns.map((column, index) => ({ column, value: values[index] as Expr }))

/** What sort keys need beside the output. */
function extraColumns(keys: readonly SortKey[], output: readonly Column[], input: LogicalPlan): readonly Column[] {
  if (keys.length === 0) return []
  const selected = new Set(output.map(({ id }) => id))
  const needed = new Set<ColumnId>()
  for (const { value } of keys) for (const id of referencedColumns(value)) if (!selected.has(id)) needed.add(id)
  return needed.size === 0 ? [] : outputOf(input).filter(({ id }) => needed.has(id))
}

/** No node where the input has exactly these columns already. */
function projectTo(input: LogicalPlan, assignments: readonly Assignment[]): LogicalPlan {
  const columns = outputOf(input)
  const same =
    columns.length === assignments.length &&
    assignments.every(({ column, value }, index) => value.kind === 'column' && value.id === column.id && columns[index]?.id === column.id)
  return same ? input : { kind: 'project', input, assignments }
}

export const planSort = (input: LogicalPlan, keys: readonly SortKey[]): LogicalPlan =>
  keys.length === 0 ? input : { kind: 'sort', input, keys }

/** One Window node for all calls over the same partitions and order; those over other calls' results, which only ORDER BY may have, later. */
function planWindows(input: LogicalPlan, collector: Collector, regroup: Regroup | undefined, analysis: Analysis): LogicalPlan {
  const groups = new Map<string, CollectedWindow[]>()
  const levels = new Map<ColumnId, number>()
  for (const window of collector.windows.map((entry) => (regroup ? regroupWindow(entry, regroup) : entry))) {
    const below = windowParts(window).flatMap((part) => [...referencedColumns(part)].map((id) => levels.get(id) ?? 0))
    const level = Math.max(0, ...below) + 1
    levels.set(window.column.id, level)
    const key = `${level} ${specificationKey({ ...window, frame: undefined }, analysis.keys)}`
    const group = groups.get(key)
    if (group) group.push(window)
    else groups.set(key, [window])
  }
  let plan = input
  const levelOf = ([first]: readonly CollectedWindow[]) => levels.get((first as CollectedWindow).column.id) as number
  for (const calls of [...groups.values()].sort((a, b) => levelOf(a) - levelOf(b))) {
    const [{ partitionBy, orderBy }] = calls as [CollectedWindow]
    plan = {
      kind: 'window',
      input: plan,
      calls: calls.map(({ column, call, ignoreNulls, frame }) => ({ column, call, ignoreNulls, frame })),
      partitionBy,
      orderBy,
    }
  }
  return plan
}

function regroupWindow(window: CollectedWindow, regroup: Regroup): CollectedWindow {
  const { specification } = window
  return mapWindow(window, {
    value: (expr) => regroup(expr, () => notGrouped(window.node)),
    partition: (expr, index) =>
      regroup(expr, () => notGrouped(specification.partitionBy[index] ?? window.node, 'PARTITION BY expression ')),
    order: (expr, index) => regroup(expr, () => notGrouped(specification.orderBy[index]?.value ?? window.node, 'ORDER BY expression ')),
    start: (expr) => regroup(expr, () => boundNotGrouped('start', specification.frame?.start.value ?? window.node)),
    end: (expr) => regroup(expr, () => boundNotGrouped('end', specification.frame?.end?.value ?? window.node)),
  })
}

function boundNotGrouped(which: string, node: ast.Expression): QueryError {
  const message = `Window frame ${which} must be an aggregate expression or appear in GROUP BY clause`
  return new QueryError('EXPRESSION_NOT_AGGREGATE', message, { at: positionOf(node) })
}

interface WindowChange {
  /** Of arguments and filters. */
  readonly value: (expr: Expr) => Expr
  readonly start: (expr: Expr) => Expr
  readonly end: (expr: Expr) => Expr
  readonly partition: (expr: Expr, index: number) => Expr
  readonly order: (expr: Expr, index: number) => Expr
}

function mapWindow(window: CollectedWindow, change: WindowChange): CollectedWindow {
  const { call, frame } = window
  const sorted = call.orderBy.map((key) => ({ ...key, value: change.value(key.value) }))
  return {
    ...window,
    call: { ...call, args: call.args.map(change.value), filter: call.filter && change.value(call.filter), orderBy: sorted },
    partitionBy: window.partitionBy.map(change.partition),
    orderBy: window.orderBy.map((key, index) => ({ ...key, value: change.order(key.value, index) })),
    frame: frame && {
      ...frame,
      start: { ...frame.start, value: frame.start.value && change.start(frame.start.value) },
      end: { ...frame.end, value: frame.end.value && change.end(frame.end.value) },
    },
  }
}
