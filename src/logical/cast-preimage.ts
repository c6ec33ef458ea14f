/** Casts backwards, where they are exact: what reading a file's column as a wider type, or a coercion, made a value of. */
import { MICROS_PER_DAY } from '#src/types/calendar'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'

const INTEGERS: ReadonlySet<string> = new Set(['tinyint', 'smallint', 'integer', 'bigint'])

/**
 * The values x of `from` with CAST(x AS to) = `value`, which is neither NULL nor NaN: one, or none; one that lies beyond `from`
 * may be among them. Undefined where there may be several (strings cut to varchar(n), padded char, rounded numbers and
 * timestamps), and for types that are not looked into.
 */
export function castPreimage(value: Value, from: Type, to: Type): readonly Value[] | undefined {
  switch (to.kind) {
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return INTEGERS.has(from.kind) ? [value] : undefined
    case 'decimal': {
      if (from.kind !== 'decimal' && !INTEGERS.has(from.kind)) return undefined
      return quotient(value as bigint, to.scale - (from.kind === 'decimal' ? from.scale : 0))
    }
    case 'real':
    case 'double':
      if (to.kind === 'double' ? DOUBLE_EXACT.has(from.kind) : REAL_EXACT.has(from.kind))
        return Number.isInteger(value) ? [BigInt(value as number)] : []
      return from.kind === 'real' || from.kind === to.kind ? [value] : undefined
    case 'varchar': {
      // A text that fills varchar(n) may be what was cut off a longer one.
      const whole = to.length === undefined || [...(value as string)].length < to.length
      return from.kind === 'varchar' && whole ? [value] : undefined
    }
    case 'timestamp':
      if (from.kind === 'date') return quotientBy(value as bigint, MICROS_PER_DAY)
      return from.kind === 'timestamp' && from.precision <= to.precision ? [value] : undefined
    case 'time':
      return from.kind === 'time' && from.precision <= to.precision ? [value] : undefined
    case 'date':
    case 'uuid':
    case 'varbinary':
      return from.kind === to.kind ? [value] : undefined
    default:
      return undefined
  }
}

/** Integers that are not rounded: 2^53 and 2^24 are beyond them. */
const DOUBLE_EXACT: ReadonlySet<string> = new Set(['tinyint', 'smallint', 'integer'])
const REAL_EXACT: ReadonlySet<string> = new Set(['tinyint', 'smallint'])

/** A decimal's unscaled value with so many digits fewer. */
const quotient = (value: bigint, digits: number): readonly Value[] | undefined =>
  digits < 0 ? undefined : quotientBy(value, 10n ** BigInt(digits))

const quotientBy = (value: bigint, by: bigint): readonly Value[] => (value % by === 0n ? [value / by] : [])
