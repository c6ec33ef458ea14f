/** Casts to and from json, which is stored as its text. */
import { QueryError } from '#src/common/errors'
import { quote, raise } from '#src/functions/kernel-error'
import { isJsonKey } from '#src/types/coercion'
import { formatType } from '#src/types/format'
import { JSON_TYPE, type Type, VARCHAR } from '#src/types/type'
import { fieldName, shortestDouble, storedType, textForm } from '../representation.ts'
import { bindOnce } from './bind-once.ts'

/** The JSON text of a value: maps with sorted keys, rows as objects with their fields' names. */
export function castToJson(value: string, from: Type): string {
  switch (from.kind) {
    case 'json':
      return value
    case 'boolean':
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return textForm(value, from)
    case 'decimal':
      return from.scale > 6 ? `weir_json_decimal(${textForm(value, from)})` : textForm(value, from)
    case 'real':
    case 'double':
      return `CASE WHEN isfinite(${value}) THEN weir_java_double(${shortestDouble(value, from)}) ELSE CAST(to_json(weir_double_text(${value})) AS VARCHAR) END`
    case 'varchar':
      return quotedText(value)
    case 'date':
      return `('"' || ltrim(${textForm(value, from)}, '+') || '"')`
    case 'timestamp':
      return `('"' || ${textForm(value, from)} || '"')`
    case 'unknown':
      return 'CAST(NULL AS VARCHAR)'
    case 'array':
      return `'[' || array_to_string(list_transform(${value}, lambda v: coalesce(${castToJson('v', from.element)}, 'null')), ',') || ']'`
    case 'map': {
      if (!isJsonKey(from.key)) return failed(`Cannot cast ${formatType(from)} to JSON`)
      const isFloat = from.key.kind === 'double' || from.key.kind === 'real'
      const key = isFloat ? `weir_java_double(${shortestDouble('e.key', from.key)})` : textForm('e.key', from.key)
      const entry = `struct_pack(k := ${key}, t := ${quotedText(key)} || ':' || coalesce(${castToJson('e.value', from.value)}, 'null'))`
      return `'{' || array_to_string(list_transform(list_sort(list_transform(map_entries(${value}), lambda e: ${entry})), lambda e: e.t), ',') || '}'`
    }
    case 'row': {
      const fields = from.fields.map((field, index) => {
        const name = `${JSON.stringify(field.name ?? '')}:`.replaceAll("'", "''")
        return `'${name}' || coalesce(${castToJson(`(${value}).${fieldName(index)}`, field.type)}, 'null')`
      })
      return `CASE WHEN ${value} IS NOT NULL THEN '{' || ${fields.join(" || ',' || ")} || '}' END`
    }
    default:
      throw new QueryError('NOT_SUPPORTED', `CAST from ${formatType(from)} to json is not supported`)
  }
}

/** A text as a JSON string; the kernel's own escapes of control characters have other digits than Trino's. */
function quotedText(text: string): string {
  return `CASE WHEN regexp_matches(${text}, '[\\x00-\\x1f\\x{10000}-\\x{10ffff}]') THEN weir_json_quote(${text}) ELSE CAST(to_json(${text}) AS VARCHAR) END`
}

/** SQL that fails for every row. */
const failed = (message: string): string => `CASE WHEN true THEN ${raise('INVALID_CAST_ARGUMENT', message)} ELSE '' END`

/** JavaScript reads the JSON (src/functions/json/json-cast.ts); the kernel makes the stored form of what that gives. */
export function castFromJson(value: string, to: Type): string {
  if (hasForeignKey(to)) return `CAST(${failed(`Cannot cast JSON to ${formatType(to)}`)} AS ${storedType(to)})`
  const read = `weir_json_cast(${value}, ${quote(formatType(to))})`
  switch (to.kind) {
    case 'varchar':
      return to.length === undefined ? read : `weir_bounded(${read}, ${to.length})`
    case 'array':
    case 'map':
    case 'row':
      return fromShape(`from_json(${read}, ${quote(JSON.stringify(shapeOf(to)))})`, to)
    default:
      return fromShape(read, to)
  }
}

/** The kernel's description of the shape of a nested value's JSON. */
function shapeOf(type: Type): unknown {
  switch (type.kind) {
    case 'array':
      return [shapeOf(type.element)]
    case 'map':
      return [{ k: shapeOf(type.key), v: shapeOf(type.value) }]
    case 'row':
      return Object.fromEntries(type.fields.map((field, index) => [fieldName(index), shapeOf(field.type)]))
    default:
      return 'VARCHAR'
  }
}

/** The stored form of a value that was read by its shape. */
function fromShape(value: string, type: Type): string {
  switch (type.kind) {
    case 'array':
      return hasMap(type) ? `list_transform(${value}, lambda v: ${fromShape('v', type.element)})` : `CAST(${value} AS ${storedType(type)})`
    case 'map':
      return `map_from_entries(list_transform(${value}, lambda e: struct_pack(k := ${fromShape('e.k', type.key)}, v := ${fromShape('e.v', type.value)})))`
    case 'row': {
      if (!hasMap(type)) return `CAST(${value} AS ${storedType(type)})`
      const fields = type.fields.map((field, index) => `${fieldName(index)} := ${fromShape(`(${value}).${fieldName(index)}`, field.type)}`)
      return `CASE WHEN ${value} IS NOT NULL THEN struct_pack(${fields.join(', ')}) END`
    }
    case 'varchar':
    case 'json':
      return value
    default:
      return `CAST(${value} AS ${storedType(type)})`
  }
}

/** Whether a map inside has keys that JSON has no name for. */
function hasForeignKey(type: Type): boolean {
  switch (type.kind) {
    case 'array':
      return hasForeignKey(type.element)
    case 'row':
      return type.fields.some((field) => hasForeignKey(field.type))
    case 'map':
      return !isJsonKey(type.key) || hasForeignKey(type.value)
    default:
      return false
  }
}

function hasMap(type: Type): boolean {
  switch (type.kind) {
    case 'array':
      return hasMap(type.element)
    case 'row':
      return type.fields.some((field) => hasMap(field.type))
    default:
      return type.kind === 'map'
  }
}

/** What begins a string that stands for a number of the file, in SQL and within JSON: two characters that no text of a lake has. */
export const MARKED_NUMBER = { sql: '(chr(1) || chr(2))', escaped: '\\u0001\\u0002' }

/**
 * The same for readers of JSON files, natively; JSON null is NULL, numbers with a fraction keep their text as varchar.
 * `scalar` casts a scalar's text or number on. `marked`: numbers may be strings that begin with MARKED_NUMBER.
 */
export function readJsonValue(value: string, to: Type, scalar: (text: string, from: Type, to: Type) => string, marked: boolean): string {
  const failed = `error('WEIR|INVALID_CAST_ARGUMENT|Cannot cast ''' || ${value} || ''' to ${formatType(to)}')`
  const plainText = `json_extract_string(${value}, '$')`
  const isMarked = `starts_with(${plainText}, ${MARKED_NUMBER.sql})`
  const text = marked ? `CASE WHEN ${isMarked} THEN substr(${plainText}, 3) ELSE ${plainText} END` : plainText
  const kind = marked
    ? `CASE WHEN ${isMarked} THEN CASE WHEN regexp_matches(${plainText}, '[.eE]') THEN 'DOUBLE' ELSE 'BIGINT' END ELSE json_type(${value}) END`
    : `json_type(${value})`
  switch (to.kind) {
    case 'varchar': {
      const shown = `CASE ${kind} WHEN 'DOUBLE' THEN ${marked ? `CASE WHEN ${isMarked} THEN ${text} ELSE ${value} END` : value} WHEN 'NULL' THEN NULL ELSE ${text} END`
      return `CASE WHEN ${kind} IN ('OBJECT', 'ARRAY') THEN ${failed} ELSE ${to.length === undefined ? shown : `weir_bounded(${shown}, ${to.length})`} END`
    }
    case 'boolean':
      return `CASE ${kind} WHEN 'BOOLEAN' THEN ${text} = 'true' WHEN 'NULL' THEN NULL WHEN 'VARCHAR' THEN weir_text_to_boolean(${text}) WHEN 'OBJECT' THEN ${failed} WHEN 'ARRAY' THEN ${failed} ELSE CAST(${text} AS DOUBLE) <> 0 END`
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
    case 'real':
    case 'double':
    case 'decimal': {
      const fromDouble = to.kind === 'decimal' ? scalar(text, VARCHAR, to) : scalar(`CAST(${text} AS DOUBLE)`, { kind: 'double' }, to)
      const fromBoolean = scalar(`(${text} = 'true')`, { kind: 'boolean' }, to)
      return `CASE ${kind} WHEN 'NULL' THEN NULL WHEN 'BOOLEAN' THEN ${fromBoolean} WHEN 'OBJECT' THEN ${failed} WHEN 'ARRAY' THEN ${failed} WHEN 'DOUBLE' THEN ${fromDouble} ELSE ${scalar(text, VARCHAR, to)} END`
    }
    case 'array': {
      const items = `CAST(CAST(CASE WHEN ${kind} = 'ARRAY' THEN ${value} WHEN ${kind} <> 'NULL' THEN ${failed} END AS JSON) AS JSON[])`
      return `list_transform(${items}, lambda v: ${readJsonValue('CAST(v AS VARCHAR)', to.element, scalar, marked)})`
    }
    case 'map': {
      const object = `CAST(CAST(CASE WHEN ${kind} = 'OBJECT' THEN ${value} WHEN ${kind} <> 'NULL' THEN ${failed} END AS JSON) AS MAP(VARCHAR, JSON))`
      const entry = `struct_pack(k := ${scalar('e.key', VARCHAR, to.key)}, v := ${readJsonValue('CAST(e.value AS VARCHAR)', to.value, scalar, marked)})`
      return `map_from_entries(list_transform(map_entries(${object}), lambda e: ${entry}))`
    }
    case 'row':
      // Each field repeats the row and itself: the texts of nested rows would grow with a power of their depth.
      return bindOnce([value, kind], [true, true], ([row = '', rowKind = '']) => {
        const fields = to.fields.map((field, index) => {
          const byPlace = `json_extract(${row}, '$[${index}]')`
          const byName = field.name === undefined ? `CAST(NULL AS JSON)` : `weir_json_member(${row}, '${field.name.replaceAll("'", "''")}')`
          const member = `CAST(CASE WHEN ${rowKind} = 'ARRAY' THEN ${byPlace} ELSE ${byName} END AS VARCHAR)`
          const read = bindOnce([member], [true], ([text = '']) => readJsonValue(text, field.type, scalar, marked))
          return `${fieldName(index)} := ${read}`
        })
        const wrong = `error('WEIR|INVALID_CAST_ARGUMENT|Cannot cast ''' || ${row} || ''' to ${formatType(to)}')`
        const wrongLength = `${rowKind} = 'ARRAY' AND json_array_length(${row}) <> ${to.fields.length}`
        return `CASE WHEN ${rowKind} = 'NULL' OR ${row} IS NULL THEN NULL WHEN ${rowKind} NOT IN ('ARRAY', 'OBJECT') OR (${wrongLength}) THEN CAST(${wrong} AS ${storedType(to)}) ELSE struct_pack(${fields.join(', ')}) END`
      })
    case 'date':
    case 'timestamp':
    case 'char':
      return `CASE ${kind} WHEN 'NULL' THEN NULL WHEN 'VARCHAR' THEN ${scalar(text, VARCHAR, to)} ELSE ${failed} END`
    case 'json':
      return value
    default:
      throw new QueryError('NOT_SUPPORTED', `CAST from ${formatType(JSON_TYPE)} to ${formatType(to)} is not supported`)
  }
}
