/** What the commands need of Weir: the same whether it runs in this process (embedded) or behind `--server`. */
import type { TableDocument } from '#catalog/document'
import type { QueryStats } from '#src/query/query'

export interface CliQuery {
  readonly sql: string
  readonly schema: string
  readonly zone: string
  readonly dryRun: boolean
  readonly maxBytes: number | undefined
  readonly signal: AbortSignal
  /** Called now and then while the query runs (embedded only). */
  readonly onProgress?: (stats: QueryStats) => void
}

/** A result held in memory, for formats that are laid out for people. Values are JSON values; numbers keep all their digits. */
export interface TableResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly rows: readonly (readonly unknown[])[]
  readonly updateType: string | undefined
  /** Rows that the statement has written. */
  readonly updateCount: number | undefined
  readonly stats: QueryStats
}

export type BytesFormat = 'csv' | 'ndjson' | 'arrow' | 'parquet'

export interface CreateTableCommand {
  readonly schema: string
  readonly name: string
  readonly location: string
  readonly format: 'auto' | 'parquet' | 'csv' | 'json'
  readonly partitionKeys: readonly { readonly name: string; readonly type: string }[]
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  readonly properties: Readonly<Record<string, string>>
  readonly replace: boolean
  readonly dryRun: boolean
}

export interface TableSummary {
  readonly schema: string
  readonly name: string
  readonly format: string
  readonly location: string
}

export interface CacheStats {
  readonly [cache: string]: { readonly entries: number; readonly bytes: number }
}

export interface Connection {
  query(query: CliQuery): Promise<TableResult>
  /** Encoded bytes as they come; ends when the query ends, throws when it fails. */
  stream(query: CliQuery, format: BytesFormat): Promise<{ readonly chunks: AsyncIterable<Uint8Array>; stats(): QueryStats | undefined }>
  listTables(): Promise<readonly TableSummary[]>
  listViews(): Promise<readonly { readonly schema: string; readonly name: string }[]>
  getTable(schema: string, name: string): Promise<TableDocument>
  createTable(command: CreateTableCommand): Promise<TableDocument>
  refreshTable(schema: string, name: string): Promise<TableDocument>
  dropTable(schema: string, name: string): Promise<void>
  cacheStats(): Promise<CacheStats>
  clearCache(): Promise<void>
  close(): Promise<void>
}
