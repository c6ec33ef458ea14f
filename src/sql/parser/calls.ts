/** Function calls with all that may stand inside and behind their parentheses. */
import type { Expression, FunctionCall, Identifier, ListaggOverflow, QualifiedName } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression } from './expressions.ts'
import { parseString, parseStringLiteral } from './literals.ts'
import { parseOrderBy } from './queries.ts'
import { atOver, parseOver } from './windows.ts'

/** `at` is where the call begins, if not with its name. */
export function parseCall(cursor: Cursor, processing?: FunctionCall['processing'], at?: FunctionCall['at']): Expression {
  const name = cursor.qualifiedName()
  cursor.expect('(')
  return checked(cursor, { ...parseArguments(cursor, name, undefined, processing), at: at ?? name.at })
}

/** From behind the opening parenthesis on, or behind `first`, the beginning of the first argument. */
export function parseArguments(
  cursor: Cursor,
  name: QualifiedName,
  first?: Expression,
  processing?: FunctionCall['processing'],
): FunctionCall {
  if (first === undefined && atStar(cursor)) return parseStarCall(cursor, name, processing)
  const empty = first === undefined && cursor.at(')')
  const quantifier = first === undefined && !empty && atQuantifier(cursor) ? cursor.expectAny('DISTINCT', 'ALL') : undefined
  const distinct = quantifier === 'DISTINCT'
  const args: Expression[] = []
  if (quantifier !== undefined || (!empty && !cursor.at('ORDER'))) {
    if (first === undefined && quantifier === undefined) cursor.expecting('*')
    args.push(parseExpression(cursor, first))
    while (cursor.accept(',')) args.push(parseExpression(cursor))
  }
  const orderBy = cursor.at('ORDER') ? parseOrderBy(cursor) : []
  cursor.expect(')')
  const filter = parseFilter(cursor)
  const nulls = parseNullTreatment(cursor)
  const over = nulls !== undefined || atOver(cursor) ? parseOver(cursor) : undefined
  return {
    kind: 'call',
    name,
    arguments: args,
    distinct,
    orderBy,
    filter,
    nulls,
    over,
    processing,
    overflow: undefined,
    at: name.at,
  }
}

/** `*` or `label.*` right before the closing parenthesis. */
function atStar(cursor: Cursor): boolean {
  if (cursor.token.type === '*') return true
  return cursor.token.name && cursor.peek(1) === '.' && cursor.peek(2) === '*'
}

function parseStarCall(cursor: Cursor, name: QualifiedName, processing: FunctionCall['processing']): FunctionCall {
  const { at } = cursor.token
  let label: Identifier | undefined
  if (cursor.token.type !== '*') {
    label = cursor.identifier()
    cursor.expect('.')
  }
  cursor.expect('*')
  cursor.expect(')')
  const filter = parseFilter(cursor)
  const over = atOver(cursor) ? parseOver(cursor) : undefined
  return {
    kind: 'call',
    name,
    arguments: [label === undefined ? { kind: 'star', at } : { kind: 'star', label, at }],
    distinct: false,
    orderBy: [],
    filter,
    nulls: undefined,
    over,
    processing,
    overflow: undefined,
    at: name.at,
  }
}

const AFTER_NAME: ReadonlySet<string> = new Set([')', ',', '.', '=', '<>', '<', '<=', '>', '>=', '/', '%', '||', '->', 'IS', 'AND', 'OR'])

/** DISTINCT, or ALL where it is no column's name. */
export function atQuantifier(cursor: Cursor): boolean {
  if (cursor.at('DISTINCT')) return true
  if (!cursor.at('ALL')) return false
  const next = cursor.peek(1)
  return !AFTER_NAME.has(next) && next !== 'end' && next !== 'FROM' && next !== 'AS'
}

/** FILTER (WHERE condition) */
function parseFilter(cursor: Cursor): Expression | undefined {
  cursor.expecting('FILTER')
  if (cursor.token.type !== 'FILTER' || cursor.peek(1) !== '(') return undefined
  cursor.next()
  cursor.next()
  cursor.expect('WHERE')
  const condition = parseExpression(cursor)
  cursor.expect(')')
  return condition
}

function parseNullTreatment(cursor: Cursor): 'ignore' | 'respect' | undefined {
  const { type } = cursor.token
  cursor.expecting('IGNORE')
  cursor.expecting('RESPECT')
  if ((type !== 'IGNORE' && type !== 'RESPECT') || cursor.peek(1) !== 'NULLS') return undefined
  cursor.next()
  cursor.next()
  return type === 'IGNORE' ? 'ignore' : 'respect'
}

/** LISTAGG([DISTINCT] value [, separator] [ON OVERFLOW …]) WITHIN GROUP (ORDER BY …) */
export function parseListagg(cursor: Cursor): FunctionCall {
  const token = cursor.expect('LISTAGG')
  const name = { parts: [cursor.identifierOf(token)], at: token.at }
  cursor.expect('(')
  const distinct = atQuantifier(cursor) ? cursor.expectAny('DISTINCT', 'ALL') === 'DISTINCT' : false
  const args = [parseExpression(cursor)]
  if (cursor.accept(',')) args.push(parseStringLiteral(cursor))
  let overflow: ListaggOverflow | undefined
  if (cursor.accept('ON')) {
    cursor.expect('OVERFLOW')
    overflow = parseOverflow(cursor)
  }
  cursor.expect(')')
  cursor.expect('WITHIN')
  cursor.expect('GROUP')
  cursor.expect('(')
  const orderBy = parseOrderBy(cursor)
  cursor.expect(')')
  const filter = parseFilter(cursor)
  const over = atOver(cursor) ? parseOver(cursor) : undefined
  return {
    kind: 'call',
    name,
    arguments: args,
    distinct,
    orderBy,
    filter,
    nulls: undefined,
    over,
    processing: undefined,
    overflow,
    at: token.at,
  }
}

function parseOverflow(cursor: Cursor): ListaggOverflow {
  if (cursor.accept('ERROR')) return { kind: 'error' }
  cursor.expect('TRUNCATE')
  const filler = cursor.at('WITH') || cursor.at('WITHOUT') ? undefined : parseString(cursor)
  const withCount = cursor.expectAny('WITH', 'WITHOUT') === 'WITH'
  cursor.expect('COUNT')
  return { kind: 'truncate', filler, withCount }
}

/** Argument counts of the forms that Trino's parser builds in: their errors are syntax errors there. */
const BUILT_IN: ReadonlyMap<string, readonly [number, number]> = new Map([
  ['if', [2, 3]],
  ['nullif', [2, 2]],
  ['coalesce', [2, Number.POSITIVE_INFINITY]],
  ['try', [1, 1]],
  ['format', [2, Number.POSITIVE_INFINITY]],
])

function checked(cursor: Cursor, call: FunctionCall): FunctionCall {
  const name = call.name.parts.length === 1 ? (call.name.parts[0]?.value.toLowerCase() ?? '') : ''
  const counts = BUILT_IN.get(name)
  if (counts === undefined) return call
  const refuse = (what: string) => cursor.error(what, call.at)
  const [least, most] = counts
  const count = call.arguments.length
  if (name === 'coalesce' || name === 'format') {
    if (count < least) throw refuse(`The '${name}' function must have at least two arguments`)
  } else if (name === 'try') {
    if (count !== 1) throw refuse("The 'try' function must have exactly one argument")
  } else if (count < least || count > most) {
    throw refuse(`Invalid number of arguments for '${name}' function`)
  }
  if (call.over !== undefined) throw refuse(`OVER clause not valid for '${name}' function`)
  if (call.distinct) throw refuse(`DISTINCT not valid for '${name}' function`)
  if (call.nulls !== undefined) throw refuse(`Null treatment clause not valid for '${name}' function`)
  if (call.processing !== undefined) throw refuse(`Running or final semantics not valid for '${name}' function`)
  if (call.filter !== undefined) throw refuse(`FILTER not valid for '${name}' function`)
  return call
}
