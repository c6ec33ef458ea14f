/**
 * Trino's clients reading rows from Weir, from a server that only repeats Weir's answers (the floor) and, with `--engines trino`,
 * from Trino 476 over the same files, in turn: raw HTTP, trino-jdbc and Python, rows in the pages and spooled; then `SELECT 1` and
 * short queries from 16 connections.
 */
import { parseType } from '#src/types/parse'
import { eightColumns } from '#tests/support/bench-lakes'
import { MissingTool } from '#tests/support/tools'
import { registerTables } from '#tests/support/tpc-lake'
import { registerWithTrino, startTrino, type TrinoServer } from '#tests/support/trino-server'
import { startWeir } from '#tests/support/weir'
import { startFloorServer } from '../floor-server.ts'
import { type Measure, median, percentile } from '../report.ts'
import type { Suite } from '../suite.ts'
import {
  jdbc,
  python,
  rawHttp,
  shortQueries,
  shortQuery,
  type Transfer,
  type TransferClient,
  type TransferServer,
} from '../transfer-clients.ts'

const CLIENTS: Readonly<Record<string, TransferClient>> = { 'raw HTTP': rawHttp, 'trino-jdbc': jdbc, 'Python trino': python }
const CONNECTIONS = 16
/** Blocks of `SELECT 1`, engine after engine; the first warms up. */
const BLOCKS = 10
const BLOCK = 30
/** The same types in both servers: Trino's Hive connector has no timestamps of microseconds. */
const COLUMNS = [
  'id bigint',
  'kind integer',
  'ratio double',
  'price decimal(12,2)',
  'name varchar',
  'day date',
  'at timestamp(3)',
  'flag boolean',
].map((column) => {
  const [name, type] = column.split(' ') as [string, string]
  return { name, type: parseType(type) }
})
const TABLES = new Map([['rows', { columns: COLUMNS }]])

interface Server extends TransferServer {
  readonly name: string
}

/** Trino has no results to give again. */
const COMPUTED = { name: 'reuse_results', value: 'false' }

export const clients: Suite = {
  name: 'clients',
  scale: 10_000_000,
  slice: 50_000,
  repeats: 3,
  engines: ['trino'],
  async run({ scale, repeats, engines, tell }) {
    const sizes = [...new Set([Math.ceil(scale / 10), scale])]
    const folders = new Map(await Promise.all(sizes.map(async (size) => [size, await eightColumns(size)] as const)))
    const stores = [...folders].map(([size, folder]) => ({ size, store: { location: `${folder}/`, env: {}, close: async () => {} } }))
    const weir = await startWeir({ args: stores.flatMap(({ store }) => ['--allow', store.location]) })
    const trino = engines.includes('trino') ? await startTrinoOn(folders, tell) : undefined
    try {
      for (const { size, store } of stores) await registerTables(weir, store, schemaOf(size), TABLES)
      const plain: Server = { name: 'weir', host: new URL(weir.url).host, property: COMPUTED }
      const peers: readonly Server[] = trino === undefined ? [] : [{ name: 'trino', host: new URL(trino.url).host }]
      const measures: Measure[] = []
      const spooled: Server = { ...plain, name: 'weir, spooled', encoding: 'json+zstd' }
      for (const [client, read] of Object.entries(CLIENTS)) {
        try {
          for (const size of sizes) measures.push(...(await transfers(client, read, size, [plain, spooled], peers, repeats)))
        } catch (error) {
          if (!(error instanceof MissingTool)) throw error
          tell(`without ${client}: ${error.message}`)
        }
      }
      measures.push(...(await selectOne([plain, ...peers])))
      for (const server of [plain, ...peers])
        measures.push(...(await many(server, schemaOf(sizes[0] as number), scale >= 1_000_000 ? 15 : 3)))
      return { measures }
    } finally {
      await weir.stop()
      await trino?.close()
    }
  },
}

const schemaOf = (size: number): string => `rows_${size}`

async function startTrinoOn(folders: ReadonlyMap<number, string>, tell: (text: string) => void): Promise<TrinoServer | undefined> {
  try {
    const trino = await startTrino()
    for (const [size, folder] of folders) {
      await registerWithTrino(trino, schemaOf(size), `local://${folder}/`, TABLES)
      // It has no worker for a table at once, and is warm afterwards.
      await trino.query(`SELECT count(*) FROM lake.${schemaOf(size)}.rows`)
    }
    return trino
  } catch (error) {
    if (!(error instanceof MissingTool)) throw error
    tell(`without Trino: ${error.message}`)
    return undefined
  }
}

/** Reads from Weir's servers, from their floors, and from the peers, in turn. */
async function transfers(
  client: string,
  read: TransferClient,
  size: number,
  weirs: readonly Server[],
  peers: readonly Server[],
  repeats: number,
): Promise<readonly Measure[]> {
  const sql = `SELECT * FROM lake.${schemaOf(size)}.rows`
  const take = async (server: Server): Promise<Transfer> => {
    const transfer = await read(server, sql)
    if (transfer.rows !== undefined && transfer.rows !== size)
      throw new Error(`${client} read ${transfer.rows} rows of ${size} from ${server.name}`)
    return transfer
  }
  const floor = await startFloorServer(`http://${weirs[0]?.host}`)
  const taken = new Map<string, Transfer[]>()
  try {
    const floors = weirs.map((server) => ({ ...server, name: floorOf(server.name), host: floor.host }))
    for (const server of floors) await take(server)
    await floor.replay()
    for (let repeat = 0; repeat < repeats; repeat++) {
      for (const server of [...weirs, ...floors, ...peers]) {
        taken.set(server.name, [...(taken.get(server.name) ?? []), await take(server)])
      }
    }
  } finally {
    await floor.close()
  }
  return transferMeasures(client, size, taken)
}

const floorOf = (weir: string): string => weir.replace('weir', 'floor')

function transferMeasures(client: string, size: number, taken: ReadonlyMap<string, readonly Transfer[]>): readonly Measure[] {
  const of = (name: string, figure: 'ms' | 'cpuMs'): number => median((taken.get(name) as readonly Transfer[]).map((one) => one[figure]))
  // Clients ask for spooled rows by themselves; raw HTTP is as Trino sends it.
  const best = client === 'raw HTTP' ? 'weir' : of('weir', 'ms') <= of('weir, spooled', 'ms') ? 'weir' : 'weir, spooled'
  const ratio = (what: string, one: string, other: string): Measure => ({
    what: `${client}, ${size} rows, ${what}`,
    value: of(one, 'ms') / of(other, 'ms'),
    unit: 'x',
  })
  const full = size === Math.max(size, 10_000_000)
  const target = { 'raw HTTP': 'raw-trino', 'trino-jdbc': 'jdbc-trino', 'Python trino': 'python-trino' }[client]
  return [
    ...[...taken.keys()].flatMap((name): readonly Measure[] => {
      const what = `${client}, ${size} rows x 8 columns, ${name}`
      return [
        { what, value: of(name, 'ms'), unit: 'ms' },
        { what: `${what}, processor time of the client`, value: of(name, 'cpuMs'), unit: 'ms' },
      ]
    }),
    ratio('time over the floor', best, floorOf(best)),
    ...(taken.has('trino')
      ? [
          { ...(full && target !== undefined && { target }), ...ratio('times as fast as Trino', 'trino', best) },
          ratio("Trino's time over the floor, the most that a server can reach with this client", 'trino', floorOf(best)),
        ]
      : []),
  ]
}

async function selectOne(servers: readonly Server[]): Promise<readonly Measure[]> {
  const taken = new Map<string, number[]>(servers.map(({ name }) => [name, []]))
  for (let block = 0; block <= BLOCKS; block++) {
    for (const server of servers) {
      for (let n = 0; n < BLOCK; n++) {
        const ms = await shortQuery(server, 'SELECT 1')
        if (block > 0) taken.get(server.name)?.push(ms)
      }
    }
  }
  return servers.map(({ name }) => ({
    ...(name === 'weir' && { target: 'select-1' }),
    what: `SELECT 1 over the Trino protocol, p50, ${name}`,
    value: median(taken.get(name) as readonly number[]),
    unit: 'ms',
  }))
}

async function many(server: Server, schema: string, seconds: number): Promise<readonly Measure[]> {
  const sqlOf = (n: number): string => `SELECT name FROM lake.${schema}.rows WHERE id = ${n % 1000}`
  await shortQueries(server, CONNECTIONS, 2, sqlOf)
  const taken = await shortQueries(server, CONNECTIONS, seconds, sqlOf)
  const what = `look-ups from ${CONNECTIONS} connections over the Trino protocol, ${server.name}`
  return [
    { ...(server.name === 'weir' && { target: 'protocol-rate' }), what, value: taken.length / seconds, unit: 'queries/s' },
    { what: `${what}, p99`, value: percentile(taken, 99), unit: 'ms' },
  ]
}
