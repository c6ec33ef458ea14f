/**
 * Who may talk to the server, and for whom (CONTRACT.md, section 4, Access), on all protocols alike. Where passwords, JSON
 * Web Tokens or a token are set up, every request must bring one of them. Where nothing is, the server trusts whoever
 * reaches it, so it must be reachable from this machine only, and not through a browser that some other site drives: a
 * foreign Host is DNS rebinding, a foreign Origin or a cross-site fetch is CSRF.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { QueryError } from '#src/common/errors'
import { ANYBODY, type Identity } from '#src/protocols/identity'
import { credentialsOf } from './auth/credentials.ts'
import type { Impersonation } from './auth/impersonation.ts'
import type { TokenVerifier } from './auth/jwt.ts'
import type { Passwords } from './auth/password-file.ts'

export interface AccessOptions {
  /** Stands for all users. */
  readonly token: string | undefined
  readonly passwords?: Passwords | undefined
  readonly jwt?: TokenVerifier | undefined
  /** Default: nobody may act for another. */
  readonly impersonation?: Impersonation
  /** True when access without authentication, or without encryption, was asked for (`--insecure`). */
  readonly insecure: boolean
}

export interface AccessRequest {
  /** As it was sent, without the query. */
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** Nobody on the way can read it: TLS, or it comes from this machine. */
  readonly secure: boolean
}

export interface AccessRefusal {
  readonly status: 401 | 403
  readonly error: QueryError
  /** WWW-Authenticate. */
  readonly challenges: readonly string[]
}

export type Access = { readonly kind: 'granted'; readonly identity: Identity } | ({ readonly kind: 'refused' } & AccessRefusal)

const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Paths that load balancers ask without credentials. They are compared as sent: what only looks like them is not open. */
const OPEN_PATHS: ReadonlySet<string> = new Set(['/health/live', '/health/ready'])

/** Addresses that are secrets themselves, and that clients ask without credentials. */
const SECRET_PATHS = '/v1/spooled/'

const ONLY_ONESELF: Impersonation = (principal, user) => principal === user

/** Throws QueryError when credentials cannot be checked now. */
export async function checkAccess(request: AccessRequest, options: AccessOptions): Promise<Access> {
  const { token, passwords, jwt } = options
  if (token === undefined && passwords === undefined && jwt === undefined) return checkUnauthenticated(request, options)
  if (OPEN_PATHS.has(request.path) || request.path.startsWith(SECRET_PATHS)) return granted(ANYBODY)
  const credentials = credentialsOf(request.headers.authorization)
  if (token !== undefined && credentials.kind === 'bearer' && isSame(credentials.token, token)) return granted(ANYBODY)
  if (!request.secure && !options.insecure && (passwords !== undefined || jwt !== undefined)) {
    // Trino's text. A challenge would make clients send their password where others can read it.
    if (token === undefined || credentials.kind === 'basic') return denied('Authentication over HTTP is not enabled')
    return unauthenticated(request, { ...options, passwords: undefined, jwt: undefined })
  }
  switch (credentials.kind) {
    case 'basic':
      // Browsers add passwords by themselves, also to what other sites make them send.
      if (isCrossSite(request.headers)) return denied('Access Denied: requests from other sites are refused')
      if (passwords === undefined || !(await passwords.verify(credentials.user, credentials.password)))
        return unauthenticated(request, options)
      return actingFor(credentials.user, request, options)
    case 'bearer': {
      const principal = await jwt?.verify(credentials.token)
      return principal === undefined ? unauthenticated(request, options) : actingFor(principal, request, options)
    }
    case 'none':
    case 'unusable':
      return unauthenticated(request, options)
  }
}

function checkUnauthenticated({ headers }: AccessRequest, { insecure }: AccessOptions): Access {
  const hint = 'Start the server with --token-file or --password-file to let authenticated clients in.'
  if (isCrossSite(headers)) return denied('Access Denied: requests from other sites are refused while no token is set', hint)
  if (!insecure && !LOCAL_HOSTS.has(hostname(headers.host)))
    return denied(`Access Denied: the host '${hostname(headers.host)}' is refused while no token is set`, hint)
  return granted(ANYBODY)
}

/** The principal, or the user that its request names, when it may act for that one. */
function actingFor(principal: string, { headers }: AccessRequest, { impersonation = ONLY_ONESELF }: AccessOptions): Access {
  const named = [headers['x-trino-original-user'], headers['x-trino-user']].map((value) => String(value ?? '').trim())
  for (const user of named) {
    if (user !== '' && !impersonation(principal, user)) return denied(`Access Denied: User ${principal} cannot impersonate user ${user}`)
  }
  const user = named[1] === '' ? principal : (named[1] as string)
  return granted({ user, mayActAs: (owner) => impersonation(principal, owner) })
}

function isSame(given: string, token: string): boolean {
  // Digests have one length, so the comparison takes the same time whatever was sent.
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(given), digest(token))
}

const granted = (identity: Identity): Access => ({ kind: 'granted', identity })

function unauthenticated({ headers }: AccessRequest, { token, passwords, jwt }: AccessOptions): Access {
  const ways = [...(passwords ? ['Basic <user and password>'] : []), ...(jwt || token !== undefined ? ['Bearer <token>'] : [])]
  const message =
    headers.authorization === undefined
      ? `Authentication required: send the header Authorization: ${ways.join(' or ')}`
      : 'Access Denied: Invalid credentials'
  const challenges = [...(passwords ? ['Basic realm="Trino"'] : []), ...(jwt || token !== undefined ? ['Bearer realm="Weir"'] : [])]
  return { kind: 'refused', status: 401, error: new QueryError('PERMISSION_DENIED', message), challenges }
}

function denied(message: string, hint?: string): Access {
  return { kind: 'refused', status: 403, error: new QueryError('PERMISSION_DENIED', message, { hint }), challenges: [] }
}

function isCrossSite(headers: IncomingHttpHeaders): boolean {
  return headers['sec-fetch-site'] === 'cross-site' || foreignOrigin(headers.origin, headers.host)
}

function hostname(host: string | undefined): string {
  return (host ?? '').toLowerCase().replace(/:\d+$/, '')
}

function foreignOrigin(origin: string | undefined, host: string | undefined): boolean {
  if (origin === undefined) return false
  try {
    return new URL(origin).host !== (host ?? '').toLowerCase()
  } catch {
    return true
  }
}
