/** The catalog as the engine sees it: names in, definitions out. Names are given in lower case. */
import type { ParquetFooter } from '#connectors/formats/parquet/footer'
import type { Drift } from './drift.ts'
import type { Finding } from './lint/finding.ts'
import type { Table, View } from './model.ts'
import type { DiscoveredFile, Discovery, Partition } from './partitions/discovery.ts'

/** The name that the one catalog has in SQL. */
export const CATALOG_NAME = 'lake'

export interface TableName {
  readonly schema: string
  readonly name: string
}

export interface Catalog {
  listSchemas(): Promise<readonly string[]>
  getTable(schema: string, name: string): Promise<Table | undefined>
  getView(schema: string, name: string): Promise<View | undefined>
  schemaExists(schema: string): Promise<boolean>
  /** Names of all tables and views, by schema and name; one whose entry is damaged has a name too. */
  tableNames(): Promise<readonly TableName[]>
  /** Definitions of the tables that `keeps` wants, by schema and name, read at once; damaged entries are left out. */
  loadTables(keeps: (name: TableName) => boolean): Promise<readonly Table[]>
  /** Definitions of the views that `keeps` wants, as `loadTables`. */
  loadViews(keeps: (name: TableName) => boolean): Promise<readonly View[]>
  /** Where managed tables of a schema go. Throws SCHEMA_NOT_FOUND. */
  schemaLocation(name: string): Promise<string>
  /** Names of the views. */
  viewNames(): Promise<readonly TableName[]>
  /** The registered partitions of a table that registers them, else those that listing finds; in path order. */
  knownPartitions(table: Table, signal?: AbortSignal): Promise<{ readonly partitions: readonly Partition[] }>
  /** Where a Parquet table's files differ from its definition; reads their footers. */
  drift(table: Table, signal?: AbortSignal): Promise<readonly Drift[]>
  /** What makes queries of a table slow, dear or wrong. */
  lint(table: Table, signal?: AbortSignal): Promise<readonly Finding[]>
  /** Footers of a table's files, in their order; undefined for text and for files that are no sound Parquet. */
  footers(table: Table, files: readonly DiscoveredFile[], signal?: AbortSignal): Promise<readonly (ParquetFooter | undefined)[]>
  /** Lists all partitions and files of a table. Throws what `discover` throws. */
  discover(table: Table, signal?: AbortSignal): Promise<Discovery>
}
