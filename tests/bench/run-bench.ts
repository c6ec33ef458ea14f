/**
 * TPC-H over S3 on the loopback, all engines in one run on one machine, query by query in turn:
 * `npm run bench -- [--scale 1] [--repeats 5] [--queries q01,q06] [--engines weir,duckdb,chdb] [--trino]`.
 * `--trino` adds Trino 476 (820 MB once, JDK 24 or later). The figures are kept in build/bench.
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { MissingTool } from '#tests/support/tools'
import { type LakeStore, startLakeStore } from '#tests/support/tpc-lake'
import { tpcQueries } from '#tests/support/tpc-queries'
import { TPCH_TABLES, tpchLake } from '#tests/support/tpch-data'
import { openOracle } from '#tests/tpc/oracle'
import { chdbEngine, duckdbEngine, type Engine, type Run, trinoEngine, weirEngines } from './engines.ts'
import { type BenchReport, formatReport, median, type Samples } from './report.ts'

const { values: options } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    repeats: { type: 'string', default: '5' },
    queries: { type: 'string', default: '' },
    engines: { type: 'string', default: 'weir,duckdb,chdb' },
    trino: { type: 'boolean', default: false },
  },
})
const scaleFactor = Number(options.scale)
const repeats = Number(options.repeats)
const wanted = options.queries.split(',').filter((name) => name !== '')
const tell = (text: string): void => {
  process.stderr.write(`${text}\n`)
}

const folder = await tpchLake(scaleFactor)
const queries = (await tpcQueries('tpch', 'tpch')).filter(({ name }) => wanted.length === 0 || wanted.includes(name))
const loadBefore = Number((loadavg()[0] as number).toFixed(1))
const store = await startLakeStore('minio', folder)
const engines: Engine[] = []
try {
  await startEngines(store)
  const runs = await runAll()
  const report: BenchReport = {
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    date: new Date().toISOString(),
    scaleFactor,
    repeats,
    machine: { cpus: cpus().length, model: cpus()[0]?.model.trim() ?? '', memoryGb: Math.round(totalmem() / 2 ** 30), loadBefore },
    samples: engines.map(({ name }) => samplesOf(name, runs.get(name) ?? new Map())),
  }
  const target = join(import.meta.dirname, '../../build/bench')
  mkdirSync(target, { recursive: true })
  const file = join(target, `${report.date.replace(/[:.]/g, '-')}-${report.commit}.json`)
  writeFileSync(file, `${JSON.stringify(report, null, 1)}\n`)
  process.stdout.write(formatReport(report))
  tell(`kept in ${file}`)
} finally {
  for (const engine of engines) await engine.close()
  await store.close()
}

async function startEngines(store: LakeStore): Promise<void> {
  const start: Readonly<Record<string, () => Promise<readonly Engine[]>>> = {
    weir: () => weirEngines(store),
    duckdb: async () => [await duckdbEngine(folder)],
    chdb: async () => [await chdbEngine(store)],
    trino: async () => [await trinoEngine(store, await tableTypes())],
  }
  for (const name of [...options.engines.split(','), ...(options.trino ? ['trino'] : [])]) {
    const begin = start[name]
    if (begin === undefined) throw new Error(`There is no engine ${name}: ${Object.keys(start).join(', ')}`)
    try {
      engines.push(...(await begin()))
    } catch (error) {
      if (!(error instanceof MissingTool)) throw error
      tell(`without ${name}: ${error.message}`)
    }
  }
}

/** Runs by engine and query. Each repeat goes through all queries, each query through all engines. */
async function runAll(): Promise<ReadonlyMap<string, ReadonlyMap<string, readonly Run[]>>> {
  const runs = new Map(engines.map(({ name }) => [name, new Map<string, Run[]>()]))
  const failed = new Set<string>()
  for (let repeat = 1; repeat <= repeats; repeat++) {
    for (const query of queries) {
      for (const engine of engines) {
        if (failed.has(`${engine.name} ${query.name}`)) continue
        try {
          const run = await engine.run(query.sql)
          const byQuery = runs.get(engine.name)
          byQuery?.set(query.name, [...(byQuery.get(query.name) ?? []), run])
        } catch (error) {
          failed.add(`${engine.name} ${query.name}`)
          tell(`${engine.name} fails on ${query.name}: ${(error as Error).message}`)
        }
      }
    }
    tell(`repeat ${repeat} of ${repeats}`)
  }
  tellRowCounts(runs)
  return runs
}

/** An engine that answers something else does not compete. */
function tellRowCounts(runs: ReadonlyMap<string, ReadonlyMap<string, readonly Run[]>>): void {
  for (const { name } of queries) {
    const counts = engines.flatMap((engine) => {
      const first = runs.get(engine.name)?.get(name)?.[0]
      return first === undefined ? [] : [`${engine.name} ${first.rows}`]
    })
    if (new Set(counts.map((text) => text.split(' ').at(-1))).size > 1) tell(`${name}: different numbers of rows: ${counts.join(', ')}`)
  }
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

async function tableTypes() {
  const oracle = await openOracle('tpch', folder, TPCH_TABLES)
  const tables = await oracle.tables()
  oracle.close()
  return tables
}
