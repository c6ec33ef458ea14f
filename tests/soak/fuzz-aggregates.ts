/**
 * Random queries with aggregates, windows, joins, subqueries and set operations, judged by a real Trino 476:
 * `npm run soak:fuzz-aggregates -- --count 5000 --seed 1`. `WEIR_TRINO_URL` names a running Trino; without, one is started. `--weir URL`
 * names a running Weir with the schema `tiny`, `--out FILE` keeps the differences, `--minutes N` ends it early. Names and types of
 * columns, rows, and the names and places of errors are compared.
 */
import { appendFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startReplayServer } from '#tests/sql/replay-server'
import { type Query, querySource } from '#tests/support/aggregate-generator'
import { NO_SETTINGS } from '#tests/support/slt'
import { answerLines, askStatement, difference, type StatementAnswer } from '#tests/support/slt-answer'
import { startTrino, type TrinoServer } from '#tests/support/trino-server'
import type { WeirServer } from '#tests/support/weir'

const CONNECTIONS = 4
const LIMIT_MS = 60_000
/** All rows are compared, of doubles with a tolerance. */
const MOST_ROWS = 1_000_000
/** Sums of doubles in any order, and moments computed from them, which may be zero but for rounding. */
const TOLERANCE = 1e-12
const TOLERANCE_OF_MOMENTS = 1e-6
const MOMENTS = /\b(skewness|kurtosis|corr|covar_|regr_)/

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '600' },
    weir: { type: 'string' },
    out: { type: 'string' },
  },
})

/** The number of differences. */
async function fuzz(judge: string, url: string, count: number, seed: number): Promise<number> {
  const next = querySource(seed)
  const end = Date.now() + Number(values.minutes) * 60_000
  const totals = { queries: 0, failures: 0, differences: 0 }
  const excused = new Map<string, number>()
  const compare = async (sql: string, ordered: boolean): Promise<string | undefined> => {
    const [expected, actual] = await Promise.all([ask(judge, 'tpch', sql), ask(url, undefined, sql)])
    if (expected.error !== undefined) totals.failures++
    const [wanted, got] = ordered ? [expected, actual] : [sorted(expected), sorted(actual)]
    const found = difference(
      { ordered: true, lines: answerLines(wanted, true, MOST_ROWS) },
      got,
      MOMENTS.test(sql) ? TOLERANCE_OF_MOMENTS : TOLERANCE,
      MOST_ROWS,
    )
    if (found === undefined) return undefined
    const reason = excuse(sql, expected, actual)
    if (reason === undefined) return found
    excused.set(reason, (excused.get(reason) ?? 0) + 1)
    return undefined
  }
  const judgeQuery = async ({ sql, ordered, smaller }: Query): Promise<void> => {
    const found = await compare(sql, ordered)
    if (found === undefined) return
    totals.differences++
    let least = `${sql}\n${found}`
    for (const part of smaller) {
      const again = await compare(part, false)
      if (again !== undefined) least = `${part}\n${again}\n-- a part of ${sql}`
    }
    report(`${least}\n\n`)
  }
  const work = async (): Promise<void> => {
    while (totals.queries < count && Date.now() < end) {
      totals.queries++
      await judgeQuery(next())
      if (totals.queries % 100 === 0) process.stderr.write(`${totals.queries} of ${count}, ${totals.differences} differences\n`)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, work))
  const { queries, failures, differences } = totals
  process.stdout.write(`seed ${seed}: ${queries} queries (${failures} fail in Trino), ${differences} differences\n`)
  for (const [reason, number] of [...excused].sort()) process.stdout.write(`  known: ${number} ${reason}\n`)
  return differences
}

const ask = (url: string, catalog: string | undefined, sql: string): Promise<StatementAnswer> =>
  askStatement(url, sql, { ...NO_SETTINGS, schema: 'tiny', ...(catalog !== undefined && { catalog }) }, LIMIT_MS)

/** With its rows in an order that the last digits of their numbers do not change. */
function sorted(answer: StatementAnswer): StatementAnswer {
  const rows = answer.rows.map((row) => ({ row, key: row.replaceAll(/-?\d+\.\d+(e[-+]?\d+)?/gi, (text) => Number(text).toPrecision(9)) }))
  return { ...answer, rows: rows.sort((one, other) => (one.key < other.key ? -1 : one.key > other.key ? 1 : 0)).map(({ row }) => row) }
}

function report(text: string): void {
  if (values.out === undefined) process.stdout.write(text)
  else appendFileSync(values.out, text)
}

/** Why a difference is none to mend. */
function excuse(sql: string, expected: StatementAnswer, actual: StatementAnswer): string | undefined {
  const [one, message] = [expected.error?.errorName, expected.error?.message ?? '']
  if (one === 'GENERIC_INTERNAL_ERROR' || one === 'COMPILER_ERROR') return 'Trino fails by an internal error'
  if (one === 'NOT_SUPPORTED' && /Given correlated subquery is not supported/.test(message) && actual.error === undefined)
    return 'Trino does not decorrelate it'
  if (one === 'NOT_SUPPORTED' && /comparison not supported for (arrays|fields) with null elements$/.test(message))
    return 'a NULL inside an array or row decides an order'
  // docs/sql.md and tests/sql/known-differences.json tell of these.
  if (one === undefined && actual.error?.message === 'bigint addition overflow' && /\bsum\(.* OVER /s.test(sql))
    return 'a running sum beyond bigint, which wraps around in Trino'
  if (one === undefined && actual.error?.message === 'Decimal overflow' && /\bavg\(/.test(sql))
    return 'an average of decimals whose sum needs more than 128 bits'
  return undefined
}

let trino: TrinoServer | undefined
let weir: WeirServer | undefined
try {
  if (process.env.WEIR_TRINO_URL === undefined) trino = await startTrino()
  if (values.weir === undefined) weir = await startReplayServer()
  const [judge, url] = [process.env.WEIR_TRINO_URL ?? trino?.url, values.weir ?? weir?.url] as [string, string]
  process.exitCode = (await fuzz(judge, url, Number(values.count), Number(values.seed))) === 0 ? 0 : 1
} finally {
  await Promise.all([trino?.close(), weir?.stop()])
}
