/** Casts to and from json, which is stored as its text. */
import { QueryError } from '#src/common/errors'
import { formatType } from '#src/types/format'
import { JSON_TYPE, type Type, VARCHAR } from '#src/types/type'
import { fieldName, storedType, textForm } from '../representation.ts'

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
    case 'decimal':
      return textForm(value, from)
    case 'real':
    case 'double':
      return `CASE WHEN isfinite(${value}) THEN weir_java_double(CAST(CAST(${value} AS VARCHAR) AS DOUBLE)) ELSE CAST(to_json(weir_double_text(${value})) AS VARCHAR) END`
    case 'varchar':
    case 'date':
    case 'timestamp':
      return `CAST(to_json(${textForm(value, from)}) AS VARCHAR)`
    case 'array':
      return `'[' || array_to_string(list_transform(${value}, lambda v: coalesce(${castToJson('v', from.element)}, 'null')), ',') || ']'`
    case 'map': {
      const key = `CAST(to_json(${from.key.kind === 'double' || from.key.kind === 'real' ? `weir_java_double(e.key)` : textForm('e.key', from.key)}) AS VARCHAR)`
      const entry = `${key} || ':' || coalesce(${castToJson('e.value', from.value)}, 'null')`
      return `'{' || array_to_string(list_sort(list_transform(map_entries(${value}), lambda e: ${entry})), ',') || '}'`
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

/**
 * `scalar` casts a scalar's text or number on; JSON null is NULL.
 * @param fractions how numbers with a fraction become varchar: CAST writes them as doubles, readers of files keep them
 */
export function castFromJson(
  value: string,
  to: Type,
  scalar: (text: string, from: Type, to: Type) => string,
  fractions: 'as doubles' | 'as read' = 'as doubles',
): string {
  const failed = `error('WEIR|INVALID_CAST_ARGUMENT|Cannot cast ''' || ${value} || ''' to ${formatType(to)}')`
  const kind = `json_type(${value})`
  const text = `json_extract_string(${value}, '$')`
  switch (to.kind) {
    case 'varchar': {
      const shown = `CASE ${kind} WHEN 'DOUBLE' THEN ${fractions === 'as doubles' ? `weir_double_text(weir_text_to_double(${text}))` : value} WHEN 'NULL' THEN NULL ELSE ${text} END`
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
      return `list_transform(${items}, lambda v: ${castFromJson('CAST(v AS VARCHAR)', to.element, scalar, fractions)})`
    }
    case 'map': {
      const object = `CAST(CAST(CASE WHEN ${kind} = 'OBJECT' THEN ${value} WHEN ${kind} <> 'NULL' THEN ${failed} END AS JSON) AS MAP(VARCHAR, JSON))`
      const entry = `struct_pack(k := ${scalar('e.key', VARCHAR, to.key)}, v := ${castFromJson('CAST(e.value AS VARCHAR)', to.value, scalar, fractions)})`
      return `map_from_entries(list_transform(map_entries(${object}), lambda e: ${entry}))`
    }
    case 'row': {
      const fields = to.fields.map((field, index) => {
        const byPlace = `json_extract(${value}, '$[${index}]')`
        const byName = field.name === undefined ? `CAST(NULL AS JSON)` : `weir_json_member(${value}, '${field.name.replaceAll("'", "''")}')`
        const member = `CAST(CASE WHEN ${kind} = 'ARRAY' THEN ${byPlace} ELSE ${byName} END AS VARCHAR)`
        return `${fieldName(index)} := ${castFromJson(member, field.type, scalar, fractions)}`
      })
      const wrongLength = `${kind} = 'ARRAY' AND json_array_length(${value}) <> ${to.fields.length}`
      return `CASE WHEN ${kind} = 'NULL' OR ${value} IS NULL THEN NULL WHEN ${kind} NOT IN ('ARRAY', 'OBJECT') OR (${wrongLength}) THEN CAST(${failed} AS ${storedType(to)}) ELSE struct_pack(${fields.join(', ')}) END`
    }
    case 'json':
      return value
    default:
      throw new QueryError('NOT_SUPPORTED', `CAST from ${formatType(JSON_TYPE)} to ${formatType(to)} is not supported`)
  }
}
