/**
 * Expressions by precedence climbing: OR < AND < NOT < one predicate < || < + - < * / % < signs < AT TIME ZONE. Long flat chains are
 * built in loops, so that only real nesting costs stack.
 */
import type { Expression, Query } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { isNumber, parseInterval, parseStringLiteral } from './literals.ts'
import { parsePredicate } from './predicates.ts'
import { parsePostfix, parsePrimary } from './primary.ts'
import { continueQuery, isQueryStart, parseQuery } from './queries.ts'

/** `first`, when given, is the leftmost primary expression, parsed already. */
export function parseExpression(cursor: Cursor, first?: Expression): Expression {
  cursor.rule('<expression>')
  const level = cursor.measure()
  let disjuncts: Expression[] | undefined
  let conjuncts: Expression[] | undefined
  let conjunctions = false
  let term = parsePredicated(cursor, first)
  for (;;) {
    if (cursor.accept('AND')) {
      if (conjuncts === undefined) conjuncts = [term]
      term = parsePredicated(cursor)
      conjuncts.push(term)
      conjunctions = true
      continue
    }
    const conjunction = combine('and', conjuncts, term)
    conjuncts = undefined
    disjuncts?.push(conjunction)
    if (!cursor.accept('OR')) {
      cursor.settle(level, (disjuncts === undefined ? 0 : 1) + (conjunctions ? 1 : 0))
      return combine('or', disjuncts, conjunction)
    }
    disjuncts ??= [conjunction]
    term = parsePredicated(cursor)
  }
}

function combine(operator: 'and' | 'or', terms: readonly Expression[] | undefined, single: Expression): Expression {
  const first = terms?.[0]
  return first === undefined || terms === undefined ? single : { kind: 'logical', operator, terms, at: first.at }
}

/** `NOT … value [predicate]` */
function parsePredicated(cursor: Cursor, first?: Expression): Expression {
  const level = cursor.measure()
  const nots = []
  if (first === undefined) {
    cursor.rule('<expression>')
    while (cursor.token.type === 'NOT') {
      nots.push(cursor.next().at)
      cursor.grow()
      cursor.rule('<expression>')
    }
  }
  const value = parseValue(cursor, 0, first)
  cursor.expecting('<predicate>')
  const predicate = parsePredicate(cursor, value)
  cursor.settle(level, predicate === undefined ? 0 : 1)
  let result = predicate ?? value
  for (const at of nots.reverse()) result = { kind: 'not', value: result, at }
  return result
}

const PRECEDENCE: Readonly<Record<string, 1 | 2 | 3>> = { '||': 1, '+': 2, '-': 2, '*': 3, '/': 3, '%': 3 }

/** Trino's valueExpression: arithmetic and `||` whose operators bind at least as tightly as `minimum`. */
export function parseValue(cursor: Cursor, minimum = 0, first?: Expression): Expression {
  let left = parseSigned(cursor, first)
  for (;;) {
    const { type, at } = cursor.token
    const precedence = PRECEDENCE[type]
    if (precedence === undefined || precedence < minimum) {
      for (const operator of Object.keys(PRECEDENCE)) cursor.expecting(operator)
      return left
    }
    cursor.next()
    cursor.grow()
    const right = parseValue(cursor, precedence + 1)
    left = { kind: 'arithmetic', operator: type as '+', left, right, at: left.at, operatorAt: at }
  }
}

function parseSigned(cursor: Cursor, first?: Expression): Expression {
  if (first !== undefined) return parseAtTimeZone(cursor, parsePostfix(cursor, first))
  cursor.rule('<expression>')
  const signs = []
  while (cursor.token.type === '+' || (cursor.token.type === '-' && !isNumber(cursor.peek(1)))) {
    signs.push(cursor.next())
    cursor.grow()
    cursor.rule('<expression>')
  }
  let value = parseAtTimeZone(cursor, parsePrimary(cursor))
  for (const { type, at } of signs.reverse()) value = { kind: 'sign', sign: type as '+', value, at }
  return value
}

function parseAtTimeZone(cursor: Cursor, first: Expression): Expression {
  let value = first
  cursor.expecting('AT')
  while (cursor.token.type === 'AT' && cursor.peek(1) === 'TIME') {
    cursor.next()
    cursor.next()
    cursor.expect('ZONE')
    cursor.grow()
    const zone = cursor.at('INTERVAL') ? parseInterval(cursor) : parseStringLiteral(cursor)
    value = { kind: 'at-time-zone', value, zone, at: value.at }
  }
  return value
}

/**
 * What stands inside parentheses that may hold a query as well as an expression; the closing one is not taken. `((SELECT 1) + 1)` begins
 * like `((SELECT 1) UNION SELECT 2)`: only what follows the inner parenthesis tells. `((SELECT 1))` holds a query.
 */
export function parseQueryOrExpression(cursor: Cursor): Query | Expression {
  if (isQueryStart(cursor.token.type)) return parseQuery(cursor)
  cursor.rule('<expression>')
  if (cursor.token.type !== '(' || !isQueryStart(cursor.afterParentheses())) return parseExpression(cursor)
  const level = cursor.enter()
  const { at } = cursor.next()
  const inner = parseQueryOrExpression(cursor)
  let primary: Expression
  if (inner.kind === 'query') {
    cursor.expect(')')
    primary = { kind: 'subquery', query: inner, at }
  } else {
    primary = closeParenthesis(cursor, inner, at)
  }
  cursor.leave(level)
  if (primary.kind === 'subquery' && primary.query.with === undefined && continuesQuery(cursor)) {
    return continueQuery(cursor, { kind: 'subquery-body', query: primary.query, at })
  }
  return parseExpression(cursor, primary)
}

function continuesQuery(cursor: Cursor): boolean {
  switch (cursor.token.type) {
    case ')':
    case 'UNION':
    case 'INTERSECT':
    case 'EXCEPT':
    case 'ORDER':
    case 'LIMIT':
    case 'OFFSET':
    case 'FETCH':
      return true
  }
  return false
}

/** After `(` and its first expression: a row of several, or the expression itself. */
export function closeParenthesis(cursor: Cursor, first: Expression, at: Expression['at']): Expression {
  if (!cursor.accept(',')) {
    cursor.expect(')')
    return first
  }
  const values = [first, ...cursor.list(() => parseExpression(cursor))]
  cursor.expect(')')
  return { kind: 'row', fields: values.map((value) => ({ name: undefined, value })), at }
}
