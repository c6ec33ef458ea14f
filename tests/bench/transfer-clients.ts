/** Ways to read a result over the Trino protocol, each to its last row. */
import { join } from 'node:path'
import { mavenJar, pythonTools, runTool } from '#tests/support/tools'

export interface Transfer {
  readonly ms: number
  /** Processor time of the client's process, all threads. */
  readonly cpuMs: number
  /** Undefined where the client does not look into what it reads. */
  readonly rows?: number
  readonly bytes?: number
}

export interface TransferServer {
  /** `127.0.0.1:port`. */
  readonly host: string
  /** Asks for spooled rows; undefined: rows in the pages. */
  readonly encoding?: string
  /** A session property, such as one that has each query computed. */
  readonly property?: { readonly name: string; readonly value: string }
}

export type TransferClient = (server: TransferServer, sql: string) => Promise<Transfer>

const HEADERS = { 'x-trino-user': 'bench', 'x-trino-client-capabilities': 'PATH,PARAMETRIC_DATETIME' }
const CLIENTS = join(import.meta.dirname, '../clients')

/** Reads all bytes, of which only the next address is looked at. */
export const rawHttp: TransferClient = async ({ host, encoding, property }, sql) => {
  const started = performance.now()
  const used = process.cpuUsage()
  const headers = {
    ...HEADERS,
    ...(encoding !== undefined && { 'x-trino-query-data-encoding': encoding }),
    ...(property !== undefined && { 'x-trino-session': `${property.name}=${property.value}` }),
  }
  let page = await fetched(await fetch(`http://${host}/v1/statement`, { method: 'POST', headers, body: sql }))
  let bytes = 0
  for (;;) {
    // The head of a page that carries rows has the address; one without rows may have an error.
    const head = page.subarray(0, 4096).toString('latin1')
    if (encoding !== undefined || page.length < 65_536) bytes += await segments(page)
    bytes += page.length
    const next = /"nextUri":"([^"]+)"/.exec(head)?.[1]
    if (next === undefined) {
      const { user, system } = process.cpuUsage(used)
      return { ms: performance.now() - started, cpuMs: (user + system) / 1000, bytes }
    }
    page = await fetched(await fetch(next))
  }
}

async function fetched(response: Response): Promise<Buffer> {
  if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`)
  return Buffer.from(await response.arrayBuffer())
}

/** Reads the files that a page tells of; gives their bytes. Throws the page's error. */
async function segments(page: Buffer): Promise<number> {
  const { data, error } = JSON.parse(page.toString())
  if (error !== undefined) throw new Error(error.message)
  let bytes = 0
  for (const { uri, ackUri } of Array.isArray(data) ? [] : (data?.segments ?? [])) {
    if (uri === undefined) continue
    bytes += (await fetched(await fetch(uri))).length
    await fetched(await fetch(ackUri))
  }
  return bytes
}

/** The second of two runs in one process, which has its classes loaded. */
export const jdbc: TransferClient = async (server, sql) => {
  const jar = await mavenJar('io.trino:trino-jdbc:476')
  const lines = await runTool('java', ['-cp', jar, join(CLIENTS, 'JdbcRows.java'), ...programArguments(server, sql, 2)], {
    timeoutMs: 1_200_000,
  })
  return lastLine(lines)
}

export const python: TransferClient = async (server, sql) => {
  const bin = await pythonTools('trino-client', ['trino==0.340.0'])
  const program = join(CLIENTS, 'python_rows.py')
  return lastLine(await runTool(join(bin, 'python'), [program, ...programArguments(server, sql, 1)], { timeoutMs: 1_200_000 }))
}

function programArguments({ host, encoding = 'none', property }: TransferServer, sql: string, times: number): readonly string[] {
  return [host, encoding, sql, String(times), ...(property === undefined ? [] : [`${property.name}:${property.value}`])]
}

function lastLine(lines: string): Transfer {
  const line = lines.trim().split('\n').at(-1) ?? ''
  if (!/^\d/.test(line)) throw new Error(line)
  const [rows, , ms, cpuMs] = line.split(' ').map(Number)
  return { rows: rows as number, ms: ms as number, cpuMs: cpuMs as number }
}

/** One short statement to its end: its milliseconds. */
export const shortQuery = async (server: TransferServer, sql: string): Promise<number> => (await rawHttp(server, sql)).ms

/** `connections` clients ask one after the other for `seconds`; milliseconds of each query. */
export async function shortQueries(
  server: TransferServer,
  connections: number,
  seconds: number,
  sqlOf: (n: number) => string,
): Promise<readonly number[]> {
  const deadline = performance.now() + seconds * 1000
  const taken: number[] = []
  let n = 0
  await Promise.all(
    Array.from({ length: connections }, async () => {
      while (performance.now() < deadline) taken.push(await shortQuery(server, sqlOf(n++)))
    }),
  )
  return taken
}
