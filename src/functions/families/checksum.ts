/** checksum: the sum of the values' hashes, so that their order does not matter. */
import { QueryError } from '#src/common/errors'
import { formatType } from '#src/types/format'
import type { Type } from '#src/types/type'
import { aggregate, kernelAggregate } from '../definition.ts'
import type { AggregateForm } from '../function.ts'

/** The value's share in the sum, as a BIGINT; undefined for types whose hash is not known. */
function shareOf(value: string, type: Type): string | undefined {
  switch (type.kind) {
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'boolean':
    case 'interval day to second':
    case 'interval year to month':
      return `weir_checksum_of_integer(CAST(${value} AS BIGINT))`
    case 'date':
      return `weir_checksum_of_integer(CAST(${value} - DATE '1970-01-01' AS BIGINT))`
    case 'timestamp':
      return `weir_checksum_of_integer(epoch_us(${value}))`
    case 'double':
      return `weir_checksum_of_double(${value})`
    case 'varchar':
      return `weir_checksum_of_bytes(encode(${value}))`
    case 'varbinary':
      return `weir_checksum_of_bytes(${value})`
    default:
      return undefined
  }
}

/** What a NULL adds: the multiplier alone, as a BIGINT. */
const NULL_SHARE = '-7046029288634856825'

const sumOfHashes: AggregateForm = ([value = ''], types, clauses) => {
  const type = types.arguments[0] as Type
  const share = shareOf(value, type)
  if (share === undefined) throw new QueryError('NOT_SUPPORTED', `checksum of ${formatType(type)} is not supported`, { at: types.at })
  const sum = kernelAggregate('sum', [`CAST(CASE WHEN ${value} IS NULL THEN ${NULL_SHARE} ELSE ${share} END AS HUGEINT)`], clauses)
  return `weir_checksum_bytes(CAST(${sum} AS VARCHAR))`
}

export const checksumAggregates = aggregate('checksum(T) -> varbinary', 'Sum of hashes, in any order', sumOfHashes)
