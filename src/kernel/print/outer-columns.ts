/**
 * The kernel does not find an outer query's columns inside lambdas, neither written ones nor those of its macros. Where an
 * expression of a subquery needs them there, the relation that it is computed over gets them as columns of its own:
 *
 *     … FROM t WHERE list_filter(c3, lambda p: p > c1) …   →   … FROM (SELECT *, c1 FROM t) WHERE list_filter(c3, lambda p: p > c1) …
 */
import type { Expr } from '#src/logical/expression'
import type { Join, LogicalPlan } from '#src/logical/plan'
import { outputOf, referencedColumns } from '#src/logical/plan-walk'
import { columnName, type PlanPrinter } from './context.ts'

/** Whether the text has a lambda, or may get one from a macro. */
export const mayHaveLambda = (sql: string): boolean => sql.includes('lambda ') || sql.includes('weir_')

/** The FROM item over which the expressions of a node with this input are computed; `sql` is their text. */
export function printInput(input: LogicalPlan, exprs: readonly Expr[], sql: string, printer: PlanPrinter): string {
  return withOuter(printer.relation(input), [input], exprs, sql, printer)
}

/** The left side of a join whose condition has the text `sql`. Rows that an outer join makes have no left side. */
export function printLeftInput(join: Join, sql: string, printer: PlanPrinter): string {
  const left = printer.relation(join.left)
  if (join.condition === undefined || join.type === 'right' || join.type === 'full') return left
  return withOuter(left, [join.left, join.right], [join.condition], sql, printer)
}

function withOuter(relation: string, inputs: readonly LogicalPlan[], exprs: readonly Expr[], sql: string, printer: PlanPrinter): string {
  if (!mayHaveLambda(sql)) return relation
  const own = new Set(inputs.flatMap((input) => outputOf(input).map(({ id }) => id)))
  const outer = new Set<number>()
  for (const term of exprs.flatMap(terms)) {
    const ids = [...referencedColumns(term)].filter((id) => !own.has(id))
    if (ids.length > 0 && mayHaveLambda(printer.expr(term))) for (const id of ids) outer.add(id)
  }
  if (outer.size === 0) return relation
  return `(SELECT *, ${[...outer].map((id) => columnName({ id })).join(', ')} FROM ${relation}) AS ${printer.unique('t')}`
}

const terms = (expr: Expr): readonly Expr[] => (expr.kind === 'logical' && expr.operator === 'and' ? expr.terms.flatMap(terms) : [expr])
