/** What is measured: each engine runs one query to its last row and says how long it took. */
import { type ChildProcess, spawn } from 'node:child_process'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { DuckDBInstance } from '@duckdb/node-api'
import { pythonTools } from '#tests/support/tools'
import { type LakeStore, registerTables, startWeirOn } from '#tests/support/tpc-lake'
import { registerWithTrino, startTrino } from '#tests/support/trino-server'
import type { WeirServer } from '#tests/support/weir'
import { openOracle } from '#tests/tpc/oracle'
import type { Workload } from './workload.ts'

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
export async function weirEngines(
  store: LakeStore,
  workload: Workload,
): Promise<{ readonly engines: readonly Engine[]; readonly server: WeirServer }> {
  const server = await startWeirOn(store, { args: workload.serverArgs ?? [] })
  await registerTables(server, store, workload.schema, workload.definitions ?? workload.tables)
  const cold: Engine = {
    name: 'weir cold',
    async run(sql) {
      await clearCaches(server)
      return runOnWeir(server, sql)
    },
    close: async () => {},
  }
  const warm: Engine = { name: 'weir warm', run: (sql) => runOnWeir(server, sql), close: () => server.stop() }
  return { engines: workload.cold ? [cold, warm] : [warm], server }
}

/** Listings, footers, data and results. */
export async function clearCaches(server: WeirServer): Promise<void> {
  const cleared = await server.request('/api/v1/cache', { method: 'DELETE' })
  if (!cleared.ok) throw new Error(`The cache was not cleared: ${await cleared.text()}`)
}

/** Runs a query to its last byte, computing it whatever was asked before. Throws with Weir's error. */
export async function runOnWeir(server: WeirServer, sql: string): Promise<Run> {
  const { ms, value } = await timed(() => answerOf(server, sql))
  const { stats, error } = JSON.parse(value)
  if (error !== undefined) throw new Error(`${error.name}: ${error.message}`)
  return { ms, rows: stats.rows, parts: { planMs: stats.planMs, fetchMs: stats.fetchMs, kernelMs: stats.kernelMs } }
}

const connections = new Agent({ keepAlive: true })

/** The whole answer, over a connection that is kept. `fetch` takes 2 ms longer, and 7 ms for an answer of 1 MB: two cores are shared with it. */
function answerOf(server: WeirServer, sql: string): Promise<string> {
  const headers = { 'content-type': 'text/plain', 'cache-control': 'no-cache' }
  return new Promise((resolve, reject) => {
    const asked = request(`${server.url}/api/v1/sql`, { method: 'POST', agent: connections, headers }, (response) => {
      const parts: Buffer[] = []
      response.on('data', (part: Buffer) => parts.push(part))
      response.on('error', reject)
      response.on('end', () => resolve(Buffer.concat(parts).toString()))
    })
    asked.on('error', reject)
    asked.end(sql)
  })
}

/** DuckDB as Weir has it, on local files: nothing to fetch, nothing to plan. */
export async function duckdbEngine(workload: Workload): Promise<Engine> {
  const { folder, schema, tables, duckdbSource = (table: string) => `read_parquet('${folder}/${table}/**/*.parquet')` } = workload
  const instance = await DuckDBInstance.create(':memory:')
  const connection = await instance.connect()
  await connection.run(`ATTACH ':memory:' AS lake; CREATE SCHEMA lake.${schema}; USE lake.${schema}; SET integer_division = true`)
  for (const table of tables) await connection.run(`CREATE VIEW lake.${schema}.${table} AS SELECT * FROM ${duckdbSource(table)}`)
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
export function chdbEngine(store: LakeStore, workload: Workload): Promise<Engine> {
  // It reads no number that begins with its point.
  const adapt = (sql: string): string => sql.replace(/(?<=\s)\.(?=\d)/g, '0.')
  const location = `${store.env.AWS_ENDPOINT_URL_S3}/${store.location.replace('s3://', '')}`
  return pythonEngine('chdb s3()', { tools: ['chdb', ['chdb==4.4.0']], script: 'chdb_loop.py', location, adapt }, store, workload)
}

/** DuckDB in a Python process over pyarrow's S3 client. Throws MissingTool without Python. */
export function pyarrowEngine(store: LakeStore, workload: Workload): Promise<Engine> {
  const tools = ['duckdb-pyarrow', ['duckdb==2.0.0', 'pyarrow==21.0.0']] as const
  return pythonEngine(
    'duckdb pyarrow',
    { tools, script: 'pyarrow_loop.py', location: store.location, adapt: (sql) => sql },
    store,
    workload,
  )
}

interface PythonProgram {
  readonly tools: readonly [string, readonly string[]]
  readonly script: string
  readonly location: string
  readonly adapt: (sql: string) => string
}

async function pythonEngine(name: string, program: PythonProgram, store: LakeStore, workload: Workload): Promise<Engine> {
  const bin = await pythonTools(...program.tools)
  const child = spawn(join(bin, 'python'), [join(import.meta.dirname, program.script), ...workload.tables], {
    env: { ...process.env, ...store.env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const ask = lineDialog(child)
  await ask({ location: program.location })
  return {
    name,
    async run(sql) {
      const { ms, rows } = await ask({ sql: program.adapt(sql.replaceAll(`"lake"."${workload.schema}".`, 'tpch.')) })
      return { ms: Number(ms), rows: Number(rows) }
    },
    async close() {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.stdin?.end()
      await ended
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
export async function trinoEngine(store: LakeStore, workload: Workload): Promise<Engine> {
  const trino = await startTrino({ s3: store.env, heapGigabytes: 6 })
  const tables = workload.definitions ?? (await tableTypes(workload))
  await registerWithTrino(trino, workload.schema, store.location, tables)
  for (const name of tables.keys()) await trino.query(`ANALYZE lake.${workload.schema}.${name}`)
  return {
    name: 'trino 476',
    async run(sql) {
      const { ms, value } = await timed(() => trino.query(sql))
      return { ms, rows: value.rows.length }
    },
    close: () => trino.close(),
  }
}

async function tableTypes({ schema, folder, tables }: Workload) {
  const oracle = await openOracle(schema, folder, tables)
  const types = await oracle.tables()
  oracle.close()
  return types
}
