/** The one walker of logical plans: output columns, children, expressions and the columns that a plan needs from outside. */
import { unreachable } from '#src/common/errors'
import { collectColumns, mapExpr, mapItems, planOfExpr, walkExpr } from './expr-walk.ts'
import type { Column, ColumnId, Expr } from './expression.ts'
import type { AggregateCall, FrameBound, LogicalPlan, SortKey } from './plan.ts'

const outputs = new WeakMap<LogicalPlan, readonly Column[]>()

/** The columns that a node gives to its parent, in order. Computed once per node. */
export function outputOf(plan: LogicalPlan): readonly Column[] {
  const known = outputs.get(plan)
  if (known) return known
  const columns = computeOutput(plan)
  outputs.set(plan, columns)
  return columns
}

function computeOutput(plan: LogicalPlan): readonly Column[] {
  switch (plan.kind) {
    case 'scan':
    case 'system-scan':
      return plan.columns.map((entry) => entry.column)
    case 'values':
    case 'set-operation':
    case 'cte-ref':
    case 'recursive-cte':
      return plan.columns
    case 'filter':
    case 'sort':
    case 'limit':
    case 'sample':
      return outputOf(plan.input)
    case 'project':
      return plan.assignments.map((assignment) => assignment.column)
    case 'aggregate':
      return [...plan.keys, ...plan.aggregates.map((entry) => entry.column), ...plan.groupings.map((entry) => entry.column)]
    case 'window':
      return [...outputOf(plan.input), ...plan.calls.map((entry) => entry.column)]
    case 'join':
      return [...outputOf(plan.left), ...outputOf(plan.right)]
    case 'unnest': {
      const items = plan.items.flatMap((item) => item.columns)
      return plan.ordinality ? [...outputOf(plan.input), ...items, plan.ordinality] : [...outputOf(plan.input), ...items]
    }
    case 'with':
      return outputOf(plan.body)
    default:
      return unreachable(plan)
  }
}

/** The plans directly below, in order of evaluation. Plans inside expressions are not among them. */
export function children(plan: LogicalPlan): readonly LogicalPlan[] {
  switch (plan.kind) {
    case 'scan':
    case 'system-scan':
    case 'values':
    case 'cte-ref':
      return []
    case 'filter':
    case 'project':
    case 'aggregate':
    case 'window':
    case 'sort':
    case 'limit':
    case 'sample':
    case 'unnest':
      return [plan.input]
    case 'join':
      return [plan.left, plan.right]
    case 'set-operation':
      return plan.inputs
    case 'with':
      return [plan.query, plan.body]
    case 'recursive-cte':
      return [plan.base, plan.recursive]
    default:
      return unreachable(plan)
  }
}

/** Replaces the plans directly below; the same object when nothing changed. */
export function mapChildren(plan: LogicalPlan, change: (child: LogicalPlan) => LogicalPlan): LogicalPlan {
  switch (plan.kind) {
    case 'scan':
    case 'system-scan':
    case 'values':
    case 'cte-ref':
      return plan
    case 'filter':
    case 'project':
    case 'aggregate':
    case 'window':
    case 'sort':
    case 'limit':
    case 'sample':
    case 'unnest': {
      const input = change(plan.input)
      return input === plan.input ? plan : { ...plan, input }
    }
    case 'join': {
      const left = change(plan.left)
      const right = change(plan.right)
      return left === plan.left && right === plan.right ? plan : { ...plan, left, right }
    }
    case 'set-operation': {
      const inputs = mapItems(plan.inputs, change)
      return inputs === plan.inputs ? plan : { ...plan, inputs }
    }
    case 'with': {
      const query = change(plan.query)
      const body = change(plan.body)
      return query === plan.query && body === plan.body ? plan : { ...plan, query, body }
    }
    case 'recursive-cte': {
      const base = change(plan.base)
      const recursive = change(plan.recursive)
      return base === plan.base && recursive === plan.recursive ? plan : { ...plan, base, recursive }
    }
    default:
      return unreachable(plan)
  }
}

const callExpressions = (call: AggregateCall): readonly Expr[] => [
  ...call.args,
  ...(call.filter ? [call.filter] : []),
  ...call.orderBy.map((key) => key.value),
]

/** Every expression that stands in this node itself (its roots, not their parts). */
export function expressionsOf(plan: LogicalPlan): readonly Expr[] {
  switch (plan.kind) {
    case 'scan':
    case 'system-scan':
      return plan.predicate
    case 'values':
      return plan.rows.flat()
    case 'filter':
      return [plan.predicate]
    case 'project':
      return plan.assignments.map((assignment) => assignment.value)
    case 'aggregate':
      return plan.aggregates.flatMap((entry) => callExpressions(entry.call))
    case 'window': {
      const bounds = plan.calls.flatMap(({ call, frame }) => [
        ...callExpressions(call),
        ...(frame?.start.value ? [frame.start.value] : []),
        ...(frame?.end.value ? [frame.end.value] : []),
      ])
      return [...bounds, ...plan.partitionBy, ...plan.orderBy.map((key) => key.value)]
    }
    case 'join':
      return plan.condition ? [plan.condition] : []
    case 'sort':
      return plan.keys.map((key) => key.value)
    case 'unnest':
      return plan.items.map((item) => item.value)
    case 'set-operation':
    case 'limit':
    case 'sample':
    case 'with':
    case 'cte-ref':
    case 'recursive-cte':
      return []
    default:
      return unreachable(plan)
  }
}

function mapCall(call: AggregateCall, change: (expr: Expr) => Expr): AggregateCall {
  const args = mapItems(call.args, change)
  const filter = call.filter && change(call.filter)
  const orderBy = mapSortKeys(call.orderBy, change)
  return args === call.args && filter === call.filter && orderBy === call.orderBy ? call : { ...call, args, filter, orderBy }
}

const mapSortKeys = (keys: readonly SortKey[], change: (expr: Expr) => Expr): readonly SortKey[] =>
  mapItems(keys, (key) => {
    const value = change(key.value)
    return value === key.value ? key : { ...key, value }
  })

function mapBound(bound: FrameBound, change: (expr: Expr) => Expr): FrameBound {
  const value = bound.value && change(bound.value)
  return value === bound.value ? bound : { ...bound, value }
}

/** Replaces the expressions of this node (roots only, see `mapExpr` for their parts); the same object when nothing changed. */
export function mapExpressions(plan: LogicalPlan, change: (expr: Expr) => Expr): LogicalPlan {
  switch (plan.kind) {
    case 'scan':
    case 'system-scan': {
      const predicate = mapItems(plan.predicate, change)
      return predicate === plan.predicate ? plan : { ...plan, predicate }
    }
    case 'values': {
      const rows = mapItems(plan.rows, (row) => mapItems(row, change))
      return rows === plan.rows ? plan : { ...plan, rows }
    }
    case 'filter': {
      const predicate = change(plan.predicate)
      return predicate === plan.predicate ? plan : { ...plan, predicate }
    }
    case 'project': {
      const assignments = mapItems(plan.assignments, (assignment) => {
        const value = change(assignment.value)
        return value === assignment.value ? assignment : { ...assignment, value }
      })
      return assignments === plan.assignments ? plan : { ...plan, assignments }
    }
    case 'aggregate': {
      const aggregates = mapItems(plan.aggregates, (entry) => {
        const call = mapCall(entry.call, change)
        return call === entry.call ? entry : { ...entry, call }
      })
      return aggregates === plan.aggregates ? plan : { ...plan, aggregates }
    }
    case 'window': {
      const calls = mapItems(plan.calls, (entry) => {
        const call = mapCall(entry.call, change)
        const { frame } = entry
        const start = frame && mapBound(frame.start, change)
        const end = frame && mapBound(frame.end, change)
        const sameFrame = start === frame?.start && end === frame?.end
        if (call === entry.call && sameFrame) return entry
        return { ...entry, call, frame: frame && start && end && !sameFrame ? { ...frame, start, end } : frame }
      })
      const partitionBy = mapItems(plan.partitionBy, change)
      const orderBy = mapSortKeys(plan.orderBy, change)
      return calls === plan.calls && partitionBy === plan.partitionBy && orderBy === plan.orderBy
        ? plan
        : { ...plan, calls, partitionBy, orderBy }
    }
    case 'join': {
      const condition = plan.condition && change(plan.condition)
      return condition === plan.condition ? plan : { ...plan, condition }
    }
    case 'sort': {
      const keys = mapSortKeys(plan.keys, change)
      return keys === plan.keys ? plan : { ...plan, keys }
    }
    case 'unnest': {
      const items = mapItems(plan.items, (item) => {
        const value = change(item.value)
        return value === item.value ? item : { ...item, value }
      })
      return items === plan.items ? plan : { ...plan, items }
    }
    case 'set-operation':
    case 'limit':
    case 'sample':
    case 'with':
    case 'cte-ref':
    case 'recursive-cte':
      return plan
    default:
      return unreachable(plan)
  }
}

/** Rewrites a whole tree bottom-up, plans inside expressions included. The same object when nothing changed. */
export function mapPlan(plan: LogicalPlan, change: (node: LogicalPlan) => LogicalPlan): LogicalPlan {
  const below = mapChildren(plan, (child) => mapPlan(child, change))
  const inside = mapExpressions(below, (expr) =>
    mapExpr(
      expr,
      (node) => node,
      (subplan) => mapPlan(subplan, change),
    ),
  )
  return change(inside)
}

/** Visits every node of the tree, parents first, plans inside expressions included. */
export function walkPlan(plan: LogicalPlan, visit: (node: LogicalPlan) => void): void {
  visit(plan)
  for (const expr of expressionsOf(plan)) {
    walkExpr(expr, (node) => {
      const subplan = planOfExpr(node)
      if (subplan) walkPlan(subplan, visit)
    })
  }
  for (const child of children(plan)) walkPlan(child, visit)
}

/** Ids of WITH queries and lambda arguments share the sequence and are not among the columns. */
const RESERVED_IDS = 1_000_000

/** An id above which a plan that exists already can be given new columns. */
export function highestId(root: LogicalPlan): number {
  let last = 0
  walkPlan(root, (node) => {
    for (const { id } of [...producedBy(node), ...outputOf(node)]) last = Math.max(last, id)
    if (node.kind === 'scan') last = Math.max(last, node.id)
  })
  return last + RESERVED_IDS
}

/** The columns that a node makes itself: not those which it passes on. */
export function producedBy(plan: LogicalPlan): readonly Column[] {
  switch (plan.kind) {
    case 'scan':
    case 'system-scan':
    case 'values':
    case 'set-operation':
    case 'cte-ref':
    case 'recursive-cte':
      return outputOf(plan)
    case 'project':
      return plan.assignments.filter(({ column, value }) => value.kind !== 'column' || value.id !== column.id).map(({ column }) => column)
    case 'aggregate':
      return outputOf(plan).slice(plan.keys.length)
    case 'window':
      return plan.calls.map((entry) => entry.column)
    case 'unnest': {
      const items = plan.items.flatMap((item) => item.columns)
      return plan.ordinality ? [...items, plan.ordinality] : items
    }
    case 'filter':
    case 'sort':
    case 'limit':
    case 'sample':
    case 'join':
    case 'with':
      return []
    default:
      return unreachable(plan)
  }
}

/** Ids that the node's own expressions name, those inside the plans of their subqueries included when they come from outside these. */
export function columnsUsedBy(plan: LogicalPlan): Set<ColumnId> {
  const used = new Set<ColumnId>()
  for (const expr of expressionsOf(plan)) addReferenced(expr, used)
  if (plan.kind === 'aggregate') for (const key of plan.keys) used.add(key.id)
  return used
}

function addReferenced(expr: Expr, into: Set<ColumnId>): void {
  collectColumns(expr, into)
  walkExpr(expr, (node) => {
    const subplan = planOfExpr(node)
    if (subplan) for (const id of freeColumns(subplan)) into.add(id)
  })
}

/** Ids that an expression needs from its input: those that it names and those that its subqueries need from outside. */
export function referencedColumns(expr: Expr): Set<ColumnId> {
  const used = new Set<ColumnId>()
  addReferenced(expr, used)
  return used
}

const free = new WeakMap<LogicalPlan, ReadonlySet<ColumnId>>()

/** Outer references: the ids that a plan names and does not produce. Empty = not correlated. Computed once per node. */
export function freeColumns(plan: LogicalPlan): ReadonlySet<ColumnId> {
  const known = free.get(plan)
  if (known) return known
  const needed = columnsUsedBy(plan)
  for (const child of children(plan)) for (const id of freeColumns(child)) needed.add(id)
  for (const child of children(plan)) for (const column of outputOf(child)) needed.delete(column.id)
  // A scan's predicate names what the scan itself makes.
  if (plan.kind === 'scan' || plan.kind === 'system-scan') for (const entry of plan.columns) needed.delete(entry.column.id)
  free.set(plan, needed)
  return needed
}
