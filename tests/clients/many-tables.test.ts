/** 2,000 tables of 100 columns, listed by trino-jdbc. */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { describe, expect, it } from 'vitest'
import { mavenJar, runTool } from '#tests/support/tools'
import { startWeir, type WeirServer } from '#tests/support/weir'
import { installed } from './client-server.ts'

const TABLES = 2000
const COLUMNS = 100
/** Of the quickest of six listings: a third of a second where nothing else runs, ten times that beside much other work. */
const MOST_MS = 30_000

const jar = await installed('trino-jdbc', async () => {
  await runTool('javac', ['-version'])
  return mavenJar('io.trino:trino-jdbc:476')
})

describe.skipIf(jar === undefined)('many tables', () => {
  it('are listed by trino-jdbc 476', async () => {
    const server = await startWeir()
    try {
      fill(server)
      const output = await runTool('java', [
        '-cp',
        jar as string,
        join(import.meta.dirname, 'JdbcListing.java'),
        new URL(server.url).host,
        'many',
      ])
      const [tables, columns, table] = output
        .trim()
        .split('\n')
        .map((line) => line.split(' ').slice(1).map(Number)) as [number[], number[], number[]]
      process.stderr.write(`getTables ${tables[1]} ms, getColumns ${columns[1]} ms, of one table ${table[1]} ms\n`)
      expect([tables[0], columns[0], table[0]]).toEqual([TABLES, TABLES * COLUMNS, COLUMNS])
      expect(Math.max(tables[1] as number, columns[1] as number)).toBeLessThan(MOST_MS)
    } finally {
      await server.stop()
    }
  })
})

/** Straight into the catalog's file: through the server it would take a minute. */
function fill(server: WeirServer): void {
  const types = ['bigint', 'varchar', 'decimal(12,2)', 'timestamp(3)', 'array(integer)', 'row(x integer, y varchar)', 'varchar(7)']
  const database = new DatabaseSync(join(server.data, 'catalog.db'))
  database.exec(`BEGIN; INSERT INTO schemas (name) VALUES ('many')`)
  const insert = database.prepare(
    `INSERT INTO tables (schema_name, name, format, location, columns, partition_keys, properties, version, id) VALUES ('many', ?, 'parquet', ?, ?, '[]', '{}', 1, ?)`,
  )
  for (let table = 0; table < TABLES; table++) {
    const columns = Array.from({ length: COLUMNS }, (_, at) => ({ name: `column_${at}`, type: types[(table + at) % types.length] }))
    insert.run(`t${table}`, `s3://bucket/t${table}/`, JSON.stringify(columns), 1_000_000 + table)
  }
  database.exec('COMMIT')
  database.close()
}
