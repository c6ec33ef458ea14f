/** Large results to the client: Arrow over REST, JSON over the Trino protocol; how fast, and in how much memory. */
import { request } from 'node:http'
import { eightColumns } from '#tests/support/bench-lakes'
import { registerTables, startWeirOn } from '#tests/support/tpc-lake'
import type { WeirServer } from '#tests/support/weir'
import { watchMemory } from '../process-memory.ts'
import { type Measure, median } from '../report.ts'
import type { Suite } from '../suite.ts'

const SQL = 'SELECT * FROM "lake"."big".rows'

export const transfer: Suite = {
  name: 'transfer',
  scale: 10_000_000,
  slice: 50_000,
  repeats: 3,
  engines: [],
  async run({ scale, repeats }) {
    const folder = `${await eightColumns(scale)}/`
    const store = { location: folder, env: {}, close: async () => {} }
    const small = Math.ceil(scale / 10)
    const [arrow, json]: [Taken[], Taken[]] = [[], []]
    let least: Watched | undefined
    for (let run = 0; run < repeats; run++) {
      for (const [how, runs] of [
        [takeArrow, arrow],
        [takeTrino, json],
      ] as const) {
        // A server of its own: memory that one format has left is none that the other needs.
        const weir = await startWeirOn(store)
        try {
          await registerTables(weir, store, 'big', ['rows'])
          await how(weir, `${SQL} LIMIT 1000`)
          least = smaller(least, await watched(weir, () => how(weir, `${SQL} LIMIT ${small}`)))
          const { memory } = await watched(weir, () => how(weir, SQL))
          // Reading a process's memory stops it, so the time is another run's.
          runs.push({ memory, ...(await clocked(() => how(weir, SQL))) })
        } finally {
          await weir.stop()
        }
      }
    }
    const megabytes = (taken: readonly Taken[], of: (one: Taken) => number): number => median(taken.map(of)) / 1e6
    const peak = Math.max(...[...arrow, ...json].map(({ memory }) => memory))
    const rate = (target: string, what: string, taken: readonly Taken[]): Measure => ({
      target,
      what,
      value: megabytes(taken, ({ bytes, ms }) => bytes / (ms / 1000)),
      unit: 'MB/s',
    })
    return {
      measures: [
        rate('arrow-rate', `${scale} rows x 8 columns as Arrow over REST`, arrow),
        rate('json-rate', `${scale} rows x 8 columns over the Trino protocol`, json),
        { what: 'Arrow, most memory of server and kernel', value: Math.round(megabytes(arrow, ({ memory }) => memory)), unit: 'MB' },
        {
          what: 'Trino protocol, most memory of server and kernel',
          value: Math.round(megabytes(json, ({ memory }) => memory)),
          unit: 'MB',
        },
        ...(least === undefined
          ? []
          : [{ target: 'transfer-growth', what: `most memory, against ${small} rows`, value: peak / least.memory, unit: 'x' }]),
      ],
    }
  },
}

interface Taken {
  readonly bytes: number
  readonly ms: number
  readonly memory: number
}

type Watched = Pick<Taken, 'memory'>

const smaller = (a: Watched | undefined, b: Watched): Watched => (a === undefined || b.memory > a.memory ? b : a)

async function watched(weir: WeirServer, take: () => Promise<number>): Promise<Watched> {
  const watch = watchMemory(weir.process.pid as number)
  await take()
  return { memory: watch.stop() }
}

async function clocked(take: () => Promise<number>): Promise<Omit<Taken, 'memory'>> {
  const started = performance.now()
  const bytes = await take()
  return { bytes, ms: performance.now() - started }
}

/** Reads the stream and looks at nothing; `fetch` would need more processor time for it than the server. */
function takeArrow(weir: WeirServer, sql: string): Promise<number> {
  const headers = { accept: 'application/vnd.apache.arrow.stream', 'content-type': 'text/plain', 'cache-control': 'no-cache' }
  return new Promise((resolve, reject) => {
    const asked = request(`${weir.url}/api/v1/sql`, { method: 'POST', headers }, (response) => {
      let bytes = 0
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length
      })
      response.on('error', reject)
      response.on('end', () => (response.statusCode === 200 ? resolve(bytes) : reject(new Error(`HTTP ${response.statusCode}`))))
    })
    asked.on('error', reject)
    asked.end(sql)
  })
}

/** Follows `nextUri` without parsing the rows: what a client does with them is its own time. */
async function takeTrino(weir: WeirServer, sql: string): Promise<number> {
  const headers = { 'x-trino-user': 'bench', 'accept-encoding': 'identity', 'x-trino-session': 'reuse_results=false' }
  let response = await weir.request('/v1/statement', { method: 'POST', headers, body: sql })
  let bytes = 0
  for (;;) {
    const page = Buffer.from(await response.arrayBuffer())
    bytes += page.length
    // The document's own members lie at its two ends.
    const ends = `${page.subarray(0, 4096)}${page.subarray(Math.max(4096, page.length - 8192))}`
    if (/"error":\{/.test(ends)) throw new Error(ends.slice(0, 2000))
    const next = /"nextUri":"([^"]+)"/.exec(ends)?.[1]
    if (next === undefined) return bytes
    response = await fetch(next, { headers })
  }
}
