/** What every catalog store must do; run against each implementation. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CatalogStore, CreateTableOptions, TableDefinition, ViewDefinition } from '#catalog/store/store'
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

    it('loads definitions as they are now, also those that another process has changed since the last time', async () => {
      const first = await store.createTable(TRIPS, NEW)
      const kept = await store.createTable({ ...TRIPS, name: 'kept' }, NEW)
      expect(await store.loadTables(() => true)).toEqual([kept, first])
      const second = await subject.second()
      try {
        const changed = await second.replaceTable({ ...TRIPS, columns: [{ name: 'other', type: DATE }] }, first.version)
        expect(await store.loadTables(() => true)).toEqual([kept, changed])
        await second.rename('table', { schema: 'default', name: 'kept' }, { schema: 'default', name: 'z' })
        expect((await store.loadTables(() => true)).map(({ name, columns }) => [name, columns.length])).toEqual([
          ['trips', 1],
          ['z', 3],
        ])
        await second.dropTable('default', 'trips')
        const anew = await second.createTable({ ...TRIPS, columns: [] }, NEW)
        expect((await store.loadTables(({ name }) => name === 'trips'))[0]).toEqual(anew)
      } finally {
        await second.close()
      }
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

    it('keeps views beside tables, in one space of names', async () => {
      const view: ViewDefinition = {
        schema: 'default',
        name: 'recent',
        sql: 'select id from trips',
        columns: [{ name: 'id', type: BIGINT, comment: 'x' }],
        comment: 'Recent trips',
        owner: 'ada',
        security: 'invoker',
        context: { catalog: 'lake', schema: 'default' },
      }
      const created = await store.createView(view, { replace: false })
      expect(created).toEqual({ ...view, version: created.version })
      expect(await store.getView('default', 'recent')).toEqual(created)
      expect(await store.listViewNames()).toEqual([{ schema: 'default', name: 'recent' }])
      expect(await store.loadViews(() => true)).toEqual([created])
      const exists = { errorName: 'TABLE_ALREADY_EXISTS' }
      await expect(store.createView(view, { replace: false })).rejects.toMatchObject(exists)
      await expect(store.createTable({ ...TRIPS, name: 'recent' }, NEW)).rejects.toMatchObject(exists)
      await store.createTable(TRIPS, NEW)
      await expect(store.createView({ ...view, name: 'trips' }, { replace: true })).rejects.toMatchObject(exists)
      await expect(store.rename('view', view, { schema: 'default', name: 'trips' })).rejects.toMatchObject(exists)
      await expect(store.rename('view', view, { schema: 'none', name: 'x' })).rejects.toMatchObject({ errorName: 'SCHEMA_NOT_FOUND' })
      expect(await store.rename('table', view, { schema: 'default', name: 'x' })).toBe(false)
      expect(await store.rename('view', view, { schema: 'default', name: 'newest' })).toBe(true)
      expect(await store.getView('default', 'recent')).toBeUndefined()
      const { schema: _schema, ...bare } = view.context
      const replaced = await store.createView({ ...view, name: 'newest', context: bare }, { replace: true })
      expect(await store.getView('default', 'newest')).toEqual(replaced)
      expect(await store.dropView('default', 'trips')).toBe(false)
      expect(await store.dropView('default', 'newest')).toBe(true)
      expect(await store.listTableNames()).toEqual([{ schema: 'default', name: 'trips' }])
    })

    it('a table keeps its id through changes and renames; a new one of its name has another', async () => {
      const first = await store.createTable({ ...TRIPS, owner: 'ada', managed: true }, NEW)
      expect(first).toMatchObject({ owner: 'ada', managed: true })
      const changed = await store.replaceTable({ ...TRIPS, columns: [] }, first.version)
      expect(changed?.id).toBe(first.id)
      expect(await store.rename('table', TRIPS, { schema: 'default', name: 'rides' })).toBe(true)
      expect((await store.getTable('default', 'rides'))?.id).toBe(first.id)
      expect((await store.createTable(TRIPS, NEW)).id).not.toBe(first.id)
      expect((await store.createTable({ ...TRIPS, name: 'rides' }, { ...NEW, replace: true })).id).not.toBe(first.id)
    })

    it('registers partitions, tells what was added since, and that something was removed', async () => {
      const { id = 0 } = await store.createTable(TRIPS, NEW)
      const all = { since: 0, until: undefined, after: undefined }
      expect(await store.readPartitions(id, all)).toEqual({ version: 0, removed: 0, partitions: [] })
      const place = { name: 'year=2024/dt=b', location: 's3://lake/elsewhere/' }
      expect(await store.addPartitions(id, [place, { name: 'year=2024/dt=a' }])).toEqual([])
      expect(await store.addPartitions(id, [{ name: 'year=2024/dt=b' }, { name: 'year=2024/dt=c' }])).toEqual(['year=2024/dt=b'])
      const page = await store.readPartitions(id, all)
      expect(page?.partitions).toEqual([{ name: 'year=2024/dt=a' }, place, { name: 'year=2024/dt=c' }])
      expect(page?.removed).toBe(0)
      expect((await store.getTable('default', 'trips'))?.partitionsVersion).toBe(page?.version)
      expect((await store.readPartitions(id, { ...all, after: 'year=2024/dt=b' }))?.partitions).toEqual([{ name: 'year=2024/dt=c' }])
      const seen = page?.version as number
      await store.addPartitions(id, [{ name: 'year=2023/dt=a' }])
      expect((await store.readPartitions(id, { ...all, since: seen }))?.partitions).toEqual([{ name: 'year=2023/dt=a' }])
      expect((await store.readPartitions(id, { ...all, until: seen }))?.partitions).toHaveLength(3)
      expect(await store.replacePartition(id, 'year=2024/dt=a', { name: 'year=2024/dt=c' })).toBe(false)
      expect(await store.replacePartition(id, 'none', { name: 'x' })).toBe(false)
      expect(await store.replacePartition(id, 'year=2024/dt=a', { name: 'year=2024/dt=z' })).toBe(true)
      expect((await store.readPartitions(id, { ...all, since: seen }))?.removed).toBeGreaterThan(seen)
      expect(await store.dropPartitions(id, ['year=2024/dt=z', 'none'])).toEqual(['none'])
      expect(await store.findPartitions(id, ['year=2024/dt=b', 'year=2024/dt=z'])).toEqual([place])
      expect(await store.rename('table', TRIPS, { schema: 'default', name: 'rides' })).toBe(true)
      expect((await store.readPartitions(id, all))?.partitions).toHaveLength(3)
      await store.dropTable('default', 'rides')
      expect(await store.readPartitions(id, all)).toBeUndefined()
    })

    it('keeps what ANALYZE has counted, until the table goes', async () => {
      const { id = 0 } = await store.createTable(TRIPS, NEW)
      const scope = {
        scope: '',
        fingerprint: 'f1',
        analyzedAt: 1_790_000_000_000,
        rows: 5_000_000_000,
        columns: { id: { nulls: 0, distinct: 7 } },
      }
      const part = { ...scope, scope: '["2024","2024-01-01"]', rows: 3, columns: { 'fare "usd"': { nulls: 1, min: '-1.50', max: '9.00' } } }
      expect(await store.readStatistics(id)).toEqual([])
      expect(await store.putStatistics(id, [scope])).toBe(true)
      expect(await store.putStatistics(id, [part])).toBe(true)
      expect(await store.readStatistics(id)).toEqual([scope, part])
      expect(await store.putStatistics(id, [{ ...part, rows: 4 }])).toBe(true)
      expect(await store.readStatistics(id)).toEqual([scope, { ...part, rows: 4 }])
      await store.rename('table', TRIPS, { schema: 'default', name: 'rides' })
      expect(await store.readStatistics(id)).toHaveLength(2)
      // The whole table's takes the place of its partitions'.
      expect(await store.putStatistics(id, [{ ...scope, fingerprint: 'f2' }])).toBe(true)
      expect(await store.readStatistics(id)).toEqual([{ ...scope, fingerprint: 'f2' }])
      await store.dropTable('default', 'rides')
      expect(await store.readStatistics(id)).toEqual([])
      expect(await store.putStatistics(id, [scope])).toBe(false)
    })

    it('drops a schema with everything in it, and renames one', async () => {
      await store.createSchema({ name: 'sales', location: 's3://lake/sales/' })
      await store.createTable({ ...TRIPS, schema: 'sales' }, NEW)
      await expect(store.renameSchema('sales', 'default')).rejects.toMatchObject({ errorName: 'SCHEMA_ALREADY_EXISTS' })
      expect(await store.renameSchema('none', 'x')).toBe(false)
      expect(await store.renameSchema('sales', 'shop')).toBe(true)
      expect(await store.getTable('shop', 'trips')).toMatchObject({ schema: 'shop' })
      expect(await store.getSchema('shop')).toEqual({ name: 'shop', location: 's3://lake/sales/' })
      await store.dropSchema('shop', true)
      expect(await store.listTableNames()).toEqual([])
      expect(await store.getSchema('shop')).toBeUndefined()
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
