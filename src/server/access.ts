/**
 * Who may talk to the server (CONTRACT.md, section 4, Access). With a token every request must carry it. Without one the
 * server trusts whoever reaches it, so it must be reachable from this machine only, and not through a browser that some
 * other site drives: a foreign Host is DNS rebinding, a foreign Origin or a cross-site fetch is CSRF.
 */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { QueryError } from '#src/common/errors'

export interface AccessOptions {
  readonly token: string | undefined
  /** True when unauthenticated access from other machines was asked for (`--insecure`). */
  readonly insecure: boolean
}

const LOCAL_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Paths that load balancers ask without a token. */
const OPEN_PATHS: ReadonlySet<string> = new Set(['/health/live', '/health/ready'])

/** Addresses that are secrets themselves, and that clients ask without credentials. */
const SECRET_PATHS = '/v1/spooled/'

export interface AccessRefusal {
  readonly status: 401 | 403
  readonly error: QueryError
}

/** Undefined when the request may go on. */
export function checkAccess(path: string, headers: IncomingHttpHeaders, options: AccessOptions): AccessRefusal | undefined {
  if (options.token !== undefined)
    return OPEN_PATHS.has(path) || path.startsWith(SECRET_PATHS) || hasToken(headers.authorization, options.token)
      ? undefined
      : unauthenticated(headers.authorization)
  const crossSite = headers['sec-fetch-site'] === 'cross-site' || foreignOrigin(headers.origin, headers.host)
  if (crossSite) return denied('requests from other sites are refused while no token is set')
  if (!options.insecure && !LOCAL_HOSTS.has(hostname(headers.host)))
    return denied(`the host '${hostname(headers.host)}' is refused while no token is set`)
  return undefined
}

function hasToken(authorization: string | undefined, token: string): boolean {
  const match = /^Bearer +(\S+) *$/i.exec(authorization ?? '')
  if (match === null) return false
  // Digests have one length, so the comparison takes the same time whatever was sent.
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(match[1] as string), digest(token))
}

function unauthenticated(authorization: string | undefined): AccessRefusal {
  const message =
    authorization === undefined ? 'Authentication required: send the header Authorization: Bearer <token>' : 'Invalid credentials'
  return { status: 401, error: new QueryError('PERMISSION_DENIED', message) }
}

function denied(why: string): AccessRefusal {
  return {
    status: 403,
    error: new QueryError('PERMISSION_DENIED', `Access Denied: ${why}`, {
      hint: 'Start the server with --token-file to let authenticated clients in.',
    }),
  }
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
