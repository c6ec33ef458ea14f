/** What follows from columns being equal: `a.x = b.y AND a.x > 5` gives `b.y > 5`. */
import { columnRef } from '#src/logical/build'
import { hasSubquery, isDeterministic } from '#src/logical/expr-properties'
import { collectColumns } from '#src/logical/expr-walk'
import type { ColumnId, ColumnRef, Expr } from '#src/logical/expression'
import { sameType } from '#src/types/format'
import { substitute } from './substitute.ts'

/**
 * Types whose equal values no expression can tell apart. Not doubles (0.0 = -0.0, yet 1/x differs), nor zoned timestamps
 * (equal instants in different zones), nor what holds such values.
 */
const INTERCHANGEABLE: ReadonlySet<string> = new Set([
  'boolean',
  'tinyint',
  'smallint',
  'integer',
  'bigint',
  'decimal',
  'varchar',
  'varbinary',
  'date',
  'timestamp',
  'uuid',
])

/** Classes of columns that the terms make equal; each with two members or more. */
export function equalColumns(terms: readonly Expr[]): readonly (readonly ColumnRef[])[] {
  let classes: ColumnRef[][] = []
  for (const term of terms) {
    if (term.kind !== 'comparison' || term.operator !== '=') continue
    const { left, right } = term
    if (left.kind !== 'column' || right.kind !== 'column' || !INTERCHANGEABLE.has(left.type.kind) || !sameType(left.type, right.type))
      continue
    const touched = classes.filter((members) => members.some(({ id }) => id === left.id || id === right.id))
    const merged = new Map([...touched.flat(), left, right].map((member) => [member.id, member]))
    classes = [...classes.filter((members) => !touched.includes(members)), [...merged.values()]]
  }
  return classes
}

/** The terms that name one column of a class only, said of the class's columns among `wanted`. */
export function inferFromEqualities(
  terms: readonly Expr[],
  classes: readonly (readonly ColumnRef[])[],
  wanted: ReadonlySet<ColumnId>,
): readonly Expr[] {
  const inferred: Expr[] = []
  for (const term of terms) {
    const columns = new Set<ColumnId>()
    collectColumns(term, columns)
    const [id] = columns
    if (id === undefined || columns.size !== 1 || hasSubquery(term) || !isDeterministic(term)) continue
    for (const member of classes.find((members) => members.some((other) => other.id === id)) ?? []) {
      if (member.id !== id && wanted.has(member.id)) inferred.push(substitute(term, new Map([[id, columnRef(member)]])))
    }
  }
  return inferred
}
