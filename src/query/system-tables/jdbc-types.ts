/** Trino types as JDBC's DatabaseMetaData describes them: codes of java.sql.Types, sizes, digits. */
import { unreachable } from '#src/common/errors'
import type { Type } from '#src/types/type'

/** null: JDBC has nothing to say. */
export interface JdbcType {
  /** A constant of java.sql.Types. */
  readonly code: bigint
  /** Digits, characters or bytes. */
  readonly size: bigint | null
  /** Digits of the fraction. */
  readonly digits: bigint | null
  readonly radix: bigint | null
  /** Most bytes of a text, which Trino counts as characters. */
  readonly octets: bigint | null
}

const UNBOUNDED = 2_147_483_647n
/** Characters of the longest name of a time zone. */
const LONGEST_ZONE = 32n

const jdbc = (code: bigint, more: Partial<JdbcType> = {}): JdbcType => ({
  code,
  size: null,
  digits: null,
  radix: null,
  octets: null,
  ...more,
})

/** A time's or timestamp's size: a point before the fraction, if there is one. */
const temporal = (code: bigint, base: bigint, precision: number, after = 0n): JdbcType =>
  jdbc(code, { size: base + (precision > 0 ? 1n : 0n) + BigInt(precision) + after, digits: BigInt(precision) })

export function jdbcType(type: Type): JdbcType {
  switch (type.kind) {
    case 'boolean':
      return jdbc(16n)
    case 'bigint':
      return jdbc(-5n, { size: 19n, radix: 10n })
    case 'integer':
      return jdbc(4n, { size: 10n, radix: 10n })
    case 'smallint':
      return jdbc(5n, { size: 5n, radix: 10n })
    case 'tinyint':
      return jdbc(-6n, { size: 3n, radix: 10n })
    case 'real':
      return jdbc(7n, { size: 24n, radix: 2n })
    case 'double':
      return jdbc(8n, { size: 53n, radix: 2n })
    case 'decimal':
      return jdbc(3n, { size: BigInt(type.precision), digits: BigInt(type.scale), radix: 10n })
    case 'varchar': {
      const length = type.length === undefined ? UNBOUNDED : BigInt(type.length)
      return jdbc(12n, { size: length, octets: length })
    }
    case 'char':
      return jdbc(1n, { size: BigInt(type.length), octets: BigInt(type.length) })
    case 'varbinary':
      return jdbc(-3n, { size: UNBOUNDED, octets: UNBOUNDED })
    case 'date':
      return jdbc(91n, { size: 14n })
    case 'time':
      return temporal(92n, 8n, type.precision)
    case 'time with time zone':
      return temporal(2013n, 8n, type.precision, 6n)
    case 'timestamp':
      return temporal(93n, 21n, type.precision)
    case 'timestamp with time zone':
      return temporal(2014n, 22n, type.precision, 1n + LONGEST_ZONE)
    case 'array':
      return jdbc(2003n)
    case 'map':
    case 'row':
    case 'json':
    case 'uuid':
    case 'ipaddress':
    case 'unknown':
    case 'interval day to second':
    case 'interval year to month':
    case 'function':
      return jdbc(2000n)
    default:
      return unreachable(type)
  }
}
