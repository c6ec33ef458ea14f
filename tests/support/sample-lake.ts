/** A small partitioned lake in a folder, written by DuckDB, for tests that go through the whole of Weir. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'

export interface SampleLake {
  readonly folder: string
  /** Runs SQL in DuckDB, the oracle; values as JSON would hold them (bigint as number). */
  duck(sql: string): Promise<unknown[][]>
  close(): void
}

/** `trips/` (Parquet, keys year and month, 12 partitions, 1,200 rows) below `folder`. */
export async function sampleLake(): Promise<SampleLake> {
  const folder = mkdtempSync(join(tmpdir(), 'weir-lake-'))
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`
    COPY (
      SELECT i AS id, 'name ' || (i % 7) AS name, (i * 1.25)::DECIMAL(10, 2) AS fare, i / 3.0 AS ratio, DATE '2024-01-01' + (i % 30)::INTEGER AS day,
        TIMESTAMP '2024-01-01 00:00:00' + to_seconds(i) AS at, i % 5 = 0 AS flag, CASE WHEN i % 10 = 0 THEN NULL ELSE i END AS maybe, [i, i + 1] AS pair,
        2023 + i % 2 AS year, 1 + i % 6 AS month
      FROM range(1200) t(i)
    ) TO '${join(folder, 'trips')}' (FORMAT parquet, PARTITION_BY (year, month))`)
  return {
    folder,
    async duck(sql) {
      const rows = await (await connection.runAndReadAll(sql)).getRowsJson()
      return rows.map((row) => row.map((value) => (typeof value === 'string' && /^-?\d+$/.test(value) ? Number(value) : value)))
    },
    close() {
      connection.closeSync()
      instance.closeSync()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
