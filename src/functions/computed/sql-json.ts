/** JSON_EXISTS, JSON_VALUE, JSON_QUERY, JSON_OBJECT and JSON_ARRAY. Specifications, paths and types are read once. */
import { QueryError } from '#src/common/errors'
import { tryParseLiteral } from '#src/types/literal'
import { parseType } from '#src/types/parse'
import type { Type } from '#src/types/type'
import { isArray, isObject, type JsonNode, parseFirstJson, writeJson } from '../json/json-node.ts'
import { JsonSyntaxError } from '../json/json-scanner.ts'
import { castItem, castText, nodeOf } from '../json-path/item-cast.ts'
import { evaluatePath } from '../json-path/path-evaluator.ts'
import { json, PathEvaluationError, type PathItem, scalarOf, sql } from '../json-path/path-item.ts'
import type { JsonPath } from '../json-path/path-node.ts'
import { parseJsonPath } from '../json-path/path-parser.ts'
import type { ExistsSpec, JsonInput, MembersSpec, PathSpec, QueryBehaviour, QuerySpec, ValueSpec } from '../json-path/query-spec.ts'
import { computed, fail } from './computed-function.ts'
import { hashOrder } from './hash-order.ts'
import { remembered } from './remembered.ts'

export interface Prepared<S> {
  readonly spec: S
  readonly path: JsonPath
  readonly types: readonly (Type | undefined)[]
}

const prepare = <S extends PathSpec>(text: string): Prepared<S> => preparePath(JSON.parse(text) as S)

/** Reads the path and the types of its variables. */
export function preparePath<S extends PathSpec>(spec: S): Prepared<S> {
  return {
    spec,
    path: parseJsonPath(spec.path),
    types: spec.variables.map(({ type }) => (type === undefined ? undefined : parseType(type))),
  }
}

export const prepareValue = (spec: ValueSpec) => ({ ...preparePath(spec), returning: parseType(spec.returning) })

const existsOf = remembered(prepare<ExistsSpec>)
const queryOf = remembered(prepare<QuerySpec>)
const valuesOf = remembered((text: string) => prepareValue(JSON.parse(text) as ValueSpec))
const membersOf = remembered((text: string) => {
  const spec = JSON.parse(text) as MembersSpec
  return { spec, types: spec.values.map(({ type }) => (type === undefined ? undefined : parseType(type))) }
})

function decoded(text: string, input: JsonInput): string {
  if (input === 'text') return text
  const bytes = Buffer.from(text, 'hex')
  if (input === 'utf8') return bytes.toString('utf8')
  if (input === 'utf16') return bytes.toString('utf16le')
  let result = ''
  for (let at = 0; at + 4 <= bytes.length; at += 4) result += String.fromCodePoint(Math.min(bytes.readUInt32LE(at), 0x10ffff))
  return result
}

/** What the path gives, or the error that ON ERROR answers. */
export function evaluate({ spec, path, types }: Prepared<PathSpec>, input: string, texts: string): readonly PathItem[] | QueryError {
  try {
    const node = parseFirstJson(decoded(input, spec.input))
    const values = JSON.parse(texts) as readonly (string | null)[]
    const variables = new Map(
      spec.variables.map(({ name, input: form = 'text' }, index): [string, PathItem | undefined] => {
        const [text, type] = [values[index] ?? null, types[index]]
        if (type === undefined) return [name, text === null ? undefined : json(parseFirstJson(decoded(text, form)))]
        const value = text === null ? null : tryParseLiteral(text, type)
        return [name, value === null || value === undefined ? json(null) : sql(type, value)]
      }),
    )
    return evaluatePath(path, node, variables)
  } catch (error) {
    if (error instanceof JsonSyntaxError) return new QueryError('JSON_INPUT_CONVERSION_ERROR', 'conversion to JSON failed: ')
    return pathError(error)
  }
}

/** The same of a path without variables over a value that has been read. */
export function evaluateOver({ path }: Prepared<PathSpec>, node: JsonNode): readonly PathItem[] | QueryError {
  try {
    return evaluatePath(path, node, new Map())
  } catch (error) {
    return pathError(error)
  }
}

function pathError(error: unknown): QueryError {
  if (error instanceof PathEvaluationError) return new QueryError('PATH_EVALUATION_ERROR', `path evaluation failed: ${error.message}`)
  throw error
}

function exists(input: string, specText: string, texts: string): boolean | null {
  const prepared = existsOf(specText)
  const items = evaluate(prepared, input, texts)
  if (!(items instanceof QueryError)) return items.length > 0
  const { onError } = prepared.spec
  if (onError === 'error') throw items
  return onError === 'unknown' ? null : onError === 'true'
}

function value(input: string, specText: string, texts: string): string | null {
  const prepared = valuesOf(specText)
  return valueResult(prepared, evaluate(prepared, input, texts))
}

/** `v` and the value's text, `e` for the default ON EMPTY, `r` for the one ON ERROR. */
export function valueResult({ spec, returning }: ReturnType<typeof prepareValue>, items: readonly PathItem[] | QueryError): string | null {
  const instead = (behaviour: ValueSpec['onError'], mark: string, error: QueryError): string | null => {
    if (behaviour === 'error') throw error
    return behaviour === 'null' ? null : mark
  }
  const wrong = (message: string) =>
    instead(spec.onError, 'r', new QueryError('JSON_VALUE_RESULT_ERROR', `cannot extract SQL scalar from JSON: ${message}`))
  if (items instanceof QueryError) return instead(spec.onError, 'r', items)
  const [item] = items
  if (item === undefined) {
    const error = new QueryError('JSON_VALUE_RESULT_ERROR', 'cannot extract SQL scalar from JSON: JSON path found no items')
    return instead(spec.onEmpty, 'e', error)
  }
  if (items.length > 1) return wrong('JSON path found multiple items')
  if (item.kind === 'json' && item.node === null) return null
  const scalar = attempt(() => scalarOf(item))
  if (scalar === undefined) return wrong('JSON path found an item that cannot be converted to an SQL value')
  const result = castItem(scalar, returning)
  if (result === undefined || result === null)
    return wrong(`Cannot cast value of type ${scalar.type.kind} to declared return type of function JSON_VALUE`)
  return `v${castText(result, returning)}`
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch (error) {
    if (error instanceof PathEvaluationError) return undefined
    throw error
  }
}

function query(input: string, specText: string, texts: string): string | null {
  const prepared = queryOf(specText)
  return queryResult(prepared, evaluate(prepared, input, texts))
}

/** The text of the JSON value. */
export function queryResult({ spec }: Prepared<QuerySpec>, items: readonly PathItem[] | QueryError): string | null {
  const instead = (behaviour: QueryBehaviour, error: () => QueryError): string | null => {
    switch (behaviour) {
      case 'null':
        return null
      case 'error':
        throw error()
      case 'empty array':
        return '[]'
      case 'empty object':
        return '{}'
    }
  }
  const wrong = (message: string) => () => new QueryError('JSON_OUTPUT_CONVERSION_ERROR', `conversion from JSON failed: ${message}`)
  if (items instanceof QueryError) return instead(spec.onError, () => items)
  if (items.length === 0) return instead(spec.onEmpty, wrong('JSON path found no items'))
  const nodes = items.map(nodeOf)
  if (nodes.includes(undefined)) {
    return instead(spec.onError, wrong('JSON path returned a scalar SQL value that cannot be represented as JSON'))
  }
  const [only] = nodes as JsonNode[]
  const isStructure = nodes.length === 1 && only !== undefined && (isArray(only) || isObject(only))
  const wrapped = spec.wrapper === 'unconditional' || (spec.wrapper === 'conditional' && !isStructure)
  if (wrapped) return writeJson(nodes as JsonNode[])
  if (nodes.length > 1) return instead(spec.onError, wrong('JSON path found multiple items'))
  return spec.omitQuotes && typeof only === 'string' ? only : writeJson(only as JsonNode)
}

/** The values as JSON; undefined for one that is left out. */
function nodes({ spec, types }: ReturnType<typeof membersOf>, texts: string, name: string): readonly (JsonNode | undefined)[] {
  return (JSON.parse(texts) as readonly (string | null)[]).map((text, index) => {
    if (text === null) return spec.nulls === 'null' ? null : undefined
    const type = types[index]
    if (type === undefined) return inputNode(text, spec.values[index]?.input ?? 'text')
    const parsed = tryParseLiteral(text, type)
    const node = parsed === undefined || parsed === null ? undefined : nodeOf(sql(type, parsed))
    return node === undefined ? fail(`value passed to ${name} function cannot be converted to JSON`) : node
  })
}

function inputNode(text: string, input: JsonInput): JsonNode {
  try {
    return parseFirstJson(decoded(text, input))
  } catch (error) {
    if (error instanceof JsonSyntaxError) return fail('conversion to JSON failed: ', 'JSON_INPUT_CONVERSION_ERROR')
    throw error
  }
}

function object(keyTexts: string, texts: string, specText: string): string {
  const prepared = membersOf(specText)
  const keys = JSON.parse(keyTexts) as readonly (string | null)[]
  const values = nodes(prepared, texts, 'JSON_OBJECT')
  const members = new Map<string, JsonNode>()
  for (const [index, key] of keys.entries()) {
    if (key === null) return fail('null value passed for JSON object key to JSON_OBJECT function')
    const node = values[index]
    if (node === undefined) continue
    if (members.has(key)) {
      return prepared.spec.uniqueKeys
        ? fail('duplicate key passed to JSON_OBJECT function')
        : fail('cannot construct a JSON object with duplicate key', 'NOT_SUPPORTED')
    }
    members.set(key, node)
  }
  return writeJson(new Map(hashOrder([...members.keys()]).map((key) => [key, members.get(key) as JsonNode])))
}

const array = (texts: string, specText: string): string =>
  writeJson(nodes(membersOf(specText), texts, 'JSON_ARRAY').filter((node) => node !== undefined))

function encoded(text: string, encoding: string): Uint8Array {
  if (encoding === 'utf16') return Buffer.from(text, 'utf16le')
  const characters = [...text]
  const bytes = Buffer.alloc(characters.length * 4)
  characters.forEach((character, index) => {
    bytes.writeUInt32LE(character.codePointAt(0) as number, index * 4)
  })
  return bytes
}

export const SQL_JSONS = [
  computed('weir_json_bytes', ['VARCHAR', 'VARCHAR'], 'BLOB', encoded),
  computed('weir_json_exists', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'BOOLEAN', exists),
  computed('weir_json_value', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', value),
  computed('weir_json_query', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', query),
  computed('weir_json_object', ['VARCHAR', 'VARCHAR', 'VARCHAR'], 'VARCHAR', object),
  computed('weir_json_array', ['VARCHAR', 'VARCHAR'], 'VARCHAR', array),
]
