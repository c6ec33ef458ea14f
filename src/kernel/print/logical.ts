/** AND, OR and BETWEEN, whose terms decide in Trino's order. */
import { forKernelTry } from '#src/functions/macros/index'
import { comparison } from '#src/logical/build'
import type { Between, Comparison, Logical } from '#src/logical/expression'
import { once } from './argument-order.ts'
import { bindOnce, isCostly } from './bind-once.ts'
import { printComparison } from './compare.ts'
import { constantOf } from './constant.ts'
import type { ExpressionContext, PrintExpr } from './expression-context.ts'
import { decidingTerms, holdsTry, mayRaise, printKernelTry } from './operand-order.ts'

export function printBetween(expr: Between, context: ExpressionContext, print: PrintExpr): string {
  const { value, low, high } = expr
  const raises = context.order !== 'none' && (mayRaise(low, context) || mayRaise(high, context))
  const constant = value.kind === 'literal' || (context.order === 'any' && !holdsTry(value) && !isCostly(value, print(value, context)))
  if (raises && constant) return printLogical(asLogical(expr), context, print)
  return once([value, low, high], context, print, ([value = '', low = '', high = '']) => {
    const { type } = expr.value
    const from = printComparison('>=', value, low, type, { left: constantOf(expr.value), right: constantOf(expr.low) })
    const to = printComparison('<=', value, high, type, { left: constantOf(expr.value), right: constantOf(expr.high) })
    if (!raises || context.order === 'any') return `(${from} AND ${to})`
    return `CASE WHEN ${value} IS NULL THEN NULL WHEN NOT ${from} THEN false ELSE (${from} AND ${to}) END`
  })
}

/** The two comparisons of BETWEEN; those of constants decide first. */
function asLogical({ type, value, low, high }: Between): Logical {
  const terms = [comparison('<=', low, value), comparison('<=', value, high)]
  const isConstant = ({ left, right }: Comparison): boolean => left.kind === 'literal' && right.kind === 'literal'
  return { kind: 'logical', type, operator: 'and', terms: [...terms.filter(isConstant), ...terms.filter((term) => !isConstant(term))] }
}

/** A term that decides keeps those behind it from being computed. */
export function printLogical(expr: Logical, context: ExpressionContext, print: PrintExpr): string {
  const { any, terms } = decidingTerms(expr, context)
  const raising = terms.map((term) => context.order !== 'none' && mayRaise(term, context))
  const [joint, decided, decides] = expr.operator === 'and' ? [' AND ', 'false', 'NOT '] : [' OR ', 'true', '']
  const from = (start: number): string => {
    // One that may fail is computed before those behind it, of which the kernel may know the answer without it.
    const next = raising[start] ? start + 1 : raising.indexOf(true, start + 1)
    const end = next < 0 || next >= terms.length ? terms.length : next
    const first = `(${terms
      .slice(start, end)
      .map((term) => print(term, context))
      .join(joint)})`
    if (end === terms.length) return first
    const rest = from(end)
    const costly = terms.slice(start, end).some((term) => isCostly(term, first))
    return bindOnce([first], [costly], ([text = '']) => `CASE WHEN ${decides}${text} THEN ${decided} ELSE (${text}${joint}${rest}) END`, [
      first,
      rest,
    ])
  }
  const asked = any.map((term) => printKernelTry(forKernelTry(`(${decides}${print(term, context)})`)))
  return asked.length === 0 ? from(0) : `CASE ${asked.map((sql) => `WHEN ${sql} THEN ${decided}`).join(' ')} ELSE ${from(0)} END`
}
