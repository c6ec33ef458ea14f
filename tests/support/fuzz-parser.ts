/** Runs the parser over mutated statements; what it accepts must print and parse again to the same text. */
import { QueryError } from '#src/common/errors'
import type { Statement } from '#src/sql/ast'
import { parseStatement } from '#src/sql/parser/parse'
import { printStatement } from '#src/sql/printer'
import { mutations } from './sql-mutations.ts'

export interface FuzzReport {
  readonly accepted: number
  readonly rejected: number
  /** Statements with what went wrong, ten at most. */
  readonly failures: readonly string[]
  readonly slowestMilliseconds: number
}

const SLOW_MILLISECONDS = 1_000
const EXPECTED_ERRORS: ReadonlySet<string> = new Set(['SYNTAX_ERROR', 'STACK_OVERFLOW', 'NOT_SUPPORTED', 'QUERY_TEXT_TOO_LARGE'])

export function fuzzParser(corpus: readonly string[], count: number, seed: number): FuzzReport {
  let accepted = 0
  let rejected = 0
  let slowest = 0
  const failures: string[] = []
  const fail = (text: string, what: string): void => {
    if (failures.length < 10) failures.push(`${what}: ${text}`)
  }
  for (const text of mutations(corpus, count, seed)) {
    const start = process.cpuUsage()
    let statement: Statement | undefined
    try {
      statement = parseStatement(text)
      accepted++
    } catch (error) {
      rejected++
      const problem = problemOf(error)
      if (problem !== undefined) fail(text, problem)
    }
    // Of the processor, which other work on the machine does not lengthen.
    const elapsed = process.cpuUsage(start).user / 1000
    slowest = Math.max(slowest, elapsed)
    if (elapsed > SLOW_MILLISECONDS) fail(text, `took ${elapsed} ms`)
    if (statement !== undefined) checkPrinting(statement, (what) => fail(text, what))
  }
  return { accepted, rejected, failures, slowestMilliseconds: slowest }
}

function problemOf(error: unknown): string | undefined {
  if (!(error instanceof QueryError)) return String(error)
  if (!EXPECTED_ERRORS.has(error.errorName)) return `${error.errorName} ${error.message}`
  return error.at === undefined && error.errorName !== 'QUERY_TEXT_TOO_LARGE' ? `no position: ${error.message}` : undefined
}

function checkPrinting(statement: Statement, fail: (what: string) => void): void {
  try {
    const printed = printStatement(statement)
    const again = printStatement(parseStatement(printed))
    if (again !== printed) fail(`printed as ${printed}, then as ${again}`)
  } catch (error) {
    fail(`printing: ${error}`)
  }
}
