/**
 * Results on disk that clients have not taken yet: segments, each a file with a name that cannot be guessed. A segment
 * is there until its client acknowledges it, its statement is canceled, or its time is over. The folder belongs to this
 * process; what processes that died have left is removed at start.
 */
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync } from 'node:fs'
import { readdir, rm, statfs, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type FolderLock, lockFolder } from '#src/scan/folder-lock'

export interface Segment {
  readonly id: string
  /** The statement whose rows these are. */
  readonly statement: string
  readonly path: string
  /** Of the file. */
  readonly bytes: number
  /** Milliseconds since the epoch. */
  readonly expires: number
}

export interface SpoolOptions {
  /** Holds a folder for each process. */
  readonly root: string
  /** Bytes on disk, all segments together. Default: a tenth of the free disk, at most 10 GB. */
  readonly budgetBytes?: number
  /** How long a segment waits for its client, in ms. */
  readonly expiryMs?: number
}

const DEFAULT_SHARE = 0.1
const DEFAULT_MOST = 10e9
const DEFAULT_EXPIRY_MS = 3_600_000

/** One statement may fill so much of the budget, and no more than so many bytes. */
const STATEMENT_SHARE = 0.25
const STATEMENT_MOST = 1e9

/** A disk that was full is not tried again for so long, in ms. */
const FULL_MS = 5000

export class ResultSpool {
  readonly #folder: string
  readonly #lock: FolderLock
  readonly #budget: number
  readonly #expiryMs: number
  readonly #segments = new Map<string, Segment>()
  readonly #ofStatement = new Map<string, number>()
  readonly #sweeper: NodeJS.Timeout
  #used = 0
  #fullUntil = 0
  #closed = false

  private constructor(folder: string, lock: FolderLock, budget: number, expiryMs: number) {
    this.#folder = folder
    this.#lock = lock
    this.#budget = budget
    this.#expiryMs = expiryMs
    this.#sweeper = setInterval(() => this.sweep(), Math.max(10, Math.min(60_000, expiryMs / 4))).unref()
  }

  static async open({ root, budgetBytes, expiryMs = DEFAULT_EXPIRY_MS }: SpoolOptions): Promise<ResultSpool> {
    mkdirSync(root, { recursive: true, mode: 0o700 })
    await removeLeftOvers(root)
    const { folder, lock } = ownFolder(root)
    return new ResultSpool(folder, lock, budgetBytes ?? (await defaultBudget(root)), expiryMs)
  }

  /** Bytes on disk. */
  get usedBytes(): number {
    return this.#used
  }

  /**
   * Writes a segment; undefined when there is no room, in the budget or on the disk: whoever has rows keeps them then.
   * Throws what the file system throws for other reasons.
   */
  async store(statement: string, content: Uint8Array): Promise<Segment | undefined> {
    const bytes = content.length
    if (!this.#hasRoom(statement, bytes)) return undefined
    const id = randomBytes(24).toString('hex')
    const segment = { id, statement, path: join(this.#folder, id), bytes, expires: Date.now() + this.#expiryMs }
    this.#account(segment, 1)
    try {
      await writeFile(segment.path, content, { flag: 'wx', mode: 0o600 })
    } catch (error) {
      this.#account(segment, -1)
      await unlink(segment.path).catch(() => undefined)
      const { code } = error as NodeJS.ErrnoException
      if (!this.#closed && code !== 'ENOSPC' && code !== 'EDQUOT') throw error
      this.#fullUntil = Date.now() + FULL_MS
      return undefined
    }
    this.#segments.set(id, segment)
    return segment
  }

  /** Whether rows of the statement wait to be fetched. */
  holds(statement: string): boolean {
    return this.#ofStatement.has(statement)
  }

  /** Undefined: there is none, or its time is over. */
  find(id: string): Segment | undefined {
    const segment = this.#segments.get(id)
    return segment === undefined || segment.expires <= Date.now() ? undefined : segment
  }

  /** Frees the segment's place; one that is being read stays readable for its reader. */
  remove(segment: Segment): void {
    if (!this.#segments.delete(segment.id)) return
    this.#account(segment, -1)
    void unlink(segment.path).catch(() => undefined)
  }

  /** Removes all segments of a statement that no one wants any more; with a grace in ms, after that. */
  removeStatement(statement: string, graceMs = 0): void {
    if (!this.#ofStatement.has(statement)) return
    const expires = Date.now() + graceMs
    for (const segment of this.#segments.values()) {
      if (segment.statement !== statement) continue
      if (graceMs === 0) this.remove(segment)
      else if (expires < segment.expires) this.#segments.set(segment.id, { ...segment, expires })
    }
  }

  /** Removes what is over its time. */
  sweep(): void {
    const now = Date.now()
    for (const segment of this.#segments.values()) if (segment.expires <= now) this.remove(segment)
  }

  async close(): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    clearInterval(this.#sweeper)
    this.#segments.clear()
    await rm(this.#folder, { recursive: true, force: true })
    this.#lock.release()
  }

  #hasRoom(statement: string, bytes: number): boolean {
    if (this.#closed || Date.now() < this.#fullUntil) return false
    const own = this.#ofStatement.get(statement) ?? 0
    return this.#used + bytes <= this.#budget && own + bytes <= Math.min(STATEMENT_MOST, this.#budget * STATEMENT_SHARE)
  }

  #account({ statement, bytes }: Segment, sign: 1 | -1): void {
    this.#used += sign * bytes
    const own = (this.#ofStatement.get(statement) ?? 0) + sign * bytes
    if (own > 0) this.#ofStatement.set(statement, own)
    else this.#ofStatement.delete(statement)
  }
}

/** Another process that starts may take the folder for left over until it is locked; then a new one is made. */
function ownFolder(root: string): { readonly folder: string; readonly lock: FolderLock } {
  for (;;) {
    const folder = mkdtempSync(join(root, `${process.pid}-`))
    const lock = lockFolder(folder)
    if (lock !== undefined) return { folder, lock }
  }
}

async function defaultBudget(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return Math.min(DEFAULT_MOST, Math.floor(bavail * bsize * DEFAULT_SHARE))
}

/** Folders whose process is gone. */
async function removeLeftOvers(root: string): Promise<void> {
  for (const name of await readdir(root)) {
    const path = join(root, name)
    const lock = lockFolder(path)
    if (lock === undefined) continue
    lock.release()
    await rm(path, { recursive: true, force: true })
  }
}
