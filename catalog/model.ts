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
  /** Who created it, as the client named itself. */
  readonly owner?: string
  /**
   * Created without a location: the table has a folder of its own below its schema's location or the warehouse, and the files
   * that Weir wrote there go with it. Absent: the data is somebody else's and is never deleted.
   */
  readonly managed?: true
  /** Columns and keys whose types the user gave; a refresh leaves these as they are. */
  readonly declared?: readonly string[]
  /** The same through changes and renames, never used again after a drop. Absent: the table is from no store. */
  readonly id?: number
  /** Grows with every change of this table's definition; part of every cache key. */
  readonly version: number
  /** Grows with every change of the registered partitions. Absent: none was ever registered. */
  readonly partitionsVersion?: number
}

export interface View {
  readonly schema: string
  readonly name: string
  /** The query as its author wrote it. */
  readonly sql: string
  /** What the query gave when the view was made; a view whose query gives something else now is stale. */
  readonly columns: readonly TableColumn[]
  readonly comment?: string
  readonly owner?: string
  readonly security: 'definer' | 'invoker'
  /** What names without them mean in the query. */
  readonly context: { readonly catalog: string; readonly schema?: string }
  /** Grows with every change of the view. */
  readonly version: number
}
