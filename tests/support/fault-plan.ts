/** What a test server of an object store does wrong, and when. */

export interface LoggedRequest {
  readonly method: string
  readonly bucket: string
  readonly key: string
  readonly query: Readonly<Record<string, string>>
  readonly range: string | undefined
  /** Milliseconds of performance.now(). */
  readonly time: number
  /** 0 until answered, or when the connection was dropped. */
  status: number
  /** Body bytes sent. */
  bytes: number
  /** The fault that was played. */
  fault?: FaultKind
}

type FaultKind =
  /** 503 */
  | 'slow-down'
  /** 500 */
  | 'server-error'
  /** Closes the connection without an answer. */
  | 'drop'
  /** Sends `afterBytes` of the body, then nothing more, connection open. */
  | 'stall'
  /** Sends `afterBytes` of the body, then closes the connection. */
  | 'cut'
  /** Waits `ms` before the answer. */
  | 'slow-first-byte'
  /** Performs the request, then closes the connection without an answer. */
  | 'lose-answer'
  /** An answer with `status` and `body`. */
  | 'answer'

export interface Fault {
  readonly kind: FaultKind
  /** Requests that it meets; absent = object GETs. */
  readonly when?: (request: LoggedRequest) => boolean
  /** How often; absent = once. */
  readonly times?: number
  /** Every n-th matching request only. */
  readonly every?: number
  readonly afterBytes?: number
  readonly ms?: number
  readonly status?: number
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Runs when the fault is played, e.g. to replace the object. */
  readonly effect?: () => void
}

export class FaultPlan {
  /** Delay of every answer, in milliseconds. */
  latencyMs = 0
  #faults: { readonly fault: Fault; left: number; seen: number }[] = []

  add(fault: Fault): void {
    this.#faults.push({ fault, left: fault.times ?? 1, seen: 0 })
  }

  clear(): void {
    this.#faults = []
    this.latencyMs = 0
  }

  /** For the server: the fault of this request, used up by one. */
  take(request: LoggedRequest): Fault | undefined {
    for (const entry of this.#faults) {
      const { fault } = entry
      const meets = fault.when === undefined ? request.method === 'GET' && request.key !== '' : fault.when(request)
      if (!meets || entry.left === 0) continue
      if (entry.seen++ % (fault.every ?? 1) !== 0) continue
      entry.left--
      fault.effect?.()
      return fault
    }
    return undefined
  }
}
