/** Turns at the block cache: queries hold what they read, and two that do not fit together run one after the other. */

/** So long smaller queries may go before one that waits; then nobody does. */
const PASS_MS = 5000

interface Waiting {
  readonly bytes: number
  readonly since: number
  readonly go: () => void
}

export class CacheRoom {
  readonly #budgetBytes: number
  readonly #waiting: Waiting[] = []
  #held = 0

  constructor(budgetBytes: number) {
    this.#budgetBytes = budgetBytes
  }

  /** Resolves to what gives the room back (once) when there is room for `bytes`, at once for more than there can be. Throws the signal's reason. */
  async enter(bytes: number, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted()
    // What cannot fit fails where it tries to, with the reason.
    const wanted = bytes > this.#budgetBytes ? 0 : bytes
    if (wanted === 0 || this.#fits(wanted)) this.#held += wanted
    else await this.#wait(wanted, signal)
    let left = false
    return () => {
      if (left) return
      left = true
      this.#held -= wanted
      this.#next()
    }
  }

  #fits(bytes: number): boolean {
    const first = this.#waiting[0]
    const passed = first === undefined || performance.now() - first.since < PASS_MS
    return passed && this.#held + bytes <= this.#budgetBytes
  }

  #next(): void {
    for (const one of [...this.#waiting]) {
      if (this.#held + one.bytes <= this.#budgetBytes) {
        this.#held += one.bytes
        this.#waiting.splice(this.#waiting.indexOf(one), 1)
        one.go()
      } else if (performance.now() - one.since >= PASS_MS) return
    }
  }

  #wait(bytes: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        const index = this.#waiting.indexOf(entry)
        if (index >= 0) this.#waiting.splice(index, 1)
        reject(signal.reason)
        this.#next()
      }
      const entry: Waiting = {
        bytes,
        since: performance.now(),
        go: () => {
          signal.removeEventListener('abort', leave)
          resolve()
        },
      }
      this.#waiting.push(entry)
      signal.addEventListener('abort', leave, { once: true })
    })
  }
}
