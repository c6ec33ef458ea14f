/**
 * An exclusive lock on a folder that the operating system drops when its holder dies, kill -9 included. Node has no
 * flock; SQLite's own file locks are the ones it offers (and they hold between containers that share the folder, which a
 * socket or a pid file does not).
 */
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

export interface FolderLock {
  release(): void
}

const SQLITE_BUSY = 5

/** Keeps what holds a lock from the garbage collector, which would close it and drop the lock. */
const held = new Set<DatabaseSync>()

/** Undefined when another process (or another opener in this one) holds it. The folder exists. */
export function lockFolder(folder: string): FolderLock | undefined {
  const database = new DatabaseSync(join(folder, 'lock'), { timeout: 0 })
  try {
    database.exec('PRAGMA journal_mode = MEMORY')
    database.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    database.close()
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) return undefined
    throw error
  }
  held.add(database)
  return {
    release() {
      held.delete(database)
      database.close()
    },
  }
}
