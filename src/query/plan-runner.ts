/** From a typed plan to rows: optimize, plan the I/O, bring the bytes, let the kernel execute. */
import { rm } from 'node:fs/promises'
import type { Bucket, RequestCounter } from '#connectors/storage/object-store'
import type { ObjectStores } from '#connectors/storage/registry'
import { QueryError } from '#src/common/errors'
import type { Kernel, KernelFrame } from '#src/kernel/kernel'
import type { QueryPlan } from '#src/logical/plan'
import { outputOf } from '#src/logical/plan-walk'
import { optimize } from '#src/optimize/optimizer'
import type { PhysicalPlan } from '#src/physical/plan'
import { planQuery } from '#src/physical/plan-query'
import type { PlanningSources } from '#src/physical/plan-scan'
import type { ScanContext, Scanner } from '#src/scan/scanner'
import { ObjectChanged } from '#src/scan/store-errors'
import { buildSideReader } from './build-sides.ts'
import { directRows, mayBeListing } from './direct-rows.ts'
import { HeldScans } from './held-scans.ts'
import type { QueryRequest, ResultColumn } from './query.ts'
import { NO_TOTALS, type QueryRecord } from './query-record.ts'
import type { ResultCache } from './result-cache.ts'
import { resultKey } from './result-key.ts'
import { stagedPlan } from './stages.ts'
import { loadSystemTables } from './system-tables/load.ts'
import { largestPiece, type WavePlan, wavePlan, waves } from './waves.ts'

export interface PlanRunnerDeps {
  readonly stores: ObjectStores
  readonly scanner: Scanner
  readonly kernel: Kernel
  /** Results that were computed before. */
  readonly results: ResultCache
  /** Most bytes that one query may hold in the block cache at once. */
  readonly cacheBudget: () => number
  /** A new path for rows that are stored while a query runs; on the spill folder's disk. */
  readonly spillFile: () => string
  /** Listing and footers of one query, through its view of the stores. */
  readonly sources: (stores: { storeFor(bucket: Bucket): ReturnType<ObjectStores['storeFor']> }) => PlanningSources
}

/** Rows on their way. */
export interface RunningPlan {
  readonly columns: readonly ResultColumn[]
  readonly frames: AsyncIterable<KernelFrame>
  /** Of a statement that has written. */
  readonly updateType?: string | undefined
  readonly updateCount?: number | undefined
}

/** Bytes of the first wave: what a connection fetches in about the time of a round trip or two. */
const FIRST_WAVE = 8 * 1024 * 1024
const LARGEST_WAVE = 512 * 1024 * 1024
/** Below this all files are one wave unless a LIMIT may stop early. */
const ONE_WAVE = 64 * 1024 * 1024

export class PlanRunner {
  readonly #deps: PlanRunnerDeps
  readonly #scans: HeldScans

  constructor(deps: PlanRunnerDeps) {
    this.#deps = deps
    this.#scans = new HeldScans(deps.scanner, deps.cacheBudget)
  }

  /**
   * Lists and reads footers; counts requests on the record. With `willRun` bloom filters are looked at and small sides of joins
   * are read for dynamic filters, otherwise no data is. Throws what planQuery throws.
   */
  async plan(
    plan: QueryPlan,
    request: QueryRequest,
    record: QueryRecord,
    signal: AbortSignal,
    { willRun }: { readonly willRun: boolean },
  ): Promise<PhysicalPlan> {
    const stores = this.#view(record.counter, signal)
    const optimized = optimize(plan, { signal }).plan
    const root = await loadSystemTables(optimized.root, signal)
    const physical = await planQuery({ ...optimized, root }, timed(this.#deps.sources(stores), record, willRun), {
      signal,
      maxBytes: request.maxBytes,
      buildSides:
        willRun && request.dynamicFilters !== false ? buildSideReader((side) => this.#side(side, request, record, signal)) : undefined,
    })
    record.planned(physical.totals, physical.hints)
    request.onPlan?.(physical)
    return physical
  }

  /** Runs a plan; an object that changes before the first row is listed and planned once more. */
  async run(plan: QueryPlan, request: QueryRequest, record: QueryRecord, signal: AbortSignal): Promise<RunningPlan> {
    const columns = columnsOf(plan)
    const direct = await this.#direct(plan, request, record, signal)
    if (direct !== undefined) return { columns, frames: direct }
    const physical = await this.#planAgainIfChanged(plan, request, record, signal)
    if (request.dryRun) return { columns, frames: noFrames() }
    record.enter('RUNNING')
    return { columns, frames: this.frames(plan, physical, request, record, signal) }
  }

  async #direct(
    plan: QueryPlan,
    request: QueryRequest,
    record: QueryRecord,
    signal: AbortSignal,
  ): Promise<AsyncIterable<KernelFrame> | undefined> {
    if (request.format !== 'json-rows' || request.dryRun || !mayBeListing(plan.root)) return undefined
    const optimized = optimize(plan, { signal }).plan
    const frames = await directRows(optimized, signal)
    if (frames === undefined) return undefined
    request.onPlan?.({ ...optimized, scans: new Map(), totals: NO_TOTALS, hints: [] })
    record.enter('RUNNING')
    return frames
  }

  /** Runs a plan of constants, such as an EXPLAIN's text; what the record knows of another plan stays. */
  runConstants(plan: QueryPlan, request: QueryRequest, record: QueryRecord, signal: AbortSignal): RunningPlan {
    const physical: PhysicalPlan = { ...plan, scans: new Map(), totals: NO_TOTALS, hints: [] }
    record.enter('RUNNING')
    return { columns: columnsOf(plan), frames: this.#once(physical, request, record, signal) }
  }

  async #planAgainIfChanged(plan: QueryPlan, request: QueryRequest, record: QueryRecord, signal: AbortSignal): Promise<PhysicalPlan> {
    const willRun = !request.dryRun
    try {
      return await this.plan(plan, request, record, signal, { willRun })
    } catch (error) {
      if (!(error instanceof ObjectChanged)) throw error
      return this.plan(plan, request, record, signal, { willRun })
    }
  }

  /** Frames of the plan; as long as none has been given, what changed or went bad is planned and read once more. */
  async *frames(
    logical: QueryPlan,
    first: PhysicalPlan,
    request: QueryRequest,
    record: QueryRecord,
    signal: AbortSignal,
  ): AsyncGenerator<KernelFrame> {
    let physical = first
    for (let attempt = 1; ; attempt++) {
      let given = false
      try {
        for await (const frame of this.#reuse(physical, request, record, signal)) {
          given = true
          yield frame
        }
        return
      } catch (error) {
        const again = error instanceof ObjectChanged || error instanceof UnitsReplaced
        if (given || attempt > 1 || !again) throw error instanceof UnitsReplaced ? error.cause : error
        record.phase('plan')
        physical = await this.plan(logical, request, record, signal, { willRun: true })
        record.enter('RUNNING')
      }
    }
  }

  /** The stored result of the same plan over the same objects, or a new one. */
  async *#reuse(physical: PhysicalPlan, request: QueryRequest, record: QueryRecord, signal: AbortSignal): AsyncGenerator<KernelFrame> {
    const { results } = this.#deps
    const key = request.reuseResults === false || physical.scans.size === 0 ? undefined : resultKey(physical, request)
    const stored = key === undefined ? undefined : results.find(key)
    if (stored !== undefined) record.resultReused()
    if (stored !== undefined) yield* stored
    else if (key === undefined) yield* this.#execute(physical, request, record, signal)
    // A result with rejected rows is told of anew each time: the hint names the first of them.
    else yield* results.collect(key, this.#execute(physical, request, record, signal), () => record.rejectedRows === 0)
  }

  async *#execute(physical: PhysicalPlan, request: QueryRequest, record: QueryRecord, signal: AbortSignal): AsyncGenerator<KernelFrame> {
    const budget = this.#deps.cacheBudget()
    const needs = await this.#scans.needs(physical.scans.values(), this.#use(record, signal))
    const needed = [...needs.values()].reduce((sum, bytes) => sum + bytes, 0)
    if (needed > budget) this.#refuseLargePieces(physical, needs, budget)
    const waved = canConcatenate(request.format) ? wavePlan(physical) : undefined
    const inWaves = waved !== undefined && (waved.limit !== undefined || needed > Math.min(ONE_WAVE, budget / 2))
    if (inWaves && (waved.scan.files.length > 1 || needed > budget))
      yield* this.#inWaves(waved, Math.min(LARGEST_WAVE, budget / 4), request, record, signal)
    else if (needed > budget) yield* this.#inStages(physical, needs, budget, request, record, signal)
    else yield* this.#once(physical, request, record, signal)
  }

  /** Waves cannot help there; told before the first row, for afterwards the result would have to be broken off. */
  #refuseLargePieces({ scans }: PhysicalPlan, needs: ReadonlyMap<number, number>, budget: number): void {
    for (const scan of scans.values()) {
      const piece = (needs.get(scan.id) ?? 0) > budget ? largestPiece(scan) : 0
      if (piece > budget)
        throw new QueryError(
          'GENERIC_INSUFFICIENT_RESOURCES',
          `The query needs ${piece} bytes of cached data at once, of one row group or text file; the cache has a budget of ${budget} bytes`,
          { hint: 'Select fewer columns, or give --cache-size a larger value.' },
        )
    }
  }

  /** What is too large for the cache is read in waves first; what they leave lies in the spill folder while the rest runs. */
  async *#inStages(
    physical: PhysicalPlan,
    needs: ReadonlyMap<number, number>,
    budget: number,
    request: QueryRequest,
    record: QueryRecord,
    signal: AbortSignal,
  ): AsyncGenerator<KernelFrame> {
    const { stages, plan } = stagedPlan(physical, needs, budget)
    const largest = Math.min(LARGEST_WAVE, budget / 4)
    const files: string[] = []
    try {
      const stored = new Map<number, readonly string[]>()
      for (const { scan, root, storedAs } of stages) {
        const output = outputOf(root).map((column) => ({ name: column.name, column }))
        const from = files.length
        for (const part of waves(scan, largest, largest)) {
          record.phase('fetch')
          const file = this.#deps.spillFile()
          files.push(file)
          const wave: PhysicalPlan = { root, output, scans: new Map([[scan.id, { ...scan, files: part }]]), totals: NO_TOTALS, hints: [] }
          for await (const _frame of this.#once(wave, { ...request, format: 'stored', storeIn: () => file }, record, signal));
        }
        stored.set(storedAs, files.slice(from))
      }
      yield* this.#once(plan, request, record, signal, stored)
    } finally {
      await Promise.all(files.map((file) => rm(file, { force: true })))
    }
  }

  async *#inWaves(
    waved: WavePlan,
    most: number,
    request: QueryRequest,
    record: QueryRecord,
    signal: AbortSignal,
  ): AsyncGenerator<KernelFrame> {
    let missing = waved.limit
    for (const files of waves(waved.scan, Math.min(FIRST_WAVE, most), most)) {
      record.phase('fetch')
      for await (const frame of this.#once(waved.over(files, missing), request, record, signal)) {
        if (missing !== undefined) missing -= frame.rows
        yield frame
      }
      if (missing !== undefined && missing <= 0) return
    }
  }

  async *#once(
    plan: PhysicalPlan,
    request: QueryRequest,
    record: QueryRecord,
    signal: AbortSignal,
    stored?: ReadonlyMap<number, readonly string[]>,
  ): AsyncGenerator<KernelFrame> {
    const { scans, release } = await this.#scans.hold([...plan.scans.values()], this.#use(record, signal))
    try {
      record.phase('kernel')
      const result = await this.#deps.kernel.execute({
        queryId: record.id,
        plan,
        scans: new Map(scans.map((scan) => [scan.plan.id, scan])),
        stored,
        output: plan.output,
        format: request.format,
        file: request.format === 'stored' ? request.storeIn?.() : undefined,
        zone: request.zone,
        signal,
      })
      yield* result.frames
      const rejects = await result.rejects()
      if (rejects.count > 0) this.#tellRejects(rejects, plan, record)
    } catch (error) {
      // A file that cannot be read may be ours that went bad, not the store's.
      if (error instanceof QueryError && error.errorName === 'HIVE_BAD_DATA' && !signal.aborted) {
        const replaced = await Promise.all(scans.map((scan) => scan.verify()))
        if (replaced.includes(true)) throw new UnitsReplaced(error)
      }
      throw error
    } finally {
      release()
    }
  }

  /** Rows of a plan that is part of planning another one; its rejected rows are told of when that one runs. */
  async *#side(plan: PhysicalPlan, request: QueryRequest, record: QueryRecord, signal: AbortSignal): AsyncGenerator<KernelFrame> {
    const { scans, release } = await this.#scans.hold([...plan.scans.values()], this.#use(record, signal))
    try {
      const result = await this.#deps.kernel.execute({
        queryId: record.id,
        plan,
        scans: new Map(scans.map((scan) => [scan.plan.id, scan])),
        output: plan.output,
        format: 'json-rows',
        zone: request.zone,
        signal,
      })
      yield* result.frames
    } finally {
      release()
    }
  }

  #tellRejects(
    rejects: {
      readonly count: number
      readonly first: { readonly file: number; readonly scan: number; readonly line: number; readonly message: string } | undefined
    },
    plan: PhysicalPlan,
    record: QueryRecord,
  ): void {
    record.addRejected(rejects.count)
    const { first } = rejects
    const scan = first === undefined ? undefined : plan.scans.get(first.scan)
    const file = first === undefined ? undefined : scan?.files[first.file]
    if (first === undefined || scan === undefined || file === undefined) return
    record.addHint(
      `${rejects.count} rows of ${scan.table.schema}.${scan.table.name} were rejected; the first is line ${first.line} of ${file.info.key}: ${first.message}`,
    )
  }

  #use(record: QueryRecord, signal: AbortSignal): ScanContext {
    return { stores: this.#view(record.counter, signal), signal, bytes: record.bytes }
  }

  #view(counter: RequestCounter, signal: AbortSignal): ObjectStores {
    return this.#deps.stores.view({ counter, signal })
  }
}

/** The same, its waiting written down. */
function timed({ lister, footers, evaluator, parts }: PlanningSources, record: QueryRecord, willRun: boolean): PlanningSources {
  return {
    lister: { discover: (...request) => record.during('list', lister.discover(...request)) },
    footers: { footer: (...request) => record.during('footer', footers.footer(...request)) },
    evaluator,
    ...(parts && willRun && { parts: { parts: (...request) => record.during('footer', parts.parts(...request)) } }),
  }
}

const columnsOf = ({ output }: QueryPlan): readonly ResultColumn[] => output.map(({ name, column }) => ({ name, type: column.type }))

/** Units of the cache were found bad and thrown away: the same query reads them anew. */
class UnitsReplaced extends Error {
  override readonly cause: QueryError

  constructor(cause: QueryError) {
    super(cause.message)
    this.cause = cause
  }
}

/** Formats whose encoded rows may simply follow each other, or lie in a file a wave. */
function canConcatenate(format: QueryRequest['format']): boolean {
  return format === 'json-rows' || format === 'ndjson' || format === 'csv' || format === 'stored'
}

/** The result of a statement without rows. */
export async function* noFrames(): AsyncGenerator<KernelFrame> {}
