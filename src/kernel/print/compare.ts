/**
 * Comparisons by Trino's rules. Numbers other than floating point, texts and times print as the kernel's own operators,
 * so that its zone maps, filter pushdown and hash joins apply. NaN is equal to nothing and below and above nothing; rows
 * and arrays compare part by part, with NULL where a NULL inside leaves it open.
 */
import type { ComparisonOperator } from '#src/logical/expression'
import type { MapType, Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import { equalityKey, fieldName, isNative, orderKey } from '../representation.ts'

/** The operands' values where they are literals. */
export interface ComparedConstants {
  readonly left: Value | undefined
  readonly right: Value | undefined
}

const NO_CONSTANTS: ComparedConstants = { left: undefined, right: undefined }

/** Fails at run time where a NULL inside arrays or rows decides their order. */
export function printComparison(
  operator: ComparisonOperator,
  left: string,
  right: string,
  type: Type,
  constants: ComparedConstants = NO_CONSTANTS,
): string {
  if (operator === '=') return printEqual(left, right, type, constants)
  if (operator === '<>') return isPlain(type) ? `(${left} <> ${right})` : `(NOT ${printEqual(left, right, type, constants)})`
  switch (type.kind) {
    case 'real':
    case 'double':
      return printFloatOrder(operator, left, right, constants)
    case 'array':
    case 'row':
      return printNestedOrder(operator, left, right, type)
    default:
      return `(${orderKey(left, type)} ${operator} ${orderKey(right, type)})`
  }
}

/** Whether the kernel's `=` on stored values is Trino's. */
function isPlain(type: Type): boolean {
  return isNative(type) && type.kind !== 'real' && type.kind !== 'double' && type.kind !== 'array' && type.kind !== 'row'
}

const isNumber = (value: Value | undefined) => typeof value === 'number' && !Number.isNaN(value)

/** Three-valued `=`. */
export function printEqual(left: string, right: string, type: Type, constants: ComparedConstants = NO_CONSTANTS): string {
  switch (type.kind) {
    case 'real':
    case 'double':
      if (isNumber(constants.left) || isNumber(constants.right)) return `(${left} = ${right})`
      // The first half is what a hash join needs; the second is NULL or true unless both are NaN.
      return `(${left} = ${right} AND NOT (isnan(${left}) AND isnan(${right})))`
    case 'array': {
      const items = `list_transform(list_zip(${left}, ${right}), lambda p: ${printEqual('p[1]', 'p[2]', type.element)})`
      // list_zip takes a NULL for an empty list.
      return `CASE WHEN len(${left}) <> len(${right}) THEN false WHEN ${left} IS NULL OR ${right} IS NULL THEN NULL ELSE weir_all(${items}) END`
    }
    case 'row': {
      const fields = type.fields.map((field, index) =>
        printEqual(`(${left}).${fieldName(index)}`, `(${right}).${fieldName(index)}`, field.type),
      )
      return `CASE WHEN ${left} IS NULL OR ${right} IS NULL THEN NULL ELSE (${fields.join(' AND ')}) END`
    }
    case 'map': {
      const entry = entryName(left + right)
      const keyed = `list_transform(map_entries(${left}), lambda ${entry}: ${mapEntryEqual(entry, right, type)})`
      return `CASE WHEN cardinality(${left}) <> cardinality(${right}) THEN false WHEN ${left} IS NULL OR ${right} IS NULL THEN NULL ELSE weir_all(${keyed}) END`
    }
    default:
      return `(${equalityKey(left, type)} = ${equalityKey(right, type)})`
  }
}

/** A lambda parameter that the texts, which stand inside the lambda, do not name. */
function entryName(texts: string): string {
  let depth = 0
  for (const match of texts.matchAll(/\be(\d+)\./g)) depth = Math.max(depth, Number(match[1]))
  return `e${depth + 1}`
}

/** Whether the other map has the entry's key with an equal value. */
function mapEntryEqual(entry: string, other: string, type: MapType): string {
  const matches = `list_filter(map_entries(${other}), lambda o: ${printEqual('o.key', `${entry}.key`, type.key)})`
  return `CASE WHEN len(${matches}) = 0 THEN false ELSE ${printEqual(`${entry}.value`, `${matches}[1].value`, type.value)} END`
}

/** IS NOT DISTINCT FROM: never NULL, NaN is NaN. */
export function printIdentical(left: string, right: string, type: Type): string {
  return `(${equalityKey(left, type)} IS NOT DISTINCT FROM ${equalityKey(right, type)})`
}

/** The kernel sorts NaN behind infinity: what lies above a number is bounded by infinity. */
function printFloatOrder(operator: '<' | '<=' | '>' | '>=', left: string, right: string, constants: ComparedConstants): string {
  if (operator === '>' || operator === '>=') {
    return printFloatOrder(operator === '>' ? '<' : '<=', right, left, { left: constants.right, right: constants.left })
  }
  const compared = `${left} ${operator} ${right}`
  if (isNumber(constants.right)) return `(${compared})`
  if (isNumber(constants.left)) return `(${compared} AND ${right} <= CAST('Infinity' AS DOUBLE))`
  return `(${compared} AND NOT (${compared} AND isnan(${right})))`
}

/** A NULL inside is an error in Trino as soon as it decides. */
function printNestedOrder(operator: '<' | '<=' | '>' | '>=', left: string, right: string, type: Type & { kind: 'array' | 'row' }): string {
  const failed = `error('WEIR|NOT_SUPPORTED|${type.kind === 'array' ? 'ARRAY comparison not supported for arrays with null elements' : 'ROW comparison not supported for fields with null elements'}')`
  const order = `list_transform([${printOrder(left, right, type, 1)}], lambda d: CASE WHEN d = ${OPEN} THEN ${failed} ELSE d ${operator} 0 END)[1]`
  return `CASE WHEN ${left} IS NOT NULL AND ${right} IS NOT NULL THEN ${order} END`
}

/** What printOrder gives where a NULL decides. */
const OPEN = 2

/** -1, 0 or 1 as the left value, neither is NULL, sorts before, with or behind the right one; OPEN where a NULL decides. */
function printOrder(left: string, right: string, type: Type, depth: number): string {
  const part = (a: string, b: string, inner: Type) => {
    const order = printOrder(a, b, inner, depth + 1)
    return `CASE WHEN ${a} IS NULL OR ${b} IS NULL THEN ${OPEN} ELSE ${order} END`
  }
  const firstOf = (orders: string, otherwise: string) => `coalesce(list_filter(${orders}, lambda d: d <> 0)[1], ${otherwise})`
  switch (type.kind) {
    case 'array': {
      const p = `p${depth}`
      const shorter = `least(len(${left}), len(${right}))`
      const pairs = `list_zip(${left}[1:${shorter}], ${right}[1:${shorter}])`
      const orders = `list_transform(${pairs}, lambda ${p}: ${part(`${p}[1]`, `${p}[2]`, type.element)})`
      return firstOf(orders, `sign(len(${left}) - len(${right}))`)
    }
    case 'row': {
      const orders = type.fields.map((field, index) => part(`(${left}).${fieldName(index)}`, `(${right}).${fieldName(index)}`, field.type))
      return firstOf(`[${orders.join(', ')}]`, '0')
    }
    default: {
      const [a, b] = [orderKey(left, type), orderKey(right, type)]
      return `CASE WHEN ${a} < ${b} THEN -1 WHEN ${a} > ${b} THEN 1 ELSE 0 END`
    }
  }
}
