/** What the catalog keeps of a table: plain readonly data, the same for every store and for the engine. */
import type { Type } from '#src/types/type'

export type FileFormat = 'parquet' | 'csv' | 'json'

export interface TableColumn {
  /** Lower case, unique in the table over data columns and partition keys. */
  readonly name: string
  readonly type: Type
  readonly comment?: string
}

export interface Table {
  readonly schema: string
  readonly name: string
  readonly format: FileFormat
  /** Canonical (connectors/storage/location.ts): a folder ends with '/', a single file does not. */
  readonly location: string
  /** Data columns, without the partition keys. */
  readonly columns: readonly TableColumn[]
  /** In the order of the path's levels. */
  readonly partitionKeys: readonly TableColumn[]
  /** Property names as in CONTRACT.md section 3, e.g. `csv.delimiter`, `on_error`, `partition_discovery`. */
  readonly properties: Readonly<Record<string, string>>
  readonly comment?: string
  /** Columns and keys whose types the user gave; a refresh leaves these as they are. */
  readonly declared?: readonly string[]
  /** Grows with every change of this table's definition; part of every cache key. */
  readonly version: number
}
