/** Planning at scale: a million registered partitions, a tree of a million objects, and queries that need no data at all. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Table } from '#catalog/model'
import { TableFiles } from '#catalog/partitions/table-files'
import { openSqliteStore } from '#catalog/store/sqlite'
import type { ListPage, ListRequest, ObjectInfo, ObjectStore } from '#connectors/storage/object-store'
import { optimize } from '#src/optimize/optimizer'
import { planQuery } from '#src/physical/plan-query'
import type { PlanningSources } from '#src/physical/plan-scan'
import { BIGINT, DATE, INTEGER } from '#src/types/type'
import { fakeLake, fakeTable, referenceEvaluator } from '#tests/support/fake-lake'
import { analyzed } from '#tests/support/plan-tables'
import { type S3TestServer, startS3Server } from '#tests/support/s3-server'
import { copyBytes } from '#tests/support/sample-objects'
import { startWeir, type WeirServer } from '#tests/support/weir'
import { clearCaches } from '../engines.ts'
import { type Measure, median, percentile } from '../report.ts'
import { random, type Suite, type SuiteOptions } from '../suite.ts'

export const planning: Suite = {
  name: 'planning',
  scale: 1_000_000,
  slice: 8000,
  repeats: 50,
  engines: [],
  async run(options) {
    const times = { ...options, repeats: Math.max(5, options.repeats) }
    return { measures: [...(await registeredPartitions(times)), ...(await overHttp(times))] }
  },
}

const SHARDS = 100
const FIRST_DAY = Date.UTC(2000, 0, 1)
const dayOf = (index: number): string => new Date(FIRST_DAY + index * 86_400_000).toISOString().slice(0, 10)
const pad = (value: number): string => String(value).padStart(2, '0')

/** In process: from the text to the plan, over the real catalog and index; the store answers from memory at once. */
async function registeredPartitions({ scale, repeats, seed, tell }: SuiteOptions): Promise<readonly Measure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'weir-bench-'))
  const store = await openSqliteStore(join(folder, 'catalog.db'))
  try {
    const days = Math.ceil(scale / SHARDS)
    const names = Array.from({ length: scale }, (_, at) => `dt=${dayOf(Math.floor(at / SHARDS))}/shard=${pad(at % SHARDS)}`)
    const definition = {
      ...fakeTable(
        [{ name: 'id', type: BIGINT }],
        [
          { name: 'dt', type: DATE },
          { name: 'shard', type: INTEGER },
        ],
        'parquet',
        'registered',
      ),
      properties: { partition_discovery: 'registered' },
    }
    const created = await store.createTable(definition, { replace: false, createSchema: true })
    await store.addPartitions(
      created.id as number,
      names.map((name) => ({ name })),
    )
    tell(`${names.length} partitions registered`)
    const table = (await store.getTable('default', 'registered')) as Table
    const files = new TableFiles(store, () => new Date())
    const loading = performance.now()
    await files.index(table)
    const loaded = performance.now() - loading
    const sources = await sourcesOver(files, new FolderStore(names.map((name) => `registered/${name}/part.parquet`)))
    const next = random(seed)
    const day = () => dayOf(Math.floor(next() * days))
    const predicates = [
      () => `dt = DATE '${day()}'`,
      () => `dt BETWEEN DATE '${day()}' AND DATE '${day()}' AND shard = ${Math.floor(next() * 3)} AND dt < DATE '2000-03-01'`,
      () => `dt IN (DATE '${day()}', DATE '${day()}') AND shard < 10`,
      () => `dt >= DATE '${dayOf(days - 3)}'`,
    ]
    const timed = async (sql: string): Promise<number> => {
      const started = performance.now()
      const plan = await planQuery(optimize(analyzed(sql, [table])).plan, sources, { signal: new AbortController().signal })
      const ms = performance.now() - started
      if (plan.totals.partitions.kept === 0 && !sql.includes('BETWEEN')) throw new Error(`no partition is kept: ${sql}`)
      return ms
    }
    const filtered: number[] = []
    const limited: number[] = []
    await timed("SELECT sum(id) FROM registered WHERE dt = DATE '2000-01-01'")
    for (let run = 0; run < repeats; run++) {
      for (const predicate of predicates) filtered.push(await timed(`SELECT sum(id) FROM registered WHERE ${predicate()}`))
      limited.push(await timed('SELECT id FROM registered LIMIT 10'))
    }
    return [
      { what: `first load of the index of ${scale} partitions`, value: loaded, unit: 'ms' },
      { target: 'planning-p95', what: 'registered, predicate on the leading key, p95', value: percentile(filtered, 95), unit: 'ms' },
      { what: 'registered, predicate on the leading key, p50', value: median(filtered), unit: 'ms' },
      { target: 'planning-limit', what: 'registered, LIMIT without predicate, p50', value: median(limited), unit: 'ms' },
    ]
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** One file a partition, each with the same footer. */
async function sourcesOver(files: TableFiles, store: FolderStore): Promise<PlanningSources> {
  const rows = Array.from({ length: 1000 }, (_, row) => [BigInt(row)])
  const lake = fakeLake(fakeTable([{ name: 'id', type: BIGINT }]), [{ path: 'one', keys: [], rowGroups: [rows] }])
  const info = { key: 'one', size: 10_000, version: '1', modified: 0 }
  const footer = await lake.sources.footers.footer(store.bucket, info, new AbortController().signal)
  return {
    lister: {
      discover: (table, filter, signal, mostFiles) => files.discover(table, store as unknown as ObjectStore, filter, signal, mostFiles),
    },
    footers: { footer: async () => footer },
    evaluator: referenceEvaluator(),
  }
}

/** Sorted keys, listed as S3 lists them. */
class FolderStore implements Pick<ObjectStore, 'bucket' | 'list'> {
  readonly bucket = { scheme: 's3', name: 'lake' } as const
  readonly #keys: readonly string[]

  constructor(keys: readonly string[]) {
    this.#keys = keys
  }

  async list({ prefix, startAfter = '', continuation }: ListRequest): Promise<ListPage> {
    const from = continuation ?? startAfter
    let at = this.#lowerBound(prefix > from ? prefix : from)
    if (this.#keys[at] === from) at++
    const objects: ObjectInfo[] = []
    for (; objects.length < 1000; at++) {
      const key = this.#keys[at]
      if (!key?.startsWith(prefix)) return { objects, prefixes: [] }
      objects.push({ key, size: 10_000, version: '1', modified: 0 })
    }
    return { objects, prefixes: [], continuation: (objects.at(-1) as ObjectInfo).key }
  }

  #lowerBound(wanted: string): number {
    let [low, high] = [0, this.#keys.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#keys[middle] as string) < wanted) low = middle + 1
      else high = middle
    }
    return low
  }
}

/** Over HTTP, with a server's whole way: what the store was asked for is in the test server's log. */
async function overHttp(options: SuiteOptions): Promise<readonly Measure[]> {
  const s3 = await startS3Server({ buckets: ['lake'] })
  const weir = await startWeir({ env: s3.env })
  try {
    const bytes = await copyBytes('SELECT i AS id, i % 10 AS kind FROM range(1000) t(i)', 'FORMAT parquet')
    const side = Math.round(Math.cbrt(options.scale))
    const tree = function* (): Generator<string> {
      for (let a = 0; a < side; a++)
        for (let b = 0; b < side; b++) for (let c = 0; c < side; c++) yield `tree/a=${pad(a)}/b=${pad(b)}/c=${pad(c)}/part.parquet`
    }
    s3.putAll('lake', tree(), bytes)
    for (let day = 0; day < 60; day++) s3.put('lake', `days/dt=${dayOf(day)}/part.parquet`, bytes)
    await register(
      weir,
      'tree',
      ['a', 'b', 'c'].map((name) => ({ name, type: 'integer' })),
    )
    await register(weir, 'days', [{ name: 'dt', type: 'date' }])
    options.tell(`a tree of ${side ** 3} objects`)
    return [
      ...(await treeLookups(weir, s3, side, options)),
      ...(await withoutData(weir, s3, options)),
      ...(await sameAgain(weir, s3, options)),
    ]
  } finally {
    await weir.stop()
    await s3.close()
  }
}

async function register(
  weir: WeirServer,
  name: string,
  partitionKeys: readonly { readonly name: string; readonly type: string }[],
): Promise<void> {
  const columns = [
    { name: 'id', type: 'bigint' },
    { name: 'kind', type: 'bigint' },
  ]
  const response = await weir.request('/api/v1/tables', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ schema: 'default', name, location: `s3://lake/${name}/`, format: 'parquet', columns, partitionKeys }),
  })
  if (response.status !== 201) throw new Error(`${name} was not registered: ${await response.text()}`)
}

async function ask(weir: WeirServer, s3: S3TestServer, sql: string) {
  const before = s3.log.length
  const { json } = await weir.sql(sql)
  if (json.error !== undefined) throw new Error(`${sql}: ${json.error.message}`)
  const log = s3.log.slice(before)
  const lists = log.filter(({ key, method }) => method === 'GET' && key === '').length
  return { stats: json.stats, rows: json.rows, lists, gets: log.length - lists }
}

async function treeLookups(weir: WeirServer, s3: S3TestServer, side: number, { repeats, seed }: SuiteOptions): Promise<readonly Measure[]> {
  const next = random(seed)
  const lists: number[] = []
  const ms: number[] = []
  for (let run = 0; run < Math.min(repeats, 10); run++) {
    await clearCaches(weir)
    const [a, b, c] = [next(), next(), next()].map((value) => Math.floor(value * side))
    const answer = await ask(weir, s3, `SELECT sum(id) FROM tree WHERE a = ${a} AND b = ${b} AND c = ${c}`)
    if (answer.rows[0]?.[0] !== 499_500) throw new Error(`a wrong answer: ${JSON.stringify(answer.rows)}`)
    lists.push(answer.lists)
    ms.push(answer.stats.elapsedMs)
  }
  return [
    { target: 'tree-lists', what: 'tree, one value of each key, most LIST calls', value: Math.max(...lists), unit: 'LIST calls' },
    { what: 'tree, one value of each key, p50', value: median(ms), unit: 'ms' },
  ]
}

async function withoutData(weir: WeirServer, s3: S3TestServer, { repeats }: SuiteOptions): Promise<readonly Measure[]> {
  const queries = [
    'SELECT count(*) FROM days',
    'SELECT min(dt), max(dt) FROM days',
    'SELECT DISTINCT dt FROM days',
    "SELECT count(*) FROM days WHERE dt > DATE '2000-01-20'",
  ]
  const ms: number[] = []
  let bytes = 0
  for (const sql of queries) await ask(weir, s3, sql)
  for (let run = 0; run < repeats; run++) {
    for (const sql of queries) {
      // Not the stored rows: the constant differs each time.
      const { stats } = await ask(
        weir,
        s3,
        sql.replace('SELECT ', `SELECT ${run} AS run, `).replace(`${run} AS run, DISTINCT`, `DISTINCT ${run} AS run,`),
      )
      bytes += stats.bytes.fromStore + stats.bytes.fromCache
      ms.push(stats.elapsedMs)
    }
  }
  return [
    { target: 'metadata-bytes', what: 'answers from metadata, data bytes', value: bytes, unit: 'bytes' },
    { target: 'metadata-ms', what: 'answers from metadata, warm, p50', value: median(ms), unit: 'ms' },
    { what: 'answers from metadata, warm, p95', value: percentile(ms, 95), unit: 'ms' },
  ]
}

async function sameAgain(weir: WeirServer, s3: S3TestServer, { repeats }: SuiteOptions): Promise<readonly Measure[]> {
  const sql = 'SELECT kind, sum(id) AS total FROM days GROUP BY kind ORDER BY kind'
  await ask(weir, s3, sql)
  const ms: number[] = []
  let gets = 0
  for (let run = 0; run < repeats; run++) {
    const answer = await ask(weir, s3, sql)
    if (!answer.stats.resultReused) throw new Error('the result was not reused')
    gets += answer.gets
    ms.push(answer.stats.elapsedMs)
  }
  return [
    { target: 'reuse-gets', what: 'identical query, object GETs', value: gets, unit: 'GETs' },
    { target: 'reuse-ms', what: 'identical query, its one LIST included, p50', value: median(ms), unit: 'ms' },
  ]
}
