/** The catalog on a real PostgreSQL server: the store's contract, several servers at once, and a database that goes away. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { openPostgresStore } from '#catalog/store/postgres'
import { type CatalogStoreUnderTest, catalogStoreContract, TRIPS } from '#tests/contracts/catalog-store'
import { writeStoreContract } from '#tests/contracts/write-store'
import { type PostgresServer, startPostgres } from '#tests/support/postgres-server'
import { MissingTool } from '#tests/support/tools'
import { startWeir, weir } from '#tests/support/weir'

const started = await startPostgres().catch((error: unknown) => {
  if (error instanceof MissingTool) return error
  throw error
})
const server = started as PostgresServer
let databases = 0
const NEW = { replace: false, createSchema: true }

afterAll(() => (started instanceof MissingTool ? undefined : started.close()))

/** The URL of a new, empty database. */
async function newDatabase(): Promise<string> {
  const name = `lake_${++databases}`
  await administer(`create database ${name} template template0 locale 'C.UTF-8'`)
  return server.url.replace(/\/postgres$/, `/${name}`)
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.url })
  await client.connect()
  await client.query(statement).finally(() => client.end())
}

if (started instanceof MissingTool) {
  console.warn(`SKIPPED: ${started.message}`)
  // In CI a suite that cannot run is a failure; elsewhere it says why it is skipped.
  it(`SKIPPED: ${started.message}`, ({ skip }) => {
    if (process.env.CI) throw started
    skip(started.message)
  })
} else postgresSuite()

function postgresSuite(): void {
  const fresh = async (): Promise<CatalogStoreUnderTest> => {
    const url = await newDatabase()
    const store = await openPostgresStore(url)
    return { store, second: () => openPostgresStore(url), cleanUp: () => store.close() }
  }
  catalogStoreContract('postgres', fresh)
  writeStoreContract('postgres', fresh)

  describe('a catalog on PostgreSQL', () => {
    it('is made once by many that start together, and no change of theirs is lost', async () => {
      const url = await newDatabase()
      const stores = await Promise.all(Array.from({ length: 5 }, () => openPostgresStore(url)))
      const versions = await Promise.all(
        stores.flatMap((store, who) =>
          Array.from({ length: 20 }, async (_, number) => (await store.createTable({ ...TRIPS, name: `t_${who}_${number}` }, NEW)).version),
        ),
      )
      expect(new Set(versions).size).toBe(100)
      expect(await stores[0]?.listTables()).toHaveLength(100)
      const same = await Promise.allSettled(stores.map((store) => store.createTable({ ...TRIPS, name: 'same' }, NEW)))
      expect(same.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      for (const store of stores) await store.close()
    })

    it('lives beside tables of others and orders names by their bytes', async () => {
      const url = await newDatabase()
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      await client.query('create table public.schemas (x integer)')
      await client.end()
      const store = await openPostgresStore(url)
      for (const name of ['b', 'a_b', 'aa', 'é', 'z']) await store.createTable({ ...TRIPS, name }, NEW)
      expect((await store.listTables()).map(({ name }) => name)).toEqual(['a_b', 'aa', 'b', 'z', 'é'])
      await store.close()
    })

    it('works on when the database was restarted', async () => {
      const store = await openPostgresStore(await newDatabase())
      await store.createTable(TRIPS, NEW)
      await server.restart()
      expect(await store.getTable('default', 'trips')).toMatchObject({ name: 'trips' })
      await store.createTable({ ...TRIPS, name: 'more' }, NEW)
      await store.close()
    })

    it('says what is wrong without the password', async () => {
      const nobody = server.url.replace(/:\d+\/postgres$/, ':1/postgres')
      for (const url of [nobody, server.url.replace(/\/postgres$/, '/nowhere')]) {
        const error = await openPostgresStore(url).catch((reason: Error) => reason)
        expect(error).toMatchObject({ errorName: 'HIVE_METASTORE_ERROR' })
        expect((error as Error).message).toMatch(/127\.0\.0\.1/)
        expect((error as Error).message).not.toMatch(/p%40ss|p@ss/)
      }
    })

    it('shows a table that one server registers to another at once', async () => {
      const env = { WEIR_CATALOG_STORE: await newDatabase() }
      const folder = mkdtempSync(join(tmpdir(), 'weir-daily-'))
      const [one, two] = await Promise.all([startWeir({ env }), startWeir({ env })])
      try {
        writeFileSync(join(folder, 'daily.csv'), 'id\n1\n2\n')
        expect(await one.command(['catalog', 'add', 'reports.daily', folder])).toMatchObject({ code: 0 })
        expect((await two.sql('SELECT sum(id) FROM reports.daily')).json.rows).toEqual([[3]])
        expect(await two.command(['catalog', 'drop', 'reports.daily'])).toMatchObject({ code: 0 })
        expect((await one.sql('SELECT sum(id) FROM reports.daily')).json.error).toMatchObject({ name: 'TABLE_NOT_FOUND' })
      } finally {
        await Promise.all([one.stop(), two.stop()])
        rmSync(folder, { recursive: true })
      }
    })

    it('a password on the command line is refused', async () => {
      const { code, stderr } = await weir(['catalog', 'list', '--catalog-store', await newDatabase()])
      expect(code).toBe(1)
      expect(stderr).toMatch(/PGPASSWORD|WEIR_CATALOG_STORE/)
    })
  })
}
