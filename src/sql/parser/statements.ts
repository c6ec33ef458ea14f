/** Statements, by their first word. */
import type { Statement } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { parseRootQuery } from './queries.ts'

export function parseStatement(cursor: Cursor): Statement {
  const { at } = cursor.token
  return { kind: 'query-statement', session: [], query: parseRootQuery(cursor), at }
}
