/** Many tables' definitions at once. Lists of columns are most of them: each is read and decoded once a version of its table. */
import { LRUCache } from 'lru-cache'
import type { TableName } from '../catalog.ts'
import type { Table, TableColumn } from '../model.ts'
import type { CatalogTransaction } from './database.ts'
import { selectTableNames } from './sql-relations.ts'
import { decodeColumnsOf, decodeIfWhole, decodeTable } from './table-record.ts'

/** Names or ids in one IN list. */
const MOST_NAMED = 200

/** Columns that are remembered, of all tables together: about 100 bytes each. */
const MOST_COLUMNS = 500_000

const BESIDE_COLUMNS = [
  'schema_name',
  'name',
  'format',
  'location',
  'partition_keys',
  'properties',
  'comment',
  'declared',
  'version',
  'id',
  'owner',
  'managed',
  'partitions_version',
  'partitions_removed',
] as const

interface Identified {
  readonly id: number
  readonly version: number
}

const keyOf = ({ id, version }: Identified): string => `${id} ${version}`

export class TableListing {
  /** No two tables share an id, and every change of a table's columns gives it a new version. */
  readonly #columns = new LRUCache<string, readonly TableColumn[]>({
    maxSize: MOST_COLUMNS,
    sizeCalculation: (columns) => columns.length + 1,
  })

  /** Those that are wanted, by schema and name; tables whose definitions are damaged are left out. */
  async select(db: CatalogTransaction, keeps: (name: TableName) => boolean): Promise<readonly Table[]> {
    const wanted = (await selectTableNames(db)).filter(keeps)
    const bySchema = Map.groupBy(wanted, ({ schema }) => schema)
    const tables: Table[] = []
    for (const [schema, names] of bySchema) tables.push(...(await this.#selectSchema(db, schema, new Set(names.map(({ name }) => name)))))
    return tables
  }

  async #selectSchema(db: CatalogTransaction, schema: string, names: ReadonlySet<string>): Promise<readonly Table[]> {
    const query = db.selectFrom('tables').select(BESIDE_COLUMNS).where('schema_name', '=', schema).orderBy('name')
    // Beyond some hundred names the database would rather read them all; what is not wanted is left out below.
    const rows = await (names.size <= MOST_NAMED ? query.where('name', 'in', [...names]) : query).execute()
    const listed = rows.filter(({ name }) => names.has(name))
    const columns = await this.#columnsOf(db, schema, listed)
    return listed.flatMap((row) => {
      const list = columns.get(keyOf(row))
      return list === undefined ? [] : (decodeIfWhole((whole) => decodeTable(whole, list), row) ?? [])
    })
  }

  /** By key; what is damaged is missing. */
  async #columnsOf(
    db: CatalogTransaction,
    schema: string,
    tables: readonly Identified[],
  ): Promise<ReadonlyMap<string, readonly TableColumn[]>> {
    const found = new Map<string, readonly TableColumn[]>()
    const missing = new Map<number, Identified>()
    for (const table of tables) {
      const columns = this.#columns.get(keyOf(table))
      if (columns === undefined) missing.set(Number(table.id), table)
      else found.set(keyOf(table), columns)
    }
    if (missing.size === 0) return found
    const query = db.selectFrom('tables').select(['schema_name', 'name', 'id', 'columns'])
    const rows = await (missing.size <= MOST_NAMED
      ? query.where('id', 'in', [...missing.keys()])
      : query.where('schema_name', '=', schema)
    ).execute()
    for (const row of rows) {
      const table = missing.get(Number(row.id))
      const columns = table && decodeIfWhole(decodeColumnsOf, row)
      if (table === undefined || columns === undefined) continue
      found.set(keyOf(table), columns)
      this.#columns.set(keyOf(table), columns)
    }
    return found
  }
}
