/** CASE, coalesce and nullif: what stands in a branch that is not taken must not fail. */
import { forKernelTry } from '#src/functions/macros/index'
import { nullOf } from '#src/logical/build'
import { hasSubquery, isDeterministic, mayFail } from '#src/logical/expr-properties'
import type { Case, Comparison, DistinctFrom, Expr, NullIf } from '#src/logical/expression'
import { sameType } from '#src/types/format'
import type { Type } from '#src/types/type'
import { inOrder, nullWhere, once } from './argument-order.ts'
import { bindOnce, isCostly } from './bind-once.ts'
import { printCast } from './cast.ts'
import { printEqual } from './compare.ts'
import { constantOf } from './constant.ts'
import type { ExpressionContext, PrintExpr } from './expression-context.ts'
import { freeReferences } from './free-references.ts'
import { askedNull, holdsTry, mayRaise, printKernelTry } from './operand-order.ts'

export function printCase(expr: Case, context: ExpressionContext, print: PrintExpr): string {
  const { operand } = expr
  if (operand === undefined) {
    const whens = expr.whens.map(({ when, then }) => `WHEN ${print(when, context)} THEN ${print(then, context)}`)
    const sql = `CASE ${whens.join(' ')} ELSE ${printOtherwise(expr, context, print)} END`
    return expr.type.kind === 'boolean' ? whereAllAgree(expr, branchesOf(expr), sql, context, print) : sql
  }
  // Compared with nothing but NULL it is computed nevertheless.
  if (expr.whens.every(({ when }) => constantOf(when) === null) && context.order !== 'none' && mayRaise(operand, context))
    return `CASE WHEN ${print(operand, context)} IS NULL THEN ${print(expr.otherwise, context)} ELSE ${print(expr.otherwise, context)} END`
  return once([operand], context, print, ([value = '']) => {
    const whens = expr.whens.map(({ when, then }) => {
      const equal = printEqual(value, print(when, context), operand.type)
      const raising = context.order !== 'none' && mayRaise(when, context)
      return `WHEN ${raising ? nullWhere([`${value} IS NULL`], equal) : equal} THEN ${print(then, context)}`
    })
    return `CASE ${whens.join(' ')} ELSE ${printOtherwise(expr, context, print)} END`
  })
}

/**
 * The last branch. Where all are constants, the kernel would compute what stands around the CASE for each of them, and no
 * condition where that gives the same: one that may fail keeps it from that by a branch that names a column.
 */
function printOtherwise(expr: Case, context: ExpressionContext, print: PrintExpr): string {
  const sql = print(expr.otherwise, context)
  const conditions = [...(expr.operand === undefined ? [] : [expr.operand]), ...expr.whens.map(({ when }) => when)]
  if (context.order === 'none' || branchesOf(expr).some((branch) => constantOf(branch) === undefined)) return sql
  const raising = conditions.find((condition) => mayRaise(condition, context))
  const column = raising && freeReferences(raising)[0]
  return column === undefined ? sql : `([struct_pack(v := ${sql}, w := ${print(column, context)})][1]).v`
}

/**
 * The kernel computes what several arguments of its own coalesce hold in common before all of them: one that may fail stands
 * in a CASE.
 */
export function printCoalesce([first, ...others]: readonly Expr[], context: ExpressionContext, print: PrintExpr): string {
  const raising = context.order !== 'none' && others.some((arg) => mayRaise(arg, context))
  if (first === undefined || !raising)
    return `coalesce(${[...(first === undefined ? [] : [first]), ...others].map((arg) => print(arg, context)).join(', ')})`
  const rest = printCoalesce(others, context, print)
  const text = print(first, context)
  return bindOnce([text], [isCostly(first, text)], ([value = '']) => `CASE WHEN ${value} IS NOT NULL THEN ${value} ELSE ${rest} END`, [
    text,
    rest,
  ])
}

export function printNullIf(expr: NullIf, context: ExpressionContext, print: PrintExpr): string {
  const raising = context.order !== 'none' && mayRaise(expr.right, context)
  const computesBoth = context.order === 'any' && holdsTry(expr.left)
  const as = (text: string, type: Type) => (sameType(type, expr.comparedAs) ? text : printCast(text, type, expr.comparedAs, context, false))
  const equal = (left: string, right: string) => printEqual(as(left, expr.left.type), as(right, expr.right.type), expr.comparedAs)
  const coercionRaises = context.order === 'any' && mayFail({ ...expr, left: nullOf(expr.left.type), right: nullOf(expr.right.type) })
  const args = [expr.left, expr.right]
  if (coercionRaises && !holdsTry(expr.right) && !computesBoth)
    return once(args, context, print, ([left = '', right = '']) => {
      const asked = [askedNull(expr.right, right, context), `${left} IS NULL`]
      return `CASE WHEN ${nullWhere(asked, equal(left, right))} THEN NULL ELSE ${left} END`
    })
  if (raising && computesBoth)
    return once(args, context, print, ([left = '', right = '']) => {
      return `CASE WHEN ${right} IS NULL THEN ${left} WHEN ${equal(left, right)} THEN NULL ELSE ${left} END`
    })
  return inOrder(
    args,
    raising ? [0] : [],
    context,
    print,
    ([left = '', right = '']) => `CASE WHEN ${equal(left, right)} THEN NULL ELSE ${left} END`,
  )
}

/** As whereAllAgree, of a comparison, `sql`, one of whose sides is a CASE. */
export function whereSidesAgree(expr: Comparison | DistinctFrom, sql: string, context: ExpressionContext, print: PrintExpr): string {
  if (context.order !== 'any') return sql
  const { left, right } = expr
  for (const [side, other] of [
    [left, right],
    [right, left],
  ] as const) {
    if (side.kind !== 'case' || holdsTry(other)) continue
    const branches = branchesOf(side).map((branch) => ({ ...expr, ...(side === left ? { left: branch } : { right: branch }) }))
    return whereAllAgree(side, branches, sql, context, print)
  }
  return sql
}

const branchesOf = ({ whens, otherwise }: Case): readonly Expr[] => [...whens.map(({ then }) => then), otherwise]

/**
 * Over VALUES the conditions of a searched CASE are not computed where all its branches give the same truth, which Trino
 * sees when it plans.
 */
function whereAllAgree(expr: Case, branches: readonly Expr[], sql: string, context: ExpressionContext, print: PrintExpr): string {
  const raising = expr.operand === undefined && expr.whens.some(({ when }) => mayRaise(when, context))
  if (context.order !== 'any' || !raising || !isDeterministic(expr) || hasSubquery(expr) || branches.some(holdsTry)) return sql
  const [first = '', ...others] = branches.map((branch) => print(branch, context))
  const agree = printKernelTry(forKernelTry(`(${others.map((other) => `${first} = ${other}`).join(' AND ')})`))
  return `CASE WHEN ${agree} THEN ${first} ELSE ${sql} END`
}
