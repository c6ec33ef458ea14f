/** Structural identity of expressions: two expressions that mean the same text over the same columns get the same number. */
import { formatType } from '#src/types/format'
import { printValue } from './expr-print.ts'
import { exprChildren, planOfExpr } from './expr-walk.ts'
import type { Expr } from './expression.ts'
import { printPlan } from './plan-print.ts'
import { freeColumns } from './plan-walk.ts'

/** Numbers expressions; linear in their size, each node is looked at once. */
export type ExprKeys = (expr: Expr) => number

/** A numbering of its own: compare only numbers of the same one. Positions do not count. */
export function createExprKeys(): ExprKeys {
  const numbers = new Map<string, number>()
  const known = new WeakMap<Expr, number>()
  const keyOf = (expr: Expr): number => {
    const cached = known.get(expr)
    if (cached !== undefined) return cached
    const text = `${detail(expr)}(${exprChildren(expr).map(keyOf).join(',')})`
    const number = numbers.get(text) ?? numbers.size
    numbers.set(text, number)
    known.set(expr, number)
    return number
  }
  return keyOf
}

/** What tells a node from others with the same children. */
function detail(expr: Expr): string {
  const subplan = planOfExpr(expr)
  const plan = subplan ? `${printPlan(subplan)}\n${[...freeColumns(subplan)].join(' ')}` : ''
  switch (expr.kind) {
    case 'literal':
      return `literal ${formatType(expr.type)} ${printValue(expr.value, expr.type)}`
    case 'column':
      return `column ${expr.id}`
    case 'lambda-ref':
      return `lambda-ref ${expr.name}`
    case 'call':
      return `call ${expr.function.name} ${formatType(expr.type)}`
    case 'cast':
      return `cast ${expr.safe} ${formatType(expr.type)}`
    case 'comparison':
      return `comparison ${expr.operator}`
    case 'distinct-from':
      return `distinct-from ${expr.negated}`
    case 'logical':
      return expr.operator
    case 'case':
      return `case ${expr.operand !== undefined}`
    case 'field':
      return `field ${expr.index}`
    case 'lambda':
      return `lambda ${expr.parameters.map(({ name, type }) => `${name} ${formatType(type)}`).join(', ')}`
    case 'row':
    case 'array':
    case 'nullif':
      return `${expr.kind} ${formatType(expr.type)}`
    case 'quantified':
      return `${expr.kind} ${expr.operator} ${expr.quantifier} ${plan}`
    default:
      return `${expr.kind} ${plan}`
  }
}
