/**
 * JSON functions. What they are exactly is in src/functions/computed/json.ts; the kernel's own JSON reader answers where it
 * agrees for certain: well-formed texts, constant paths of names, and scalars that it prints as they are written.
 */
import { VARCHAR } from '#src/types/type'
import { scalar } from '../definition.ts'
import type { CallTypes, ScalarForm } from '../function.ts'
import { parseLegacyPath } from '../json/legacy-path.ts'
import { quote } from '../kernel-error.ts'

/** Undefined for a malformed path: it fails when it runs. */
function stepsOf(path: string): readonly string[] | undefined {
  try {
    return parseLegacyPath(path)
  } catch {
    return undefined
  }
}

/** The kernel's path of a constant path; undefined where it has none that means the same. */
function kernelPath({ constants, arguments: types }: CallTypes): string | undefined {
  const path = constants[1]
  if (typeof path !== 'string' || types[1]?.kind === 'char') return undefined
  const steps = stepsOf(path)
  // A number may be a name or a place, which the kernel tells apart; quotes and stars it cannot be given.
  if (steps === undefined || steps.some((step) => /^[+-]?\d+$/.test(step) || /["*\\]/.test(step) || step === '')) return undefined
  return quote(`$${steps.map((step) => `."${step}"`).join('')}`)
}

/** Reads natively where that is certain. `native` sees the text and the kernel's path. */
const withFastPath =
  (name: string, native: (json: string, path: string, slow: string) => string): ScalarForm =>
  ([json = '', path = ''], types) => {
    const slow = `weir_${name}(${json}, ${pathText(path, types)})`
    const fast = kernelPath(types)
    return fast === undefined ? slow : `CASE WHEN json_valid(${json}) THEN ${native(json, fast, slow)} ELSE ${slow} END`
  }

const extractScalar = withFastPath(
  'json_extract_scalar',
  (json, path, slow) => `CASE json_type(${json}, ${path})
    WHEN 'VARCHAR' THEN json_extract_string(${json}, ${path}) WHEN 'BOOLEAN' THEN json_extract_string(${json}, ${path}) WHEN 'UBIGINT' THEN json_extract_string(${json}, ${path})
    WHEN 'OBJECT' THEN NULL WHEN 'ARRAY' THEN NULL WHEN 'NULL' THEN NULL ELSE ${slow} END`,
)

const extract = withFastPath(
  'json_extract',
  (json, path, slow) => `CASE json_type(${json}, ${path})
    WHEN 'BOOLEAN' THEN json_extract_string(${json}, ${path}) WHEN 'UBIGINT' THEN json_extract_string(${json}, ${path}) WHEN 'NULL' THEN 'null' ELSE ${slow} END`,
)

/** A path may be a char too, with its blanks. */
const withPath = (name: string, result: string) => [
  `${name}(varchar(x), varchar) -> ${result}`,
  `${name}(json, varchar) -> ${result}`,
  `${name}(varchar(x), char(y)) -> ${result}`,
  `${name}(json, char(y)) -> ${result}`,
]

const pathText = (path: string, { arguments: types, kernel }: CallTypes): string =>
  types[1]?.kind === 'char' ? kernel.cast(path, types[1], VARCHAR) : path

const documents = (name: string, rest: string, result: string) => [
  `${name}(varchar(x)${rest}) -> ${result}`,
  `${name}(json${rest}) -> ${result}`,
]

export const jsonFunctions = [
  scalar(withPath('json_extract', 'json'), 'Value at a path', extract),
  scalar(
    [
      'json_extract_scalar(varchar(x), varchar) -> varchar(x)',
      'json_extract_scalar(json, varchar) -> varchar',
      'json_extract_scalar(varchar(x), char(y)) -> varchar(x)',
      'json_extract_scalar(json, char(y)) -> varchar',
    ],
    'Scalar at a path as text',
    extractScalar,
  ),
  scalar(
    withPath('json_size', 'bigint'),
    'Number of members of the value at a path',
    ([json, path = ''], types) => `weir_json_size(${json}, ${pathText(path, types)})`,
  ),
  scalar('json_parse(varchar(x)) -> json', 'JSON of a text', 'weir_json_parse($1)'),
  scalar('json_format(json) -> varchar', 'Text of JSON', '$1'),
  scalar(documents('json_array_length', '', 'bigint'), 'Number of elements of an array', 'weir_json_array_length($1)'),
  scalar(documents('json_array_get', ', bigint', 'json'), 'Element of an array, from the end if negative', 'weir_json_array_get($1, $2)'),
  scalar(
    documents('json_array_contains', ', boolean', 'boolean'),
    'Whether an array has an element',
    'weir_json_array_contains_boolean($1, $2)',
  ),
  scalar(
    documents('json_array_contains', ', bigint', 'boolean'),
    'Whether an array has an element',
    'weir_json_array_contains_bigint($1, $2)',
  ),
  scalar(
    documents('json_array_contains', ', double', 'boolean'),
    'Whether an array has an element',
    'weir_json_array_contains_double($1, $2)',
  ),
  scalar(
    documents('json_array_contains', ', varchar(y)', 'boolean'),
    'Whether an array has an element',
    'weir_json_array_contains_varchar($1, $2)',
  ),
  scalar(documents('is_json_scalar', '', 'boolean'), 'Whether it is a scalar', 'weir_is_json_scalar($1)'),
].flat()
