/** Percent-encoding as HTML forms do it: a blank is a plus. */
import { scalar } from '../definition.ts'
import { raise } from '../kernel-error.ts'

export const urlFunctions = [
  scalar(
    'url_encode(varchar(x)) -> varchar',
    'Escapes a text for a query string',
    `replace(replace(replace(url_encode($1), '%20', '+'), '%2A', '*'), '~', '%7E')`,
  ),
  scalar(
    'url_decode(varchar(x)) -> varchar',
    'Reads an escaped text',
    `CASE WHEN regexp_full_match($1, '([^%]|%[0-9A-Fa-f]{2})*') THEN url_decode(replace($1, '+', ' ')) WHEN $1 IS NOT NULL THEN ${raise('INVALID_FUNCTION_ARGUMENT', 'Malformed escape in the text')} END`,
  ),
].flat()
