/**
 * Random typed expressions, judged by a real Trino 476: `npm run soak:fuzz-expressions -- --count 20000 --seed 1`.
 * `WEIR_TRINO_URL` names a running Trino; without, one is started. `--weir URL` names a running Weir, `--out FILE` keeps the
 * differences, `--minutes N` ends it early. Types, values, and the names of errors are compared.
 */
import { appendFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { startReplayServer } from '#tests/sql/replay-server'
import { EXPRESSION_ROWS, type Expression, expressionSource } from '#tests/support/expression-generator'
import { NO_SETTINGS } from '#tests/support/slt'
import { askStatement, type StatementAnswer } from '#tests/support/slt-answer'
import { nearlyEqual } from '#tests/support/slt-values'
import { startTrino, type TrinoServer } from '#tests/support/trino-server'
import type { WeirServer } from '#tests/support/weir'

/** Expressions of a statement: those that fail in Trino are told apart by halving. Those outside of TRY, which often fail, stand alone. */
const BATCH = 32
const CONNECTIONS = 6
const LIMIT_MS = 60_000
/** Doubles of functions whose last digit depends on the machine (docs/sql.md). */
const TOLERANCE = 1e-14

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '600' },
    weir: { type: 'string' },
    out: { type: 'string' },
  },
})

/** The number of differences. */
async function fuzz(judge: string, url: string, count: number, seed: number): Promise<number> {
  const next = expressionSource(seed)
  const end = Date.now() + Number(values.minutes) * 60_000
  const totals = { expressions: 0, failures: 0, differences: 0 }
  const excused = new Map<string, number>()
  const work = async (): Promise<void> => {
    while (totals.expressions < count && Date.now() < end) {
      const batch = Array.from({ length: Math.min(BATCH, count - totals.expressions) }, next)
      totals.expressions += batch.length
      await judgeBatch(batch.filter(isTried))
      for (const expression of batch) if (!isTried(expression)) await judgeBatch([expression])
      process.stderr.write(`${totals.expressions} of ${count}, ${totals.differences} differences\n`)
    }
  }
  /** Halves what does not agree, down to single expressions. */
  const judgeBatch = async (batch: readonly Expression[]): Promise<void> => {
    if (batch.length === 0) return
    const sql = statement(batch)
    const [expected, actual] = await Promise.all([ask(judge, sql), ask(url, sql)])
    if (expected.error === undefined && difference(expected, actual) === undefined) return
    const [only] = batch
    if (batch.length > 1) {
      const middle = Math.ceil(batch.length / 2)
      await judgeBatch(batch.slice(0, middle))
      await judgeBatch(batch.slice(middle))
    } else if (only !== undefined) {
      if (expected.error !== undefined) totals.failures++
      const found = difference(expected, actual)
      if (found === undefined) return
      const reason = excuse(only.sql, expected, actual) ?? (await dividesLeast(url, only))
      if (reason === undefined) {
        totals.differences++
        report(`SELECT ${only.sql}\n${found}\n\n`)
      } else excused.set(reason, (excused.get(reason) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, work))
  const { expressions, failures, differences } = totals
  process.stdout.write(`seed ${seed}: ${expressions} expressions (${failures} fail in Trino), ${differences} differences\n`)
  for (const [reason, number] of [...excused].sort()) process.stdout.write(`  known: ${number} ${reason}\n`)
  return differences
}

const isTried = ({ sql }: Expression): boolean => sql.startsWith('TRY(')

function statement(batch: readonly Expression[]): string {
  return `SELECT ${batch.map(({ sql }) => sql).join(', ')} FROM ${EXPRESSION_ROWS}`
}

const ask = (url: string, sql: string): Promise<StatementAnswer> => askStatement(url, sql, NO_SETTINGS, LIMIT_MS)

function report(text: string): void {
  if (values.out === undefined) process.stdout.write(text)
  else appendFileSync(values.out, text)
}

/** What differs, or undefined; of errors the names count. */
function difference(expected: StatementAnswer, actual: StatementAnswer): string | undefined {
  const [wanted, got] = [lines(expected), lines(actual)]
  const rows = wanted.slice(1)
  const same =
    wanted.length === got.length &&
    wanted[0] === got[0] &&
    rows.every((row, index) => row === got[index + 1] || nearlyEqual(row, got[index + 1] as string, TOLERANCE))
  if (same) return undefined
  const shown = ({ error, rows }: StatementAnswer, type: string | undefined): string =>
    error === undefined ? `${type} ${rows.join(' ')}` : `${error.errorName} ${error.message}`
  return `  Trino: ${shown(expected, wanted[0])}\n  Weir:  ${shown(actual, got[0])}`
}

function lines({ error, columns, rows }: StatementAnswer): readonly string[] {
  return error === undefined ? [columns.map(({ type }) => type).join(' | '), ...[...rows].sort()] : [error.errorName]
}

/** Why a difference is none to mend. */
function excuse(sql: string, expected: StatementAnswer, actual: StatementAnswer): string | undefined {
  const [one, other] = [expected.error?.errorName, actual.error?.errorName]
  // Trino's own bugs.
  if (one === 'GENERIC_INTERNAL_ERROR' || one === 'COMPILER_ERROR') return 'Trino fails by an internal error'
  if (one === 'NOT_SUPPORTED' && /comparison not supported for (arrays|fields) with null elements$/.test(expected.error?.message ?? ''))
    return 'a NULL inside an array or row decides an order: Weir sorts it last, and TRY gives NULL'
  if (
    one === 'INVALID_CAST_ARGUMENT' &&
    /^Cannot cast DECIMAL.* to DECIMAL\(/.test(expected.error?.message ?? '') &&
    COERCED_NULLIF.test(sql)
  )
    return 'TRY lets the failed coercion of a nullif of constants pass'
  if (/^Timezone with non-zero seconds offset cannot be rendered as ISO8601/.test(expected.error?.message ?? ''))
    return 'an offset with seconds, which Weir cuts off'
  if (/same length$/.test(expected.error?.message ?? '') && /hamming_distance\(.*chr\(0\)/s.test(sql) && actual.error === undefined)
    return 'hamming_distance does not move past U+0000'
  // What Weir refuses, it refuses by name (docs/sql.md).
  if (one === undefined && other === 'NOT_SUPPORTED') return actual.error?.message.replace(/^line \d+:\d+: /, 'refused: ')
  // Rows are evaluated in no given order, and of two failing operands either may tell.
  if (one !== undefined && RUNTIME.has(one) && (RUNTIME.has(other ?? '') || actual.error?.message === '/ by zero'))
    return 'another operand fails first'
  return undefined
}

/** Trino computes on with a quotient that integer has no place for, Weir fails. */
async function dividesLeast(url: string, { type, sql }: Expression): Promise<string | undefined> {
  if (!isTried({ type, sql })) return undefined
  const { error } = await ask(url, statement([{ type, sql: sql.slice('TRY('.length, -1) }]))
  return /^Division overflow: -\d+ \/ -1$/.test(error?.message ?? '') ? 'the least integer divided by -1' : undefined
}

/** Trino computes it when it plans, where its TRY does not reach; over tables TRY gives NULL. */
const COERCED_NULLIF = /^TRY\(.*nullif\(/s
const RUNTIME = new Set(['DIVISION_BY_ZERO', 'NUMERIC_VALUE_OUT_OF_RANGE', 'INVALID_CAST_ARGUMENT', 'INVALID_FUNCTION_ARGUMENT'])

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
