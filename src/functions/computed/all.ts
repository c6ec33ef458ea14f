/** All functions in JavaScript that a kernel process registers. */
import { BYTES } from './bytes.ts'
import { CHECKSUMS } from './checksums.ts'
import type { ComputedFunction } from './computed-function.ts'
import { DIGESTS } from './digests.ts'
import { FORMATS } from './format.ts'
import { JSONS } from './json.ts'
import { LISTAGG } from './listagg.ts'
import { REGEXPS } from './regexps.ts'
import { SQL_JSONS } from './sql-json.ts'
import { TEXTS } from './texts.ts'
import { URLS } from './urls.ts'

export const COMPUTED_FUNCTIONS: readonly ComputedFunction[] = [
  ...URLS,
  ...DIGESTS,
  ...REGEXPS,
  ...TEXTS,
  ...BYTES,
  ...FORMATS,
  ...JSONS,
  ...SQL_JSONS,
  ...CHECKSUMS,
  ...LISTAGG,
]
