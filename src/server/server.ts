/** The HTTP server: one Fastify instance, built without listening so that tests can inject requests. */
import { readFileSync } from 'node:fs'
import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify'
import { parse } from 'yaml'
import { ERRORS, QueryError, toQueryError } from '#src/common/errors'
import { errorBody } from '#src/protocols/rest/error-body'
import { createHandlers, type RestDeps } from '#src/protocols/rest/handlers'
import { HttpError } from '#src/protocols/rest/http-error'
import { addOperations } from '#src/protocols/rest/operations'
import { parseSqlBody } from '#src/protocols/rest/parameters'
import type { ResultSpool } from '#src/protocols/trino/result-spool'
import { trinoProtocol } from '#src/protocols/trino/routes'
import type { StatementRegistry } from '#src/protocols/trino/statement-registry'
import { type AccessOptions, checkAccess } from './access.ts'
import { MAX_HEADER_BYTES, refuseConnection } from './connection-errors.ts'

export interface ServerOptions extends AccessOptions {
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | undefined
  /** Believe X-Forwarded-Proto and X-Forwarded-Host: whoever reaches the server is a proxy that sets them. */
  readonly trustProxy?: boolean
  /** The OpenAPI document's path. */
  readonly openapi: string
  readonly log: boolean
  /** How long a connection may take for its handshake, and a request for its headers; default 20 s. */
  readonly headersTimeoutMs?: number
}

/** SQL text of 1,000,000 characters, the parser's limit, fits several times over; more is 413. */
const BODY_LIMIT = 16 * 1024 * 1024

/** Far more than any body of that size takes to arrive; without an end to it, stalled senders would pile up. */
const REQUEST_TIMEOUT_MS = 300_000

/** Headers come at once, or from somebody who holds connections to take them from others. */
const HEADERS_TIMEOUT_MS = 20_000

/** Seconds that an overloaded server asks clients to wait. */
const RETRY_AFTER = 1

export interface ServerDeps extends RestDeps {
  /** Where results of the statement protocol wait for their clients. */
  readonly spool: ResultSpool
  /** Statements of that protocol. */
  readonly statements: StatementRegistry
}

export async function buildServer(deps: ServerDeps, options: ServerOptions): Promise<FastifyInstance> {
  const headersTimeout = options.headersTimeoutMs ?? HEADERS_TIMEOUT_MS
  const connectionLimits = { maxHeaderSize: MAX_HEADER_BYTES, headersTimeout, connectionsCheckingInterval: Math.ceil(headersTimeout / 4) }
  const server = fastify({
    // With TLS only these options reach Node, without it only those.
    ...(options.tls ? { https: { ...options.tls, ...connectionLimits, handshakeTimeout: headersTimeout } } : { http: connectionLimits }),
    logger: options.log ? { level: 'info', redact: ['req.headers.authorization'], stream: process.stderr } : false,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: BODY_LIMIT,
    trustProxy: options.trustProxy ?? false,
    routerOptions: { maxParamLength: 1024 },
    ajv: { customOptions: { removeAdditional: false, coerceTypes: false, useDefaults: false, allErrors: false, strict: false } },
    // Until the request has arrived; how long the answer may take is the engine's to limit.
    requestTimeout: REQUEST_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    clientErrorHandler: refuseConnection,
    frameworkErrors: (error: FastifyError, _request: unknown, reply: FastifyReply) =>
      sendError(reply, error.statusCode ?? 400, new QueryError('GENERIC_USER_ERROR', error.message)),
  } as Parameters<typeof fastify>[0]) as unknown as FastifyInstance

  server.decorateRequest('identity')
  server.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?', 1)[0] as string
    const access = await checkAccess({ path, headers: request.headers, secure: isSecure(request, options) }, options)
    if (access.kind === 'granted') {
      request.identity = access.identity
      return
    }
    if (access.challenges.length > 0) reply.header('www-authenticate', access.challenges)
    // Trino's clients show the body as it is.
    if (path.startsWith('/v1/')) return reply.code(access.status).type('text/plain; charset=utf-8').send(access.error.message)
    return sendError(reply, access.status, access.error)
  })
  server.setErrorHandler((error, _request, reply) => answerError(error, reply, server))
  server.setNotFoundHandler((request, reply) =>
    sendError(
      reply,
      404,
      new QueryError('NOT_FOUND', `Nothing at ${request.method} ${request.url.split('?', 1)[0]}`, {
        hint: 'The API is described at /docs and in /openapi.yaml',
      }),
    ),
  )
  addBodyParsers(server)

  const document = readFileSync(options.openapi, 'utf8')
  const specification = parse(document)
  await server.register(swagger, { mode: 'static', specification: { document: specification } })
  await server.register(swaggerUi, { routePrefix: '/docs' })
  server.get('/openapi.yaml', (_request, reply) => reply.type('application/yaml').send(document))
  addOperations(server, specification, createHandlers(deps))
  await server.register(trinoProtocol, {
    engine: deps.engine,
    tokenUser: options.token === undefined ? undefined : 'weir',
    spool: deps.spool,
    statements: deps.statements,
    trustProxy: options.trustProxy ?? false,
  })
  return server
}

const LOOPBACK = /^(?:127\.|::1$|::ffff:127\.)/

/** Whether credentials could have been read on their way here. Of what came through a proxy only the proxy knows. */
function isSecure(request: FastifyRequest, { trustProxy = false }: ServerOptions): boolean {
  if (trustProxy && request.headers['x-forwarded-proto'] !== undefined) return request.protocol === 'https'
  return request.protocol === 'https' || LOOPBACK.test(request.socket.remoteAddress ?? '')
}

const UNKNOWN_CONTENT_TYPE = 'The content type must be application/json or text/plain'

/** Bodies must be valid UTF-8: a replaced byte would be another query. */
function addBodyParsers(server: FastifyInstance): void {
  server.addHook('preParsing', async (request) => {
    const coding = request.headers['content-encoding']
    if (coding !== undefined && coding.toLowerCase() !== 'identity')
      throw new HttpError(415, new QueryError('GENERIC_USER_ERROR', `Request bodies in the coding '${coding}' are not supported`))
    // Without a type there is no parser, and what has none passes for valid.
    if (request.routeOptions.schema?.body !== undefined && request.headers['content-type'] === undefined)
      throw new HttpError(415, new QueryError('GENERIC_USER_ERROR', UNKNOWN_CONTENT_TYPE))
  })
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
  const decode = (body: Buffer): string => {
    try {
      return decoder.decode(body)
    } catch {
      throw new QueryError('GENERIC_USER_ERROR', 'The request body is not valid UTF-8')
    }
  }
  server.removeAllContentTypeParsers()
  server.addContentTypeParser('text/plain', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => decode(body))
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (_request: unknown, body: Buffer) => {
    const text = decode(body)
    if (text === '') return undefined
    try {
      return parseSqlBody(text)
    } catch (error) {
      throw new QueryError('GENERIC_USER_ERROR', `The request body is not valid JSON: ${(error as Error).message}`)
    }
  })
}

function sendError(reply: FastifyReply, status: number, error: QueryError): FastifyReply {
  if (status === 503) reply.header('retry-after', RETRY_AFTER)
  return reply
    .code(status)
    .type('application/json')
    .send(JSON.stringify({ error: errorBody(error) }))
}

function answerError(error: unknown, reply: FastifyReply, server: FastifyInstance): FastifyReply {
  if (error instanceof HttpError) return sendError(reply, error.status, error.error)
  const fastifyError = error as Partial<FastifyError>
  const status = fastifyError.statusCode
  if (!(error instanceof QueryError) && status !== undefined && status >= 400 && status < 500) {
    if (status === 413) takeTheRest(reply)
    return sendError(reply, status, new QueryError('GENERIC_USER_ERROR', requestErrorText(fastifyError, status)))
  }
  const queryError = toQueryError(error)
  if (ERRORS[queryError.errorName].type === 'INTERNAL_ERROR')
    server.log.error({ err: queryError.cause ?? queryError, queryId: queryError.queryId }, queryError.message)
  return sendError(reply, queryError.status, queryError)
}

/**
 * A client that is still sending sees our answer only if its bytes are taken: closing at once resets the connection under
 * it. Beyond a few bodies' worth it is cut off all the same.
 */
function takeTheRest(reply: FastifyReply): void {
  let bytes = 0
  reply.removeHeader('connection')
  reply.request.raw.on('data', (chunk: Buffer) => {
    bytes += chunk.length
    if (bytes > 4 * BODY_LIMIT) reply.request.raw.destroy()
  })
}

function requestErrorText(error: Partial<FastifyError>, status: number): string {
  if (status === 413) return `The request body is larger than ${BODY_LIMIT} bytes`
  if (status === 415) return UNKNOWN_CONTENT_TYPE
  return error.validation === undefined ? (error.message ?? 'Bad request') : `Invalid request: ${error.message}`
}
