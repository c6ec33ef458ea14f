/** The execution kernel as the query layer sees it. */
import type { OutputColumn } from '#src/logical/plan'
import type { PhysicalPlan } from '#src/physical/plan'
import type { PredicateEvaluator } from '#src/physical/predicate-evaluator'
import type { PreparedScan } from '#src/scan/units'
import type { Type } from '#src/types/type'
import type { CopyRequest, PartitionRequest, RowsOfPartition } from './table-files.ts'

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
  /** Kept for later: a file at `KernelQuery.file` in the kernel's own forms; the frames have no bytes. Read by `Kernel.read`. */
  | 'stored'

export interface KernelQuery {
  readonly queryId: string
  readonly plan: PhysicalPlan
  /** By Scan.id. */
  readonly scans: ReadonlyMap<number, PreparedScan>
  /** By Scan.id: files of `stored` results that hold a scan's columns in their order, instead of the table's files. */
  readonly stored?: ReadonlyMap<number, readonly string[]> | undefined
  readonly output: readonly OutputColumn[]
  readonly format: ResultFormat
  /** Where a `stored` result goes: a path in the spill folder that its giver removes. */
  readonly file?: string | undefined
  /** The session's zone. */
  readonly zone: string
  /** The query's start, microseconds since the epoch: what now() is where it was not folded. Default: the time of the call. */
  readonly startMicros?: bigint
  readonly signal: AbortSignal
}

/** A result that was executed as `stored`. */
export interface StoredResult {
  /** In the rows' order. */
  readonly files: readonly string[]
  readonly columns: readonly { readonly name: string; readonly type: Type }[]
  readonly format: Exclude<ResultFormat, 'stored'>
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
  /** The rows of a stored result in their order, as `execute` would have given them in that format. */
  read(result: StoredResult): Promise<Pick<KernelResult, 'frames'>>
  /** Sorts stored rows by their partition keys; gives the partitions, whose numbers are their places in the list. */
  partitionRows(request: PartitionRequest): Promise<readonly RowsOfPartition[]>
  /** Writes stored rows as files of a table; resolves to their number. */
  copyFiles(request: CopyRequest): Promise<number>
  /** Resolves when a trivial query has been answered. */
  ping(signal: AbortSignal): Promise<void>
  close(): Promise<void>
}
