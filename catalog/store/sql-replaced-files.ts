import { sql } from 'kysely'
import { parseLocation } from '#connectors/storage/location'
import type { CatalogTransaction } from './database.ts'

/**
 * Everything that Weir wrote below a folder is no longer wanted: a committed transaction of its own whose files the sweeper
 * deletes. Readers that began before still see them.
 */
export async function replaceFilesBelow(db: CatalogTransaction, location: string, version: number): Promise<void> {
  const { bucket, key } = parseLocation(location)
  const name = `${bucket.scheme}://${bucket.name}`
  const written = db
    .selectFrom('written_files')
    .innerJoin('write_transactions', 'write_transactions.sequence', 'written_files.sequence')
    .where('write_transactions.state', '=', 'committed')
    .where('written_files.bucket', '=', name)
    // Databases order texts in different ways; what a text begins with is the same in all.
    .where(sql<string>`substr(written_files.key, 1, ${[...key].length})`, '=', key)
  if ((await written.select('written_files.key').limit(1).executeTakeFirst()) === undefined) return
  const sequence = await nextSequence(db)
  const now = Date.now()
  await db
    .insertInto('write_transactions')
    .values({
      sequence,
      kind: 'drop',
      state: 'committed',
      owner: '',
      started_version: version,
      committed_version: version,
      started_at: now,
      ended_at: now,
    })
    .execute()
  await db
    .insertInto('replaced_files')
    .columns(['sequence', 'bucket', 'key', 'version', 'own'])
    .expression(
      written.select([
        sql<number>`${sequence}`.as('sequence'),
        'written_files.bucket',
        'written_files.key',
        'written_files.version',
        sql<number>`1`.as('own'),
      ]),
    )
    .execute()
}

/** Takes the next number of a transaction. */
export async function nextSequence(db: CatalogTransaction): Promise<number> {
  const state = await db.selectFrom('write_state').select('next_sequence').executeTakeFirstOrThrow()
  await db.updateTable('write_state').set({ next_sequence: sql<number>`next_sequence + 1` }).execute()
  return Number(state.next_sequence)
}
