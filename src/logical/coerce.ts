/** Implicit conversions as explicit casts; those of constants are done at once where the result depends on nothing else. */
import { formatType, sameType } from '#src/types/format'
import type { DecimalType, Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import { cast, literal } from './build.ts'
import type { Expr } from './expression.ts'

const observers = new WeakMap<Expr, (type: Type) => void>()

/** A constant that stands for a value that is not known yet: `told` learns the type that its place gives it. */
export function observeCoercion(expr: Expr, told: (type: Type) => void): void {
  observers.set(expr, told)
}

/** The expression as a value of `type`, which it must convert to implicitly. */
export function coerce(expr: Expr, type: Type): Expr {
  if (expr.kind === 'literal') observers.get(expr)?.(type)
  if (sameType(expr.type, type)) return expr
  if (expr.kind === 'literal') {
    const value = coerceValue(expr.value, expr.type, type)
    if (value !== undefined) return literal(type, value)
  }
  return cast(expr, type)
}

/** The same constant in the wider type; undefined when it cannot be told without running the cast (session zone, padding, rounding). */
export function coerceValue(value: Value, from: Type, to: Type): Value | undefined {
  if (value === null) return null
  switch (from.kind) {
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return coerceInteger(value as bigint, to)
    case 'decimal':
      if (to.kind === 'decimal' && to.scale >= from.scale) return within((value as bigint) * 10n ** BigInt(to.scale - from.scale), to)
      return to.kind === 'double' ? decimalToNumber(value as bigint, from.scale) : undefined
    case 'real':
      return to.kind === 'double' ? value : undefined
    case 'varchar':
      if (to.kind === 'char') return (value as string).replace(/ +$/, '')
      return to.kind === 'varchar' ? value : undefined
    case 'date':
      return to.kind === 'timestamp' ? (value as bigint) * 86_400_000_000n : undefined
    case 'timestamp':
    case 'time':
      return to.kind === from.kind && to.precision >= from.precision ? value : undefined
    case 'timestamp with time zone':
      return to.kind === from.kind && to.precision >= from.precision ? value : undefined
    case 'array':
      return to.kind === 'array' ? coerceItems(value as readonly Value[], () => [from.element, to.element]) : undefined
    case 'row':
      return to.kind === 'row'
        ? coerceItems(value as readonly Value[], (index) => [from.fields[index]?.type ?? from, to.fields[index]?.type ?? to])
        : undefined
    default:
      return undefined
  }
}

function coerceItems(items: readonly Value[], types: (index: number) => readonly [Type, Type]): readonly Value[] | undefined {
  const coerced: Value[] = []
  for (const [index, item] of items.entries()) {
    const [from, to] = types(index)
    const value = formatType(from) === formatType(to) ? item : coerceValue(item, from, to)
    if (value === undefined) return undefined
    coerced.push(value)
  }
  return coerced
}

function coerceInteger(value: bigint, to: Type): Value | undefined {
  switch (to.kind) {
    case 'smallint':
    case 'integer':
    case 'bigint':
      return value
    case 'decimal':
      return within(value * 10n ** BigInt(to.scale), to)
    case 'double':
      return Number(value)
    case 'real':
      return Math.fround(Number(value)) === Number(value) ? Number(value) : undefined
    default:
      return undefined
  }
}

/** Undefined for what the type has no place for, which a widest decimal of more digits behind the point may not have. */
function within(unscaled: bigint, { precision }: DecimalType): bigint | undefined {
  const limit = 10n ** BigInt(precision)
  return unscaled < limit && unscaled > -limit ? unscaled : undefined
}

/** The nearest double: the decimal text is what JavaScript rounds correctly. */
const decimalToNumber = (unscaled: bigint, scale: number): number => Number(`${unscaled}e-${scale}`)
