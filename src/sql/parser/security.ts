/** GRANT, REVOKE, DENY, DROP ROLE and their parts. */
import type { Position } from '#src/common/errors'
import type { GrantObject, Identifier, Principal, SecurityStatement, Statement } from '../ast.ts'
import type { Token } from '../lexer.ts'
import type { Cursor } from './cursor.ts'

/** The statement from `start` to the last token taken. */
export function unsupported(cursor: Cursor, start: Token, name: string): SecurityStatement {
  return { kind: 'unsupported-statement', name, text: cursor.textFrom(start), at: start.at }
}

/** name, USER name, ROLE name */
export function parsePrincipal(cursor: Cursor): Principal {
  const start = cursor.token
  const granted = cursor.peek(1) === 'GRANTED' && cursor.peek(2) === 'BY'
  const named = (cursor.at('USER') || cursor.at('ROLE')) && cursor.peekName(1) && !granted
  const kind = named && cursor.at('ROLE') ? 'role' : 'user'
  if (named) cursor.next()
  const name = cursor.identifier()
  return { text: cursor.textFrom(start), kind, name }
}

export function parseGrantor(cursor: Cursor): void {
  if (cursor.acceptAny('CURRENT_USER', 'CURRENT_ROLE') === undefined) parsePrincipal(cursor)
}

/** [kind] name: `TABLE t`, `SCHEMA s`, `t`, `view v`. */
export function parseGrantObject(cursor: Cursor): GrantObject {
  const next = cursor.peek(1)
  const to = next === 'TO' && cursor.peek(2) !== 'TO' && cursor.peek(2) !== '.'
  const named = cursor.at('TABLE') || (cursor.token.name && cursor.peekName(1) && !to)
  const entity = named ? cursor.textFrom(cursor.next()).toLowerCase() : undefined
  return { entity, name: cursor.qualifiedName() }
}

interface Privileges {
  readonly all: boolean
  readonly names: readonly Identifier[]
  /** Where a privilege stands that can be no role's name. */
  readonly keywordAt: Position | undefined
}

/** Privileges or roles, or ALL PRIVILEGES. */
function parsePrivileges(cursor: Cursor): Privileges {
  if (cursor.at('ALL') && cursor.peek(1) === 'PRIVILEGES') {
    cursor.next()
    cursor.next()
    return { all: true, names: [], keywordAt: undefined }
  }
  let keywordAt: Position | undefined
  const names = cursor.list((): Identifier => {
    const { at } = cursor.token
    const keyword = cursor.acceptAny('CREATE', 'DELETE', 'INSERT', 'SELECT', 'UPDATE')
    if (keyword === undefined) return cursor.identifier()
    keywordAt ??= at
    return { kind: 'identifier', value: keyword.toLowerCase(), quoted: false, at }
  })
  return { all: false, names, keywordAt }
}

function requireRoles(cursor: Cursor, { keywordAt }: Privileges): void {
  if (keywordAt !== undefined) throw cursor.error('May not use a privilege name as a role name', keywordAt)
}

/** [GRANTED BY …] [IN catalog] */
function parseRoleTail(cursor: Cursor): Identifier | undefined {
  if (cursor.accept('GRANTED')) {
    cursor.expect('BY')
    parseGrantor(cursor)
  }
  return cursor.accept('IN') ? cursor.identifier() : undefined
}

/** A statement about roles, from `start` to the last token taken. */
export function roleStatement(
  cursor: Cursor,
  start: Token,
  about: Pick<Extract<SecurityStatement, { kind: 'change-roles' }>, 'change' | 'roles' | 'catalog'> & { readonly ifExists?: boolean },
): SecurityStatement {
  return { kind: 'change-roles', ifExists: false, ...about, text: cursor.textFrom(start), at: start.at }
}

function privilegeStatement(
  cursor: Cursor,
  start: Token,
  about: Pick<Extract<SecurityStatement, { kind: 'change-privileges' }>, 'change' | 'object'> & { readonly granted: Privileges },
): SecurityStatement {
  const privileges = about.granted.names.map(({ value, written }) => written ?? value)
  return {
    kind: 'change-privileges',
    change: about.change,
    object: about.object,
    privileges,
    text: cursor.textFrom(start),
    at: start.at,
  }
}

export function parseDropRole(cursor: Cursor, start: Token, ifExists: boolean): Statement {
  const role = cursor.identifier()
  const catalog = cursor.accept('IN') ? cursor.identifier() : undefined
  return roleStatement(cursor, start, { change: 'DROP ROLE', roles: [role], catalog, ifExists })
}

export function parseGrant(cursor: Cursor): Statement {
  const start = cursor.expect('GRANT')
  const granted = parsePrivileges(cursor)
  if (granted.all || cursor.at('ON')) {
    cursor.expect('ON')
    const object = parseGrantObject(cursor)
    cursor.expect('TO')
    parsePrincipal(cursor)
    if (cursor.accept('WITH')) {
      cursor.expect('GRANT')
      cursor.expect('OPTION')
    }
    return privilegeStatement(cursor, start, { change: 'GRANT', object, granted })
  }
  cursor.expect('TO')
  cursor.list(() => parsePrincipal(cursor))
  if (cursor.accept('WITH')) {
    cursor.expect('ADMIN')
    cursor.expect('OPTION')
  }
  const catalog = parseRoleTail(cursor)
  requireRoles(cursor, granted)
  return roleStatement(cursor, start, { change: 'GRANT ROLE', roles: granted.names, catalog })
}

export function parseRevoke(cursor: Cursor): Statement {
  const start = cursor.expect('REVOKE')
  let option: 'ADMIN' | 'GRANT' | undefined
  if (cursor.peek(1) === 'OPTION' && cursor.peek(2) === 'FOR') {
    option = cursor.expectAny('ADMIN', 'GRANT')
    cursor.next()
    cursor.next()
  }
  const granted = parsePrivileges(cursor)
  if (option !== 'ADMIN' && (granted.all || option === 'GRANT' || cursor.at('ON'))) {
    cursor.expect('ON')
    const object = parseGrantObject(cursor)
    cursor.expect('FROM')
    parsePrincipal(cursor)
    return privilegeStatement(cursor, start, { change: 'REVOKE', object, granted })
  }
  cursor.expect('FROM')
  cursor.list(() => parsePrincipal(cursor))
  const catalog = parseRoleTail(cursor)
  requireRoles(cursor, granted)
  return roleStatement(cursor, start, { change: 'REVOKE ROLE', roles: granted.names, catalog })
}

export function parseDeny(cursor: Cursor): Statement {
  const start = cursor.expect('DENY')
  const granted = parsePrivileges(cursor)
  cursor.expect('ON')
  const object = parseGrantObject(cursor)
  cursor.expect('TO')
  parsePrincipal(cursor)
  return privilegeStatement(cursor, start, { change: 'DENY', object, granted })
}
