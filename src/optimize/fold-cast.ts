import { literal } from '#src/logical/build'
import type { Cast, Expr, Literal } from '#src/logical/expression'
import { castExactly } from '#src/logical/range-cast'
import { tryParseLiteral } from '#src/types/literal'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'

/** CAST of a constant where the result is certain; a text that does not denote a value is left to fail when it is reached. */
export function foldCast(cast: Cast, constant: Literal): Expr {
  const value = castConstant(constant, cast.type)
  return value === undefined ? cast : literal(cast.type, value)
}

/** Undefined: it fails, or its value is not known here. */
export function castConstant({ type: from, value }: Literal, to: Type): Value | undefined {
  if (from.kind === 'varchar' && typeof value === 'string' && READ_FROM_TEXT.has(to.kind)) {
    // Which blanks are forgiven differs from type to type: the kernel's cast knows.
    return value === value.trim() ? tryParseLiteral(value, to) : undefined
  }
  return castExactly(value, from, to)
}

/** Not those with a zone: a text without one means the session's. */
const READ_FROM_TEXT: ReadonlySet<string> = new Set([
  'boolean',
  'tinyint',
  'smallint',
  'integer',
  'bigint',
  'real',
  'double',
  'decimal',
  'date',
  'time',
  'timestamp',
])
