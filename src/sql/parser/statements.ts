/** Statements, by their first word. */
import type { QueryStatement, Statement } from '../ast.ts'
import { parseAlter } from './alter.ts'
import { parseCreate } from './create.ts'
import type { Cursor } from './cursor.ts'
import { parseDrop } from './drop.ts'
import { parseExplain } from './explain.ts'
import { parseExpression } from './expressions.ts'
import { parseHiveStatement } from './hive.ts'
import { parseRootQuery } from './queries.ts'
import { parseDeny, parseGrant, parseRevoke } from './security.ts'
import { parseSessionStatement } from './session.ts'
import { parseDescribe, parseShow } from './show.ts'
import { parseWriteStatement } from './write.ts'

export function parseStatement(cursor: Cursor): Statement {
  const level = cursor.enter()
  const statement = parseByFirstWord(cursor) ?? parseHiveStatement(cursor) ?? parseQueryStatement(cursor)
  cursor.leave(level)
  return statement
}

function parseByFirstWord(cursor: Cursor): Statement | undefined {
  if (cursor.at('ALTER')) return parseAlter(cursor)
  if (cursor.at('CREATE')) return parseCreate(cursor)
  if (cursor.at('DROP')) return parseDrop(cursor)
  if (cursor.at('SHOW')) return parseShow(cursor)
  if (cursor.at('DESCRIBE') || cursor.at('DESC')) return parseDescribe(cursor)
  if (cursor.at('EXPLAIN')) return parseExplain(cursor)
  if (cursor.at('GRANT')) return parseGrant(cursor)
  if (cursor.at('REVOKE')) return parseRevoke(cursor)
  if (cursor.at('DENY')) return parseDeny(cursor)
  return parseSessionStatement(cursor) ?? parseWriteStatement(cursor)
}

/** [WITH SESSION name = value, …] query */
function parseQueryStatement(cursor: Cursor): Statement {
  const { at } = cursor.token
  return { kind: 'query-statement', session: parseSessionProperties(cursor), query: parseRootQuery(cursor), at }
}

function parseSessionProperties(cursor: Cursor): QueryStatement['session'] {
  if (!cursor.at('WITH') || cursor.peek(1) !== 'SESSION' || !cursor.peekName(2)) return []
  cursor.next()
  cursor.next()
  return cursor.list(() => {
    const name = cursor.qualifiedName()
    cursor.expect('=')
    return { name, value: parseExpression(cursor) }
  })
}
