/** What `POST /api/v1/sql` and `POST /api/v1/queries` ask for, and how results are answered. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { QueryError, toQueryError } from '#src/common/errors'
import type { AsyncRequest } from '#src/query/async-queries'
import type { RunningQuery } from '#src/query/query'
import { sessionZone } from '#src/query/session'
import { HttpError } from './http-error.ts'
import { negotiateCoding, negotiateFormat, RESULT_MEDIA_TYPES, type ResultMediaType } from './negotiate.ts'
import { type JsonParameter, typedParameters } from './parameters.ts'
import { resultBody } from './result-body.ts'
import { sendResult } from './send-result.ts'

interface SqlBody {
  readonly sql: string
  readonly schema?: string
  readonly timeZone?: string
  readonly parameters?: readonly JsonParameter[]
  readonly dryRun?: boolean
  readonly timeoutMs?: number
  readonly maxBytes?: number
}

/** Whose queries those of an unauthenticated client are that names no user. */
const DEFAULT_USER = 'weir'

export function sqlRequest(request: FastifyRequest): AsyncRequest {
  const body: SqlBody = typeof request.body === 'string' ? { sql: request.body } : (request.body as SqlBody)
  return {
    sql: body.sql,
    schema: (body.schema ?? 'default').toLowerCase(),
    zone: sessionZone(body.timeZone ?? 'UTC'),
    user: request.identity.user ?? (String(request.headers['x-trino-user'] ?? '').trim() || DEFAULT_USER),
    mayActAs: (user) => request.identity.mayActAs(user),
    parameters: typedParameters(body.parameters ?? []),
    dryRun: body.dryRun ?? false,
    timeoutMs: body.timeoutMs,
    maxBytes: body.maxBytes,
    idempotencyKey: idempotencyKey(request.headers['idempotency-key']),
  }
}

const LONGEST_KEY = 255

/** Throws HttpError 400 for a key that is empty or too long. */
function idempotencyKey(given: string | readonly string[] | undefined): string | undefined {
  if (given === undefined) return undefined
  const key = typeof given === 'string' ? given.trim() : ''
  if (key !== '' && key.length <= LONGEST_KEY) return key
  throw new HttpError(400, new QueryError('GENERIC_USER_ERROR', `The header Idempotency-Key takes 1 to ${LONGEST_KEY} characters`))
}

/** The format by Accept; what a dry run gives is JSON. Throws HttpError 406. */
export function acceptedFormat(request: FastifyRequest): ResultMediaType {
  const chosen = negotiateFormat(request.headers.accept)
  if (chosen !== undefined) return chosen
  const offered = RESULT_MEDIA_TYPES.map(({ mediaType }) => mediaType).join(', ')
  throw new HttpError(406, new QueryError('GENERIC_USER_ERROR', `None of the accepted media types can be produced; choose from ${offered}`))
}

/** Fires when the client closes the connection before its answer is complete. */
export function clientSignal(reply: FastifyReply): AbortController {
  const controller = new AbortController()
  reply.raw.on('close', () => {
    if (!reply.raw.writableFinished)
      controller.abort(new QueryError('USER_CANCELED', 'Query was canceled: the client closed the connection'))
  })
  return controller
}

/** Streams a result that has begun; from here on the reply is not Fastify's. */
export async function answerResult(
  request: FastifyRequest,
  reply: FastifyReply,
  query: RunningQuery,
  chosen: ResultMediaType,
  options: { readonly stallMs: number; readonly client: AbortController },
): Promise<void> {
  const shown = query.dryRun ? (RESULT_MEDIA_TYPES[0] as ResultMediaType) : chosen
  reply.hijack()
  await sendResult(reply.raw, resultBody(query, shown.format), {
    mediaType: shown.mediaType,
    coding: negotiateCoding(request.headers['accept-encoding'], shown.format),
    queryId: query.id,
    stallMs: options.stallMs,
    cancel: (reason) => options.client.abort(toQueryError(reason)),
  })
}
