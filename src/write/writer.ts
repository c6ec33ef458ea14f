/** Executes statements that write: plans what goes and comes, makes the files, and lets one commit of the catalog show it. */
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { listingError } from '#catalog/listing-error'
import type { Table } from '#catalog/model'
import { partitionSource } from '#catalog/partitions/table-files'
import type { CatalogService } from '#catalog/service'
import type { CatalogStore, RegisteredPartition, TableDefinition } from '#catalog/store/store'
import type { CommitRequest, FileVersion, StagedChange, StatementOutcome } from '#catalog/store/write-store'
import { bucketName } from '#catalog/writes/visible-store'
import { formatLocation, type Location, parseLocation } from '#connectors/storage/location'
import type { ObjectStores } from '#connectors/storage/registry'
import { QueryError, unreachable } from '#src/common/errors'
import type { Kernel } from '#src/kernel/kernel'
import type { QueryPlan } from '#src/logical/plan'
import type { PlanningSources } from '#src/physical/plan-scan'
import type { PlanRunner } from '#src/query/plan-runner'
import type { QueryRequest } from '#src/query/query'
import type { QueryRecord } from '#src/query/query-record'
import type { StatementWriter, WriteStatement } from '#src/query/write-statement'
import { analyzeTable } from './analyze-table.ts'
import { type TableFiles, tableFiles } from './encoding.ts'
import type { Liveness } from './liveness.ts'
import { ofPartition } from './partition-query.ts'
import { projectedPlaces } from './projected-places.ts'
import { filesOfFolders, filesOfPartitions, filesToDelete, keyValues, type PartitionFile, partitionTextOf } from './replaced-files.ts'
import { runOnce } from './run-once.ts'
import { targetOf, type WriteTarget } from './target.ts'
import { type NamedPartition, type WrittenRows, writeRows } from './write-rows.ts'
import { OpenWrite } from './write-transaction.ts'

export interface WriterDeps {
  readonly runner: PlanRunner
  readonly kernel: Kernel
  readonly stores: ObjectStores
  readonly store: CatalogStore
  readonly catalog: Pick<CatalogService, 'define' | 'discover' | 'findRegistered' | 'keepStatistics' | 'rootOf' | 'statistics'>
  readonly access: { check(location: Location): Promise<void> }
  readonly sources: (stores: ObjectStores) => PlanningSources
  readonly liveness: Liveness
  /** In the kernel's spill folder. */
  readonly folder: string
  readonly now: () => number
  /** Told of every commit. */
  readonly afterWrite?: () => void
}

type Statement<K extends WriteStatement['kind']> = Extract<WriteStatement, { kind: K }>

interface Places {
  readonly target: WriteTarget
  readonly toRegister: readonly RegisteredPartition[]
}

interface Run {
  readonly request: QueryRequest
  readonly record: QueryRecord
  readonly signal: AbortSignal
  readonly stores: ObjectStores
}

export class TableWriter implements StatementWriter {
  readonly #deps: WriterDeps

  constructor(deps: WriterDeps) {
    this.#deps = deps
  }

  async write(statement: WriteStatement, request: QueryRequest, record: QueryRecord, signal: AbortSignal): Promise<StatementOutcome> {
    try {
      return await this.#once(statement, request, record, signal)
    } catch (error) {
      throw listingError(error)
    }
  }

  async #once(statement: WriteStatement, request: QueryRequest, record: QueryRecord, signal: AbortSignal): Promise<StatementOutcome> {
    const { idempotencyKey: key } = request
    if (key === undefined || request.dryRun) return this.#execute(statement, request, record, signal)
    const { store, liveness, now } = this.#deps
    const deps = { writes: store.writes, liveness, now }
    const { outcome, again } = await runOnce(key, request, deps, signal, () => this.#execute(statement, request, record, signal))
    if (again) record.addHint(`The statement had run before under the idempotency key '${key}'; it was not run again`)
    return outcome
  }

  async #execute(statement: WriteStatement, request: QueryRequest, record: QueryRecord, signal: AbortSignal): Promise<StatementOutcome> {
    const run: Run = { request, record, signal, stores: this.#deps.stores.view({ counter: record.counter, signal }) }
    switch (statement.kind) {
      case 'insert':
        return this.#insert(statement, run)
      case 'create':
        return this.#create(statement, run)
      case 'unload':
        return this.#unload(statement, run)
      case 'delete':
        return this.#remove(statement.table, 'DELETE', run, (sources) =>
          filesToDelete(statement.table, statement.query, statement.at, sources, signal),
        )
      case 'optimize':
        return this.#optimize(statement, run)
      case 'analyze':
        return this.#analyze(statement, run)
      case 'truncate':
        return this.#remove(statement.table, 'TRUNCATE TABLE', run, (sources) => filesOfPartitions(statement.table, [], sources, signal))
      default:
        return unreachable(statement)
    }
  }

  async #insert(statement: Statement<'insert'>, run: Run): Promise<StatementOutcome> {
    const { table, overwrite, query } = statement
    const files = tableFiles(table.format, table.properties, dataNames(table))
    if (run.request.dryRun) return this.#dryRun('INSERT', query, run)
    return this.#transaction(overwrite ? 'overwrite' : 'insert', async (open) => {
      const before = overwrite ? await filesOfPartitions(table, statement.staticValues, this.#deps.sources(run.stores), run.signal) : []
      const keys = table.partitionKeys.map(({ name }) => name)
      let toRegister: Places['toRegister'] = []
      const { rows, written } = await this.#rows(open, query, keys, files, run, async (partitions) => {
        const places = await this.#placesOf(table, partitions)
        toRegister = places.toRegister
        return places.target
      })
      // A partition all of whose keys are given is replaced even by nothing; others only where rows came for them.
      const whole = statement.staticValues.length === table.partitionKeys.length
      const replacedPartitions = new Set(written.partitions.map(({ values }) => partitionTextOf(table, values)))
      const unseen = overwrite ? await this.#unseenFiles(table, written, toRegister, run) : []
      const replaced = [...before.filter(({ partition }) => whole || replacedPartitions.has(partition)), ...unseen]
      const outcome: StatementOutcome = { updateType: 'INSERT', updateCount: rows }
      const folders = [
        ...written.partitions.map(({ folder }) => folder),
        ...replaced.map(({ folder }) => folder),
        ...staticFolder(statement, whole),
      ]
      await this.#commit(
        open,
        written.files,
        { folders, replaced },
        { table: identity(table), partitions: toRegister, exclusive: overwrite },
        outcome,
        run,
      )
      return outcome
    })
  }

  /** What is in the folders of partitions that the write registers. */
  #unseenFiles(table: Table, written: WrittenRows, toRegister: Places['toRegister'], run: Run): Promise<readonly PartitionFile[]> {
    const names = new Set(toRegister.map(({ name }) => name))
    const folders = written.partitions
      .filter(({ name }) => names.has(name))
      .map(({ folder, values }) => ({ location: parseLocation(folder), values }))
    return filesOfFolders(table, folders, this.#deps.sources(run.stores), run.signal)
  }

  async #create(statement: Statement<'create'>, run: Run): Promise<StatementOutcome> {
    const nothing: StatementOutcome = { updateType: 'CREATE TABLE', updateCount: 0 }
    if (statement.exists) return nothing
    if (run.request.dryRun) return this.#dryRun('CREATE TABLE', statement.query, run)
    const definition = await placed(statement, () => this.#deps.catalog.define(statement.table))
    const files = tableFiles(definition.format, definition.properties, dataNames(definition))
    const location = parseLocation(definition.location)
    if (definition.managed === undefined) await this.#requireEmpty(location, run)
    return this.#transaction('create', async (open) => {
      const keys = definition.partitionKeys.map(({ name }) => name)
      let toRegister: Places['toRegister'] = []
      const { rows, written } = statement.withData
        ? await this.#rows(open, statement.query, keys, files, run, async (partitions) => {
            const places = this.#placesOfNew(definition, partitions)
            toRegister = places.toRegister
            return places.target
          })
        : { rows: 0, written: { files: [], partitions: [] } }
      const outcome: StatementOutcome = { ...nothing, updateCount: rows }
      const create = { definition, replace: statement.replace, root: this.#deps.catalog.rootOf(definition) }
      try {
        await this.#commit(
          open,
          written.files,
          { folders: [], replaced: [] },
          { create, partitions: toRegister, exclusive: false },
          outcome,
          run,
        )
      } catch (error) {
        // Somebody else was faster.
        if (!(statement.ifNotExists && error instanceof QueryError && error.errorName === 'TABLE_ALREADY_EXISTS')) throw error
        await open.rollBack()
        return nothing
      }
      return outcome
    })
  }

  async #unload(statement: Statement<'unload'>, run: Run): Promise<StatementOutcome> {
    const location = parseLocation(statement.location.replace(/\/?$/, '/'))
    await placed(statement, () => this.#deps.access.check(location))
    const keys = statement.columns.slice(statement.columns.length - statement.keys).map(({ name }) => name)
    const data = statement.columns.slice(0, statement.columns.length - statement.keys).map(({ name }) => name)
    const files = tableFiles(statement.format, statement.properties, data)
    if (run.request.dryRun) return this.#dryRun('UNLOAD', statement.query, run)
    await this.#requireEmpty(location, run)
    return this.#transaction('unload', async (open) => {
      const target = targetOf(formatLocation(location), keys)
      const { rows, written } = await this.#rows(open, statement.query, keys, files, run, async () => target)
      const manifest = statement.manifest ? [await this.#manifest(open, location, written, rows, run)] : []
      const outcome: StatementOutcome = { updateType: 'UNLOAD', updateCount: rows }
      await this.#commit(open, [...written.files, ...manifest], { folders: [], replaced: [] }, { exclusive: false }, outcome, run)
      return outcome
    })
  }

  /** Written last: where it is, everything is. */
  async #manifest(open: OpenWrite, location: Location, written: WrittenRows, rows: number, run: Run): Promise<FileVersion> {
    const store = run.stores.storeFor(location.bucket)
    const bucket = bucketName(store)
    const key = `${location.key}_manifest.json`
    const entries = written.files.map((file) => ({ url: formatLocation({ bucket: location.bucket, key: file.key }), bytes: file.bytes }))
    await open.record([{ bucket, key }])
    const { version } = await store.put(key, Buffer.from(`${JSON.stringify({ rows, entries })}\n`), { ifAbsent: true, signal: run.signal })
    return { bucket, key, version }
  }

  /** Partitions with several small files, each written anew by a query of its own; all are switched by one commit. */
  async #optimize({ table, query, thresholdBytes, at }: Statement<'optimize'>, run: Run): Promise<StatementOutcome> {
    const outcome: StatementOutcome = { updateType: 'ALTER TABLE EXECUTE', updateCount: undefined }
    if (run.request.dryRun) return this.#dryRun(outcome.updateType, query, run)
    const encoding = tableFiles(table.format, table.properties, dataNames(table))
    const keys = table.partitionKeys.map(({ name }) => name)
    return this.#transaction('optimize', async (open) => {
      const files = await filesToDelete(table, query, at, this.#deps.sources(run.stores), run.signal)
      const partitions = [...Map.groupBy(files, ({ partition }) => partition).values()].filter(
        (some) => some.filter(({ bytes }) => bytes < thresholdBytes).length > 1,
      )
      const replaced = partitions.flat()
      if ((await this.#deps.store.writes.ownFiles(replaced)).length < replaced.length)
        throw new QueryError(
          'NOT_SUPPORTED',
          'Only files that Weir wrote can be optimized: those of others would stay beside what replaces them',
          { at },
        )
      const written: FileVersion[] = []
      for (const [first] of partitions) {
        const part = ofPartition(query, table, first?.values ?? [])
        const places = async (some: readonly NamedPartition[]) => (await this.#placesOf(table, some)).target
        written.push(...(await this.#rows(open, part, keys, encoding, run, places)).written.files)
      }
      const folders = replaced.map(({ folder }) => folder)
      await this.#commit(open, written, { folders, replaced }, { table: identity(table), exclusive: true }, outcome, run)
      return outcome
    })
  }

  async #analyze(statement: Statement<'analyze'>, { request, record, signal }: Run): Promise<StatementOutcome> {
    const outcome: StatementOutcome = { updateType: 'ANALYZE', updateCount: undefined }
    const [first] = statement.scopes
    if (request.dryRun)
      return first === undefined ? outcome : this.#dryRun('ANALYZE', first.query, { request, record, signal, stores: this.#deps.stores })
    return { ...outcome, updateCount: await analyzeTable(statement, this.#deps, request, record, signal) }
  }

  async #remove(
    table: Table,
    updateType: string,
    run: Run,
    files: (sources: PlanningSources) => Promise<readonly PartitionFile[]>,
  ): Promise<StatementOutcome> {
    const outcome: StatementOutcome = { updateType, updateCount: undefined }
    if (run.request.dryRun) return outcome
    return this.#transaction(updateType === 'DELETE' ? 'delete' : 'overwrite', async (open) => {
      const replaced = await files(this.#deps.sources(run.stores))
      const folders = replaced.map(({ folder }) => folder)
      await this.#commit(open, [], { folders, replaced }, { table: identity(table), exclusive: true }, outcome, run)
      return outcome
    })
  }

  async #transaction<T>(kind: Parameters<typeof OpenWrite.begin>[0], work: (open: OpenWrite) => Promise<T>): Promise<T> {
    const { store, liveness, now, stores } = this.#deps
    const open = await OpenWrite.begin(kind, { writes: store.writes, liveness, now, storeFor: (bucket) => stores.storeFor(bucket) })
    try {
      return await work(open)
    } finally {
      // Of no effect behind a commit.
      await open.rollBack()
    }
  }

  /** Computes the rows, and brings them where they belong under names that nobody sees yet. */
  async #rows(
    open: OpenWrite,
    query: QueryPlan,
    keys: readonly string[],
    files: TableFiles,
    run: Run,
    target: (partitions: readonly NamedPartition[]) => Promise<WriteTarget>,
  ): Promise<{ readonly rows: number; readonly written: WrittenRows }> {
    const folder = join(this.#deps.folder, `write-${open.transaction.id}`)
    await mkdir(folder, { recursive: true })
    try {
      const stored: { readonly file: string; rows: number }[] = []
      const storeIn = (): string => {
        const file = join(folder, `rows-${stored.length}.parquet`)
        stored.push({ file, rows: 0 })
        return file
      }
      const request: QueryRequest = { ...run.request, format: 'stored', storeIn, reuseResults: false }
      const running = await this.#deps.runner.run(query, request, run.record, run.signal)
      for await (const frame of running.frames) {
        const current = stored.at(-1)
        if (current !== undefined) current.rows += frame.rows
      }
      // A run that was begun anew, because objects had changed, has left a name without a file.
      const kept = stored.filter(({ rows }) => rows > 0)
      const rows = kept.reduce((sum, file) => sum + file.rows, 0)
      const columns = query.output.map(({ name, column }) => ({ name, type: column.type }))
      const write = {
        stored: { files: kept.map(({ file }) => file), rows: kept.map((file) => file.rows), columns },
        files,
        target,
        keys,
        folder,
      }
      const deps = { kernel: this.#deps.kernel, storeFor: run.stores.storeFor.bind(run.stores) }
      return { rows, written: await writeRows(write, open, deps, run.signal) }
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }

  async #commit(
    open: OpenWrite,
    files: readonly FileVersion[],
    change: StagedChange,
    request: CommitRequest,
    outcome: StatementOutcome,
    { request: { idempotencyKey: key }, record, signal }: Run,
  ): Promise<void> {
    signal.throwIfAborted()
    await open.commit(files, change, { ...request, ...(key !== undefined && { outcome: { ...outcome, key } }) })
    this.#deps.afterWrite?.()
    if (change.replaced.length === 0) return
    const own = await this.#deps.store.writes.ownFiles(change.replaced)
    const foreign = change.replaced.length - own.length
    if (foreign > 0) record.addHint(`${foreign} files that Weir did not write are hidden from its readers now, and not deleted`)
  }

  #placesOfNew(definition: TableDefinition, partitions: readonly NamedPartition[]): Places {
    refuseMarked(definition)
    const keys = definition.partitionKeys.map(({ name }) => name)
    const source = partitionSource(definition)
    const elsewhere =
      source === 'projection' ? projectedPlaces({ ...definition, version: 0 }, partitions, new Date(this.#deps.now())) : undefined
    const toRegister = source === 'registered' ? partitions.map(({ name }) => ({ name })) : []
    return { target: targetOf(definition.location, keys, elsewhere), toRegister }
  }

  /** Partitions that are registered keep their places; the names of the others, where all must be registered. */
  async #placesOf(table: Table, partitions: readonly NamedPartition[]): Promise<Places> {
    const keys = table.partitionKeys.map(({ name }) => name)
    refuseMarked(table)
    const source = partitionSource(table)
    if (source === 'projection')
      return { target: targetOf(table.location, keys, projectedPlaces(table, partitions, new Date(this.#deps.now()))), toRegister: [] }
    const elsewhere = new Map<string, Location>()
    const unregistered: string[] = []
    const own = parseLocation(table.location)
    for (const { name, values } of keys.length === 0 ? [] : partitions) {
      const [registered] = await this.#deps.catalog.findRegistered(table, keyValues(table, values))
      if (registered === undefined) unregistered.push(name)
      else if (registered.location !== undefined) elsewhere.set(name, parseLocation(registered.location))
      else if (registered.name !== name) elsewhere.set(name, { bucket: own.bucket, key: `${own.key}${registered.name}/` })
    }
    const toRegister = source === 'registered' ? unregistered.map((name) => ({ name })) : []
    return { target: targetOf(table.location, keys, elsewhere), toRegister }
  }

  /** @throws HIVE_PATH_ALREADY_EXISTS where anything lies below the location */
  async #requireEmpty(location: Location, { stores, signal }: Run): Promise<void> {
    const page = await stores.storeFor(location.bucket).list({ prefix: location.key, signal })
    // A folder marker is no file.
    if (!page.objects.some(({ key, size }) => size > 0 || !key.endsWith('/')) && page.continuation === undefined) return
    throw new QueryError('HIVE_PATH_ALREADY_EXISTS', `Target directory already exists and is not empty: ${formatLocation(location)}`)
  }

  async #dryRun(updateType: string, query: QueryPlan, { request, record, signal }: Run): Promise<StatementOutcome> {
    const { frames } = await this.#deps.runner.run(query, request, record, signal)
    for await (const _ of frames);
    return { updateType, updateCount: undefined }
  }
}

/** Rows of a partition are seen once a file of somebody else's is in its folder. */
function refuseMarked({ properties }: Pick<Table, 'properties'>): void {
  if (properties.visible_when === undefined) return
  throw new QueryError(
    'NOT_SUPPORTED',
    `Writing to a table with visible_when is not supported: '${properties.visible_when}' is not Weir's to make`,
  )
}

const dataNames = (table: Pick<TableDefinition, 'columns'>): readonly string[] => table.columns.map(({ name }) => name)

function identity(table: Table): NonNullable<CommitRequest['table']> {
  if (table.id === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', `Table '${table.name}' has no identity`)
  return { id: table.id, location: table.location, keys: table.partitionKeys.map(({ name }) => name) }
}

/** The folder that INSERT OVERWRITE empties even when it writes and replaces nothing: another write may be on the way to it. */
function staticFolder({ table, staticValues }: Statement<'insert'>, whole: boolean): readonly string[] {
  if (!whole || table.partitionKeys.length > 0 || staticValues.length > 0) return []
  const { bucket, key } = parseLocation(table.location)
  return [`${bucket.scheme}://${bucket.name}/${key}`]
}

/** The same error where the statement stands, if it has no place of its own. */
async function placed<T>({ at }: { readonly at: NonNullable<QueryError['at']> }, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof QueryError) || error.at !== undefined || error.type !== 'USER_ERROR') throw error
    throw new QueryError(error.errorName, error.message, { at, hint: error.hint, cause: error.cause ?? error })
  }
}
