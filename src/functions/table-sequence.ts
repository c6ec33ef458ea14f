/** The numbers of the table function `sequence`, which has other rules than the scalar function of that name. */

import { BIGINT } from '#src/types/type'
import { bindAmong } from './bind.ts'
import { scalar } from './definition.ts'
import type { BoundScalar } from './function.ts'
import { raise } from './kernel-error.ts'

/** They are made at once, and need eight bytes each. */
const MOST_NUMBERS = 50_000_000

const missing = (name: string): string => raise('INVALID_FUNCTION_ARGUMENT', `${name} is null`)
const wrongStep = (sign: string): string =>
  `error('WEIR|INVALID_FUNCTION_ARGUMENT|Step must be ${sign} for sequence [' || $1 || ', ' || $2 || ']')`

const definitions = scalar(
  'sequence(bigint, bigint, bigint) -> array(bigint)',
  'Numbers from one to another',
  `CASE WHEN $1 IS NULL THEN ${missing('Start')} WHEN $2 IS NULL THEN ${missing('Stop')} WHEN $3 IS NULL THEN ${missing('Step')}
    WHEN $1 = $2 THEN [$1] WHEN $1 < $2 AND $3 <= 0 THEN ${wrongStep('positive')} WHEN $1 > $2 AND $3 >= 0 THEN ${wrongStep('negative')}
    WHEN (CAST($2 AS HUGEINT) - $1) // $3 >= ${MOST_NUMBERS} THEN ${raise('NOT_SUPPORTED', `A sequence of more than ${MOST_NUMBERS} numbers is not supported`)}
    ELSE generate_series($1, $2, $3) END`,
  { strict: false },
)

/** A function of start, stop and step; fails for NULLs and for steps that do not lead from start to stop. */
export const tableSequence = (): BoundScalar => bindAmong('sequence', definitions, [BIGINT, BIGINT, BIGINT], undefined) as BoundScalar
