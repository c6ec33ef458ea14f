import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { MIGRATIONS, migrate } from '#catalog/store/migrate'
import type { Migration } from '#catalog/store/migrations/migration'
import { openSqlite, openSqliteStore } from '#catalog/store/sqlite'
import { TRIPS } from '#tests/contracts/catalog-store'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'weir-migrate-'))
  file = join(folder, 'catalog.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

/** What a later Weir might bring. */
function later(ran: () => void): Migration {
  return {
    version: MIGRATIONS.length + 1,
    async up(db) {
      ran()
      await db.schema.createTable('later').addColumn('name', 'text').execute()
    },
  }
}

it('migrations are numbered without gaps', () => {
  expect(MIGRATIONS.map((migration) => migration.version)).toEqual(MIGRATIONS.map((_, index) => index + 1))
})

it('a later layout is made once by however many processes, keeps the tables, and is closed to the older Weir', async () => {
  const old = await openSqliteStore(file)
  await old.createTable(TRIPS, { replace: false, createSchema: true })
  let runs = 0
  const migrations = [...MIGRATIONS, later(() => runs++)]
  const databases = await Promise.all([openSqlite(file), openSqlite(file), openSqlite(file)])
  await Promise.all(databases.map((database) => migrate(database, migrations)))
  expect(runs).toBe(1)
  const rows = await databases[0]?.transaction('read', (db) => db.selectFrom('tables').select('name').execute())
  expect(rows).toEqual([{ name: 'trips' }])
  await expect(old.listTables()).rejects.toMatchObject({
    errorName: 'HIVE_METASTORE_ERROR',
    message: expect.stringContaining(`written by a newer Weir (schema version ${MIGRATIONS.length + 1})`),
  })
  await expect(openSqliteStore(file)).rejects.toMatchObject({ errorName: 'HIVE_METASTORE_ERROR' })
  for (const database of databases) await database.close()
  await old.close()
})

it('a step that fails leaves everything as it was', async () => {
  const old = await openSqliteStore(file)
  const database = await openSqlite(file)
  const failing = later(() => undefined)
  const broken: Migration = {
    version: failing.version,
    async up(db) {
      await failing.up(db)
      throw new Error('half way')
    },
  }
  await expect(migrate(database, [...MIGRATIONS, broken])).rejects.toThrow('half way')
  expect((await database.db.introspection.getTables()).map((table) => table.name)).not.toContain('later')
  expect(await old.listTables()).toEqual([])
  await database.close()
  await old.close()
})
