/** All engines on one workload in one store: each repeat goes through all queries, each query through all engines. */
import { MissingTool } from '#tests/support/tools'
import { type LakeStore, startLakeStore } from '#tests/support/tpc-lake'
import { chdbEngine, duckdbEngine, type Engine, pyarrowEngine, type Run, trinoEngine, weirEngines } from './engines.ts'
import { watchMemory } from './process-memory.ts'
import { median, type Samples } from './report.ts'
import { type SuiteOptions, sampleOf } from './suite.ts'
import type { Workload } from './workload.ts'

export interface Comparison {
  readonly samples: readonly Samples[]
  /** Errors by engine and query. */
  readonly failed: ReadonlyMap<string, string>
  /** The most memory of Weir's server and kernel, in bytes. */
  readonly memory: number
}

export async function compareEngines(workload: Workload, options: SuiteOptions): Promise<Comparison> {
  const store = await startLakeStore('minio', workload.folder)
  const engines: Engine[] = []
  try {
    const weir = await weirEngines(store, workload)
    engines.push(...weir.engines)
    await addPeers(engines, store, workload, options)
    const memory = watchMemory(weir.server.process.pid as number)
    const { runs, failed } = await runAll(engines, workload, options)
    return { samples: engines.map(({ name }) => samplesOf(name, runs.get(name) ?? new Map())), failed, memory: memory.stop() }
  } finally {
    for (const engine of engines) await engine.close()
    await store.close()
  }
}

async function addPeers(engines: Engine[], store: LakeStore, workload: Workload, { engines: wanted, tell }: SuiteOptions): Promise<void> {
  const start: Readonly<Record<string, () => Promise<Engine>>> = {
    duckdb: () => duckdbEngine(workload),
    chdb: () => chdbEngine(store, workload),
    pyarrow: () => pyarrowEngine(store, workload),
    trino: () => trinoEngine(store, workload),
  }
  for (const name of wanted) {
    const begin = start[name]
    if (begin === undefined) throw new Error(`There is no engine ${name}: ${Object.keys(start).join(', ')}`)
    try {
      engines.push(await begin())
    } catch (error) {
      if (!(error instanceof MissingTool)) throw error
      tell(`without ${name}: ${error.message}`)
    }
  }
}

async function runAll(engines: readonly Engine[], workload: Workload, { repeats, queries: wanted, sample, seed, tell }: SuiteOptions) {
  const chosen = workload.queries.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
  const queries = sampleOf(chosen, sample, seed)
  const runs = new Map(engines.map(({ name }) => [name, new Map<string, Run[]>()]))
  const failed = new Map<string, string>()
  for (let repeat = 1; repeat <= repeats; repeat++) {
    for (const query of queries) {
      for (const engine of engines) {
        const place = `${engine.name} ${query.name}`
        if (failed.has(place)) continue
        try {
          const run = await engine.run(query.sql)
          const byQuery = runs.get(engine.name)
          byQuery?.set(query.name, [...(byQuery.get(query.name) ?? []), run])
        } catch (error) {
          failed.set(place, (error as Error).message)
          tell(`${engine.name} fails on ${query.name}: ${(error as Error).message}`)
        }
      }
    }
    tell(`repeat ${repeat} of ${repeats}`)
  }
  for (const { name } of queries) tellRowCounts(name, engines, runs, tell)
  return { runs, failed }
}

/** An engine that answers something else does not compete. */
function tellRowCounts(
  query: string,
  engines: readonly Engine[],
  runs: ReadonlyMap<string, ReadonlyMap<string, readonly Run[]>>,
  tell: (text: string) => void,
): void {
  const counts = engines.flatMap(({ name }) => {
    const first = runs.get(name)?.get(query)?.[0]
    return first === undefined ? [] : [{ name, rows: first.rows }]
  })
  if (new Set(counts.map(({ rows }) => rows)).size > 1)
    tell(`${query}: different numbers of rows: ${counts.map(({ name, rows }) => `${name} ${rows}`).join(', ')}`)
}

function samplesOf(engine: string, byQuery: ReadonlyMap<string, readonly Run[]>): Samples {
  const entries = [...byQuery]
  const round = (value: number) => Math.round(value * 10) / 10
  const parts = entries.flatMap(([name, runs]) => {
    const known = runs.flatMap((run) => (run.parts === undefined ? [] : [run.parts]))
    if (known.length === 0) return []
    const of = (part: keyof (typeof known)[0]) => round(median(known.map((one) => one[part])))
    return [[name, { planMs: of('planMs'), fetchMs: of('fetchMs'), kernelMs: of('kernelMs') }] as const]
  })
  return {
    engine,
    ms: Object.fromEntries(entries.map(([name, runs]) => [name, runs.map(({ ms }) => round(ms))])),
    rows: Object.fromEntries(entries.map(([name, runs]) => [name, runs[0]?.rows ?? 0])),
    ...(parts.length > 0 && { parts: Object.fromEntries(parts) }),
  }
}
