/** The statements that clients may still ask for: those that run, and for a while those that have ended. */
import { setTimeout as pause } from 'node:timers/promises'
import { QueryError } from '#src/common/errors'
import { Statement, type StatementSource } from './statement.ts'

export interface RegistryLimits {
  /** Without a request for so long a statement is ended, and one that has ended is forgotten; ms. */
  readonly idleMs: number
  /** Statements whose rows are not all fetched and still wanted; each may hold about two pages. */
  readonly maxUnfinished: number
  /** Bytes of last pages that are kept for being fetched again. */
  readonly keptBytes: number
}

export const DEFAULT_LIMITS: RegistryLimits = { idleMs: 300_000, maxUnfinished: 1000, keptBytes: 64 * 1024 * 1024 }

/** Statements that have ended, at most. */
const MAX_KEPT = 2000

const SWEEP_EVERY = 64

/** When the server shuts down nobody waits longer for a client that does not ask: half of what Kubernetes gives a process to end. */
const LAST_IDLE_MS = 15_000
const DRAIN_EVERY_MS = 20

export class StatementRegistry {
  readonly #limits: RegistryLimits
  readonly #statements = new Map<string, Statement>()
  /** Those that had not ended when they were looked at last. */
  readonly #unfinished = new Set<Statement>()
  readonly #sweeper: NodeJS.Timeout
  #closed = false

  constructor(limits: RegistryLimits) {
    this.#limits = limits
    this.#sweeper = setInterval(() => this.sweep(), Math.max(10, Math.min(10_000, limits.idleMs / 4))).unref()
  }

  /**
   * A user has as many places as are left for all others, so that nobody takes the last ones: alone, half of them.
   * @throws QUERY_QUEUE_FULL when too many results, or too many of this user, wait to be fetched
   */
  checkRoom(user: string): void {
    const { maxUnfinished } = this.#limits
    if (this.#unfinished.size * 2 < maxUnfinished) return
    this.#forgetFinished()
    const { size } = this.#unfinished
    if (size >= maxUnfinished) throw this.#full(`Too many queries: the results of ${size} have not been fetched`)
    const own = [...this.#unfinished].filter((statement) => statement.user === user).length
    if (own > 0 && own >= maxUnfinished - size)
      throw this.#full(`Too many queries of user ${user}: the results of ${own} have not been fetched`)
  }

  #full(message: string): QueryError {
    const seconds = Math.round(this.#limits.idleMs / 1000)
    return new QueryError('QUERY_QUEUE_FULL', message, {
      hint: `Fetch results to their end, or cancel them by DELETE of their nextUri. Those that nobody asks for are ended after ${seconds} s.`,
      retryable: true,
    })
  }

  add(source: StatementSource): Statement {
    const statement = new Statement(source)
    this.#statements.set(statement.id, statement)
    this.#unfinished.add(statement)
    // Many statements may end between two rounds of the sweeper.
    if (this.#statements.size % SWEEP_EVERY === 0) this.sweep()
    return statement
  }

  find(id: string): Statement | undefined {
    return this.#statements.get(id)
  }

  /** Ends what nobody asks for, forgets what has ended and is old, or is too much to keep. */
  sweep(): void {
    for (const [id, statement] of this.#statements) {
      if (statement.idleMs < this.#limits.idleMs) continue
      const seconds = Math.round(statement.idleMs / 1000)
      statement.cancel(new QueryError('ABANDONED_QUERY', `Query ${id} was abandoned: no client has asked for it for ${seconds} s`))
      this.#statements.delete(id)
    }
    this.#forgetFinished()
    const ended = [...this.#statements].filter(([, statement]) => statement.ended)
    let bytes = ended.reduce((sum, [, statement]) => sum + statement.heldBytes, 0)
    let count = ended.length
    for (const [id, statement] of ended) {
      if (bytes <= this.#limits.keptBytes && count <= MAX_KEPT) return
      bytes -= statement.heldBytes
      count--
      this.#statements.delete(id)
    }
  }

  #forgetFinished(): void {
    for (const statement of this.#unfinished) if (statement.ended) this.#unfinished.delete(statement)
  }

  /** Resolves when clients have what their statements gave, and those that no client asks for are ended. */
  async drain(): Promise<void> {
    while (!this.#closed && [...this.#statements.values()].some((statement) => statement.wanted)) {
      for (const statement of this.#statements.values()) if (statement.idleMs > LAST_IDLE_MS) statement.cancel(shuttingDown())
      await pause(DRAIN_EVERY_MS)
    }
  }

  /** Ends everything. */
  close(): void {
    this.#closed = true
    clearInterval(this.#sweeper)
    for (const statement of this.#statements.values()) statement.cancel(shuttingDown())
  }
}

const shuttingDown = (): QueryError => new QueryError('SERVER_SHUTTING_DOWN', 'The server is shutting down', { retryable: true })
