/** Whom a statement is run for, found out as Trino does: from X-Trino-User, X-Trino-Original-User and Basic. */
import type { IncomingHttpHeaders } from 'node:http'
import { QueryError } from '#src/common/errors'
import type { Identity } from '../identity.ts'
import { headerText } from './header-text.ts'

export interface SessionUser {
  readonly user: string
  /** Why statements for this user are refused; undefined: they are not. */
  readonly refusal: QueryError | undefined
  /** Whether SET SESSION AUTHORIZATION may change the session's user to this one. */
  readonly mayBecome: (user: string) => boolean
}

/**
 * `password`: one was sent that nobody checks; `nobody`: no user is named. Whom an authenticated client may act for has been
 * checked before, and a token stands for all users: `tokenUser` is that of clients with a token that name none, undefined where
 * there are no tokens. All others may act for themselves only.
 */
export function sessionUser(
  identity: Identity,
  headers: IncomingHttpHeaders,
  tokenUser: string | undefined,
): SessionUser | 'password' | 'nobody' {
  if (identity.user !== undefined) return { user: identity.user, refusal: undefined, mayBecome: (user) => identity.mayActAs(user) }
  const named = headerText(headers, 'x-trino-user')
  const originalNamed = headerText(headers, 'x-trino-original-user')
  if (tokenUser !== undefined) return { user: named ?? originalNamed ?? tokenUser, refusal: undefined, mayBecome: () => true }
  const basic = basicUser(headers)
  if (basic === 'password') return basic
  const original = originalNamed ?? basic?.user ?? named
  if (original === undefined) return 'nobody'
  const principal = basic?.user ?? original
  const user = named ?? original
  const refusal = principal === original ? impersonation(original, user) : impersonation(principal, original)
  return { user, refusal, mayBecome: (other) => other === original }
}

/** @returns PERMISSION_DENIED, or undefined for oneself */
function impersonation(principal: string, user: string): QueryError | undefined {
  return principal === user
    ? undefined
    : new QueryError('PERMISSION_DENIED', `Access Denied: User ${principal} cannot impersonate user ${user}`)
}

/** The user of Basic with an empty password, which some clients always send. */
function basicUser({ authorization }: IncomingHttpHeaders): { readonly user: string | undefined } | 'password' | undefined {
  const basic = /^Basic +([A-Za-z0-9+/]+=*) *$/i.exec(authorization ?? '')
  if (basic === null) return undefined
  const [, user = '', password = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(basic[1] as string, 'base64').toString('utf8')) ?? []
  return password === '' ? { user: user === '' ? undefined : user } : 'password'
}
