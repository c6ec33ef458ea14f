/**
 * Writes Trino's own rows of `tpch.tiny` as Parquet into tests/sql/tpch-tiny, one folder a table: `node tests/oracle/make-tpch-tiny.ts`.
 * `WEIR_TRINO_URL` names a running Trino; without, one is started.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DuckDBInstance } from '@duckdb/node-api'
import { formatType } from '#src/types/format'
import { NO_SETTINGS } from '#tests/support/slt'
import { askStatement } from '#tests/support/slt-answer'
import { TPCH_TABLES } from '#tests/support/tpch-schema'
import { startTrino } from '#tests/support/trino-server'

const TARGET = join(import.meta.dirname, '../sql/tpch-tiny')
const KEYS: Readonly<Record<string, string>> = { lineitem: 'orderkey, linenumber', partsupp: 'partkey, suppkey' }

const started = process.env.WEIR_TRINO_URL === undefined ? await startTrino() : undefined
const work = mkdtempSync(join(tmpdir(), 'weir-tpch-tiny-'))
const instance = await DuckDBInstance.create(':memory:')
const duckdb = await instance.connect()
try {
  for (const [name, { columns }] of TPCH_TABLES) {
    const keys = KEYS[name] ?? columns[0]?.name
    const names = columns.map((column) => column.name).join(', ')
    const sql = `SELECT ${names} FROM tpch.tiny.${name} ORDER BY ${keys}`
    const { rows, error } = await askStatement(process.env.WEIR_TRINO_URL ?? (started?.url as string), sql, NO_SETTINGS)
    if (error !== undefined) throw new Error(error.message)
    const json = join(work, `${name}.json`)
    writeFileSync(json, rows.map((row) => `{"r":${row}}\n`).join(''))
    const values = columns.map(({ name: column, type }, index) => `CAST(r->>'$[${index}]' AS ${formatType(type)}) AS ${column}`)
    mkdirSync(join(TARGET, name), { recursive: true })
    await duckdb.run(
      `COPY (SELECT ${values.join(', ')} FROM read_json('${json}', format = 'newline_delimited', columns = {r: 'JSON'}))
       TO '${join(TARGET, name, `${name}.parquet`)}' (FORMAT parquet, COMPRESSION zstd, COMPRESSION_LEVEL 19)`,
    )
    process.stderr.write(`${name}: ${rows.length} rows\n`)
  }
} finally {
  duckdb.closeSync()
  instance.closeSync()
  rmSync(work, { recursive: true, force: true })
  await started?.close()
}
