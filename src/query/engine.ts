/** The life of a query: a place in the line, a plan, its scans, the kernel, rows, and an entry in the history. */
import { QueryError, toQueryError } from '#src/common/errors'
import type { KernelFrame } from '#src/kernel/kernel'
import { BIGINT } from '#src/types/type'
import type { Admission } from './admission.ts'
import type { Compiled, Compiler } from './compile.ts'
import { explainStatement, explainWrite } from './explain.ts'
import { createHistory, type History } from './history.ts'
import { noFrames, type PlanRunner, type RunningPlan } from './plan-runner.ts'
import type { QueryInfo, QueryRequest, QueryStats, RunningQuery, StatementSession } from './query.ts'
import { QueryRecord } from './query-record.ts'
import {
  DYNAMIC_FILTERING_PROPERTY,
  IDEMPOTENCY_PROPERTY,
  isEnabled,
  REUSE_PROPERTY,
  sessionLimits,
  stricter,
} from './session-properties.ts'
import { showStats } from './show-stats.ts'
import type { StatementWriter } from './write-statement.ts'

export interface EngineDeps {
  readonly compiler: Compiler
  readonly runner: PlanRunner
  readonly writer: StatementWriter
  readonly admission: Admission
  readonly nextId: () => string
  /** What ended; default: the last thousand, in memory. */
  readonly history?: History
  /** Resolves when catalog and kernel answer. */
  readonly ready: (signal: AbortSignal) => Promise<void>
  /** Told of every query that has ended. */
  readonly onEnd?: (query: QueryInfo) => void
  /** Told of errors that are our bugs, with their cause. */
  readonly onBug?: (error: QueryError) => void
}

export class QueryEngine {
  readonly #deps: EngineDeps
  readonly #active = new Map<string, { readonly record: QueryRecord; readonly controller: AbortController }>()
  readonly #history: History
  #closing = false

  constructor(deps: EngineDeps) {
    this.#deps = deps
    this.#history = deps.history ?? createHistory()
    deps.compiler.queries = () => this.list()
    deps.compiler.cancel = (id, reason) => this.cancel(id, reason)
  }

  load(): { readonly running: number; readonly queued: number } {
    return { running: this.#deps.admission.running, queued: this.#deps.admission.queued }
  }

  ready(signal: AbortSignal): Promise<void> {
    if (this.#closing) throw shuttingDown()
    return this.#deps.ready(signal)
  }

  /** Running queries, then those that ended, newest first. */
  list(): readonly QueryInfo[] {
    return [...[...this.#active.values()].map(({ record }) => record.info()).reverse(), ...this.#history.list()]
  }

  /** When the oldest query that runs arrived, milliseconds since the epoch. */
  oldestRunning(): number | undefined {
    const [oldest] = [...this.#active.values()].map(({ record }) => record.info().created).sort((a, b) => a - b)
    return oldest
  }

  /** What is known of a running query now; for progress lines. */
  progress(id: string): QueryStats | undefined {
    return this.#active.get(id)?.record.stats()
  }

  /** What is known of a query that runs or has ended not long ago. */
  info(id: string): QueryInfo | undefined {
    return this.#active.get(id)?.record.info() ?? this.#history.find(id)
  }

  /** Ends a running query; one that has ended stays as it is. */
  cancel(id: string, reason = new QueryError('USER_CANCELED', 'Query was canceled')): void {
    this.#active.get(id)?.controller.abort(reason)
  }

  /**
   * Runs a statement up to its first rows, so that what fails before them fails here.
   * Throws QueryError with `queryId` set.
   */
  async start(request: QueryRequest, onStart?: (id: string) => void): Promise<RunningQuery> {
    if (this.#closing) throw shuttingDown()
    const id = this.#deps.nextId()
    const record = new QueryRecord(id, request.sql, request.user)
    const controller = new AbortController()
    this.#active.set(id, { record, controller })
    onStart?.(id)
    let timeout: NodeJS.Timeout | undefined
    const signal = AbortSignal.any([request.signal, controller.signal])
    let leave: (() => void) | undefined
    const abortTransaction = (): void => {
      if (request.session !== undefined) this.#deps.compiler.transactions.abort(request.session.transaction)
    }
    // At once: what the client sends next must know of the cancel, however long the kernel takes to end.
    signal.addEventListener('abort', abortTransaction)
    const end = (error: QueryError | undefined): void => {
      clearTimeout(timeout)
      leave?.()
      signal.removeEventListener('abort', abortTransaction)
      if (!this.#active.delete(id)) return
      record.end(error)
      if (error !== undefined) abortTransaction()
      this.#history.add(record.info())
      this.#deps.onEnd?.(record.info())
    }
    try {
      const started = performance.now()
      const limits = stricter(request, sessionLimits(request.session?.properties ?? new Map()))
      timeout = timeoutOf(limits.timeoutMs, limits.timeoutMs, controller)
      leave = await this.#deps.admission.enter(signal, request.user)
      record.enter('PLANNING')
      const compiled = await this.#deps.compiler.compile(request)
      const under = underItsSession(request, 'own' in compiled ? compiled.own : undefined)
      if (under.timeoutMs !== limits.timeoutMs) {
        clearTimeout(timeout)
        const left = under.timeoutMs === undefined ? undefined : Math.max(0, under.timeoutMs - (performance.now() - started))
        timeout = timeoutOf(left, under.timeoutMs, controller)
      }
      return await this.#run(compiled, under, record, signal, end)
    } catch (error) {
      const failure = this.#failure(error, signal, id)
      end(failure)
      throw failure
    }
  }

  /** Ends every query; `drain` lets them finish first. New ones are refused from now on. */
  async close(options: { readonly drain: boolean }): Promise<void> {
    this.#closing = true
    if (!options.drain) for (const { controller } of this.#active.values()) controller.abort(shuttingDown())
    while (this.#active.size > 0) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  /** Ends every query that still runs. */
  cancelAll(): void {
    for (const { controller } of this.#active.values()) controller.abort(shuttingDown())
  }

  async #run(
    compiled: Compiled,
    request: QueryRequest,
    record: QueryRecord,
    signal: AbortSignal,
    end: (error?: QueryError) => void,
  ): Promise<RunningQuery> {
    const running = await this.#rows(compiled, request, record, signal)
    const iterator = running.frames[Symbol.asyncIterator]()
    const first = await iterator.next()
    const fail = (error: unknown): QueryError => this.#failure(error, signal, record.id)
    return {
      id: record.id,
      columns: running.columns,
      updateType: compiled.kind === 'session' || compiled.kind === 'ddl' ? compiled.updateType : running.updateType,
      updateCount: running.updateCount,
      sessionUpdate: compiled.kind === 'session' ? compiled.update : undefined,
      dryRun: request.dryRun,
      frames: follow(first, iterator, record, { beforeEnd: request.beforeEnd, fail, end }),
      stats: () => record.stats(),
    }
  }

  async #rows(compiled: Compiled, request: QueryRequest, record: QueryRecord, signal: AbortSignal): Promise<RunningPlan> {
    switch (compiled.kind) {
      case 'rows':
        return this.#deps.runner.run(compiled.plan, request, record, signal)
      case 'explain':
        return explainStatement(compiled.explain, compiled.plan, this.#deps.runner, request, record, signal)
      case 'explain-write':
        record.enter('RUNNING')
        return explainWrite(compiled.explain, compiled.write, this.#deps, request, record, signal)
      case 'stats':
        return showStats(compiled.stats, this.#deps.runner, request, record, signal)
      case 'write': {
        record.enter('RUNNING')
        const outcome = await this.#deps.writer.write(compiled.write, request, record, signal)
        if (request.session === undefined || compiled.write.kind === 'truncate') return { columns: [], frames: noFrames(), ...outcome }
        // Clients of the Trino protocol are told the count as a row, too.
        return { columns: [{ name: 'rows', type: BIGINT }], frames: countFrame(outcome.updateCount), ...outcome }
      }
      case 'ddl': {
        const hints = request.dryRun ? [] : await compiled.run(signal)
        for (const hint of hints) record.addHint(hint)
        return { columns: [], frames: noFrames() }
      }
      case 'session':
        return { columns: [], frames: noFrames() }
    }
  }

  #failure(error: unknown, signal: AbortSignal, id: string): QueryError {
    // Whatever broke because the query was ended is not the reason why it ended.
    const failure = toQueryError(signal.aborted ? signal.reason : error)
    failure.queryId ??= id
    if (failure.type === 'INTERNAL_ERROR' && failure.cause !== undefined) this.#deps.onBug?.(failure)
    return failure
  }
}

/** The request with the limits and features that its session gives it; what WITH SESSION says goes before what the client's says. */
function underItsSession(request: QueryRequest, own: StatementSession | undefined): QueryRequest {
  const properties = new Map([...(request.session?.properties ?? []), ...(own?.properties ?? [])])
  return {
    ...request,
    ...stricter(request, sessionLimits(properties)),
    zone: own?.zone ?? request.zone,
    reuseResults: (request.reuseResults ?? true) && isEnabled(properties, REUSE_PROPERTY),
    dynamicFilters: (request.dynamicFilters ?? true) && isEnabled(properties, DYNAMIC_FILTERING_PROPERTY),
    idempotencyKey: request.idempotencyKey ?? (properties.get(IDEMPOTENCY_PROPERTY) || undefined),
  }
}

async function* countFrame(count: number | undefined): AsyncGenerator<KernelFrame> {
  yield { bytes: Buffer.from(`[${count ?? null}]`), rows: 1 }
}

/** The frames, counted; tells the end exactly once: at the last row, at a failure, or when the reader leaves. */
async function* follow(
  first: IteratorResult<KernelFrame>,
  rest: AsyncIterator<KernelFrame>,
  record: QueryRecord,
  {
    beforeEnd,
    fail,
    end,
  }: {
    readonly beforeEnd: QueryRequest['beforeEnd']
    readonly fail: (error: unknown) => QueryError
    readonly end: (error?: QueryError) => void
  },
): AsyncGenerator<KernelFrame> {
  let finished = false
  try {
    let next = first
    while (!next.done) {
      record.addRows(next.value.rows)
      yield next.value
      next = await rest.next()
    }
    await beforeEnd?.()
    finished = true
    end()
  } catch (error) {
    finished = true
    const failure = fail(error)
    end(failure)
    throw failure
  } finally {
    if (!finished) {
      await rest.return?.()
      end(new QueryError('USER_CANCELED', 'Query was canceled'))
    }
  }
}

/** `left` milliseconds from now, of a limit of `timeoutMs`. */
function timeoutOf(left: number | undefined, timeoutMs: number | undefined, controller: AbortController): NodeJS.Timeout | undefined {
  if (left === undefined || timeoutMs === undefined) return undefined
  const abort = () =>
    controller.abort(new QueryError('EXCEEDED_TIME_LIMIT', `Query exceeded maximum time limit of ${(timeoutMs / 1000).toFixed(2)}s`))
  // Node's timers hold at most 2^31 - 1 ms.
  return setTimeout(abort, Math.min(left, 2_147_483_647)).unref()
}

function shuttingDown(): QueryError {
  return new QueryError('SERVER_SHUTTING_DOWN', 'The server is shutting down', { retryable: true })
}
