/**
 * A filter as a query. The kernel moves each term of it to the relation whose columns it names, below joins and subqueries; one that
 * may fail would fail there for rows that find no match, which Trino does not compute it for. Such terms stay above, and name
 * a column of random numbers, which keeps them there:
 *
 *   Filter[10 / a > 1 AND b > 1](Join(t, u))
 *     →  SELECT … FROM (SELECT *, random() AS mark FROM (… WHERE b > 1)) WHERE CASE WHEN mark < 0 THEN NULL ELSE 10 / a > 1 END
 */
import { and, conjuncts } from '#src/logical/build'
import { planOfExpr } from '#src/logical/expr-walk'
import type { ColumnId, Expr } from '#src/logical/expression'
import type { Filter, LogicalPlan, Project } from '#src/logical/plan'
import { outputOf, referencedColumns } from '#src/logical/plan-walk'
import { substitute } from '#src/optimize/substitute'
import { columnList, type PlanPrinter } from './context.ts'
import { printInput } from './outer-columns.ts'

/** A SELECT statement that gives the filter's output columns. */
export function printFilter(plan: Filter, printer: PlanPrinter): string {
  const terms = conjuncts(plan.predicate)
  const late = terms.filter((term) => isLate(term, plan.input, terms, printer))
  if (late.length === 0) return printWhere(plan.input, terms, printer)
  const early = terms.filter((term) => !late.includes(term))
  const input: LogicalPlan = early.length === 0 ? plan.input : { kind: 'filter', input: plan.input, predicate: and(...early) as Expr }
  const condition = printer.predicate(and(...late) as Expr)
  const mark = printer.unique('mark')
  const marked = `(SELECT *, random() AS ${mark} FROM ${printInput(input, late, condition, printer)}) AS ${printer.unique('t')}`
  return `SELECT ${columnList(outputOf(plan))} FROM ${marked} WHERE CASE WHEN ${mark} < 0 THEN NULL ELSE ${condition} END`
}

function printWhere(input: LogicalPlan, terms: readonly Expr[], printer: PlanPrinter): string {
  const condition = printer.predicate(and(...terms) as Expr, joinedBy(input).length > 1)
  return `SELECT ${columnList(outputOf(input))} FROM ${printInput(input, terms, condition, printer)} WHERE ${condition}`
}

/** Whether the term may fail on rows that a join, or a subquery in a term beside it, throws out. */
function isLate(term: Expr, input: LogicalPlan, terms: readonly Expr[], printer: PlanPrinter): boolean {
  const sides = joinedBy(input)
  if (sides.length < 2 && !terms.some(isSubquery)) return false
  const computed = throughProjects(term, input)
  if (!printer.mayRaise(computed)) return false
  // What compares two sides is what they are joined by.
  const names = referencedColumns(computed)
  return sides.filter((side) => outputOf(side).some(({ id }) => names.has(id))).length === 1
}

const isSubquery = (term: Expr): boolean =>
  planOfExpr(term) !== undefined || (term.kind === 'comparison' && (isSubquery(term.left) || isSubquery(term.right)))

/** The relations whose rows are joined to the plan's rows. */
function joinedBy(plan: LogicalPlan): readonly LogicalPlan[] {
  return plan.kind === 'project' || plan.kind === 'filter' ? joinedBy(plan.input) : sidesOf(plan)
}

/** A projection below a join is one of its sides: the terms name what it computes. */
function sidesOf(plan: LogicalPlan): readonly LogicalPlan[] {
  if (plan.kind === 'filter') return sidesOf(plan.input)
  return plan.kind === 'join' ? [...sidesOf(plan.left), ...sidesOf(plan.right)] : [plan]
}

/** The expression in terms of what is below projections. */
function throughProjects(expr: Expr, plan: LogicalPlan): Expr {
  if (plan.kind === 'filter') return throughProjects(expr, plan.input)
  return plan.kind === 'project' ? throughProjects(substitute(expr, valuesOf(plan)), plan.input) : expr
}

const valuesOf = (plan: Project): ReadonlyMap<ColumnId, Expr> => new Map(plan.assignments.map(({ column, value }) => [column.id, value]))
