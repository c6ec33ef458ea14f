/** DuckDB run directly on a lake's files, with the same text: what Weir's answers are compared with. */
import { DuckDBInstance } from '@duckdb/node-api'
import type { Table } from '#catalog/model'
import { parseType } from '#src/types/parse'
import type { Answer } from './answer.ts'

export interface Oracle {
  /** Throws DuckDB's error when it does not understand the text. */
  query(sql: string): Promise<Answer>
  /** The tables with the types of their files. */
  tables(): Promise<ReadonlyMap<string, Pick<Table, 'columns'>>>
  close(): void
}

/** `lake.<schema>.<table>` over `<folder>/<table>/*.parquet`. */
export async function openOracle(schema: string, folder: string, tables: readonly string[]): Promise<Oracle> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`ATTACH ':memory:' AS lake; CREATE SCHEMA lake.${schema}`)
  for (const table of tables) {
    await connection.run(`CREATE VIEW lake.${schema}.${table} AS SELECT * FROM read_parquet('${folder}/${table}/*.parquet')`)
  }
  // Integers divide to integers, as in Trino.
  await connection.run(`USE lake.${schema}; SET integer_division = true`)
  const query = async (sql: string): Promise<Answer> => {
    const reader = await connection.runAndReadAll(sql)
    const types = reader.columnTypes().map(String)
    return { columns: types.map((type, index) => ({ name: reader.columnName(index), type })), rows: reader.getRowsJson() }
  }
  return {
    query,
    async tables() {
      const found = new Map<string, Pick<Table, 'columns'>>()
      for (const table of tables) {
        const { columns } = await query(`SELECT * FROM lake.${schema}.${table} LIMIT 0`)
        found.set(table, { columns: columns.map(({ name, type }) => ({ name, type: parseType(type.toLowerCase()) })) })
      }
      return found
    },
    close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}
