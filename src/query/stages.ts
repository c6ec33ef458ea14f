/**
 * Plans that need more bytes at once than the cache bears. The part of a plan that takes the rows of a large scan one by
 * one (filters, projections, and behind them a partial aggregation or the first rows of an order) is a stage: it runs in
 * waves of files, its rows are stored in the spill folder, and the rest of the plan reads them from there.
 */
import { bindFunction } from '#src/functions/bind'
import { columnRef, createIds, type IdGenerator } from '#src/logical/build'
import { hasSubquery } from '#src/logical/expr-properties'
import { mapExpr } from '#src/logical/expr-walk'
import type { Aggregate, AggregateCall, LogicalPlan, Scan } from '#src/logical/plan'
import { freeColumns, highestId, mapChildren, mapExpressions, outputOf } from '#src/logical/plan-walk'
import type { PhysicalPlan, ScanPlan } from '#src/physical/plan'
import { sameType } from '#src/types/format'

export interface Stage {
  /** Of the table's files. */
  readonly scan: ScanPlan
  /** Gives the rows to be stored, over any part of the scan's files; all parts together give all rows. */
  readonly root: LogicalPlan
  /** Of the Scan in the staged plan that reads them. */
  readonly storedAs: number
}

export interface StagedPlan {
  readonly stages: readonly Stage[]
  /** The rest, with the scans that stay. */
  readonly plan: PhysicalPlan
}

/** Stages the largest scans until the others need at most `budget` bytes together; `needs` are the bytes of each scan, by its id. */
export function stagedPlan(plan: PhysicalPlan, needs: ReadonlyMap<number, number>, budget: number): StagedPlan {
  const large = new Map<number, ScanPlan>()
  let left = [...needs.values()].reduce((sum, bytes) => sum + bytes, 0)
  for (const [id, bytes] of [...needs].toSorted(([, a], [, b]) => b - a)) {
    const scan = plan.scans.get(id)
    if (left <= budget || scan === undefined) break
    large.set(id, scan)
    left -= bytes
  }
  const ids = createIds(highestId(plan.root))
  const stages: Stage[] = []
  const rewrite = (node: LogicalPlan): LogicalPlan => {
    const split = splitAt(node, large, ids)
    if (split === undefined) {
      const inside = mapExpressions(node, (expr) => mapExpr(expr, (part) => part, rewrite))
      return mapChildren(inside, rewrite)
    }
    const storedAs = ids.next()
    stages.push({ scan: split.scan, root: split.partial, storedAs })
    return split.rest({
      kind: 'scan',
      id: storedAs,
      table: split.scan.table,
      columns: outputOf(split.partial).map((column) => ({ column, source: { kind: 'data', name: column.name } })),
      predicate: [],
      limit: undefined,
      at: undefined,
    })
  }
  const root = rewrite(plan.root)
  return { stages, plan: { ...plan, root, scans: new Map([...plan.scans].filter(([id]) => !large.has(id))) } }
}

interface Split {
  readonly scan: ScanPlan
  readonly partial: LogicalPlan
  /** What is still to be done with the stored rows. */
  readonly rest: (stored: Scan) => LogicalPlan
}

/** Undefined where the node is not the top of a stage. */
function splitAt(node: LogicalPlan, large: ReadonlyMap<number, ScanPlan>, ids: IdGenerator): Split | undefined {
  const rows = rowsOf(node, large)
  if (rows !== undefined) return { scan: rows, partial: node, rest: (stored) => stored }
  if (node.kind === 'aggregate') {
    const scan = rowsOf(node.input, large)
    return scan && splitAggregate(node, scan, ids)
  }
  if (node.kind === 'limit' && node.count !== undefined && !node.withTies && node.input.kind === 'sort') {
    const order = node.input
    const scan = rowsOf(order.input, large)
    if (scan === undefined || order.keys.some(({ value }) => hasSubquery(value))) return undefined
    return {
      scan,
      partial: { ...node, count: node.offset + node.count, offset: 0 },
      rest: (stored) => ({ ...node, input: { ...order, input: stored } }),
    }
  }
  return undefined
}

/** The scan whose rows the plan gives one by one, needing nothing from around it. */
function rowsOf(plan: LogicalPlan, large: ReadonlyMap<number, ScanPlan>): ScanPlan | undefined {
  if (freeColumns(plan).size > 0) return undefined
  switch (plan.kind) {
    case 'scan':
      return large.get(plan.id)
    case 'filter':
      return hasSubquery(plan.predicate) ? undefined : rowsOf(plan.input, large)
    case 'project':
      return plan.assignments.some(({ value }) => hasSubquery(value)) ? undefined : rowsOf(plan.input, large)
    default:
      return undefined
  }
}

/** What makes one value of the values that an aggregate has for parts of its input, where that gives the very same. */
const COMBINED_BY: Readonly<Record<string, string>> = {
  count: 'sum',
  count_if: 'sum',
  sum: 'sum',
  min: 'min',
  max: 'max',
  bool_and: 'bool_and',
  every: 'bool_and',
  bool_or: 'bool_or',
  bitwise_and_agg: 'bitwise_and_agg',
  bitwise_or_agg: 'bitwise_or_agg',
  bitwise_xor_agg: 'bitwise_xor_agg',
  arbitrary: 'arbitrary',
  any_value: 'any_value',
}

/** Undefined where an aggregate has no exact parts: averages, distinct and ordered ones, sums that are rounded to real. */
function splitAggregate(node: Aggregate, scan: ScanPlan, ids: IdGenerator): Split | undefined {
  if (node.groupingSets.length !== 1 || node.groupings.length > 0) return undefined
  const parts: { readonly part: Aggregate['aggregates'][number]; readonly combined: Aggregate['aggregates'][number] }[] = []
  for (const { column, call } of node.aggregates) {
    const by = COMBINED_BY[call.function.name]
    if (by === undefined || call.distinct || call.orderBy.length > 0 || call.args.length > 1 || column.type.kind === 'real')
      return undefined
    if (call.args.some(hasSubquery) || (call.filter !== undefined && hasSubquery(call.filter))) return undefined
    const partColumn = ids.column(column.name, column.type)
    const combine = bindFunction(by, [column.type])
    if (combine.kind !== 'aggregate' || !sameType(combine.type, column.type)) return undefined
    const combined: AggregateCall = { function: combine, args: [columnRef(partColumn)], distinct: false, filter: undefined, orderBy: [] }
    parts.push({ part: { column: partColumn, call }, combined: { column, call: combined } })
  }
  return {
    scan,
    partial: { ...node, aggregates: parts.map(({ part }) => part) },
    rest: (stored) => ({ ...node, input: stored, aggregates: parts.map(({ combined }) => combined) }),
  }
}
