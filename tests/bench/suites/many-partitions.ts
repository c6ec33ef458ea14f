/** Many partitions through a whole server: MSCK REPAIR against a store that answers late, and one statement that writes thousands. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'
import { copyBytes } from '#tests/support/sample-objects'
import { startWeir, type WeirServer } from '#tests/support/weir'
import { watchMemory } from '../process-memory.ts'
import type { Measure } from '../report.ts'
import type { Suite } from '../suite.ts'

const LATENCY_MS = 20

export const manyPartitions: Suite = {
  name: 'many-partitions',
  scale: 100_000,
  slice: 2000,
  repeats: 1,
  engines: [],
  async run({ scale, tell }) {
    return { measures: [...(await repairs(scale, tell)), ...(await createTableAs(scale / 10))] }
  },
}

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0')

/** Folders of one level, of two with many below each, and of two with few below each. */
function layouts(
  scale: number,
): readonly { readonly name: string; readonly keys: readonly string[]; readonly folders: readonly string[] }[] {
  const two = (below: number) => Array.from({ length: scale }, (_, at) => `dt=${pad(Math.floor(at / below), 6)}/h=${pad(at % below, 2)}`)
  return [
    { name: 'one_level', keys: ['dt'], folders: Array.from({ length: scale }, (_, at) => `dt=${pad(at, 6)}`) },
    { name: 'hundred_below', keys: ['dt', 'h'], folders: two(100) },
    { name: 'two_below', keys: ['dt', 'h'], folders: two(2) },
  ]
}

async function repairs(scale: number, tell: (text: string) => void): Promise<readonly Measure[]> {
  const s3 = await startS3Server({ buckets: ['lake'] })
  const weir = await startWeir({ env: s3.env })
  try {
    const bytes = await copyBytes('SELECT 1 AS x', 'FORMAT parquet')
    const measures: Measure[] = []
    const seconds: number[] = []
    const stalls: number[] = []
    for (const { name, keys, folders } of layouts(scale)) {
      s3.putAll(
        'lake',
        folders.map((folder) => `${name}/${folder}/part.parquet`),
        bytes,
      )
      const columns = [{ name: 'x', type: 'integer' }]
      const response = await weir.request('/api/v1/tables', {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          schema: 'default',
          name,
          location: `s3://lake/${name}/`,
          format: 'parquet',
          columns,
          partitionKeys: keys.map((key) => ({ name: key, type: 'varchar' })),
          properties: { partition_discovery: 'registered' },
        }),
      })
      if (response.status !== 201) throw new Error(`${name} was not registered: ${await response.text()}`)
      s3.faults.latencyMs = LATENCY_MS
      const first = await repair(weir, s3, name)
      if (!first.hints.includes(`Added ${scale.toLocaleString('en-US')} partitions`)) throw new Error(`${name}: ${first.hints}`)
      const again = await repair(weir, s3, name)
      if (again.hints !== '') throw new Error(`${name} again: ${again.hints}`)
      s3.faults.latencyMs = 0
      tell(`${name}: ${first.seconds.toFixed(1)} s`)
      measures.push(
        { what: `MSCK of ${scale} folders, ${name}`, value: first.seconds, unit: 's' },
        { what: `MSCK again, ${name}`, value: again.seconds, unit: 's' },
        { what: `LIST calls, ${name}`, value: first.lists, unit: 'LIST calls' },
      )
      seconds.push(first.seconds)
      stalls.push(first.longestAnswer, again.longestAnswer)
    }
    return [
      {
        target: 'msck',
        what: `MSCK of ${scale} folders, ${LATENCY_MS} ms a request, the slowest layout`,
        value: Math.max(...seconds),
        unit: 's',
      },
      { what: 'longest wait of another client meanwhile (GET /v1/info)', value: Math.max(...stalls), unit: 'ms' },
      ...measures,
    ]
  } finally {
    await weir.stop()
    await s3.close()
  }
}

interface Repaired {
  readonly seconds: number
  readonly lists: number
  readonly hints: string
  /** Milliseconds that another client waited at most for an answer that needs no work. */
  readonly longestAnswer: number
}

async function repair(weir: WeirServer, s3: S3TestServer, table: string): Promise<Repaired> {
  const before = s3.log.length
  let done = false
  let longestAnswer = 0
  const other = (async () => {
    while (!done) {
      const asked = performance.now()
      await (await weir.request('/v1/info')).arrayBuffer()
      longestAnswer = Math.max(longestAnswer, performance.now() - asked)
      await sleep(5)
    }
  })()
  const started = performance.now()
  const { json } = await weir.sql(`MSCK REPAIR TABLE ${table}`)
  const seconds = (performance.now() - started) / 1000
  done = true
  await other
  if (json.error !== undefined) throw new Error(`${table}: ${json.error.message}`)
  return { seconds, lists: s3.log.length - before, hints: json.stats.hints.join(), longestAnswer }
}

async function createTableAs(partitions: number): Promise<readonly Measure[]> {
  const weir = await startWeir({ args: ['--memory', '800MB'] })
  const memory = watchMemory(weir.process.pid as number, 250)
  try {
    const rows = partitions * 100
    const started = performance.now()
    const { json } = await weir.sql(`CREATE TABLE p WITH (partitioned_by = ARRAY['k']) AS
      SELECT x, cast(x AS varchar) || ' text' t, x % ${partitions} k FROM unnest(sequence(0, ${rows / 1000 - 1})) a(i) CROSS JOIN unnest(sequence(0, 999)) b(j)
      CROSS JOIN LATERAL (SELECT i * 1000 + j) c(x)`)
    const seconds = (performance.now() - started) / 1000
    if (json.error !== undefined) throw new Error(json.error.message)
    const { json: read } = await weir.sql('SELECT count(*), count(DISTINCT k), count(DISTINCT "$path") FROM p')
    if (JSON.stringify(read.rows) !== JSON.stringify([[rows, partitions, partitions]])) throw new Error(`read back: ${read.rows}`)
    return [
      {
        target: 'ctas-memory',
        what: `CREATE TABLE AS with ${partitions} partitions, most memory of server and kernel`,
        value: memory.stop() / 1e6,
        unit: 'MB',
      },
      { what: `CREATE TABLE AS with ${partitions} partitions, ${rows} rows`, value: seconds, unit: 's' },
    ]
  } finally {
    memory.stop()
    await weir.stop()
  }
}
