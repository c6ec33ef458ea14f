/** Functions that need OVER. Ranks and positions are the kernel's; their counts are Trino's bigint. */
import { windowFunction } from '../definition.ts'
import type { AggregateForm } from '../function.ts'
import { raise } from '../kernel-error.ts'

/** The value function of the kernel with its arguments guarded; a literal that is fine needs no guard. */
const positive =
  (name: string, message: string, minimum: bigint): AggregateForm =>
  (args, { constants }, { nulls, suffix }) => {
    const [value, position, ...rest] = args
    if (position === undefined) return `${name}(${value}${nulls})${suffix}`
    const constant = constants[1]
    const safe = typeof constant === 'bigint' && constant >= minimum
    const missing =
      name === 'nth_value' ? '' : `WHEN ${position} IS NULL THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'Offset must not be null')} `
    const guarded = safe
      ? position
      : `CASE ${missing}WHEN ${position} < ${minimum} THEN ${raise('INVALID_FUNCTION_ARGUMENT', message)} ELSE ${position} END`
    return `${name}(${[value, guarded, ...rest].join(', ')}${nulls})${suffix}`
  }

export const windowFunctions = [
  windowFunction('row_number() -> bigint', 'Number of the row within its partition, from 1', 'row_number'),
  windowFunction('rank() -> bigint', 'Rank of the row with gaps', 'rank'),
  windowFunction('dense_rank() -> bigint', 'Rank of the row without gaps', 'dense_rank'),
  windowFunction('percent_rank() -> double', 'Rank of the row as a fraction of the partition', 'percent_rank'),
  windowFunction('cume_dist() -> double', 'Share of rows that are not behind this one', 'cume_dist'),
  windowFunction(
    'ntile(bigint) -> bigint',
    'Number of the bucket when the partition is cut into n',
    ([count], { constants }, { suffix }) => {
      const constant = constants[0]
      if (typeof constant === 'bigint' && constant > 0n) return `ntile(${count})${suffix}`
      return `ntile(CASE WHEN ${count} <= 0 THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'Buckets must be greater than 0')} ELSE ${count} END)${suffix}`
    },
  ),
  windowFunction(
    ['lag(T) -> T', 'lag(T, bigint) -> T', 'lag(T, bigint, T) -> T'],
    'Value of an earlier row',
    positive('lag', 'Offset must be at least 0', 0n),
  ),
  windowFunction(
    ['lead(T) -> T', 'lead(T, bigint) -> T', 'lead(T, bigint, T) -> T'],
    'Value of a later row',
    positive('lead', 'Offset must be at least 0', 0n),
  ),
  windowFunction('first_value(T) -> T', "Value of the frame's first row", 'first_value'),
  windowFunction('last_value(T) -> T', "Value of the frame's last row", 'last_value'),
  windowFunction('nth_value(T, bigint) -> T', "Value of the frame's n-th row", positive('nth_value', 'Offset must be at least 1', 1n)),
].flat()
