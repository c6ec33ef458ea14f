/** What may follow a value: comparison, BETWEEN, IN, LIKE, IS NULL, IS DISTINCT FROM. */
import type { ComparisonOperator, Expression, Query } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression, parseQueryOrExpression, parseValue } from './expressions.ts'
import { isQueryStart, parseQuery } from './queries.ts'

/** The predicate over `value` that begins here, if one does. */
export function parsePredicate(cursor: Cursor, value: Expression): Expression | undefined {
  const { type, at: operatorAt } = cursor.token
  switch (type) {
    case '=':
    case '<>':
    case '<':
    case '<=':
    case '>':
    case '>=':
      cursor.next()
      return parseComparison(cursor, value, type, operatorAt)
    case 'IS':
      cursor.next()
      return parseIs(cursor, value, operatorAt)
    case 'NOT':
    case 'BETWEEN':
    case 'IN':
    case 'LIKE':
      return parseNegatable(cursor, value, operatorAt)
  }
  return undefined
}

type Place = Expression['at']

function parseComparison(cursor: Cursor, value: Expression, operator: ComparisonOperator, operatorAt: Place): Expression {
  const { type } = cursor.token
  const quantified = type === 'ALL' || type === 'ANY' || type === 'SOME'
  if (quantified && cursor.peek(1) === '(' && isQueryStart(cursor.afterParentheses(1))) {
    cursor.next()
    cursor.expect('(')
    const query = parseQuery(cursor)
    cursor.expect(')')
    return { kind: 'quantified', operator, quantifier: type === 'ALL' ? 'all' : 'any', value, query, at: value.at, operatorAt }
  }
  cursor.expecting('ALL')
  cursor.expecting('ANY')
  cursor.expecting('SOME')
  return { kind: 'comparison', operator, left: value, right: parseValue(cursor), at: value.at, operatorAt }
}

function parseIs(cursor: Cursor, value: Expression, operatorAt: Place): Expression {
  const negated = cursor.accept('NOT')
  if (cursor.accept('NULL')) return { kind: 'is-null', value, negated, at: value.at, operatorAt }
  cursor.expect('DISTINCT')
  cursor.expect('FROM')
  return { kind: 'distinct-from', left: value, right: parseValue(cursor), negated, at: value.at, operatorAt }
}

function parseNegatable(cursor: Cursor, value: Expression, operatorAt: Place): Expression {
  const negated = cursor.accept('NOT')
  const base = { value, negated, at: value.at, operatorAt }
  switch (cursor.expectAny('BETWEEN', 'IN', 'LIKE')) {
    case 'BETWEEN': {
      const low = parseValue(cursor)
      cursor.expect('AND')
      return { kind: 'between', ...base, low, high: parseValue(cursor) }
    }
    case 'IN':
      return parseIn(cursor, base)
    case 'LIKE': {
      const pattern = parseValue(cursor)
      const escapeCharacter = cursor.accept('ESCAPE') ? parseValue(cursor) : undefined
      return { kind: 'like', ...base, pattern, escape: escapeCharacter }
    }
  }
}

function parseIn(
  cursor: Cursor,
  base: { readonly value: Expression; readonly negated: boolean; readonly at: Place; readonly operatorAt: Place },
): Expression {
  cursor.expect('(')
  cursor.expecting('<query>')
  const first = parseQueryOrExpression(cursor)
  const item = first.kind === 'query' ? parenthesized(first) : first
  if (first.kind === 'query' && item === undefined) {
    cursor.expect(')')
    return { kind: 'in-subquery', ...base, query: first }
  }
  const items = item === undefined ? [] : [item]
  while (cursor.accept(',')) items.push(parseExpression(cursor))
  cursor.expect(')')
  return { kind: 'in-list', ...base, items }
}

/** `IN ((SELECT 1))` is a list of one scalar subquery, as in Trino: the subquery, if `query` is nothing but one in parentheses. */
function parenthesized({ with: ctes, body, orderBy, offset, limit }: Query): Expression | undefined {
  const tail = ctes !== undefined || orderBy.length > 0 || offset !== undefined || limit !== undefined
  return body.kind === 'subquery-body' && !tail ? { kind: 'subquery', query: body.query, at: body.at } : undefined
}
