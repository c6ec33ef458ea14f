/** Statements that write: what the compiler makes of them, and who executes them (src/write). */
import type { NewTable } from '#catalog/definition'
import type { Table } from '#catalog/model'
import type { AnalyzedColumn } from '#catalog/statistics'
import type { StatementOutcome } from '#catalog/store/write-store'
import type { InsertAnalysis } from '#src/analyze/insert'
import type { Position } from '#src/common/errors'
import type { QueryPlan } from '#src/logical/plan'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import type { QueryRequest } from './query.ts'
import type { QueryRecord } from './query-record.ts'

export type WriteStatement =
  | ({ readonly kind: 'insert' } & InsertAnalysis)
  | {
      readonly kind: 'create'
      readonly table: NewTable
      readonly ifNotExists: boolean
      /** A table of that name gives way to this one, in the same commit. */
      readonly replace: boolean
      /** A table of that name is there already, and the statement bears with it. */
      readonly exists: boolean
      readonly withData: boolean
      /** The table's columns in their order, keys last. */
      readonly query: QueryPlan
      readonly at: Position
    }
  | ({ readonly kind: 'unload' } & UnloadTarget & { readonly query: QueryPlan; readonly at: Position })
  /** `query` gives the rows to be deleted, which are those of whole partitions. */
  | { readonly kind: 'delete'; readonly table: Table; readonly query: QueryPlan; readonly at: Position }
  /** ALTER TABLE … EXECUTE optimize: partitions of `query` with several files below the threshold are written anew. */
  | { readonly kind: 'optimize'; readonly table: Table; readonly query: QueryPlan; readonly thresholdBytes: number; readonly at: Position }
  /** Counts what is in the columns; one query a scope, which gives the number of rows and then `counts`. */
  | {
      readonly kind: 'analyze'
      readonly table: Table
      readonly counts: readonly AnalyzedCount[]
      /** Partitions have a name and values; the whole table has neither. */
      readonly scopes: readonly { readonly name?: string; readonly values?: readonly Value[]; readonly query: QueryPlan }[]
      readonly at: Position
    }
  | { readonly kind: 'truncate'; readonly table: Table; readonly at: Position }

export interface AnalyzedCount {
  readonly column: string
  readonly what: keyof AnalyzedColumn
  readonly sql: string
}

export interface UnloadTarget {
  /** As written. */
  readonly location: string
  readonly format: Table['format']
  /** The last columns. */
  readonly keys: number
  readonly columns: readonly { readonly name: string; readonly type: Type }[]
  /** Canonical table properties (catalog/properties.ts) that say how files are written. */
  readonly properties: Readonly<Record<string, string>>
  readonly manifest: boolean
}

export interface StatementWriter {
  /** Resolves when the write can be seen. Throws QueryError; then nothing has changed. */
  write(statement: WriteStatement, request: QueryRequest, record: QueryRecord, signal: AbortSignal): Promise<StatementOutcome>
}
