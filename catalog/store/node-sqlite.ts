/**
 * Node's own SQLite in the shape that Kysely's driver takes. It is built in, so that installing Weir compiles nothing:
 * npm rebuilds a package that carries a binding.gyp on every `npm ci`, whatever the package says, and that needs a
 * compiler and Node's headers from the network.
 */
import { DatabaseSync, type SQLInputValue } from 'node:sqlite'
import type { SqliteDatabase, SqliteStatement } from 'kysely'

export class NodeSqlite implements SqliteDatabase {
  readonly #database: DatabaseSync

  /** Gives up at once (SQLITE_BUSY) where another process holds a lock. */
  constructor(file: string) {
    this.#database = new DatabaseSync(file, { timeout: 0 })
  }

  get inTransaction(): boolean {
    return this.#database.isOpen && this.#database.isTransaction
  }

  prepare(sql: string): SqliteStatement {
    const statement = this.#database.prepare(sql)
    const values = (parameters: readonly unknown[]) => parameters as readonly SQLInputValue[]
    return {
      reader: statement.columns().length > 0,
      all: (parameters) => statement.all(...values(parameters)),
      run: (parameters) => statement.run(...values(parameters)),
      iterate: (parameters) => statement.iterate(...values(parameters)),
    }
  }

  /** Sets or asks for a PRAGMA; its first value. */
  pragma(text: string): unknown {
    const row = this.#database.prepare(`PRAGMA ${text}`).get()
    return row === undefined ? undefined : Object.values(row)[0]
  }

  close(): void {
    if (this.#database.isOpen) this.#database.close()
  }
}

/** SQLite's primary result code of an error of node:sqlite (https://sqlite.org/rescode.html); undefined for other errors. */
export function sqliteCode(error: unknown): number | undefined {
  const { errcode } = error instanceof Error ? (error as { errcode?: unknown }) : {}
  return typeof errcode === 'number' ? errcode & 0xff : undefined
}
