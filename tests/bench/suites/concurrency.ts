/** Many clients with short queries, alone and beside a heavy one. */
import { Agent, request } from 'node:http'
import { registerTables, startLakeStore, startWeirOn } from '#tests/support/tpc-lake'
import { TPCH_TABLES, tpchLake } from '#tests/support/tpch-data'
import type { WeirServer } from '#tests/support/weir'
import { median, percentile } from '../report.ts'
import { random, type Suite } from '../suite.ts'

const CONNECTIONS = 16
const SECONDS = 15

export const concurrency: Suite = {
  name: 'concurrency',
  scale: 1,
  slice: 0.01,
  repeats: 2,
  engines: [],
  async run({ scale, repeats, seed, tell }) {
    const store = await startLakeStore('minio', await tpchLake(scale))
    const weir = await startWeirOn(store)
    try {
      await registerTables(weir, store, 'tpch', TPCH_TABLES)
      const seconds = scale < 1 ? 3 : SECONDS
      await shortQueries(weir, 2, seed)
      const alone: Load[] = []
      const beside: Load[] = []
      const reused: Load[] = []
      for (let run = 0; run < repeats; run++) {
        alone.push(await shortQueries(weir, seconds, seed + run))
        reused.push(await shortQueries(weir, seconds, seed + run, { reuse: true }))
        const heavy = heavyQueries(weir)
        beside.push(await shortQueries(weir, seconds, seed + run))
        tell(`${await heavy.stop()} heavy queries beside the short ones`)
      }
      const of = (loads: readonly Load[]): readonly number[] => loads.flatMap(({ ms }) => ms)
      const rate = (loads: readonly Load[]): number => median(loads.map(({ perSecond }) => perSecond))
      return {
        measures: [
          { target: 'short-rate', what: `${CONNECTIONS} connections, short queries`, value: rate(alone), unit: 'queries/s' },
          { target: 'short-p99', what: 'short queries, p99', value: percentile(of(alone), 99), unit: 'ms' },
          { what: 'short queries, p50', value: median(of(alone)), unit: 'ms' },
          { what: 'the same with stored results', value: rate(reused), unit: 'queries/s' },
          {
            target: 'short-slowdown',
            what: 'short queries beside a heavy one, p50 against alone',
            value: median(of(beside)) / median(of(alone)),
            unit: 'x',
          },
          { what: 'short queries beside a heavy one, p99', value: percentile(of(beside), 99), unit: 'ms' },
        ],
      }
    } finally {
      await weir.stop()
      await store.close()
    }
  },
}

interface Load {
  readonly ms: readonly number[]
  readonly perSecond: number
}

function shortQuery(next: () => number): string {
  const whole = (most: number): number => Math.floor(next() * most)
  const templates = [
    () => `SELECT name FROM "lake"."tpch"."nation" WHERE nationkey = ${whole(25)}`,
    () =>
      `SELECT n.name, r.name FROM "lake"."tpch"."nation" n JOIN "lake"."tpch"."region" r ON n.regionkey = r.regionkey WHERE r.regionkey = ${whole(5)}`,
    () => `SELECT count(*), max(acctbal) FROM "lake"."tpch"."supplier" WHERE nationkey = ${whole(25)}`,
    () => `SELECT name, acctbal FROM "lake"."tpch"."supplier" WHERE suppkey = ${whole(100)}`,
  ]
  return (templates[whole(templates.length)] as () => string)()
}

async function shortQueries(weir: WeirServer, seconds: number, seed: number, { reuse = false } = {}): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const next = random(seed)
  const ms: number[] = []
  const started = performance.now()
  const ends = started + seconds * 1000
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      while (performance.now() < ends) {
        const sent = performance.now()
        await post(weir, shortQuery(next), agent, reuse)
        ms.push(performance.now() - sent)
      }
    }),
  )
  agent.destroy()
  return { ms, perSecond: ms.length / ((performance.now() - started) / 1000) }
}

function post(weir: WeirServer, sql: string, agent: Agent, reuse: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const sending = request(
      `${weir.url}/api/v1/sql`,
      { method: 'POST', agent, headers: { 'content-type': 'text/plain', ...(!reuse && { 'cache-control': 'no-cache' }) } },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (part: string) => {
          text += part
        })
        response.on('end', () => (response.statusCode === 200 ? resolve() : reject(new Error(text))))
        response.on('error', reject)
      },
    )
    sending.on('error', reject)
    sending.end(sql)
  })
}

/** Joins and aggregates over the largest tables, one after the other. */
function heavyQueries(weir: WeirServer): { stop(): Promise<number> } {
  let stopped = false
  let count = 0
  const running = (async () => {
    while (!stopped) {
      const response = await weir.request('/api/v1/sql', {
        method: 'POST',
        headers: { 'content-type': 'text/plain', 'cache-control': 'no-cache' },
        body: `SELECT l.shipmode, o.orderpriority, count(DISTINCT l.partkey), sum(l.extendedprice * (1 - l.discount)) FROM "lake"."tpch"."lineitem" l
          JOIN "lake"."tpch"."orders" o ON l.orderkey = o.orderkey GROUP BY l.shipmode, o.orderpriority`,
      })
      if (response.status !== 200) throw new Error(await response.text())
      await response.arrayBuffer()
      count++
    }
  })()
  return {
    async stop() {
      stopped = true
      await running
      return count
    },
  }
}
