/** Conversions that only INSERT makes. */
import { formatType } from '#src/types/format'
import type { CharType, Type, VarcharType } from '#src/types/type'
import type { BoundScalar } from './function.ts'
import { raise } from './kernel-error.ts'

/**
 * Text into a shorter column: blanks at the end are cut off, anything else fails the statement, where CAST would cut it off
 * (Trino's LogicalPlanner.noTruncationCast).
 */
export function textForInsert(from: CharType | VarcharType, to: Type & { readonly length: number }): BoundScalar {
  const failure = raise(
    'INVALID_CAST_ARGUMENT',
    `Cannot truncate non-space characters when casting from ${formatType(from)} to ${formatType(to)} on INSERT`,
  )
  return {
    kind: 'scalar',
    name: 'text_for_insert',
    argumentTypes: [from],
    type: to,
    deterministic: true,
    strict: true,
    form: ([value = ''], { kernel }) =>
      `CASE WHEN length(rtrim(${value}, ' ')) > ${to.length} THEN ${failure} ELSE ${kernel.cast(value, from, to)} END`,
  }
}
