/** `/api/v1/queries`: queries whose clients come back for the result, and the history of all queries. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { QueryError } from '#src/common/errors'
import type { AsyncQueries } from '#src/query/async-queries'
import type { QueryInfo, QueryState } from '#src/query/query'
import { checkOwner } from '../identity.ts'
import { errorBody } from './error-body.ts'
import { HttpError } from './http-error.ts'
import { acceptedFormat, answerResult, clientSignal, sqlRequest } from './sql-request.ts'

export interface QueryHandlersDeps {
  readonly queries: AsyncQueries
  readonly stallMs: number
}

interface ListQuery {
  readonly limit?: string
  readonly state?: QueryState
}

const LISTED = 100
/** Seconds after which it is worth asking again whether a query has ended. */
const RETRY_AFTER = 1

export function createQueryHandlers({ queries, stallMs }: QueryHandlersDeps) {
  const idOf = (request: FastifyRequest): string => (request.params as { readonly id: string }).id

  /** Throws HttpError 404, and PERMISSION_DENIED for queries of other users. */
  const ownQuery = (request: FastifyRequest, action: 'view' | 'kill'): QueryInfo => {
    const info = queries.info(idOf(request))
    if (info === undefined) throw unknownQuery(idOf(request))
    checkOwner(request, info.user, action)
    return info
  }

  return {
    async submitQuery(request: FastifyRequest, reply: FastifyReply) {
      const id = await queries.submit(sqlRequest(request))
      const state = queries.info(id)?.state ?? 'QUEUED'
      return reply.code(202).header('location', `/api/v1/queries/${id}`).send({ id, state })
    },

    async listQueries(request: FastifyRequest, _reply: FastifyReply) {
      const { limit, state } = request.query as ListQuery
      const mine = queries.list().filter((info) => request.identity.mayActAs(info.user) && (state === undefined || info.state === state))
      return { queries: mine.slice(0, limit === undefined ? LISTED : Number(limit)).map(queryDocument) }
    },

    async getQuery(request: FastifyRequest, _reply: FastifyReply) {
      const info = ownQuery(request, 'view')
      const { plan, results } = queries.details(info.id)
      return {
        ...queryDocument(info),
        ...(plan !== undefined && { plan: { text: plan.text, json: JSON.parse(plan.json) } }),
        ...(results !== undefined && { results: { ...results, expires: new Date(results.expires).toISOString() } }),
      }
    },

    async deleteQuery(request: FastifyRequest, reply: FastifyReply) {
      await queries.delete(ownQuery(request, 'kill').id)
      return reply.code(204).send()
    },

    async getQueryResults(request: FastifyRequest, reply: FastifyReply) {
      const chosen = acceptedFormat(request)
      const { id } = ownQuery(request, 'view')
      const client = clientSignal(reply)
      const reading = await queries.read(id, chosen.format, client.signal)
      switch (reading.kind) {
        case 'rows':
          return answerResult(request, reply, reading.query, chosen, { stallMs, client })
        case 'unfinished':
          reply.header('retry-after', RETRY_AFTER)
          throw new HttpError(409, new QueryError('GENERIC_USER_ERROR', `Query ${id} has not ended`))
        case 'gone':
          throw new HttpError(
            410,
            new QueryError('NOT_FOUND', `The results of query ${id} are not kept`, {
              hint: 'Results of queries submitted to /api/v1/queries are kept for an hour at most, and not beyond the end of the server.',
            }),
          )
        case 'unknown':
          throw unknownQuery(id)
      }
    },
  }
}

const unknownQuery = (id: string): HttpError => new HttpError(404, new QueryError('NOT_FOUND', `Query ${id} does not exist`))

function queryDocument(info: QueryInfo) {
  const { id, state, sql, user, created, ended, error, stats } = info
  return {
    id,
    state,
    sql,
    user,
    created: new Date(created).toISOString(),
    ...(ended !== undefined && { ended: new Date(ended).toISOString() }),
    progress: progressOf(info),
    stats,
    ...(error !== undefined && { error: errorBody(error, id) }),
  }
}

/** By bytes, which is what can be known; what the kernel does behind the last byte is not in it, so 1 means the end. */
function progressOf({ state, stats }: QueryInfo) {
  const total = stats.bytes.kept
  const done = Math.min(total, stats.bytes.fromStore + stats.bytes.fromCache)
  const fraction = state === 'FINISHED' ? 1 : total === 0 ? 0 : Math.min(0.99, done / total)
  return { fraction, bytes: { done, total } }
}
