/** Values of expressions that are known when they are printed. */
import type { Expr } from '#src/logical/expression'
import { sameType } from '#src/types/format'
import { formatDecimal } from '#src/types/format-value'
import { tryParseLiteral } from '#src/types/literal'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'

/** The value of a literal or an array of literals, through casts that can be told here; undefined for everything else. */
export function constantOf(expr: Expr): Value | undefined {
  if (expr.kind === 'literal') return expr.value
  if (expr.kind === 'array') {
    const items = expr.items.map(constantOf)
    return items.includes(undefined) ? undefined : (items as Value[])
  }
  if (expr.kind !== 'cast') return undefined
  const value = constantOf(expr.value)
  return value === undefined ? undefined : castConstant(value, expr.value.type, expr.type)
}

function castConstant(value: Value, from: Type, to: Type): Value | undefined {
  if (value === null) return null
  if (from.kind === 'varchar') return parsedConstant(value as string, to)
  if (from.kind === 'array' && to.kind === 'array') {
    const items = (value as readonly Value[]).map((item) =>
      sameType(from.element, to.element) ? item : castConstant(item, from.element, to.element),
    )
    return items.includes(undefined) ? undefined : (items as Value[])
  }
  if (from.kind === 'decimal' && to.kind === 'double') return Number(formatDecimal(value as bigint, from.scale))
  if (isIntegerType(from) && to.kind === 'decimal') {
    const unscaled = (value as bigint) * 10n ** BigInt(to.scale)
    return unscaled < 10n ** BigInt(to.precision) && -unscaled < 10n ** BigInt(to.precision) ? unscaled : undefined
  }
  return isIntegerType(from) && isIntegerType(to) && BigInt.asIntN(bitsOf(to), value as bigint) === value ? value : undefined
}

const INTEGER_BITS = new Map([
  ['tinyint', 8],
  ['smallint', 16],
  ['integer', 32],
  ['bigint', 64],
])
const isIntegerType = (type: Type) => INTEGER_BITS.has(type.kind)
const bitsOf = (type: Type) => INTEGER_BITS.get(type.kind) ?? 0

/** Types whose literals are worth reading here: a failing cast of a constant would keep the kernel from pruning by it. */
function parsedConstant(text: string, to: Type): Value | undefined {
  switch (to.kind) {
    case 'varchar':
    case 'char':
    case 'date':
    case 'timestamp':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'decimal':
    case 'double':
      return tryParseLiteral(text, to)
    default:
      return undefined
  }
}
