/** Bytes of small files, written by DuckDB, for buckets of the test servers. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

/** `COPY (sql) TO file (options)` as bytes. */
export async function copyBytes(sql: string, options = 'FORMAT parquet'): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), 'weir-copy-'))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  try {
    const file = join(folder, 'file')
    await connection.run(`COPY (${sql}) TO '${file}' (${options})`)
    return readFileSync(file)
  } finally {
    connection.closeSync()
    instance.closeSync()
    rmSync(folder, { recursive: true, force: true })
  }
}
