/**
 * The one loop that every request to S3 and GCS goes through: wait for a place, count, send, judge the answer, back off,
 * send again. A store says how a request is prepared (signed anew each time) and what an answer means.
 */
import { Cancellation } from './cancellation.ts'
import { type Lane, QueueAborted } from './fair-queue.ts'
import { type BodySink, type HttpRequest, type HttpResponse, type HttpTransport, TransportError } from './http-transport.ts'
import { type RequestCounter, StoreError, type StoreErrorKind } from './object-store.ts'
import type { BucketRate } from './rate.ts'
import { backoffMs, pause, type RetryPolicy } from './retry.ts'

export type Verdict =
  | { readonly kind: 'done' }
  /** Worth another try after a pause; `throttled` when the store asked for fewer requests. */
  | { readonly kind: 'retry'; readonly detail: string; readonly throttled?: boolean; readonly retryAfterMs?: number }
  /** Something about the request was corrected (region, clock, credentials): send it again at once. */
  | { readonly kind: 'again'; readonly detail: string }
  | { readonly kind: 'fail'; readonly error: StoreErrorKind; readonly detail: string }

export const DONE: Verdict = { kind: 'done' }

/** Thrown by a BodySink: the answer's head or body decides the request. */
export class SinkVerdict extends Error {
  readonly verdict: Verdict

  constructor(verdict: Verdict) {
    super('the answer was refused')
    this.verdict = verdict
  }
}

export interface StoreCall {
  /** The store's name of the call, as its permissions have it: `GetObject`. */
  readonly name: string
  /** `s3://bucket/key`, for messages. */
  readonly location: string
  readonly counts: 'list' | 'head' | 'get' | 'put'
  readonly signal?: AbortSignal | undefined
  /** Cleans up what a canceled query left behind, so the query's own signal does not stop it. */
  readonly outlivesQuery?: boolean | undefined
  /** `attempt` counts from 1. May throw StoreError. */
  prepare(attempt: number): Promise<HttpRequest>
  judge(response: HttpResponse, attempt: number): Verdict
  readonly sink?: BodySink
}

/** What all requests of one query share; see ObjectStores.view. */
export interface RequestScope {
  readonly lane: Lane
  readonly counters: readonly RequestCounter[]
  readonly signal: AbortSignal | undefined
}

/** Corrections of one request ('again'): region, clock, credentials, a resumed object that changed; each needs one. */
const MOST_CORRECTIONS = 4

export class StoreClient {
  readonly #transport: HttpTransport
  readonly #retry: RetryPolicy
  readonly #rate: BucketRate
  readonly #scope: RequestScope

  constructor(transport: HttpTransport, retry: RetryPolicy, rate: BucketRate, scope: RequestScope) {
    this.#transport = transport
    this.#retry = retry
    this.#rate = rate
    this.#scope = scope
  }

  /** Resolves with the first answer judged 'done'. Throws StoreError only. */
  async send(call: StoreCall): Promise<HttpResponse> {
    const cancellation = new Cancellation(call.outlivesQuery ? undefined : this.#scope.signal, call.signal)
    const startedAt = performance.now()
    let failures = 0
    let corrections = 0
    for (let attempt = 1; ; attempt++) {
      const { verdict, response } = await this.#once(call, attempt, cancellation)
      switch (verdict.kind) {
        case 'done':
          return response as HttpResponse
        case 'fail':
          throw new StoreError(verdict.error, call.name, call.location, verdict.detail)
        case 'again':
          if (++corrections > MOST_CORRECTIONS) throw new StoreError('failed', call.name, call.location, verdict.detail)
          break
        case 'retry': {
          failures++
          const elapsed = performance.now() - startedAt
          const wait = Math.max(backoffMs(this.#retry, failures), verdict.retryAfterMs ?? 0)
          const most = verdict.throttled ? this.#retry.throttledAttempts : this.#retry.attempts
          if (failures >= most || elapsed + wait > this.#retry.overallMs) throw this.#gaveUp(call, verdict.detail, failures, elapsed)
          await pause(wait, cancellation)
        }
      }
    }
  }

  #gaveUp(call: StoreCall, detail: string, attempts: number, elapsedMs: number): StoreError {
    const tries = attempts === 1 ? 'one attempt' : `${attempts} attempts`
    return new StoreError(
      'unavailable',
      call.name,
      call.location,
      `${detail} (gave up after ${tries} in ${(elapsedMs / 1000).toFixed(1)} s)`,
    )
  }

  async #once(call: StoreCall, attempt: number, cancellation: Cancellation): Promise<{ verdict: Verdict; response?: HttpResponse }> {
    const release = await this.#scope.lane.acquire(this.#rate, cancellation).catch((error: unknown) => {
      throw error instanceof QueueAborted ? aborted(call) : error
    })
    let outcome: 'ok' | 'throttled' | 'other' = 'other'
    let retryAfterMs = 0
    try {
      const request = await call.prepare(attempt)
      if (cancellation.aborted) throw aborted(call)
      for (const counter of this.#scope.counters) counter[call.counts]++
      const response = await this.#transport.send(request, cancellation, call.sink && this.#counted(call.sink))
      const verdict = call.judge(response, attempt)
      if (verdict.kind === 'done') outcome = 'ok'
      if (verdict.kind === 'retry' && verdict.throttled) {
        outcome = 'throttled'
        retryAfterMs = verdict.retryAfterMs ?? 0
      }
      return { verdict, response }
    } catch (error) {
      if (error instanceof SinkVerdict) return { verdict: error.verdict }
      if (!(error instanceof TransportError)) throw error
      if (error.reason === 'aborted') throw aborted(call)
      if (error.reason === 'certificate') return { verdict: { kind: 'fail', error: 'misconfigured', detail: error.message } }
      return { verdict: { kind: 'retry', detail: error.message } }
    } finally {
      release(outcome, retryAfterMs)
    }
  }

  #counted(sink: BodySink): BodySink {
    const { counters } = this.#scope
    return {
      start: (status, headers) => sink.start(status, headers),
      write(chunk) {
        for (const counter of counters) counter.bytesReceived += chunk.length
        sink.write(chunk)
      },
    }
  }
}

function aborted(call: StoreCall): StoreError {
  return new StoreError('aborted', call.name, call.location, 'aborted')
}
