import { setMaxListeners } from 'node:events'

/** Several AbortSignals as one. AbortSignal.any keeps every derived signal alive as long as a long-lived source; this does not. */
export class Cancellation {
  readonly #signals: readonly AbortSignal[]

  constructor(...signals: readonly (AbortSignal | undefined)[]) {
    this.#signals = signals.filter((signal) => signal !== undefined)
  }

  get aborted(): boolean {
    return this.#signals.some((signal) => signal.aborted)
  }

  /** Calls `listener` once when a signal fires (not for one that has fired already). Returns what takes the listener off again. */
  onAbort(listener: () => void): () => void {
    const remove = () => {
      for (const signal of this.#signals) signal.removeEventListener('abort', listener)
    }
    for (const signal of this.#signals) {
      // One query has thousands of requests on one signal; Node's leak warning at 10 listeners is wrong here.
      setMaxListeners(0, signal)
      signal.addEventListener('abort', listener, { once: true })
    }
    return remove
  }
}
