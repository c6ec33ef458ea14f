/**
 * One random lake, many random queries, and everything switched on that may not change a row: a cache that is too small,
 * faults of the store, objects that change, dynamic filters, stored results, waves, the same queries at the same time.
 */
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import type { Fault } from './fault-plan.ts'
import { lakeQueries, type QueryPair } from './lake-queries.ts'
import { COLUMNS, type LakeSpec, lakeSpecs, type RandomLake, writeLake } from './random-lake.ts'
import type { S3TestServer } from './s3-server.ts'
import { trinoStatement } from './trino-statement.ts'
import type { WeirServer } from './weir.ts'

type Row = readonly (string | null)[]

export interface RoundCounts {
  answers: number
  nonEmpty: number
  reused: number
  /** Refused before the first GET: more bytes at once than the cache may hold. */
  refused: number
  faults: number
  changed: number
}

interface RoundSpec {
  readonly lake: LakeSpec
  readonly queries: readonly QueryPair[]
  readonly faults: readonly Omit<Fault, 'when' | 'effect'>[]
  readonly latencyMs: number
  /** Which files are replaced while queries run. */
  readonly changes: readonly number[]
}

const faultSpecs: fc.Arbitrary<Omit<Fault, 'when' | 'effect'>> = fc.oneof(
  fc.record({ kind: fc.constant('slow-down' as const), every: fc.integer({ min: 4, max: 9 }), times: fc.constant(4) }),
  fc.record({ kind: fc.constant('server-error' as const), every: fc.integer({ min: 4, max: 9 }), times: fc.constant(3) }),
  fc.record({ kind: fc.constant('drop' as const), every: fc.integer({ min: 5, max: 9 }), times: fc.constant(3) }),
  fc.record({
    kind: fc.constant('cut' as const),
    every: fc.integer({ min: 3, max: 7 }),
    times: fc.constant(6),
    afterBytes: fc.constantFrom(0, 1, 1000, 30_000),
  }),
  fc.record({
    kind: fc.constant('slow-first-byte' as const),
    every: fc.integer({ min: 2, max: 6 }),
    times: fc.constant(20),
    ms: fc.integer({ min: 1, max: 60 }),
  }),
)

export const roundSpecs = (queries: number): fc.Arbitrary<RoundSpec> =>
  lakeSpecs.chain((lake) =>
    fc.record({
      lake: fc.constant(lake),
      queries: fc.array(lakeQueries(lake), { minLength: queries, maxLength: queries }),
      faults: fc.array(faultSpecs, { maxLength: 3 }),
      latencyMs: fc.constantFrom(0, 0, 3),
      changes: fc.array(fc.nat(), { minLength: 1, maxLength: 3 }),
    }),
  )

export interface RoundServers {
  readonly s3: S3TestServer
  readonly bucket: string
  readonly weir: WeirServer
}

let rounds = 0

/** Throws at the first answer that is not DuckDB's over the same files. */
export async function runRound(spec: RoundSpec, { s3, bucket, weir }: RoundServers, counts: RoundCounts): Promise<void> {
  const schema = `round${rounds++}`
  const lake = await writeLake(spec.lake, mkdtempSync(join(tmpdir(), 'weir-random-lake-')))
  try {
    for (const { key, bytes } of lake.objects) s3.put(bucket, `${schema}/${key}`, bytes)
    await register(spec.lake, `s3://${bucket}/${schema}/`, schema, weir)
    const before = await expectations(spec.queries, lake)
    for (const fault of spec.faults) s3.faults.add(fault)
    s3.faults.latencyMs = spec.latencyMs
    const ask = (query: QueryPair, expected: readonly (readonly Row[])[], how: Ask) => check(query, expected, how, schema, weir, counts)
    const seen = s3.log.length
    // Each query twice, several at a time.
    await inTurns([...spec.queries, ...spec.queries], 5, (query) => ask(query, [before.get(query) as readonly Row[]], 'default'))
    await inTurns(spec.queries.toReversed(), 3, (query) => ask(query, [before.get(query) as readonly Row[]], 'default'))
    await inTurns(spec.queries, 3, (query) => ask(query, [before.get(query) as readonly Row[]], 'off'))
    // The next version of some objects appears while queries run: they see the one or the other, not both.
    for (const change of spec.changes) {
      const { table, index } = lake.objects[change % lake.objects.length] as RandomLake['objects'][number]
      const old = await expectations(spec.queries, lake)
      const next = await lake.change(table, index)
      await next.commit()
      const fresh = await expectations(spec.queries, lake)
      s3.faults.add({
        kind: 'slow-first-byte',
        ms: 1,
        times: 1,
        when: (request) => request.method === 'GET' && request.key !== '',
        effect: () => s3.put(bucket, `${schema}/${next.key}`, next.bytes),
      })
      await inTurns(spec.queries.slice(0, 6), 3, (query) =>
        ask(query, [old.get(query) as readonly Row[], fresh.get(query) as readonly Row[]], 'changing'),
      )
      // Where nothing was read the change is still to come; it may not come behind a later one.
      s3.faults.clear()
      s3.faults.latencyMs = spec.latencyMs
      s3.put(bucket, `${schema}/${next.key}`, next.bytes)
      counts.changed++
      await inTurns(spec.queries.slice(0, 6), 3, (query) => ask(query, [fresh.get(query) as readonly Row[]], 'default'))
    }
    counts.faults += s3.log.slice(seen).filter(({ fault }) => fault !== undefined).length
  } finally {
    s3.faults.clear()
    for (const { key } of lake.objects) s3.remove(bucket, `${schema}/${key}`)
    lake.close()
  }
}

async function register(spec: LakeSpec, location: string, schema: string, weir: WeirServer): Promise<void> {
  for (const { name, format, keys } of spec.tables) {
    const response = await weir.request('/api/v1/tables', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ schema, name, location: `${location}${name}/`, format, columns: COLUMNS, partitionKeys: keys }),
    })
    if (response.status !== 201) throw new Error(`${name} was not registered: ${await response.text()}`)
  }
}

async function expectations(queries: readonly QueryPair[], lake: RandomLake): Promise<ReadonlyMap<QueryPair, readonly Row[]>> {
  const rows = new Map<QueryPair, readonly Row[]>()
  for (const query of queries) rows.set(query, comparable(await lake.oracle(query.duck)))
  return rows
}

/** `off`: over the Trino protocol, without dynamic filters and stored results. `changing`: an object is replaced meanwhile. */
type Ask = 'default' | 'off' | 'changing'

async function check(
  query: QueryPair,
  expected: readonly (readonly Row[])[],
  how: Ask,
  schema: string,
  weir: WeirServer,
  counts: RoundCounts,
): Promise<void> {
  const answer =
    how === 'off'
      ? await askWithout(query.trino, schema, weir)
      : await askRest(query.trino, schema, weir).catch((error: unknown) => brokenOff(error, how))
  if (answer.error !== undefined) {
    if (answer.error === 'GENERIC_INSUFFICIENT_RESOURCES') counts.refused++
    // Told to come back: what changes on and on under a query cannot be read.
    else if (how !== 'changing' || answer.error !== CHANGED) throw new Error(`${answer.error}: ${answer.message}\n${query.trino}`)
    return
  }
  counts.answers++
  if (answer.reused) counts.reused++
  if (answer.rows.length > 0) counts.nonEmpty++
  const rows = comparable(answer.rows)
  if (!expected.some((one) => fits(rows, one, query))) {
    const [first = []] = expected
    throw new Error(
      `A wrong answer (${how}${answer.reused ? ', stored' : ''}) to\n${query.trino}\nWeir:   ${shown(rows, first)}\nDuckDB: ${shown(first, rows)}`,
    )
  }
}

const CHANGED = 'HIVE_CANNOT_OPEN_SPLIT'

interface Answered {
  readonly rows: readonly (readonly unknown[])[]
  readonly reused: boolean
  readonly error?: string
  readonly message?: string
}

async function askRest(sql: string, schema: string, weir: WeirServer): Promise<Answered> {
  const { json } = await weir.sql(sql, { schema })
  if (json.error !== undefined) return { rows: [], reused: false, error: json.error.name, message: json.error.message }
  return { rows: json.rows, reused: json.stats.resultReused }
}

/** An object that changes behind the first rows ends the connection, so that nobody takes the part for the whole. */
function brokenOff(error: unknown, how: Ask): Answered {
  if (how !== 'changing' || !(error instanceof TypeError) || error.message !== 'terminated') throw error
  return { rows: [], reused: false, error: CHANGED, message: 'the answer was broken off' }
}

async function askWithout(sql: string, schema: string, weir: WeirServer): Promise<Answered> {
  const { rows, last } = await trinoStatement(weir.url, sql, {
    'x-trino-catalog': 'lake',
    'x-trino-schema': schema,
    'x-trino-session': 'enable_dynamic_filtering=false,reuse_results=false',
  })
  return last.error === undefined
    ? { rows, reused: false }
    : { rows, reused: false, error: last.error.errorName, message: last.error.message }
}

/** Values as one text for both engines: numbers without trailing zeros. */
function comparable(rows: readonly (readonly unknown[])[]): readonly Row[] {
  return rows.map((row) =>
    row.map((value) => {
      if (value === null) return null
      const text = String(value)
      if (text.toLowerCase() === 'nan') return 'NaN'
      return /^-?\d+(\.\d+)?$/.test(text) ? String(Number(text)) : text
    }),
  )
}

function fits(rows: readonly Row[], expected: readonly Row[], { ordered, anyRows }: QueryPair): boolean {
  if (anyRows !== undefined) {
    const left = new Map<string, number>()
    for (const row of expected) left.set(JSON.stringify(row), (left.get(JSON.stringify(row)) ?? 0) + 1)
    return (
      rows.length === Math.min(anyRows, expected.length) &&
      rows.every((row) => {
        const count = left.get(JSON.stringify(row)) ?? 0
        left.set(JSON.stringify(row), count - 1)
        return count > 0
      })
    )
  }
  const texts = (all: readonly Row[]) =>
    ordered ? all.map((row) => JSON.stringify(row)) : all.map((row) => JSON.stringify(row)).toSorted()
  return texts(rows).join('\n') === texts(expected).join('\n')
}

/** The rows that the other does not have, at most five. */
function shown(rows: readonly Row[], other: readonly Row[]): string {
  const others = new Set(other.map((row) => JSON.stringify(row)))
  const own = rows.map((row) => JSON.stringify(row)).filter((row) => !others.has(row))
  return `${rows.length} rows; only here: ${own.slice(0, 5).join(' ')}`
}

async function inTurns<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  let next = 0
  await Promise.all(
    Array.from({ length: width }, async () => {
      while (next < items.length) await work(items[next++] as T)
    }),
  )
}
