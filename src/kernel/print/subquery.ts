/** IN and quantified comparisons over a subquery's only column, three-valued. */
import type { QuantifiedComparison } from '#src/logical/expression'
import type { Type } from '#src/types/type'
import { equalityKey, isNative } from '../representation.ts'
import { printComparison, printEqual, printIdentical } from './compare.ts'
import { mayHaveLambda } from './outer-columns.ts'

/**
 * `select` gives one column of the value's type.
 * @param use a filter whose whole condition it is joins by `=`; everywhere else the value is looked up in a set
 */
export function printInSubquery(value: string, type: Type, select: string, use: 'filter' | 'value' = 'value'): string {
  switch (type.kind) {
    case 'real':
    case 'double':
      // NaN equals nothing; without NaNs on the right side the kernel's IN agrees.
      return `(${value} IN (SELECT x FROM (${select}) AS s(x) WHERE isnan(x) IS NOT TRUE))`
    case 'row':
    case 'array':
    case 'map': {
      const some = (condition: Condition) => printSome(value, select, condition)
      if (use === 'filter') return some((own) => printEqual(own, 'x', type))
      // Trino looks the value up in a set: NULLs inside are equal to NULLs, only a value that is NULL itself leaves it open.
      return `CASE WHEN ${value} IS NULL THEN CASE WHEN ${some(() => 'true')} THEN NULL ELSE false END WHEN ${some((own) => printIdentical(own, 'x', type))} THEN true WHEN ${some(() => 'x IS NULL')} THEN NULL ELSE false END`
    }
    default:
      if (isNative(type)) return `(${value} IN (${select}))`
      return `(${equalityKey(value, type)} IN (SELECT ${equalityKey('x', type)} FROM (${select}) AS s(x)))`
  }
}

/** Three-valued: ALL of no rows is true, ANY of none false. */
export function printQuantified(expr: QuantifiedComparison, value: string, select: string): string {
  const { type } = expr.value
  const { operator, quantifier } = expr
  if (operator === '=' && quantifier === 'any') return printInSubquery(value, type, select)
  if (operator === '<>' && quantifier === 'all') return `(NOT ${printInSubquery(value, type, select)})`
  const native = printComparison(operator, 'a', 'b', type) === `(a ${operator} b)`
  if (native) return `(${value} ${operator} ${quantifier.toUpperCase()} (${select}))`
  if ((type.kind === 'double' || type.kind === 'real') && operator !== '=' && operator !== '<>') {
    return printFloatQuantified(operator, quantifier, value, type, select)
  }
  const compared: Condition = (own) => printComparison(operator, own, 'x', type)
  const some = (condition: Condition) => printSome(value, select, condition)
  const [decided, otherwise] = quantifier === 'any' ? ['true', 'false'] : ['false', 'true']
  const decides: Condition = quantifier === 'any' ? compared : (own) => `NOT ${compared(own)}`
  return `CASE WHEN ${some(decides)} THEN ${decided} WHEN ${some((own) => `(${compared(own)}) IS NULL`)} THEN NULL ELSE ${otherwise} END`
}

/** A condition over the subquery's `x` and the text of the value beside it. */
type Condition = (value: string) => string

/** Whether the condition is true for some row of the subquery. */
function printSome(value: string, select: string, condition: Condition): string {
  const sql = condition(value)
  if (!mayHaveLambda(sql)) return `EXISTS (SELECT 1 FROM (${select}) AS s(x) WHERE ${sql})`
  return `EXISTS (SELECT 1 FROM (SELECT x, ${value} AS v FROM (${select}) AS s(x)) AS s WHERE ${condition('v')})`
}

/** By the least or the greatest number of the subquery: NaN, for which no comparison is true, is counted apart. */
function printFloatQuantified(
  operator: '<' | '<=' | '>' | '>=',
  quantifier: 'all' | 'any',
  value: string,
  type: Type,
  select: string,
): string {
  const extreme = (operator === '>' || operator === '>=') === (quantifier === 'all') ? 'max' : 'min'
  const facts = `SELECT struct_pack(n := count(*), v := count(x), m := ${extreme}(CASE WHEN NOT isnan(x) THEN x END), nan := count(CASE WHEN isnan(x) THEN 1 END)) FROM (${select}) AS s(x)`
  const compared = printComparison(operator, 'q.x', 'q.s.m', type)
  const decided =
    quantifier === 'all'
      ? `WHEN q.s.n = 0 THEN true WHEN q.x IS NULL THEN NULL WHEN q.s.nan > 0 OR NOT ${compared} THEN false WHEN q.s.v < q.s.n THEN NULL ELSE true`
      : `WHEN q.s.n = 0 THEN false WHEN q.x IS NULL THEN NULL WHEN ${compared} THEN true WHEN q.s.v < q.s.n THEN NULL ELSE false`
  return `list_transform([struct_pack(x := ${value}, s := (${facts}))], lambda q: CASE ${decided} END)[1]`
}
