/**
 * Drops columns that nobody needs, so that scans read fewer bytes.
 *
 *   Aggregate[sum(a)](Project[a, b := x + y](Scan a, x, y, z))  →  Aggregate[sum(a)](Project[a](Scan a))
 *
 * A node may still give more columns than its parent needs (a Filter passes on what it compares); only Scan, Project,
 * Aggregate, Window, CteScan and UNION ALL become narrower. A scan may end with no column at all: only its rows count.
 */
import { QueryError, unreachable } from '#src/common/errors'
import { passThrough } from '#src/logical/build'
import { mapExpr } from '#src/logical/expr-walk'
import type { ColumnId, Expr } from '#src/logical/expression'
import type { Aggregate, CteRef, LogicalPlan, Project, SetOperation, Window, With } from '#src/logical/plan'
import { columnsUsedBy, freeColumns, mapChildren, mapExpressions, outputOf } from '#src/logical/plan-walk'
import type { PlanRule } from '../rule.ts'

export const pruneColumns: PlanRule = {
  name: 'prune_columns',
  kind: 'plan',
  apply: (root, { output }) => prune(root, new Set(output), { references: new Map() }),
}

type Needed = ReadonlySet<ColumnId>
interface State {
  /** By cteId: the columns of the named query that its references need. */
  readonly references: Map<number, Set<ColumnId>>
}

const allOf = (plan: LogicalPlan): Needed => new Set(outputOf(plan).map((column) => column.id))

function prune(node: LogicalPlan, needed: Needed, state: State): LogicalPlan {
  switch (node.kind) {
    case 'scan': {
      const used = columnsUsedBy(node)
      const columns = node.columns.filter(({ column }) => needed.has(column.id) || used.has(column.id))
      return columns.length === node.columns.length ? node : { ...node, columns }
    }
    case 'system-scan': {
      const used = columnsUsedBy(node)
      const columns = node.columns.filter(({ column }) => needed.has(column.id) || used.has(column.id))
      return columns.length === node.columns.length ? node : { ...node, columns }
    }
    case 'project':
      return pruneProject(node, needed, state)
    case 'aggregate':
      return pruneAggregate(node, needed, state)
    case 'window':
      return pruneWindow(node, needed, state)
    case 'set-operation':
      return pruneSetOperation(node, needed, state)
    case 'cte-ref':
      return pruneCteRef(node, needed, state)
    case 'with':
      return pruneWith(node, needed, state)
    case 'recursive-cte': {
      // Matched by place with each other and, through the references, with itself.
      const base = exactly(node.base, state)
      const recursive = exactly(node.recursive, state)
      return base === node.base && recursive === node.recursive ? node : { ...node, base, recursive }
    }
    case 'values':
    case 'filter':
    case 'join':
    case 'sort':
    case 'limit':
    case 'sample':
    case 'unnest': {
      const plan = pruneSubqueries(node, state)
      const wanted = new Set([...needed, ...columnsUsedBy(plan)])
      if (plan.kind === 'join' && plan.lateral) for (const id of freeColumns(plan.right)) wanted.add(id)
      return mapChildren(plan, (child) => prune(child, wanted, state))
    }
    default:
      return unreachable(node)
  }
}

/** EXISTS needs no column; every other subquery needs its one. */
function pruneSubqueries(plan: LogicalPlan, state: State): LogicalPlan {
  return mapExpressions(plan, (root) => pruneInside(root, state))
}

function pruneInside(root: Expr, state: State): Expr {
  const exists = new Set<LogicalPlan>()
  return mapExpr(
    mapExpr(root, (part) => {
      if (part.kind === 'exists') exists.add(part.plan)
      return part
    }),
    (part) => part,
    (subplan) => (exists.has(subplan) ? prune(subplan, new Set(), state) : exactly(subplan, state)),
  )
}

/** Prunes below, but gives the same columns in the same order. */
function exactly(plan: LogicalPlan, state: State): LogicalPlan {
  return selecting(
    prune(plan, allOf(plan), state),
    outputOf(plan).map((column) => column.id),
  )
}

/** The given columns of a plan, in this order. */
function selecting(plan: LogicalPlan, ids: readonly ColumnId[]): LogicalPlan {
  const columns = outputOf(plan)
  if (columns.length === ids.length && columns.every((column, index) => column.id === ids[index])) return plan
  const assignments = ids.map((id) => {
    const column = columns.find((candidate) => candidate.id === id)
    if (column === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', `Column pruning lost column ${id}`)
    return passThrough(column)
  })
  return { kind: 'project', input: plan, assignments }
}

function pruneProject(node: Project, needed: Needed, state: State): LogicalPlan {
  const kept = node.assignments.filter(({ column }) => needed.has(column.id))
  const narrow = kept.length === node.assignments.length ? node : { ...node, assignments: kept }
  const plan = pruneSubqueries(narrow, state) as Project
  const input = prune(plan.input, columnsUsedBy(plan), state)
  if (kept.length === 0) return input
  return input === plan.input ? plan : { ...plan, input }
}

function pruneAggregate(node: Aggregate, needed: Needed, state: State): LogicalPlan {
  const aggregates = node.aggregates.filter(({ column }) => needed.has(column.id))
  const groupings = node.groupings.filter(({ column }) => needed.has(column.id))
  const global = node.keys.length === 0 && node.groupingSets.length === 1
  // Always one row, whatever the input holds.
  if (global && aggregates.length === 0 && groupings.length === 0) return { kind: 'values', columns: [], rows: [[]] }
  const narrow =
    aggregates.length + groupings.length === node.aggregates.length + node.groupings.length ? node : { ...node, aggregates, groupings }
  const plan = pruneSubqueries(narrow, state) as Aggregate
  const input = prune(plan.input, columnsUsedBy(plan), state)
  return input === plan.input ? plan : { ...plan, input }
}

function pruneWindow(node: Window, needed: Needed, state: State): LogicalPlan {
  const calls = node.calls.filter(({ column }) => needed.has(column.id))
  if (calls.length === 0) return prune(node.input, needed, state)
  const plan = pruneSubqueries(calls.length === node.calls.length ? node : { ...node, calls }, state) as Window
  const input = prune(plan.input, new Set([...needed, ...columnsUsedBy(plan)]), state)
  return input === plan.input ? plan : { ...plan, input }
}

/** Only UNION ALL can lose columns: the others compare whole rows. */
function pruneSetOperation(node: SetOperation, needed: Needed, state: State): LogicalPlan {
  const narrows = node.operator === 'union' && node.all
  const wanted = node.columns.flatMap((column, place) => (!narrows || needed.has(column.id) ? [place] : []))
  // One column at least: rows must be counted.
  const places = wanted.length > 0 ? wanted : [0]
  const inputs = node.inputs.map((input) => {
    const ids = places.map((place) => (outputOf(input)[place] as { id: ColumnId }).id)
    return selecting(prune(input, new Set(ids), state), ids)
  })
  if (places.length === node.columns.length && inputs.every((input, index) => input === node.inputs[index])) return node
  return { ...node, inputs, columns: places.flatMap((place) => node.columns[place] ?? []) }
}

function pruneCteRef(node: CteRef, needed: Needed, state: State): CteRef {
  const places = node.columns.flatMap((column, place) => (needed.has(column.id) ? [place] : []))
  // A recursion's own references keep all columns: they are matched by place.
  const recursive = state.references.get(node.cteId) === undefined
  const kept = recursive ? node.columns.map((_column, place) => place) : places.length > 0 ? places : [0]
  const source = kept.flatMap((place) => node.source[place] ?? [])
  for (const id of source) state.references.get(node.cteId)?.add(id)
  return kept.length === node.columns.length ? node : { ...node, source, columns: kept.flatMap((place) => node.columns[place] ?? []) }
}

function pruneWith(node: With, needed: Needed, state: State): LogicalPlan {
  const references = new Set<ColumnId>()
  state.references.set(node.cteId, references)
  const body = prune(node.body, needed, state)
  state.references.delete(node.cteId)
  const query = prune(node.query, references, state)
  return body === node.body && query === node.query ? node : { ...node, body, query }
}
