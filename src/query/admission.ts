/** Who may run now: at most so many queries at once, the rest wait in line, which has an end. */
import { QueryError } from '#src/common/errors'

export interface AdmissionOptions {
  readonly maxRunning: number
  readonly maxQueued: number
}

export class Admission {
  readonly #options: AdmissionOptions
  readonly #waiting: { readonly user: string; readonly go: () => void }[] = []
  /** Queries that run, by user. */
  readonly #users = new Map<string, number>()
  #running = 0

  constructor(options: AdmissionOptions) {
    this.#options = options
  }

  get running(): number {
    return this.#running
  }

  get queued(): number {
    return this.#waiting.length
  }

  /**
   * Waits for a place and returns what gives it back (once; later calls do nothing). Places go to the user with the fewest running
   * queries, in order of arrival among those: the queries that one user has lined up are not all before another's first.
   * Throws QUERY_QUEUE_FULL at once when the line is full, and the signal's reason when it fires while waiting.
   */
  async enter(signal: AbortSignal, user: string): Promise<() => void> {
    signal.throwIfAborted()
    if (this.#running < this.#options.maxRunning) this.#running++
    else {
      if (this.#waiting.length >= this.#options.maxQueued) {
        throw new QueryError(
          'QUERY_QUEUE_FULL',
          `Too many queued queries: ${this.#waiting.length} are waiting for ${this.#options.maxRunning} places`,
          {
            hint: 'Try again in a moment, or start the server with a larger --max-queued-queries.',
            retryable: true,
          },
        )
      }
      await this.#wait(signal, user)
    }
    this.#users.set(user, this.#runningOf(user) + 1)
    let left = false
    return () => {
      if (left) return
      left = true
      const others = this.#runningOf(user) - 1
      if (others > 0) this.#users.set(user, others)
      else this.#users.delete(user)
      const next = this.#next()
      if (next === undefined) this.#running--
      else next.go()
    }
  }

  #runningOf(user: string): number {
    return this.#users.get(user) ?? 0
  }

  /** Takes whoever is to run next out of the line. */
  #next(): { readonly go: () => void } | undefined {
    const fewest = Math.min(...new Set(this.#waiting.map(({ user }) => this.#runningOf(user))))
    const index = this.#waiting.findIndex(({ user }) => this.#runningOf(user) === fewest)
    return index < 0 ? undefined : this.#waiting.splice(index, 1)[0]
  }

  #wait(signal: AbortSignal, user: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        const index = this.#waiting.indexOf(waiting)
        if (index >= 0) this.#waiting.splice(index, 1)
        reject(signal.reason)
      }
      const waiting = { user, go }
      this.#waiting.push(waiting)
      signal.addEventListener('abort', leave, { once: true })
    })
  }
}
