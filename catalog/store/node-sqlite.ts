/**
 * Node's own SQLite in the shape that Kysely's driver takes. It is built in, so that installing Weir compiles nothing:
 * npm rebuilds a package that carries a binding.gyp on every `npm ci`, whatever the package says, and that needs a
 * compiler and Node's headers from the network.
 */
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { SqliteDatabase, SqliteStatement } from 'kysely'
import { LRUCache } from 'lru-cache'

/** Statements differ in their parameters alone, but for lists of several lengths. */
const KEPT_STATEMENTS = 200

export class NodeSqlite implements SqliteDatabase {
  readonly #database: DatabaseSync
  readonly #statements = new LRUCache<string, SqliteStatement>({ max: KEPT_STATEMENTS })

  /** Gives up at once (SQLITE_BUSY) where another process holds a lock. */
  constructor(file: string) {
    this.#database = new DatabaseSync(file, { timeout: 0 })
  }

  get inTransaction(): boolean {
    return this.#database.isOpen && this.#database.isTransaction
  }

  /** Kept by its text: to prepare takes longer than to run. */
  prepare(sql: string): SqliteStatement {
    const kept = this.#statements.get(sql)
    if (kept !== undefined) return kept
    const statement = this.#database.prepare(sql)
    const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[]
    const made: SqliteStatement = {
      reader: statement.columns().length > 0,
      all: (parameters) => statement.all(...values(parameters)),
      run: (parameters) => statement.run(...values(parameters)),
      // Others may run the same text while the rows are taken.
      iterate: (parameters) => this.#database.prepare(sql).iterate(...values(parameters)),
    }
    this.#statements.set(sql, made)
    return made
  }

  /** Sets or asks for a PRAGMA; its first value. */
  pragma(text: string): unknown {
    const row = this.#database.prepare(`PRAGMA ${text}`).get()
    return row === undefined ? undefined : Object.values(row)[0]
  }

  close(): void {
    this.#statements.clear()
    if (this.#database.isOpen) this.#database.close()
  }
}

/** SQLite's primary result code of an error of node:sqlite (https://sqlite.org/rescode.html); undefined for other errors. */
export function sqliteCode(error: unknown): number | undefined {
  const { errcode } = error instanceof Error ? (error as { errcode?: unknown }) : {}
  return typeof errcode === 'number' ? errcode & 0xff : undefined
}
