/** Cold queries over a slow network: 40 ms there and back, 125 MB/s a connection, against the bare download of the same bytes. */
import { createStores } from '#connectors/storage/registry'
import { startShapingProxy } from '#tests/support/shaping-proxy'
import { registerTables, startLakeStore, startWeirOn } from '#tests/support/tpc-lake'
import { tpcQueries } from '#tests/support/tpc-queries'
import { TPCH_TABLES, tpchLake } from '#tests/support/tpch-data'
import { clearCaches } from '../engines.ts'
import { geometricMean, median } from '../report.ts'
import type { Suite } from '../suite.ts'

const SHAPE = { rttMs: 40, bytesPerSecond: 125_000_000 } as const
const CONNECTIONS = 32
const PIECE = 4 * 1024 * 1024
const QUERIES = ['q01', 'q03', 'q06', 'q12', 'q14', 'q19']

export const shaped: Suite = {
  name: 'shaped',
  scale: 1,
  slice: 0.01,
  repeats: 5,
  engines: [],
  async run({ scale, repeats, queries, tell }) {
    const store = await startLakeStore('minio', await tpchLake(scale))
    const proxy = await startShapingProxy(Number(new URL(store.env.AWS_ENDPOINT_URL_S3 as string).port), SHAPE)
    const slow = { ...store, env: { ...store.env, AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${proxy.port}` } }
    const weir = await startWeirOn(slow)
    const texts = await tpcQueries('tpch', 'tpch')
    try {
      await registerTables(weir, slow, 'tpch', TPCH_TABLES)
      const wanted = texts.filter(({ name }) => (queries.length > 0 ? queries : QUERIES).includes(name))
      const ms: Record<string, number[]> = {}
      const bare: Record<string, number[]> = {}
      const parts: Record<string, string> = {}
      for (let repeat = 0; repeat < repeats; repeat++) {
        for (const { name, sql } of wanted) {
          await clearCaches(weir)
          const started = performance.now()
          const { json } = await weir.sql(sql)
          if (json.error !== undefined) throw new Error(`${name}: ${json.error.message}`)
          ms[name] = [...(ms[name] ?? []), performance.now() - started]
          parts[name] =
            `${name}: plan ${json.stats.planMs} ms, fetch ${json.stats.fetchMs} ms, kernel ${json.stats.kernelMs} ms, ${json.stats.bytes.fromStore} bytes`
          bare[name] = [...(bare[name] ?? []), await download(slow, json.stats.bytes.fromStore)]
        }
      }
      for (const text of Object.values(parts)) tell(text)
      const ratios = Object.keys(ms).map((name) => median(ms[name] as number[]) / (median(bare[name] as number[]) + 3 * SHAPE.rttMs))
      const samples = [
        { engine: 'weir cold', ms, rows: {} },
        { engine: 'bare download', ms: bare, rows: {} },
      ]
      return {
        samples,
        measures: [
          {
            target: 'shaped-cold',
            what: 'cold / (bare download over 32 connections + 3 round trips), geometric mean of medians',
            value: geometricMean(ratios),
            unit: 'x',
          },
        ],
      }
    } finally {
      await weir.stop()
      await proxy.close()
      await store.close()
    }
  },
}

/** Milliseconds that so many bytes of the largest table take over warm connections, in pieces of 4 MB. */
async function download(store: { readonly env: Readonly<Record<string, string>> }, bytes: number): Promise<number> {
  const stores = createStores({ env: store.env })
  try {
    const lake = stores.storeFor({ scheme: 's3', name: 'lake' })
    const { objects } = await lake.list({ prefix: 'lineitem/' })
    const pieces = objects.flatMap(({ key, size }) =>
      Array.from({ length: Math.ceil(size / PIECE) }, (_, at) => ({
        key,
        range: { start: at * PIECE, length: Math.min(PIECE, size - at * PIECE) },
      })),
    )
    // Connections are there before, as they are for a server that runs.
    await Promise.all(
      Array.from({ length: CONNECTIONS }, () => lake.get({ key: objects[0]?.key as string, range: { start: 0, length: 1 } })),
    )
    const started = performance.now()
    let left = bytes
    let next = 0
    await Promise.all(
      Array.from({ length: CONNECTIONS }, async () => {
        while (left > 0) {
          const piece = pieces[next++ % pieces.length]
          if (piece === undefined) return
          const length = Math.min(left, piece.range.length)
          left -= length
          await lake.get({ key: piece.key, range: { start: piece.range.start, length } })
        }
      }),
    )
    return performance.now() - started
  } finally {
    await stores.close()
  }
}
