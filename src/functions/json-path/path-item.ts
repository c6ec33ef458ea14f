/** Items of the sequences that a path gives: JSON, or values of SQL's types. */
import { type DecimalType, decimal, type Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import { isArray, isNumber, isObject, type JsonNode, MISSING } from '../json/json-node.ts'

export type PathItem = { readonly kind: 'json'; readonly node: JsonNode } | SqlItem

export interface SqlItem {
  readonly kind: 'sql'
  readonly type: Type
  /** Never NULL: that is JSON's null. */
  readonly value: Value
}

/** Why a path has no result. */
export class PathEvaluationError extends Error {}

export const json = (node: JsonNode): PathItem => ({ kind: 'json', node })
export const sql = (type: Type, value: Value): SqlItem => ({ kind: 'sql', type, value })

const INT_LIMIT = 2n ** 31n

/** The SQL value of a JSON number, text or truth value; undefined for null, arrays and objects. */
export function scalarOf(item: PathItem): SqlItem | undefined {
  if (item.kind === 'sql') return item
  const { node } = item
  if (typeof node === 'boolean') return sql({ kind: 'boolean' }, node)
  if (typeof node === 'string') return sql({ kind: 'varchar', length: undefined }, node)
  return numberOf(item)
}

/** The same for numbers only. @throws PathEvaluationError for an integer beyond bigint */
export function numberOf(item: PathItem): SqlItem | undefined {
  if (item.kind === 'sql') return isNumericType(item.type) ? item : undefined
  const { node } = item
  if (node === null || typeof node !== 'object' || !isNumber(node)) return undefined
  switch (node.kind) {
    case 'integer':
      if (node.value >= -INT_LIMIT && node.value < INT_LIMIT) return sql({ kind: 'integer' }, node.value)
      if (BigInt.asIntN(64, node.value) === node.value) return sql({ kind: 'bigint' }, node.value)
      throw new PathEvaluationError('value too big')
    case 'double':
      return sql({ kind: 'double' }, node.value)
    case 'real':
      return sql({ kind: 'real' }, node.value)
    case 'decimal':
      return sql(decimalOf(node.unscaled, node.scale), node.unscaled)
  }
}

const decimalOf = (unscaled: bigint, scale: number): DecimalType => {
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().length
  if (Math.max(digits, scale) > 38) throw new PathEvaluationError('precision too big')
  return decimal(Math.max(digits, scale), scale)
}

export function isNumericType({ kind }: Type): boolean {
  return (
    kind === 'tinyint' ||
    kind === 'smallint' ||
    kind === 'integer' ||
    kind === 'bigint' ||
    kind === 'real' ||
    kind === 'double' ||
    kind === 'decimal'
  )
}

/** What a message calls an item. */
export function itemName(item: PathItem): string {
  if (item.kind === 'sql') return item.type.kind
  const { node } = item
  if (node === null) return 'NULL'
  if (isArray(node)) return 'ARRAY'
  if (isObject(node)) return 'OBJECT'
  if (node === MISSING) return 'MISSING'
  return typeof node === 'boolean' ? 'BOOLEAN' : typeof node === 'string' ? 'STRING' : 'NUMBER'
}
