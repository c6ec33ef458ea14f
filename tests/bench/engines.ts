/** What is measured: each engine runs one query to its last row and says how long it took. */
import { type ChildProcess, spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DuckDBInstance } from '@duckdb/node-api'
import type { Table } from '#catalog/model'
import { pythonTools } from '#tests/support/tools'
import { type LakeStore, registerTables, startWeirOn } from '#tests/support/tpc-lake'
import { TPCH_TABLES } from '#tests/support/tpch-data'
import { registerWithTrino, startTrino } from '#tests/support/trino-server'
import type { WeirServer } from '#tests/support/weir'

export interface Run {
  /** From sending the query to having its last row. */
  readonly ms: number
  readonly rows: number
  /** Where the time went, where the engine tells. */
  readonly parts?: { readonly planMs: number; readonly fetchMs: number; readonly kernelMs: number }
}

export interface Engine {
  readonly name: string
  run(sql: string): Promise<Run>
  close(): Promise<void>
}

const timed = async <T>(work: () => Promise<T>): Promise<{ readonly ms: number; readonly value: T }> => {
  const started = performance.now()
  const value = await work()
  return { ms: performance.now() - started, value }
}

/** One server; `cold` empties every cache before each run, `warm` finds what the run before left. */
export async function weirEngines(store: LakeStore): Promise<readonly Engine[]> {
  const server = await startWeirOn(store)
  await registerTables(server, store, 'tpch', TPCH_TABLES)
  const close = () => server.stop()
  return [
    {
      name: 'weir cold',
      async run(sql) {
        const cleared = await server.request('/api/v1/cache', { method: 'DELETE' })
        if (!cleared.ok) throw new Error(`The cache was not cleared: ${await cleared.text()}`)
        return runOnWeir(server, sql)
      },
      close,
    },
    { name: 'weir warm', run: (sql) => runOnWeir(server, sql), close: async () => {} },
  ]
}

async function runOnWeir(server: WeirServer, sql: string): Promise<Run> {
  const { ms, value } = await timed(async () => {
    const response = await server.request('/api/v1/sql', {
      method: 'POST',
      headers: { 'content-type': 'text/plain', 'cache-control': 'no-cache' },
      body: sql,
    })
    return response.text()
  })
  const { stats, error } = JSON.parse(value)
  if (error !== undefined) throw new Error(`Weir: ${error.message}`)
  return { ms, rows: stats.rows, parts: { planMs: stats.planMs, fetchMs: stats.fetchMs, kernelMs: stats.kernelMs } }
}

/** DuckDB as Weir has it, on local files: nothing to fetch, nothing to plan. */
export async function duckdbEngine(folder: string): Promise<Engine> {
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`ATTACH ':memory:' AS lake; CREATE SCHEMA lake.tpch`)
  for (const table of TPCH_TABLES) {
    await connection.run(`CREATE VIEW lake.tpch.${table} AS SELECT * FROM read_parquet('${folder}/${table}/*.parquet')`)
  }
  return {
    name: 'duckdb local',
    async run(sql) {
      const { ms, value } = await timed(() => connection.runAndReadAll(sql))
      return { ms, rows: value.currentRowCount }
    },
    async close() {
      connection.closeSync()
      instance.closeSync()
    },
  }
}

/** ClickHouse in a Python process, over the same objects. Throws MissingTool without Python. */
export async function chdbEngine(store: LakeStore): Promise<Engine> {
  const bin = await pythonTools('chdb', ['chdb==4.4.0'])
  const child = spawn(join(bin, 'python'), [join(import.meta.dirname, 'chdb_loop.py'), ...TPCH_TABLES], {
    env: { ...process.env, ...store.env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ask = lineDialog(child)
  await ask({ location: `${store.env.AWS_ENDPOINT_URL_S3}/${store.location.replace('s3://', '')}` })
  return {
    name: 'chdb s3()',
    async run(sql) {
      // It reads no number that begins with its point.
      const text = sql.replaceAll('"lake"."tpch".', 'tpch.').replace(/(?<=\s)\.(?=\d)/g, '0.')
      const { ms, rows } = await ask({ sql: text })
      return { ms: Number(ms), rows: Number(rows) }
    },
    async close() {
      child.stdin?.end()
      await new Promise((resolve) => child.once('exit', resolve))
    },
  }
}

/** One JSON line to a process, one back. */
function lineDialog(child: ChildProcess): (request: unknown) => Promise<Record<string, unknown>> {
  if (child.stdin === null || child.stdout === null) throw new Error('The process has no pipes')
  const { stdin } = child
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  return async (request) => {
    stdin.write(`${JSON.stringify(request)}\n`)
    const { value, done } = await lines.next()
    if (done) throw new Error('The process ended')
    const answer = JSON.parse(value)
    if (answer.error !== undefined) throw new Error(answer.error)
    return answer
  }
}

/** Trino over the same objects, with statistics of all tables. Throws MissingTool without Maven or a JDK. */
export async function trinoEngine(store: LakeStore, tables: ReadonlyMap<string, Pick<Table, 'columns'>>): Promise<Engine> {
  const trino = await startTrino({ s3: store.env, heapGigabytes: 6 })
  await registerWithTrino(trino, 'tpch', store.location, tables)
  for (const name of tables.keys()) await trino.query(`ANALYZE lake.tpch.${name}`)
  return {
    name: 'trino 476',
    async run(sql) {
      const { ms, value } = await timed(() => trino.query(sql))
      return { ms, rows: value.rows.length }
    },
    close: () => trino.close(),
  }
}
