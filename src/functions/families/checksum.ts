/** checksum: the sum of the values' hashes, so that their order does not matter. */
import { unreachable } from '#src/common/errors'
import type { Type } from '#src/types/type'
import { unscaled } from '../decimal-form.ts'
import { aggregate, kernelAggregate } from '../definition.ts'
import type { AggregateForm, CallTypes } from '../function.ts'

/** The value's share in the sum, as a BIGINT. */
function shareOf(value: string, type: Type, types: CallTypes): string {
  switch (type.kind) {
    case 'double':
      return `weir_checksum_of_double(${value})`
    case 'varchar':
      return `weir_checksum_of_bytes(encode(${value}))`
    case 'varbinary':
      return `weir_checksum_of_bytes(${value})`
    default: {
      const long = longOf(value, type, types)
      if (long !== undefined) return `weir_checksum_of_integer(${long})`
      return `weir_checksum_share(${hashOf(value, type, 'weir_hash_of_long', types)})`
    }
  }
}

/** Values that Trino keeps in 64 bits, as a BIGINT. */
function longOf(value: string, type: Type, types: CallTypes): string | undefined {
  switch (type.kind) {
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'interval day to second':
    case 'interval year to month':
      return `CAST(${value} AS BIGINT)`
    case 'date':
      return `CAST(${value} - DATE '1970-01-01' AS BIGINT)`
    case 'timestamp':
      return `epoch_us(${value})`
    case 'timestamp with time zone':
      return type.precision <= 3 ? `weir_floor_div(epoch_us(CAST((${value}).t AS TIMESTAMP)), 1000)` : undefined
    case 'time':
      return `(epoch_us(${value}) * 1000000)`
    case 'time with time zone':
      return `(${types.kernel.equalityKey(value, type)} * 1000)`
    case 'decimal':
      return type.precision <= 18 ? `CAST(${unscaled({ sql: value, ...type })} AS BIGINT)` : undefined
    case 'real':
      return `weir_float_bits(${value})`
    case 'double':
      return `weir_double_bits(${value})`
    default:
      return undefined
  }
}

/**
 * The value's hash. Rows hash their fields by another function than arrays and maps do their elements, `long` is the one for
 * numbers of 64 bits; that of all others is the same.
 */
function hashOf(value: string, type: Type, long: 'weir_hash_of_long' | 'weir_hash_mixed', types: CallTypes): string {
  const number = longOf(value, type, types)
  if (number !== undefined) return `${long}(${number})`
  switch (type.kind) {
    case 'boolean':
      return `weir_hash_of_long(CAST(${value} AS BIGINT))`
    case 'decimal':
      return `weir_hash_of_int128(CAST(${unscaled({ sql: value, ...type })} AS VARCHAR))`
    case 'varchar':
    case 'char':
    case 'json':
      return `weir_hash_of_bytes(encode(${value}))`
    case 'varbinary':
      return `weir_hash_of_bytes(${value})`
    case 'timestamp with time zone':
      return `weir_hash_of_micros(epoch_us(CAST((${value}).t AS TIMESTAMP)))`
    case 'uuid':
      return `weir_hash_of_halves(from_hex(replace(CAST(${value} AS VARCHAR), '-', '')))`
    case 'ipaddress':
      return `weir_hash_of_halves(${value})`
    case 'array': {
      const hashes = `list_transform(${value}, lambda h: coalesce(${hashOf('h', type.element, long, types)}, 0))`
      return `list_reduce(${hashes}, lambda a, b: weir_hash_next(a, b), CAST(0 AS BIGINT))`
    }
    case 'map': {
      const part = (name: string, of: Type): string => `coalesce(${hashOf(name, of, long, types)}, 0)`
      const entries = `list_transform(map_entries(${value}), lambda h: xor(${part('h.key', type.key)}, ${part('h.value', type.value)}))`
      return `weir_hash_wrapped(CAST(coalesce(list_sum(${entries}), 0) AS VARCHAR))`
    }
    case 'row':
      return type.fields.reduce((hash, field, index) => {
        const own = hashOf(`struct_extract_at(${value}, ${index + 1})`, field.type, 'weir_hash_mixed', types)
        return `weir_hash_next(${hash}, coalesce(${own}, 0))`
      }, `CASE WHEN ${value} IS NOT NULL THEN CAST(1 AS BIGINT) END`)
    case 'unknown':
    case 'function':
      return 'CAST(NULL AS BIGINT)'
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'double':
    case 'date':
    case 'time':
    case 'time with time zone':
    case 'timestamp':
    case 'interval day to second':
    case 'interval year to month':
      // These are numbers of 64 bits.
      return 'CAST(NULL AS BIGINT)'
  }
  return unreachable(type)
}

/** What a NULL adds: the multiplier alone, as a BIGINT. */
const NULL_SHARE = '-7046029288634856825'

const sumOfHashes: AggregateForm = ([value = ''], types, clauses) => {
  const share = shareOf(value, types.arguments[0] as Type, types)
  const sum = kernelAggregate('sum', [`CAST(CASE WHEN ${value} IS NULL THEN ${NULL_SHARE} ELSE ${share} END AS HUGEINT)`], clauses)
  return `weir_checksum_bytes(CAST(${sum} AS VARCHAR))`
}

export const checksumAggregates = aggregate('checksum(T) -> varbinary', 'Sum of hashes, in any order', sumOfHashes)
