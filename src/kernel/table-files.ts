/** Files of a table made of stored results: what is asked of the kernel. */
import type { Type } from '#src/types/type'

export interface StoredColumns {
  /** Stored results, or one of `Kernel.partitionRows`. */
  readonly files: readonly string[]
  readonly columns: readonly { readonly name: string; readonly type: Type }[]
}

/** How a table's files are written. */
export type FileEncoding =
  | {
      readonly kind: 'parquet'
      readonly codec: 'zstd' | 'snappy' | 'gzip' | 'uncompressed'
      readonly rowGroupRows: number
    }
  | TextEncoding

export type TextEncoding =
  | {
      readonly kind: 'delimited'
      readonly codec: 'gzip' | 'zstd' | 'none'
      readonly delimiter: string
      /** Empty: nothing is quoted. */
      readonly quote: string
      /** Put before a quote in quotes; without quotes before delimiters and itself. Empty without quotes: such values fail. */
      readonly escape: string
      readonly null: string
      readonly header: boolean
      /** Every value is quoted, NULL too. */
      readonly quoteAll: boolean
    }
  | {
      readonly kind: 'json-lines'
      readonly codec: 'gzip' | 'zstd' | 'none'
      /** Keys of the columns as the files spell them. */
      readonly names: readonly string[]
    }

/** Rows in the order of these columns, by their places; NULLs last. */
export interface RowOrder {
  readonly column: number
  readonly descending: boolean
}

/** Splits rows by their last columns, a table's partition keys. */
export interface PartitionRequest {
  readonly stored: StoredColumns
  /** How many of the columns are keys: the last ones; none: all rows are one partition. */
  readonly keys: number
  /** Within a partition. */
  readonly order: readonly RowOrder[]
  /** Where the rows are kept in the order of their partitions; its giver removes it. */
  readonly file: string
  readonly signal: AbortSignal
}

export interface RowsOfPartition {
  /** Texts of the keys as a path spells them before escaping; null for NULL and for the empty text. */
  readonly values: readonly (string | null)[]
  readonly rows: number
}

/** Writes rows of stored results as files below a folder. */
export interface CopyRequest {
  readonly stored: StoredColumns
  /** How many of the columns, the last ones, are no part of the files. */
  readonly keys: number
  /** Only these partitions of a partitioned file, by number, the last one included; each into `part=<number>/`. */
  readonly partitions: { readonly first: number; readonly last: number } | undefined
  /** Only these rows of one of the stored files, counted from 0, the last one included; undefined: all. */
  readonly rows: { readonly file: string; readonly first: number; readonly last: number } | undefined
  readonly encoding: FileEncoding
  /** Of the rows in a file; only of rows that become one file. */
  readonly order: readonly RowOrder[]
  /** Made by the kernel; its giver removes it. */
  readonly folder: string
  /** A file that has become so large is the last one's, and another begins; undefined: one file a partition. */
  readonly fileBytes: number | undefined
  readonly signal: AbortSignal
}
