/** JSON functions. Paths must be constants; `$.a`, `$["a"]` and `$[0]` steps are what Trino's json_extract knows. */
import { QueryError } from '#src/common/errors'
import { scalar } from '../definition.ts'
import type { CallTypes } from '../function.ts'
import { quote } from '../kernel-error.ts'

/** The kernel's path of a constant path; undefined when it is NULL. */
function pathOf(name: string, { constants, at }: CallTypes): string | undefined {
  const path = constants[1]
  if (path === null) return undefined
  if (typeof path !== 'string') throw new QueryError('NOT_SUPPORTED', `${name} needs a constant path`, { at })
  return translatePath(path, at)
}

/** @throws INVALID_FUNCTION_ARGUMENT `Invalid JSON path: '$[*]'` */
function translatePath(path: string, at: CallTypes['at']): string {
  const invalid = (): never => {
    throw new QueryError('INVALID_FUNCTION_ARGUMENT', `Invalid JSON path: '${path}'`, { at })
  }
  if (!path.startsWith('$')) {
    if (/[*?@]|\.\./.test(path)) invalid()
    throw new QueryError('NOT_SUPPORTED', `JSON paths that do not begin with $ are not supported: '${path}'`, { at })
  }
  let text = '$'
  let rest = path.slice(1)
  while (rest !== '') {
    const step = /^(?:\.([A-Za-z_][\w:-]*)|\["((?:[^"\\]|\\["\\])*)"\]|\[(\d+)\]|\[([A-Za-z_][\w:-]*)\])/.exec(rest)
    if (step === null) {
      if (/^\.\d/.test(rest))
        throw new QueryError('NOT_SUPPORTED', `JSON paths with a number as a name are not supported: '${path}'`, { at })
      return invalid()
    }
    const name = step[1] ?? step[2]?.replace(/\\(.)/g, '$1') ?? step[4]
    if (name?.includes('"') || name === '*') throw new QueryError('NOT_SUPPORTED', `JSON path '${path}' is not supported`, { at })
    text += name === undefined ? `[${step[3]}]` : `."${name}"`
    rest = rest.slice(step[0].length)
  }
  return text
}

/** Malformed JSON gives NULL; the type json is well-formed. */
const whenValid = (value: string, { arguments: [type] }: CallTypes, sql: string) =>
  type?.kind === 'json' ? sql : `CASE WHEN json_valid(${value}) THEN ${sql} END`

const documents = (name: string, rest: string, result: string) => [
  `${name}(varchar(x)${rest}) -> ${result}`,
  `${name}(json${rest}) -> ${result}`,
]

export const jsonFunctions = [
  scalar(documents('json_extract', ', varchar', 'json'), 'Value at a path', ([value = ''], types) => {
    const path = pathOf('json_extract', types)
    return path === undefined ? 'CAST(NULL AS VARCHAR)' : whenValid(value, types, `weir_json_path(${value}, ${quote(path)})`)
  }),
  scalar(
    ['json_extract_scalar(varchar(x), varchar) -> varchar(x)', 'json_extract_scalar(json, varchar) -> varchar'],
    'Scalar at a path as text',
    ([value = ''], types) => {
      const path = pathOf('json_extract_scalar', types)
      return path === undefined ? 'CAST(NULL AS VARCHAR)' : whenValid(value, types, `weir_json_path_scalar(${value}, ${quote(path)})`)
    },
  ),
  scalar(documents('json_size', ', varchar', 'bigint'), 'Number of members of the value at a path', ([value = ''], types) => {
    const path = pathOf('json_size', types)
    if (path === undefined) return 'CAST(NULL AS BIGINT)'
    const size = `CASE json_type(${value}, ${quote(path)}) WHEN 'OBJECT' THEN len(json_keys(${value}, ${quote(path)})) WHEN 'ARRAY' THEN CAST(json_array_length(${value}, ${quote(path)}) AS BIGINT) ELSE CASE WHEN json_type(${value}, ${quote(path)}) IS NOT NULL THEN 0 END END`
    return whenValid(value, types, size)
  }),
  scalar('json_parse(varchar(x)) -> json', 'JSON of a text', 'weir_json_parse($1)'),
  scalar('json_format(json) -> varchar', 'Text of JSON', '$1'),
  scalar(documents('json_array_length', '', 'bigint'), 'Number of elements of an array', ([value = ''], types) =>
    whenValid(value, types, `CASE WHEN json_type(${value}) = 'ARRAY' THEN CAST(json_array_length(${value}) AS BIGINT) END`),
  ),
  scalar(documents('json_array_get', ', bigint', 'json'), 'Element of an array, from the end if negative', ([value = '', index], types) =>
    whenValid(
      value,
      types,
      `CASE WHEN json_type(${value}) = 'ARRAY' AND weir_json_source_kept(${value}) THEN CAST(CAST(CAST(${value} AS JSON) AS JSON[])[CASE WHEN ${index} >= 0 THEN ${index} + 1 ELSE ${index} END] AS VARCHAR) END`,
    ),
  ),
  scalar(documents('is_json_scalar', '', 'boolean'), 'Whether it is a scalar', `(json_type($1) NOT IN ('OBJECT', 'ARRAY'))`),
].flat()
