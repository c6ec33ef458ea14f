/**
 * Which of TRUE, FALSE and NULL a predicate can yield over rows of which only ranges are known. Outcomes are a set of
 * three bits, so that SQL's three-valued logic stays exact under NOT, AND and OR:
 *
 *   x > 5 over x in [7, 9] without NULL        →  TRUE            (every row passes)
 *   x > 5 over x in [1, 4], some NULL          →  FALSE | NULL    (no row passes)
 *   NOT (x > 5) over the same                  →  TRUE | NULL
 *   f(x) over anything                         →  TRUE | FALSE | NULL
 *
 * The set may be too large, never too small. A row on which the predicate fails yields none of them.
 */
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import { castPreimage } from './cast-preimage.ts'
import type { ColumnId, ComparisonOperator, Expr, InList, Like } from './expression.ts'
import { functionRange } from './function-range.ts'
import { castRange } from './range-cast.ts'
import { compareBounds, isAlwaysNull, nullRange, onlyValue, rangeOfValue, unknownRange, type ValueRange } from './value-range.ts'

/** Undefined: nothing is known of the column. */
export type ColumnRanges = (id: ColumnId) => ValueRange | undefined

export const CAN_BE_TRUE = 1
export const CAN_BE_FALSE = 2
export const CAN_BE_NULL = 4
const ANY = CAN_BE_TRUE | CAN_BE_FALSE | CAN_BE_NULL

/** A set of the three bits above. */
export type Outcome = number

export function outcomeOf(predicate: Expr, columns: ColumnRanges): Outcome {
  switch (predicate.kind) {
    case 'literal':
    case 'column':
      return outcomeOfBoolean(rangeOf(predicate, columns))
    case 'not':
      return negate(outcomeOf(predicate.value, columns))
    case 'logical': {
      const join = predicate.operator === 'and' ? both : either
      const decided = predicate.operator === 'and' ? CAN_BE_FALSE : CAN_BE_TRUE
      let outcome: Outcome = predicate.operator === 'and' ? CAN_BE_TRUE : CAN_BE_FALSE
      for (const term of predicate.terms) {
        outcome = join(outcome, outcomeOf(term, columns))
        if (outcome === decided) return outcome
      }
      return outcome
    }
    case 'comparison':
      return compareRanges(predicate.operator, rangeOf(predicate.left, columns), rangeOf(predicate.right, columns))
    case 'between': {
      const value = rangeOf(predicate.value, columns)
      return both(compareRanges('>=', value, rangeOf(predicate.low, columns)), compareRanges('<=', value, rangeOf(predicate.high, columns)))
    }
    case 'in-list':
      return outcomeOfInList(predicate, columns)
    case 'like':
      return outcomeOfLike(predicate, columns)
    case 'is-null': {
      const range = rangeOf(predicate.value, columns)
      return (range.nulls ? CAN_BE_TRUE : 0) | (range.values || range.nans ? CAN_BE_FALSE : 0)
    }
    case 'distinct-from': {
      const outcome = outcomeOfDistinct(rangeOf(predicate.left, columns), rangeOf(predicate.right, columns))
      return predicate.negated ? negate(outcome) : outcome
    }
    case 'coalesce': {
      let outcome: Outcome = CAN_BE_NULL
      for (const arg of predicate.args) {
        if ((outcome & CAN_BE_NULL) === 0) break
        outcome = (outcome & ~CAN_BE_NULL) | outcomeOf(arg, columns)
      }
      return outcome
    }
    case 'try':
      return outcomeOf(predicate.value, columns) | CAN_BE_NULL
    case 'exists':
      return CAN_BE_TRUE | CAN_BE_FALSE
    default:
      return outcomeOfBoolean(rangeOf(predicate, columns))
  }
}

/** The range of any expression's values; unknown for kinds that are not looked into. */
export function rangeOf(expr: Expr, columns: ColumnRanges): ValueRange {
  switch (expr.kind) {
    case 'literal':
      return rangeOfValue(expr.type, expr.value)
    case 'column':
      return columns(expr.id) ?? unknownRange(expr.type)
    case 'cast':
      return castWithExclusions(rangeOf(expr.value, columns), expr.type, expr.safe)
    case 'call': {
      const args = expr.args.map((arg) => boundsOnly(rangeOf(arg, columns)))
      if (expr.function.strict && args.some(isAlwaysNull)) return nullRange(expr.type)
      return functionRange(expr, args) ?? unknownRange(expr.type)
    }
    default:
      return unknownRange(expr.type)
  }
}

function castWithExclusions(range: ValueRange, type: Type, safe: boolean): ValueRange {
  const cast = castRange(range, type, safe)
  const { excludes } = range
  if (excludes === undefined) return cast
  return { ...cast, excludes: (value) => castPreimage(value, range.type, type)?.every(excludes) ?? false }
}

/** What a function's values are told from. */
function boundsOnly(range: ValueRange): ValueRange {
  if (range.excludes === undefined) return range
  const { excludes: _, ...bounds } = range
  return bounds
}

function outcomeOfBoolean(range: ValueRange): Outcome {
  const nulls = range.nulls ? CAN_BE_NULL : 0
  if (!range.values) return nulls
  return nulls | (range.max === false ? 0 : CAN_BE_TRUE) | (range.min === true ? 0 : CAN_BE_FALSE)
}

const negate = (outcome: Outcome): Outcome =>
  (outcome & CAN_BE_NULL) | (outcome & CAN_BE_TRUE ? CAN_BE_FALSE : 0) | (outcome & CAN_BE_FALSE ? CAN_BE_TRUE : 0)

/** AND of every pair of outcomes. */
function both(left: Outcome, right: Outcome): Outcome {
  const outcome = (left & right & CAN_BE_TRUE) | (left && right ? (left | right) & CAN_BE_FALSE : 0)
  const notFalse = CAN_BE_TRUE | CAN_BE_NULL
  return (left | right) & CAN_BE_NULL && left & notFalse && right & notFalse ? outcome | CAN_BE_NULL : outcome
}
const either = (left: Outcome, right: Outcome): Outcome => negate(both(negate(left), negate(right)))

function compareRanges(operator: ComparisonOperator, left: ValueRange, right: ValueRange): Outcome {
  let outcome: Outcome = left.nulls || right.nulls ? CAN_BE_NULL : 0
  // NaN is unordered: only <> holds for it.
  if ((left.nans && (right.values || right.nans)) || (right.nans && left.values)) {
    outcome |= operator === '<>' ? CAN_BE_TRUE : CAN_BE_FALSE
  }
  if (!left.values || !right.values) return outcome
  const less = canBeLess(left, right)
  const greater = canBeLess(right, left)
  const equal = canMeet(left, right)
  const add = (holds: boolean, fails: boolean): Outcome => outcome | (holds ? CAN_BE_TRUE : 0) | (fails ? CAN_BE_FALSE : 0)
  switch (operator) {
    case '=':
      return add(equal, less || greater)
    case '<>':
      return add(less || greater, equal)
    case '<':
      return add(less, equal || greater)
    case '<=':
      return add(less || equal, greater)
    case '>':
      return add(greater, equal || less)
    case '>=':
      return add(greater || equal, less)
  }
}

function order(type: Type, left: Value | undefined, right: Value | undefined): number | undefined {
  return left === undefined || right === undefined ? undefined : compareBounds(type, left, right)
}
const canBeLess = (left: ValueRange, right: ValueRange): boolean => (order(left.type, left.min, right.max) ?? -1) < 0
const canMeet = (left: ValueRange, right: ValueRange): boolean =>
  (order(left.type, left.min, right.max) ?? 0) <= 0 &&
  (order(left.type, right.min, left.max) ?? 0) <= 0 &&
  !isExcluded(left, right) &&
  !isExcluded(right, left)

function isExcluded({ excludes }: ValueRange, other: ValueRange): boolean {
  const value = excludes === undefined ? undefined : onlyValue(other)
  return value !== undefined && excludes?.(value) === true
}

/** IS DISTINCT FROM: NULLs are equal to each other; NaN to NaN as well. */
function outcomeOfDistinct(left: ValueRange, right: ValueRange): Outcome {
  let outcome: Outcome = 0
  if (left.nulls && right.nulls) outcome |= CAN_BE_FALSE
  if ((left.nulls && (right.values || right.nans)) || (right.nulls && (left.values || left.nans))) outcome |= CAN_BE_TRUE
  if ((left.nans && right.values) || (right.nans && left.values)) outcome |= CAN_BE_TRUE
  if (left.nans && right.nans) outcome |= CAN_BE_TRUE | CAN_BE_FALSE
  if (left.values && right.values) {
    if (canMeet(left, right)) outcome |= CAN_BE_FALSE
    if (canBeLess(left, right) || canBeLess(right, left)) outcome |= CAN_BE_TRUE
  }
  return outcome
}

interface SortedItems {
  readonly values: readonly Value[]
  readonly hasNull: boolean
  readonly hasNan: boolean
}
const sortedItems = new WeakMap<InList, SortedItems | 'not constant'>()

/** Items that are all constants, in order, so that lists of thousands cost a binary search a row group. */
function sortItems(list: InList): SortedItems | 'not constant' {
  let sorted = sortedItems.get(list)
  if (sorted !== undefined) return sorted
  const constants = list.items.flatMap((item) => (item.kind === 'literal' ? [item.value] : []))
  const [first] = constants.filter((value) => value !== null)
  if (constants.length < list.items.length || (first !== undefined && compareBounds(list.value.type, first, first) === undefined)) {
    sorted = 'not constant'
  } else {
    const values = constants.filter((value) => value !== null && !Number.isNaN(value))
    values.sort((a, b) => compareBounds(list.value.type, a, b) ?? 0)
    sorted = { values, hasNull: constants.includes(null), hasNan: constants.some((value) => Number.isNaN(value)) }
  }
  sortedItems.set(list, sorted)
  return sorted
}

function outcomeOfInList(list: InList, columns: ColumnRanges): Outcome {
  const value = rangeOf(list.value, columns)
  const items = sortItems(list)
  if (items === 'not constant') {
    return list.items.reduce((outcome, item) => either(outcome, compareRanges('=', value, rangeOf(item, columns))), CAN_BE_FALSE)
  }
  let outcome: Outcome = value.nulls ? CAN_BE_NULL : 0
  // Without a match, a NULL among the items makes the answer NULL.
  const missed = items.hasNull ? CAN_BE_NULL : CAN_BE_FALSE
  if (value.nans) outcome |= missed
  if (!value.values) return outcome
  const hit = hasItemIn(items.values, value)
  const single = order(value.type, value.min, value.max) === 0
  if (hit) outcome |= CAN_BE_TRUE
  return single && hit ? outcome : outcome | missed
}

/** Whether one of the sorted items lies within the bounds and may occur. */
function hasItemIn(items: readonly Value[], range: ValueRange): boolean {
  for (let at = firstNotBelow(items, range); at < items.length; at++) {
    const item = items[at] as Value
    if ((order(range.type, item, range.max) ?? 0) > 0) return false
    if (range.excludes?.(item) !== true) return true
  }
  return false
}

/** Index of the first item that is not below the range. */
function firstNotBelow(items: readonly Value[], range: ValueRange): number {
  if (range.min === undefined) return 0
  let low = 0
  let high = items.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((compareBounds(range.type, items[middle] as Value, range.min) ?? 0) < 0) low = middle + 1
    else high = middle
  }
  return low
}

/** Decides by the pattern's text before its first wildcard: every match begins with it. */
function outcomeOfLike(like: Like, columns: ColumnRanges): Outcome {
  const value = rangeOf(like.value, columns)
  const { pattern } = like
  if (isAlwaysNull(value)) return CAN_BE_NULL
  if (pattern.kind !== 'literal' || value.type.kind !== 'varchar') return ANY
  if (pattern.value === null) return CAN_BE_NULL
  const parsed = parsePattern(pattern.value as string, like.escape)
  if (parsed === undefined) return ANY
  const { prefix, rest } = parsed
  const outcome: Outcome = value.nulls ? CAN_BE_NULL : 0
  if (!value.values) return outcome
  if (rest === 'nothing') return compareRanges('=', value, rangeOfValue(value.type, prefix))
  const low = value.min === undefined ? undefined : headOf(value.min as string, prefix)
  const high = value.max === undefined ? undefined : headOf(value.max as string, prefix)
  const type = value.type
  const possible = (order(type, low, prefix) ?? 0) <= 0 && (order(type, prefix, high) ?? 0) <= 0
  const certain = rest === 'anything' && low === prefix && high === prefix
  return outcome | (possible ? CAN_BE_TRUE : 0) | (certain ? 0 : CAN_BE_FALSE)
}

const headOf = (text: string, prefix: string): string => [...text].slice(0, [...prefix].length).join('')

interface LikePattern {
  readonly prefix: string
  /** What may follow: nothing, anything at all (`prefix%`), or something that is not looked into. */
  readonly rest: 'nothing' | 'anything' | 'pattern'
}

/** Undefined for an escape that is not a constant, or one that the kernel will refuse. */
function parsePattern(pattern: string, escapeExpr: Expr | undefined): LikePattern | undefined {
  if (escapeExpr !== undefined && (escapeExpr.kind !== 'literal' || typeof escapeExpr.value !== 'string')) return undefined
  const escapeWith = escapeExpr?.kind === 'literal' ? (escapeExpr.value as string) : undefined
  let prefix = ''
  const symbols = [...pattern]
  for (let at = 0; at < symbols.length; at++) {
    const symbol = symbols[at] as string
    if (symbol === escapeWith) {
      const next = symbols[++at]
      if (next !== '%' && next !== '_' && next !== escapeWith) return undefined
      prefix += next
    } else if (symbol === '%' || symbol === '_') {
      return { prefix, rest: symbols.slice(at).every((other) => other === '%') ? 'anything' : 'pattern' }
    } else prefix += symbol
  }
  return { prefix, rest: 'nothing' }
}
