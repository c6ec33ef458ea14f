/**
 * A real Trino 476 on the loopback: the judge of what an answer is. It has a Hive catalog `lake` over a folder or MinIO, and the
 * catalogs `tpch`, `tpcds` and `memory`.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Table } from '#catalog/model'
import { formatType } from '#src/types/format'
import { freePort } from './store-servers.ts'
import { CACHE, MissingTool, mavenFile, moveWhereMissing, runTool } from './tools.ts'

const VERSION = '476'
const START_MS = 240_000
/** Catalogs of their own name that need nothing: two that generate tables, one that holds tables in memory. */
const GENERATORS = ['tpch', 'tpcds', 'memory']

interface TrinoAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** Values as Trino's protocol writes them. */
  readonly rows: readonly (readonly unknown[])[]
}

export interface TrinoServer {
  /** Of its HTTP server, without a path. */
  readonly url: string
  /** Throws Error with Trino's name and message when the query fails; `parse` reads each page of the answer. */
  query(sql: string, parse?: (text: string) => unknown): Promise<TrinoAnswer>
  close(): Promise<void>
}

export interface TrinoOptions {
  /** Variables that lead to MinIO; none: local files. */
  readonly s3?: Readonly<Record<string, string>>
  readonly heapGigabytes?: number
}

export class TrinoError extends Error {
  /** `DIVISION_BY_ZERO`, … */
  readonly errorName: string
  /** `USER_ERROR`, `INTERNAL_ERROR`, `INSUFFICIENT_RESOURCES`, `EXTERNAL`. */
  readonly type: string

  constructor(error: { readonly errorName: string; readonly errorType: string; readonly message: string }) {
    super(error.message)
    this.name = 'TrinoError'
    this.errorName = error.errorName
    this.type = error.errorType
  }
}

/** Downloads (820 MB) and starts Trino. Throws MissingTool without Maven or a JDK of version 24 or later. */
export async function startTrino(options: TrinoOptions = {}): Promise<TrinoServer> {
  const java = await findJava()
  const home = await installTrino()
  const folder = mkdtempSync(join(tmpdir(), 'weir-trino-'))
  const port = await freePort()
  writeConfiguration(folder, home, port, options)
  const child = spawn(join(home, 'bin/launcher'), ['run', '--etc-dir', join(folder, 'etc'), '--data-dir', folder], {
    env: { ...process.env, JAVA_HOME: java, PATH: `${java}/bin:${process.env.PATH}` },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  const keep = (bytes: Buffer): void => {
    log = (log + bytes.toString('utf8')).slice(-4000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const url = `http://127.0.0.1:${port}`
  const close = async (): Promise<void> => {
    await stop(child)
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await started(child, url)
  } catch (error) {
    await close()
    throw new Error(`Trino did not start: ${log}`, { cause: error })
  }
  return { url, query: (sql, parse) => runQuery(url, sql, parse ?? JSON.parse), close }
}

/** A Trino that runs already; closing leaves it so. */
export function connectTrino(url: string): TrinoServer {
  return { url, query: (sql, parse) => runQuery(url, sql, parse ?? JSON.parse), close: async () => {} }
}

/** Registers tables of a lake in `lake.<schema>`, each in a folder of its name below `location`. */
export async function registerWithTrino(
  trino: TrinoServer,
  schema: string,
  location: string,
  tables: ReadonlyMap<string, Pick<Table, 'columns'>>,
): Promise<void> {
  await trino.query(`CREATE SCHEMA IF NOT EXISTS lake.${schema}`)
  for (const [name, { columns }] of tables) {
    const list = columns.map((column) => `"${column.name}" ${formatType(column.type)}`).join(', ')
    await trino.query(`CREATE TABLE lake.${schema}.${name} (${list}) WITH (external_location = '${location}${name}', format = 'PARQUET')`)
  }
}

async function findJava(): Promise<string> {
  const candidates = [process.env.JAVA_HOME, ...homes('/usr/lib/jvm'), ...homes('/Library/Java/JavaVirtualMachines', 'Contents/Home')]
  for (const home of candidates) {
    if (home === undefined || !existsSync(join(home, 'bin/java'))) continue
    const major = /^(\d+)/.exec(await runTool(join(home, 'bin/java'), ['--version']).then((text) => text.replace(/^\S+ /, '')))
    if (major !== null && Number(major[1]) >= 24) return home
  }
  throw new MissingTool(`Trino ${VERSION} needs a JDK of version 24 or later (JAVA_HOME or /usr/lib/jvm)`)
}

function homes(folder: string, below = ''): readonly string[] {
  return existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name, below)) : []
}

async function installTrino(): Promise<string> {
  const home = join(CACHE, 'trino', `trino-server-${VERSION}`)
  if (existsSync(home)) return home
  const archive = await mavenFile(`io.trino:trino-server:${VERSION}:tar.gz`)
  const work = join(CACHE, 'trino', String(process.pid))
  mkdirSync(work, { recursive: true })
  await runTool('tar', ['-xzf', archive, '-C', work])
  moveWhereMissing(join(work, `trino-server-${VERSION}`), home)
  rmSync(work, { recursive: true, force: true })
  return home
}

function writeConfiguration(folder: string, home: string, port: number, { s3, heapGigabytes = 4 }: TrinoOptions): void {
  // Only what is used starts: 60 plugins take a minute to load.
  mkdirSync(join(folder, 'plugins'))
  for (const plugin of ['hive', ...GENERATORS]) symlinkSync(join(home, 'plugin', plugin), join(folder, 'plugins', plugin))
  mkdirSync(join(folder, 'etc/catalog'), { recursive: true })
  mkdirSync(join(folder, 'metastore'))
  const files: Readonly<Record<string, readonly string[]>> = {
    'node.properties': ['node.environment=test', 'node.id=one', `node.data-dir=${folder}`],
    'jvm.config': [`-Xmx${heapGigabytes}G`, '-XX:+UseG1GC', '-XX:+ExitOnOutOfMemoryError', '-Djdk.attach.allowAttachSelf=true'],
    'log.properties': ['io.trino=WARN'],
    'config.properties': [
      'coordinator=true',
      'node-scheduler.include-coordinator=true',
      `http-server.http.port=${port}`,
      'node.internal-address=127.0.0.1',
      'http-server.http.enabled=true',
      `discovery.uri=http://127.0.0.1:${port}`,
      `plugin.dir=${folder}/plugins`,
      'catalog.management=static',
    ],
    ...Object.fromEntries(GENERATORS.map((name) => [`catalog/${name}.properties`, [`connector.name=${name}`]])),
    'catalog/lake.properties': [
      'connector.name=hive',
      'hive.metastore=file',
      `hive.metastore.catalog.dir=local://${folder}/metastore`,
      'hive.security=allow-all',
      'fs.native-local.enabled=true',
      'local.location=/',
      ...(s3 === undefined
        ? []
        : [
            'fs.native-s3.enabled=true',
            `s3.endpoint=${s3.AWS_ENDPOINT_URL_S3}`,
            `s3.region=${s3.AWS_REGION}`,
            's3.path-style-access=true',
            `s3.aws-access-key=${s3.AWS_ACCESS_KEY_ID}`,
            `s3.aws-secret-key=${s3.AWS_SECRET_ACCESS_KEY}`,
          ]),
    ],
  }
  for (const [name, lines] of Object.entries(files)) writeFileSync(join(folder, 'etc', name), `${lines.join('\n')}\n`)
}

async function started(child: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + START_MS
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`it ended with exit code ${child.exitCode}`)
    const ready = await fetch(`${url}/v1/info`).then(
      async (answer) => answer.ok && ((await answer.json()) as { readonly starting: boolean }).starting === false,
      () => false,
    )
    // It answers before it has counted itself among its workers.
    if (ready) return void (await runQuery(url, 'SELECT table_name FROM lake.information_schema.tables', JSON.parse))
    await sleep(500)
  }
  throw new Error(`it did not answer within ${START_MS} ms`)
}

interface Page {
  readonly nextUri?: string
  readonly columns?: TrinoAnswer['columns']
  readonly data?: TrinoAnswer['rows']
  readonly error?: { readonly errorName: string; readonly errorType: string; readonly message: string }
}

/** A catalog's tables may have no worker yet when the catalog itself has. */
const WORKER_ATTEMPTS = 40

async function runQuery(url: string, sql: string, parse: (text: string) => unknown): Promise<TrinoAnswer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await runOnce(url, sql, parse)
    } catch (error) {
      if (attempt === WORKER_ATTEMPTS || !(error instanceof TrinoError) || error.errorName !== 'NO_NODES_AVAILABLE') throw error
      await sleep(500)
    }
  }
}

async function runOnce(url: string, sql: string, parse: (text: string) => unknown): Promise<TrinoAnswer> {
  const headers = { 'x-trino-user': 'weir', 'x-trino-time-zone': 'UTC' }
  const rows: (readonly unknown[])[] = []
  let columns: TrinoAnswer['columns'] = []
  let answer = await fetch(`${url}/v1/statement`, { method: 'POST', headers, body: sql })
  for (;;) {
    if (!answer.ok) throw new Error(`Trino answered ${answer.status}: ${await answer.text()}`)
    const page = parse(await answer.text()) as Page
    if (page.error !== undefined) throw new TrinoError(page.error)
    if (page.columns !== undefined) columns = page.columns
    for (const row of page.data ?? []) rows.push(row)
    if (page.nextUri === undefined) break
    answer = await fetch(page.nextUri, { headers })
  }
  return { columns: columns.map(({ name, type }) => ({ name, type })), rows }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), 15_000)
  await ended
  clearTimeout(timer)
}
