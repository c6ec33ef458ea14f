import { hasSubquery } from '#src/logical/expr-properties'
import type { ColumnId, Expr } from '#src/logical/expression'
import type { Join } from '#src/logical/plan'
import { outputOf } from '#src/logical/plan-walk'
import { CAN_BE_TRUE, outcomeOf } from '#src/logical/predicate-outcome'
import { nullRange } from '#src/logical/value-range'

/**
 * The type that an outer join may have when only output rows that satisfy all `wanted` matter: a side that is filled up
 * with NULLs need not be when some term cannot be true of NULLs.
 *
 *   a LEFT JOIN b … WHERE b.y > 1          →  inner
 *   a FULL JOIN b … WHERE a.x = 5          →  left
 *   a LEFT JOIN b … WHERE b.y IS NULL      →  left
 */
export function reduceOuterJoin(join: Join, wanted: readonly Expr[]): Join['type'] {
  if (join.type === 'inner' || join.type === 'cross') return join.type
  const needsLeft = wanted.some((term) => rejectsNulls(term, join.left))
  const needsRight = wanted.some((term) => rejectsNulls(term, join.right))
  const keepsLeft = (join.type === 'left' || join.type === 'full') && !needsRight
  const keepsRight = (join.type === 'right' || join.type === 'full') && !needsLeft
  if (keepsLeft && keepsRight) return 'full'
  if (keepsLeft) return 'left'
  return keepsRight ? 'right' : 'inner'
}

/** Whether the term is never true of a row that has NULL in all columns of the side. */
function rejectsNulls(term: Expr, side: Join['left']): boolean {
  if (hasSubquery(term)) return false
  const nulls = new Map<ColumnId, ReturnType<typeof nullRange>>(outputOf(side).map((column) => [column.id, nullRange(column.type)]))
  return (outcomeOf(term, (id) => nulls.get(id)) & CAN_BE_TRUE) === 0
}
