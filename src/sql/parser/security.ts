/** GRANT, REVOKE, DENY and their parts: read for their syntax and kept as text. */
import type { SecurityStatement, Statement } from '../ast.ts'
import type { Token } from '../lexer.ts'
import type { Cursor } from './cursor.ts'

/** The statement from `start` to the last token taken. */
export function unsupported(cursor: Cursor, start: Token, name: string): SecurityStatement {
  return { kind: 'unsupported-statement', name, text: cursor.textFrom(start), at: start.at }
}

/** name, USER name, ROLE name; the text as written. */
export function parsePrincipal(cursor: Cursor): string {
  const start = cursor.token
  if ((cursor.at('USER') || cursor.at('ROLE')) && cursor.peekName(1)) cursor.next()
  cursor.identifier()
  return cursor.textFrom(start)
}

export function parseGrantor(cursor: Cursor): void {
  if (cursor.acceptAny('CURRENT_USER', 'CURRENT_ROLE') === undefined) parsePrincipal(cursor)
}

/** [kind] name: `TABLE t`, `SCHEMA s`, `t`, `view v`. */
export function parseGrantObject(cursor: Cursor): void {
  const next = cursor.peek(1)
  const to = next === 'TO' && cursor.peek(2) !== 'TO' && cursor.peek(2) !== '.'
  if (cursor.at('TABLE') || (cursor.token.name && cursor.peekName(1) && !to)) cursor.next()
  cursor.qualifiedName()
}

/** Privileges or roles, or ALL PRIVILEGES. */
function parsePrivileges(cursor: Cursor): { readonly all: boolean } {
  if (cursor.at('ALL') && cursor.peek(1) === 'PRIVILEGES') {
    cursor.next()
    cursor.next()
    return { all: true }
  }
  cursor.list(() => {
    if (cursor.acceptAny('CREATE', 'DELETE', 'INSERT', 'SELECT', 'UPDATE') === undefined) cursor.identifier()
  })
  return { all: false }
}

function parseRoleTail(cursor: Cursor): void {
  if (cursor.accept('GRANTED')) {
    cursor.expect('BY')
    parseGrantor(cursor)
  }
  if (cursor.accept('IN')) cursor.identifier()
}

export function parseGrant(cursor: Cursor): Statement {
  const start = cursor.expect('GRANT')
  const { all } = parsePrivileges(cursor)
  if (all || cursor.at('ON')) {
    cursor.expect('ON')
    parseGrantObject(cursor)
    cursor.expect('TO')
    parsePrincipal(cursor)
    if (cursor.accept('WITH')) {
      cursor.expect('GRANT')
      cursor.expect('OPTION')
    }
  } else {
    cursor.expect('TO')
    cursor.list(() => parsePrincipal(cursor))
    if (cursor.accept('WITH')) {
      cursor.expect('ADMIN')
      cursor.expect('OPTION')
    }
    parseRoleTail(cursor)
  }
  return unsupported(cursor, start, 'GRANT')
}

export function parseRevoke(cursor: Cursor): Statement {
  const start = cursor.expect('REVOKE')
  let option: 'ADMIN' | 'GRANT' | undefined
  if (cursor.peek(1) === 'OPTION' && cursor.peek(2) === 'FOR') {
    option = cursor.expectAny('ADMIN', 'GRANT')
    cursor.next()
    cursor.next()
  }
  const { all } = parsePrivileges(cursor)
  if (option !== 'ADMIN' && (all || option === 'GRANT' || cursor.at('ON'))) {
    cursor.expect('ON')
    parseGrantObject(cursor)
    cursor.expect('FROM')
    parsePrincipal(cursor)
  } else {
    cursor.expect('FROM')
    cursor.list(() => parsePrincipal(cursor))
    parseRoleTail(cursor)
  }
  return unsupported(cursor, start, 'REVOKE')
}

export function parseDeny(cursor: Cursor): Statement {
  const start = cursor.expect('DENY')
  parsePrivileges(cursor)
  cursor.expect('ON')
  parseGrantObject(cursor)
  cursor.expect('TO')
  parsePrincipal(cursor)
  return unsupported(cursor, start, 'DENY')
}
