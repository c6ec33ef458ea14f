/** Trino's client protocol (version 476): statements, their pages, and what clients ask about the server and its queries. */
import { randomBytes } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { QueryError } from '#src/common/errors'
import { TRINO_VERSION } from '#src/common/trino-version'
import type { QueryEngine } from '#src/query/engine'
import type { RunningQuery } from '#src/query/query'
import { checkOwner } from '../identity.ts'
import { baseAddress } from './base-address.ts'
import { BadRequest, statementContext } from './headers.ts'
import { queryDocument } from './mapping.ts'
import { onlyMethods } from './method-routes.ts'
import { type Page, pageBytes, pageStream } from './pages.ts'
import type { ResultSpool } from './result-spool.ts'
import { rowCoding } from './row-coding.ts'
import { segmentRoutes } from './segment-routes.ts'
import { type SessionUser, sessionUser } from './session-user.ts'
import type { Statement } from './statement.ts'
import type { StatementRegistry } from './statement-registry.ts'
import { webRoutes } from './web-routes.ts'

export interface TrinoDeps {
  readonly engine: QueryEngine
  /** The user of requests that were let in by a token and name none; undefined: every request must name one. */
  readonly tokenUser: string | undefined
  /** Where results wait for their clients. */
  readonly spool: ResultSpool
  readonly statements: StatementRegistry
  /** Believe X-Forwarded-Port, too. */
  readonly trustProxy: boolean
}

const POLL_MS = 1000
const LONGEST_POLL_MS = 10_000

interface PageParams {
  readonly id: string
  readonly slug: string
  readonly token: string
}

const plain = (reply: FastifyReply, status: number, text: string): FastifyReply =>
  reply.code(status).type('text/plain; charset=utf-8').send(text)

function sendBody(reply: FastifyReply, body: Page['body']): FastifyReply {
  const [first] = body
  reply.type('application/json')
  if (body.length === 1) return reply.send(first)
  return reply.header('content-length', pageBytes(body)).send(pageStream(body))
}

/** @throws BadRequest */
function waitOf(text: string | undefined): number {
  if (text === undefined) return POLL_MS
  const match = /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text)
  if (match === null) throw new BadRequest(`Invalid maxWait: ${text}`)
  const unit = match[2] === 'ms' ? 1 : match[2] === 's' ? 1000 : 60_000
  return Math.min(Number(match[1]) * unit, LONGEST_POLL_MS)
}

export async function trinoProtocol(
  server: FastifyInstance,
  { engine, tokenUser, spool, statements: registry, trustProxy }: TrinoDeps,
): Promise<void> {
  const startedAt = Date.now()
  const baseOf = (request: FastifyRequest): string => baseAddress(request, trustProxy)
  server.addHook('preClose', async () => registry.close())

  // Clients send SQL under any type, some as a form that is none.
  server.removeAllContentTypeParsers()
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
  server.addContentTypeParser('*', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => {
    try {
      return decoder.decode(body)
    } catch {
      throw new BadRequest('The statement is not valid UTF-8')
    }
  })
  server.setErrorHandler((error, _request, reply) => {
    if (error instanceof BadRequest) return plain(reply, 400, error.message)
    if (error instanceof QueryError && error.errorName === 'PERMISSION_DENIED') return plain(reply, 403, error.message)
    throw error
  })

  onlyMethods(server, '/v1/statement', 'HEAD', 'POST')
  server.head('/v1/statement', async (_request, reply) => reply.code(200).send())

  server.post('/v1/statement', async (request, reply) => {
    const who = sessionUser(request.identity, request.headers, tokenUser)
    if (typeof who === 'string') return refuseUser(who, request, reply)
    const sql = request.body as string | undefined
    if (sql === undefined || sql === '') throw new BadRequest('SQL statement is empty')
    registry.checkRoom(who.user)
    const statement = await begin(sql, who, request)
    return sendBody(reply, statement.first(baseOf(request)))
  })

  async function begin(sql: string, who: SessionUser, request: FastifyRequest): Promise<Statement> {
    const { schema, zone, session } = statementContext(request.headers, (user) => request.identity.mayActAs(user), who)
    const controller = new AbortController()
    let id: string | undefined
    const query: Promise<RunningQuery> = engine.start(
      {
        sql,
        schema,
        zone,
        user: who.user,
        parameters: [],
        format: 'json-rows',
        dryRun: false,
        timeoutMs: undefined,
        maxBytes: undefined,
        session,
        signal: controller.signal,
      },
      (given) => {
        id = given
      },
    )
    // Refused before it had an id: there is nothing to poll for.
    if (id === undefined) {
      await query
      throw new QueryError('GENERIC_INTERNAL_ERROR', 'A query was started without an id')
    }
    const known = id
    return registry.add({
      id: known,
      slug: `x${randomBytes(16).toString('hex')}`,
      user: who.user,
      sql,
      parametricDatetime: session.parametricDatetime,
      coding: rowCoding(request.headers['x-trino-query-data-encoding']?.toString()),
      spool,
      query,
      info: () => engine.info(known),
      abort: (reason) => controller.abort(reason),
    })
  }

  const statementOf = (request: FastifyRequest): Statement | undefined => {
    const { id, slug } = request.params as PageParams
    const statement = registry.find(id)
    if (statement === undefined || statement.slug !== slug) return undefined
    // Whoever has learned the address of another's statement still may not have it.
    checkOwner(request, statement.user, 'view')
    return statement
  }

  const getPage = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const statement = statementOf(request)
    const { token } = request.params as PageParams
    if (statement === undefined || !/^\d{1,15}$/.test(token)) return plain(reply, 404, 'Query not found')
    const page = await statement.page(Number(token), waitOf((request.query as { readonly maxWait?: string }).maxWait), baseOf(request))
    if (page === 'gone') return plain(reply, 410, 'The page has been replaced by a later one')
    if (page === 'unknown') return plain(reply, 404, 'There is no such page')
    return sendBody(reply.headers(page.headers).header('cache-control', 'no-store'), page.body)
  }

  /** Clients that read files of the last page for long tell by it that they are there. */
  const headPage = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const statement = statementOf(request)
    const { token } = request.params as PageParams
    const known = statement === undefined || !/^\d{1,15}$/.test(token) ? 'unknown' : statement.knows(Number(token))
    return reply.code(known === 'gone' ? 410 : known === 'unknown' ? 404 : 200).send()
  }

  for (const phase of ['queued', 'executing']) {
    onlyMethods(server, `/v1/statement/${phase}/:id/:slug/:token`, 'HEAD', 'DELETE', 'GET')
    server.head(`/v1/statement/${phase}/:id/:slug/:token`, headPage)
    server.get(`/v1/statement/${phase}/:id/:slug/:token`, { exposeHeadRoute: false }, getPage)
    server.delete(`/v1/statement/${phase}/:id/:slug/:token`, async (request, reply) => {
      const statement = statementOf(request)
      if (statement === undefined) return plain(reply, 404, 'Query not found')
      statement.cancel()
      return reply.code(204).send()
    })
  }
  server.delete('/v1/statement/executing/partialCancel/:id/:stage/:slug/:token', async (request, reply) => {
    const statement = statementOf(request)
    if (statement === undefined) return plain(reply, 404, 'Query not found')
    statement.finishEarly()
    return reply.code(204).send()
  })

  webRoutes(server)
  segmentRoutes(server, spool, (statement) => registry.find(statement)?.touch())

  for (const path of ['/v1/info', '/v1/info/state', '/v1/info/coordinator', '/v1/query']) onlyMethods(server, path, 'GET')
  onlyMethods(server, '/v1/query/:id', 'DELETE', 'GET')
  server.get('/v1/info', async () => ({
    nodeVersion: { version: TRINO_VERSION },
    environment: 'weir',
    coordinator: true,
    starting: false,
    uptime: `${((Date.now() - startedAt) / 60_000).toFixed(2)}m`,
  }))
  server.get('/v1/info/state', async (_request, reply) => reply.type('application/json').send('"ACTIVE"'))
  server.get('/v1/info/coordinator', async (_request, reply) => reply.send())

  server.get('/v1/query', async (request) =>
    engine
      .list()
      .filter(({ user }) => request.identity.mayActAs(user))
      .map((info) => queryDocument(info, `${baseOf(request)}/v1/query/${info.id}`)),
  )
  server.get('/v1/query/:id', async (request, reply) => {
    const { id } = request.params as PageParams
    const info = engine.info(id)
    if (info === undefined) return plain(reply, 410, 'Query not found')
    checkOwner(request, info.user, 'view')
    return queryDocument(info, `${baseOf(request)}/v1/query/${id}`)
  })
  server.delete('/v1/query/:id', async (request, reply) => {
    const { id } = request.params as PageParams
    const info = engine.info(id)
    // What is gone has ended.
    if (info === undefined) return reply.code(204).send()
    checkOwner(request, info.user, 'kill')
    const statement = registry.find(id)
    if (statement === undefined) engine.cancel(id)
    else statement.cancel()
    return reply.code(204).send()
  })
}

function refuseUser(why: 'password' | 'nobody', request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.header('www-authenticate', 'Basic realm="Trino"')
  if (why === 'nobody') return plain(reply, 401, 'Basic authentication or X-Trino-Original-User or X-Trino-User must be sent')
  return plain(
    reply,
    401,
    request.protocol === 'http' ? 'Password not allowed for insecure authentication' : 'Access Denied: Invalid credentials',
  )
}
