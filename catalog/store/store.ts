/**
 * What the catalog needs of a database: definitions in, definitions out, each call one transaction. Names are valid and in
 * lower case already (catalog/names.ts); the store only decides what must be decided atomically (exists, is empty, changed).
 *
 * Every call may throw HIVE_METASTORE_ERROR when the database cannot be read or written, or is of a newer Weir.
 */
import type { TableName } from '../catalog.ts'
import type { FileFormat, Table } from '../model.ts'

export type TableDefinition = Omit<Table, 'version'>

export interface SchemaDefinition {
  readonly name: string
  /** Where managed tables of this schema live; canonical, ends with '/'. */
  readonly location?: string
  readonly comment?: string
}

export interface TableSummary {
  readonly schema: string
  readonly name: string
  readonly format: FileFormat
  readonly location: string
}

export interface CreateTableOptions {
  /** Takes the place of a table of that name; otherwise such a table is TABLE_ALREADY_EXISTS. */
  readonly replace: boolean
  /** A missing schema is created; otherwise it is SCHEMA_NOT_FOUND. */
  readonly createSchema: boolean
  /** A canonical folder that becomes a root (CONTRACT.md section 2) together with the table. */
  readonly root?: string | undefined
}

export interface CatalogStore {
  /** Grows with every change of anything in the catalog, whichever process made it. */
  version(): Promise<number>

  /** By name. */
  listSchemas(): Promise<readonly SchemaDefinition[]>
  getSchema(name: string): Promise<SchemaDefinition | undefined>
  /** False when it was there already. */
  createSchema(schema: SchemaDefinition): Promise<boolean>
  /** Throws SCHEMA_NOT_FOUND, SCHEMA_NOT_EMPTY. */
  dropSchema(name: string): Promise<void>

  /** By schema and name; all schemas when none is given. */
  listTables(schema?: string): Promise<readonly TableSummary[]>
  /** By schema and name, whatever else their entries hold. */
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

  /** Canonical folders below which REST and SQL may name locations. */
  listRoots(): Promise<readonly string[]>
  /** A root that is there already is no error. */
  addRoot(location: string): Promise<void>
  removeRoot(location: string): Promise<void>

  close(): Promise<void>
}
