/** What the scan hands to the kernel: local files (units) that hold exactly what a scan plan kept. */

import type { HiveText } from '#connectors/formats/text-serde'
import type { ScanPlan } from '#src/physical/plan'
import type { Type } from '#src/types/type'

/** A unit is a file in the cache folder that stays unchanged until it is released. */
export interface Unit {
  readonly path: string
  /** Index into ScanPlan.files: gives partition values and hidden columns. */
  readonly file: number
}

/** Units that one reader call can read: same format, same physical schema, same reader options. */
export interface UnitGroup {
  readonly format: 'parquet' | 'csv' | 'json'
  /** One entry a column of ScanPlan.columns, in order. */
  readonly columns: readonly UnitColumn[]
  /** CSV: all columns of the file in file order, for the reader's explicit schema. JSON, Parquet: empty. */
  readonly fileColumns: readonly string[]
  readonly csv: CsvReaderOptions | undefined
  /** Lines that Hive's rules split; `csv` says only how many lines to skip. */
  readonly hive?: HiveText | undefined
  /** JSON: what Hive's SerDes do otherwise. */
  readonly json?: JsonReading | undefined
  readonly units: readonly Unit[]
}

export interface JsonReading {
  /** A column's key may be spelled in any case. */
  readonly anyCase: boolean
  /** A line that is no JSON object is a row of NULLs. */
  readonly brokenAsNull: boolean
}

/** How a scanned column is found in the group's files. */
export type UnitColumn =
  | { readonly kind: 'file'; readonly name: string; readonly type: Type; readonly physical: string }
  | { readonly kind: 'missing' }
  /** Partition key or hidden column: from the table of files, not from the file. */
  | { readonly kind: 'from-plan' }

export interface CsvReaderOptions {
  readonly delimiter: string
  readonly quote: string
  readonly escape: string
  /** An unquoted field of exactly this text is NULL (default ''); undefined: none is. */
  readonly nullText: string | undefined
  /** Lines to skip at the start of each unit (blank ones and the header; a header with line ends in quotes is one). */
  readonly skip: number
}

export interface PreparedScan {
  readonly plan: ScanPlan
  readonly groups: readonly UnitGroup[]
  readonly onError: 'fail' | 'null' | 'skip'
  /** Bytes that came over the network, and those that the cache had. */
  readonly bytesFromStore: number
  readonly bytesFromCache: number
  /** Unpins the units. */
  release(): void
  /**
   * After the kernel failed to read a unit: compares all of them with what was written and evicts those that differ. True
   * when there were any, and the query may be prepared and run once more.
   */
  verify(): Promise<boolean>
}
