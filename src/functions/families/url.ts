/** URLs and their parts. */
import type { Type } from '#src/types/type'
import { varchar } from '#src/types/type'
import { scalar } from '../definition.ts'
import { boundedVarchar } from '../varchar-bound.ts'

const PARTS = [
  ['protocol', 'Scheme'],
  ['host', 'Host'],
  ['path', 'Path'],
  ['query', 'Query string'],
  ['fragment', 'Fragment'],
] as const

const TIMES_ENCODED = 12

export const urlFunctions = [
  ...PARTS.map(([part, what]) =>
    scalar(`url_extract_${part}(varchar(x)) -> varchar(x)`, `${what} of a URL; NULL for what is no URL`, `weir_url_${part}($1)`),
  ),
  scalar('url_extract_port(varchar(x)) -> bigint', 'Port of a URL', 'weir_url_port($1)'),
  scalar(
    'url_extract_parameter(varchar(x), varchar(y)) -> varchar(x)',
    'First value of a parameter in the query string of a URL',
    'weir_url_parameter($1, $2)',
  ),
  scalar('url_encode(varchar(x)) -> varchar(y)', 'Escapes a text for a query string', 'weir_url_encode($1)', {
    resultType: ([type]: readonly Type[]) =>
      type?.kind === 'varchar' && type.length !== undefined ? boundedVarchar(type.length * TIMES_ENCODED) : varchar(),
  }),
  scalar('url_decode(varchar(x)) -> varchar(x)', 'Reads an escaped text', 'weir_url_decode($1)'),
].flat()
