/**
 * Queries whose clients do not wait: they run like all others (engine.ts), their rows are stored in files of the kernel,
 * and are given in any format until they are an hour old, are forgotten, or make room for newer ones. The files belong to
 * this process: with its end the results are gone, and only the history tells of their queries.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { QueryError } from '#src/common/errors'
import type { Kernel, KernelFrame, StoredResult } from '#src/kernel/kernel'
import { explainPlan } from '#src/physical/explain'
import type { PhysicalPlan } from '#src/physical/plan'
import type { Admission } from './admission.ts'
import type { QueryEngine } from './engine.ts'
import { noFrames } from './plan-runner.ts'
import type { QueryInfo, QueryRequest, RunningQuery } from './query.ts'

export interface AsyncQueriesOptions {
  /** In the kernel's spill folder; made when it is not there. */
  readonly folder: string
  /** Bytes that results may take on disk. */
  readonly budgetBytes: number
  /** How long results are kept; default one hour. */
  readonly keepMs?: number
  /** How often sizes and ages are looked at; default half a second. */
  readonly watchMs?: number
}

export interface AsyncQueriesDeps {
  readonly engine: QueryEngine
  readonly kernel: Pick<Kernel, 'read'>
  /** Reading a result takes a place like a query. */
  readonly admission: Admission
}

export type AsyncRequest = Omit<QueryRequest, 'format' | 'signal' | 'storeIn' | 'onPlan' | 'beforeEnd' | 'reuseResults'>

/** EXPLAIN's texts of the plan that ran. */
export interface PlanTexts {
  readonly text: string
  readonly json: string
}

export interface KeptResult {
  readonly rows: number
  /** On disk. */
  readonly bytes: number
  /** Milliseconds since the epoch. */
  readonly expires: number
}

/** What only queries of this kind have. */
export interface AsyncDetails {
  readonly plan: PlanTexts | undefined
  readonly results: KeptResult | undefined
}

export type ResultReading =
  | { readonly kind: 'rows'; readonly query: RunningQuery }
  /** The query has not ended. */
  | { readonly kind: 'unfinished' }
  /** Its rows are no longer there, or never were for reading again. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'unknown' }

interface Entry {
  readonly id: string
  readonly folder: string
  readonly files: string[]
  plan: PlanTexts | undefined
  /** Set when all rows are stored. */
  result: { readonly query: RunningQuery; readonly info: QueryInfo; readonly ended: number } | undefined
  bytes: number
  /** Readers; files are removed behind the last one. */
  readers: number
  forgotten: boolean
}

const KEEP_MS = 3_600_000
const WATCH_MS = 500
/** What is known of each costs memory. */
const MOST_RESULTS = 10_000

export class AsyncQueries {
  readonly #deps: AsyncQueriesDeps
  readonly #options: Required<AsyncQueriesOptions>
  /** Oldest first. */
  readonly #entries = new Map<string, Entry>()
  readonly #watch: NodeJS.Timeout
  #watching: Promise<void> | undefined

  constructor(deps: AsyncQueriesDeps, options: AsyncQueriesOptions) {
    this.#deps = deps
    this.#options = { keepMs: KEEP_MS, watchMs: WATCH_MS, ...options }
    this.#watch = setInterval(() => {
      this.#watching ??= this.#keepWithinBounds().finally(() => {
        this.#watching = undefined
      })
    }, this.#options.watchMs).unref()
  }

  /** Starts a query and gives its id; what fails later is the query's state. Throws what ends it before it has an id. */
  async submit(request: AsyncRequest): Promise<string> {
    const folder = join(this.#options.folder, randomUUID())
    await mkdir(folder, { recursive: true, mode: 0o700 })
    const files: string[] = []
    const begun: { entry?: Entry } = {}
    const query = this.#deps.engine.start(
      {
        ...request,
        format: 'stored',
        reuseResults: false,
        storeIn: () => {
          files.push(join(folder, `${files.length}.parquet`))
          return files.at(-1) as string
        },
        onPlan: (plan) => {
          if (begun.entry !== undefined) begun.entry.plan = planTexts(plan)
        },
        beforeEnd: async () => {
          if (begun.entry !== undefined) await this.#checkSize(begun.entry)
        },
        // Ended by its id only.
        signal: new AbortController().signal,
      },
      (id) => {
        begun.entry = { id, folder, files, plan: undefined, result: undefined, bytes: 0, readers: 0, forgotten: false }
        this.#entries.set(id, begun.entry)
      },
    )
    const { entry } = begun
    if (entry === undefined) {
      await rm(folder, { recursive: true, force: true })
      await query
      throw new QueryError('GENERIC_INTERNAL_ERROR', 'A query was started without an id')
    }
    void this.#finish(entry, query)
    return entry.id
  }

  /** Of every query, like the engine's, but not FINISHED before the rows can be read. */
  info(id: string): QueryInfo | undefined {
    const entry = this.#entries.get(id)
    if (entry?.result !== undefined) return entry.result.info
    const info = this.#deps.engine.info(id)
    return entry !== undefined && info?.state === 'FINISHED' ? { ...info, state: 'RUNNING', ended: undefined } : info
  }

  /** All that is known, newest first. */
  list(): readonly QueryInfo[] {
    const listed = this.#deps.engine.list().map((info) => this.info(info.id) ?? info)
    const ids = new Set(listed.map(({ id }) => id))
    // The history may have forgotten queries whose results are still kept.
    const older = [...this.#entries.values()].flatMap(({ id, result }) => (result === undefined || ids.has(id) ? [] : [result.info]))
    return [...listed, ...older.reverse()]
  }

  details(id: string): AsyncDetails {
    const entry = this.#entries.get(id)
    const { result } = entry ?? {}
    if (entry === undefined || result === undefined) return { plan: entry?.plan, results: undefined }
    const expires = result.ended + this.#options.keepMs
    return { plan: entry.plan, results: { rows: result.info.stats.rows, bytes: entry.bytes, expires } }
  }

  /** Ends a query that runs; forgets the rows of one that has ended. Nothing happens to one that is not of this kind. */
  async delete(id: string): Promise<void> {
    const entry = this.#entries.get(id)
    if (entry?.result === undefined) this.#deps.engine.cancel(id)
    else await this.#forget(entry)
  }

  /** The rows again, from the first on. Throws the error of a query that has failed. */
  async read(id: string, format: StoredResult['format'], signal: AbortSignal): Promise<ResultReading> {
    const info = this.info(id)
    if (info === undefined) return { kind: 'unknown' }
    if (info.error !== undefined) throw info.error
    if (info.ended === undefined) return { kind: 'unfinished' }
    const entry = this.#entries.get(id)
    if (entry?.result === undefined) return { kind: 'gone' }
    const { query, info: of } = entry.result
    if (entry.files.length === 0) return { kind: 'rows', query: { ...query, frames: noFrames() } }
    // What fails before the first rows fails here.
    const frames = this.#frames(entry, query, format, signal, of.user)
    const first = await frames.next()
    return { kind: 'rows', query: { ...query, frames: continued(first, frames) } }
  }

  /** Files are the spill folder's to remove. */
  close(): void {
    clearInterval(this.#watch)
  }

  async *#frames(
    entry: Entry,
    { columns }: RunningQuery,
    format: StoredResult['format'],
    signal: AbortSignal,
    user: string,
  ): AsyncGenerator<KernelFrame> {
    entry.readers++
    let leave: (() => void) | undefined
    try {
      leave = await this.#deps.admission.enter(signal, user)
      const { frames } = await this.#deps.kernel.read({ files: entry.files, columns, format, signal })
      yield* frames
    } finally {
      leave?.()
      entry.readers--
      if (entry.forgotten && entry.readers === 0) await removeFiles(entry)
    }
  }

  /** Never rejects. */
  async #finish(entry: Entry, starting: Promise<RunningQuery>): Promise<void> {
    try {
      const query = await starting
      for await (const frame of query.frames) {
        if (frame.bytes.length > 0) throw new QueryError('GENERIC_INTERNAL_ERROR', 'Rows to be stored came as bytes')
      }
      const info = this.#deps.engine.info(entry.id)
      if (info === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', 'A query is unknown at its end')
      entry.result = { query, info, ended: Date.now() }
    } catch {
      // The engine has written the reason down.
      this.#entries.delete(entry.id)
      await removeFiles(entry)
    }
  }

  /** A query may be so fast that nobody looked at its rows while it ran. */
  async #checkSize(entry: Entry): Promise<void> {
    entry.bytes = await sizeOf(entry)
    if (entry.bytes > this.#options.budgetBytes) throw tooLarge(this.#options.budgetBytes)
  }

  async #keepWithinBounds(): Promise<void> {
    const now = Date.now()
    for (const entry of [...this.#entries.values()]) {
      if (entry.result === undefined) entry.bytes = await sizeOf(entry)
      else if (entry.result.ended + this.#options.keepMs <= now) await this.#forget(entry)
    }
    const { budgetBytes } = this.#options
    let bytes = [...this.#entries.values()].reduce((sum, entry) => sum + entry.bytes, 0)
    for (const entry of [...this.#entries.values()]) {
      if (bytes <= budgetBytes && this.#entries.size <= MOST_RESULTS) return
      if (entry.result === undefined) continue
      bytes -= entry.bytes
      await this.#forget(entry)
    }
    const largest = [...this.#entries.values()].filter((entry) => entry.result === undefined).sort((a, b) => b.bytes - a.bytes)[0]
    if (bytes > budgetBytes && largest !== undefined) this.#deps.engine.cancel(largest.id, tooLarge(budgetBytes))
  }

  async #forget(entry: Entry): Promise<void> {
    this.#entries.delete(entry.id)
    entry.forgotten = true
    if (entry.readers === 0) await removeFiles(entry)
  }
}

function tooLarge(budgetBytes: number): QueryError {
  return new QueryError(
    'GENERIC_INSUFFICIENT_RESOURCES',
    `The results of asynchronous queries take more than the ${budgetBytes} bytes that they may`,
    {
      hint: 'Select fewer rows or columns, delete results that are no longer wanted, or start the server with a larger --results-size.',
    },
  )
}

async function* continued(first: IteratorResult<KernelFrame>, rest: AsyncGenerator<KernelFrame>): AsyncGenerator<KernelFrame> {
  try {
    for (let next = first; !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return(undefined)
  }
}

const planTexts = (plan: PhysicalPlan): PlanTexts => ({
  text: explainPlan(plan, { type: 'distributed', format: 'text' }),
  json: explainPlan(plan, { type: 'distributed', format: 'json' }),
})

async function sizeOf({ folder }: Entry): Promise<number> {
  const names = await readdir(folder).catch(() => [])
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(folder, name)).then(
        ({ size }) => size,
        () => 0,
      ),
    ),
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

/** What cannot be removed now goes with the process' folder. */
async function removeFiles({ folder }: Entry): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(() => undefined)
}
