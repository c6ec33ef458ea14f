/** The SQL/JSON functions with the clauses that each has; JSON_TABLE shares them. */
import type { Position } from '#src/common/errors'
import type { Expression, JsonFormat, JsonFunction, JsonPathCall, JsonQueryBehaviour, JsonValueBehaviour, TypeName } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression } from './expressions.ts'
import { parseString } from './literals.ts'
import { parseTypeName } from './types.ts'

type JsonKeyword = 'JSON_EXISTS' | 'JSON_VALUE' | 'JSON_QUERY' | 'JSON_OBJECT' | 'JSON_ARRAY'

export function isJsonFunction(type: string): type is JsonKeyword {
  return type === 'JSON_EXISTS' || type === 'JSON_VALUE' || type === 'JSON_QUERY' || type === 'JSON_OBJECT' || type === 'JSON_ARRAY'
}

export function parseJsonFunction(cursor: Cursor): JsonFunction {
  const { type, at } = cursor.next()
  cursor.expect('(')
  const result = parseInside(cursor, type as JsonKeyword, at)
  cursor.expect(')')
  return result
}

function parseInside(cursor: Cursor, keyword: JsonKeyword, at: Position): JsonFunction {
  switch (keyword) {
    case 'JSON_EXISTS':
      return { ...parseJsonPathCall(cursor, at), name: 'json_exists', onError: parseExistsBehaviour(cursor) }
    case 'JSON_VALUE': {
      const call = parseJsonPathCall(cursor, at)
      const returning = cursor.accept('RETURNING') ? parseTypeName(cursor) : undefined
      return { ...call, name: 'json_value', returning, ...parseValueBehaviours(cursor) }
    }
    case 'JSON_QUERY': {
      const call = parseJsonPathCall(cursor, at)
      return { ...call, name: 'json_query', ...parseReturning(cursor), ...parseQueryClauses(cursor) }
    }
    case 'JSON_OBJECT':
      return parseObject(cursor, at)
    case 'JSON_ARRAY':
      return parseJsonArray(cursor, at)
  }
}

/** value [FORMAT …], 'path' [AS name] [PASSING value AS name, …] */
export function parseJsonPathCall(cursor: Cursor, at: Position): JsonPathCall {
  const { value: input, format: inputFormat } = parseJsonValue(cursor)
  cursor.expect(',')
  const { at: pathAt } = cursor.token
  const path = parseString(cursor)
  const pathName = cursor.accept('AS') ? cursor.identifier() : undefined
  const passing = cursor.accept('PASSING')
    ? cursor.list(() => {
        const value = parseJsonValue(cursor)
        cursor.expect('AS')
        return { ...value, name: cursor.identifier() }
      })
    : []
  return { kind: 'json', input, inputFormat, path, pathAt, pathName, passing, at }
}

interface FormattedValue {
  readonly value: Expression
  readonly format: JsonFormat | undefined
}

function parseJsonValue(cursor: Cursor): FormattedValue {
  const value = parseExpression(cursor)
  return { value, format: parseFormat(cursor) }
}

function parseFormat(cursor: Cursor): JsonFormat | undefined {
  return cursor.accept('FORMAT') ? parseJsonRepresentation(cursor) : undefined
}

export function parseJsonRepresentation(cursor: Cursor): JsonFormat {
  cursor.expect('JSON')
  if (!cursor.accept('ENCODING')) return 'json'
  return cursor.expectAny('UTF8', 'UTF16', 'UTF32').toLowerCase() as JsonFormat
}

function parseReturning(cursor: Cursor): { readonly returning: TypeName | undefined; readonly returningFormat: JsonFormat | undefined } {
  if (!cursor.accept('RETURNING')) return { returning: undefined, returningFormat: undefined }
  const returning = parseTypeName(cursor)
  return { returning, returningFormat: parseFormat(cursor) }
}

function parseExistsBehaviour(cursor: Cursor): 'true' | 'false' | 'unknown' | 'error' | undefined {
  const behaviour = cursor.acceptAny('TRUE', 'FALSE', 'UNKNOWN', 'ERROR')
  if (behaviour === undefined) return undefined
  cursor.expect('ON')
  cursor.expect('ERROR')
  return behaviour.toLowerCase() as 'true'
}

interface Behaviours<T> {
  readonly onEmpty: T | undefined
  readonly onError: T | undefined
}

/** `… ON EMPTY`, `… ON ERROR`, in this order, each at most once. */
function parseBehaviours<T>(cursor: Cursor, parse: () => T | undefined): Behaviours<T> {
  let onEmpty: T | undefined
  let behaviour = parse()
  if (behaviour !== undefined) {
    cursor.expect('ON')
    if (cursor.accept('EMPTY')) {
      onEmpty = behaviour
      behaviour = parse()
      if (behaviour !== undefined) cursor.expect('ON')
    }
    if (behaviour !== undefined) cursor.expect('ERROR')
  }
  return { onEmpty, onError: behaviour }
}

export function parseValueBehaviours(cursor: Cursor): Behaviours<JsonValueBehaviour> {
  return parseBehaviours(cursor, () => {
    switch (cursor.acceptAny('ERROR', 'NULL', 'DEFAULT')) {
      case 'ERROR':
        return { kind: 'error' }
      case 'NULL':
        return { kind: 'null' }
      case 'DEFAULT':
        return { kind: 'default', value: parseExpression(cursor) }
      case undefined:
        return undefined
    }
  })
}

interface QueryClauses extends Behaviours<JsonQueryBehaviour> {
  readonly wrapper: 'without' | 'conditional' | 'unconditional' | undefined
  readonly quotes: 'keep' | 'omit' | undefined
}

/** [… WRAPPER] [KEEP | OMIT QUOTES] [… ON EMPTY] [… ON ERROR] */
export function parseQueryClauses(cursor: Cursor): QueryClauses {
  const wrapper = parseWrapper(cursor)
  const quotes = cursor.acceptAny('KEEP', 'OMIT')?.toLowerCase() as 'keep' | 'omit' | undefined
  if (quotes !== undefined) {
    cursor.expect('QUOTES')
    if (cursor.accept('ON')) {
      cursor.expect('SCALAR')
      cursor.expect('STRING')
    }
  }
  return { wrapper, quotes, ...parseBehaviours(cursor, () => parseQueryBehaviour(cursor)) }
}

function parseWrapper(cursor: Cursor): QueryClauses['wrapper'] {
  const word = cursor.acceptAny('WITH', 'WITHOUT')
  if (word === undefined) return undefined
  const condition = word === 'WITH' ? cursor.acceptAny('CONDITIONAL', 'UNCONDITIONAL') : undefined
  cursor.accept('ARRAY')
  cursor.expect('WRAPPER')
  if (word === 'WITHOUT') return 'without'
  return condition === 'CONDITIONAL' ? 'conditional' : 'unconditional'
}

function parseQueryBehaviour(cursor: Cursor): JsonQueryBehaviour | undefined {
  switch (cursor.acceptAny('ERROR', 'NULL', 'EMPTY')) {
    case 'ERROR':
      return 'error'
    case 'NULL':
      return 'null'
    case 'EMPTY':
      return cursor.expectAny('ARRAY', 'OBJECT') === 'ARRAY' ? 'empty array' : 'empty object'
    case undefined:
      return undefined
  }
}

function parseNulls(cursor: Cursor): 'null' | 'absent' | undefined {
  const word = cursor.acceptAny('NULL', 'ABSENT')
  if (word === undefined) return undefined
  cursor.expect('ON')
  cursor.expect('NULL')
  return word === 'NULL' ? 'null' : 'absent'
}

/** `()` and `(RETURNING type)`; RETURNING is a name as well. */
function atNoValues(cursor: Cursor): boolean {
  if (cursor.at(')')) return true
  return cursor.at('RETURNING') && cursor.peekName(1) && !(cursor.peek(1) === 'RETURNING' && cursor.peekName(2))
}

function parseObject(cursor: Cursor, at: Position): JsonFunction {
  const empty = atNoValues(cursor)
  const members = empty ? [] : cursor.list(() => parseMember(cursor))
  const nulls = empty ? undefined : parseNulls(cursor)
  const uniqueKeys = empty ? undefined : cursor.acceptAny('WITH', 'WITHOUT')
  if (uniqueKeys !== undefined) {
    cursor.expect('UNIQUE')
    cursor.accept('KEYS')
  }
  return { kind: 'json', name: 'json_object', members, nulls, uniqueKeys: uniqueKeys === 'WITH', ...parseReturning(cursor), at }
}

/** [KEY] key VALUE value, or key : value. KEY and VALUE are names too. */
function parseMember(cursor: Cursor): FormattedValue & { readonly key: Expression } {
  const next = cursor.peek(1)
  const keyed = cursor.at('KEY') && !['VALUE', ':', '.', '(', '[', '->', '||', '+', '*', '/', '%'].includes(next)
  if (keyed) cursor.next()
  const key = parseExpression(cursor)
  if (keyed || !cursor.accept(':')) cursor.expect('VALUE')
  return { key, ...parseJsonValue(cursor) }
}

function parseJsonArray(cursor: Cursor, at: Position): JsonFunction {
  const empty = atNoValues(cursor)
  const items = empty ? [] : cursor.list(() => parseJsonValue(cursor))
  const nulls = empty ? undefined : parseNulls(cursor)
  return { kind: 'json', name: 'json_array', items, nulls, ...parseReturning(cursor), at }
}
