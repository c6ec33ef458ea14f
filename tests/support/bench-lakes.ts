/** Lakes for benchmarks, written once by DuckDB into `.cache/bench`: months of TPC-H, wide events, gzipped CSV, many small files. */
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { CACHE, moveWhereMissing } from './tools.ts'
import { TPCH_TABLES, tpchLake } from './tpch-data.ts'

/** Runs `write` in a new folder, which is kept under `name` when it is complete. */
async function once(name: string, write: (connection: DuckDBConnection, folder: string) => Promise<void>): Promise<string> {
  const folder = join(CACHE, 'bench', name)
  if (existsSync(folder)) return folder
  const work = `${folder}-${process.pid}`
  mkdirSync(work, { recursive: true })
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    await write(connection, work)
    moveWhereMissing(work, folder)
  } finally {
    connection.closeSync()
    instance.closeSync()
    rmSync(work, { recursive: true, force: true })
  }
  return folder
}

/** TPC-H with lineitem and orders in a folder a month (`shipmonth`, `ordermonth`: `1995-03`). Throws MissingTool without Python. */
export async function tpchMonths(scaleFactor: number): Promise<string> {
  const plain = await tpchLake(scaleFactor)
  return once(`tpch-months-sf${scaleFactor}`, async (connection, folder) => {
    await connection.run("SET memory_limit = '8GB'; SET preserve_insertion_order = false; SET partitioned_write_max_open_files = 200")
    for (const table of TPCH_TABLES) {
      const month = { lineitem: 'shipdate', orders: 'orderdate' }[table as string]
      const source = `read_parquet('${plain}/${table}/*.parquet')`
      mkdirSync(join(folder, table))
      if (month === undefined)
        await connection.run(`COPY (FROM ${source}) TO '${folder}/${table}/part-0.parquet' (FORMAT parquet, COMPRESSION snappy)`)
      else {
        const key = `${month.replace('date', '')}month`
        await connection.run(
          `COPY (SELECT *, strftime(${month}, '%Y-%m') AS ${key} FROM ${source}) TO '${folder}/${table}' (FORMAT parquet, COMPRESSION snappy, PARTITION_BY (${key}), OVERWRITE_OR_IGNORE)`,
        )
      }
    }
  })
}

const WIDE_COLUMNS = 100

/** `events`: 100 columns (integers, doubles, texts, dates), `rows` rows in files of 250,000, keyed by `dt`. */
export function wideEvents(rows: number): Promise<string> {
  return once(`wide-${rows}`, async (connection, folder) => {
    const columns = Array.from({ length: WIDE_COLUMNS - 4 }, (_, index) => {
      switch (index % 4) {
        case 0:
          return `(hash(i * ${index + 1}) % ${10 ** (1 + (index % 6))})::BIGINT AS n${index}`
        case 1:
          return `(hash(i + ${index}) % 100000) / 7.0 AS x${index}`
        case 2:
          return `'value ' || hash(i * ${index}) % ${50 * index} AS s${index}`
        default:
          return `CASE WHEN hash(i + ${index}) % 3 = 0 THEN NULL ELSE DATE '2020-01-01' + (hash(i - ${index}) % 1000)::INTEGER END AS d${index}`
      }
    })
    mkdirSync(join(folder, 'events'))
    const each = 250_000
    for (let part = 0; part * each < rows; part++) {
      const day = new Date(Date.UTC(2024, 0, 1 + part)).toISOString().slice(0, 10)
      mkdirSync(join(folder, 'events', `dt=${day}`))
      await connection.run(
        `COPY (SELECT i AS id, TIMESTAMP '2024-01-01' + to_seconds(i) AS at, ['view', 'click', 'buy'][1 + (hash(i) % 3)::INTEGER] AS kind, (hash(i * 3) % 1000)::INTEGER AS customer,
          ${columns.join(', ')} FROM range(${part * each}, ${Math.min(rows, (part + 1) * each)}) t(i)) TO '${folder}/events/dt=${day}/part.parquet' (FORMAT parquet, COMPRESSION snappy)`,
      )
    }
  })
}

/** `lines`: lineitem of TPC-H as four gzipped CSV files with a header. Throws MissingTool without Python. */
export async function gzippedLines(scaleFactor: number): Promise<string> {
  const plain = await tpchLake(scaleFactor)
  return once(`csv-gz-sf${scaleFactor}`, async (connection, folder) => {
    mkdirSync(join(folder, 'lines'))
    for (let part = 0; part < 4; part++) {
      await connection.run(
        `COPY (FROM read_parquet('${plain}/lineitem/part-${part}.parquet')) TO '${folder}/lines/part-${part}.csv.gz' (FORMAT csv, HEADER true, COMPRESSION gzip)`,
      )
    }
  })
}

/** `files`: so many Parquet files of about 50 KB, keyed by `day`. */
export function smallFiles(count: number): Promise<string> {
  return once(`small-files-${count}`, async (connection, folder) => {
    const rows = 1100
    for (let file = 0; file < count; file++) {
      const day = `day=${String(Math.floor((file * 100) / count)).padStart(2, '0')}`
      mkdirSync(join(folder, 'files', day), { recursive: true })
      await connection.run(
        `COPY (SELECT ${file} * ${rows} + i AS id, hash(i + ${file}) AS h, md5((i + ${file})::VARCHAR) AS text, i % 20 AS kind FROM range(${rows}) t(i)) TO '${folder}/files/${day}/part-${file}.parquet' (FORMAT parquet, COMPRESSION snappy)`,
      )
    }
  })
}

/** `rows`: 8 columns of mixed types in files of a million rows. */
export function eightColumns(rows: number): Promise<string> {
  return once(`eight-columns-${rows}`, async (connection, folder) => {
    mkdirSync(join(folder, 'rows'))
    const each = 1_000_000
    for (let part = 0; part * each < rows; part++) {
      await connection.run(
        `COPY (SELECT i AS id, (i % 1000)::INTEGER AS kind, i / 7.0 AS ratio, ((i % 100000) / 100)::DECIMAL(12, 2) AS price, 'name ' || i % 5000 AS name,
          DATE '2024-01-01' + (i % 365)::INTEGER AS day, TIMESTAMP '2024-01-01' + to_seconds(i) AS at, i % 3 = 0 AS flag
          FROM range(${part * each}, ${Math.min(rows, (part + 1) * each)}) t(i)) TO '${folder}/rows/part-${part}.parquet' (FORMAT parquet, COMPRESSION snappy)`,
      )
    }
  })
}
