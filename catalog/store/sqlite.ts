/**
 * The catalog in an SQLite file: the only file that knows SQLite.
 *
 * - Several processes at once: WAL, so that readers never wait for a writer. A writer that finds another one at work does not
 *   block its thread in SQLite's busy handler (a server would stop answering); it gives up at once and tries again later.
 * - kill -9 or a power cut: `synchronous = FULL` makes every acknowledged change durable; the next process to open the file
 *   replays the log.
 * - SQLite blocks its thread: every transaction touches a handful of rows by key.
 */
import { mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { CompiledQuery, type DatabaseConnection, Kysely, SqliteDialect, SqliteDriver, type TransactionSettings } from 'kysely'
import { QueryError } from '#src/common/errors'
import type { CatalogDatabase, CatalogTables, CatalogTransaction } from './database.ts'
import { migrate } from './migrate.ts'
import { NodeSqlite, sqliteCode } from './node-sqlite.ts'
import { SqlCatalogStore } from './sql-store.ts'
import type { CatalogStore } from './store.ts'

const BUSY_TIMEOUT_MS = 10_000
const LONGEST_PAUSE_MS = 50

/**
 * Opens, and creates (with its folder) or migrates, a catalog file. `busyTimeoutMs`: how long to try while other processes
 * hold the lock. Throws HIVE_METASTORE_ERROR with the file and the reason.
 */
export async function openSqliteStore(file: string, busyTimeoutMs?: number): Promise<CatalogStore> {
  const database = await openSqlite(file, busyTimeoutMs)
  try {
    await migrate(database)
  } catch (error) {
    await database.close()
    throw error
  }
  return new SqlCatalogStore(database)
}

/** The database before any migration; for the store and its tests. */
export async function openSqlite(file: string, busyTimeoutMs = BUSY_TIMEOUT_MS): Promise<CatalogDatabase> {
  const patience = new Patience(file, busyTimeoutMs)
  const connection = await patience.run(async () => connect(file))
  const db = new Kysely<CatalogTables>({ dialect: new LockingSqliteDialect(connection) })
  return {
    db,
    place: file,
    transaction<T>(mode: 'read' | 'write', work: (transaction: CatalogTransaction) => Promise<T>): Promise<T> {
      const accessMode = mode === 'read' ? 'read only' : 'read write'
      return patience.run(() => db.transaction().setAccessMode(accessMode).execute(work))
    },
    close: async () => {
      // Kysely closes the connection only if it has run a query.
      await db.destroy()
      connection.close()
    },
  }
}

function connect(file: string): NodeSqlite {
  try {
    mkdirSync(dirname(file), { recursive: true })
  } catch (error) {
    throw new QueryError('HIVE_METASTORE_ERROR', `The catalog's folder ${dirname(file)} cannot be made: ${systemReason(error)}`, {
      cause: error,
    })
  }
  const connection = new NodeSqlite(file)
  try {
    const mode = connection.pragma('journal_mode = WAL')
    if (mode !== 'wal') {
      const why = `its file system has no shared memory for SQLite's write-ahead log (journal mode '${mode}')`
      throw new QueryError('HIVE_METASTORE_ERROR', `The catalog ${file} cannot be shared: ${why}`, {
        hint: 'Put the data folder on a local disk',
      })
    }
    connection.pragma('synchronous = FULL')
    connection.pragma('foreign_keys = ON')
    return connection
  } catch (error) {
    connection.close()
    throw error
  }
}

class LockingSqliteDialect extends SqliteDialect {
  readonly #connection: NodeSqlite

  constructor(connection: NodeSqlite) {
    super({ database: connection })
    this.#connection = connection
  }

  override createDriver(): SqliteDriver {
    return new LockingSqliteDriver(this.#connection)
  }
}

class LockingSqliteDriver extends SqliteDriver {
  readonly #connection: NodeSqlite

  constructor(connection: NodeSqlite) {
    super({ database: connection })
    this.#connection = connection
  }

  /** Takes the write lock at once: a transaction that asks for it only later fails when another writer came between. */
  override async beginTransaction(connection: DatabaseConnection, settings?: TransactionSettings): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw(settings?.accessMode === 'read only' ? 'begin' : 'begin immediate'))
  }

  /** A full disk ends the transaction by itself; a second rollback would hide that error behind its own. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#connection.inTransaction) await super.rollbackTransaction(connection)
  }
}

/** Runs work again while SQLite says that another process holds a lock; turns its other errors into clear ones. */
class Patience {
  readonly #file: string
  readonly #timeoutMs: number

  constructor(file: string, timeoutMs: number) {
    this.#file = file
    this.#timeoutMs = timeoutMs
  }

  async run<T>(work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now()
    for (let longest = 2; ; longest = Math.min(longest * 2, LONGEST_PAUSE_MS)) {
      try {
        return await work()
      } catch (error) {
        if (!isBusy(error)) throw this.#explain(error)
        const waited = performance.now() - startedAt
        if (waited > this.#timeoutMs) {
          const message = `The catalog ${this.#file} is locked: another process has not finished its change for ${(waited / 1000).toFixed(0)} s`
          throw new QueryError('HIVE_METASTORE_ERROR', message, { cause: error, retryable: true })
        }
        await pause(1 + Math.random() * longest)
      }
    }
  }

  #explain(error: unknown): unknown {
    const code = sqliteCode(error)
    if (error instanceof QueryError || code === undefined) return error
    const reason = REASONS.get(code) ?? `SQLite says ${(error as Error).message}`
    return new QueryError('HIVE_METASTORE_ERROR', `The catalog ${this.#file} ${reason}`, { cause: error })
  }
}

/** By primary result code (https://sqlite.org/rescode.html). */
const REASONS: ReadonlyMap<number, string> = new Map([
  [26, 'is not an SQLite database, or is damaged'],
  [11, 'is damaged'],
  [14, 'cannot be opened: check that the file and its folder can be read and written'],
  [8, 'cannot be written: the file or its folder is read-only'],
  [3, 'cannot be written: permission denied'],
  [13, 'cannot be written: the disk is full'],
  [10, 'cannot be read or written: the disk reported an error, or is full'],
])

const SQLITE_BUSY = 5
const SQLITE_LOCKED = 6

function isBusy(error: unknown): boolean {
  const code = sqliteCode(error)
  return code === SQLITE_BUSY || code === SQLITE_LOCKED
}

function systemReason(error: unknown): string {
  return error instanceof Error ? error.message.replace(/^\w+: /, '').replace(/, \w+ '.*$/, '') : String(error)
}
