/** Statements about the session: USE, SET, RESET, transactions, prepared statements. */
import type { Position } from '#src/common/errors'
import type { Expression, QualifiedName, Statement } from '../ast.ts'
import type { Cursor } from './cursor.ts'
import { parseExpression } from './expressions.ts'
import { parseStringLiteral } from './literals.ts'
import { parseStatement } from './statements.ts'

export function parseSessionStatement(cursor: Cursor): Statement | undefined {
  const { at } = cursor.token
  switch (cursor.acceptAny('COMMIT', 'DEALLOCATE', 'EXECUTE', 'PREPARE', 'RESET', 'ROLLBACK', 'SET', 'START', 'USE')) {
    case 'COMMIT':
      cursor.accept('WORK')
      return { kind: 'commit', at }
    case 'ROLLBACK':
      cursor.accept('WORK')
      return { kind: 'rollback', at }
    case 'DEALLOCATE':
      cursor.expect('PREPARE')
      return { kind: 'deallocate', name: cursor.identifier(), at }
    case 'EXECUTE':
      return parseExecute(cursor, at)
    case 'PREPARE': {
      const name = cursor.identifier()
      cursor.expect('FROM')
      const start = cursor.token
      const statement = parseStatement(cursor)
      return { kind: 'prepare', name, statement, text: cursor.textFrom(start), at }
    }
    case 'RESET':
      cursor.expect('SESSION')
      if (cursor.at('AUTHORIZATION') && cursor.peek(1) !== '.') {
        cursor.next()
        return { kind: 'reset-session-authorization', at }
      }
      return { kind: 'reset-session', name: cursor.qualifiedName(), at }
    case 'SET':
      return parseSet(cursor, at)
    case 'START':
      return parseStartTransaction(cursor, at)
    case 'USE': {
      const first = cursor.identifier()
      if (!cursor.accept('.')) return { kind: 'use', catalog: undefined, schema: first, at }
      return { kind: 'use', catalog: first, schema: cursor.identifier(), at }
    }
    case undefined:
      return undefined
  }
}

function parseExecute(cursor: Cursor, at: Position): Statement {
  const next = cursor.peek(1)
  if (cursor.at('IMMEDIATE') && (next === 'string' || next === 'unicode-string')) {
    cursor.next()
    const text = parseStringLiteral(cursor)
    return { kind: 'execute-immediate', text, arguments: parseUsing(cursor), at }
  }
  const name = cursor.identifier()
  return { kind: 'execute', name, arguments: parseUsing(cursor), at }
}

function parseUsing(cursor: Cursor): readonly Expression[] {
  return cursor.accept('USING') ? cursor.list(() => parseExpression(cursor)) : []
}

function parseSet(cursor: Cursor, at: Position): Statement {
  switch (cursor.expectAny('PATH', 'ROLE', 'SESSION', 'TIME')) {
    case 'PATH':
      return { kind: 'set-path', path: parsePathList(cursor), at }
    case 'ROLE': {
      const special = (cursor.at('ALL') || cursor.at('NONE')) && cursor.peek(1) !== '.'
      const all = cursor.at('ALL')
      if (special) cursor.next()
      const role = special ? (all ? 'all' : 'none') : cursor.identifier()
      return { kind: 'set-role', role, catalog: cursor.accept('IN') ? cursor.identifier() : undefined, at }
    }
    case 'SESSION': {
      const next = cursor.peek(1)
      if (cursor.at('AUTHORIZATION') && next !== '=' && next !== '.') {
        cursor.next()
        const string = cursor.token.type === 'string' || cursor.token.type === 'unicode-string'
        return { kind: 'set-session-authorization', user: string ? parseStringLiteral(cursor).value : writtenName(cursor), at }
      }
      const name = cursor.qualifiedName()
      cursor.expect('=')
      return { kind: 'set-session', name, value: parseExpression(cursor), at }
    }
    case 'TIME': {
      cursor.expect('ZONE')
      const local = cursor.at('LOCAL') && (cursor.peek(1) === 'end' || cursor.peek(1) === ';')
      if (local) cursor.next()
      return { kind: 'set-time-zone', zone: local ? undefined : parseExpression(cursor), at }
    }
  }
}

/** Elements of one or two names. */
export function parsePathList(cursor: Cursor): readonly QualifiedName[] {
  return cursor.list(() => parsePathElement(cursor))
}

function parsePathElement(cursor: Cursor): QualifiedName {
  const first = cursor.identifier()
  return { parts: cursor.accept('.') ? [first, cursor.identifier()] : [first], at: first.at }
}

function parseStartTransaction(cursor: Cursor, at: Position): Statement {
  cursor.expect('TRANSACTION')
  const levels: string[] = []
  const modes: ('read only' | 'read write')[] = []
  if (cursor.at('ISOLATION') || cursor.at('READ')) {
    cursor.list(() => {
      if (cursor.expectAny('ISOLATION', 'READ') === 'READ') {
        modes.push(cursor.expectAny('ONLY', 'WRITE') === 'ONLY' ? 'read only' : 'read write')
        return
      }
      cursor.expect('LEVEL')
      levels.push(parseIsolationLevel(cursor))
    })
  }
  const [isolation, ...moreLevels] = levels
  const [access, ...moreModes] = modes
  if (moreLevels.length > 0) throw cursor.error('Multiple transaction isolation levels specified', at)
  if (moreModes.length > 0) throw cursor.error('Multiple transaction read modes specified', at)
  return { kind: 'start-transaction', isolation, access, at }
}

function parseIsolationLevel(cursor: Cursor): string {
  switch (cursor.expectAny('READ', 'REPEATABLE', 'SERIALIZABLE')) {
    case 'READ':
      return `read ${cursor.expectAny('COMMITTED', 'UNCOMMITTED').toLowerCase()}`
    case 'REPEATABLE':
      cursor.expect('READ')
      return 'repeatable read'
    case 'SERIALIZABLE':
      return 'serializable'
  }
}

/** A user's name keeps its capitals. */
function writtenName(cursor: Cursor): string {
  const { value, written } = cursor.identifier()
  return written ?? value
}
