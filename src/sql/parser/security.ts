/** GRANT, REVOKE, DENY and their parts: read for their syntax and kept as text. */
import type { Position } from '#src/common/errors'
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
  const granted = cursor.peek(1) === 'GRANTED' && cursor.peek(2) === 'BY'
  if ((cursor.at('USER') || cursor.at('ROLE')) && cursor.peekName(1) && !granted) cursor.next()
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

interface Privileges {
  readonly all: boolean
  /** Where a privilege stands that can be no role's name. */
  readonly keywordAt: Position | undefined
}

/** Privileges or roles, or ALL PRIVILEGES. */
function parsePrivileges(cursor: Cursor): Privileges {
  if (cursor.at('ALL') && cursor.peek(1) === 'PRIVILEGES') {
    cursor.next()
    cursor.next()
    return { all: true, keywordAt: undefined }
  }
  let keywordAt: Position | undefined
  cursor.list(() => {
    const { at } = cursor.token
    if (cursor.acceptAny('CREATE', 'DELETE', 'INSERT', 'SELECT', 'UPDATE') === undefined) cursor.identifier()
    else keywordAt ??= at
  })
  return { all: false, keywordAt }
}

function requireRoles(cursor: Cursor, { keywordAt }: Privileges): void {
  if (keywordAt !== undefined) throw cursor.error('May not use a privilege name as a role name', keywordAt)
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
  const privileges = parsePrivileges(cursor)
  if (privileges.all || cursor.at('ON')) {
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
    requireRoles(cursor, privileges)
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
  const privileges = parsePrivileges(cursor)
  if (option !== 'ADMIN' && (privileges.all || option === 'GRANT' || cursor.at('ON'))) {
    cursor.expect('ON')
    parseGrantObject(cursor)
    cursor.expect('FROM')
    parsePrincipal(cursor)
  } else {
    cursor.expect('FROM')
    cursor.list(() => parsePrincipal(cursor))
    parseRoleTail(cursor)
    requireRoles(cursor, privileges)
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
