/**
 * Comparisons of a decimal that is cast to one of 38 digits, which may have no place for it, with a constant. Trino compares
 * without the cast, so that nothing fails: what is beyond the wider scale's range is above or below every constant.
 *
 *   CAST(x AS decimal(38,1)) < 0.5  →  CASE WHEN x has no place THEN x < 0 ELSE TRY_CAST(x AS decimal(38,1)) < 0.5 END
 */
import { isConstant, mayFail } from '#src/logical/expr-properties'
import type { Cast, Comparison, DistinctFrom, Expr } from '#src/logical/expression'
import type { ExpressionContext } from './expression-context.ts'
import { holdsTry, mayRaise } from './operand-order.ts'

/** Digits of the widest decimal. */
const MAX_PRECISION = 38

type Compared = Comparison | DistinctFrom

/** The side that is such a cast. */
export function wideDecimalSide({ left, right }: Compared): 'left' | 'right' | undefined {
  if (isWidened(left)) return 'left'
  return isWidened(right) ? 'right' : undefined
}

function isWidened(expr: Expr): expr is Cast {
  if (expr.kind !== 'cast' || expr.safe) return false
  const [from, to] = [expr.value.type, expr.type]
  if (from.kind !== 'decimal' || to.kind !== 'decimal' || to.precision !== MAX_PRECISION || to.scale < from.scale) return false
  return mayFail({ ...expr, value: { kind: 'literal', type: from, value: null } })
}

/** SQL of the comparison, or undefined where none of its sides is such a cast or the other is no constant. */
export function printWideComparison(expr: Compared, context: ExpressionContext, print: (expr: Expr) => string): string | undefined {
  const side = wideDecimalSide(expr)
  if (side === undefined) return undefined
  const cast = expr[side] as Cast
  const other = side === 'left' ? expr.right : expr.left
  if (context.order === 'any' ? holdsTry(other) : !isConstant(other)) return undefined
  const safe: Cast = { ...cast, safe: true }
  const [value, constant] = [print(cast.value), print(other)]
  const decided =
    expr.kind === 'distinct-from'
      ? isDistinct(!expr.negated, other, constant, context)
      : `CASE WHEN ${constant} IS NOT NULL THEN ${beyond(expr, side, value)} END`
  return `CASE WHEN ${value} IS NOT NULL AND ${print(safe)} IS NULL THEN ${decided} ELSE ${print({ ...expr, [side]: safe })} END`
}

/** The constant differs, but may fail. */
function isDistinct(truth: boolean, other: Expr, constant: string, context: ExpressionContext): string {
  return mayRaise(other, context) ? `CASE WHEN ${constant} IS NULL THEN ${truth} ELSE ${truth} END` : String(truth)
}

function beyond({ operator }: Comparison, side: 'left' | 'right', value: string): string {
  if (operator === '=') return 'false'
  if (operator === '<>') return 'true'
  return operator.startsWith('<') === (side === 'left') ? `${value} < 0` : `${value} > 0`
}
