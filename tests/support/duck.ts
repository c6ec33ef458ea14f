import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'

/** DuckDB run directly: makes test files and is the oracle for what they hold. */
let connection: Promise<DuckDBConnection> | undefined

export async function duck(sql: string): Promise<unknown[][]> {
  connection ??= DuckDBInstance.create(':memory:', { threads: '2' }).then(async (instance) => {
    const opened = await instance.connect()
    // Units are filled while it reads them, as in the kernel.
    await opened.run('SET enable_external_file_cache = false')
    await opened.run("SET timezone = 'UTC'")
    return opened
  })
  const reader = await (await connection).runAndReadAll(sql)
  return reader.getRowsJson() as unknown[][]
}
