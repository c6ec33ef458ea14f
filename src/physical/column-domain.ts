/**
 * The values that a column may have under a predicate, as ranges: what EXPLAIN (TYPE IO) prints.
 *
 *   x > 5 AND x <= 9        (5, 9]
 *   x IN (1, 2) OR x IS NULL   [1, 1], [2, 2] and NULL
 *   lower(x) = 'a'          anything
 */
import { conjuncts, disjuncts } from '#src/logical/build'
import type { ColumnId, ComparisonOperator, Expr } from '#src/logical/expression'
import { compareBounds } from '#src/logical/value-range'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'

interface DomainRange {
  /** Undefined: unbounded. */
  readonly low: DomainBound | undefined
  readonly high: DomainBound | undefined
}
export interface DomainBound {
  readonly value: Value
  readonly inclusive: boolean
}
export interface Domain {
  readonly nulls: boolean
  /** Ascending, not overlapping; empty = no value but NULL. */
  readonly ranges: readonly DomainRange[]
}

const ALL: readonly DomainRange[] = [{ low: undefined, high: undefined }]
const NONE: Domain = { nulls: false, ranges: [] }

/** Undefined: the terms (which must all hold) do not restrict the column. */
export function columnDomain(terms: readonly Expr[], id: ColumnId, type: Type): Domain | undefined {
  const domains = terms.flatMap((term) => domainOf(term, id, type) ?? [])
  return domains.length === 0 ? undefined : domains.reduce((left, right) => intersect(left, right, type))
}

function domainOf(term: Expr, id: ColumnId, type: Type): Domain | undefined {
  const isColumn = (expr: Expr): boolean => expr.kind === 'column' && expr.id === id
  switch (term.kind) {
    case 'comparison': {
      if (isColumn(term.left) && term.right.kind === 'literal') return comparisonDomain(term.operator, term.right.value, type)
      return isColumn(term.right) && term.left.kind === 'literal'
        ? comparisonDomain(MIRRORED[term.operator], term.left.value, type)
        : undefined
    }
    case 'between': {
      if (!isColumn(term.value) || term.low.kind !== 'literal' || term.high.kind !== 'literal') return undefined
      return intersect(comparisonDomain('>=', term.low.value, type), comparisonDomain('<=', term.high.value, type), type)
    }
    case 'in-list': {
      if (!isColumn(term.value) || !term.items.every((item) => item.kind === 'literal')) return undefined
      return term.items
        .map((item) => comparisonDomain('=', item.kind === 'literal' ? item.value : null, type))
        .reduce((left, right) => unite(left, right, type), NONE)
    }
    case 'is-null':
      return isColumn(term.value) ? { nulls: true, ranges: [] } : undefined
    case 'not':
      return term.value.kind === 'is-null' && isColumn(term.value.value) ? { nulls: false, ranges: ALL } : undefined
    case 'logical': {
      if (term.operator === 'and') return columnDomain(conjuncts(term), id, type)
      const parts = disjuncts(term).map((part) => domainOf(part, id, type))
      const known = parts.filter((part) => part !== undefined)
      return known.length < parts.length ? undefined : known.reduce((left, right) => unite(left, right, type), NONE)
    }
    default:
      return undefined
  }
}

const MIRRORED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
}

/** NULL compares as true with nothing; so does NaN, but for `<>`, whose domain is then everything. */
function comparisonDomain(operator: ComparisonOperator, value: Value, type: Type): Domain {
  if (value === null) return NONE
  if (Number.isNaN(value)) return operator === '<>' ? { nulls: false, ranges: ALL } : NONE
  if (compareBounds(type, value, value) === undefined) return { nulls: false, ranges: ALL }
  const open: DomainBound = { value, inclusive: false }
  const closed: DomainBound = { value, inclusive: true }
  const ranges = (): readonly DomainRange[] => {
    switch (operator) {
      case '=':
        return [{ low: closed, high: closed }]
      case '<>':
        return [
          { low: undefined, high: open },
          { low: open, high: undefined },
        ]
      case '<':
        return [{ low: undefined, high: open }]
      case '<=':
        return [{ low: undefined, high: closed }]
      case '>':
        return [{ low: open, high: undefined }]
      case '>=':
        return [{ low: closed, high: undefined }]
    }
  }
  return { nulls: false, ranges: ranges() }
}

function intersect(left: Domain, right: Domain, type: Type): Domain {
  const ranges = left.ranges.flatMap((a) =>
    right.ranges.map((b): DomainRange => ({ low: tighter(a.low, b.low, type, 1), high: tighter(a.high, b.high, type, -1) })),
  )
  return { nulls: left.nulls && right.nulls, ranges: ranges.filter((range) => !isEmpty(range, type)) }
}

/** `direction` 1: the higher of two lower bounds; -1: the lower of two upper bounds. */
function tighter(a: DomainBound | undefined, b: DomainBound | undefined, type: Type, direction: 1 | -1): DomainBound | undefined {
  if (a === undefined || b === undefined) return a ?? b
  const order = (compareBounds(type, a.value, b.value) ?? 0) * direction
  if (order === 0) return a.inclusive ? b : a
  return order > 0 ? a : b
}

function isEmpty({ low, high }: DomainRange, type: Type): boolean {
  if (low === undefined || high === undefined) return false
  const order = compareBounds(type, low.value, high.value) ?? 0
  return order > 0 || (order === 0 && !(low.inclusive && high.inclusive))
}

function unite(left: Domain, right: Domain, type: Type): Domain {
  const sorted = [...left.ranges, ...right.ranges].toSorted((a, b) => compareLows(a.low, b.low, type))
  const merged: DomainRange[] = []
  for (const range of sorted) {
    const last = merged.at(-1)
    if (last === undefined || !touches(last, range, type)) merged.push(range)
    else merged[merged.length - 1] = { low: last.low, high: looser(last.high, range.high, type) }
  }
  return { nulls: left.nulls || right.nulls, ranges: merged }
}

function compareLows(a: DomainBound | undefined, b: DomainBound | undefined, type: Type): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined)
  return (compareBounds(type, a.value, b.value) ?? 0) || Number(b.inclusive) - Number(a.inclusive)
}

/** Whether nothing lies between the end of one range and the beginning of the next. */
function touches(first: DomainRange, next: DomainRange, type: Type): boolean {
  if (first.high === undefined || next.low === undefined) return true
  const order = compareBounds(type, next.low.value, first.high.value) ?? 0
  return order < 0 || (order === 0 && (first.high.inclusive || next.low.inclusive))
}

function looser(a: DomainBound | undefined, b: DomainBound | undefined, type: Type): DomainBound | undefined {
  if (a === undefined || b === undefined) return undefined
  const order = compareBounds(type, a.value, b.value) ?? 0
  if (order === 0) return a.inclusive ? a : b
  return order > 0 ? a : b
}
