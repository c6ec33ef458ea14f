import { type Kysely, sql } from 'kysely'
import type { Migration } from './migration.ts'

/** Schemas, tables, roots and the counter of changes. Texts are plain `text`: SQLite and PostgreSQL both have it. */
export const initial: Migration = {
  version: 1,
  async up(db: Kysely<never>): Promise<void> {
    await db.schema
      .createTable('catalog_state')
      .addColumn('id', 'integer', (column) => column.primaryKey().check(sql`id = 1`))
      .addColumn('schema_version', 'integer', (column) => column.notNull())
      .addColumn('version', 'bigint', (column) => column.notNull())
      .execute()
    await db.schema
      .createTable('schemas')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('location', 'text')
      .addColumn('comment', 'text')
      .execute()
    await db.schema
      .createTable('tables')
      .addColumn('schema_name', 'text', (column) => column.notNull().references('schemas.name'))
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('format', 'text', (column) => column.notNull())
      .addColumn('location', 'text', (column) => column.notNull())
      .addColumn('columns', 'text', (column) => column.notNull())
      .addColumn('partition_keys', 'text', (column) => column.notNull())
      .addColumn('properties', 'text', (column) => column.notNull())
      .addColumn('comment', 'text')
      .addColumn('declared', 'text')
      .addColumn('version', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('tables_pk', ['schema_name', 'name'])
      .execute()
    await db.schema
      .createTable('roots')
      .addColumn('location', 'text', (column) => column.primaryKey())
      .execute()
    await sql`insert into catalog_state (id, schema_version, version) values (1, 0, 1)`.execute(db)
    await sql`insert into schemas (name) values ('default')`.execute(db)
  },
}
