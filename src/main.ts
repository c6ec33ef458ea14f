/** Constructs everything and wires it; the only file that does. */
import { randomUUID } from 'node:crypto'
import { accessSync, constants, mkdirSync, readFileSync, statfsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Server as TlsServer } from 'node:tls'
import { fileURLToPath } from 'node:url'
import { TableFiles } from '#catalog/partitions/table-files'
import { type CatalogService, createCatalogService } from '#catalog/service'
import { openSqliteStore } from '#catalog/store/sqlite'
import type { CatalogStore } from '#catalog/store/store'
import type { FileSnapshot } from '#catalog/store/write-store'
import { visibleStore } from '#catalog/writes/visible-store'
import { AccessPolicy, WHOLE_FILE_SYSTEM } from '#connectors/storage/access'
import { type Location, parseLocation } from '#connectors/storage/location'
import { createStores, type ObjectStores } from '#connectors/storage/registry'
import { embeddedConnection } from '#src/cli/embedded'
import { type GlobalOptions, type ListeningServer, runCommandLine, type ServeOptions, type Wiring } from '#src/cli/program'
import { connectRemote } from '#src/cli/remote'
import { InfrastructureError } from '#src/cli/user-errors'
import { createKernel } from '#src/kernel/duckdb-kernel'
import type { PlanningSources } from '#src/physical/plan-scan'
import { ResultSpool } from '#src/protocols/trino/result-spool'
import { DEFAULT_LIMITS, StatementRegistry } from '#src/protocols/trino/statement-registry'
import { Admission } from '#src/query/admission'
import { AsyncQueries } from '#src/query/async-queries'
import { Compiler } from '#src/query/compile'
import { QueryEngine } from '#src/query/engine'
import { openHistoryFile } from '#src/query/history-file'
import { PlanRunner } from '#src/query/plan-runner'
import type { QueryInfo } from '#src/query/query'
import { createQueryIds } from '#src/query/query-id'
import { ResultCache } from '#src/query/result-cache'
import { openSpillFolder } from '#src/query/spill-folder'
import { BlockCache } from '#src/scan/block-cache'
import { FooterCache } from '#src/scan/footer-cache'
import { PartCache } from '#src/scan/part-cache'
import { createScanner } from '#src/scan/scanner'
import { openAuthentication } from '#src/server/auth/authentication'
import { createMetrics } from '#src/server/metrics'
import { buildServer } from '#src/server/server'
import { readTlsFiles, type TlsContent, type TlsFiles, watchTlsFiles } from '#src/server/tls-files'
import { Liveness } from '#src/write/liveness'
import { Sweeper } from '#src/write/sweeper'
import { TableWriter } from '#src/write/writer'

const packageFile = (name: string): string => fileURLToPath(new URL(`../${name}`, import.meta.url))

/** A client that takes nothing of its result for so long has its query ended (DESIGN, section 5). */
const STALL_MS = 60_000

/** A client of the Trino protocol that asks for nothing so long is gone (its registry sees to it first); the kernel waits a little longer. */
const KERNEL_STALL_MS = 360_000

/** Weir on one data folder. */
interface Weir {
  readonly engine: QueryEngine
  readonly queries: AsyncQueries
  readonly catalog: CatalogService
  readonly blocks: BlockCache
  readonly footers: FooterCache
  readonly parts: PartCache
  readonly results: ResultCache
  close(): Promise<void>
}

interface Reach {
  /** Locations that statements and REST may name; undefined: whatever the process can read (the embedded CLI). */
  readonly limits: { readonly allow: readonly Location[]; readonly anyBucket: boolean } | undefined
  readonly onEnd?: (query: QueryInfo) => void
  readonly onBug?: (error: Error) => void
  /** Of a server, whose history outlives it; told when it cannot be written. */
  readonly onHistoryFailure?: (error: Error) => void
  readonly onNote?: (note: string) => void
  /** The kernel's own texts, for a log. */
  readonly onKernelOutput?: (text: string) => void
}

async function openWeir(options: GlobalOptions, reach: Reach): Promise<Weir> {
  const data = resolve(options.data)
  try {
    mkdirSync(data, { recursive: true, mode: 0o700 })
    accessSync(data, constants.R_OK | constants.W_OK | constants.X_OK)
  } catch (error) {
    throw new InfrastructureError(`Cannot use the data folder ${data}: ${(error as Error).message}`)
  }
  const store = await openCatalogStore(options, data)
  const warehouse = parseLocation(options.warehouse ?? `${data}/warehouse/`, process.cwd())
  const access = new AccessPolicy(
    reach.limits === undefined
      ? { roots: () => [WHOLE_FILE_SYSTEM], anyBucket: true }
      : { roots: async () => [warehouse, ...(await store.listRoots()).map((root) => parseLocation(root))], ...reach.limits },
  )
  const stores = createStores({ env: process.env, access })
  const blocks = await BlockCache.open({
    folder: join(data, 'cache'),
    ...(options.cacheSize !== undefined && { budgetBytes: options.cacheSize }),
  })
  const footers = await FooterCache.open(blocks)
  const parts = await PartCache.open(blocks)
  const spill = openSpillFolder(join(data, 'spill'))
  const kernel = createKernel({
    cacheFolder: blocks.folder,
    spillFolder: spill.path,
    stallMs: KERNEL_STALL_MS,
    ...(options.memory !== undefined && { memoryBytes: options.memory }),
    maxQueries: options.maxQueries,
    ...(reach.onKernelOutput && { onOutput: reach.onKernelOutput }),
  })
  // Only the user at this machine's command line names places freely, and makes them known to servers on the same folder.
  const embedded = reach.limits === undefined
  const files = new TableFiles(store, () => new Date())
  const catalog = createCatalogService({
    store,
    stores,
    files,
    access,
    warehouse,
    rootsFromCreate: embedded,
    ...(reach.onNote && { onNote: reach.onNote }),
  })
  const sources = (view: Pick<ObjectStores, 'storeFor'>): PlanningSources => {
    // One for all tables of a query: it sees either all or nothing of what others write.
    let snapshot: Promise<FileSnapshot> | undefined
    return {
      lister: {
        discover: async (table, filter, signal, mostFiles) => {
          snapshot ??= store.writes.snapshot()
          return files.discover(
            table,
            visibleStore(view.storeFor(parseLocation(table.location).bucket), await snapshot),
            filter,
            signal,
            mostFiles,
          )
        },
      },
      footers: footers.source(view),
      parts: parts.source(view),
      evaluator: kernel,
    }
  }
  const results = new ResultCache(options.resultCacheSize)
  const runner = new PlanRunner({
    stores,
    scanner: createScanner({ cache: blocks }),
    kernel,
    results,
    cacheBudget: () => blocks.budgetBytes,
    spillFile: () => join(spill.path, `stage-${randomUUID()}.parquet`),
    sources,
  })
  const writer = new TableWriter({
    runner,
    kernel,
    stores,
    store,
    catalog,
    access,
    sources,
    liveness: new Liveness(store.writes, Date.now),
    folder: spill.path,
    now: Date.now,
    // A command line does not stay: it clears up when it writes.
    ...(embedded && { afterWrite: () => void sweeper.sweep().catch(() => undefined) }),
  })
  const sweeper = new Sweeper({
    writes: store.writes,
    storeFor: (bucket) => stores.storeFor(bucket),
    now: Date.now,
    graceMs: options.writeGrace * 1000,
    oldestReader: () => engine.oldestRunning(),
    ...(reach.onBug && { onFailure: (error) => reach.onBug?.(error as Error) }),
  })
  const history = reach.onHistoryFailure && (await openHistoryFile({ folder: join(data, 'history'), onFailure: reach.onHistoryFailure }))
  const admission = new Admission({ maxRunning: options.maxQueries, maxQueued: options.maxQueuedQueries })
  const engine = new QueryEngine({
    compiler: new Compiler(catalog, () => new Date()),
    runner,
    writer,
    admission,
    nextId: createQueryIds(),
    ...(history && { history }),
    ready: async (signal) => {
      await store.version()
      await kernel.ping(signal)
    },
    ...(reach.onEnd && { onEnd: reach.onEnd }),
    ...(reach.onBug && { onBug: reach.onBug }),
  })
  const queries = new AsyncQueries(
    { engine, kernel, admission },
    { folder: join(spill.path, 'results'), budgetBytes: options.resultsSize ?? defaultResultsSize(data) },
  )
  // It asks the engine which queries run.
  if (!embedded) sweeper.start()
  return {
    engine,
    queries,
    catalog,
    blocks,
    footers,
    parts,
    results,
    close: () =>
      closeAll([
        () => sweeper.close(),
        async () => queries.close(),
        async () => history?.close(),
        () => kernel.close(),
        () => footers.close(),
        () => parts.close(),
        () => blocks.close(),
        () => stores.close(),
        () => store.close(),
        () => spill.close(),
      ]),
  }
}

const RESULTS_SHARE = 1 / 10
const MOST_RESULTS_BYTES = 10_000_000_000

function defaultResultsSize(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return Math.min(MOST_RESULTS_BYTES, Math.floor(bavail * bsize * RESULTS_SHARE))
}

/** PostgreSQL's client is loaded where it is asked for only: a command line wants to start at once. */
async function openCatalogStore({ catalogStore }: GlobalOptions, data: string): Promise<CatalogStore> {
  if (catalogStore === undefined) return openSqliteStore(join(data, 'catalog.db'))
  const { openPostgresStore } = await import('#catalog/store/postgres')
  return openPostgresStore(catalogStore)
}

/** In order; one that fails does not keep the others open. */
async function closeAll(parts: readonly (() => Promise<unknown>)[]): Promise<void> {
  const failures: unknown[] = []
  for (const close of parts) await close().catch((error: unknown) => failures.push(error))
  if (failures.length > 0) throw failures[0]
}

async function clearCaches(weir: Weir): Promise<void> {
  weir.results.clear()
  await weir.footers.clear()
  await weir.parts.clear()
  await weir.blocks.clear()
}

function cacheStats(weir: Weir) {
  const blocks = weir.blocks.stats()
  const footers = weir.footers.stats()
  const parts = weir.parts.stats()
  const results = weir.results.stats()
  return {
    blocks: { entries: blocks.units, bytes: blocks.usedBytes },
    footers: { entries: footers.footers, bytes: footers.diskBytes },
    filters: { entries: parts.parts, bytes: parts.diskBytes },
    results: { entries: results.entries, bytes: results.bytes },
  }
}

function readTls(files: TlsFiles): TlsContent {
  try {
    return readTlsFiles(files)
  } catch (error) {
    throw new InfrastructureError((error as Error).message)
  }
}

async function serve(options: GlobalOptions & ServeOptions, token: string | undefined): Promise<ListeningServer> {
  const loopback = ['127.0.0.1', 'localhost', '::1'].includes(options.host)
  const allow = options.allow.map((prefix) =>
    parseLocation(prefix.includes('://') || prefix.endsWith('/') ? prefix : `${prefix}/`, process.cwd()),
  )
  const tlsFiles =
    options.tlsCert === undefined || options.tlsKey === undefined ? undefined : { cert: options.tlsCert, key: options.tlsKey }
  const tls = tlsFiles && readTls(tlsFiles)
  // What works in the background may fail before there is a server with a log.
  const told: { onEnd?: (query: QueryInfo) => void; log?: Awaited<ReturnType<typeof buildServer>>['log'] } = {}
  const report = (level: 'error' | 'warn', fields: object, text: string): void => {
    if (told.log === undefined) process.stderr.write(`${text}\n`)
    else told.log[level](fields, text)
  }
  const authentication = await openAuthentication({
    ...options,
    onFailure: (error) => report('error', { err: error }, 'Logins go on with what was read before'),
  })
  const weir = await openWeir(options, {
    limits: { allow, anyBucket: loopback },
    onEnd: (query) => told.onEnd?.(query),
    onHistoryFailure: (error) => report('error', { err: error }, 'The history of queries cannot be written'),
    onKernelOutput: (text) => report('warn', { kernel: text }, 'the kernel wrote'),
    onBug: (error) => report('error', { err: error.cause ?? error }, error.message),
  })
  const spool = await ResultSpool.open({
    root: join(resolve(options.data), 'spool'),
    ...(options.spoolSize !== undefined && { budgetBytes: options.spoolSize }),
  })
  const statements = new StatementRegistry({ ...DEFAULT_LIMITS, idleMs: options.clientTimeout * 1000 })
  const metrics = createMetrics(weir.engine)
  told.onEnd = (query) => metrics.observe(query)
  const failed = async (what: string, error: unknown): Promise<never> => {
    await spool.close()
    await weir.close()
    throw new InfrastructureError(`${what}: ${(error as Error).message}`)
  }
  const server = await buildServer(
    {
      engine: weir.engine,
      queries: weir.queries,
      catalog: weir.catalog,
      metrics,
      stallMs: STALL_MS,
      spool,
      statements,
      cache: { stats: async () => cacheStats(weir), clear: () => clearCaches(weir) },
    },
    {
      ...authentication,
      token,
      insecure: options.insecure,
      trustProxy: options.trustProxy,
      tls,
      openapi: packageFile('openapi.yaml'),
      log: true,
    },
  ).catch((error: unknown) => failed('Cannot start the server', error))
  told.log = server.log
  const url = await server
    .listen({ host: options.host, port: options.port })
    .catch((error: unknown) => failed(`Cannot listen on ${options.host}:${options.port}`, error))
  const tlsWatch =
    tlsFiles &&
    watchTlsFiles(server.server as unknown as TlsServer, tlsFiles, {
      onReload: () => server.log.info('The certificate has been read again'),
      onFailure: (error) => server.log.error({ err: error }, 'The certificate stays as it was'),
    })
  const end = async (drain: boolean): Promise<void> => {
    tlsWatch?.close()
    // The engine takes no new queries; the server listens on, for clients of the Trino protocol fetch their results by further requests.
    if (drain) await Promise.all([weir.engine.close({ drain }), statements.drain()])
    const closed = server.close()
    await weir.engine.close({ drain })
    // Clients keep connections open for their next request; those whose last answer is out are closed for them.
    const idle = setInterval(() => server.server.closeIdleConnections(), 20)
    await closed.finally(() => clearInterval(idle))
    await spool.close()
    await authentication.close()
    await weir.close()
  }
  let ended: Promise<void> | undefined
  const endOnce = (drain: boolean): Promise<void> => {
    ended ??= end(drain)
    return ended
  }
  return {
    url,
    ...(tlsWatch && { reload: () => tlsWatch.reload() }),
    drain: () => endOnce(true),
    stop: () => {
      statements.close()
      weir.engine.cancelAll()
      return endOnce(false)
    },
  }
}

const wiring: Wiring = {
  async embedded(options) {
    const weir = await openWeir(options, { limits: undefined, onNote: (note) => process.stderr.write(`Note: ${note}\n`) })
    return embeddedConnection({
      engine: weir.engine,
      catalog: weir.catalog,
      cache: { stats: async () => cacheStats(weir), clear: () => clearCaches(weir) },
      close: () => weir.close(),
    })
  },
  remote: async (url, headers) => connectRemote(url, headers),
  serve,
}

/** Runs a command line; resolves to the exit code. */
export function main(argv: readonly string[]): Promise<number> {
  const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as { readonly version: string }
  return runCommandLine(argv, version, wiring, process)
}
