/** The execution kernel as the query layer sees it. */
import type { OutputColumn } from '#src/logical/plan'
import type { PhysicalPlan } from '#src/physical/plan'
import type { PredicateEvaluator } from '#src/physical/predicate-evaluator'
import type { PreparedScan } from '#src/scan/units'

/** How rows are encoded by the kernel; the bytes pass through to the client unread. */
export type ResultFormat =
  /**
   * `[…],\n[…]` JSON rows without the outer brackets, values as Trino's protocol writes them. Frames break between rows
   * and carry no separator at their ends: who joins frames puts a comma between them.
   */
  | 'json-rows'
  /** One JSON object a line. */
  | 'ndjson'
  /** RFC 4180 lines without the header. */
  | 'csv'
  /** An Arrow IPC stream, schema message included. */
  | 'arrow'
  /** A whole Parquet file's bytes. */
  | 'parquet'

export interface KernelQuery {
  readonly queryId: string
  readonly plan: PhysicalPlan
  /** By Scan.id. */
  readonly scans: ReadonlyMap<number, PreparedScan>
  readonly output: readonly OutputColumn[]
  readonly format: ResultFormat
  /** The session's zone. */
  readonly zone: string
  /** The query's start, microseconds since the epoch: what now() is where it was not folded. Default: the time of the call. */
  readonly startMicros?: bigint
  readonly signal: AbortSignal
}

export interface KernelFrame {
  readonly bytes: Uint8Array
  /** Rows in this frame (0 for headers and trailers). */
  readonly rows: number
}

export interface KernelResult {
  /** Ends after the last frame; throws a QueryError when the query fails on the way. Leaving the loop early cancels the query. */
  readonly frames: AsyncIterable<KernelFrame>
  /** Rejected CSV/JSON rows, known when the frames have ended. */
  rejects(): Promise<RejectSummary>
}

export interface RejectSummary {
  readonly count: number
  readonly first: { readonly file: number; readonly scan: number; readonly line: number; readonly message: string } | undefined
}

export interface Kernel extends PredicateEvaluator {
  execute(query: KernelQuery): Promise<KernelResult>
  /** Resolves when a trivial query has been answered. */
  ping(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}
