import { randomBytes } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { Migration } from './migration.ts'

/** Writes: their transactions, the files written and replaced, who writes, and statements that run once. */
export const writes: Migration = {
  version: 3,
  async up(db: Kysely<never>): Promise<void> {
    await db.schema
      .createTable('write_state')
      .addColumn('id', 'integer', (column) => column.primaryKey().check(sql`id = 1`))
      .addColumn('catalog_id', 'text', (column) => column.notNull())
      .addColumn('next_sequence', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('write_transactions')
      .addColumn('sequence', 'bigint', (column) => column.primaryKey())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('owner', 'text', (column) => column.notNull())
      .addColumn('started_version', 'bigint', (column) => column.notNull())
      .addColumn('committed_version', 'bigint')
      .addColumn('started_at', 'bigint', (column) => column.notNull())
      .addColumn('ended_at', 'bigint')
      .execute()
    await db.schema.createIndex('write_transactions_state').on('write_transactions').columns(['state', 'committed_version']).execute()
    await db.schema
      .createTable('written_files')
      .addColumn('bucket', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('sequence', 'bigint', (column) => column.notNull())
      .addColumn('version', 'text')
      .addPrimaryKeyConstraint('written_files_pk', ['bucket', 'key'])
      .execute()
    await db.schema.createIndex('written_files_sequence').on('written_files').column('sequence').execute()
    await db.schema
      .createTable('replaced_files')
      .addColumn('sequence', 'bigint', (column) => column.notNull())
      .addColumn('bucket', 'text', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addColumn('version', 'text')
      .addColumn('own', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('replaced_files_pk', ['sequence', 'bucket', 'key'])
      .execute()
    await db.schema
      .createTable('touched_folders')
      .addColumn('sequence', 'bigint', (column) => column.notNull())
      .addColumn('folder', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('touched_folders_pk', ['sequence', 'folder'])
      .execute()
    await db.schema
      .createTable('writers')
      .addColumn('owner', 'text', (column) => column.primaryKey())
      .addColumn('seen_at', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('idempotent_statements')
      .addColumn('key', 'text', (column) => column.primaryKey())
      .addColumn('fingerprint', 'text', (column) => column.notNull())
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('owner', 'text', (column) => column.notNull())
      .addColumn('update_type', 'text')
      .addColumn('update_count', 'bigint')
      .addColumn('started_at', 'bigint', (column) => column.notNull())
      .addColumn('ended_at', 'bigint')
      .execute()
    // Tells this catalog's files from those of another one over the same folder.
    const catalogId = randomBytes(4).toString('hex')
    await sql`insert into write_state (id, catalog_id, next_sequence) values (1, ${catalogId}, 1)`.execute(db)
  },
}
