import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { CreateTableRequest } from '#catalog/document'
import { TableFiles } from '#catalog/partitions/table-files'
import { CatalogService } from '#catalog/service'
import { openSqliteStore } from '#catalog/store/sqlite'
import type { CatalogStore } from '#catalog/store/store'
import { AccessPolicy, WHOLE_FILE_SYSTEM } from '#connectors/storage/access'
import { parseLocation } from '#connectors/storage/location'
import { createStores, type ObjectStores } from '#connectors/storage/registry'
import { duck } from '#tests/support/duck'

let folder: string
let store: CatalogStore
let stores: ObjectStores
let files: TableFiles
let service: CatalogService
let notes: string[]
const EMBEDDED = new AccessPolicy({ roots: () => [WHOLE_FILE_SYSTEM], anyBucket: true })
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-service-'))
  store = await openSqliteStore(join(folder, 'catalog.db'))
  stores = createStores({ env: {} })
  notes = []
  files = new TableFiles(store, () => new Date())
  service = new CatalogService({
    store,
    stores,
    files,
    access: EMBEDDED,
    warehouse: parseLocation(`${folder}/warehouse/`),
    rootsFromCreate: true,
    onNote: (note) => notes.push(note),
  })
})
afterEach(async () => {
  await stores.close()
  await store.close()
  rmSync(folder, { recursive: true })
})

/** Writes files below the test's folder: text as it is, `sql:` as a Parquet file of the query's rows. */
async function lake(files: Readonly<Record<string, string | Uint8Array>>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, 'lake', name)
    mkdirSync(join(path, '..'), { recursive: true })
    if (typeof content === 'string' && content.startsWith('sql:')) await duck(`COPY (${content.slice(4)}) TO '${path}' (FORMAT parquet)`)
    else writeFileSync(path, content)
  }
}
const at = (path: string) => `file://${join(folder, 'lake', path)}`
const create = (name: string, path: string, more: Partial<CreateTableRequest> = {}) =>
  service.create({ schema: 'default', name, location: at(path), ...more })
const columnsOf = (table: { readonly columns: readonly { readonly name: string; readonly type: string }[] }) =>
  table.columns.map(({ name, type }) => `${name} ${type}`)

describe('registering Parquet', () => {
  it('infers columns, keys and their types, and prints the DDL', async () => {
    await lake({
      'trips/year=2024/month=03/a.parquet':
        "sql:SELECT 1::BIGINT AS id, 2.5::DECIMAL(9,2) AS Fare, DATE '2024-01-01' AS day, TIMESTAMP '2024-01-01 00:00:00' AS ts, ['a'] AS tags, {'x': 1} AS \"where\"",
      'trips/year=2023/month=12/b.parquet': "sql:SELECT 2::INTEGER AS id, 2.5::DECIMAL(12,1) AS fare, 'new' AS note",
      'trips/_SUCCESS': '',
    })
    const table = await create('trips', 'trips')
    expect(table).toEqual({
      schema: 'default',
      name: 'trips',
      format: 'parquet',
      location: `${at('trips')}/`,
      columns: [
        { name: 'id', type: 'bigint' },
        { name: 'fare', type: 'decimal(13,2)' },
        { name: 'note', type: 'varchar' },
        { name: 'day', type: 'date' },
        { name: 'ts', type: 'timestamp(6)' },
        { name: 'tags', type: 'array(varchar)' },
        { name: 'where', type: 'row(x integer)' },
      ],
      partitionKeys: [
        { name: 'year', type: 'integer' },
        { name: 'month', type: 'integer' },
      ],
      ddl: `CREATE TABLE lake.default.trips (
   id bigint,
   fare decimal(13,2),
   note varchar,
   day date,
   ts timestamp(6),
   tags array(varchar),
   "where" row(x integer),
   year integer,
   month integer
)
WITH (
   external_location = '${at('trips')}/',
   format = 'PARQUET',
   partitioned_by = ARRAY['year','month']
)`,
    })
    expect(await service.get('DEFAULT', 'Trips')).toEqual(table)
    expect(await service.list()).toEqual([{ schema: 'default', name: 'trips', format: 'parquet', location: `${at('trips')}/` }])
    expect(await store.listRoots()).toEqual([`${at('trips')}/`])
    expect(await service.partitions('default', 'trips')).toEqual([
      { path: 'year=2023/month=12', values: { year: '2023', month: '12' }, files: 1, bytes: expect.any(Number) },
      { path: 'year=2024/month=03', values: { year: '2024', month: '3' }, files: 1, bytes: expect.any(Number) },
    ])
    expect(notes).toEqual([])
  })

  it.each([
    [['2024-01-01', '2024-02-29', '__HIVE_DEFAULT_PARTITION__'], 'date'],
    [['2024-01-01', '2024-02-30'], 'varchar'],
    [['20240101', '20241231'], 'varchar'],
    [['20240101', '20241332'], 'integer'],
    [['007', '-3'], 'integer'],
    [['1', '2147483648'], 'bigint'],
    [['1', '9223372036854775808'], 'varchar'],
    [['1', 'x'], 'varchar'],
    [['1.5'], 'varchar'],
    [['__HIVE_DEFAULT_PARTITION__'], 'varchar'],
    [[''], 'varchar'],
  ])('a key with the values %j is %s', async (values, type) => {
    await lake(Object.fromEntries(values.map((value) => [`t/k=${value}/a.parquet`, 'sql:SELECT 1 AS x'])))
    expect((await create('t', 't')).partitionKeys).toEqual([{ name: 'k', type }])
  })

  it('takes declared key types and says which value does not fit', async () => {
    await lake({ 't/Dt=20240101/h=1/a.parquet': 'sql:SELECT 1 AS x', 't/Dt=20240102/h=x/a.parquet': 'sql:SELECT 1 AS x' })
    const table = await create('t', 't', { partitionKeys: [{ name: 'DT', type: 'integer' }] })
    expect(table.partitionKeys).toEqual([
      { name: 'dt', type: 'integer' },
      { name: 'h', type: 'varchar' },
    ])
    await expect(create('u', 't', { partitionKeys: [{ name: 'h', type: 'int' }] })).rejects.toMatchObject({
      errorName: 'HIVE_INVALID_PARTITION_VALUE',
      message: `Invalid partition value 'x' for integer partition key: h in ${at('t')}/Dt=20240102/h=x/`,
    })
    await expect(create('u', 't', { partitionKeys: [{ name: 'day', type: 'date' }] })).rejects.toMatchObject({
      errorName: 'INVALID_TABLE_PROPERTY',
      message: `${at('t')}/ has no partition key 'day': its folders have dt, h`,
    })
    await expect(create('u', 't', { partitionKeys: [{ name: 'h', type: 'array(int)' }] })).rejects.toMatchObject({
      errorName: 'NOT_SUPPORTED',
      message: 'Unsupported type [array(integer)] for partition: h',
    })
  })

  it('lets a partition key shadow a column of the files', async () => {
    await lake({ 't/year=2024/a.parquet': "sql:SELECT 1 AS x, '2024' AS YEAR" })
    expect(columnsOf(await create('t', 't'))).toEqual(['x integer'])
    expect(notes).toEqual(["The files' own column 'year' is shadowed by the partition key"])
  })

  it('takes declared column types that the files can be read as, and adds columns that they lack', async () => {
    await lake({ 't/a.parquet': 'sql:SELECT 1::INTEGER AS x, 2 AS y' })
    const table = await create('t', 't', {
      columns: [
        { name: 'X', type: 'bigint' },
        { name: 'later', type: 'date', comment: 'from May on' },
      ],
    })
    expect(columnsOf(table)).toEqual(['x bigint', 'y integer', 'later date'])
    expect(notes).toEqual(["Column 'later' is in none of the 1 files read: it is NULL where a file lacks it"])
    await expect(create('u', 't', { columns: [{ name: 'x', type: 'varchar' }] })).rejects.toMatchObject({
      errorName: 'HIVE_PARTITION_SCHEMA_MISMATCH',
      message: `Column 'x' is integer in ${at('t')}/a.parquet, which cannot be read as varchar`,
    })
  })

  it('names column, files and types that do not go together', async () => {
    await lake({ 't/a.parquet': 'sql:SELECT 1::BIGINT AS x', 't/b.parquet': "sql:SELECT 'one' AS x" })
    await expect(create('t', 't')).rejects.toMatchObject({
      errorName: 'HIVE_PARTITION_SCHEMA_MISMATCH',
      message: `Column 'x' is bigint in ${at('t')}/a.parquet and varchar in ${at('t')}/b.parquet`,
    })
    expect(await service.list()).toEqual([])
    expect(await store.listRoots()).toEqual([])
  })

  it('registers a single file, and a folder given without its slash', async () => {
    await lake({ 'one/a.parquet': 'sql:SELECT 1 AS x', 'one-more/b.csv': 'x\n1\n' })
    expect((await create('file', 'one/a.parquet')).location).toBe(at('one/a.parquet'))
    expect((await create('folder', 'one')).location).toBe(`${at('one')}/`)
    expect(await service.partitions('default', 'file')).toEqual([{ path: '', values: {}, files: 1, bytes: expect.any(Number) }])
  })

  it('reads only a few footers of many files', async () => {
    await lake(Object.fromEntries(Array.from({ length: 40 }, (_, index) => [`t/d=${index}/a.parquet`, 'sql:SELECT 1 AS x'])))
    const counter = { list: 0, head: 0, get: 0, put: 0, bytesReceived: 0 }
    const counted = new CatalogService({
      store,
      files,
      stores: createStores({ env: {}, counter }),
      access: EMBEDDED,
      warehouse: parseLocation(folder),
      rootsFromCreate: true,
    })
    await counted.create({ schema: 'default', name: 't', location: at('t') })
    expect(counter.list).toBe(1)
    expect(counter.get).toBe(10)
  })
})

describe('registering CSV and JSON', () => {
  it('keeps the dialect that it found as properties', async () => {
    await lake({ 't/a.csv.gz': gzipSync('id;Name;when\n1;"a;b";2024-01-01\n2;;2024-01-02\n') })
    const table = await create('t', 't')
    expect(columnsOf(table)).toEqual(['id bigint', 'name varchar', 'when date'])
    expect(table.properties).toEqual({ 'csv.delimiter': ';', 'csv.header': 'true' })
    expect(table.ddl).toContain(`   format = 'CSV',\n   "csv.delimiter" = ';',\n   "csv.header" = 'true'\n)`)
    expect(table.ddl).toContain('   "when" date\n')
  })

  it('names the columns of files without header by their places', async () => {
    await lake({ 't/k=1/a.csv': '1,x\n2,y\n' })
    expect(columnsOf(await create('t', 't'))).toEqual(['column_1 bigint', 'column_2 varchar'])
    const named = await create('u', 't', { columns: [{ name: 'id', type: 'integer' }], properties: { 'csv.header': 'false' } })
    expect(columnsOf(named)).toEqual(['id integer', 'column_2 varchar'])
    // A column that the key would shadow cannot be taken out: the others would move.
    await expect(create('v', 't', { columns: [{ name: 'k', type: 'integer' }] })).rejects.toMatchObject({
      errorName: 'DUPLICATE_COLUMN_NAME',
    })
  })

  it('infers JSON lines', async () => {
    await lake({ 't/a.ndjson': '{"id":1,"Tags":["a"],"at":"2024-01-01"}\n{"id":2.5}\n' })
    const table = await create('t', 't')
    expect(table.format).toBe('json')
    expect(columnsOf(table)).toEqual(['id double', 'tags array(varchar)', 'at date'])
    expect(table.properties).toEqual({ 'mapping.tags': 'Tags' })
  })

  it('refreshes: new columns come, declared types and properties stay', async () => {
    await lake({ 't/k=1/a.csv': 'id,x\n1,1\n' })
    const table = await create('t', 't', {
      columns: [{ name: 'x', type: 'varchar' }],
      properties: { ON_ERROR: 'NULL' },
      partitionKeys: [{ name: 'k', type: 'varchar' }],
    })
    expect(table.properties).toEqual({ 'csv.header': 'true', on_error: 'null' })
    await lake({ 't/k=2/b.csv': 'id,x\n2.5,2\n' })
    const refreshed = await service.refresh('default', 't')
    expect(columnsOf(refreshed)).toEqual(['id double', 'x varchar'])
    expect(refreshed.partitionKeys).toEqual([{ name: 'k', type: 'varchar' }])
    expect(refreshed.properties).toEqual(table.properties)
    expect(await service.get('default', 't')).toEqual(refreshed)
  })
})

describe('what is refused', () => {
  const refused = (name: string, path: string, more: Partial<CreateTableRequest> = {}) =>
    create(name, path, more).then(
      () => 'nothing',
      (error: { errorName: string; message: string; hint?: string }) =>
        `${error.errorName}: ${error.message.replaceAll(folder, '')}${error.hint === undefined ? '' : ` [${error.hint.replaceAll(folder, '')}]`}`,
    )

  it('says what is wrong with the place', async () => {
    await lake({
      'hidden/_a.parquet': 'sql:SELECT 1 AS x',
      'hidden/b.parquet': '',
      'empty.csv': '',
      'delta/_delta_log/0.json': '{}',
      'delta/a.parquet': 'sql:SELECT 1 AS x',
    })
    const nothing = "[Nothing lies there: check the spelling. Locations are s3://bucket/prefix/, gs://bucket/prefix/ or a folder's path]"
    expect(await refused('t', 'none')).toBe(`GENERIC_USER_ERROR: No data files under file:///lake/none ${nothing}`)
    expect(await refused('t', 'none/')).toBe(`GENERIC_USER_ERROR: No data files under file:///lake/none/ ${nothing}`)
    expect(await refused('t', 'hidden')).toBe(
      "GENERIC_USER_ERROR: No data files under file:///lake/hidden/ [2 files there are empty, or hidden by a name that begins with '_' or '.']",
    )
    expect(await refused('t', 'empty.csv')).toBe('GENERIC_USER_ERROR: File file:///lake/empty.csv is empty')
    expect(await refused('t', 'delta')).toBe(
      'NOT_SUPPORTED: file:///lake/delta/ is a table of Delta Lake, which Weir does not read yet: it has _delta_log/0.json',
    )
    await expect(service.create({ schema: 'default', name: 't', location: 'ftp://x/y' })).rejects.toMatchObject({
      errorName: 'INVALID_TABLE_PROPERTY',
    })
  })

  it('says what is wrong with the files', async () => {
    await lake({
      'mixed/x/a.parquet': 'sql:SELECT 1 AS x',
      'mixed/y/b.json': '{"x":1}\n',
      'depths/k=1/a.csv': 'x\n1\n',
      'depths/b.csv': 'x\n1\n',
      'broken/a.parquet': 'PAR1 this is no footer at all PAR1',
      'orc/part-0': Buffer.from('ORC\u0000\u0001\u0002'),
      'cases/a.parquet': 'sql:SELECT 1 AS x',
      'readme/a.parquet': 'sql:SELECT 1 AS x',
      'readme/README': 'Hello\nthere\n',
    })
    expect(await refused('t', 'mixed')).toBe(
      "GENERIC_USER_ERROR: Files under file:///lake/mixed/ have different formats: 'x/a.parquet' is PARQUET, 'y/b.json' is JSON [A table has one format: keep other files in another folder, or begin their names with _ or .]",
    )
    expect(await refused('t', 'readme')).toContain("'a.parquet' is PARQUET, 'README' is CSV")
    expect(await refused('t', 'depths')).toBe(
      "GENERIC_USER_ERROR: Files under file:///lake/depths/ have different partition keys: 'b.csv' has none, 'k=1/a.csv' has k [Name the keys with --partition: files elsewhere are then left out]",
    )
    expect(columnsOf(await create('depths', 'depths', { partitionKeys: [{ name: 'k', type: 'bigint' }] }))).toEqual(['x bigint'])
    expect(notes).toEqual(['Left out b.csv: not in folders k=…/'])
    expect(await refused('t', 'broken')).toMatch(/^HIVE_BAD_DATA: Malformed Parquet file file:\/\/\/lake\/broken\/a\.parquet: /)
    expect(await refused('t', 'orc')).toMatch(/^HIVE_UNSUPPORTED_FORMAT: File file:\/\/\/lake\/orc\/part-0 is ORC/)
    await lake({ 'csvcase/a.csv': 'Id,ID\n1,2\n' })
    expect(await refused('t', 'csvcase')).toMatch(/^DUPLICATE_COLUMN_NAME: .*'Id' and 'ID'/)
  })

  it('says what is wrong with names and properties', async () => {
    await lake({ 't/a.csv': 'x\n1\n', 'p/a.parquet': 'sql:SELECT 1 AS x' })
    expect(await refused('a/b', 't')).toBe("GENERIC_USER_ERROR: Invalid table name 'a/b': it contains /")
    expect(await refused('', 't')).toBe("GENERIC_USER_ERROR: Invalid table name '': it is empty")
    expect(await refused('a\u0007', 't')).toBe("GENERIC_USER_ERROR: Invalid table name 'a\\u0007': it contains a control character")
    expect(await refused('t', 't', { schema: 'Information_Schema' })).toBe(
      "GENERIC_USER_ERROR: Invalid schema name 'Information_Schema': it is reserved",
    )
    expect(await refused('t', 't', { columns: [{ name: '$path', type: 'varchar' }] })).toBe(
      "GENERIC_USER_ERROR: Invalid column name '$path': it is reserved for a hidden column",
    )
    expect(
      await refused('t', 't', {
        columns: [
          { name: 'a', type: 'int' },
          { name: 'A', type: 'int' },
        ],
      }),
    ).toBe("DUPLICATE_COLUMN_NAME: Columns 'a' and 'A' differ only by case")
    expect(await refused('t', 't', { columns: [{ name: 'a', type: 'bigit' }] })).toBe('TYPE_NOT_FOUND: Unknown type: bigit')
    expect(await refused('t', 't', { properties: { 'csv.delimeter': ';' } })).toBe(
      "INVALID_TABLE_PROPERTY: Table property 'csv.delimeter' does not exist [Did you mean 'csv.delimiter'?]",
    )
    expect(await refused('t', 't', { properties: { 'csv.delimiter': 'ab' } })).toBe(
      "INVALID_TABLE_PROPERTY: Invalid value for table property 'csv.delimiter': 'ab'; expected one ASCII character",
    )
    expect(await refused('t', 't', { properties: { 'csv.delimiter': '"' } })).toMatch(/^INVALID_TABLE_PROPERTY: .*csv\.quote/)
    expect(await refused('t', 't', { properties: { 'csv.header': 'yes' } })).toBe(
      "INVALID_TABLE_PROPERTY: Invalid value for table property 'csv.header': 'yes'; expected 'true', 'false' or 'auto'",
    )
    expect(await refused('t', 't', { properties: { separatorChar: ';', 'field.delim': ',' } })).toBe(
      "DUPLICATE_PROPERTY: Table property 'csv.delimiter' is given twice, once as 'field.delim'",
    )
    expect(await refused('t', 't', { properties: { 'projection.dt.typ': 'date' } })).toMatch(
      /^INVALID_TABLE_PROPERTY: Table property 'projection.dt.typ' does not exist/,
    )
    expect(await refused('t', 't', { properties: { 'skip.footer.line.count': '1' } })).toBe(
      "NOT_SUPPORTED: Table property 'skip.footer.line.count' = '1' is not supported",
    )
    expect(await refused('t', 'p', { properties: { 'csv.header': 'true' } })).toBe(
      "INVALID_TABLE_PROPERTY: Table property 'csv.header' is for CSV tables; this one is PARQUET",
    )
    expect(await refused('t', 'p', { properties: { __proto__x: '1' } })).toMatch(/^INVALID_TABLE_PROPERTY: /)
    expect(await refused('t', 'p', { properties: { toString: '1' } })).toMatch(
      /^INVALID_TABLE_PROPERTY: Table property 'toString' does not exist/,
    )
  })

  it('tables that exist, and those that do not', async () => {
    await lake({ 't/a.csv': 'x\n1\n', 'u/a.csv': 'y\n1\n' })
    await create('trips', 't')
    expect(await refused('Trips', 'u')).toBe(
      `TABLE_ALREADY_EXISTS: Table 'lake.default.trips' already exists [To put this one in its place: weir catalog add --replace, or "replace": true]`,
    )
    expect(columnsOf(await create('trips', 'u', { replace: true }))).toEqual(['y bigint'])
    expect(columnsOf(await create('other', 't', { dryRun: true, schema: 'sales' }))).toEqual(['x bigint'])
    expect(await service.list()).toHaveLength(1)
    expect(await service.listSchemas()).toEqual(['default'])
    await expect(service.get('default', 'trip')).rejects.toMatchObject({
      errorName: 'TABLE_NOT_FOUND',
      message: "Table 'lake.default.trip' does not exist",
      hint: "Did you mean 'trips'?",
    })
    await expect(service.refresh('sales', 'trips')).rejects.toMatchObject({
      errorName: 'TABLE_NOT_FOUND',
      hint: "Did you mean 'default.trips'?",
    })
    await expect(service.drop('default', 'tirps')).rejects.toMatchObject({ errorName: 'TABLE_NOT_FOUND', hint: "Did you mean 'trips'?" })
    await service.drop('DEFAULT', 'TRIPS')
    expect(await service.list()).toEqual([])
  })

  it('locations outside of what may be named, also through a symlink', async () => {
    await lake({ 'in/a.csv': 'x\n1\n', 'out/b.csv': 'x\n1\n' })
    symlinkSync(join(folder, 'lake/out'), join(folder, 'lake/in-link'))
    const access = new AccessPolicy({ roots: () => [parseLocation(`${at('in')}/`)], anyBucket: false })
    const server = new CatalogService({
      store,
      files,
      stores: createStores({ env: {}, access }),
      access,
      warehouse: parseLocation(folder),
      rootsFromCreate: false,
    })
    const table = await server.create({ schema: 'default', name: 'ok', location: `${at('in')}/` })
    expect(columnsOf(table)).toEqual(['x bigint'])
    expect(await store.listRoots()).toEqual([])
    for (const location of [at('out'), at('in-link'), 's3://other/x/'])
      await expect(server.create({ schema: 'default', name: 't', location })).rejects.toMatchObject({ errorName: 'PERMISSION_DENIED' })
    await expect(server.create({ schema: 'default', name: 't', location: 'relative/path' })).rejects.toMatchObject({
      errorName: 'INVALID_TABLE_PROPERTY',
    })
  })
})

describe('schemas', () => {
  it('are created and dropped', async () => {
    await service.createSchema('Sales', { location: at('sales') })
    expect(await store.getSchema('sales')).toEqual({ name: 'sales', location: `${at('sales')}/` })
    expect(await service.createSchema('SALES')).toBe(false)
    expect(await service.schemaLocation('sales')).toBe(`${at('sales')}/`)
    expect(await service.schemaLocation('default')).toBe(`file://${folder}/warehouse/default/`)
    expect(await service.schemaExists('sales')).toBe(true)
    expect(await service.schemaExists('none')).toBe(false)
    expect(await service.tableNames()).toEqual([])
    await service.dropSchema('sales')
    expect(await service.schemaExists('sales')).toBe(false)
  })
})
