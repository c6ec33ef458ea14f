/** Statements under an idempotency key: the first runs, the others are told its outcome. */
import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { StatementOutcome, WriteStore } from '#catalog/store/write-store'
import { QueryError, unreachable } from '#src/common/errors'
import type { QueryRequest } from '#src/query/query'
import { type Liveness, SILENT_MS } from './liveness.ts'

export interface RunOnceDeps {
  readonly writes: WriteStore
  readonly liveness: Liveness
  readonly now: () => number
}

const WAIT_MS = 200

/**
 * Runs `work`, whose commit records the outcome, unless the same statement has run under the key; waits while somebody runs
 * it. What fails, or ends without a commit, leaves the key free. Throws GENERIC_USER_ERROR for another statement's key.
 */
export async function runOnce(
  key: string,
  request: QueryRequest,
  deps: RunOnceDeps,
  signal: AbortSignal,
  work: () => Promise<StatementOutcome>,
): Promise<{ readonly outcome: StatementOutcome; readonly again: boolean }> {
  const { writes, liveness } = deps
  // Whoever holds a key must be heard of, also before its write begins.
  liveness.enter()
  try {
    const known = await claim(key, request, deps, signal)
    if (known !== undefined) return { outcome: known, again: true }
    try {
      return { outcome: await work(), again: false }
    } finally {
      // Of no effect where a commit has recorded the outcome.
      await writes.release(key, liveness.owner)
    }
  } finally {
    liveness.leave()
  }
}

/** The outcome of the first run; undefined when this is it. */
async function claim(
  key: string,
  request: QueryRequest,
  { writes, liveness, now }: RunOnceDeps,
  signal: AbortSignal,
): Promise<StatementOutcome | undefined> {
  for (;;) {
    const answer = await writes.claim(key, fingerprintOf(request), liveness.owner, now(), now() - SILENT_MS)
    switch (answer.kind) {
      case 'run':
        return undefined
      case 'done':
        return answer.outcome
      case 'other':
        throw new QueryError('GENERIC_USER_ERROR', `The idempotency key '${key}' was used for another statement`)
      case 'running':
        await sleep(WAIT_MS, undefined, { signal }).catch(() => {
          throw signal.reason
        })
        break
      default:
        unreachable(answer)
    }
  }
}

/** The same statement with the same meaning has the same fingerprint. */
function fingerprintOf({ sql, schema, session, zone, parameters }: QueryRequest): string {
  const values = JSON.stringify(parameters, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
  return createHash('sha256')
    .update(JSON.stringify([sql, schema, session?.catalog, zone, values]))
    .digest('hex')
}
