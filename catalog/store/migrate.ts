/**
 * Brings a catalog database to this Weir's layout. Several processes may start at once: the version is read again under
 * the write lock, so each step runs once. A database of a newer Weir is left alone.
 */
import type { Kysely, Transaction } from 'kysely'
import { QueryError } from '#src/common/errors'
import type { CatalogDatabase, CatalogTables } from './database.ts'
import { initial } from './migrations/0001-initial.ts'
import { definitions } from './migrations/0002-definitions.ts'
import { writes } from './migrations/0003-writes.ts'
import { statistics } from './migrations/0004-statistics.ts'
import type { Migration } from './migrations/migration.ts'

export const MIGRATIONS: readonly Migration[] = [initial, definitions, writes, statistics]

/** The layout that this code reads and writes. */
export const SCHEMA_VERSION: number = MIGRATIONS.length

/** Throws HIVE_METASTORE_ERROR for a newer database and for one that holds something else. */
export async function migrate(database: CatalogDatabase, migrations: readonly Migration[] = MIGRATIONS): Promise<void> {
  const latest = migrations.length
  const found = await database.transaction('read', (transaction) => layoutVersion(transaction, database))
  if (found > latest) throw newerCatalog(database.place, found, latest)
  if (found === latest) return
  await database.transaction('write', async (transaction) => {
    const current = await layoutVersion(transaction, database)
    if (current > latest) throw newerCatalog(database.place, current, latest)
    for (const migration of migrations.slice(current)) await migration.up(transaction as unknown as Transaction<never>)
    await transaction.updateTable('catalog_state').set({ schema_version: latest }).execute()
  })
}

/** 0 for an empty database. */
async function layoutVersion(db: Kysely<CatalogTables>, { place, namespace }: CatalogDatabase): Promise<number> {
  const tables = (await db.introspection.getTables()).filter((table) => namespace === undefined || table.schema === namespace)
  if (!tables.some((table) => table.name === 'catalog_state')) {
    const [stranger] = tables
    if (stranger === undefined) return 0
    throw new QueryError('HIVE_METASTORE_ERROR', `${place} is not a Weir catalog: it holds the table '${stranger.name}' of something else`)
  }
  const state = await db.selectFrom('catalog_state').select('schema_version').executeTakeFirst()
  return Number(state?.schema_version ?? 0)
}

export function newerCatalog(place: string, found: number, known: number): QueryError {
  return new QueryError(
    'HIVE_METASTORE_ERROR',
    `The catalog ${place} was written by a newer Weir (schema version ${found}); this one knows up to version ${known}`,
    { hint: 'Use the newer Weir for this data folder' },
  )
}
