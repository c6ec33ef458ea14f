/** Large results to the client: Arrow over REST, JSON over the Trino protocol; how fast, and in how much memory. */
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
    let least: Taken | undefined
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
          least = smaller(least, await measured(weir, () => how(weir, `${SQL} LIMIT ${small}`)))
          runs.push(await measured(weir, () => how(weir, SQL)))
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

const smaller = (a: Taken | undefined, b: Taken): Taken => (a === undefined || b.memory > a.memory ? b : a)

async function measured(weir: WeirServer, take: () => Promise<number>): Promise<Taken> {
  const watch = watchMemory(weir.process.pid as number)
  const started = performance.now()
  const bytes = await take()
  const ms = performance.now() - started
  return { bytes, ms, memory: watch.stop() }
}

/** Bytes of the body, none of which is kept. */
async function drain(response: Response): Promise<number> {
  let bytes = 0
  for await (const chunk of response.body as ReadableStream<Uint8Array>) bytes += chunk.length
  return bytes
}

async function takeArrow(weir: WeirServer, sql: string): Promise<number> {
  const response = await weir.request('/api/v1/sql', {
    method: 'POST',
    headers: {
      accept: 'application/vnd.apache.arrow.stream',
      'accept-encoding': 'identity',
      'content-type': 'text/plain',
      'cache-control': 'no-cache',
    },
    body: sql,
  })
  if (response.status !== 200) throw new Error(await response.text())
  return drain(response)
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
