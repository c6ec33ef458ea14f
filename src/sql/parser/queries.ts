/** Queries: WITH, set operations, SELECT, VALUES, TABLE, ORDER BY, OFFSET, LIMIT and FETCH. */
import type {
  Expression,
  Identifier,
  Limit,
  Query,
  QueryBody,
  Select,
  SelectItem,
  SetOperation,
  SortItem,
  With,
  WithQuery,
} from '../ast.ts'
import { atQuantifier } from './calls.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression } from './expressions.ts'
import { atInlineFunction, parseInlineFunctions } from './functions.ts'
import { parseGroupBy } from './grouping.ts'
import { parseNumber } from './literals.ts'
import { parseFrom } from './relations.ts'
import { parseWindowSpecification } from './windows.ts'

/** The reserved words that begin a query, and nothing else inside parentheses. */
export function isQueryStart(type: string): boolean {
  return type === 'SELECT' || type === 'WITH' || type === 'VALUES' || type === 'TABLE'
}

/** A query that may define functions: [WITH FUNCTION …] query. */
export function parseRootQuery(cursor: Cursor): Query {
  cursor.expecting('WITH')
  if (!atInlineFunction(cursor)) return parseQuery(cursor)
  const { at } = cursor.token
  const functions = parseInlineFunctions(cursor)
  return { ...parseQuery(cursor), functions, at }
}

export function parseQuery(cursor: Cursor): Query {
  cursor.rule('<query>')
  const level = cursor.enter()
  const { at } = cursor.token
  const ctes = cursor.at('WITH') ? parseWith(cursor) : undefined
  const query = parseQueryTail(cursor, parseQueryTerm(cursor))
  cursor.leave(level)
  return ctes === undefined ? query : { ...query, with: ctes, at }
}

/** The rest of a query whose first primary, in parentheses, was parsed already. */
export function continueQuery(cursor: Cursor, first: QueryBody): Query {
  return parseQueryTail(cursor, parseQueryTerm(cursor, first))
}

function parseWith(cursor: Cursor): With {
  const { at } = cursor.expect('WITH')
  const recursive = cursor.accept('RECURSIVE')
  return { recursive, queries: cursor.list(() => parseWithQuery(cursor)), at }
}

function parseWithQuery(cursor: Cursor): WithQuery {
  const name = cursor.identifier()
  const columns = cursor.at('(') ? parseColumnAliases(cursor) : undefined
  cursor.expect('AS')
  cursor.expect('(')
  const query = parseQuery(cursor)
  cursor.expect(')')
  return { name, columns, query, at: name.at }
}

export function parseColumnAliases(cursor: Cursor): readonly Identifier[] {
  return cursor.parenthesized(() => cursor.identifier())
}

/** UNION and EXCEPT, from the left; INTERSECT binds tighter. */
function parseQueryTerm(cursor: Cursor, first?: QueryBody): QueryBody {
  let left = parseIntersection(cursor, first)
  for (;;) {
    const operatorAt = cursor.token.at
    const operator = cursor.acceptAny('UNION', 'EXCEPT')
    if (operator === undefined) return left
    left = parseSetOperation(cursor, operator === 'UNION' ? 'union' : 'except', left, operatorAt)
  }
}

function parseIntersection(cursor: Cursor, first?: QueryBody): QueryBody {
  let left = first ?? parseQueryPrimary(cursor)
  for (;;) {
    const operatorAt = cursor.token.at
    if (!cursor.accept('INTERSECT')) return left
    left = parseSetOperation(cursor, 'intersect', left, operatorAt)
  }
}

function parseSetOperation(
  cursor: Cursor,
  operator: SetOperation['operator'],
  left: QueryBody,
  operatorAt: SetOperation['at'],
): SetOperation {
  cursor.grow()
  const all = cursor.acceptAny('ALL', 'DISTINCT') === 'ALL'
  const corresponding = parseCorresponding(cursor)
  const right = operator === 'intersect' ? parseQueryPrimary(cursor) : parseIntersection(cursor)
  return { kind: 'set-operation', operator, all, corresponding, left, right, at: left.at, operatorAt }
}

function parseCorresponding(cursor: Cursor): SetOperation['corresponding'] {
  if (!cursor.accept('CORRESPONDING')) return undefined
  return cursor.accept('BY') ? parseColumnAliases(cursor) : 'all'
}

function parseQueryPrimary(cursor: Cursor): QueryBody {
  const { at, type } = cursor.token
  switch (type) {
    case 'SELECT':
      return parseSelect(cursor)
    case 'VALUES':
      cursor.next()
      return { kind: 'values', rows: cursor.list(() => parseExpression(cursor)), at }
    case 'TABLE':
      cursor.next()
      return { kind: 'table', name: cursor.qualifiedName(), at }
    case '(': {
      const level = cursor.enter()
      cursor.next()
      const query = parseQueryTail(cursor, parseQueryTerm(cursor))
      cursor.expect(')')
      cursor.leave(level)
      return { kind: 'subquery-body', query, at }
    }
  }
  for (const start of ['(', 'SELECT', 'TABLE', 'VALUES']) cursor.expecting(start)
  throw cursor.mismatch()
}

/** [ORDER BY …] [OFFSET …] [LIMIT … | FETCH …] */
function parseQueryTail(cursor: Cursor, body: QueryBody): Query {
  const orderByAt = cursor.at('ORDER') ? cursor.token.at : undefined
  const orderBy = orderByAt === undefined ? [] : parseOrderBy(cursor)
  let offset: Expression | undefined
  const offsetAt = cursor.token.at
  if (cursor.accept('OFFSET')) {
    offset = parseRowCount(cursor)
    cursor.acceptAny('ROW', 'ROWS')
  }
  const limit = parseLimit(cursor)
  const places = { orderByAt, offsetAt: offset && offsetAt }
  return { kind: 'query', functions: [], with: undefined, body, orderBy, offset, limit, ...places, at: body.at }
}

export function parseOrderBy(cursor: Cursor): readonly SortItem[] {
  cursor.expect('ORDER')
  cursor.expect('BY')
  return cursor.list(() => parseSortItem(cursor))
}

export function parseSortItem(cursor: Cursor): SortItem {
  const { at } = cursor.token
  const value = parseExpression(cursor)
  const descending = cursor.acceptAny('ASC', 'DESC') === 'DESC'
  let nulls: SortItem['nulls']
  if (cursor.accept('NULLS')) nulls = cursor.expectAny('FIRST', 'LAST') === 'FIRST' ? 'first' : 'last'
  return { value, descending, nulls, at }
}

function parseLimit(cursor: Cursor): Limit | undefined {
  const { at } = cursor.token
  if (cursor.accept('LIMIT')) {
    if (cursor.accept('ALL')) return { kind: 'limit all', at }
    return { kind: 'limit', count: parseRowCount(cursor), at }
  }
  if (!cursor.accept('FETCH')) return undefined
  cursor.expectAny('FIRST', 'NEXT')
  const count = cursor.at('ROW') || cursor.at('ROWS') ? undefined : parseRowCount(cursor)
  cursor.expectAny('ROW', 'ROWS')
  const withTies = cursor.expectAny('ONLY', 'WITH') === 'WITH'
  if (withTies) cursor.expect('TIES')
  return { kind: 'fetch', count, withTies, at }
}

/** An integer or a parameter. */
function parseRowCount(cursor: Cursor): Expression {
  const { at } = cursor.token
  if (cursor.accept('?')) return { kind: 'parameter', index: cursor.parameters++, at }
  if (!cursor.at('integer')) throw cursor.mismatch()
  return parseNumber(cursor)
}

function parseSelect(cursor: Cursor): Select {
  const { at } = cursor.expect('SELECT')
  const distinct = atQuantifier(cursor) ? cursor.expectAny('DISTINCT', 'ALL') === 'DISTINCT' : false
  const items = cursor.list(() => parseSelectItem(cursor))
  const from = cursor.accept('FROM') ? parseFrom(cursor) : undefined
  const where = cursor.accept('WHERE') ? parseExpression(cursor) : undefined
  const groupBy = cursor.at('GROUP') ? parseGroupBy(cursor) : undefined
  const having = cursor.accept('HAVING') ? parseExpression(cursor) : undefined
  const windows = cursor.accept('WINDOW') ? cursor.list(() => parseWindowDefinition(cursor)) : []
  return { kind: 'select', distinct, items, from, where, groupBy, having, windows, at }
}

function parseWindowDefinition(cursor: Cursor): Select['windows'][number] {
  const name = cursor.identifier()
  cursor.expect('AS')
  cursor.expect('(')
  const window = parseWindowSpecification(cursor)
  cursor.expect(')')
  return { name, window }
}

function parseSelectItem(cursor: Cursor): SelectItem {
  const { at } = cursor.token
  if (cursor.accept('*')) return { kind: 'all', target: undefined, aliases: [], at }
  cursor.starAllowedAt = cursor.index
  const value = parseExpression(cursor)
  if (cursor.token.type === '.') {
    cursor.next()
    cursor.expect('*')
    const aliases = cursor.accept('AS') ? parseColumnAliases(cursor) : []
    return { kind: 'all', target: value, aliases, at }
  }
  return { kind: 'expression', value, alias: parseAlias(cursor), at }
}

/** [[AS] name] */
function parseAlias(cursor: Cursor): Identifier | undefined {
  if (cursor.accept('AS')) return cursor.identifier()
  cursor.expecting('<identifier>')
  return atAlias(cursor) ? cursor.identifier() : undefined
}

/** Whether a name here is an alias, and not the word that begins the next clause. */
export function atAlias(cursor: Cursor): boolean {
  if (!cursor.token.name) return false
  const next = cursor.peek(1)
  switch (cursor.token.type) {
    case 'LIMIT':
      return next !== 'integer' && next !== '?' && next !== 'ALL'
    case 'OFFSET':
      return next !== 'integer' && next !== '?'
    case 'FETCH':
      return next !== 'FIRST' && next !== 'NEXT'
    case 'WINDOW':
      return !(cursor.peekName(1) && cursor.peek(2) === 'AS')
    case 'TABLESAMPLE':
      return next !== 'BERNOULLI' && next !== 'SYSTEM'
    case 'MATCH_RECOGNIZE':
      return next !== '(' || (cursor.peekName(2) && (cursor.peek(3) === ',' || cursor.peek(3) === ')'))
  }
  return true
}
