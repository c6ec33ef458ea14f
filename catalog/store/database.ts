/** The tables of the catalog's database as Kysely sees them, and what a dialect provides. One code serves every dialect. */
import type { Kysely, Transaction } from 'kysely'

export interface CatalogTables {
  /** One row. */
  catalog_state: { readonly id: number; readonly schema_version: number; readonly version: number }
  schemas: { readonly name: string; readonly location: string | null; readonly comment: string | null }
  tables: {
    readonly schema_name: string
    readonly name: string
    readonly format: string
    readonly location: string
    /** JSON: [{ name, type, comment? }], types as formatType prints them. */
    readonly columns: string
    readonly partition_keys: string
    /** JSON object of texts. */
    readonly properties: string
    readonly comment: string | null
    /** JSON list of names; NULL for none. */
    readonly declared: string | null
    /** The catalog's version at the last change of this table. */
    readonly version: number
  }
  roots: { readonly location: string }
}

export type CatalogTransaction = Transaction<CatalogTables>

export interface CatalogDatabase {
  readonly db: Kysely<CatalogTables>
  /** For messages, e.g. `/data/catalog.db`. */
  readonly place: string
  /**
   * Runs one transaction, again when another process was in the way. The database's own errors leave as
   * HIVE_METASTORE_ERROR; QueryErrors thrown by `work` roll back and pass. `write` takes the write lock at the beginning, so
   * that nothing read inside can be outdated at the commit.
   */
  transaction<T>(mode: 'read' | 'write', work: (transaction: CatalogTransaction) => Promise<T>): Promise<T>
  close(): Promise<void>
}
