/** What system tables are made of, and how they are written down. */
import { CATALOG_NAME, type Catalog } from '#catalog/catalog'
import type { Table, View } from '#catalog/model'
import type { PartedRow, RowFilter, SystemTableColumn } from '#src/logical/system-table'
import { BIGINT, BOOLEAN, VARCHAR } from '#src/types/type'
import type { Value } from '#src/types/value'
import type { QueryInfo } from '../query.ts'

/** The catalog of the engine's own tables. */
export const SYSTEM_CATALOG = 'system'
export const INFORMATION_SCHEMA = 'information_schema'

export interface SystemSources {
  readonly catalog: Catalog
  /** Running queries, then those that ended. */
  readonly queries: () => readonly QueryInfo[]
}

/** With the engine's own schemas and tables, which listings show as well. */
export interface RowSources extends SystemSources {
  readonly systemTables: readonly Listed[]
}

export type Row = readonly Value[]

export interface Definition {
  readonly columns: readonly SystemTableColumn[]
  /** Neither this nor `parts`: the table is always empty. */
  readonly rows?: (sources: RowSources, keeps: RowFilter, signal: AbortSignal) => Promise<readonly Row[]> | readonly Row[]
  /** Instead of `rows`, for tables of very many. */
  readonly parts?: (sources: RowSources, keeps: RowFilter) => Promise<Iterable<PartedRow>>
}

/** Tables of one schema, by name. */
export type Definitions = Readonly<Record<string, Definition>>

export const text = (name: string): SystemTableColumn => ({ name, type: VARCHAR })
export const hidden = (name: string): SystemTableColumn => ({ name, type: VARCHAR, hidden: true })
export const bigint = (name: string): SystemTableColumn => ({ name, type: BIGINT })
export const boolean = (name: string): SystemTableColumn => ({ name, type: BOOLEAN })

/** A table or system table as listings see it. */
export interface Listed {
  readonly catalog: string
  readonly schema: string
  readonly name: string
  readonly comment?: string | undefined
  readonly columns: readonly ListedColumn[]
}
interface ListedColumn extends SystemTableColumn {
  readonly comment?: string | undefined
  readonly partitionKey?: boolean
}

export function listedTable(table: Table): Listed {
  return {
    catalog: CATALOG_NAME,
    schema: table.schema,
    name: table.name,
    comment: table.comment,
    columns: [...table.columns, ...table.partitionKeys.map((key) => ({ ...key, partitionKey: true }))],
  }
}

export const listedView = ({ schema, name, comment, columns }: View): Listed => ({ catalog: CATALOG_NAME, schema, name, comment, columns })
