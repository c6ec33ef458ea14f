/** Primary expressions: literals, names, parentheses, CASE, CAST, and the forms with syntax of their own; then `.field` and `[index]`. */
import type { Position } from '#src/common/errors'
import type { CurrentValue, Expression, Identifier, Lambda, TypeName } from '../ast.ts'
import { parseArguments, parseCall, parseListagg } from './calls.ts'
import type { Cursor } from './cursor.ts'
import { closeParenthesis, parseExpression, parseQueryOrExpression, parseValue } from './expressions.ts'
import { isJsonFunction, parseJsonFunction } from './json.ts'
import {
  atInterval,
  binaryLiteral,
  isNumber,
  parseInteger,
  parseInterval,
  parseNumber,
  parseString,
  parseStringLiteral,
} from './literals.ts'
import { parseQuery } from './queries.ts'
import { parseTrim } from './trim.ts'
import { parseTypeName } from './types.ts'
import { atOver, parseOver } from './windows.ts'

export function parsePrimary(cursor: Cursor): Expression {
  const starAllowed = cursor.starAllowedAt === cursor.index
  const level = cursor.enter()
  const base = parseBase(cursor)
  const result = parsePostfix(cursor, base, starAllowed)
  cursor.leave(level)
  return result
}

/** `.field` and `[index]`, any number of them; they end before `.*` where `starAllowed`. */
export function parsePostfix(cursor: Cursor, base: Expression, starAllowed = false): Expression {
  let value = base
  for (;;) {
    if (cursor.at('.')) {
      if (starAllowed && cursor.peek(1) === '*') return value
      cursor.next()
      cursor.grow()
      if (starAllowed) cursor.expecting('*')
      value = { kind: 'dereference', base: value, field: cursor.identifier(), at: value.at }
    } else if (cursor.accept('[')) {
      cursor.grow()
      const index = parseValue(cursor)
      cursor.expect(']')
      value = { kind: 'subscript', base: value, index, at: value.at }
    } else {
      return value
    }
  }
}

function parseBase(cursor: Cursor): Expression {
  const { type, at } = cursor.token
  switch (type) {
    case 'identifier':
    case 'quoted-identifier':
      return parseNamed(cursor)
    case 'integer':
    case 'decimal':
    case 'double':
      return parseNumber(cursor)
    case 'string':
    case 'unicode-string':
      return parseStringLiteral(cursor)
    case 'binary':
      return binaryLiteral(cursor, cursor.next())
    case '-':
      if (isNumber(cursor.peek(1))) return parseNumber(cursor)
      break
    case '(':
      return parseParenthesis(cursor)
    case '[':
      return parseArray(cursor, at)
    case '?':
      cursor.next()
      return { kind: 'parameter', index: cursor.parameters++, at }
    case 'NULL':
      cursor.next()
      return { kind: 'null', at }
    case 'TRUE':
    case 'FALSE':
      cursor.next()
      return { kind: 'boolean-literal', value: type === 'TRUE', at }
    case 'CASE':
      return parseCase(cursor)
    case 'CAST':
      return parseCast(cursor, false)
    case 'EXISTS':
      return parseExists(cursor)
    case 'EXTRACT':
      return parseExtract(cursor)
    case 'TRIM':
      return parseTrim(cursor)
    case 'NORMALIZE':
      return parseNormalize(cursor)
    case 'LISTAGG':
      return parseListagg(cursor)
    case 'GROUPING':
      return parseGrouping(cursor)
    case 'CURRENT_DATE':
    case 'CURRENT_USER':
    case 'CURRENT_CATALOG':
    case 'CURRENT_SCHEMA':
    case 'CURRENT_PATH':
    case 'CURRENT_TIME':
    case 'CURRENT_TIMESTAMP':
    case 'LOCALTIME':
    case 'LOCALTIMESTAMP':
      return parseCurrent(cursor)
  }
  if (isJsonFunction(type)) return parseJsonFunction(cursor)
  if (cursor.token.name) return parseKeyword(cursor) ?? parseNamed(cursor)
  throw cursor.mismatch()
}

/** Forms that begin with a word which is a plain name everywhere else. */
function parseKeyword(cursor: Cursor): Expression | undefined {
  const next = cursor.peek(1)
  const { at } = cursor.token
  switch (cursor.token.type) {
    case 'INTERVAL':
      return atInterval(cursor) ? parseInterval(cursor) : undefined
    case 'DOUBLE':
      if (next !== 'PRECISION' || !isString(cursor.peek(2))) return undefined
      cursor.next()
      cursor.next()
      return genericLiteral(cursor, { kind: 'generic-type', name: 'double', arguments: [], at })
    case 'ARRAY':
      if (next !== '[') return undefined
      cursor.next()
      return parseArray(cursor, at)
    case 'ROW':
      return next === '(' && cursor.peek(2) !== ')' && cursor.peek(2) !== '*' ? parseRow(cursor) : undefined
    case 'TRY_CAST':
      return next === '(' ? parseCast(cursor, true) : undefined
    case 'POSITION':
      return next === '(' ? parsePosition(cursor) : undefined
    case 'SUBSTRING':
      return next === '(' ? parseSubstring(cursor) : undefined
    case 'RUNNING':
    case 'FINAL':
      return parseProcessing(cursor)
  }
  return undefined
}

const isString = (type: string): boolean => type === 'string' || type === 'unicode-string'

/** A name: a column, a call, a typed literal, a lambda's parameter or a measure, told apart by what follows. */
function parseNamed(cursor: Cursor): Expression {
  const next = cursor.peek(1)
  const { type, at } = cursor.token
  if (isString(next)) {
    const name = cursor.identifier()
    if (type === 'TIME' || type === 'TIMESTAMP') {
      const base = type === 'TIME' ? 'time' : 'timestamp'
      return genericLiteral(cursor, { kind: 'datetime-type', base, precision: undefined, withTimeZone: false, at })
    }
    if (name.value === 'x' && !name.quoted) {
      throw cursor.error("Spaces are not allowed between 'X' and the starting quote of a binary literal", at)
    }
    return genericLiteral(cursor, { kind: 'generic-type', name: name.value, arguments: [], at })
  }
  if (next === '->') {
    const parameter = cursor.identifier()
    cursor.next()
    return { kind: 'lambda', parameters: [parameter], body: parseExpression(cursor), at }
  }
  if (callLength(cursor, 0) > 0) return parseCall(cursor)
  const name = cursor.identifier()
  if (cursor.token.type === 'OVER' && atOver(cursor)) return { kind: 'measure', name, over: parseOver(cursor), at }
  return name
}

/** The number of tokens of `a.b.c(` from `distance` ahead up to the parenthesis; 0 if no call begins there. */
function callLength(cursor: Cursor, distance: number): number {
  let length = distance
  while (cursor.peekName(length)) {
    const after = cursor.peek(length + 1)
    if (after === '(') return length + 1 - distance
    if (after !== '.') return 0
    length += 2
  }
  return 0
}

function genericLiteral(cursor: Cursor, type: TypeName): Expression {
  return { kind: 'generic-literal', type, value: parseString(cursor), at: type.at }
}

/** `RUNNING last(A.x)` */
function parseProcessing(cursor: Cursor): Expression | undefined {
  if (callLength(cursor, 1) === 0) return undefined
  const { type, at } = cursor.next()
  return parseCall(cursor, type === 'RUNNING' ? 'running' : 'final', at)
}

function parseParenthesis(cursor: Cursor): Expression {
  const { at } = cursor.token
  if (atLambda(cursor)) return parseLambda(cursor)
  cursor.next()
  if (cursor.accept(')')) cursor.expect('->')
  cursor.expecting('<query>')
  const inner = parseQueryOrExpression(cursor)
  if (inner.kind !== 'query') return closeParenthesis(cursor, inner, at)
  cursor.expect(')')
  return { kind: 'subquery', query: inner, at }
}

/** `( [name, …] ) ->` */
function atLambda(cursor: Cursor): boolean {
  let distance = 1
  if (cursor.peek(1) !== ')') {
    while (cursor.peekName(distance) && cursor.peek(distance + 1) === ',') distance += 2
    if (!cursor.peekName(distance)) return false
    distance++
  }
  return cursor.peek(distance) === ')' && cursor.peek(distance + 1) === '->'
}

function parseLambda(cursor: Cursor): Lambda {
  const { at } = cursor.expect('(')
  const parameters = cursor.token.type === ')' ? [] : cursor.list(() => cursor.identifier())
  cursor.expect(')')
  cursor.expect('->')
  return { kind: 'lambda', parameters, body: parseExpression(cursor), at }
}

/** After ARRAY or nothing: `[a, b]`. */
function parseArray(cursor: Cursor, at: Position): Expression {
  cursor.expect('[')
  const items = cursor.at(']') ? [] : cursor.list(() => parseExpression(cursor))
  cursor.expect(']')
  return { kind: 'array', items, at }
}

/** ROW(a, b); `ROW(DISTINCT …)` and `ROW(a ORDER BY b)` would be calls of a function of that name, which there is not. */
function parseRow(cursor: Cursor): Expression {
  const { at } = cursor.expect('ROW')
  const fields = cursor.parenthesized(() => {
    const value = parseExpression(cursor)
    return { name: cursor.accept('AS') ? cursor.identifier() : undefined, value }
  })
  return { kind: 'row', fields, at }
}

function parseCase(cursor: Cursor): Expression {
  const { at } = cursor.expect('CASE')
  const operand = cursor.at('WHEN') ? undefined : parseExpression(cursor)
  const whens = []
  do {
    const place = cursor.expect('WHEN').at
    const when = parseExpression(cursor)
    cursor.expect('THEN')
    // biome-ignore lint/suspicious/noThenProperty: the word of the language; nobody awaits a syntax tree
    whens.push({ when, then: parseExpression(cursor), at: place })
  } while (cursor.at('WHEN'))
  const otherwise = cursor.accept('ELSE') ? parseExpression(cursor) : undefined
  cursor.expect('END')
  return { kind: 'case', operand, whens, otherwise, at }
}

function parseCast(cursor: Cursor, safe: boolean): Expression {
  const { at } = cursor.next()
  cursor.expect('(')
  const value = parseExpression(cursor)
  cursor.expect('AS')
  const type = parseTypeName(cursor)
  cursor.expect(')')
  return { kind: 'cast', value, type, safe, at }
}

function parseExists(cursor: Cursor): Expression {
  const { at } = cursor.expect('EXISTS')
  cursor.expect('(')
  const query = parseQuery(cursor)
  cursor.expect(')')
  return { kind: 'exists', query, at }
}

function parseExtract(cursor: Cursor): Expression {
  const { at } = cursor.expect('EXTRACT')
  cursor.expect('(')
  const fieldToken = cursor.token
  const field = cursor.identifier()
  cursor.expect('FROM')
  const value = parseValue(cursor)
  cursor.expect(')')
  if (field.quoted || !EXTRACT_FIELDS.includes(field.value.toUpperCase())) {
    throw cursor.error(`Invalid EXTRACT field ${cursor.textOf(fieldToken)}, valid fields are: ${EXTRACT_FIELDS.join(', ')}`, at)
  }
  return { kind: 'extract', field, value, at }
}

const EXTRACT_FIELDS: readonly string[] =
  'YEAR QUARTER MONTH WEEK DAY DAY_OF_MONTH DAY_OF_WEEK DOW DAY_OF_YEAR DOY YEAR_OF_WEEK YOW HOUR MINUTE SECOND TIMEZONE_MINUTE TIMEZONE_HOUR'.split(
    ' ',
  )

const name = (value: string, at: Position): Identifier => ({ kind: 'identifier', value, quoted: false, at })

function plainCall(functionName: string, args: readonly Expression[], at: Position): Expression {
  return {
    kind: 'call',
    name: { parts: [name(functionName, at)], at },
    arguments: args,
    distinct: false,
    orderBy: [],
    filter: undefined,
    nulls: undefined,
    over: undefined,
    processing: undefined,
    overflow: undefined,
    at,
  }
}

/** `POSITION(a IN b)` is strpos(b, a); any other list of arguments is a plain call. */
function parsePosition(cursor: Cursor): Expression {
  const { at } = cursor.token
  if (cursor.peek(2) === ')' || cursor.peek(2) === 'NOT') return parseCall(cursor)
  const functionName = cursor.identifier()
  cursor.expect('(')
  const first = parseValue(cursor)
  if (!cursor.accept('IN')) return parseArguments(cursor, { parts: [functionName], at }, first)
  const text = parseValue(cursor)
  cursor.expect(')')
  return plainCall('strpos', [text, first], at)
}

/** `SUBSTRING(x FROM a [FOR b])`, which Trino reads as `substr(x, a, b)`, or a plain call. */
function parseSubstring(cursor: Cursor): Expression {
  const { at } = cursor.token
  if (cursor.peek(2) === ')' || cursor.peek(2) === 'NOT') return parseCall(cursor)
  const functionName = cursor.identifier()
  cursor.expect('(')
  const value = parseValue(cursor)
  if (!cursor.accept('FROM')) return parseArguments(cursor, { parts: [functionName], at }, value)
  const args = [value, parseValue(cursor)]
  if (cursor.accept('FOR')) args.push(parseValue(cursor))
  cursor.expect(')')
  return plainCall('substr', args, at)
}

function parseNormalize(cursor: Cursor): Expression {
  const { at } = cursor.expect('NORMALIZE')
  cursor.expect('(')
  const value = parseValue(cursor)
  let form = 'NFC'
  let formAt = at
  if (cursor.accept(',')) {
    formAt = cursor.token.at
    form = cursor.expectAny('NFC', 'NFD', 'NFKC', 'NFKD')
  }
  cursor.expect(')')
  return plainCall('normalize', [value, { kind: 'string', value: form, at: formAt }], at)
}

function parseGrouping(cursor: Cursor): Expression {
  const { at } = cursor.expect('GROUPING')
  cursor.expect('(')
  const columns = cursor.at(')') ? [] : cursor.list(() => parseColumn(cursor))
  cursor.expect(')')
  return { kind: 'grouping', columns, at }
}

/** A qualified name as an expression. */
function parseColumn(cursor: Cursor): Expression {
  const [first, ...rest] = cursor.qualifiedName().parts
  return rest.reduce<Expression>((base, field) => ({ kind: 'dereference', base, field, at: base.at }), first as Identifier)
}

function parseCurrent(cursor: Cursor): Expression {
  const { type, at } = cursor.next()
  const current = type.toLowerCase() as CurrentValue['name']
  let precision: number | undefined
  switch (current) {
    case 'current_time':
    case 'current_timestamp':
    case 'localtime':
    case 'localtimestamp':
      if (cursor.accept('(')) {
        precision = parseInteger(cursor)
        cursor.expect(')')
      }
  }
  return { kind: 'current', name: current, precision, at }
}
