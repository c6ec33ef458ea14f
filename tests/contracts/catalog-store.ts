/** What every catalog store must do; run against each implementation. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CatalogStore, CreateTableOptions, TableDefinition } from '#catalog/store/store'
import { array, BIGINT, DATE, decimal, INTEGER, map, row, timestamp, VARCHAR } from '#src/types/type'

export interface CatalogStoreUnderTest {
  readonly store: CatalogStore
  /** A second store on the same database, as another process would have it. */
  readonly second: () => Promise<CatalogStore>
  readonly cleanUp: () => Promise<void>
}

const NEW: CreateTableOptions = { replace: false, createSchema: true }

export const TRIPS: TableDefinition = {
  schema: 'default',
  name: 'trips',
  format: 'parquet',
  location: 's3://lake/trips/',
  columns: [
    { name: 'id', type: BIGINT },
    { name: 'fare "usd"', type: decimal(9, 2), comment: "it's the fare" },
    {
      name: 'stops',
      type: array(
        row([
          { name: 'at', type: timestamp(6) },
          { name: 'Where', type: map(VARCHAR, INTEGER) },
        ]),
      ),
    },
  ],
  partitionKeys: [
    { name: 'year', type: INTEGER },
    { name: 'dt', type: DATE },
  ],
  properties: { partition_discovery: 'auto' },
  comment: 'Taxi trips',
  declared: ['dt'],
}

export function catalogStoreContract(name: string, make: () => Promise<CatalogStoreUnderTest>): void {
  describe(`catalog store: ${name}`, () => {
    let subject: CatalogStoreUnderTest
    let store: CatalogStore
    beforeEach(async () => {
      subject = await make()
      store = subject.store
    })
    afterEach(() => subject.cleanUp())

    it('begins with the schema default, no tables and no roots', async () => {
      expect(await store.listSchemas()).toEqual([{ name: 'default' }])
      expect(await store.listTables()).toEqual([])
      expect(await store.listRoots()).toEqual([])
    })

    it('gives a table back as it was created', async () => {
      const created = await store.createTable(TRIPS, NEW)
      expect(created).toEqual({ ...TRIPS, id: created.version, version: created.version })
      expect(await store.getTable('default', 'trips')).toEqual(created)
      expect(await store.getTable('default', 'trip')).toBeUndefined()
      expect(await store.getTable('other', 'trips')).toBeUndefined()
    })

    it('lists tables by schema and name', async () => {
      await store.createTable({ ...TRIPS, schema: 'b', name: 'x' }, NEW)
      await store.createTable({ ...TRIPS, schema: 'a', name: 'z' }, NEW)
      await store.createTable({ ...TRIPS, schema: 'a', name: 'y', format: 'csv' }, NEW)
      const summary = { format: 'parquet', location: 's3://lake/trips/' }
      const [y, z] = [
        { schema: 'a', name: 'y', ...summary, format: 'csv' },
        { schema: 'a', name: 'z', ...summary },
      ]
      expect(await store.listTables()).toEqual([y, z, { schema: 'b', name: 'x', ...summary }])
      expect(await store.listTables('a')).toEqual([y, z])
      expect(await store.listTables('none')).toEqual([])
      expect((await store.listSchemas()).map((schema) => schema.name)).toEqual(['a', 'b', 'default'])
    })

    it('loads the definitions that are wanted, all at once', async () => {
      const z = await store.createTable({ ...TRIPS, schema: 'b', name: 'z' }, NEW)
      const y = await store.createTable({ ...TRIPS, schema: 'b', name: 'y', format: 'csv' }, NEW)
      const x = await store.createTable({ ...TRIPS, schema: 'a', name: 'z' }, NEW)
      expect(await store.listTableNames()).toEqual([
        { schema: 'a', name: 'z' },
        { schema: 'b', name: 'y' },
        { schema: 'b', name: 'z' },
      ])
      expect(await store.loadTables(() => true)).toEqual([x, y, z])
      expect(await store.loadTables((table) => table.name === 'z')).toEqual([x, z])
      expect(await store.loadTables((table) => table.schema === 'b' && table.name === 'y')).toEqual([y])
      expect(await store.loadTables(() => false)).toEqual([])
    })

    it('refuses a table that exists and changes nothing', async () => {
      const first = await store.createTable(TRIPS, NEW)
      await expect(store.createTable({ ...TRIPS, format: 'csv' }, { ...NEW, root: 'file:///lake/' })).rejects.toMatchObject({
        errorName: 'TABLE_ALREADY_EXISTS',
        message: "Table 'lake.default.trips' already exists",
      })
      expect(await store.getTable('default', 'trips')).toEqual(first)
      expect(await store.listRoots()).toEqual([])
      expect(await store.version()).toBe(first.version)
    })

    it('replaces a table, with a higher version', async () => {
      const first = await store.createTable(TRIPS, NEW)
      const next = await store.createTable({ ...TRIPS, format: 'csv', columns: [] }, { ...NEW, replace: true })
      expect(next.version).toBeGreaterThan(first.version)
      expect(await store.getTable('default', 'trips')).toEqual(next)
    })

    it('never gives a version twice, also when a table is dropped and made again', async () => {
      const first = await store.createTable(TRIPS, NEW)
      expect(await store.dropTable('default', 'trips')).toBe(true)
      expect(await store.dropTable('default', 'trips')).toBe(false)
      expect((await store.createTable(TRIPS, NEW)).version).toBeGreaterThan(first.version)
    })

    it('changes a table only if it is still the one that was read', async () => {
      const first = await store.createTable(TRIPS, NEW)
      const changed = await store.replaceTable({ ...TRIPS, columns: [] }, first.version)
      expect(changed?.columns).toEqual([])
      expect(await store.replaceTable(TRIPS, first.version)).toBeUndefined()
      expect(await store.getTable('default', 'trips')).toEqual(changed)
      await store.dropTable('default', 'trips')
      expect(await store.replaceTable(TRIPS, changed?.version as number)).toBeUndefined()
    })

    it('creates and drops schemas', async () => {
      const schema = { name: 'sales', location: 's3://lake/sales/', comment: 'Sales' }
      expect(await store.createSchema(schema)).toBe(true)
      expect(await store.createSchema({ name: 'sales' })).toBe(false)
      expect(await store.getSchema('sales')).toEqual(schema)
      expect(await store.getSchema('none')).toBeUndefined()
      await store.createTable({ ...TRIPS, schema: 'sales' }, { replace: false, createSchema: false })
      await expect(store.dropSchema('sales')).rejects.toMatchObject({
        errorName: 'SCHEMA_NOT_EMPTY',
        message: "Cannot drop non-empty schema 'sales'",
      })
      await store.dropTable('sales', 'trips')
      await store.dropSchema('sales')
      await expect(store.dropSchema('sales')).rejects.toMatchObject({
        errorName: 'SCHEMA_NOT_FOUND',
        message: "Schema 'sales' does not exist",
      })
    })

    it('creates a missing schema only when told to', async () => {
      const created = store.createTable({ ...TRIPS, schema: 'sales' }, { replace: false, createSchema: false })
      await expect(created).rejects.toMatchObject({ errorName: 'SCHEMA_NOT_FOUND', message: "Schema 'sales' does not exist" })
      expect(await store.getSchema('sales')).toBeUndefined()
    })

    it('keeps roots, each once', async () => {
      await store.addRoot('file:///b/')
      await store.addRoot('file:///b/')
      await store.createTable(TRIPS, { ...NEW, root: 'file:///a/' })
      expect(await store.listRoots()).toEqual(['file:///a/', 'file:///b/'])
      await store.removeRoot('file:///b/')
      expect(await store.listRoots()).toEqual(['file:///a/'])
    })

    it('shows every change to another store at once, by a higher version', async () => {
      const second = await subject.second()
      try {
        const before = await second.version()
        const created = await store.createTable(TRIPS, NEW)
        expect(await second.version()).toBeGreaterThan(before)
        expect(await second.getTable('default', 'trips')).toEqual(created)
        await second.dropTable('default', 'trips')
        expect(await store.getTable('default', 'trips')).toBeUndefined()
      } finally {
        await second.close()
      }
    })

    it('does concurrent calls one after the other', async () => {
      const second = await subject.second()
      try {
        const names = Array.from({ length: 20 }, (_, index) => `t${index}`)
        const created = await Promise.all(names.map((name, index) => (index % 2 ? store : second).createTable({ ...TRIPS, name }, NEW)))
        expect(new Set(created.map((table) => table.version)).size).toBe(20)
        expect(await store.listTables()).toHaveLength(20)
        const racers = await Promise.allSettled([store, second, store].map((one) => one.createTable(TRIPS, NEW)))
        expect(racers.filter((racer) => racer.status === 'fulfilled')).toHaveLength(1)
      } finally {
        await second.close()
      }
    })
  })
}
