/** A real PostgreSQL server in a folder of its own, on a free port of the loopback. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { freePort } from './store-servers.ts'
import { MissingTool } from './tools.ts'

export interface PostgresServer {
  /** `postgres://weir:…@127.0.0.1:port/postgres` */
  readonly url: string
  readonly port: number
  /** Ends every connection to it, as a restart of the server does. */
  restart(): Promise<void>
  close(): Promise<void>
}

const START_MS = 120_000
const PASSWORD = 'p%40ss:w/rd'

/** Throws MissingTool where the machine has no PostgreSQL server. */
export async function startPostgres(): Promise<PostgresServer> {
  const binaries = findBinaries()
  const folder = mkdtempSync(join(tmpdir(), 'weir-postgres-'))
  const user = serverUser()
  chmodSync(folder, 0o700)
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const made = spawnSync(join(binaries, 'initdb'), ['-D', data, '-U', 'weir', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '-N'], {
    ...user,
    cwd: folder,
    encoding: 'utf8',
  })
  if (made.status !== 0) throw new Error(`initdb failed: ${made.stderr}`)
  const port = await freePort()
  const url = `postgres://weir:${PASSWORD.replace('/', '%2F')}@127.0.0.1:${port}/postgres`
  const start = async () => {
    const child = spawn(join(binaries, 'postgres'), ['-D', data, '-p', String(port), '-h', '127.0.0.1', '-k', folder, '-c', 'fsync=off'], {
      ...user,
      cwd: folder,
      stdio: 'ignore',
    })
    await answering(child, url)
    return child
  }
  let child = await start()
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    // SIGINT: fast shutdown, which ends the connections.
    child.kill('SIGINT')
    await ended
  }
  return {
    url,
    port,
    async restart() {
      await stop()
      child = await start()
    },
    async close() {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function findBinaries(): string {
  const root = '/usr/lib/postgresql'
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : []
  const places = [...versions.map((version) => join(root, version, 'bin')), ...(process.env.PATH ?? '').split(':')]
  const found = places.find((place) => existsSync(join(place, 'initdb')) && existsSync(join(place, 'postgres')))
  if (found === undefined) throw new MissingTool('PostgreSQL is not installed (Debian: apt install postgresql)')
  return found
}

/** The server refuses to run as root: then it runs as the user that its package made. */
function serverUser(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined
  const id = (what: '-u' | '-g'): number => Number(spawnSync('id', [what, 'postgres'], { encoding: 'utf8' }).stdout.trim() || Number.NaN)
  const [uid, gid] = [id('-u'), id('-g')]
  if (Number.isNaN(uid)) throw new MissingTool('There is no user postgres to run PostgreSQL as')
  return { uid, gid }
}

/** Until it answers a query: it takes connections before, and refuses them while it starts. */
async function answering(child: ChildProcess, url: string): Promise<void> {
  for (const end = Date.now() + START_MS; Date.now() < end; await sleep(50)) {
    if (child.exitCode !== null) throw new Error(`PostgreSQL ended with exit code ${child.exitCode}`)
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 })
    const answer = await client
      .connect()
      .then(() => client.query('select 1'))
      .catch(() => undefined)
    await client.end().catch(() => undefined)
    if (answer !== undefined) return
  }
  throw new Error('PostgreSQL did not start')
}
