/** The `X-Trino-…` headers: a session out of a request's, and a statement's changes to it into an answer's. */
import type { IncomingHttpHeaders } from 'node:http'
import type { ClientSession, ClientTransaction, SessionUpdate } from '#src/query/client-session'
import { TIME_ZONE_PROPERTY } from '#src/query/session-properties'

/** A request that is answered with 400 and a plain text. */
export class BadRequest extends Error {}

/** What the headers of `POST /v1/statement` say. */
export interface StatementContext {
  readonly schema: string | undefined
  /** As the client wrote it; undefined: the server's. */
  readonly zone: string | undefined
  readonly session: ClientSession
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The user of X-Trino-User, or of Basic with an empty password (no password is checked); undefined when neither is there. */
export function userOf(headers: IncomingHttpHeaders): string | undefined {
  const named = header(headers, 'x-trino-user')?.trim()
  if (named !== undefined && named !== '') return named
  const basic = /^Basic +([A-Za-z0-9+/]+=*) *$/i.exec(headers.authorization ?? '')
  if (basic === null) return undefined
  const [, user, password] = /^([^:]*):(.*)$/s.exec(Buffer.from(basic[1] as string, 'base64').toString('utf8')) ?? []
  return user === undefined || user === '' || password !== '' ? undefined : user
}

/** @throws BadRequest for a malformed X-Trino-Session, X-Trino-Prepared-Statement or X-Trino-Transaction-Id */
export function statementContext(headers: IncomingHttpHeaders, mayActAs: (user: string) => boolean): StatementContext {
  const properties = namedValues(headers, 'x-trino-session', 'X-Trino-Session')
  const capabilities = (header(headers, 'x-trino-client-capabilities') ?? '').split(',').map((part) => part.trim())
  return {
    schema: nonEmpty(header(headers, 'x-trino-schema'))?.toLowerCase(),
    zone: properties.get(TIME_ZONE_PROPERTY) ?? nonEmpty(header(headers, 'x-trino-time-zone')),
    session: {
      catalog: nonEmpty(header(headers, 'x-trino-catalog'))?.toLowerCase(),
      path: nonEmpty(header(headers, 'x-trino-path')),
      properties,
      prepared: namedValues(headers, 'x-trino-prepared-statement', 'X-Trino-Prepared-Statement'),
      transaction: transactionOf(nonEmpty(header(headers, 'x-trino-transaction-id'))),
      parametricDatetime: capabilities.includes('PARAMETRIC_DATETIME'),
      mayActAs,
    },
  }
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
  for (const part of (header(headers, key) ?? '').split(',')) {
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

/** Form encoding: `+` is a blank. */
const decode = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))
const encode = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+')

function header(headers: IncomingHttpHeaders, name: string): string | undefined {
  const value = headers[name]
  return fromHeader(Array.isArray(value) ? value.join(',') : value)
}

const utf8 = new TextDecoder('utf-8', { fatal: true })

/** Headers are bytes, of which each is a character here. Those of names beyond ASCII are UTF-8, or else what they look like. */
function fromHeader(text: string | undefined): string | undefined {
  if (text === undefined || !/[\u0080-\u00ff]/.test(text)) return text
  try {
    return utf8.decode(Buffer.from(text, 'latin1'))
  } catch {
    return text
  }
}

const toHeader = (text: string): string =>
  Buffer.from(text.replace(/\p{Cc}/gu, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`)).toString(
    'latin1',
  )

const nonEmpty = (text: string | undefined): string | undefined => (text === undefined || text.trim() === '' ? undefined : text.trim())

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
