/** What an analysis is given from outside. */
import type { Table } from '#catalog/model'
import type { SystemTable } from '#src/logical/system-table'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import type { FoundView } from './views.ts'

export interface AnalysisContext {
  readonly tables: AnalysisTables
  /** The catalog and schema that a name without them means; the schema is undefined when the client chose none. */
  readonly catalogName: string
  readonly defaultSchema: string | undefined
  readonly session: AnalysisSession
  /** Values of `?` in the order of the text. */
  readonly parameters: readonly TypedParameter[]
}

export interface AnalysisSession {
  readonly user: string
  /** As the client wrote it. Functions are found without it. */
  readonly path?: string | undefined
  /** IANA name or `±HH:MM`: the session's time zone. */
  readonly zone: string
  /** Start of the query, microseconds since the epoch: what now() and its relatives mean. */
  readonly startMicros: bigint
  /** How many steps of a recursive query may give rows; 10 unless the session says otherwise. */
  readonly maxRecursionDepth?: number
}

export interface TypedParameter {
  readonly type: Type
  readonly value: Value
  /** Told the type that the parameter's place in the statement gives it. */
  readonly onCoerce?: (type: Type) => void
}

/** The tables that a statement may name, looked up before (see collectTableNames). All names are lower case. */
export interface AnalysisTables {
  find(catalog: string, schema: string, name: string): Table | SystemTable | undefined
  view?(catalog: string, schema: string, name: string): FoundView | undefined
  hasCatalog(catalog: string): boolean
  hasSchema(catalog: string, schema: string): boolean
  /** Table names of a schema, for suggestions only; may be incomplete. */
  tableNames(catalog: string, schema: string): readonly string[]
  /** Tables of this name in other schemas, as `schema.name`; for suggestions only. */
  elsewhere?(catalog: string, name: string): readonly string[]
}

/** A table whose rows the engine has at hand: the result of a SHOW. */
export interface VirtualTable {
  readonly kind: 'virtual'
  readonly columns: readonly VirtualColumn[]
  readonly rows: readonly (readonly Value[])[]
}
interface VirtualColumn {
  readonly name: string
  readonly type: Type
  /** Selectable, but not part of `*`. */
  readonly hidden?: boolean
}
