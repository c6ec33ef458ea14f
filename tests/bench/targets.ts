/** What is aimed at, and the table of what was reached: `npm run bench:targets [-- build/bench/….json …]`, the latest run of each suite by default. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type BenchReport, formatValue, type Measure } from './report.ts'

interface Target {
  readonly id: string
  readonly what: string
  readonly unit: string
  readonly atMost?: number
  readonly atLeast?: number
  /** A count that no other work on the machine changes: a miss is a failure wherever it runs. */
  readonly exact?: boolean
}

export const TARGETS: readonly Target[] = [
  { id: 'tpch-warm-duckdb', what: 'TPC-H SF1 warm, against DuckDB on local files', unit: 'x', atMost: 1.1 },
  { id: 'tpch-warm-trino', what: 'TPC-H SF1 warm, share of the time of Trino with analyzed tables', unit: 'x', atMost: 1 / 6 },
  { id: 'tpch-cold-chdb', what: 'TPC-H SF1 cold, against chdb s3()', unit: 'x', atMost: 0.75 },
  { id: 'tpch-cold-pyarrow', what: 'TPC-H SF1 cold, against DuckDB over pyarrow S3', unit: 'x', atMost: 1 },
  {
    id: 'shaped-cold',
    what: 'cold through the shaping proxy, against the bare download of the same bytes + 3 round trips',
    unit: 'x',
    atMost: 1.3,
  },
  {
    id: 'tpcds-answered',
    what: 'TPC-DS SF1, queries answered or ended with the error that Trino gives',
    unit: 'of 99',
    atLeast: 99,
    exact: true,
  },
  { id: 'tpcds-warm-trino', what: 'TPC-DS SF1 warm, share of the time of Trino', unit: 'x', atMost: 1 / 5 },
  { id: 'sf10-answered', what: 'TPC-H SF10 with 4 GB for everything and a cache of 2 GB, queries answered', unit: 'of 22', atLeast: 22 },
  { id: 'sf10-rss', what: 'TPC-H SF10, most memory of server and kernel', unit: 'MB', atMost: 4000 },
  {
    id: 'planning-p95',
    what: '1M registered partitions, predicate on the leading key, to the kept partitions, p95',
    unit: 'ms',
    atMost: 20,
  },
  { id: 'planning-limit', what: '1M registered partitions, LIMIT without predicate, p50', unit: 'ms', atMost: 50 },
  {
    id: 'tree-lists',
    what: 'one value of each key over a 3-level tree of 1M objects, nothing cached',
    unit: 'LIST calls',
    atMost: 10,
    exact: true,
  },
  { id: 'metadata-bytes', what: 'count(*), min/max of a key, partition-only SELECT: data bytes', unit: 'bytes', atMost: 0, exact: true },
  { id: 'metadata-ms', what: 'count(*), min/max of a key, partition-only SELECT, warm, p50', unit: 'ms', atMost: 10 },
  { id: 'reuse-gets', what: 'identical query, data unchanged: object GETs', unit: 'GETs', atMost: 0, exact: true },
  { id: 'reuse-ms', what: 'identical query, data unchanged, beside its LISTs, p50', unit: 'ms', atMost: 10 },
  { id: 'msck', what: 'MSCK of 100,000 folders, 20 ms a request, the slowest of three layouts', unit: 's', atMost: 60 },
  { id: 'ctas-memory', what: 'CREATE TABLE AS with 10,000 partitions, most memory of server and kernel', unit: 'MB', atMost: 2000 },
  { id: 'arrow-rate', what: '10M rows x 8 columns as Arrow', unit: 'MB/s', atLeast: 250 },
  { id: 'json-rate', what: '10M rows x 8 columns over the Trino protocol', unit: 'MB/s', atLeast: 100 },
  { id: 'raw-trino', what: '10M rows x 8 columns over raw HTTP, times as fast as Trino', unit: 'x', atLeast: 3 },
  { id: 'jdbc-trino', what: '10M rows x 8 columns over JDBC, times as fast as Trino', unit: 'x', atLeast: 3 },
  { id: 'python-trino', what: '10M rows x 8 columns over Python trino, times as fast as Trino', unit: 'x', atLeast: 3 },
  { id: 'select-1', what: 'SELECT 1 over the Trino protocol, p50', unit: 'ms', atMost: 8 },
  { id: 'protocol-rate', what: '16 connections, look-ups over the Trino protocol', unit: 'queries/s', atLeast: 200 },
  { id: 'transfer-growth', what: 'memory of server and kernel, 10M rows against 1M', unit: 'x', atMost: 1.25 },
  { id: 'csv-gz-cold', what: "gz CSV cold, share of the time of DuckDB's own gz reader", unit: 'x', atMost: 1 / 3 },
  { id: 'short-rate', what: '16 connections, short queries, warm', unit: 'queries/s', atLeast: 200 },
  { id: 'short-p99', what: '16 connections, short queries, warm, p99', unit: 'ms', atMost: 250 },
  { id: 'short-slowdown', what: '16 connections, short queries, median while a heavy query runs against without', unit: 'x', atMost: 3 },
  { id: 'start-first-answer', what: 'start to first answer, p50', unit: 'ms', atMost: 1000 },
  { id: 'start-10k-tables', what: 'start to first answer with a catalog of 10,000 tables, p50', unit: 'ms', atMost: 1000 },
  { id: 'idle-memory', what: 'idle memory of server and kernel', unit: 'MB', atMost: 300 },
]

export type Verdict = 'REACHED' | 'MISSED' | 'not measured'

export function verdictOf(target: Target, measures: readonly Measure[]): { readonly verdict: Verdict; readonly value: number | undefined } {
  const value = measures.find((measure) => measure.target === target.id)?.value
  if (value === undefined) return { verdict: 'not measured', value }
  const reached = value <= (target.atMost ?? Number.POSITIVE_INFINITY) && value >= (target.atLeast ?? Number.NEGATIVE_INFINITY)
  return { verdict: reached ? 'REACHED' : 'MISSED', value }
}

/** Lines for the targets that these measures are about. */
export function formatVerdicts(measures: readonly Measure[]): string {
  return TARGETS.flatMap((target) => {
    const { verdict, value } = verdictOf(target, measures)
    return value === undefined ? [] : [`${verdict}: ${target.what} = ${formatValue(value)} ${target.unit} (needed: ${needed(target)})\n`]
  }).join('')
}

/** Exact targets that were missed. */
export function failures(measures: readonly Measure[]): readonly string[] {
  return TARGETS.filter((target) => target.exact && verdictOf(target, measures).verdict === 'MISSED').map(({ what }) => what)
}

export function formatTargets(reports: readonly BenchReport[]): string {
  const measures = reports.flatMap((report) => report.measures)
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
  const rows = TARGETS.map((target) => {
    const { verdict, value } = verdictOf(target, measures)
    const from = reports.find((report) => report.measures.some((measure) => measure.target === target.id))
    return line([
      target.what,
      `${needed(target)} ${target.unit}`,
      value === undefined ? '–' : `${formatValue(value)} ${target.unit}`,
      verdict,
      from === undefined ? '–' : `${from.suite}, ${from.commit}, ${from.date.slice(0, 10)}, load ${from.machine.loadBefore}`,
    ])
  })
  return [line(['what', 'target', 'measured', 'verdict', 'run']), line(['---', '---:', '---:', '---', '---']), ...rows].join('')
}

const needed = ({ atMost, atLeast }: Target): string =>
  atMost !== undefined ? `at most ${formatValue(atMost)}` : `at least ${formatValue(atLeast ?? 0)}`

/** The latest full-size run of each suite. */
function latestReports(): readonly BenchReport[] {
  const folder = join(import.meta.dirname, '../../build/bench')
  const latest = new Map<string, BenchReport>()
  for (const file of readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()) {
    const report = JSON.parse(readFileSync(join(folder, file), 'utf8')) as BenchReport
    if (report.suite !== undefined && !file.includes('-slice-')) latest.set(report.suite, report)
  }
  return [...latest.values()]
}

if (process.argv[1] === import.meta.filename) {
  const files = process.argv.slice(2)
  const reports = files.length > 0 ? files.map((file) => JSON.parse(readFileSync(file, 'utf8')) as BenchReport) : latestReports()
  process.stdout.write(formatTargets(reports))
}
