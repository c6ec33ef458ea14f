/** A query from the outside: what is asked, what comes back, and what it cost. */
import type { QueryError } from '#src/common/errors'
import type { KernelFrame, ResultFormat } from '#src/kernel/kernel'
import type { Counted, PhysicalPlan } from '#src/physical/plan'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import type { ClientSession, SessionUpdate } from './client-session.ts'

export interface TypedParameter {
  readonly type: Type
  readonly value: Value
}

/** What WITH SESSION sets for one statement, on top of the client's session. */
export interface StatementSession {
  readonly properties: ReadonlyMap<string, string>
  /** Undefined: that of the request. */
  readonly zone: string | undefined
}

export interface QueryRequest {
  readonly sql: string
  /** Schema of unqualified names; undefined when the client chose none. */
  readonly schema: string | undefined
  /** Session zone: an IANA name or an offset, checked by `sessionZone`. */
  readonly zone: string
  readonly user: string
  readonly parameters: readonly TypedParameter[]
  readonly format: ResultFormat
  /** False: the rows are computed even if the same query over the same objects has been answered before. */
  readonly reuseResults?: boolean
  /** False: small sides of joins do not prune the other side. */
  readonly dynamicFilters?: boolean
  /** Plan and price only: no rows, no object data read. */
  readonly dryRun: boolean
  readonly timeoutMs: number | undefined
  /** Refuse to start when more bytes of objects would be read. */
  readonly maxBytes: number | undefined
  /** For the format `stored`: names a new file for each run of the kernel, in the rows' order. */
  readonly storeIn?: () => string
  /** Told of the plan that runs; more than once when objects have changed. */
  readonly onPlan?: (plan: PhysicalPlan) => void
  /** Runs when all rows are out, before the query has finished; what it throws is the query's failure. */
  readonly beforeEnd?: () => Promise<void>
  /** A statement that writes is run once under the same key; the same statement again is told the first one's outcome. */
  readonly idempotencyKey?: string | undefined
  /** Whose queries `system.runtime` shows; default: everybody's. */
  readonly mayActAs?: (user: string) => boolean
  /** Of a client that keeps a session; without one, statements that change it are refused. */
  readonly session?: ClientSession
  /** Fires when the client is gone. */
  readonly signal: AbortSignal
}

export interface ResultColumn {
  readonly name: string
  readonly type: Type
}

/** A query whose result has begun: its columns are known, rows follow. */
export interface RunningQuery {
  readonly id: string
  readonly columns: readonly ResultColumn[]
  /** For statements without rows, as Trino names it: `USE`, `SET SESSION`, … */
  readonly updateType: string | undefined
  /** Rows that a statement has written. */
  readonly updateCount: number | undefined
  /** What the statement changes in the client's session. */
  readonly sessionUpdate: SessionUpdate | undefined
  readonly dryRun: boolean
  /** Encoded rows. Must be consumed or left (which cancels); throws QueryError when the query fails on the way. */
  readonly frames: AsyncIterable<KernelFrame>
  /** What is known now; final when the frames have ended. */
  stats(): QueryStats
}

export type QueryState = 'QUEUED' | 'PLANNING' | 'RUNNING' | 'FINISHED' | 'FAILED' | 'CANCELED'

export interface QueryInfo {
  readonly id: string
  readonly state: QueryState
  readonly sql: string
  readonly user: string
  /** Milliseconds since the epoch. */
  readonly created: number
  readonly ended: number | undefined
  readonly error: QueryError | undefined
  readonly stats: QueryStats
}

/** The statistics document of the HTTP contract; bytes, and milliseconds rounded to 0.1. */
export interface QueryStats {
  readonly queryId: string
  readonly partitions: Counted
  readonly files: Counted
  readonly rowGroups: Counted
  readonly bytes: Counted & { readonly fromStore: number; readonly fromCache: number }
  readonly prefixesSkipped: number
  readonly requests: { readonly list: number; readonly head: number; readonly get: number }
  readonly rows: number
  readonly rejectedRows: number
  readonly queueMs: number
  readonly planMs: number
  /** Within planMs: while listings, and while footers, were under way. */
  readonly listMs: number
  readonly footerMs: number
  readonly fetchMs: number
  readonly kernelMs: number
  readonly elapsedMs: number
  /** The rows are those of an earlier query with the same plan over the same objects. */
  readonly resultReused: boolean
  readonly hints: readonly string[]
}
