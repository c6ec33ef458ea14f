/**
 * Random small lakes: tables with random partition keys, files and values (NULL keys, NaN, several row groups), as objects
 * for a store and as tables of DuckDB that were read from the same files.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import fc from 'fast-check'

type Format = 'parquet' | 'csv' | 'json'

interface KeySpec {
  readonly name: 'dt' | 'region' | 'n'
  readonly type: 'date' | 'varchar' | 'integer'
}

interface FileSpec {
  /** One value a key; null is Hive's default partition. */
  readonly values: readonly (string | null)[]
  readonly rows: number
  /** Offset of its rows in the table's sequence: neighbours in one file are neighbours in the sequence. */
  readonly seed: number
  readonly rowGroup: number
  readonly codec: 'snappy' | 'uncompressed' | 'zstd'
}

export interface TableSpec {
  readonly name: string
  readonly format: Format
  readonly keys: readonly KeySpec[]
  readonly files: readonly FileSpec[]
}

export interface LakeSpec {
  readonly tables: readonly TableSpec[]
}

const KEYS: Readonly<Record<KeySpec['name'], { readonly key: KeySpec; readonly values: readonly string[] }>> = {
  dt: { key: { name: 'dt', type: 'date' }, values: ['2024-01-01', '2024-01-02', '2024-01-03', '2024-02-01'] },
  region: { key: { name: 'region', type: 'varchar' }, values: ['eu', 'us', 'a b', 'x=y', 'ü%', 'É'] },
  n: { key: { name: 'n', type: 'integer' }, values: ['0', '1', '2', '3', '10'] },
}

const tableSpec = (name: string, format: fc.Arbitrary<Format>, mostRows: number, mostFiles: number): fc.Arbitrary<TableSpec> =>
  fc.tuple(format, fc.subarray(['dt', 'region', 'n'] as const)).chain(([chosen, keys]) =>
    fc
      .array(
        fc.record({
          values: fc.tuple(
            ...keys.map((key) =>
              fc.oneof({ weight: 8, arbitrary: fc.constantFrom(...KEYS[key].values) }, { weight: 1, arbitrary: fc.constant(null) }),
            ),
          ),
          rows: fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: mostRows })),
          seed: fc.integer({ min: 0, max: 20_000 }),
          // DuckDB writes row groups of whole vectors.
          rowGroup: fc.constantFrom(2048, 4096, 122_880),
          codec: fc.constantFrom('snappy' as const, 'uncompressed' as const, 'zstd' as const),
        }),
        { minLength: 1, maxLength: mostFiles },
      )
      .map((files) => ({ name, format: chosen, keys: keys.map((key) => KEYS[key].key), files })),
  )

/** `events` (Parquet, the large one), `logs` (CSV or JSON), `dims` (any, small). */
export const lakeSpecs: fc.Arbitrary<LakeSpec> = fc
  .tuple(
    tableSpec('events', fc.constant('parquet'), 9000, 14),
    tableSpec('logs', fc.constantFrom('csv', 'json'), 800, 5),
    tableSpec('dims', fc.constantFrom('parquet', 'csv', 'json'), 12, 3),
  )
  .map((tables) => ({ tables }))

/** Columns that lie in the files of every table, with Trino's and DuckDB's type. */
export const COLUMNS = [
  { name: 'id', type: 'bigint' },
  { name: 'k', type: 'integer' },
  { name: 'v', type: 'double' },
  { name: 's', type: 'varchar' },
  { name: 'd', type: 'date' },
  { name: 'amount', type: 'decimal(10,2)' },
  { name: 'pad', type: 'varchar' },
] as const

/** The rows of one file; `version` gives other rows of the same shape. Ids are unique in a table. */
function rowsOf(table: TableSpec, index: number, version: number): string {
  const file = table.files[index] as FileSpec
  // CSV and JSON have no text for NaN.
  const nan = table.format === 'parquet' ? "WHEN h % 23 = 0 THEN 'NaN'::DOUBLE" : ''
  return `SELECT ${index * 100_000} + i AS id,
      CASE WHEN h % 7 = 0 THEN NULL ELSE ((x // 500) * 3 + h % 3)::INTEGER % 40 END AS k,
      CASE WHEN h % 11 = 0 THEN NULL ${nan} ELSE ((h % 41)::INTEGER - 20) * 0.25::DOUBLE END AS v,
      ['a', 'b', 'Bc', 'zz', 'ü', NULL, 'a b'][1 + (h % 7)::INTEGER] AS s,
      CASE WHEN h % 13 = 0 THEN NULL ELSE DATE '2024-01-01' + (x // 900)::INTEGER % 40 END AS d,
      CASE WHEN h % 17 = 0 THEN NULL ELSE ((h % 2000)::INTEGER - 1000) / 100 END::DECIMAL(10, 2) AS amount,
      md5(x::VARCHAR) || md5(h::VARCHAR) AS pad
    FROM (SELECT i, i + ${file.seed} + ${version * 77} AS x, hash(i + ${file.seed} * 31 + ${version}) AS h FROM range(${file.rows}) t(i))`
}

export interface RandomLake {
  readonly spec: LakeSpec
  /** Key and bytes of every object. */
  readonly objects: readonly { readonly table: string; readonly index: number; readonly key: string; readonly bytes: Buffer }[]
  /** Rows of a query over `events`, `logs` and `dims` as they were written; values as text, NULL as null. */
  oracle(sql: string): Promise<readonly (readonly (string | null)[])[]>
  /** Writes an object's next version and gives its bytes; `commit` makes the oracle know it. */
  change(table: string, index: number): Promise<{ readonly key: string; readonly bytes: Buffer; commit(): Promise<void> }>
  close(): void
}

const escaped = (value: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Hive's own list
  value.replace(/[\u0000-\u001f"#%'*/:=?\\\u007f{[\]^]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`)

function keyOf(table: TableSpec, index: number): string {
  const { values } = table.files[index] as FileSpec
  const folders = table.keys.map(
    ({ name }, place) => `${name}=${values[place] === null ? '__HIVE_DEFAULT_PARTITION__' : escaped(values[place] as string)}/`,
  )
  return `${table.name}/${folders.join('')}part-${index}.${table.format}`
}

/** Writes the lake's files below `folder`, which must be empty. */
export async function writeLake(spec: LakeSpec, folder: string): Promise<RandomLake> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' })
  const connection = await instance.connect()
  mkdirSync(folder, { recursive: true })
  const write = async (table: TableSpec, index: number, version: number): Promise<string> => {
    const path = join(folder, `${table.name}-${index}-${version}.${table.format}`)
    const { rowGroup, codec } = table.files[index] as FileSpec
    const options = {
      parquet: `FORMAT parquet, ROW_GROUP_SIZE ${rowGroup}, COMPRESSION ${codec}`,
      csv: 'FORMAT csv, HEADER true',
      json: 'FORMAT json',
    }[table.format]
    await connection.run(`COPY (${rowsOf(table, index, version)}) TO '${path}' (${options})`)
    return path
  }
  const read = ({ format, keys, files }: TableSpec, index: number, path: string): string => {
    const columns = `columns = {${COLUMNS.map(({ name, type }) => `'${name}': '${type}'`).join(', ')}}`
    const source = {
      parquet: `read_parquet('${path}')`,
      csv: `read_csv('${path}', header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', ${columns})`,
      json: `read_json('${path}', format = 'newline_delimited', ${columns})`,
    }[format]
    const values = (files[index] as FileSpec).values.map((value, place) => {
      const { name, type } = keys[place] as KeySpec
      return `CAST(${value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`} AS ${type}) AS ${name}`
    })
    return `SELECT ${[...COLUMNS.map(({ name }) => name), ...values].join(', ')} FROM ${source}`
  }
  const objects: RandomLake['objects'][number][] = []
  for (const table of spec.tables) {
    for (const index of table.files.keys()) {
      const path = await write(table, index, 0)
      const verb = index === 0 ? `CREATE TABLE ${table.name} AS` : `INSERT INTO ${table.name}`
      await connection.run(`${verb} ${read(table, index, path)}`)
      objects.push({ table: table.name, index, key: keyOf(table, index), bytes: readFileSync(path) })
      rmSync(path)
    }
  }
  let version = 0
  return {
    spec,
    objects,
    async oracle(sql) {
      const reader = await connection.runAndReadAll(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (${sql})`)
      return reader.getRowsJson() as (string | null)[][]
    },
    async change(name, index) {
      const table = spec.tables.find((one) => one.name === name) as TableSpec
      const path = await write(table, index, ++version)
      const select = read(table, index, path)
      return {
        key: keyOf(table, index),
        bytes: readFileSync(path),
        async commit() {
          await connection.run(
            `DELETE FROM ${name} WHERE id >= ${index * 100_000} AND id < ${(index + 1) * 100_000}; INSERT INTO ${name} ${select}`,
          )
        },
      }
    },
    close() {
      connection.closeSync()
      instance.closeSync()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
