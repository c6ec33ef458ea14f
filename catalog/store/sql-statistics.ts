/** Rows of what ANALYZE has counted. */
import { QueryError } from '#src/common/errors'
import { type AnalyzedColumn, type AnalyzedScope, WHOLE_TABLE } from '../statistics.ts'
import type { CatalogTransaction } from './database.ts'

export async function selectStatistics(db: CatalogTransaction, tableId: number): Promise<readonly AnalyzedScope[]> {
  const rows = await db.selectFrom('table_statistics').selectAll().where('table_id', '=', tableId).orderBy('scope').execute()
  return rows.map((row) => ({
    scope: row.scope,
    fingerprint: row.fingerprint,
    analyzedAt: Number(row.analyzed_at),
    rows: Number(row.row_count),
    columns: decodeColumns(row.columns),
  }))
}

/** False when there is no such table. */
export async function insertStatistics(db: CatalogTransaction, tableId: number, scopes: readonly AnalyzedScope[]): Promise<boolean> {
  if ((await db.selectFrom('tables').select('id').where('id', '=', tableId).executeTakeFirst()) === undefined) return false
  const isWhole = scopes.some(({ scope }) => scope === WHOLE_TABLE)
  const own = db.deleteFrom('table_statistics').where('table_id', '=', tableId)
  if (isWhole) await own.execute()
  for (const { scope, fingerprint, analyzedAt, rows, columns } of scopes) {
    if (!isWhole) await own.where('scope', '=', scope).execute()
    const row = { table_id: tableId, scope, fingerprint, analyzed_at: analyzedAt, row_count: rows, columns: JSON.stringify(columns) }
    await db.insertInto('table_statistics').values(row).execute()
  }
  return true
}

function decodeColumns(text: string): Readonly<Record<string, AnalyzedColumn>> {
  const columns: unknown = JSON.parse(text)
  if (typeof columns === 'object' && columns !== null && !Array.isArray(columns)) return columns as Record<string, AnalyzedColumn>
  throw new QueryError('HIVE_INVALID_METADATA', 'What the catalog keeps of ANALYZE is damaged: run ANALYZE again')
}
