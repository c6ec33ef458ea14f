/** Who may run now: at most so many queries at once, the rest wait in order of arrival, and the line has an end. */
import { QueryError } from '#src/common/errors'

export interface AdmissionOptions {
  readonly maxRunning: number
  readonly maxQueued: number
}

export class Admission {
  readonly #options: AdmissionOptions
  readonly #waiting: (() => void)[] = []
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
   * Waits for a place and returns what gives it back (once; later calls do nothing).
   * Throws QUERY_QUEUE_FULL at once when the line is full, and the signal's reason when it fires while waiting.
   */
  async enter(signal: AbortSignal): Promise<() => void> {
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
      await this.#wait(signal)
    }
    let left = false
    return () => {
      if (left) return
      left = true
      const next = this.#waiting.shift()
      if (next === undefined) this.#running--
      else next()
    }
  }

  #wait(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const go = () => {
        signal.removeEventListener('abort', leave)
        resolve()
      }
      const leave = () => {
        const index = this.#waiting.indexOf(go)
        if (index >= 0) this.#waiting.splice(index, 1)
        reject(signal.reason)
      }
      this.#waiting.push(go)
      signal.addEventListener('abort', leave, { once: true })
    })
  }
}
