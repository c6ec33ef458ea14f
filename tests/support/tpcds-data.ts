/** TPC-DS as a lake of Parquet files with the types of Trino's tpcds connector, made by that connector's own generator. */
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Table, TableColumn } from '#catalog/model'
import { formatType } from '#src/types/format'
import { CACHE, mavenJar, moveWhereMissing, runTool } from './tools.ts'
import { TPCDS_TABLES } from './tpcds-schema.ts'

const GENERATOR = ['io.trino.tpcds:tpcds:1.4', 'io.airlift:airline:0.8', 'javax.inject:javax.inject:1', 'com.google.guava:guava:21.0']

/** All but dbgen_version, which no query reads. */
export const TPCDS_LAKE_TABLES: ReadonlyMap<string, Table> = new Map([...TPCDS_TABLES].filter(([name]) => name !== 'dbgen_version'))

/**
 * Folder with one subfolder and one file a table; scale 0.01 is Trino's schema `tiny`: 120,000 store sales.
 * Throws MissingTool without Maven and Java.
 */
export async function tpcdsLake(scale: number): Promise<string> {
  const folder = join(CACHE, 'tpcds', `sf${scale}`)
  if (existsSync(folder)) return folder
  const jars: string[] = []
  for (const artifact of GENERATOR) jars.push(await mavenJar(artifact))
  const work = `${folder}-${process.pid}`
  const raw = join(work, 'raw')
  mkdirSync(raw, { recursive: true })
  await runTool('java', ['-cp', jars.join(':'), 'io.trino.tpcds.Driver', '--directory', raw, '--scale', String(scale), '--overwrite'], {
    timeoutMs: 1_800_000,
  })
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  for (const [name, table] of TPCDS_LAKE_TABLES) {
    const target = join(work, 'lake', name)
    mkdirSync(target, { recursive: true })
    await connection.run(
      `COPY (SELECT * EXCLUDE ("end of row") FROM ${generatedRows(join(raw, `${name}.dat`), table.columns)}) TO '${join(target, 'part-0.parquet')}' (FORMAT parquet, COMPRESSION snappy)`,
    )
  }
  connection.closeSync()
  instance.closeSync()
  moveWhereMissing(join(work, 'lake'), folder)
  rmSync(work, { recursive: true, force: true })
  return folder
}

/** The generator writes Latin-1, `|` behind every value, nothing for NULL, and quotes nothing. */
function generatedRows(file: string, columns: readonly TableColumn[]): string {
  const types = columns.map(({ name, type }) => `'${name}': '${formatType(type)}'`)
  return `read_csv('${file}', auto_detect = false, header = false, delim = '|', quote = '', escape = '', nullstr = '', encoding = 'latin-1',
    columns = {${[...types, "'end of row': 'varchar'"].join(', ')}})`
}
