/**
 * A query's spans by the OpenTelemetry API: one for the query, one for each of its phases. Without an SDK, which the operator
 * loads (docs/operations.md), they cost nothing. SQL texts are left out: they may hold what a trace store should not.
 */
import { context, type Span, SpanStatusCode, type Tracer, trace } from '@opentelemetry/api'
import type { QueryError } from '#src/common/errors'
import type { QueryStats } from './query.ts'

export class QueryTrace {
  readonly #tracer: Tracer = trace.getTracer('weir')
  readonly #query: Span
  #phase: Span | undefined

  constructor(id: string, user: string) {
    this.#query = this.#tracer.startSpan('query', { attributes: { 'db.system.name': 'weir', 'weir.query.id': id, 'user.name': user } })
  }

  /** The phase before ends where this one begins. */
  phase(name: string): void {
    this.#phase?.end()
    this.#phase = this.#tracer.startSpan(name, {}, trace.setSpan(context.active(), this.#query))
  }

  end(error: QueryError | undefined, { rows, bytes, partitions, files, requests, resultReused }: QueryStats): void {
    this.#phase?.end()
    this.#query.setAttributes({
      'db.response.returned_rows': rows,
      'weir.bytes.from_store': bytes.fromStore,
      'weir.bytes.from_cache': bytes.fromCache,
      'weir.partitions.kept': partitions.kept,
      'weir.files.kept': files.kept,
      'weir.requests.list': requests.list,
      'weir.requests.get': requests.get,
      'weir.result_reused': resultReused,
    })
    if (error !== undefined) {
      this.#query.setAttribute('error.type', error.errorName)
      this.#query.setStatus({ code: SpanStatusCode.ERROR })
    }
    this.#query.end()
  }
}
