/** The operations of openapi.yaml, by operationId. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { CreateTableRequest } from '#catalog/document'
import type { CatalogService } from '#catalog/service'
import { QueryError } from '#src/common/errors'
import type { AsyncQueries } from '#src/query/async-queries'
import type { QueryEngine } from '#src/query/engine'
import { HttpError } from './http-error.ts'
import { createQueryHandlers } from './query-handlers.ts'
import { acceptedFormat, answerResult, clientSignal, sqlRequest } from './sql-request.ts'

export interface RestDeps {
  readonly engine: QueryEngine
  readonly queries: AsyncQueries
  readonly catalog: CatalogService
  readonly metrics: { readonly contentType: string; text(): Promise<string> }
  readonly cache: { stats(): Promise<unknown>; clear(): Promise<void> }
  /** How long a client may take nothing of its result, in ms. */
  readonly stallMs: number
}

interface TableParams {
  readonly schema: string
  readonly table: string
}

export function createHandlers({ engine, queries, catalog, metrics, cache, stallMs }: RestDeps) {
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
      const chosen = acceptedFormat(request)
      const asked = sqlRequest(request)
      const client = clientSignal(reply)
      const query = await engine.start({
        ...asked,
        format: asked.dryRun ? 'json-rows' : chosen.format,
        reuseResults: !/\bno-cache\b/i.test(request.headers['cache-control'] ?? ''),
        signal: client.signal,
      })
      await answerResult(request, reply, query, chosen, { stallMs, client })
    },

    ...createQueryHandlers({ queries, stallMs }),

    async listTables(_request: FastifyRequest, _reply: FastifyReply) {
      const [tables, views] = await Promise.all([catalog.list(), catalog.viewNames()])
      return { tables, views }
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
