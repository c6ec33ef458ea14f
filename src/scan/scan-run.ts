import type { ObjectStore } from '#connectors/storage/object-store'
import type { BlockCache, Reservation } from './block-cache.ts'
import type { Limiter } from './limiter.ts'

/** What the parts of one prepared scan share while it runs. */
export interface ScanRun {
  readonly cache: BlockCache
  readonly store: ObjectStore
  /** Fires when the query ends or another part of this scan has failed. */
  readonly signal: AbortSignal
  /** GETs with their writes to disk: bounds the bytes held in memory. */
  readonly requests: Limiter
  readonly reservation: Reservation
  readonly bytes: ScanBytes
  /** Stops the other parts of the scan: this error is the one to report. */
  fail(error: unknown): void
}

export interface ScanBytes {
  fromStore: number
  fromCache: number
}

/** A unit's file on disk is not what was written: it is evicted, and the scan asks for it again. */
export class PoisonedUnit extends Error {}

/** Like Promise.all, but settles only when all have: nothing writes to a file that its caller has closed. */
export async function allOrFirstError(tasks: readonly Promise<void>[]): Promise<void> {
  const results = await Promise.allSettled(tasks)
  for (const result of results) if (result.status === 'rejected') throw result.reason
}

/** Waits for what another query does; when this one ends first, throws its reason. Never throws what the other failed of. */
export async function waitForOther<T>(other: Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  signal.throwIfAborted()
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>()
  const stop = () => resolve(undefined)
  signal.addEventListener('abort', stop, { once: true })
  try {
    return await Promise.race([other.catch(() => undefined), aborted])
  } finally {
    signal.removeEventListener('abort', stop)
    signal.throwIfAborted()
  }
}
