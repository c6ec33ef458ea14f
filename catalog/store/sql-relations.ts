/** Tables and views share one space of names. */
import { QueryError } from '#src/common/errors'
import { CATALOG_NAME, type TableName } from '../catalog.ts'
import type { CatalogTransaction } from './database.ts'

/** Names of tables and views, by schema and name. */
export async function selectTableNames(db: CatalogTransaction, schema?: string): Promise<readonly TableName[]> {
  let tables = db.selectFrom('tables').select(['schema_name', 'name'])
  let views = db.selectFrom('views').select(['schema_name', 'name'])
  if (schema !== undefined) {
    tables = tables.where('schema_name', '=', schema)
    views = views.where('schema_name', '=', schema)
  }
  const rows = await tables.unionAll(views).orderBy('schema_name').orderBy('name').execute()
  return rows.map((row) => ({ schema: row.schema_name, name: row.name }))
}

export async function relationKind(db: CatalogTransaction, { schema, name }: TableName): Promise<'table' | 'view' | undefined> {
  const find = (from: 'tables' | 'views') =>
    db.selectFrom(from).select('name').where('schema_name', '=', schema).where('name', '=', name).executeTakeFirst()
  if ((await find('tables')) !== undefined) return 'table'
  return (await find('views')) === undefined ? undefined : 'view'
}

/** False when there is no `from`. Throws TABLE_ALREADY_EXISTS, SCHEMA_NOT_FOUND. */
export async function renameRelation(
  db: CatalogTransaction,
  kind: 'table' | 'view',
  from: TableName,
  to: TableName,
  version: number,
): Promise<boolean> {
  if ((await relationKind(db, from)) !== kind) return false
  const schema = await db.selectFrom('schemas').select('name').where('name', '=', to.schema).executeTakeFirst()
  if (schema === undefined) throw schemaNotFound(to.schema)
  const existing = await relationKind(db, to)
  if (existing !== undefined) throw tableExists(to, existing)
  await db
    .updateTable(kind === 'table' ? 'tables' : 'views')
    .set({ schema_name: to.schema, name: to.name, version })
    .where('schema_name', '=', from.schema)
    .where('name', '=', from.name)
    .execute()
  return true
}

export const schemaNotFound = (name: string) => new QueryError('SCHEMA_NOT_FOUND', `Schema '${name}' does not exist`)

export const tableExists = ({ schema, name }: TableName, kind: 'table' | 'view' = 'table') =>
  new QueryError('TABLE_ALREADY_EXISTS', `${kind === 'table' ? 'Table' : 'View'} '${CATALOG_NAME}.${schema}.${name}' already exists`)
