/**
 * The catalog in a PostgreSQL database, for several servers on one catalog: the only file that knows PostgreSQL. Everything is
 * in the database's schema `weir`, beside which other things may live.
 *
 * - Writers take one advisory lock at the beginning, as they take SQLite's write lock: each sees all that was committed before.
 * - Readers see one state of the database (repeatable read) and never wait.
 * - A connection that is lost is opened again. A reader then tries once more; a writer does not, for nobody knows whether its
 *   change was committed.
 */
import { Kysely, PostgresDialect, sql } from 'kysely'
import pg from 'pg'
import { QueryError } from '#src/common/errors'
import type { CatalogDatabase, CatalogTables, CatalogTransaction } from './database.ts'
import { migrate } from './migrate.ts'
import { SqlCatalogStore } from './sql-store.ts'
import type { CatalogStore } from './store.ts'

/** The schema that holds the catalog's tables. */
const NAMESPACE = 'weir'
/** Of all advisory locks of the database the catalog's: 'weir' in ASCII. */
const WRITE_LOCK = 0x77656972
const CONNECTIONS = 8
/** For a new connection as for one of the pool's that others hold: longer than a writer waits for its lock. */
const CONNECT_MS = 30_000
/** A writer waits for others no longer than SQLite's does. */
const LOCK_MS = 10_000

/**
 * Opens, and creates or migrates, a catalog. Throws HIVE_METASTORE_ERROR with the place (never its password) and the reason.
 * @param url `postgres://user:password@host:port/database`; what is missing comes from PGUSER, PGPASSWORD, PGPASSFILE, …
 */
export async function openPostgresStore(url: string): Promise<CatalogStore> {
  const database = openPostgres(url)
  try {
    await prepare(database)
    await migrate(database)
    await orderByCodePoint(database)
  } catch (error) {
    await database.close()
    throw error
  }
  return new SqlCatalogStore(database)
}

function openPostgres(url: string): CatalogDatabase {
  const place = placeOf(url)
  const pool = new pg.Pool({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECT_MS,
    options: `-c search_path=${NAMESPACE} -c lock_timeout=${LOCK_MS}`,
    application_name: 'weir',
    keepAlive: true,
    types: { getTypeParser },
  })
  // Without a listener a connection that breaks while it is idle would end the process.
  pool.on('error', () => {})
  const db = new Kysely<CatalogTables>({ dialect: new PostgresDialect({ pool }) })
  const attempt = <T>(mode: 'read' | 'write', work: (transaction: CatalogTransaction) => Promise<T>): Promise<T> =>
    mode === 'read'
      ? db.transaction().setIsolationLevel('repeatable read').setAccessMode('read only').execute(work)
      : db
          .transaction()
          .setIsolationLevel('read committed')
          .execute(async (transaction) => {
            await sql`select pg_advisory_xact_lock(${WRITE_LOCK})`.execute(transaction)
            return work(transaction)
          })
  return {
    db,
    place,
    namespace: NAMESPACE,
    async transaction(mode, work) {
      try {
        return await attempt(mode, work)
      } catch (error) {
        if (mode === 'write' || !isLostConnection(error)) throw explain(error, place)
        return attempt(mode, work).catch((again: unknown) => {
          throw explain(again, place)
        })
      }
    },
    close: () => db.destroy(),
  }
}

async function prepare(database: CatalogDatabase): Promise<void> {
  await database.transaction('write', async (transaction) => {
    // CREATE SCHEMA needs a right that a catalog which exists does not.
    const found = await sql`select 1 from pg_namespace where nspname = ${NAMESPACE}`.execute(transaction)
    if (found.rows.length === 0) await sql`create schema ${sql.id(NAMESPACE)}`.execute(transaction)
  })
}

/** Names are compared byte by byte, as in SQLite and in object stores, whatever the database's own collation is. */
async function orderByCodePoint(database: CatalogDatabase): Promise<void> {
  const find = async (transaction: CatalogTransaction) =>
    (
      await sql<{ table_name: string; column_name: string }>`
        select table_name, column_name from information_schema.columns
        where table_schema = ${NAMESPACE} and data_type = 'text' and collation_name is distinct from 'C'`.execute(transaction)
    ).rows
  if ((await database.transaction('read', find)).length === 0) return
  await database.transaction('write', async (transaction) => {
    for (const { table_name, column_name } of await find(transaction)) {
      await sql`alter table ${sql.id(NAMESPACE, table_name)} alter column ${sql.id(column_name)} type text collate "C"`.execute(transaction)
    }
  })
}

/** `bigint` columns are counters far below 2^53. */
const getTypeParser: typeof pg.types.getTypeParser = ((id: number, format: 'text' | 'binary') =>
  id === pg.types.builtins.INT8 ? Number : pg.types.getTypeParser(id, format as 'text')) as typeof pg.types.getTypeParser

/** `postgres://host:5432/lake`, without user, password and options. */
function placeOf(url: string): string {
  if (!URL.canParse(url)) throw new QueryError('HIVE_METASTORE_ERROR', 'The catalog store is no valid postgres:// URL')
  const { host, pathname } = new URL(url)
  return `postgres://${host}${pathname}`
}

/** Class 08 and the server's shutdowns (PostgreSQL, appendix A), and what sockets report. */
function isLostConnection(error: unknown): boolean {
  const { code = '', message = '' } = error as { readonly code?: string; readonly message?: string }
  return /^(08...|57P0[123]|ECONNRESET|ECONNREFUSED|EPIPE)$/.test(code) || /^Connection terminated/.test(message)
}

function explain(error: unknown, place: string): unknown {
  if (error instanceof QueryError || !(error instanceof Error)) return error
  const { code } = error as { readonly code?: string }
  const isDatabases = typeof code === 'string' || isLostConnection(error) || /timeout/i.test(error.message)
  if (!isDatabases) return error
  const busy = code === '55P03'
  const reason = busy ? 'is locked: another server has not finished its change' : `cannot be used: ${reasonOf(error)}`
  return new QueryError('HIVE_METASTORE_ERROR', `The catalog ${place} ${reason}`, {
    cause: error,
    retryable: busy || isLostConnection(error),
  })
}

/** Node gives the attempts on several addresses as one error without a text. */
function reasonOf(error: Error): string {
  if (error.message !== '' || !(error instanceof AggregateError)) return error.message
  return error.errors.map((one: Error) => one.message).join('; ')
}
