/** What is written down of one query while it runs: its state, its times, what it read. */
import type { RequestCounter } from '#connectors/storage/object-store'
import type { QueryError } from '#src/common/errors'
import type { PlanTotals } from '#src/physical/plan'
import type { QueryInfo, QueryState, QueryStats } from './query.ts'
import { QueryTrace } from './query-trace.ts'

/** Of a statement that reads nothing. */
export const NO_TOTALS: PlanTotals = {
  partitions: { total: 0, kept: 0 },
  files: { total: 0, kept: 0 },
  rowGroups: { total: 0, kept: 0 },
  bytes: { total: 0, kept: 0 },
  prefixesSkipped: 0,
}

type Phase = 'queue' | 'plan' | 'fetch' | 'kernel'
/** Work of the plan phase that waits for a store. */
type Wait = 'list' | 'footer'

/** Milliseconds to a tenth. */
const tenth = (ms: number): number => Math.round(ms * 10) / 10

export class QueryRecord {
  readonly id: string
  readonly counter: RequestCounter = { list: 0, head: 0, get: 0, put: 0, bytesReceived: 0 }
  /** Grows while scans are prepared. */
  readonly bytes = { fromStore: 0, fromCache: 0 }
  readonly #sql: string
  readonly #user: string
  readonly #created = Date.now()
  readonly #started = performance.now()
  readonly #times: Record<Phase, number> = { queue: 0, plan: 0, fetch: 0, kernel: 0 }
  readonly #waits: Record<Wait, { ms: number; running: number; since: number }> = {
    list: { ms: 0, running: 0, since: 0 },
    footer: { ms: 0, running: 0, since: 0 },
  }
  readonly #trace: QueryTrace
  #phase: Phase = 'queue'
  #phaseStarted = this.#started
  #state: QueryState = 'QUEUED'
  #totals: PlanTotals = NO_TOTALS
  #hints: readonly string[] = []
  #rows = 0
  #rejected = 0
  #reused = false
  #ended: number | undefined
  #elapsed: number | undefined
  #error: QueryError | undefined

  constructor(id: string, sql: string, user: string) {
    this.id = id
    this.#sql = sql
    this.#user = user
    this.#trace = new QueryTrace(id, user)
    this.#trace.phase('queue')
  }

  enter(state: 'PLANNING' | 'RUNNING'): void {
    this.#state = state
    this.phase(state === 'PLANNING' ? 'plan' : 'fetch')
  }

  /** From now on time counts for this phase. */
  phase(phase: Phase): void {
    const now = performance.now()
    this.#times[this.#phase] += now - this.#phaseStarted
    if (phase !== this.#phase) this.#trace.phase(phase)
    this.#phase = phase
    this.#phaseStarted = now
  }

  /** Counts the time in which at least one piece of such work is under way. */
  async during<T>(wait: Wait, work: Promise<T>): Promise<T> {
    const clock = this.#waits[wait]
    if (clock.running++ === 0) clock.since = performance.now()
    try {
      return await work
    } finally {
      if (--clock.running === 0) clock.ms += performance.now() - clock.since
    }
  }

  planned(totals: PlanTotals, hints: readonly string[]): void {
    this.#totals = totals
    this.#hints = hints
  }

  addHint(hint: string): void {
    this.#hints = [...this.#hints, hint]
  }

  addRows(rows: number): void {
    this.#rows += rows
  }

  addRejected(rows: number): void {
    this.#rejected += rows
  }

  /** None of the bytes that the plan needs had to be fetched: they count as the cache's. */
  resultReused(): void {
    this.#reused = true
    this.bytes.fromCache += this.#totals.bytes.kept
  }

  get rejectedRows(): number {
    return this.#rejected
  }

  get rows(): number {
    return this.#rows
  }

  end(error: QueryError | undefined): void {
    this.phase(this.#phase)
    this.#elapsed = performance.now() - this.#started
    this.#ended = Date.now()
    this.#error = error
    this.#state = error === undefined ? 'FINISHED' : error.errorName === 'USER_CANCELED' ? 'CANCELED' : 'FAILED'
    this.#trace.end(error, this.stats())
  }

  info(): QueryInfo {
    return {
      id: this.id,
      state: this.#state,
      sql: this.#sql,
      user: this.#user,
      created: this.#created,
      ended: this.#ended,
      error: this.#error,
      stats: this.stats(),
    }
  }

  stats(): QueryStats {
    const now = performance.now()
    const running = this.#ended === undefined ? now - this.#phaseStarted : 0
    const time = (phase: Phase): number => tenth(this.#times[phase] + (this.#phase === phase ? running : 0))
    const { partitions, files, rowGroups, bytes, prefixesSkipped } = this.#totals
    return {
      queryId: this.id,
      partitions,
      files,
      rowGroups,
      bytes: { ...bytes, fromStore: this.bytes.fromStore, fromCache: this.bytes.fromCache },
      prefixesSkipped,
      requests: { list: this.counter.list, head: this.counter.head, get: this.counter.get },
      rows: this.#rows,
      rejectedRows: this.#rejected,
      queueMs: time('queue'),
      planMs: time('plan'),
      listMs: tenth(this.#waits.list.ms),
      footerMs: tenth(this.#waits.footer.ms),
      fetchMs: time('fetch'),
      kernelMs: time('kernel'),
      elapsedMs: tenth(this.#elapsed ?? now - this.#started),
      resultReused: this.#reused,
      hints: this.#hints,
    }
  }
}
