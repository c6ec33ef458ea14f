/**
 * Answers of a real Trino: to all queries over its own tiny schemas (`tests/oracle/record-tiny.ts`), and over larger lakes to those where
 * DuckDB's rules are others (`tests/oracle/record-trino.ts`).
 */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Answer, canonicalRows } from './answer.ts'
import type { Benchmark } from './workload.ts'

export type RecordedAnswer =
  | { readonly columns: Answer['columns']; readonly rows: Answer['rows'] }
  /** Long answers are kept as the digest of their canonical rows, sorted. */
  | { readonly columns?: Answer['columns']; readonly count: number; readonly sha256: string }
  /** Trino fails, with this error. */
  | { readonly error: string }

/** By the queries' names. */
export interface Recording {
  readonly trino: string
  readonly answers: Readonly<Record<string, RecordedAnswer>>
}

export interface LakeRecording extends Recording {
  /** Queries to which DuckDB gives Trino's answer. */
  readonly sameInDuckdb: readonly string[]
}

const MOST_ROWS = 100
/** Characters of a tiny schema's answer that is kept whole. */
const MOST_TEXT = 100_000

export function recordingFile(benchmark: Benchmark, scale: number): string {
  return join(import.meta.dirname, 'trino-rows', `${benchmark}-sf${scale}.json`)
}

export function tinyRecordingFile(benchmark: Benchmark): string {
  return join(import.meta.dirname, 'trino-rows', `${benchmark}-tiny.json`)
}

export function readRecording(benchmark: Benchmark, scale: number): LakeRecording {
  const file = recordingFile(benchmark, scale)
  if (!existsSync(file)) throw new Error(`${file} is missing: node tests/oracle/record-trino.ts ${benchmark} ${scale}`)
  return JSON.parse(readFileSync(file, 'utf8')) as LakeRecording
}

/** What Trino answers over `tpch.tiny` or `tpcds.tiny`. */
export function readTinyRecording(benchmark: Benchmark): Recording {
  return JSON.parse(readFileSync(tinyRecordingFile(benchmark), 'utf8')) as Recording
}

/** The answer with all its rows, or as the digest of its rows where they are very many. */
export function recordTiny(answer: Answer): RecordedAnswer {
  return JSON.stringify(answer.rows).length <= MOST_TEXT ? answer : recordDigest(answer)
}

export function recordAnswer(answer: Answer): RecordedAnswer {
  return answer.rows.length <= MOST_ROWS ? answer : recordDigest(answer)
}

function recordDigest(answer: Answer): RecordedAnswer {
  return { columns: answer.columns, count: answer.rows.length, sha256: digest(canonicalRows(answer)) }
}

/** One row a line, so that a change shows where it is. */
export function answerText(answer: RecordedAnswer): string {
  if (!('rows' in answer)) return JSON.stringify(answer)
  const rows = answer.rows.map((row) => `        ${JSON.stringify(row)}`)
  return `{\n      "columns": ${JSON.stringify(answer.columns)},\n      "rows": [\n${rows.join(',\n')}\n      ]\n    }`
}

/** Digest of canonical rows in any order. */
export function digest(rows: readonly string[]): string {
  return createHash('sha256')
    .update([...rows].sort().join('\n'))
    .digest('hex')
}
