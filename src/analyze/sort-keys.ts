/** Keys of ORDER BY in its three places, which differ in the words for a type without an order. */
import { type Position, QueryError } from '#src/common/errors'
import type { Expr } from '#src/logical/expression'
import type { SortKey } from '#src/logical/plan'
import type * as ast from '#src/sql/ast'
import { isOrderable } from '#src/types/coercion'
import { formatType } from '#src/types/format'
import { expressionText } from './expression-text.ts'

const keyOf = (value: Expr, item: ast.SortItem): SortKey => ({
  value,
  descending: item.descending,
  nullsFirst: item.nulls === 'first',
})

/** A query's ORDER BY; `at` is where the query's body begins. */
export function orderKey(value: Expr, item: ast.SortItem, at: Position): SortKey {
  if (isOrderable(value.type)) return keyOf(value, item)
  const message = `Type ${formatType(value.type)} is not orderable, and therefore cannot be used in ORDER BY: ${expressionText(item.value)}`
  throw new QueryError('TYPE_MISMATCH', message, { at })
}

/** ORDER BY among the arguments of an aggregate at `at`. */
export function aggregateOrder(value: Expr, item: ast.SortItem, at: Position): SortKey {
  if (isOrderable(value.type)) return keyOf(value, item)
  throw new QueryError('TYPE_MISMATCH', `ORDER BY can only be applied to orderable types (actual: ${formatType(value.type)})`, { at })
}

export function windowOrder(value: Expr, item: ast.SortItem): SortKey {
  if (isOrderable(value.type)) return keyOf(value, item)
  const message = `${formatType(value.type)} is not orderable, and therefore cannot be used in window function ORDER BY`
  throw new QueryError('TYPE_MISMATCH', message, { at: item.at })
}
