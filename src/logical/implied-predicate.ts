/** Weaker predicates over fewer columns. */
import { and, conjuncts, not, or } from './build.ts'
import { hasSubquery, isDeterministic } from './expr-properties.ts'
import { collectColumns } from './expr-walk.ts'
import type { ColumnId, Expr } from './expression.ts'

/**
 * A predicate over `known` columns only that is true wherever the given one is: the given one itself if it names no
 * others; undefined when none follows.
 *
 *   over key:  (key = 1 AND x > 5) OR (key = 2 AND y < 3)   →  key = 1 OR key = 2
 *   over key:  NOT (key = 1 OR x > 5)                       →  NOT key = 1
 *   over key:  key = 1 OR x > 5                             →  undefined
 *
 * Parts that are random or hold subqueries imply nothing.
 */
export function impliedPredicate(predicate: Expr, known: (id: ColumnId) => boolean): Expr | undefined {
  return implied(predicate, known, false)
}

function implied(expr: Expr, known: (id: ColumnId) => boolean, negated: boolean): Expr | undefined {
  // As a whole where possible: term by term, constants (`AND NULL`) would be lost.
  if (namesOnly(expr, known)) return negated ? not(expr) : expr
  if (expr.kind === 'not') return implied(expr.value, known, !negated)
  if (expr.kind === 'logical') {
    const terms = expr.terms.map((term) => implied(term, known, negated))
    const present = terms.filter((term) => term !== undefined)
    if ((expr.operator === 'and') === negated) return present.length === terms.length ? or(...present) : undefined
    return present.length === 0 ? undefined : and(...present)
  }
  return undefined
}

/** Whether the expression is deterministic, without subqueries, and names `known` columns only (and at least one). */
export function namesOnly(expr: Expr, known: (id: ColumnId) => boolean): boolean {
  const columns = new Set<ColumnId>()
  collectColumns(expr, columns)
  if (columns.size === 0 || hasSubquery(expr) || !isDeterministic(expr)) return false
  for (const id of columns) if (!known(id)) return false
  return true
}

/** Conjuncts over `known` columns that follow from a predicate. */
export function impliedConjuncts(predicate: Expr, known: (id: ColumnId) => boolean): readonly Expr[] {
  const found = impliedPredicate(predicate, known)
  return found === undefined ? [] : conjuncts(found)
}
