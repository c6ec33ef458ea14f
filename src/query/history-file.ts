/**
 * The history on disk: files of JSON lines in a folder, each written by one process only, so that several may share it
 * and none needs a lock. Lines are appended in batches and never changed. A process that is killed leaves at most a
 * part of its last line, which is not read. Another process' queries are seen at the next start.
 */
import { randomBytes } from 'node:crypto'
import { appendFile, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { ERRORS, type ErrorName, QueryError } from '#src/common/errors'
import { createHistory, HISTORY_BOUNDS, type History } from './history.ts'
import type { QueryInfo, QueryState, QueryStats } from './query.ts'
import { QueryRecord } from './query-record.ts'

export interface HistoryFile extends History {
  /** Writes what is not written yet. */
  close(): Promise<void>
}

export interface HistoryFileOptions {
  readonly folder: string
  /** Told once when writing fails; the history in memory goes on. */
  readonly onFailure: (error: Error) => void
  /** A file that has so many bytes is followed by a new one. */
  readonly fileBytes?: number
  /** Files beyond so many bytes in all are removed, oldest first. */
  readonly totalBytes?: number
  readonly batchMs?: number
}

const FILE_BYTES = 4 * 1024 * 1024
const TOTAL_BYTES = 32 * 1024 * 1024
const BATCH_MS = 200

/** A line of a file. */
interface Line {
  readonly id: string
  readonly state: QueryState
  readonly sql: string
  readonly user: string
  readonly created: number
  readonly ended: number
  readonly stats: QueryStats
  readonly error?: {
    readonly name: string
    readonly message: string
    readonly line?: number
    readonly column?: number
    readonly hint?: string
  }
}

/** Reads what earlier processes have left; lines that are no line of ours are passed over. */
export async function openHistoryFile(options: HistoryFileOptions): Promise<HistoryFile> {
  const { folder, onFailure, fileBytes = FILE_BYTES, totalBytes = TOTAL_BYTES, batchMs = BATCH_MS } = options
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const memory = createHistory()
  for (const query of await readAll(folder, totalBytes)) memory.add(query)

  let path: string | undefined
  let written = 0
  let count = 0
  let pending: string[] = []
  let timer: NodeJS.Timeout | undefined
  let writing = Promise.resolve()
  let failed = false

  const write = async (): Promise<void> => {
    const lines = pending
    pending = []
    if (lines.length === 0) return
    if (path === undefined || written >= fileBytes) {
      path = join(folder, newName(count++))
      written = 0
      await removeOld(folder, totalBytes - fileBytes)
    }
    const bytes = Buffer.from(lines.join(''))
    written += bytes.length
    await appendFile(path, bytes, { mode: 0o600 })
  }
  const flush = (): Promise<void> => {
    clearTimeout(timer)
    timer = undefined
    writing = writing.then(write).catch((error: Error) => {
      if (!failed) onFailure(error)
      failed = true
      // It may end with a part of a line.
      path = undefined
    })
    return writing
  }

  return {
    add(query) {
      memory.add(query)
      pending.push(`${JSON.stringify(lineOf(query))}\n`)
      timer ??= setTimeout(flush, batchMs).unref()
    },
    list: () => memory.list(),
    find: (id) => memory.find(id),
    close: flush,
  }
}

/** Sorts by time, and the files of one process as it made them. */
const newName = (count: number): string => {
  const time = new Date().toISOString().replace(/[-:.]/g, '')
  return `${time}-${process.pid}-${String(count).padStart(6, '0')}-${randomBytes(4).toString('hex')}.jsonl`
}

async function namesOf(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).sort()
}

/** Oldest first. */
async function readAll(folder: string, totalBytes: number): Promise<QueryInfo[]> {
  await removeOld(folder, totalBytes)
  const found: QueryInfo[][] = []
  let count = 0
  // Newest files first: there may be more than are wanted.
  for (const name of (await namesOf(folder)).reverse()) {
    if (count >= HISTORY_BOUNDS.queries) break
    // Another process may have removed it.
    const text = await readFile(join(folder, name), 'utf8').catch(() => '')
    const queries = text.split('\n').flatMap((line) => queryOf(line) ?? [])
    count += queries.length
    found.push(queries)
  }
  // Those that ended in one millisecond stay in the order in which they were written.
  return found
    .reverse()
    .flat()
    .sort((a, b) => (a.ended ?? 0) - (b.ended ?? 0))
}

async function removeOld(folder: string, mostBytes: number): Promise<void> {
  let bytes = 0
  for (const name of (await namesOf(folder)).reverse()) {
    const path = join(folder, name)
    const stats = await stat(path).catch(() => undefined)
    if (stats === undefined) continue
    bytes += stats.size
    if (bytes > mostBytes || stats.mtimeMs < Date.now() - HISTORY_BOUNDS.ageMs) await rm(path, { force: true })
  }
}

function lineOf({ id, state, sql, user, created, ended, error, stats }: QueryInfo): Line {
  return {
    id,
    state,
    sql,
    user,
    created,
    ended: ended ?? Date.now(),
    stats,
    ...(error !== undefined && {
      error: {
        name: error.errorName,
        message: error.at === undefined ? error.message : error.message.slice(`line ${error.at.line}:${error.at.column}: `.length),
        ...(error.at !== undefined && { line: error.at.line, column: error.at.column }),
        ...(error.hint !== undefined && { hint: error.hint }),
      },
    }),
  }
}

/** Statistics as this version has them. */
const STATS: unknown = new QueryRecord('', '', '').stats()

function hasShape(value: unknown, shape: unknown): boolean {
  if (typeof shape !== 'object' || shape === null) return value === null || typeof value === typeof shape
  if (Array.isArray(shape)) return Array.isArray(value)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(shape).every(([key, part]) => hasShape((value as Record<string, unknown>)[key], part))
}

const ENDED: ReadonlySet<unknown> = new Set<QueryState>(['FINISHED', 'FAILED', 'CANCELED'])

/** Undefined for a part of a line, and for what another version has written otherwise. */
function queryOf(text: string): QueryInfo | undefined {
  if (text === '') return undefined
  let line: Partial<Line> | null
  try {
    line = JSON.parse(text) as Partial<Line> | null
  } catch {
    return undefined
  }
  const { id, state, sql, user, created, ended, stats, error } = line ?? {}
  if (typeof id !== 'string' || typeof sql !== 'string' || typeof user !== 'string') return undefined
  if (typeof created !== 'number' || typeof ended !== 'number' || stats === undefined || !hasShape(stats, STATS)) return undefined
  if (state === undefined || !ENDED.has(state)) return undefined
  return { id, state, sql, user, created, ended, stats, error: error === undefined ? undefined : errorOf(error, id) }
}

function errorOf({ name, message, line, column, hint }: NonNullable<Line['error']>, id: string): QueryError {
  const known: ErrorName = name in ERRORS ? (name as ErrorName) : 'GENERIC_INTERNAL_ERROR'
  const at = line === undefined || column === undefined ? undefined : { line, column }
  const error = new QueryError(known, message, { at, hint })
  error.queryId = id
  return error
}
