/**
 * The physical plan: I/O as data. For every scan it says which files, row groups and bytes are read, and what was
 * skipped and why. EXPLAIN prints it, the dry run prices it, tests assert it, the scan performs it, the kernel's printer
 * turns the logical plan over it into SQL.
 */
import type { FileFormat, Table } from '#catalog/model'
import type { Partition } from '#catalog/partitions/discovery'
import type { ByteRange, ParquetFooter } from '#connectors/formats/parquet/footer'
import type { Bucket, ObjectInfo } from '#connectors/storage/object-store'

import type { LogicalPlan, OutputColumn, ScanColumn } from '#src/logical/plan'

export interface PhysicalPlan {
  readonly root: LogicalPlan
  readonly output: readonly OutputColumn[]
  /** Keyed by Scan.id. Scans answered from metadata are no longer in `root` (they became Values). */
  readonly scans: ReadonlyMap<number, ScanPlan>
  readonly totals: PlanTotals
  readonly hints: readonly string[]
  /** What small sides of joins said before the other sides were planned, for EXPLAIN ANALYZE: `dt: 29 values`. */
  readonly dynamicFilters?: readonly string[]
}

export interface ScanPlan {
  readonly id: number
  readonly table: Table
  readonly format: FileFormat
  readonly bucket: Bucket
  readonly columns: readonly ScanColumn[]
  readonly partitions: readonly Partition[]
  readonly files: readonly FileScan[]
  /** So many rows are enough, any of them; undefined where rows of the files may fail a predicate above. */
  readonly limit: number | undefined
  readonly totals: PlanTotals
  /** Reasons with counts, for EXPLAIN: `{ reason: 'partition predicate', what: 'partitions', count: 364 }`. */
  readonly skipped: readonly Skipped[]
  readonly method: string
}

export interface FileScan {
  readonly info: ObjectInfo
  /** Index into ScanPlan.partitions. */
  readonly partition: number
  /** Absent for CSV and JSON, which are read whole. */
  readonly parquet: ParquetScan | undefined
}

export interface ParquetScan {
  readonly footer: ParquetFooter
  /** Indexes of the kept row groups, ascending; all of them when nothing was pruned. */
  readonly rowGroups: readonly number[]
  /** For each of ScanPlan.columns with a data source: the index in footer.columns, or -1 when the file lacks it (reads as NULL). Key and hidden columns: -1. */
  readonly columnIndexes: readonly number[]
  /** Chunk ranges of the kept row groups and needed columns, ascending, not yet coalesced. */
  readonly ranges: readonly ByteRange[]
}

export interface Skipped {
  readonly reason: string
  readonly what: 'partitions' | 'files' | 'row groups'
  readonly count: number
}

/** `total` null: never seen by a listing. Bytes: of objects (CSV, JSON) or of needed chunks (`kept`) and whole files (`total`). */
export interface PlanTotals {
  readonly partitions: Counted
  readonly files: Counted
  readonly rowGroups: Counted
  readonly bytes: Counted
  readonly prefixesSkipped: number
}
export interface Counted {
  readonly total: number | null
  readonly kept: number
}
