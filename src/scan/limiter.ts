/** At most `limit` tasks at once, in the order they came. */
export class Limiter {
  readonly #limit: number
  readonly #waiting: (() => void)[] = []
  #next = 0
  #active = 0

  constructor(limit: number) {
    this.#limit = limit
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#active >= this.#limit) await new Promise<void>((resolve) => this.#waiting.push(resolve))
    else this.#active++
    try {
      return await task()
    } finally {
      this.#leave()
    }
  }

  /** The place passes straight to the next waiter, so that nobody slips in between. */
  #leave(): void {
    const waiter = this.#waiting[this.#next]
    if (waiter === undefined) {
      this.#active--
      return
    }
    this.#next++
    if (this.#next > 1024 && this.#next * 2 > this.#waiting.length) {
      this.#waiting.splice(0, this.#next)
      this.#next = 0
    }
    waiter()
  }
}
