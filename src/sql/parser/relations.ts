/** FROM: tables, subqueries, joins, aliases, samples, UNNEST, LATERAL. */
import type { Position } from '#src/common/errors'
import type { Join, Query, QueryBody, Relation, TableReference } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression, parseValue } from './expressions.ts'
import { parseJsonTable } from './json-table.ts'
import { atAlias, continueQuery, isQueryStart, parseColumnAliases, parseQuery } from './queries.ts'
import { parseMatchRecognize } from './row-patterns.ts'
import { parseTableFunction } from './table-functions.ts'

/** Relations between commas, each comma an implicit cross join. */
export function parseFrom(cursor: Cursor): Relation {
  let left = parseRelation(cursor)
  while (cursor.accept(',')) {
    cursor.grow()
    const right = parseRelation(cursor)
    left = { kind: 'join', type: 'implicit', left, right, criteria: undefined, at: left.at }
  }
  return left
}

/** `first`, when given, is what a parenthesis that stands here holds, parsed already. */
export function parseRelation(cursor: Cursor, first?: Relation): Relation {
  const level = cursor.enter()
  let left = parseSampled(cursor, first)
  for (;;) {
    const join = parseJoin(cursor, left)
    if (join === undefined) break
    left = join
  }
  cursor.leave(level)
  return left
}

function parseJoin(cursor: Cursor, left: Relation): Join | undefined {
  if (cursor.accept('CROSS')) {
    cursor.expect('JOIN')
    cursor.grow()
    return { kind: 'join', type: 'cross', left, right: parseSampled(cursor), criteria: undefined, at: left.at }
  }
  const natural = cursor.accept('NATURAL')
  const type = parseJoinType(cursor)
  if (type === undefined && !natural && !cursor.at('JOIN')) return undefined
  cursor.expect('JOIN')
  cursor.grow()
  const base = { kind: 'join', type: type ?? 'inner', left } as const
  if (natural) return { ...base, right: parseSampled(cursor), criteria: { kind: 'natural' }, at: left.at }
  const right = parseRelation(cursor)
  return { ...base, right, criteria: parseCriteria(cursor), at: left.at }
}

function parseJoinType(cursor: Cursor): 'inner' | 'left' | 'right' | 'full' | undefined {
  const type = cursor.acceptAny('INNER', 'LEFT', 'RIGHT', 'FULL')
  if (type === undefined || type === 'INNER') return type === undefined ? undefined : 'inner'
  cursor.accept('OUTER')
  return type.toLowerCase() as 'left'
}

function parseCriteria(cursor: Cursor): Join['criteria'] {
  if (cursor.expectAny('ON', 'USING') === 'ON') return { kind: 'on', condition: parseExpression(cursor) }
  return { kind: 'using', columns: parseColumnAliases(cursor) }
}

/** relation [alias] [MATCH_RECOGNIZE (…) [alias]] [TABLESAMPLE …] */
function parseSampled(cursor: Cursor, first?: Relation): Relation {
  let relation = parseAliased(cursor, first ?? parseRelationPrimary(cursor))
  if (cursor.at('MATCH_RECOGNIZE')) relation = parseAliased(cursor, parseMatchRecognize(cursor, relation))
  if (!cursor.accept('TABLESAMPLE')) return relation
  const method = cursor.expectAny('BERNOULLI', 'SYSTEM') === 'BERNOULLI' ? 'bernoulli' : 'system'
  cursor.expect('(')
  const percentage = parseExpression(cursor)
  cursor.expect(')')
  return { kind: 'sampled', relation, method, percentage, at: relation.at }
}

/** [[AS] alias [(column, …)]] */
export function parseAliased(cursor: Cursor, relation: Relation): Relation {
  const as = cursor.accept('AS')
  if (!as) cursor.expecting('<identifier>')
  if (!as && !atAlias(cursor)) return relation
  const alias = cursor.identifier()
  const columns = cursor.at('(') ? parseColumnAliases(cursor) : undefined
  return { kind: 'aliased', relation, alias, columns, at: relation.at }
}

function parseRelationPrimary(cursor: Cursor): Relation {
  const { at, type } = cursor.token
  const next = cursor.peek(1)
  switch (type) {
    case '(':
      return parseParenthesis(cursor, at)
    case 'UNNEST':
      return parseUnnest(cursor, at)
    case 'LATERAL':
      if (next === '(') {
        cursor.next()
        cursor.expect('(')
        const query = parseQuery(cursor)
        cursor.expect(')')
        return { kind: 'lateral', query, at }
      }
      break
    case 'TABLE':
      return parseTableFunction(cursor)
    case 'JSON_TABLE':
      return parseJsonTable(cursor)
  }
  for (const start of ['(', 'UNNEST', 'LATERAL', 'TABLE', 'JSON_TABLE']) cursor.expecting(start)
  return parseTable(cursor)
}

function parseTable(cursor: Cursor): TableReference {
  const name = cursor.qualifiedName()
  return { kind: 'table-reference', name, version: parseVersion(cursor), at: name.at }
}

/** FOR TIMESTAMP | VERSION AS OF value */
function parseVersion(cursor: Cursor): TableReference['version'] {
  if (!cursor.at('FOR')) return undefined
  const { at } = cursor.expect('FOR')
  const kind = cursor.expectAny('TIMESTAMP', 'VERSION') === 'TIMESTAMP' ? 'timestamp' : 'version'
  cursor.expect('AS')
  cursor.expect('OF')
  return { kind, value: parseValue(cursor), at }
}

function parseUnnest(cursor: Cursor, at: Position): Relation {
  cursor.expect('UNNEST')
  const items = cursor.parenthesized(() => parseExpression(cursor))
  const ordinality = cursor.at('WITH') && cursor.peek(1) === 'ORDINALITY'
  if (ordinality) {
    cursor.next()
    cursor.next()
  }
  return { kind: 'unnest', items, ordinality, at }
}

function parseParenthesis(cursor: Cursor, at: Position): Relation {
  cursor.next()
  const inner = parseQueryOrRelation(cursor)
  cursor.expect(')')
  return inner.kind === 'query' ? { kind: 'subquery-relation', query: inner, at } : inner
}

/** `((SELECT 1) UNION SELECT 2)` or `((SELECT 1) AS a CROSS JOIN b)`: what follows the inner parenthesis tells. */
function parseQueryOrRelation(cursor: Cursor): Query | Relation {
  cursor.expecting('<query>')
  if (isQueryStart(cursor.token.type) && !(cursor.token.type === 'TABLE' && cursor.peek(1) === '(')) return parseQuery(cursor)
  if (cursor.token.type !== '(' || !isQueryStart(cursor.afterParentheses())) return parseRelation(cursor)
  const level = cursor.enter()
  const { at } = cursor.token
  const relation = parseParenthesis(cursor, at)
  cursor.leave(level)
  if (relation.kind === 'subquery-relation' && relation.query.with === undefined && continuesQuery(cursor)) {
    const body: QueryBody = { kind: 'subquery-body', query: relation.query, at }
    return continueQuery(cursor, body)
  }
  return parseRelation(cursor, relation)
}

function continuesQuery(cursor: Cursor): boolean {
  switch (cursor.token.type) {
    case ')':
    case 'UNION':
    case 'INTERSECT':
    case 'EXCEPT':
    case 'ORDER':
      return true
    case 'LIMIT':
    case 'OFFSET':
    case 'FETCH':
      return !atAlias(cursor)
  }
  return false
}
