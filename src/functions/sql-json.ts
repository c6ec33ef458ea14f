/** The functions of SQL/JSON as the analyzer binds them: their first arguments say what the others are. */

import { BIGINT, BOOLEAN, DOUBLE, type Type, VARCHAR, varchar } from '#src/types/type'
import type { BoundScalar, CallTypes, ScalarForm } from './function.ts'
import type { JsonInput, ValueSpec } from './json-path/query-spec.ts'
import { quote } from './kernel-error.ts'

/** The text of a specification is a literal argument, so that calls with different ones differ. */
const specType: Type = varchar()

/** Arguments: input, specification, the path's variables. */
export function jsonExistsFunction(variables: readonly Type[], input: Type): BoundScalar {
  return bound(
    'json_exists',
    [input, specType, ...variables],
    BOOLEAN,
    ([json = '', spec = '', ...values], types) => `weir_json_exists(${inputText(json, input)}, ${spec}, ${texts(values, types, 2)})`,
  )
}

/** Arguments: input, specification, the defaults that the specification tells of, the path's variables. */
export function jsonValueFunction(spec: ValueSpec, variables: readonly Type[], input: Type, returning: Type): BoundScalar {
  const defaults = defaultsOf(spec)
  const form: ScalarForm = ([json = '', specText = '', ...rest], types) => {
    const read = `weir_json_value(${inputText(json, input)}, ${specText}, ${texts(rest.slice(defaults), types, 2 + defaults)})`
    return readValue(read, spec, rest, returning, types)
  }
  const defaultTypes = Array.from({ length: defaults }, () => returning)
  return bound('json_value', [input, specType, ...defaultTypes, ...variables], returning, form)
}

const defaultsOf = ({ onEmpty, onError }: ValueSpec): number => [onEmpty, onError].filter((behaviour) => behaviour === 'default').length

/** A marked text (`valueResult` in computed/sql-json.ts) as a value; `defaults` begins with those that the specification tells of. */
function readValue(read: string, spec: ValueSpec, defaults: readonly string[], returning: Type, types: CallTypes): string {
  // Defaults are computed whether they are asked for or not, as in Trino; and the kernel has no subqueries in lambdas.
  const beside = types.constants.slice(2, 2 + defaultsOf(spec)).map((value) => value === undefined)
  const given = (index: number): string => (beside[index] ? `jv.d${index}` : (defaults[index] as string))
  const packed = beside.flatMap((isBeside, index) => (isBeside ? [`d${index} := ${defaults[index]}`] : []))
  const mark = packed.length === 0 ? 'jv' : 'jv.v'
  const cast = types.kernel.cast(`${mark}[2:]`, VARCHAR, returning)
  const onEmpty = spec.onEmpty === 'default' ? ` WHEN 'e' THEN ${given(0)}` : ''
  const onError = spec.onError === 'default' ? ` WHEN 'r' THEN ${given(defaultsOf(spec) - 1)}` : ''
  const item = packed.length === 0 ? read : `struct_pack(v := ${read}, ${packed.join(', ')})`
  return `list_transform([${item}], lambda jv: CASE ${mark}[1:1] WHEN 'v' THEN ${cast}${onEmpty}${onError} END)[1]`
}

/** Arguments: input, specification, the path's variables. */
export function jsonQueryFunction(variables: readonly Type[], input: Type, returning: JsonOutput): BoundScalar {
  return bound('json_query', [input, specType, ...variables], returning.type, ([json = '', spec = '', ...values], types) =>
    output(`weir_json_query(${inputText(json, input)}, ${spec}, ${texts(values, types, 2)})`, returning, types),
  )
}

/** Arguments: specification, then keys, then values. */
export function jsonObjectFunction(keys: readonly Type[], values: readonly Type[], returning: JsonOutput): BoundScalar {
  return bound('json_object', [specType, ...keys, ...values], returning.type, ([spec = '', ...rest], types) => {
    const keyTexts = keyList(rest.slice(0, keys.length))
    const valueTexts = texts(rest.slice(keys.length), types, 1 + keys.length)
    return output(`weir_json_object(${keyTexts}, ${valueTexts}, ${spec})`, returning, types)
  })
}

/** Arguments: specification, then elements. */
export function jsonArrayFunction(elements: readonly Type[], returning: JsonOutput): BoundScalar {
  return bound('json_array', [specType, ...elements], returning.type, ([spec = '', ...rest], types) =>
    output(`weir_json_array(${texts(rest, types, 1)}, ${spec})`, returning, types),
  )
}

/** JSON_TABLE's rows, each as text. Arguments: input, specification, the path's variables. */
export function jsonTableFunction(variables: readonly Type[], input: Type): BoundScalar {
  return bound(
    'json_table',
    [input, specType, ...variables],
    { kind: 'array', element: VARCHAR },
    ([json = '', spec = '', ...values], types) => `weir_json_table(${inputText(json, input)}, ${spec}, ${texts(values, types, 2)})`,
  )
}

/** The texts of one of those rows. */
export const jsonTableCells: BoundScalar = bound(
  'json_table_cells',
  [VARCHAR],
  { kind: 'array', element: VARCHAR },
  ([row = '']) => `from_json(${row}, '["VARCHAR"]')`,
)

/** The column that JSON_VALUE reads. Arguments: the cells, the place, the defaults that the specification tells of. */
export function jsonTableValue(spec: ValueSpec, returning: Type): BoundScalar {
  const defaults = defaultsOf(spec)
  const form: ScalarForm = ([cells = '', place = '', ...rest], types) => readValue(`${cells}[${place}]`, spec, rest, returning, types)
  return bound('json_table_value', [jsonTableCells.type, BIGINT, ...Array.from({ length: defaults }, () => returning)], returning, form)
}

/** The column that JSON_QUERY reads. Arguments: the cells, the place. */
export function jsonTableQuery(returning: JsonOutput): BoundScalar {
  return bound('json_table_query', [jsonTableCells.type, BIGINT], returning.type, ([cells = '', place = ''], types) =>
    output(`${cells}[${place}]`, returning, types),
  )
}

/** The column FOR ORDINALITY. Arguments: the cells, the place. */
export const jsonTableOrdinality: BoundScalar = bound(
  'json_table_ordinality',
  [jsonTableCells.type, BIGINT],
  BIGINT,
  ([cells = '', place = '']) => `CAST(${cells}[${place}] AS BIGINT)`,
)

function bound(name: string, argumentTypes: readonly Type[], type: Type, form: ScalarForm): BoundScalar {
  return { name, kind: 'scalar', argumentTypes, type, deterministic: true, strict: false, form }
}

/** Bytes cross over as their hexadecimal digits. */
const inputText = (sql: string, type: Type): string => (type.kind === 'varbinary' ? `hex(${sql})` : sql)

/** The values' texts as one JSON array. */
function texts(values: readonly string[], types: CallTypes, offset: number): string {
  if (values.length === 0) return quote('[]')
  const list = values.map((value, index) => {
    const type = types.arguments[index + offset] as Type
    if (type.kind === 'varbinary') return inputText(value, type)
    // The text of a real has not all of its digits.
    return type.kind === 'real'
      ? types.kernel.cast(types.kernel.cast(value, type, DOUBLE), DOUBLE, VARCHAR)
      : types.kernel.cast(value, type, VARCHAR)
  })
  return `CAST(to_json(CAST([${list.join(', ')}] AS VARCHAR[])) AS VARCHAR)`
}

/** The declared type of a function that gives JSON, and how its bytes are encoded. */
export interface JsonOutput {
  readonly type: Type
  readonly encoding: 'json' | 'utf8' | 'utf16' | 'utf32'
}

/** A key's blanks behind it are no part of it. */
const keyList = (keys: readonly string[]): string =>
  keys.length === 0 ? quote('[]') : `CAST(to_json(CAST([${keys.join(', ')}] AS VARCHAR[])) AS VARCHAR)`

function output(json: string, { type: returning, encoding }: JsonOutput, types: CallTypes): string {
  if (returning.kind !== 'varbinary') return types.kernel.cast(json, VARCHAR, returning)
  return encoding === 'utf16' || encoding === 'utf32' ? `weir_json_bytes(${json}, '${encoding}')` : `encode(${json})`
}

/** How a value of a type is read as JSON in a format; undefined where it is not. */
export function jsonInputOf(type: Type, format: 'json' | 'utf8' | 'utf16' | 'utf32'): JsonInput | undefined {
  if (type.kind === 'varbinary') return format === 'json' ? 'utf8' : format
  return format === 'json' && (type.kind === 'varchar' || type.kind === 'unknown') ? 'text' : undefined
}
