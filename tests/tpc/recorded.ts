/** Answers of a real Trino, recorded by `tests/oracle/record-trino.ts` for queries where DuckDB's rules are others. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Answer, canonicalRows } from './answer.ts'
import type { Benchmark } from './workload.ts'

export type RecordedAnswer =
  | { readonly columns: Answer['columns']; readonly rows: Answer['rows'] }
  /** Long answers are kept as the digest of their canonical rows, sorted. */
  | { readonly count: number; readonly sha256: string }
  /** Trino fails, with this error. */
  | { readonly error: string }

export interface Recording {
  readonly trino: string
  /** Queries to which DuckDB gives Trino's answer. */
  readonly sameInDuckdb: readonly string[]
  readonly answers: Readonly<Record<string, RecordedAnswer>>
}

const MOST_ROWS = 100

export function recordingFile(benchmark: Benchmark, scale: number): string {
  return join(import.meta.dirname, 'trino-rows', `${benchmark}-sf${scale}.json`)
}

export function readRecording(benchmark: Benchmark, scale: number): Recording {
  const file = recordingFile(benchmark, scale)
  if (!existsSync(file)) throw new Error(`${file} is missing: node tests/oracle/record-trino.ts ${benchmark} ${scale}`)
  return JSON.parse(readFileSync(file, 'utf8')) as Recording
}

export function recordAnswer(answer: Answer): RecordedAnswer {
  if (answer.rows.length <= MOST_ROWS) return answer
  return { count: answer.rows.length, sha256: digest(canonicalRows(answer)) }
}

/** Digest of canonical rows in any order. */
export function digest(rows: readonly string[]): string {
  return createHash('sha256')
    .update([...rows].sort().join('\n'))
    .digest('hex')
}
