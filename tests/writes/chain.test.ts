/**
 * A pipeline's whole way in each store: a CSV file, a table made from it, partitions replaced, the result unloaded, and read back with
 * equal rows and types by Weir, by pyarrow (straight from the store) and by PySpark (from a copy of the folder).
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { MissingTool, pythonTools, runTool } from '#tests/support/tools'
import { startWeir } from '#tests/support/weir'
import { LAKES, type Lake } from './lakes.ts'

const optional = (error: unknown): undefined => {
  if (!(error instanceof MissingTool) || process.env.CI) throw error
  console.warn(`SKIPPED: ${error.message}`)
}
const pyarrow = await pythonTools('pyarrow', ['pyarrow==21.0.0']).catch(optional)
const pyspark = await runTool('java', ['-version'])
  .then(() => pythonTools('pyspark', ['pyspark==3.5.5']))
  .catch(optional)

/** As Python prints them. */
const LIST = (id: number): string => `[${id}, None]`
const ROWS: readonly (readonly string[])[] = [
  // INSERT OVERWRITE of one partition by name: twice the price.
  ['1', 'one', '3.00', '2024-02-29', '2024-02-29 01:02:03.456000', 'True', '0.5', LIST(1), "{'x': 1, 'y': 'one'}", '2024-01-01'],
  ['2', 'two, "2"', 'None', 'None', 'None', 'None', 'None', LIST(2), "{'x': 2, 'y': 'two, \"2\"'}", '2024-01-01'],
  // As CREATE TABLE AS wrote it.
  ['3', "it's ü", '-0.25', '1969-12-31', '1969-12-31 23:59:59.999000', 'False', '-1.0', LIST(3), "{'x': 3, 'y': \"it's ü\"}", '2024-01-02'],
  // INSERT OVERWRITE of the partitions that rows came for.
  ['5', 'new', '5.00', '2024-03-01', '2024-03-01 00:00:00', 'True', '5.0', LIST(5), "{'x': 5, 'y': 'new'}", '2024-01-03'],
]
const CSV = `id,name,price,day,at,ok,ratio,dt
1,one,1.50,2024-02-29,2024-02-29 01:02:03.456,true,0.5,2024-01-01
2,"two, ""2""",,,,,,2024-01-01
3,it's ü,-0.25,1969-12-31,1969-12-31 23:59:59.999,false,-1,2024-01-02
4,gone,4,2024-02-29,2024-02-29 00:00:00,true,4,2024-01-03
`
const NAMES = ['id', 'name', 'price', 'day', 'at', 'ok', 'ratio', 'list', 'pair', 'dt']
const typesOf = (types: readonly string[]): readonly string[] => NAMES.map((name, index) => `${name} ${types[index]}`)

const copies = mkdtempSync(join(tmpdir(), 'weir-chain-'))
afterAll(() => rmSync(copies, { recursive: true, force: true }))

async function runChain(lake: Lake): Promise<void> {
  const server = await startWeir({
    env: lake.env,
    args: ['--warehouse', `${lake.location}warehouse/`, '--allow', lake.location, '--write-grace', '1'],
  })
  const rows = async (sql: string): Promise<readonly (readonly unknown[])[]> => {
    const { json } = await server.sql(sql)
    if (json.error !== undefined) throw new Error(`${sql}: ${json.error.name}: ${json.error.message}`)
    return json.rows
  }
  try {
    await lake.put(`${lake.location}raw/day.csv`, Buffer.from(CSV))
    await rows(`CREATE TABLE raw (id bigint, name varchar, price decimal(10,2), day date, at timestamp, ok boolean, ratio double, dt varchar)
      WITH (format = 'CSV', external_location = '${lake.location}raw/', "csv.header" = 'true')`)
    const nested = 'ARRAY[CAST(id AS integer), NULL] AS list, CAST(ROW(id, name) AS row(x bigint, y varchar)) AS pair'
    await rows(`CREATE TABLE daily WITH (format = 'PARQUET', partitioned_by = ARRAY['dt']) AS
      SELECT id, name, price, day, at, ok, ratio, ${nested}, dt FROM raw`)
    await rows(`INSERT OVERWRITE TABLE daily PARTITION (dt = '2024-01-01')
      SELECT id, name, CAST(price * 2 AS decimal(10,2)), day, at, ok, ratio, list, pair FROM daily WHERE dt = '2024-01-01'`)
    await rows(`INSERT OVERWRITE daily SELECT id, name, price, day, at, ok, ratio, ${nested}, dt
      FROM (VALUES (BIGINT '5', 'new', DECIMAL '5.00', DATE '2024-03-01', TIMESTAMP '2024-03-01 00:00:00.000', true, 5e0, '2024-01-03')) t(id, name, price, day, at, ok, ratio, dt)`)
    const to = `${lake.location}unloaded/`
    await rows(
      `UNLOAD (SELECT ${NAMES.join(', ')} FROM daily) TO '${to}' WITH (format = 'PARQUET', compression = 'SNAPPY', partitioned_by = ARRAY['dt'])`,
    )

    await rows(`CREATE TABLE back (id bigint, name varchar, price decimal(10,2), day date, at timestamp, ok boolean, ratio double, list array(integer),
      pair row(x bigint, y varchar), dt varchar) WITH (external_location = '${to}', partitioned_by = ARRAY['dt'])`)
    expect(await rows('(SELECT id, price, pair, dt FROM back EXCEPT SELECT id, price, pair, dt FROM daily)')).toEqual([])
    expect(await rows('SELECT id, name, price, at, ok, list, dt FROM back ORDER BY id')).toEqual(
      await rows('SELECT id, name, price, at, ok, list, dt FROM daily ORDER BY id'),
    )

    const folder = join(copies, lake.name)
    for (const file of (await lake.files()).filter((path) => path.startsWith(to))) {
      const copy = join(folder, file.slice(to.length))
      mkdirSync(dirname(copy), { recursive: true })
      writeFileSync(copy, await lake.get(file))
    }
    if (pyarrow === undefined) return
    const endpoint = new URL(lake.env.AWS_ENDPOINT_URL_S3 ?? `http://${lake.env.STORAGE_EMULATOR_HOST ?? 'none'}`).host
    const seen = await runTool(join(pyarrow, 'python'), [join(import.meta.dirname, 'chain_reader.py'), to, endpoint], {
      env: { ...process.env, ...lake.env },
    })
    expect(JSON.parse(seen)).toEqual({
      types: typesOf([
        'int64',
        'string',
        'decimal128(10, 2)',
        'date32[day]',
        'timestamp[us]',
        'bool',
        'double',
        'list<element: int32>',
        'struct<x: int64, y: string>',
        'string',
      ]),
      rows: ROWS,
    })
  } finally {
    await server.stop()
  }
}

const done: string[] = []
it.each(LAKES)('CSV, CREATE TABLE AS, INSERT OVERWRITE, UNLOAD, pyarrow: $name', async ({ name, missing, open }) => {
  if (missing !== undefined) {
    if (process.env.CI) throw new Error(missing)
    console.warn(`SKIPPED: ${missing}`)
    return
  }
  const lake = await open()
  try {
    await runChain(lake)
    done.push(name)
  } finally {
    await lake.close()
  }
})

it.skipIf(pyspark === undefined)('PySpark 3.5.5 reads the same', async () => {
  const folders = done.map((name) => join(copies, name))
  expect(folders.length).toBeGreaterThan(0)
  const seen = await runTool(join(pyspark as string, 'python'), [join(import.meta.dirname, 'chain_spark.py'), ...folders])
  const types = [
    'bigint',
    'string',
    'decimal(10,2)',
    'date',
    'timestamp_ntz',
    'boolean',
    'double',
    'array<int>',
    'struct<x:bigint,y:string>',
    'string',
  ]
  for (const line of seen.trimEnd().split('\n')) expect(JSON.parse(line)).toEqual({ types: typesOf(types), rows: ROWS })
})
