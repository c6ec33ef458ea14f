/** Tables as REST and the command line show and request them (CONTRACT.md, section 4). */
import { formatType } from '#src/types/format'
import { formatCreateTable } from './ddl.ts'
import type { FileFormat, Table, TableColumn } from './model.ts'

export interface ColumnDocument {
  readonly name: string
  readonly type: string
  readonly comment?: string
}

/** Body of `POST /api/v1/tables`. */
export interface CreateTableRequest {
  readonly schema: string
  readonly name: string
  readonly location: string
  /** `auto` when absent. */
  readonly format?: 'auto' | FileFormat
  /**
   * Types for columns that are inferred otherwise, by name; a name that no file has is added. In CSV files without header
   * they name the columns in order.
   */
  readonly columns?: readonly ColumnDocument[]
  /** The keys of the path, in order, instead of the inferred ones. */
  readonly partitionKeys?: readonly ColumnDocument[]
  readonly properties?: Readonly<Record<string, string>>
  readonly replace?: boolean
  /** Infers and checks everything, changes nothing. */
  readonly dryRun?: boolean
}

export interface TableDocument {
  readonly schema: string
  readonly name: string
  readonly format: FileFormat
  readonly location: string
  readonly columns: readonly ColumnDocument[]
  readonly partitionKeys: readonly ColumnDocument[]
  readonly properties?: Readonly<Record<string, string>>
  readonly comment?: string
  readonly ddl: string
}

export interface PartitionDocument {
  readonly path: string
  /** Key name to value as CAST to varchar gives it. */
  readonly values: Readonly<Record<string, string | null>>
  readonly files: number
  readonly bytes: number
}

export function describeTable(table: Omit<Table, 'version'>): TableDocument {
  return {
    schema: table.schema,
    name: table.name,
    format: table.format,
    location: table.location,
    columns: table.columns.map(describeColumn),
    partitionKeys: table.partitionKeys.map(describeColumn),
    ...(Object.keys(table.properties).length === 0 ? {} : { properties: table.properties }),
    ...(table.comment === undefined ? {} : { comment: table.comment }),
    ddl: formatCreateTable(table),
  }
}

function describeColumn({ name, type, comment }: TableColumn): ColumnDocument {
  return { name, type: formatType(type), ...(comment === undefined ? {} : { comment }) }
}
