import type { Cancellation } from './cancellation.ts'
import type { BucketRate } from './rate.ts'

/** Thrown to a waiter whose signal fired. */
export class QueueAborted extends Error {}

interface Waiter {
  readonly rate: BucketRate
  readonly grant: () => void
}

/**
 * Which request goes next when the process may have `total` under way: lanes (one a query) take turns, each with at most
 * `perLane`, and a request whose bucket has no place (BucketRate) lets the next one pass. A query with 20,000 waiting
 * requests so delays another's single request by one turn only.
 */
export class FairQueue {
  readonly #total: number
  readonly #perLane: number
  readonly #lanes: Lane[] = []
  #active = 0
  #turn = 0
  #timer: NodeJS.Timeout | undefined
  #timerDue = 0

  constructor(total: number, perLane: number) {
    this.#total = total
    this.#perLane = perLane
  }

  get active(): number {
    return this.#active
  }

  lane(): Lane {
    return new Lane(this)
  }

  /** For Lane only. */
  enter(lane: Lane): void {
    if (!this.#lanes.includes(lane)) this.#lanes.push(lane)
    this.pump()
  }

  leave(): void {
    this.#active--
    this.pump()
  }

  /** A waiter went away: a timer that nobody waits for would keep the process alive. */
  abandon(): void {
    if (this.#lanes.some((lane) => lane.waiting)) return
    clearTimeout(this.#timer)
    this.#timer = undefined
  }

  /** Grants places until nothing more fits. */
  pump(): void {
    while (this.#active < this.#total && this.#lanes.length > 0) {
      if (!this.#grantOne()) break
      this.#active++
    }
    this.#wakeAfterPause()
  }

  #grantOne(): boolean {
    for (let tried = 0; tried < this.#lanes.length; ) {
      this.#turn %= this.#lanes.length
      const lane = this.#lanes[this.#turn] as Lane
      if (!lane.waiting) {
        this.#lanes.splice(this.#turn, 1)
        if (this.#lanes.length === 0) return false
        continue
      }
      this.#turn++
      tried++
      if (lane.active >= this.#perLane) continue
      const waiter = lane.next()
      if (waiter === undefined) continue
      waiter.grant()
      return true
    }
    return false
  }

  /** A paused bucket has no release that would pump: a timer does, set for the pause that ends first. */
  #wakeAfterPause(): void {
    if (this.#active >= this.#total) return
    // A pause may end between pump's look at it and this one: it counts all the same, else nobody would pump again.
    const pauses = this.#lanes.filter((lane) => lane.active < this.#perLane).flatMap((lane) => lane.pauses())
    if (pauses.length === 0) return
    const wait = Math.max(1, Math.min(...pauses))
    const due = performance.now() + wait
    if (this.#timer !== undefined && this.#timerDue <= due) return
    clearTimeout(this.#timer)
    this.#timerDue = due
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.pump()
    }, wait)
  }
}

/** One query's requests. */
export class Lane {
  readonly #queue: FairQueue
  /** By bucket, so that a bucket without places does not hide another's waiters. */
  readonly #waiters = new Map<BucketRate, Set<Waiter>>()
  #active = 0

  constructor(queue: FairQueue) {
    this.#queue = queue
  }

  get active(): number {
    return this.#active
  }

  get waiting(): boolean {
    return this.#waiters.size > 0
  }

  /** Waits for a place; the result gives it back (once). Throws QueueAborted. */
  async acquire(
    rate: BucketRate,
    cancellation: Cancellation,
  ): Promise<(outcome: 'ok' | 'throttled' | 'other', retryAfterMs?: number) => void> {
    if (cancellation.aborted) throw new QueueAborted()
    let takenAt = 0
    await new Promise<void>((resolve, reject) => {
      const waiter: Waiter = {
        rate,
        grant: () => {
          removeListener()
          this.#remove(waiter)
          this.#active++
          takenAt = rate.take()
          resolve()
        },
      }
      const removeListener = cancellation.onAbort(() => {
        removeListener()
        this.#remove(waiter)
        this.#queue.abandon()
        reject(new QueueAborted())
      })
      const same = this.#waiters.get(rate)
      if (same === undefined) this.#waiters.set(rate, new Set([waiter]))
      else same.add(waiter)
      this.#queue.enter(this)
    })
    let released = false
    return (outcome, retryAfterMs) => {
      if (released) return
      released = true
      this.#active--
      rate.release(takenAt, outcome, retryAfterMs)
      this.#queue.leave()
    }
  }

  /** For FairQueue: the first waiter whose bucket has a place. */
  next(): Waiter | undefined {
    for (const [rate, waiters] of this.#waiters) {
      if (rate.open) for (const waiter of waiters) return waiter
    }
    return undefined
  }

  /** For FairQueue: pauses that alone keep waiters back, in milliseconds; 0 where one has just ended. */
  pauses(): number[] {
    return [...this.#waiters.keys()].filter((rate) => rate.hasPlace).map((rate) => rate.pauseMs)
  }

  #remove(waiter: Waiter): void {
    const same = this.#waiters.get(waiter.rate)
    same?.delete(waiter)
    if (same?.size === 0) this.#waiters.delete(waiter.rate)
  }
}
