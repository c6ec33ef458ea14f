/** The `X-Trino-…` headers: a session out of a request's, and a statement's changes to it into an answer's. */
import type { IncomingHttpHeaders } from 'node:http'
import { QueryError, toQueryError } from '#src/common/errors'
import type { ClientSession, ClientTransaction, SessionUpdate } from '#src/query/client-session'
import { sessionZone } from '#src/query/session'
import { TIME_ZONE_PROPERTY } from '#src/query/session-properties'
import { hasCatalog } from '#src/query/table-lookup'
import { parsePath, parseStatement } from '#src/sql/parser/parse'
import { headerText, toHeader } from './header-text.ts'
import type { SessionUser } from './session-user.ts'

/** A request that is answered with 400 and a plain text. */
export class BadRequest extends Error {}

/** What the headers of `POST /v1/statement` say. */
export interface StatementContext {
  readonly schema: string | undefined
  readonly zone: string
  readonly session: ClientSession
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/**
 * What is wrong with the session that is described, but not with the request, fails the statement.
 * @throws BadRequest for malformed headers, PERMISSION_DENIED for a role, of which there are none
 */
export function statementContext(headers: IncomingHttpHeaders, mayActAs: (user: string) => boolean, who: SessionUser): StatementContext {
  const properties = namedValues(headers, 'x-trino-session', 'X-Trino-Session')
  const capabilities = new Set((headerText(headers, 'x-trino-client-capabilities') ?? '').split(',').map((part) => part.trim()))
  const zone = zoneOf(properties.get(TIME_ZONE_PROPERTY) ?? headerText(headers, 'x-trino-time-zone'))
  const path = headerText(headers, 'x-trino-path')
  const roles = refusalOfRoles(headers)
  // Nothing depends on them, but a form that is none.
  namedValues(headers, 'x-trino-resource-estimate', 'X-Trino-Resource-Estimate')
  namedValues(headers, 'x-trino-extra-credential', 'X-Trino-Extra-Credential')
  return {
    schema: headerText(headers, 'x-trino-schema')?.toLowerCase(),
    zone: zone instanceof QueryError ? 'UTC' : zone,
    session: {
      catalog: headerText(headers, 'x-trino-catalog')?.toLowerCase(),
      path,
      properties,
      prepared: preparedStatements(headers),
      transaction: transactionOf(headerText(headers, 'x-trino-transaction-id')),
      parametricDatetime: capabilities.has('PARAMETRIC_DATETIME'),
      capabilities,
      mayActAs,
      mayBecome: who.mayBecome,
      refusal: who.refusal ?? roles ?? refusalOfPath(path) ?? (zone instanceof QueryError ? zone : undefined),
    },
  }
}

function zoneOf(text: string | undefined): string | QueryError {
  try {
    return sessionZone(text ?? 'UTC')
  } catch (error) {
    // A property that does not fit has another name than a header.
    return new QueryError('NOT_SUPPORTED', `Time zone not supported: ${text}`, { hint: toQueryError(error).hint })
  }
}

function refusalOfPath(path: string | undefined): QueryError | undefined {
  try {
    if (path !== undefined) parsePath(path)
    return undefined
  } catch (error) {
    return toQueryError(error)
  }
}

/** `catalog=ALL|NONE|ROLE{r}`. Nobody has a role, and a catalog has none of its own, so that whatever is said of it means nothing. */
function refusalOfRoles(headers: IncomingHttpHeaders): QueryError | undefined {
  let refusal: QueryError | undefined
  for (const [catalog, text] of namedValues(headers, 'x-trino-role', 'X-Trino-Role')) {
    const [, role] = /^(?:ALL|NONE|ROLE\{(.+)\})$/s.exec(text) ?? raise(new BadRequest('Invalid X-Trino-Role header'))
    const name = catalog.toLowerCase()
    if (name === 'system' && role !== undefined) throw new QueryError('PERMISSION_DENIED', `Access Denied: Cannot set role ${role}`)
    if (!hasCatalog(name)) refusal ??= new QueryError('CATALOG_NOT_FOUND', `Catalog '${catalog}' not found`)
  }
  return refusal
}

function raise(error: Error): never {
  throw error
}

function transactionOf(text: string | undefined): ClientTransaction {
  if (text === undefined) return { kind: 'unsupported' }
  if (text.toUpperCase() === 'NONE') return { kind: 'none' }
  if (!UUID.test(text)) throw new BadRequest('Invalid X-Trino-Transaction-Id header')
  return { kind: 'open', id: text.toLowerCase() }
}

/** `a=x,b=y` with url-encoded values, repeated headers joined; empty parts are nothing (some clients send an empty header). */
function namedValues(headers: IncomingHttpHeaders, key: string, name: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>()
  for (const part of (headerText(headers, key) ?? '').split(',')) {
    const text = part.trim()
    if (text === '') continue
    const split = text.indexOf('=')
    if (split <= 0) throw new BadRequest(`Invalid ${name} header`)
    try {
      found.set(decode(text.slice(0, split).trim()), decode(text.slice(split + 1).trim()))
    } catch {
      throw new BadRequest(`Invalid ${name} header`)
    }
  }
  return found
}

/** By name. Whatever the request's own statement is, all of them must be statements. */
function preparedStatements(headers: IncomingHttpHeaders): ReadonlyMap<string, string> {
  const name = 'X-Trino-Prepared-Statement'
  const prepared = namedValues(headers, name.toLowerCase(), name)
  for (const text of prepared.values()) {
    try {
      parseStatement(text)
    } catch (error) {
      throw new BadRequest(`Invalid ${name} header: ${toQueryError(error).message}`)
    }
  }
  return prepared
}

/** Form encoding: `+` is a blank. */
const decode = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))
const encode = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')

/** The headers that tell the client what it must send from now on. */
export function updateHeaders(update: SessionUpdate | undefined): Readonly<Record<string, string>> {
  if (update === undefined) return {}
  switch (update.kind) {
    case 'use':
      return {
        ...(update.catalog !== undefined && { 'x-trino-set-catalog': toHeader(update.catalog) }),
        'x-trino-set-schema': toHeader(update.schema),
      }
    case 'set-path':
      return { 'x-trino-set-path': toHeader(update.path) }
    case 'set-property':
      return { 'x-trino-set-session': `${update.name}=${encode(update.value)}` }
    case 'clear-property':
      return { 'x-trino-clear-session': update.name }
    case 'add-prepared':
      return { 'x-trino-added-prepare': `${encode(update.name)}=${encode(update.sql)}` }
    case 'remove-prepared':
      return { 'x-trino-deallocated-prepare': encode(update.name) }
    case 'start-transaction':
      return { 'x-trino-started-transaction-id': update.id }
    case 'clear-transaction':
      return { 'x-trino-clear-transaction-id': 'true' }
    case 'set-role':
      return { 'x-trino-set-role': `system=${update.role}` }
    case 'set-user':
      return { 'x-trino-set-authorization-user': encode(update.user), 'x-trino-set-original-roles': 'NONE' }
    case 'reset-user':
      return { 'x-trino-reset-authorization-user': 'true' }
  }
}
