/** The catalog in any SQL database that Kysely speaks. */
import { setImmediate as othersFirst } from 'node:timers/promises'
import { type Selectable, sql } from 'kysely'
import { QueryError } from '#src/common/errors'
import { CATALOG_NAME, type TableName } from '../catalog.ts'
import type { Table, View } from '../model.ts'
import type { AnalyzedScope } from '../statistics.ts'
import type { CatalogDatabase, CatalogTables, CatalogTransaction } from './database.ts'
import { newerCatalog, SCHEMA_VERSION } from './migrate.ts'
import { TableListing } from './sql-listing.ts'
import {
  findPartitions,
  insertPartitions,
  PARTITIONS_AT_ONCE,
  readPartitionPage,
  removePartitions,
  replacePartition,
} from './sql-partitions.ts'
import { relationKind, renameRelation, schemaNotFound, selectTableNames, tableExists } from './sql-relations.ts'
import { insertStatistics, selectStatistics } from './sql-statistics.ts'
import { insertTable, removeTable } from './sql-tables.ts'
import { SqlWriteStore } from './sql-write-store.ts'
import type {
  CatalogStore,
  CreateTableOptions,
  PartitionPage,
  PartitionPageRequest,
  RegisteredPartition,
  SchemaDefinition,
  TableDefinition,
  TableSummary,
  ViewDefinition,
} from './store.ts'
import { decodeFormat, decodeIfWhole, decodeView, decodeWholeTable, encodeTable, encodeView } from './table-record.ts'
import type { WriteStore } from './write-store.ts'

export class SqlCatalogStore implements CatalogStore {
  readonly writes: WriteStore
  readonly #database: CatalogDatabase
  readonly #listing = new TableListing()

  constructor(database: CatalogDatabase) {
    this.#database = database
    this.writes = new SqlWriteStore(database)
  }

  version(): Promise<number> {
    return this.#read((_, version) => Promise.resolve(version))
  }

  listSchemas(): Promise<readonly SchemaDefinition[]> {
    return this.#read(async (db) => (await db.selectFrom('schemas').selectAll().orderBy('name').execute()).map(decodeSchema))
  }

  getSchema(name: string): Promise<SchemaDefinition | undefined> {
    return this.#read(async (db) => {
      const row = await db.selectFrom('schemas').selectAll().where('name', '=', name).executeTakeFirst()
      return row && decodeSchema(row)
    })
  }

  createSchema(schema: SchemaDefinition): Promise<boolean> {
    return this.#write((db) => insertSchema(db, schema))
  }

  dropSchema(name: string, cascade = false): Promise<void> {
    return this.#write(async (db, version) => {
      const row = await db.selectFrom('schemas').select('name').where('name', '=', name).executeTakeFirst()
      if (row === undefined) throw schemaNotFound(name)
      if (cascade) {
        const tables = await db.selectFrom('tables').select('name').where('schema_name', '=', name).execute()
        for (const table of tables) await removeTable(db, name, table.name, version)
        await db.deleteFrom('views').where('schema_name', '=', name).execute()
      } else if ((await selectTableNames(db, name)).length > 0) {
        throw new QueryError('SCHEMA_NOT_EMPTY', `Cannot drop non-empty schema '${name}'`)
      }
      await db.deleteFrom('schemas').where('name', '=', name).execute()
    })
  }

  renameSchema(name: string, to: string): Promise<boolean> {
    return this.#write(async (db) => {
      const schema = await db.selectFrom('schemas').selectAll().where('name', '=', name).executeTakeFirst()
      if (schema === undefined) return false
      if (!(await insertSchema(db, { ...decodeSchema(schema), name: to }))) {
        throw new QueryError('SCHEMA_ALREADY_EXISTS', `Schema '${CATALOG_NAME}.${to}' already exists`)
      }
      await db.updateTable('tables').set({ schema_name: to }).where('schema_name', '=', name).execute()
      await db.updateTable('views').set({ schema_name: to }).where('schema_name', '=', name).execute()
      await db.deleteFrom('schemas').where('name', '=', name).execute()
      return true
    })
  }

  listTables(schema?: string): Promise<readonly TableSummary[]> {
    return this.#read(async (db) => {
      let query = db.selectFrom('tables').select(['schema_name', 'name', 'format', 'location'])
      if (schema !== undefined) query = query.where('schema_name', '=', schema)
      const rows = await query.orderBy('schema_name').orderBy('name').execute()
      return rows.map((row) => ({ schema: row.schema_name, name: row.name, format: decodeFormat(row.format), location: row.location }))
    })
  }

  listTableNames(): Promise<readonly TableName[]> {
    return this.#read((db) => selectTableNames(db))
  }

  loadTables(keeps: (name: TableName) => boolean): Promise<readonly Table[]> {
    return this.#read((db) => this.#listing.select(db, keeps))
  }

  getTable(schema: string, name: string): Promise<Table | undefined> {
    return this.#read(async (db) => {
      const row = await db.selectFrom('tables').selectAll().where('schema_name', '=', schema).where('name', '=', name).executeTakeFirst()
      return row && decodeWholeTable(row)
    })
  }

  createTable(definition: TableDefinition, options: CreateTableOptions): Promise<Table> {
    return this.#write(async (db, version) => {
      if (options.createSchema) await insertSchema(db, { name: definition.schema })
      const table = await insertTable(db, definition, version, options)
      if (options.root !== undefined) await insertRoot(db, options.root)
      return table
    })
  }

  replaceTable(definition: TableDefinition, expectedVersion: number): Promise<Table | undefined> {
    const { schema, name } = definition
    return this.#write(async (db, version) => {
      const result = await db
        .updateTable('tables')
        .set(encodeTable(definition, version))
        .where('schema_name', '=', schema)
        .where('name', '=', name)
        .where('version', '=', expectedVersion)
        .executeTakeFirst()
      if (result.numUpdatedRows === 0n) return undefined
      const row = await db.selectFrom('tables').selectAll().where('schema_name', '=', schema).where('name', '=', name).executeTakeFirst()
      return row && decodeWholeTable(row)
    })
  }

  dropTable(schema: string, name: string): Promise<boolean> {
    return this.#write((db, version) => removeTable(db, schema, name, version))
  }

  rename(kind: 'table' | 'view', from: TableName, to: TableName): Promise<boolean> {
    return this.#write((db, version) => renameRelation(db, kind, from, to, version))
  }

  loadViews(keeps: (name: TableName) => boolean): Promise<readonly View[]> {
    return this.#read(async (db) => {
      const rows = await db.selectFrom('views').selectAll().orderBy('schema_name').orderBy('name').execute()
      return rows.filter((row) => keeps({ schema: row.schema_name, name: row.name })).flatMap((row) => decodeIfWhole(decodeView, row) ?? [])
    })
  }

  listViewNames(): Promise<readonly TableName[]> {
    return this.#read(async (db) => {
      const rows = await db.selectFrom('views').select(['schema_name', 'name']).orderBy('schema_name').orderBy('name').execute()
      return rows.map((row) => ({ schema: row.schema_name, name: row.name }))
    })
  }

  getView(schema: string, name: string): Promise<View | undefined> {
    return this.#read(async (db) => {
      const row = await db.selectFrom('views').selectAll().where('schema_name', '=', schema).where('name', '=', name).executeTakeFirst()
      return row && decodeView(row)
    })
  }

  createView(definition: ViewDefinition, options: { readonly replace: boolean }): Promise<View> {
    const { schema, name } = definition
    return this.#write(async (db, version) => {
      if (!(await db.selectFrom('schemas').select('name').where('name', '=', schema).executeTakeFirst())) throw schemaNotFound(schema)
      const existing = await relationKind(db, { schema, name })
      if (existing !== undefined && !(existing === 'view' && options.replace)) throw tableExists({ schema, name }, existing)
      await db.deleteFrom('views').where('schema_name', '=', schema).where('name', '=', name).execute()
      await db.insertInto('views').values(encodeView(definition, version)).execute()
      return { ...definition, version }
    })
  }

  dropView(schema: string, name: string): Promise<boolean> {
    return this.#write(async (db) => {
      const result = await db.deleteFrom('views').where('schema_name', '=', schema).where('name', '=', name).executeTakeFirst()
      return result.numDeletedRows > 0n
    })
  }

  readPartitions(tableId: number, request: PartitionPageRequest): Promise<PartitionPage | undefined> {
    return this.#read((db) => readPartitionPage(db, tableId, request))
  }

  findPartitions(tableId: number, names: readonly string[]): Promise<readonly RegisteredPartition[]> {
    return this.#read((db) => findPartitions(db, tableId, names))
  }

  async addPartitions(tableId: number, partitions: readonly RegisteredPartition[]): Promise<readonly string[]> {
    const existing: string[] = []
    for (let start = 0; start < partitions.length; start += PARTITIONS_AT_ONCE) {
      const some = partitions.slice(start, start + PARTITIONS_AT_ONCE)
      existing.push(...(await this.#write((db, version) => insertPartitions(db, tableId, some, version))))
      await othersFirst()
    }
    return existing
  }

  async dropPartitions(tableId: number, names: readonly string[]): Promise<readonly string[]> {
    const missing: string[] = []
    for (let start = 0; start < names.length; start += PARTITIONS_AT_ONCE) {
      const some = names.slice(start, start + PARTITIONS_AT_ONCE)
      missing.push(...(await this.#write((db, version) => removePartitions(db, tableId, some, version))))
      await othersFirst()
    }
    return missing
  }

  replacePartition(tableId: number, name: string, to: RegisteredPartition): Promise<boolean> {
    return this.#write((db, version) => replacePartition(db, tableId, name, to, version))
  }

  readStatistics(tableId: number): Promise<readonly AnalyzedScope[]> {
    return this.#read((db) => selectStatistics(db, tableId))
  }

  putStatistics(tableId: number, scopes: readonly AnalyzedScope[]): Promise<boolean> {
    return this.#write((db) => insertStatistics(db, tableId, scopes))
  }

  listRoots(): Promise<readonly string[]> {
    return this.#read(async (db) =>
      (await db.selectFrom('roots').select('location').orderBy('location').execute()).map((row) => row.location),
    )
  }

  addRoot(location: string): Promise<void> {
    return this.#write((db) => insertRoot(db, location))
  }

  removeRoot(location: string): Promise<void> {
    return this.#write(async (db) => {
      await db.deleteFrom('roots').where('location', '=', location).execute()
    })
  }

  close(): Promise<void> {
    return this.#database.close()
  }

  #read<T>(work: (db: CatalogTransaction, version: number) => Promise<T>): Promise<T> {
    return this.#database.transaction('read', async (db) => work(db, await this.#currentVersion(db)))
  }

  /** `version` is the one that this change makes. A write that finds nothing to change counts too: the number only has to grow. */
  #write<T>(work: (db: CatalogTransaction, version: number) => Promise<T>): Promise<T> {
    return this.#database.transaction('write', async (db) => {
      const version = (await this.#currentVersion(db)) + 1
      await db.updateTable('catalog_state').set({ version: sql<number>`version + 1` }).execute()
      return work(db, version)
    })
  }

  /** Also notices a newer Weir that has changed the layout while this process was running. */
  async #currentVersion(db: CatalogTransaction): Promise<number> {
    const state = await db.selectFrom('catalog_state').select(['schema_version', 'version']).executeTakeFirst()
    if (state === undefined) throw new QueryError('HIVE_METASTORE_ERROR', `The catalog ${this.#database.place} is damaged: it has no state`)
    const layout = Number(state.schema_version)
    if (layout > SCHEMA_VERSION) throw newerCatalog(this.#database.place, layout, SCHEMA_VERSION)
    return Number(state.version)
  }
}

async function insertSchema(db: CatalogTransaction, schema: SchemaDefinition): Promise<boolean> {
  const row = { name: schema.name, location: schema.location ?? null, comment: schema.comment ?? null, owner: schema.owner ?? null }
  const result = await db
    .insertInto('schemas')
    .values(row)
    .onConflict((conflict) => conflict.column('name').doNothing())
    .executeTakeFirst()
  return (result.numInsertedOrUpdatedRows ?? 0n) > 0n
}

async function insertRoot(db: CatalogTransaction, location: string): Promise<void> {
  await db
    .insertInto('roots')
    .values({ location })
    .onConflict((conflict) => conflict.column('location').doNothing())
    .execute()
}

function decodeSchema(row: Selectable<CatalogTables['schemas']>): SchemaDefinition {
  return {
    name: row.name,
    ...(row.location === null ? {} : { location: row.location }),
    ...(row.comment === null ? {} : { comment: row.comment }),
    ...(row.owner === null ? {} : { owner: row.owner }),
  }
}
