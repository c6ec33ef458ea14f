/** `weir demo`: the main job on a lake of its own, with what was read and what was not. */
import { resolve } from 'node:path'
import type { QueryStats } from '#src/query/query'
import type { Connection, TableResult } from '../connection.ts'
import { formatBytes, formatResult } from '../output.ts'
import type { CommandContext, GlobalOptions } from '../program.ts'
import { usage } from '../settings.ts'
import { buildDemoLake, DEMO_SCHEMA, type DemoLake } from './build-lake.ts'
import { DEMO_DAYS, TRIPS_PER_DAY } from './trips.ts'

interface Step {
  readonly title: string
  readonly sql: string
  /** What the figures show. */
  readonly tell: (stats: QueryStats) => string
}

const kept = (counted: { readonly total: number | null; readonly kept: number }): string => `${counted.kept} of ${counted.total ?? '?'}`
const bytes = (stats: QueryStats): string =>
  `${formatBytes(stats.bytes.kept)} needed of ${formatBytes(stats.bytes.total ?? 0)} in the table's listed files`

const STEPS: readonly Step[] = [
  {
    title: 'Everything: no predicate, so every partition is read (but only three of the columns)',
    sql: `SELECT payment, count(*) AS trips, sum(fare) AS fares, sum(tip) AS tips FROM trips GROUP BY payment ORDER BY trips DESC`,
    tell: (stats) => `partitions ${kept(stats.partitions)}; ${bytes(stats)}`,
  },
  {
    title: 'One day: partition pruning by the keys of the path',
    sql: `SELECT payment, count(*) AS trips, sum(fare) AS fares, sum(tip) AS tips FROM trips
      WHERE year = 2024 AND month = 2 AND day = 14 GROUP BY payment ORDER BY trips DESC`,
    tell: (stats) => `partitions ${kept(stats.partitions)}; ${bytes(stats)}`,
  },
  {
    title: 'The same day by arithmetic on the keys: pruned too',
    sql: `SELECT count(*) AS trips, max(fare) AS dearest FROM trips WHERE year * 10000 + month * 100 + day = 20240214`,
    tell: (stats) => `partitions ${kept(stats.partitions)}; ${bytes(stats)}`,
  },
  {
    title: 'One hour by a column of the files: row groups are skipped by their statistics',
    sql: `SELECT count(*) AS trips, avg(distance_km) AS km FROM trips
      WHERE pickup_at >= timestamp '2024-02-14 08:00:00' AND pickup_at < timestamp '2024-02-14 09:00:00'`,
    tell: (stats) => `row groups ${kept(stats.rowGroups)}; ${bytes(stats)}`,
  },
  {
    title: 'A join with a CSV table',
    sql: `SELECT z.borough, count(*) AS trips, sum(t.fare + t.tip) AS revenue FROM trips t JOIN zones z ON z.zone_id = t.pickup_zone
      WHERE t.year = 2024 AND t.month = 2 GROUP BY z.borough ORDER BY revenue DESC`,
    tell: (stats) => `partitions ${kept(stats.partitions)}; ${bytes(stats)}`,
  },
  {
    title: 'Counting needs no data at all: the footers know',
    sql: `SELECT count(*) AS trips FROM trips`,
    tell: (stats) => `${formatBytes(stats.bytes.kept)} of data read`,
  },
]

export async function runDemo(context: CommandContext, options: GlobalOptions): Promise<void> {
  if (options.server !== undefined) throw usage('weir demo runs in its own data folder; leave out --server')
  const out = (text: string): void => {
    context.terminal.stdout.write(text)
  }
  const connection = await context.wiring.embedded(options)
  try {
    const started = performance.now()
    out(`Building a lake of ${(DEMO_DAYS * TRIPS_PER_DAY).toLocaleString('en')} taxi trips over ${DEMO_DAYS} days …\n`)
    const lake = await buildDemoLake(resolve(options.data, 'demo-lake'), connection, AbortSignal.timeout(300_000))
    out(`  ${lake.raw}  CSV.gz, as it landed\n  ${lake.trips}  Parquet, partitioned by year, month and day\n  (${seconds(started)})\n\n`)
    await register(connection, lake, out)
    for (const step of STEPS) await runStep(step, connection, out)
    await compareFormats(connection, out)
    out(nextSteps(options))
  } finally {
    await connection.close()
  }
}

const seconds = (started: number): string => `${((performance.now() - started) / 1000).toFixed(1)} s`

async function register(connection: Connection, lake: DemoLake, out: (text: string) => void): Promise<void> {
  const tables = [
    { name: 'trips', location: lake.trips },
    { name: 'trips_csv', location: lake.raw },
    { name: 'zones', location: lake.zones },
  ]
  for (const { name, location } of tables) {
    const table = await connection.createTable({
      schema: DEMO_SCHEMA,
      name,
      location,
      format: 'auto',
      partitionKeys: [],
      columns: [],
      properties: {},
      replace: true,
      dryRun: false,
    })
    out(`$ weir catalog add ${DEMO_SCHEMA}.${name} ${location}\n${table.ddl}\n\n`)
  }
}

function run(connection: Connection, sql: string): Promise<TableResult> {
  return connection.query({
    sql,
    schema: DEMO_SCHEMA,
    zone: 'UTC',
    dryRun: false,
    maxBytes: undefined,
    signal: AbortSignal.timeout(120_000),
  })
}

const indent = (text: string): string => text.replace(/^(?=.)/gm, '  ')

async function runStep(step: Step, connection: Connection, out: (text: string) => void): Promise<void> {
  const result = await run(connection, step.sql)
  out(
    `-- ${step.title}\n${indent(step.sql.replace(/\n\s+/g, '\n  '))}\n\n${indent(formatResult(result, 'table'))}  => ${step.tell(result.stats)}; ${Math.round(result.stats.elapsedMs)} ms\n\n`,
  )
}

async function compareFormats(connection: Connection, out: (text: string) => void): Promise<void> {
  const sql = (table: string) =>
    `SELECT pickup_zone, count(*) AS trips, avg(distance_km) AS km FROM ${table} GROUP BY pickup_zone ORDER BY trips DESC LIMIT 3`
  const rows: string[] = []
  for (const [label, table] of [
    ['CSV.gz', 'trips_csv'],
    ['Parquet', 'trips'],
  ] as const) {
    const first = await run(connection, sql(table))
    const second = await run(connection, sql(table))
    rows.push(
      `  ${label.padEnd(8)} ${formatBytes(first.stats.bytes.kept).padStart(9)} needed, ${Math.round(first.stats.elapsedMs)} ms at first, ${Math.round(second.stats.elapsedMs)} ms with the cache warm`,
    )
  }
  out(`-- CSV against Parquet, the same question of all trips\n${indent(sql('…'))}\n\n${rows.join('\n')}\n\n`)
}

function nextSteps(options: GlobalOptions): string {
  return `What next:
  npx weir query --schema ${DEMO_SCHEMA} "SELECT * FROM trips LIMIT 5"          ask something yourself (no SQL: a prompt)
  npx weir explain --schema ${DEMO_SCHEMA} "SELECT * FROM trips WHERE day = 14"   see what would be read
  npx weir catalog add my_table s3://bucket/prefix/                 register your own data
  npx weir serve${options.data === './weir-data' ? '' : ` --data ${options.data}`}                                               and then:
    curl -s localhost:8080/api/v1/sql -d 'SELECT count(*) FROM ${DEMO_SCHEMA}.trips' -H 'content-type: text/plain'
`
}
