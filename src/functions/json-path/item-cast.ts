/** CAST of an item to the type that JSON_VALUE returns, and items as JSON. */
import { canCast } from '#src/types/coercion'
import { formatDecimal, formatValue } from '#src/types/format-value'
import { tryParseLiteral } from '#src/types/literal'
import { DOUBLE, type Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import type { JsonNode } from '../json/json-node.ts'
import { divideHalfUp, toNumber } from './path-arithmetic.ts'
import { isNumericType, type PathItem, type SqlItem } from './path-item.ts'

const BITS: Readonly<Record<string, number>> = { tinyint: 8, smallint: 16, integer: 32, bigint: 64 }

/** The value in the type; undefined where it has none. */
export function castItem(item: SqlItem, to: Type): Value | undefined {
  const { type, value } = item
  if (!canCast(type, to)) return undefined
  const isText = type.kind === 'varchar' || type.kind === 'char'
  switch (to.kind) {
    case 'varchar': {
      const text = formatValue(value, type)
      if (to.length === undefined || [...text].length <= to.length) return text
      return isText ? [...text].slice(0, to.length).join('') : undefined
    }
    case 'char':
      return isText ? [...(value as string)].slice(0, to.length).join('').replace(/ +$/, '') : undefined
    case 'boolean':
      if (isText) return tryParseLiteral(value as string, to)
      return isNumericType(type) ? toNumber(item) !== 0 : value
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return isText ? tryParseLiteral(value as string, to) : integer(item, BITS[to.kind] as number)
    case 'double':
    case 'real': {
      if (isText) return tryParseLiteral(value as string, to)
      const number = typeof value === 'boolean' ? Number(value) : toNumber(item)
      return to.kind === 'real' ? Math.fround(number) : number
    }
    case 'decimal':
      return tryParseLiteral(isText ? (value as string) : numberText(item), to)
    default:
      if (isText) return tryParseLiteral(value as string, to)
      return type.kind === to.kind ? tryParseLiteral(formatValue(value, type), to) : undefined
  }
}

function numberText({ type, value }: SqlItem): string {
  if (typeof value === 'boolean') return value ? '1' : '0'
  return type.kind === 'decimal' ? formatDecimal(value as bigint, type.scale) : String(value)
}

function integer({ type, value }: SqlItem, bits: number): bigint | undefined {
  const whole = wholeOf(type, value)
  return whole !== undefined && BigInt.asIntN(bits, whole) === whole ? whole : undefined
}

/** Halves are rounded away from zero. */
function wholeOf(type: Type, value: Value): bigint | undefined {
  if (typeof value === 'boolean') return value ? 1n : 0n
  if (typeof value === 'bigint') return type.kind === 'decimal' ? divideHalfUp(value, 10n ** BigInt(type.scale)) : value
  if (typeof value !== 'number' || !Number.isFinite(value)) return undefined
  const size = Math.floor(Math.abs(value)) + (Math.abs(value) % 1 >= 0.5 ? 1 : 0)
  return BigInt(Math.sign(value) * size)
}

/** The item as JSON; undefined for dates, times and the like. */
export function nodeOf(item: PathItem): JsonNode | undefined {
  if (item.kind === 'json') return item.node
  const { type, value } = item
  switch (type.kind) {
    case 'boolean':
      return value as boolean
    case 'varchar':
      return value as string
    case 'char':
      return formatValue(value, type)
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return { kind: 'integer', value: value as bigint }
    case 'real':
    case 'double':
      return { kind: type.kind, value: value as number }
    case 'decimal':
      return { kind: 'decimal', unscaled: value as bigint, scale: type.scale }
    default:
      return undefined
  }
}

/** A value's text that the kernel casts from varchar. */
export function castText(value: Value, type: Type): string {
  return typeof value === 'number' ? formatValue(value, DOUBLE) : formatValue(value, type)
}
