/** IN and quantified comparisons over a subquery's only column, three-valued. */
import type { QuantifiedComparison } from '#src/logical/expression'
import type { Type } from '#src/types/type'
import { equalityKey, isNative } from '../representation.ts'
import { printComparison, printEqual, printIdentical } from './compare.ts'
import { mayHaveLambda } from './outer-columns.ts'

/** A filter whose whole condition it is joins by `=`; everywhere else the value is looked up in a set. */
export type SubqueryUse = 'filter' | 'value'

/** `select` gives one column of the value's type. */
export function printInSubquery(value: string, type: Type, select: string, use: SubqueryUse): string {
  switch (type.kind) {
    case 'real':
    case 'double':
      // In Trino's set, as in the kernel's, NaN is found; joined by `=` it equals nothing.
      return use === 'value' ? `(${value} IN (${select}))` : `(${value} IN (SELECT x FROM (${select}) AS s(x) WHERE isnan(x) IS NOT TRUE))`
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

const isNested = ({ kind }: Type): boolean => kind === 'row' || kind === 'array' || kind === 'map'

/** Three-valued: ALL of no rows is true, ANY of none false. */
export function printQuantified(expr: QuantifiedComparison, value: string, select: string, use: SubqueryUse): string {
  const { type } = expr.value
  const { operator, quantifier } = expr
  if (operator === '=' && quantifier === 'any') return printInSubquery(value, type, select, use)
  if (operator === '<>' && quantifier === 'all') return `(NOT ${printInSubquery(value, type, select, 'value')})`
  const isFloat = type.kind === 'double' || type.kind === 'real'
  if (isFloat || ((operator === '=' || operator === '<>') && !isNested(type))) return printByExtremes(expr, value, select)
  const native = printComparison(operator, 'a', 'b', type) === `(a ${operator} b)`
  if (native) return `(${value} ${operator} ${quantifier.toUpperCase()} (${select}))`
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

/**
 * By the least and the greatest value of the subquery, as Trino does: `NULL = ALL (1, 2)` is false. Its min and max pass over
 * NaN where there is anything else (seen in 476), so that `5 = ALL (5, NaN)` is true.
 */
function printByExtremes({ operator, quantifier, value: { type } }: QuantifiedComparison, value: string, select: string): string {
  const isFloat = type.kind === 'double' || type.kind === 'real'
  const key = isFloat ? 'CASE WHEN NOT isnan(x) THEN x END' : equalityKey('x', type)
  const nan = isFloat ? 'count(CASE WHEN isnan(x) THEN 1 END)' : '0'
  const facts = `SELECT struct_pack(n := count(*), v := count(x), low := min(${key}), high := max(${key}), nan := ${nan}) FROM (${select}) AS s(x)`
  const [decided, otherwise] = quantifier === 'any' ? ['true', 'false'] : ['false', 'true']
  const onlyNan = '(q.s.nan > 0 AND q.s.nan = q.s.v)'
  const whens: string[] = [`WHEN q.s.n = 0 THEN ${otherwise}`]
  if (operator === '=' || operator === '<>') {
    const equal = isFloat ? printEqual('q.x', 'q.s.low', type) : `(${equalityKey('q.x', type)} = q.s.low)`
    whens.push(`WHEN ${onlyNan} OR q.s.low <> q.s.high THEN ${decided}`, 'WHEN q.x IS NULL THEN NULL', `WHEN NOT ${equal} THEN ${decided}`)
  } else {
    const side = (operator === '<' || operator === '<=') === (quantifier === 'all') ? 'low' : 'high'
    const holds = printComparison(operator, 'q.x', `q.s.${side}`, type)
    const decides = quantifier === 'all' ? `${onlyNan} OR NOT ${holds}` : holds
    whens.push('WHEN q.x IS NULL THEN NULL', `WHEN ${decides} THEN ${decided}`)
  }
  whens.push('WHEN q.s.v < q.s.n THEN NULL')
  return `list_transform([struct_pack(x := ${value}, s := (${facts}))], lambda q: CASE ${whens.join(' ')} ELSE ${otherwise} END)[1]`
}
