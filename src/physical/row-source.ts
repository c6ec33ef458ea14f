/** Plans that give a scan's rows one by one: the scan under nothing but projections, filters and sorts. */
import { conjuncts } from '#src/logical/build'
import { createExprKeys } from '#src/logical/expr-key'
import { hasSubquery } from '#src/logical/expr-properties'
import { mapExpr } from '#src/logical/expr-walk'
import type { ColumnId, Expr } from '#src/logical/expression'
import type { LogicalPlan, Scan } from '#src/logical/plan'

export interface RowSource {
  readonly scan: Scan
  /** What the filters ask for, in terms of the scan's columns. */
  readonly terms: readonly Expr[]
  /** What an expression above is, in terms of the scan's columns. */
  readonly value: (expr: Expr) => Expr
}

/** Undefined for other plans, and where an expression has a subquery. */
export function rowSource(plan: LogicalPlan): RowSource | undefined {
  switch (plan.kind) {
    case 'scan':
      return { scan: plan, terms: [], value: (expr) => expr }
    case 'sort':
      return rowSource(plan.input)
    case 'filter': {
      const source = rowSource(plan.input)
      if (source === undefined || hasSubquery(plan.predicate)) return undefined
      return { ...source, terms: [...source.terms, ...conjuncts(source.value(plan.predicate))] }
    }
    case 'project': {
      const source = rowSource(plan.input)
      if (source === undefined || plan.assignments.some(({ value }) => hasSubquery(value))) return undefined
      const values = new Map<ColumnId, Expr>(plan.assignments.map(({ column, value }) => [column.id, source.value(value)]))
      return { ...source, value: (expr) => mapExpr(expr, (part) => (part.kind === 'column' ? (values.get(part.id) ?? part) : part)) }
    }
    default:
      return undefined
  }
}

/** The same over Parquet where the scan's own predicate covers the filters: rows of which all are sure to pass are the plan's rows. */
export function coveredSource(plan: LogicalPlan): RowSource | undefined {
  const source = rowSource(plan)
  if (source === undefined || source.scan.table.format !== 'parquet' || source.scan.limit !== undefined) return undefined
  const keys = createExprKeys()
  const known = new Set(source.scan.predicate.map(keys))
  return source.terms.every((term) => known.has(keys(term))) ? source : undefined
}
