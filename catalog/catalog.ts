/** The catalog as the engine sees it: names in, definitions out. Names are given in lower case. */
import type { Table } from './model.ts'

/** The name that the one catalog has in SQL. */
export const CATALOG_NAME = 'lake'

export interface TableName {
  readonly schema: string
  readonly name: string
}

export interface Catalog {
  listSchemas(): Promise<readonly string[]>
  /** Undefined when the schema does not exist. */
  listTables(schema: string): Promise<readonly TableName[] | undefined>
  getTable(schema: string, name: string): Promise<Table | undefined>
  schemaExists(schema: string): Promise<boolean>
}
