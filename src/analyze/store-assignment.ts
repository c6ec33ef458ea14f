/** Whether and how a query's values go into a table's columns (Trino's StatementAnalyzer.visitInsert). */
import { textForInsert } from '#src/functions/store-assignment'
import { coerce } from '#src/logical/coerce'
import type { Expr } from '#src/logical/expression'
import { canCoerce, commonSuperType } from '#src/types/coercion'
import { sameType } from '#src/types/format'
import type { Type } from '#src/types/type'

/** A type whose values may have to be narrowed; only texts inside of arrays, maps and rows must fit as they are. */
export function isAssignable(from: Type, to: Type): boolean {
  return hasNestedBoundedText(to) ? canCoerce(from, to) : commonSuperType(from, to) !== undefined
}

/** The value in the column's type; fails when it runs where a value does not fit. */
export function assign(value: Expr, to: Type): Expr {
  const from = value.type
  if (sameType(from, to)) return value
  const isText = from.kind === 'varchar' || from.kind === 'char'
  if (isText && (to.kind === 'varchar' || to.kind === 'char') && to.length !== undefined && (from.length ?? Infinity) > to.length)
    return { kind: 'call', type: to, function: textForInsert(from, { ...to, length: to.length }), args: [value] }
  return coerce(value, to)
}

function hasNestedBoundedText(type: Type): boolean {
  const bounded = (inner: Type): boolean =>
    inner.kind === 'char' || (inner.kind === 'varchar' && inner.length !== undefined) || hasNestedBoundedText(inner)
  switch (type.kind) {
    case 'array':
      return bounded(type.element)
    case 'map':
      return bounded(type.key) || bounded(type.value)
    case 'row':
      return type.fields.some((field) => bounded(field.type))
    default:
      return false
  }
}
