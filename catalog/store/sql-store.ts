/** The catalog in any SQL database that Kysely speaks. */
import { sql } from 'kysely'
import { QueryError } from '#src/common/errors'
import { CATALOG_NAME, type TableName } from '../catalog.ts'
import type { Table } from '../model.ts'
import type { CatalogDatabase, CatalogTransaction } from './database.ts'
import { newerCatalog, SCHEMA_VERSION } from './migrate.ts'
import type { CatalogStore, CreateTableOptions, SchemaDefinition, TableDefinition, TableSummary } from './store.ts'
import { decodeFormat, decodeIfWhole, decodeTable, encodeTable } from './table-record.ts'

/** Names in one IN list. */
const MOST_NAMES = 200

export class SqlCatalogStore implements CatalogStore {
  readonly #database: CatalogDatabase

  constructor(database: CatalogDatabase) {
    this.#database = database
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

  dropSchema(name: string): Promise<void> {
    return this.#write(async (db) => {
      const row = await db.selectFrom('schemas').select('name').where('name', '=', name).executeTakeFirst()
      if (row === undefined) throw schemaNotFound(name)
      const table = await db.selectFrom('tables').select('name').where('schema_name', '=', name).limit(1).executeTakeFirst()
      if (table !== undefined) throw new QueryError('SCHEMA_NOT_EMPTY', `Cannot drop non-empty schema '${name}'`)
      await db.deleteFrom('schemas').where('name', '=', name).execute()
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
    return this.#read(readTableNames)
  }

  loadTables(keeps: (name: TableName) => boolean): Promise<readonly Table[]> {
    return this.#read(async (db) => {
      const wanted = (await readTableNames(db)).filter(keeps)
      const schemas = [...new Set(wanted.map((table) => table.schema))]
      const rows = await Promise.all(
        schemas.map((schema) => {
          const names = wanted.flatMap((table) => (table.schema === schema ? [table.name] : []))
          const query = db.selectFrom('tables').selectAll().where('schema_name', '=', schema).orderBy('name')
          // Beyond some hundred names the database would rather read them all; what is not wanted is left out below.
          return (names.length <= MOST_NAMES ? query.where('name', 'in', names) : query).execute()
        }),
      )
      return rows.flat().flatMap((row) => {
        if (!keeps({ schema: row.schema_name, name: row.name })) return []
        const table = decodeIfWhole(row)
        return table === undefined ? [] : [table]
      })
    })
  }

  getTable(schema: string, name: string): Promise<Table | undefined> {
    return this.#read(async (db) => {
      const row = await db.selectFrom('tables').selectAll().where('schema_name', '=', schema).where('name', '=', name).executeTakeFirst()
      return row && decodeTable(row)
    })
  }

  createTable(definition: TableDefinition, options: CreateTableOptions): Promise<Table> {
    const { schema, name } = definition
    return this.#write(async (db, version) => {
      if (options.createSchema) await insertSchema(db, { name: schema })
      else if (!(await db.selectFrom('schemas').select('name').where('name', '=', schema).executeTakeFirst())) throw schemaNotFound(schema)
      const existing = await db
        .selectFrom('tables')
        .select('name')
        .where('schema_name', '=', schema)
        .where('name', '=', name)
        .executeTakeFirst()
      if (existing !== undefined && !options.replace) {
        throw new QueryError('TABLE_ALREADY_EXISTS', `Table '${CATALOG_NAME}.${schema}.${name}' already exists`)
      }
      if (existing !== undefined) await db.deleteFrom('tables').where('schema_name', '=', schema).where('name', '=', name).execute()
      await db.insertInto('tables').values(encodeTable(definition, version)).execute()
      if (options.root !== undefined) await insertRoot(db, options.root)
      return { ...definition, version }
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
      return result.numUpdatedRows === 0n ? undefined : { ...definition, version }
    })
  }

  dropTable(schema: string, name: string): Promise<boolean> {
    return this.#write(async (db) => {
      const result = await db.deleteFrom('tables').where('schema_name', '=', schema).where('name', '=', name).executeTakeFirst()
      return result.numDeletedRows > 0n
    })
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

async function readTableNames(db: CatalogTransaction): Promise<readonly TableName[]> {
  const rows = await db.selectFrom('tables').select(['schema_name', 'name']).orderBy('schema_name').orderBy('name').execute()
  return rows.map((row) => ({ schema: row.schema_name, name: row.name }))
}

async function insertSchema(db: CatalogTransaction, schema: SchemaDefinition): Promise<boolean> {
  const row = { name: schema.name, location: schema.location ?? null, comment: schema.comment ?? null }
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

function decodeSchema(row: { readonly name: string; readonly location: string | null; readonly comment: string | null }): SchemaDefinition {
  return {
    name: row.name,
    ...(row.location === null ? {} : { location: row.location }),
    ...(row.comment === null ? {} : { comment: row.comment }),
  }
}

const schemaNotFound = (name: string) => new QueryError('SCHEMA_NOT_FOUND', `Schema '${name}' does not exist`)
