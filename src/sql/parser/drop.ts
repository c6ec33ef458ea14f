/** DROP … */
import type { Statement } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { parseFunctionDeclaration } from './functions.ts'
import { parseDropRole, unsupported } from './security.ts'

export function parseIfExists(cursor: Cursor): boolean {
  return cursor.acceptAll('IF', 'EXISTS')
}

export function parseDrop(cursor: Cursor): Statement {
  const start = cursor.expect('DROP')
  const { at } = start
  if (cursor.isWord('DATABASE')) {
    cursor.next()
    return parseDropSchema(cursor, at)
  }
  const word = cursor.expectAny('CATALOG', 'FUNCTION', 'MATERIALIZED', 'ROLE', 'SCHEMA', 'TABLE', 'VIEW')
  switch (word) {
    case 'SCHEMA':
      return parseDropSchema(cursor, at)
    case 'TABLE': {
      const ifExists = parseIfExists(cursor)
      return { kind: 'drop-table', name: cursor.inHive(() => cursor.qualifiedName()), ifExists, at }
    }
    case 'MATERIALIZED':
    case 'VIEW': {
      if (word === 'MATERIALIZED') cursor.expect('VIEW')
      const ifExists = parseIfExists(cursor)
      return { kind: 'drop-view', name: cursor.inHive(() => cursor.qualifiedName()), materialized: word === 'MATERIALIZED', ifExists, at }
    }
    case 'CATALOG':
      parseIfExists(cursor)
      cursor.identifier()
      cursor.acceptAny('CASCADE', 'RESTRICT')
      return unsupported(cursor, start, 'DROP CATALOG')
    case 'FUNCTION':
      parseIfExists(cursor)
      parseFunctionDeclaration(cursor)
      return unsupported(cursor, start, 'DROP FUNCTION')
    case 'ROLE':
      return parseDropRole(cursor, start, parseIfExists(cursor))
  }
}

function parseDropSchema(cursor: Cursor, at: Statement['at']): Statement {
  const ifExists = parseIfExists(cursor)
  const name = cursor.inHive(() => cursor.qualifiedName())
  const cascade = cursor.acceptAny('CASCADE', 'RESTRICT') === 'CASCADE'
  return { kind: 'drop-schema', name, ifExists, cascade, at }
}
