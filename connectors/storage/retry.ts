import type { Cancellation } from './cancellation.ts'

export interface RetryPolicy {
  /** Tries of a request that fails or times out, the first included. */
  readonly attempts: number
  /** Tries of a request that is told to slow down: more, for the rate control is adapting meanwhile. */
  readonly throttledAttempts: number
  readonly baseMs: number
  readonly capMs: number
  /** No new try begins later than this after the first. */
  readonly overallMs: number
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 6, throttledAttempts: 10, baseMs: 100, capMs: 5000, overallMs: 120_000 }

/** Full jitter: anything from 0 to min(cap, base * 2^(n-1)) ms before the try after the n-th, so that clients spread out. */
export function backoffMs(policy: RetryPolicy, failures: number, random: () => number = Math.random): number {
  return random() * Math.min(policy.capMs, policy.baseMs * 2 ** (failures - 1))
}

/** Resolves after `ms`, or at once when cancelled. */
export function pause(ms: number, cancellation: Cancellation): Promise<void> {
  if (cancellation.aborted) return Promise.resolve()
  return new Promise((resolve) => {
    const end = () => {
      removeListener()
      clearTimeout(timer)
      resolve()
    }
    const removeListener = cancellation.onAbort(end)
    const timer = setTimeout(end, ms)
  })
}
