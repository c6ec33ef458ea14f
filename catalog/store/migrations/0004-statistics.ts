import type { Kysely } from 'kysely'
import type { Migration } from './migration.ts'

/** What ANALYZE has counted, bound to the files that it has read. */
export const statistics: Migration = {
  version: 4,
  async up(db: Kysely<never>): Promise<void> {
    await db.schema
      .createTable('table_statistics')
      .addColumn('table_id', 'bigint', (column) => column.notNull())
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('fingerprint', 'text', (column) => column.notNull())
      .addColumn('analyzed_at', 'bigint', (column) => column.notNull())
      .addColumn('row_count', 'bigint', (column) => column.notNull())
      .addColumn('columns', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('table_statistics_pk', ['table_id', 'scope'])
      .execute()
  },
}
