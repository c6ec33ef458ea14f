/**
 * How many requests one bucket gets at once. Additive increase, multiplicative decrease: a "slow down" (503, 429) halves
 * the limit, each success gives 1/limit back, so that a full round of successes adds one. A burst of refusals of requests
 * that were all sent before the last decrease counts once, else 32 refusals at a time would push the limit to 1.
 */
export class BucketRate {
  readonly #highest: number
  readonly #now: () => number
  #limit: number
  #active = 0
  #decreasedAt = Number.NEGATIVE_INFINITY
  #pausedUntil = 0

  constructor(highest: number, now: () => number = () => performance.now()) {
    this.#highest = highest
    this.#limit = highest
    this.#now = now
  }

  /** Requests allowed at once now. */
  get limit(): number {
    return Math.max(1, Math.floor(this.#limit))
  }

  get active(): number {
    return this.#active
  }

  /** Milliseconds until the store may be asked again (it said Retry-After), 0 = now. */
  get pauseMs(): number {
    return Math.max(0, this.#pausedUntil - this.#now())
  }

  /** A place is free, though perhaps not before the pause is over. */
  get hasPlace(): boolean {
    return this.#active < this.limit
  }

  get open(): boolean {
    return this.hasPlace && this.pauseMs === 0
  }

  /** Takes a place; returns the time that `release` needs. */
  take(): number {
    this.#active++
    return this.#now()
  }

  /** `retryAfterMs`: what the store asked for beside "slow down". */
  release(takenAt: number, outcome: 'ok' | 'throttled' | 'other', retryAfterMs = 0): void {
    this.#active--
    if (outcome === 'ok') this.#limit = Math.min(this.#highest, this.#limit + 1 / this.#limit)
    if (outcome !== 'throttled') return
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#now() + retryAfterMs)
    if (takenAt < this.#decreasedAt) return
    // What was in flight is what proved too much; the limit itself may never have been reached.
    this.#limit = Math.max(1, Math.min(this.#limit, this.#active + 1) / 2)
    this.#decreasedAt = this.#now()
  }
}
