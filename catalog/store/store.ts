/**
 * What the catalog needs of a database: definitions in, definitions out, each call one transaction. Names are valid and in
 * lower case already (catalog/names.ts); the store only decides what must be decided atomically (exists, is empty, changed).
 *
 * Every call may throw HIVE_METASTORE_ERROR when the database cannot be read or written, or is of a newer Weir.
 */
import type { TableName } from '../catalog.ts'
import type { FileFormat, Table, View } from '../model.ts'
import type { AnalyzedScope } from '../statistics.ts'
import type { WriteStore } from './write-store.ts'

/** What a user decides of a table; the store adds its identity and versions. */
export type TableDefinition = Omit<Table, 'id' | 'version' | 'partitionsVersion'>
export type ViewDefinition = Omit<View, 'version'>

export interface SchemaDefinition {
  readonly name: string
  /** Where managed tables of this schema live; canonical, ends with '/'. */
  readonly location?: string
  readonly comment?: string
  readonly owner?: string
}

export interface TableSummary {
  readonly schema: string
  readonly name: string
  readonly format: FileFormat
  readonly location: string
}

export interface CreateTableOptions {
  /** Takes the place of a table of that name, under a new id; otherwise such a table is TABLE_ALREADY_EXISTS. */
  readonly replace: boolean
  /** A missing schema is created; otherwise it is SCHEMA_NOT_FOUND. */
  readonly createSchema: boolean
  /** A canonical folder that becomes a root (CONTRACT.md section 2) together with the table. */
  readonly root?: string | undefined
}

export interface RegisteredPartition {
  /** `dt=2024-01-01/h=5`: escaped as Hive does, in the order of the keys. */
  readonly name: string
  /** Canonical folder; absent: the table's location and the name. */
  readonly location?: string
}

export interface PartitionPageRequest {
  /** Only those registered after this version; 0: all. */
  readonly since: number
  /** Only those registered up to this version. */
  readonly until: number | undefined
  /** Only names after this one. */
  readonly after: string | undefined
}

/** Registered partitions of a table as they were at `version`. */
export interface PartitionPage {
  readonly version: number
  /** The version of the last change that was no addition: what was read before it is outdated. */
  readonly removed: number
  /** By name. */
  readonly partitions: readonly RegisteredPartition[]
}

export interface CatalogStore {
  /** Transactions of files. */
  readonly writes: WriteStore

  /** Grows with every change of anything in the catalog, whichever process made it. */
  version(): Promise<number>

  /** By name. */
  listSchemas(): Promise<readonly SchemaDefinition[]>
  getSchema(name: string): Promise<SchemaDefinition | undefined>
  /** False when it was there already. */
  createSchema(schema: SchemaDefinition): Promise<boolean>
  /** With everything in it where `cascade`. Throws SCHEMA_NOT_FOUND, SCHEMA_NOT_EMPTY. */
  dropSchema(name: string, cascade?: boolean): Promise<void>
  /** False when there is no such schema. Throws SCHEMA_ALREADY_EXISTS. */
  renameSchema(name: string, to: string): Promise<boolean>

  /** By schema and name; all schemas when none is given. */
  listTables(schema?: string): Promise<readonly TableSummary[]>
  /** Tables and views by schema and name, whatever else their entries hold. */
  listTableNames(): Promise<readonly TableName[]>
  /** Whole definitions of the tables that `keeps` wants, by schema and name, in one read; damaged entries are left out. */
  loadTables(keeps: (name: TableName) => boolean): Promise<readonly Table[]>
  getTable(schema: string, name: string): Promise<Table | undefined>
  /** Throws TABLE_ALREADY_EXISTS, SCHEMA_NOT_FOUND. */
  createTable(definition: TableDefinition, options: CreateTableOptions): Promise<Table>
  /** Undefined, and nothing changed, when the table is gone or no longer of `expectedVersion`. */
  replaceTable(definition: TableDefinition, expectedVersion: number): Promise<Table | undefined>
  /** False when there is no such table. */
  dropTable(schema: string, name: string): Promise<boolean>
  /** A table or view under another name; false when there is none. Throws TABLE_ALREADY_EXISTS, SCHEMA_NOT_FOUND. */
  rename(kind: 'table' | 'view', from: TableName, to: TableName): Promise<boolean>

  /** Whole definitions of the views that `keeps` wants, by schema and name; damaged entries are left out. */
  loadViews(keeps: (name: TableName) => boolean): Promise<readonly View[]>
  listViewNames(): Promise<readonly TableName[]>
  getView(schema: string, name: string): Promise<View | undefined>
  /** Throws TABLE_ALREADY_EXISTS (also for a table of that name, whatever `replace` says), SCHEMA_NOT_FOUND. */
  createView(definition: ViewDefinition, options: { readonly replace: boolean }): Promise<View>
  /** False when there is no such view. */
  dropView(schema: string, name: string): Promise<boolean>

  /** The next of a table's partitions, at most some thousands, so that no transaction is long. Undefined when the table is gone. */
  readPartitions(tableId: number, request: PartitionPageRequest): Promise<PartitionPage | undefined>
  /** Which of these are registered. */
  findPartitions(tableId: number, names: readonly string[]): Promise<readonly RegisteredPartition[]>
  /** Names that were there already, which stay as they are. Many are added in several transactions. */
  addPartitions(tableId: number, partitions: readonly RegisteredPartition[]): Promise<readonly string[]>
  /** Names that were not there. */
  dropPartitions(tableId: number, names: readonly string[]): Promise<readonly string[]>
  /** Another name or location for a registered partition. False when it is not there or `to` is already. */
  replacePartition(tableId: number, name: string, to: RegisteredPartition): Promise<boolean>

  /** What ANALYZE has counted of a table, in no order; none for one that is gone. */
  readStatistics(tableId: number): Promise<readonly AnalyzedScope[]>
  /** Instead of what was known of the same scopes; the whole table's takes the place of all. False when the table is gone. */
  putStatistics(tableId: number, scopes: readonly AnalyzedScope[]): Promise<boolean>

  /** Canonical folders below which REST and SQL may name locations. */
  listRoots(): Promise<readonly string[]>
  /** A root that is there already is no error. */
  addRoot(location: string): Promise<void>
  removeRoot(location: string): Promise<void>

  close(): Promise<void>
}
