/** Rows of tables: made and removed by definitions and by writes alike. */
import type { Table } from '../model.ts'
import type { CatalogTransaction } from './database.ts'
import { relationKind, schemaNotFound, tableExists } from './sql-relations.ts'
import { replaceFilesBelow } from './sql-replaced-files.ts'
import type { TableDefinition } from './store.ts'
import { encodeTable } from './table-record.ts'

/** `version` is the one that this change makes. Throws TABLE_ALREADY_EXISTS, SCHEMA_NOT_FOUND. */
export async function insertTable(
  db: CatalogTransaction,
  definition: TableDefinition,
  version: number,
  options: { readonly replace: boolean },
): Promise<Table> {
  const { schema, name } = definition
  if (!(await db.selectFrom('schemas').select('name').where('name', '=', schema).executeTakeFirst())) throw schemaNotFound(schema)
  const existing = await relationKind(db, { schema, name })
  if (existing !== undefined && !(existing === 'table' && options.replace)) throw tableExists({ schema, name })
  if (existing !== undefined) await removeTable(db, schema, name, version)
  const added = { id: version, partitions_version: 0, partitions_removed: 0 }
  await db
    .insertInto('tables')
    .values({ ...encodeTable(definition, version), ...added })
    .execute()
  return { ...definition, id: version, version }
}

/** False when there is no such table. The files that Weir wrote for a managed one are deleted later. */
export async function removeTable(db: CatalogTransaction, schema: string, name: string, version: number): Promise<boolean> {
  const row = await db
    .selectFrom('tables')
    .select(['id', 'location', 'managed'])
    .where('schema_name', '=', schema)
    .where('name', '=', name)
    .executeTakeFirst()
  if (row === undefined) return false
  await db.deleteFrom('partitions').where('table_id', '=', row.id).execute()
  await db.deleteFrom('table_statistics').where('table_id', '=', row.id).execute()
  await db.deleteFrom('tables').where('schema_name', '=', schema).where('name', '=', name).execute()
  if (Number(row.managed) === 1) await replaceFilesBelow(db, row.location, version)
  return true
}
