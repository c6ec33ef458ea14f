/**
 * Scalar subqueries that metadata answers become constants before the other scans are planned, so that they prune:
 *
 *   WHERE dt = (SELECT max(dt) FROM t)                        →  WHERE dt = DATE '2024-01-31': one partition is read
 *   WHERE dt > (SELECT max(dt) - INTERVAL '7' DAY FROM t)     →  likewise
 */
import { nullOf } from '#src/logical/build'
import { mapExpr, planOfExpr, walkExpr } from '#src/logical/expr-walk'
import type { ColumnId, Expr, Literal } from '#src/logical/expression'
import type { LogicalPlan, Scan } from '#src/logical/plan'
import { expressionsOf, freeColumns, mapExpressions, mapPlan, walkPlan } from '#src/logical/plan-walk'
import { foldConstants } from '#src/optimize/rules/fold-constants'
import { substitute } from '#src/optimize/substitute'
import { answerFromMetadata } from './metadata-answers.ts'
import type { PlannedScan } from './plan-scan.ts'

/** Scans of subqueries whose answer may be a constant: one aggregate over one table, under nothing but projections. */
export function scansToSettle(root: LogicalPlan): readonly Scan[] {
  const scans: Scan[] = []
  walkPlan(root, (node) => {
    for (const expr of expressionsOf(node)) {
      walkExpr(expr, (part) => {
        const plan = planOfExpr(part)
        const scan = part.kind === 'scalar-subquery' && plan !== undefined && freeColumns(plan).size === 0 ? onlyScan(plan) : undefined
        if (scan !== undefined) scans.push(scan)
      })
    }
  })
  return scans
}

function onlyScan(plan: LogicalPlan): Scan | undefined {
  if (plan.kind === 'project') return onlyScan(plan.input)
  if (plan.kind !== 'aggregate' || plan.keys.length > 0) return undefined
  let input = plan.input
  while (input.kind === 'project' || input.kind === 'filter') input = input.input
  return input.kind === 'scan' && input.table.format === 'parquet' ? input : undefined
}

/** The same root when no subquery became a constant. */
export function settleSubqueries(root: LogicalPlan, planned: ReadonlyMap<number, PlannedScan>): LogicalPlan {
  return mapPlan(root, (node) =>
    mapExpressions(node, (expr) =>
      mapExpr(expr, (part) => {
        if (part.kind !== 'scalar-subquery') return part
        const scan = onlyScan(part.plan)
        return scan === undefined || !planned.has(scan.id) ? part : (constantOf(answerFromMetadata(part.plan, planned).root) ?? part)
      }),
    ),
  )
}

/** The only value of the only row; undefined when it is not known. */
function constantOf(plan: LogicalPlan): Literal | undefined {
  const row = rowOf(plan)
  const [value] = row === undefined ? [] : [...row.values()]
  return value?.kind === 'literal' && row?.size === 1 ? value : undefined
}

function rowOf(plan: LogicalPlan): ReadonlyMap<ColumnId, Expr> | undefined {
  if (plan.kind === 'values') {
    const [row, second] = plan.rows
    return row === undefined || second !== undefined
      ? undefined
      : new Map(plan.columns.map((column, place) => [column.id, row[place] ?? nullOf(column.type)]))
  }
  const below = plan.kind === 'project' ? rowOf(plan.input) : undefined
  if (plan.kind !== 'project' || below === undefined) return undefined
  return new Map(plan.assignments.map(({ column, value }) => [column.id, mapExpr(substitute(value, below), foldConstants.apply)]))
}
