/** Small constructors of typed expressions and the source of ids. */
import { formatType } from '#src/types/format'
import { BOOLEAN, type Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import type { Case, Column, ColumnId, ColumnRef, Comparison, ComparisonOperator, Expr, Literal } from './expression.ts'
import type { Assignment } from './plan.ts'

/** Gives out ids that are unique in one plan; columns, scans and CTEs share the sequence. */
export interface IdGenerator {
  next(): number
  column(name: string, type: Type): Column
}

/** `after`: the highest id in use, when a plan that exists already is extended. */
export function createIds(after: ColumnId = 0): IdGenerator {
  let last = after
  const next = (): number => ++last
  return { next, column: (name, type) => ({ id: next(), name, type }) }
}

export const literal = (type: Type, value: Value): Literal => ({ kind: 'literal', type, value })
export const TRUE: Literal = Object.freeze(literal(BOOLEAN, true))
export const FALSE: Literal = Object.freeze(literal(BOOLEAN, false))
export const nullOf = (type: Type): Literal => literal(type, null)
export const columnRef = (column: Column): ColumnRef => ({ kind: 'column', type: column.type, id: column.id, name: column.name })
/** A Project's entry that hands a column on under its own id. */
export const passThrough = (column: Column): Assignment => ({ column, value: columnRef(column) })

export const isTrue = (expr: Expr): boolean => expr.kind === 'literal' && expr.value === true
export const isFalse = (expr: Expr): boolean => expr.kind === 'literal' && expr.value === false
export const isNullLiteral = (expr: Expr): boolean => expr.kind === 'literal' && expr.value === null

/** Same type, or an explicit cast around. */
export function cast(value: Expr, type: Type): Expr {
  if (value.type === type || formatType(value.type) === formatType(type)) return value
  return { kind: 'cast', type, value, safe: false }
}

/** One WHEN … THEN of a Case. */
export const caseBranch = (when: Expr, then: Expr): Case['whens'][number] => ({ when, then })

export const comparison = (operator: ComparisonOperator, left: Expr, right: Expr): Comparison => ({
  kind: 'comparison',
  type: BOOLEAN,
  operator,
  left,
  right,
})
export const not = (value: Expr): Expr => ({ kind: 'not', type: BOOLEAN, value })
export const isNull = (value: Expr): Expr => ({ kind: 'is-null', type: BOOLEAN, value })

/** The terms of nested ANDs in their order; an expression that is no AND is its only term. */
export function conjuncts(expr: Expr): readonly Expr[] {
  return expr.kind === 'logical' && expr.operator === 'and' ? expr.terms.flatMap(conjuncts) : [expr]
}
/** The terms of nested ORs in their order. */
export function disjuncts(expr: Expr): readonly Expr[] {
  return expr.kind === 'logical' && expr.operator === 'or' ? expr.terms.flatMap(disjuncts) : [expr]
}

/** Flattened conjunction; TRUE when there are no terms, the term itself when there is one. */
export function and(...terms: readonly Expr[]): Expr {
  const flat = terms.flatMap(conjuncts).filter((term) => !isTrue(term))
  if (flat.length === 0) return TRUE
  return flat.length === 1 && flat[0] ? flat[0] : { kind: 'logical', type: BOOLEAN, operator: 'and', terms: flat }
}
/** Flattened disjunction; FALSE when there are no terms. */
export function or(...terms: readonly Expr[]): Expr {
  const flat = terms.flatMap(disjuncts).filter((term) => !isFalse(term))
  if (flat.length === 0) return FALSE
  return flat.length === 1 && flat[0] ? flat[0] : { kind: 'logical', type: BOOLEAN, operator: 'or', terms: flat }
}
