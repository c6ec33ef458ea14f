/**
 * Registered partitions in the database. A table's row keeps two versions beside them: of their last change, and of the last
 * change that was no addition, so that who has read them needs to read only what was added since, or must begin anew.
 */
import type { CatalogTransaction } from './database.ts'
import type { PartitionPage, PartitionPageRequest, RegisteredPartition } from './store.ts'

/** A transaction in SQLite blocks its thread: so many rows take a few milliseconds, and others have their turn before the next. */
export const PARTITIONS_AT_ONCE = 2000
/** Rows of one INSERT and names of one IN list: four values a row stay below SQLite's 32,766 and PostgreSQL's 65,535. */
const ROWS_IN_STATEMENT = 500

export async function readPartitionPage(
  db: CatalogTransaction,
  tableId: number,
  { since, until, after }: PartitionPageRequest,
): Promise<PartitionPage | undefined> {
  const table = await db
    .selectFrom('tables')
    .select(['partitions_version', 'partitions_removed'])
    .where('id', '=', tableId)
    .executeTakeFirst()
  if (table === undefined) return undefined
  let query = db.selectFrom('partitions').select(['name', 'location']).where('table_id', '=', tableId)
  if (since > 0) query = query.where('version', '>', since)
  if (until !== undefined) query = query.where('version', '<=', until)
  if (after !== undefined) query = query.where('name', '>', after)
  const rows = await query.orderBy('name').limit(PARTITIONS_AT_ONCE).execute()
  return { version: Number(table.partitions_version), removed: Number(table.partitions_removed), partitions: rows.map(decodePartition) }
}

export async function findPartitions(
  db: CatalogTransaction,
  tableId: number,
  names: readonly string[],
): Promise<readonly RegisteredPartition[]> {
  const found: RegisteredPartition[] = []
  for (const some of slices(names)) {
    const query = db.selectFrom('partitions').select(['name', 'location']).where('table_id', '=', tableId)
    found.push(...(await query.where('name', 'in', some).execute()).map(decodePartition))
  }
  return found
}

/** Returns the names that were there already; these stay as they are. */
export async function insertPartitions(
  db: CatalogTransaction,
  tableId: number,
  partitions: readonly RegisteredPartition[],
  version: number,
): Promise<readonly string[]> {
  const names = partitions.map((partition) => partition.name)
  const existing = new Set((await findPartitions(db, tableId, names)).map((partition) => partition.name))
  const rows = partitions
    .filter((partition) => !existing.has(partition.name))
    .map(({ name, location }) => ({ table_id: tableId, name, location: location ?? null, version }))
  for (const some of slices(rows))
    await db
      .insertInto('partitions')
      .values([...some])
      .execute()
  if (rows.length > 0) await db.updateTable('tables').set({ partitions_version: version }).where('id', '=', tableId).execute()
  return names.filter((name) => existing.has(name))
}

/** Returns the names that were not there. */
export async function removePartitions(
  db: CatalogTransaction,
  tableId: number,
  names: readonly string[],
  version: number,
): Promise<readonly string[]> {
  const existing = new Set((await findPartitions(db, tableId, names)).map((partition) => partition.name))
  for (const some of slices([...existing])) {
    await db.deleteFrom('partitions').where('table_id', '=', tableId).where('name', 'in', some).execute()
  }
  if (existing.size > 0) await markRemoved(db, tableId, version)
  return names.filter((name) => !existing.has(name))
}

export async function replacePartition(
  db: CatalogTransaction,
  tableId: number,
  name: string,
  to: RegisteredPartition,
  version: number,
): Promise<boolean> {
  if (to.name !== name && (await findPartitions(db, tableId, [to.name])).length > 0) return false
  const result = await db
    .updateTable('partitions')
    .set({ name: to.name, location: to.location ?? null, version })
    .where('table_id', '=', tableId)
    .where('name', '=', name)
    .executeTakeFirst()
  if (result.numUpdatedRows === 0n) return false
  await markRemoved(db, tableId, version)
  return true
}

async function markRemoved(db: CatalogTransaction, tableId: number, version: number): Promise<void> {
  await db.updateTable('tables').set({ partitions_version: version, partitions_removed: version }).where('id', '=', tableId).execute()
}

function decodePartition({ name, location }: { readonly name: string; readonly location: string | null }): RegisteredPartition {
  return { name, ...(location !== null && { location }) }
}

function* slices<T>(items: readonly T[]): Generator<readonly T[]> {
  for (let start = 0; start < items.length; start += ROWS_IN_STATEMENT) yield items.slice(start, start + ROWS_IN_STATEMENT)
}
