/** The tables of the catalog's database as Kysely sees them, and what a dialect provides. One code serves every dialect. */
import type { Kysely, Transaction } from 'kysely'

export interface CatalogTables {
  /** One row. */
  catalog_state: { readonly id: number; readonly schema_version: number; readonly version: number }
  schemas: { readonly name: string; readonly location: string | null; readonly comment: string | null; readonly owner: string | null }
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
    /** The catalog's version at its creation: no two tables share it. */
    readonly id: number
    readonly owner: string | null
    /** 1 or 0. */
    readonly managed: number
    /** The catalog's version at the last change of its registered partitions; 0 for none. */
    readonly partitions_version: number
    /** The same, of changes other than additions. */
    readonly partitions_removed: number
  }
  views: {
    readonly schema_name: string
    readonly name: string
    readonly sql: string
    /** JSON as in `tables`. */
    readonly columns: string
    readonly comment: string | null
    readonly owner: string | null
    /** definer | invoker */
    readonly security: string
    readonly context_catalog: string
    readonly context_schema: string | null
    readonly version: number
  }
  /** Registered partitions of tables with `partition_discovery = registered`. */
  partitions: {
    readonly table_id: number
    /** `dt=2024-01-01/h=5`: escaped as Hive does, in the order of the keys. */
    readonly name: string
    /** Canonical folder; NULL: the table's location and the name. */
    readonly location: string | null
    /** The catalog's version at its registration. */
    readonly version: number
  }
  /** What ANALYZE has counted. */
  table_statistics: {
    readonly table_id: number
    /** '' the whole table, else a partition (catalog/statistics.ts). */
    readonly scope: string
    /** Of the files and the definition that it is true of. */
    readonly fingerprint: string
    /** Milliseconds since the epoch. */
    readonly analyzed_at: number
    readonly row_count: number
    /** JSON object: AnalyzedColumn by name. */
    readonly columns: string
  }
  roots: { readonly location: string }
  /** One row. */
  write_state: { readonly id: number; readonly catalog_id: string; readonly next_sequence: number }
  write_transactions: {
    readonly sequence: number
    readonly kind: string
    /** open, committed, aborted */
    readonly state: string
    /** The process that writes. */
    readonly owner: string
    readonly started_version: number
    readonly committed_version: number | null
    readonly started_at: number
    readonly ended_at: number | null
  }
  /** Kept as long as the files: what is not in it Weir has not written, and never deletes. */
  written_files: { readonly bucket: string; readonly key: string; readonly sequence: number; readonly version: string | null }
  /** By committed transactions: not seen by readers. `own` (1): Weir wrote it, and deletes it. */
  replaced_files: {
    readonly sequence: number
    readonly bucket: string
    readonly key: string
    readonly version: string | null
    readonly own: number
  }
  /** Where transactions add or replace files. */
  touched_folders: { readonly sequence: number; readonly folder: string }
  writers: { readonly owner: string; readonly seen_at: number }
  idempotent_statements: {
    readonly key: string
    readonly fingerprint: string
    /** running, done */
    readonly state: string
    readonly owner: string
    readonly update_type: string | null
    readonly update_count: number | null
    readonly started_at: number
    readonly ended_at: number | null
  }
}

export type CatalogTransaction = Transaction<CatalogTables>

export interface CatalogDatabase {
  readonly db: Kysely<CatalogTables>
  /** For messages, e.g. `/data/catalog.db`. */
  readonly place: string
  /** The schema of the database that the tables are in, where a database has such. */
  readonly namespace?: string
  /**
   * Runs one transaction, again when another process was in the way. The database's own errors leave as
   * HIVE_METASTORE_ERROR; QueryErrors thrown by `work` roll back and pass. `write` takes the write lock at the beginning, so
   * that nothing read inside can be outdated at the commit.
   */
  transaction<T>(mode: 'read' | 'write', work: (transaction: CatalogTransaction) => Promise<T>): Promise<T>
  close(): Promise<void>
}
