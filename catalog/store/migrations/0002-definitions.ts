import { type Kysely, sql } from 'kysely'
import type { Migration } from './migration.ts'

/** Identity, owner and kind of tables; views; registered partitions. */
export const definitions: Migration = {
  version: 2,
  async up(db: Kysely<never>): Promise<void> {
    await db.schema.alterTable('schemas').addColumn('owner', 'text').execute()
    await db.schema
      .alterTable('tables')
      .addColumn('id', 'bigint', (column) => column.notNull().defaultTo(0))
      .execute()
    await db.schema.alterTable('tables').addColumn('owner', 'text').execute()
    for (const name of ['managed', 'partitions_version', 'partitions_removed']) {
      await db.schema
        .alterTable('tables')
        .addColumn(name, name === 'managed' ? 'integer' : 'bigint', (column) => column.notNull().defaultTo(0))
        .execute()
    }
    // Each change of the catalog touched one table: their versions differ, and later ids are later versions.
    await sql`update tables set id = version`.execute(db)
    await db.schema.createIndex('tables_id').on('tables').column('id').unique().execute()
    await db.schema
      .createTable('views')
      .addColumn('schema_name', 'text', (column) => column.notNull().references('schemas.name'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('sql', 'text', (column) => column.notNull())
      .addColumn('columns', 'text', (column) => column.notNull())
      .addColumn('comment', 'text')
      .addColumn('owner', 'text')
      .addColumn('security', 'text', (column) => column.notNull())
      .addColumn('context_catalog', 'text', (column) => column.notNull())
      .addColumn('context_schema', 'text')
      .addColumn('version', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('views_pk', ['schema_name', 'name'])
      .execute()
    await db.schema
      .createTable('partitions')
      .addColumn('table_id', 'bigint', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('location', 'text')
      .addColumn('version', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('partitions_pk', ['table_id', 'name'])
      .execute()
    // What was added since a reader looked.
    await db.schema.createIndex('partitions_version').on('partitions').columns(['table_id', 'version']).execute()
  },
}
