/** IN and quantified comparisons over a subquery's only column, three-valued. */
import { QueryError } from '#src/common/errors'
import type { QuantifiedComparison } from '#src/logical/expression'
import { formatType } from '#src/types/format'
import type { Type } from '#src/types/type'
import { equalityKey, isNative } from '../representation.ts'
import { printComparison, printEqual } from './compare.ts'

/** `select` gives one column of the value's type. */
export function printInSubquery(value: string, type: Type, select: string): string {
  switch (type.kind) {
    case 'real':
    case 'double':
      // NaN equals nothing; without NaNs on the right side the kernel's IN agrees.
      return `(${value} IN (SELECT x FROM (${select}) AS s(x) WHERE isnan(x) IS NOT TRUE))`
    case 'row':
    case 'array':
    case 'map': {
      const equal = printEqual(value, 'x', type)
      const some = (condition: string) => `EXISTS (SELECT 1 FROM (${select}) AS s(x) WHERE ${condition})`
      return `CASE WHEN ${some(equal)} THEN true WHEN ${some(`(${equal}) IS NULL`)} THEN NULL ELSE false END`
    }
    default:
      if (isNative(type)) return `(${value} IN (${select}))`
      return `(${equalityKey(value, type)} IN (SELECT ${equalityKey('x', type)} FROM (${select}) AS s(x)))`
  }
}

/** @throws NOT_SUPPORTED for types that the kernel does not compare as Trino does */
export function printQuantified(expr: QuantifiedComparison, value: string, select: string): string {
  const { type } = expr.value
  if (expr.operator === '=' && expr.quantifier === 'any') return printInSubquery(value, type, select)
  if (expr.operator === '<>' && expr.quantifier === 'all') return `(NOT ${printInSubquery(value, type, select)})`
  const native = printComparison(expr.operator, 'a', 'b', type) === `(a ${expr.operator} b)`
  if (!native)
    throw new QueryError('NOT_SUPPORTED', `${expr.operator} ${expr.quantifier.toUpperCase()} is not supported over ${formatType(type)}`)
  return `(${value} ${expr.operator} ${expr.quantifier.toUpperCase()} (${select}))`
}
