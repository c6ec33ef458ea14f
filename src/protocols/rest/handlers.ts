/** The operations of openapi.yaml, by operationId. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CreateTableRequest } from '#catalog/document'
import type { CatalogService } from '#catalog/service'
import { QueryError, toQueryError } from '#src/common/errors'
import type { QueryEngine } from '#src/query/engine'
import type { RunningQuery } from '#src/query/query'
import { sessionZone } from '#src/query/session'
import { negotiateCoding, negotiateFormat, RESULT_MEDIA_TYPES } from './negotiate.ts'
import { type JsonParameter, typedParameters } from './parameters.ts'
import { resultBody } from './result-body.ts'
import { sendResult } from './send-result.ts'

export interface RestDeps {
  readonly engine: QueryEngine
  readonly catalog: CatalogService
  readonly metrics: { readonly contentType: string; text(): Promise<string> }
  readonly cache: { stats(): Promise<unknown>; clear(): Promise<void> }
  /** How long a client may take nothing of its result, in ms. */
  readonly stallMs: number
}

/** An HTTP status that the error's own row does not give. */
export class HttpError extends Error {
  readonly status: number
  readonly error: QueryError

  constructor(status: number, error: QueryError) {
    super(error.message)
    this.status = status
    this.error = error
  }
}

interface SqlBody {
  readonly sql: string
  readonly schema?: string
  readonly timeZone?: string
  readonly parameters?: readonly JsonParameter[]
  readonly dryRun?: boolean
  readonly timeoutMs?: number
  readonly maxBytes?: number
}

interface TableParams {
  readonly schema: string
  readonly table: string
}

/** Fires when the client closes the connection before its answer is complete. */
function clientSignal(reply: FastifyReply): AbortController {
  const controller = new AbortController()
  reply.raw.on('close', () => {
    if (!reply.raw.writableFinished)
      controller.abort(new QueryError('USER_CANCELED', 'Query was canceled: the client closed the connection'))
  })
  return controller
}

export function createHandlers({ engine, catalog, metrics, cache, stallMs }: RestDeps) {
  const tableOf = (request: FastifyRequest): TableParams => request.params as TableParams
  /** An unknown table is an unknown resource here, not a fault of a statement. */
  const resource = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work
    } catch (error) {
      const missing = error instanceof QueryError && (error.errorName === 'TABLE_NOT_FOUND' || error.errorName === 'SCHEMA_NOT_FOUND')
      throw missing ? new HttpError(404, error) : error
    }
  }
  const whileConnected = <T>(reply: FastifyReply, work: (signal: AbortSignal) => Promise<T>): Promise<T> => work(clientSignal(reply).signal)

  return {
    async runSql(request: FastifyRequest, reply: FastifyReply): Promise<void> {
      const chosen = negotiateFormat(request.headers.accept)
      if (chosen === undefined) {
        const offered = RESULT_MEDIA_TYPES.map(({ mediaType }) => mediaType).join(', ')
        throw new HttpError(
          406,
          new QueryError('GENERIC_USER_ERROR', `None of the accepted media types can be produced; choose from ${offered}`),
        )
      }
      const body: SqlBody = typeof request.body === 'string' ? { sql: request.body } : (request.body as SqlBody)
      const client = clientSignal(reply)
      const query: RunningQuery = await engine.start({
        sql: body.sql,
        schema: (body.schema ?? 'default').toLowerCase(),
        zone: sessionZone(body.timeZone ?? 'UTC'),
        user: 'weir',
        parameters: typedParameters(body.parameters ?? []),
        format: body.dryRun === true ? 'json-rows' : chosen.format,
        dryRun: body.dryRun ?? false,
        timeoutMs: body.timeoutMs,
        maxBytes: body.maxBytes,
        reuseResults: !/\bno-cache\b/i.test(request.headers['cache-control'] ?? ''),
        signal: client.signal,
      })
      const shown = body.dryRun === true ? (RESULT_MEDIA_TYPES[0] as (typeof RESULT_MEDIA_TYPES)[0]) : chosen
      reply.hijack()
      await sendResult(reply.raw, resultBody(query, shown.format), {
        mediaType: shown.mediaType,
        coding: negotiateCoding(request.headers['accept-encoding'], shown.format),
        queryId: query.id,
        stallMs,
        cancel: (reason) => client.abort(toQueryError(reason)),
      })
    },

    async listTables(_request: FastifyRequest, _reply: FastifyReply) {
      return { tables: await catalog.list() }
    },

    async createTable(request: FastifyRequest, reply: FastifyReply) {
      const body = request.body as CreateTableRequest
      const table = await whileConnected(reply, (signal) => catalog.create(body, signal))
      return reply.code(201).send(table)
    },

    async getTable(request: FastifyRequest, _reply: FastifyReply) {
      const { schema, table } = tableOf(request)
      return resource(catalog.get(schema, table))
    },

    async dropTable(request: FastifyRequest, reply: FastifyReply) {
      const { schema, table } = tableOf(request)
      await resource(catalog.drop(schema, table))
      return reply.code(204).send()
    },

    async listPartitions(request: FastifyRequest, reply: FastifyReply) {
      const { schema, table } = tableOf(request)
      return { partitions: await resource(whileConnected(reply, (signal) => catalog.partitions(schema, table, signal))) }
    },

    async refreshTable(request: FastifyRequest, reply: FastifyReply) {
      const { schema, table } = tableOf(request)
      return resource(whileConnected(reply, (signal) => catalog.refresh(schema, table, signal)))
    },

    async cacheStats(_request: FastifyRequest, _reply: FastifyReply) {
      return cache.stats()
    },

    async clearCache(_request: FastifyRequest, reply: FastifyReply) {
      await cache.clear()
      return reply.code(204).send()
    },

    async live(_request: FastifyRequest, _reply: FastifyReply) {
      return { status: 'ok' }
    },

    async ready(_request: FastifyRequest, _reply: FastifyReply) {
      await engine.ready(AbortSignal.timeout(5000))
      return { status: 'ok' }
    },

    async metrics(_request: FastifyRequest, reply: FastifyReply) {
      return reply.type(metrics.contentType).send(await metrics.text())
    },
  }
}
