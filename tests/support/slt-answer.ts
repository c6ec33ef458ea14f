/** Answers of the statement protocol as lines of an `.slt` file, and what differs between two of them. */
import { createHash } from 'node:crypto'
import type { Settings, SltExpectation } from './slt.ts'
import { canonicalJson, nearlyEqual } from './slt-values.ts'

/** More rows than this are kept as their number and digest. */
const MOST_ROWS = 300

export interface StatementAnswer {
  readonly columns: readonly { readonly name: string; readonly type: string }[]
  /** Each the JSON text of an array, in canonical form. */
  readonly rows: readonly string[]
  readonly error?: {
    readonly errorName: string
    readonly message: string
    readonly errorLocation?: { readonly lineNumber: number; readonly columnNumber: number }
  }
}

/**
 * Sends one statement to a server that speaks Trino's protocol and follows its pages. What takes longer than `limitMs` is canceled
 * and answered with an error of no server.
 */
export async function askStatement(url: string, sql: string, settings: Settings, limitMs = 120_000): Promise<StatementAnswer> {
  const end = Date.now() + limitMs
  const headers = requestHeaders(settings)
  const rows: string[] = []
  let columns: StatementAnswer['columns'] = []
  let response = await fetch(`${url}/v1/statement`, { method: 'POST', headers, body: sql })
  for (;;) {
    const text = await response.text()
    if (!response.ok) throw new Error(`${response.status}: ${text}`)
    const page = JSON.parse(text)
    if (page.error !== undefined) return { columns: [], rows: [], error: page.error }
    if (page.columns !== undefined) columns = page.columns
    if (page.data !== undefined) for (const row of canonicalJson(text, 'data')) rows.push(row)
    if (page.nextUri === undefined) return { columns, rows }
    if (Date.now() > end) {
      await fetch(page.nextUri, { method: 'DELETE', headers: { 'x-trino-user': 'weir' } })
      return { columns, rows: [], error: { errorName: 'NO_ANSWER', message: `Canceled after ${limitMs} ms` } }
    }
    response = await fetch(page.nextUri, { headers: { 'x-trino-user': 'weir' } })
  }
}

function requestHeaders(settings: Settings): Record<string, string> {
  const values = (entries: Readonly<Record<string, string>>): string =>
    Object.entries(entries)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join(',')
  const session = values(settings.session)
  const prepared = values(settings.prepared)
  return {
    'content-type': 'text/plain; charset=utf-8',
    'x-trino-user': 'weir',
    'x-trino-time-zone': settings.timezone,
    'x-trino-client-capabilities': 'PATH,PARAMETRIC_DATETIME',
    'x-trino-transaction-id': 'NONE',
    ...(settings.catalog !== undefined && { 'x-trino-catalog': settings.catalog }),
    ...(settings.schema !== undefined && { 'x-trino-schema': settings.schema }),
    ...(session !== '' && { 'x-trino-session': session }),
    ...(prepared !== '' && { 'x-trino-prepared-statement': prepared }),
  }
}

/** The lines that stand below a statement; of more than `most` rows, a digest. */
export function answerLines(answer: StatementAnswer, ordered: boolean, most = MOST_ROWS): readonly string[] {
  if (answer.error !== undefined) return [errorLine(answer.error)]
  const rows = ordered ? answer.rows : [...answer.rows].sort()
  // Statements without a result: an empty line would end the block.
  const header =
    answer.columns.length === 0
      ? 'no columns'
      : answer.columns.map(({ name, type }) => `${/^\w+$/.test(name) ? name : JSON.stringify(name)} ${type}`).join(' | ')
  if (rows.length <= most) return [header, ...rows]
  const digest = createHash('sha256').update(rows.join('\n')).digest('hex')
  return [header, `${rows.length} rows ${digest}`]
}

function errorLine({ errorName, message, errorLocation }: NonNullable<StatementAnswer['error']>): string {
  const place = errorLocation === undefined ? '' : ` ${errorLocation.lineNumber}:${errorLocation.columnNumber}`
  const text = (message ?? '').split('\n')[0]?.replace(/^line \d+:\d+: /, '') ?? ''
  return `error ${errorName}${place}: ${text}`
}

/** Whether the statement says in which order its rows come: an ORDER BY outside of all parentheses. */
export function isOrdered(sql: string): boolean {
  let outside = sql.replaceAll(/--.*|'(?:[^']|'')*'|"(?:[^"]|"")*"/g, "''")
  for (let before = ''; before !== outside; ) {
    before = outside
    outside = before.replaceAll(/\([^()]*\)/g, ' ')
  }
  return /^\s*(select|with|values|table)\b/i.test(sql) && /\border\s+by\b/i.test(outside)
}

/** What differs, or undefined. Of an error, its name and place count; its message does not. */
export function difference(expected: SltExpectation, answer: StatementAnswer, tolerance: number, most = MOST_ROWS): string | undefined {
  const actual = answerLines(answer, expected.ordered, most)
  const wanted = expected.lines
  if (isError(wanted) || isError(actual)) {
    return withoutMessage(wanted[0]) === withoutMessage(actual[0]) ? undefined : both(wanted, actual)
  }
  if (wanted.length !== actual.length || wanted[0] !== actual[0]) return both(wanted, actual)
  const same = wanted.every(
    (line, index) => line === actual[index] || (tolerance > 0 && nearlyEqual(line, actual[index] as string, tolerance)),
  )
  return same ? undefined : both(wanted, actual)
}

const isError = (lines: readonly string[]): boolean => lines.length === 1 && /^error [A-Z_]+( \d+:\d+)?:/.test(lines[0] ?? '')
const withoutMessage = (line: string | undefined): string => /^error [A-Z_]+( \d+:\d+)?:/.exec(line ?? '')?.[0] ?? 'an answer'

/** Lines that only one of them has. */
function both(wanted: readonly string[], actual: readonly string[]): string {
  const missing = wanted.filter((line) => !actual.includes(line))
  const extra = actual.filter((line) => !wanted.includes(line))
  const lines = [...missing.slice(0, 6).map((line) => `  Trino: ${line}`), ...extra.slice(0, 6).map((line) => `  Weir:  ${line}`)]
  return lines.length === 0 ? '  the same rows in another order or number' : lines.join('\n')
}
