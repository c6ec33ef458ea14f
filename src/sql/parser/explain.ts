/** EXPLAIN and EXPLAIN ANALYZE. */
import type { Explain } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { isQueryStart } from './queries.ts'
import { parseStatement } from './statements.ts'

export function parseExplain(cursor: Cursor): Explain {
  const { at } = cursor.expect('EXPLAIN')
  if (atAnalyze(cursor)) {
    cursor.next()
    const verbose = cursor.accept('VERBOSE')
    return { kind: 'explain', analyze: true, verbose, type: undefined, format: undefined, statement: parseStatement(cursor), at }
  }
  let type: Explain['type']
  let format: Explain['format']
  const options = cursor.at('(') && (cursor.peek(1) === 'TYPE' || cursor.peek(1) === 'FORMAT')
  if (options) {
    cursor.parenthesized(() => {
      if (cursor.expectAny('FORMAT', 'TYPE') === 'FORMAT') {
        // The first of each counts.
        const given = cursor.expectAny('TEXT', 'GRAPHVIZ', 'JSON').toLowerCase() as Explain['format']
        format ??= given
      } else {
        const given = cursor.expectAny('LOGICAL', 'DISTRIBUTED', 'VALIDATE', 'IO').toLowerCase() as Explain['type']
        type ??= given
      }
    })
  }
  return { kind: 'explain', analyze: false, verbose: false, type, format, statement: parseStatement(cursor), at }
}

const STATEMENT_WORDS: ReadonlySet<string> = new Set(
  'ALTER ANALYZE CALL COMMENT COMMIT CREATE DEALLOCATE DELETE DENY DESC DESCRIBE DROP EXECUTE EXPLAIN GRANT INSERT MERGE PREPARE REFRESH RESET REVOKE ROLLBACK SET SHOW START TRUNCATE UPDATE USE'.split(
    ' ',
  ),
)

/** `EXPLAIN ANALYZE t` explains the statement ANALYZE; a statement must follow for the other meaning. */
function atAnalyze(cursor: Cursor): boolean {
  if (!cursor.at('ANALYZE')) return false
  const distance = cursor.peek(1) === 'VERBOSE' ? 2 : 1
  const next = cursor.peek(distance)
  if (isQueryStart(next) || next === '(') return true
  if (next === 'end') return distance === 1
  if (cursor.isWord('UNLOAD', distance)) return cursor.peek(distance + 1) === '('
  if (!STATEMENT_WORDS.has(next)) return false
  const after = cursor.peek(distance + 1)
  return after !== 'end' && after !== '.' && after !== 'WITH'
}
