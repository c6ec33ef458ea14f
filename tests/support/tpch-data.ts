/** TPC-H as a lake of Parquet files, made by tpchgen (PyPI) and renamed to the columns that the query texts name. */
import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { CACHE, moveWhereMissing, pythonTools, runTool } from './tools.ts'

export const TPCH_TABLES = ['customer', 'lineitem', 'nation', 'orders', 'part', 'partsupp', 'region', 'supplier'] as const

/**
 * Folder with one subfolder a table. lineitem and orders come in four files each, as a lake would have them.
 * Throws MissingTool without Python.
 */
export async function tpchLake(scaleFactor: number): Promise<string> {
  const folder = join(CACHE, 'tpch', `sf${scaleFactor}`)
  if (existsSync(folder)) return folder
  const bin = await pythonTools('tpchgen', ['tpchgen-cli==4.0.0'])
  const work = `${folder}-${process.pid}`
  const raw = join(work, 'raw')
  mkdirSync(raw, { recursive: true })
  await runTool(join(bin, 'tpchgen-cli'), ['parquet', '-s', String(scaleFactor), '--output-dir', raw], { timeoutMs: 900_000 })
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run('SET preserve_insertion_order = true')
  for (const table of TPCH_TABLES) {
    const target = join(work, 'lake', table)
    mkdirSync(target, { recursive: true })
    const source = readdirSync(raw).includes(`${table}.parquet`) ? join(raw, `${table}.parquet`) : join(raw, table, '*.parquet')
    const columns = (await (await connection.runAndReadAll(`DESCRIBE SELECT * FROM '${source}'`)).getRows()).map((row) => String(row[0]))
    const select = columns.map((column) => `"${column}" AS "${column.replace(/^[a-z]+_/, '')}"`).join(', ')
    const parts = table === 'lineitem' || table === 'orders' ? 4 : 1
    const [[rows]] = (await (await connection.runAndReadAll(`SELECT count(*) FROM '${source}'`)).getRows()) as [[bigint]]
    const each = Math.ceil(Number(rows) / parts)
    for (let part = 0; part < parts; part++) {
      await connection.run(
        `COPY (SELECT ${select} FROM '${source}' LIMIT ${each} OFFSET ${part * each}) TO '${join(target, `part-${part}.parquet`)}' (FORMAT parquet, COMPRESSION snappy)`,
      )
    }
  }
  connection.closeSync()
  instance.closeSync()
  moveWhereMissing(join(work, 'lake'), folder)
  rmSync(work, { recursive: true, force: true })
  return folder
}
