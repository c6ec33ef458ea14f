/** All functions in JavaScript that a kernel process registers. */

import { type ErrorName, QueryError } from '#src/common/errors'
import { KERNEL_ERROR_MARK } from '../kernel-error.ts'
import { BYTES } from './bytes.ts'
import { CHECKSUMS } from './checksums.ts'
import { type ComputedFunction, computed } from './computed-function.ts'
import { DIGESTS } from './digests.ts'
import { DISTRIBUTIONS } from './distributions.ts'
import { FORMATS } from './format.ts'
import { JSONS } from './json.ts'
import { JSON_TABLES } from './json-table.ts'
import { LIKES } from './like.ts'
import { LISTAGG } from './listagg.ts'
import { MOMENT_PATTERNS } from './moment-patterns.ts'
import { NUMBERS } from './numbers.ts'
import { NUMERIC_HISTOGRAMS } from './numeric-histogram.ts'
import { PRECISE_MATH } from './precise-math.ts'
import { REGEXPS } from './regexps.ts'
import { SQL_JSONS } from './sql-json.ts'
import { TEXTS } from './texts.ts'
import { URLS } from './urls.ts'

/** Fails with a message that carries its name already; stands for the kernel's error(). */
const RAISE = computed('weir_raise', ['VARCHAR'], 'BOOLEAN', (message) => {
  throw raisedError(message)
})

export const COMPUTED_FUNCTIONS: readonly ComputedFunction[] = [
  ...URLS,
  ...MOMENT_PATTERNS,
  ...DIGESTS,
  ...REGEXPS,
  ...TEXTS,
  ...BYTES,
  ...FORMATS,
  ...JSONS,
  ...SQL_JSONS,
  ...JSON_TABLES,
  ...NUMERIC_HISTOGRAMS,
  ...CHECKSUMS,
  ...LISTAGG,
  ...DISTRIBUTIONS,
  ...LIKES,
  ...NUMBERS,
  ...PRECISE_MATH,
  RAISE,
]

function raisedError(message: string): QueryError {
  const [name = '', ...rest] = message.slice(KERNEL_ERROR_MARK.length).split('|')
  return new QueryError(name as ErrorName, rest.join('|'))
}
