/**
 * The block cache: units (src/scan/units.ts) in a folder, counted against a budget of real disk blocks.
 *
 *     <folder>/lock           held by the owner as long as it lives
 *     <folder>/log            what the units hold (cache-log.ts)
 *     <folder>/units/1f/31    a unit by its number; numbers are never used twice
 *     <folder>/links/         hard links of local files, made anew by each process
 *     <folder>/private/…      the same again for processes that found the lock taken; deleted with them
 *
 * Replacement is a segmented LRU: a unit enters the probation segment and moves to the protected one when a second
 * query uses it. Probation goes first, so that one pass over a large table leaves alone what is used again and again.
 */
import { mkdir, mkdtemp, rm, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { QueryError } from '#src/common/errors'
import { defaultBudget, sweepFiles, sweepPrivate } from './cache-folder.ts'
import { CacheLog, type CacheRecord } from './cache-log.ts'
import type { CachedObject, CachedUnit } from './cached-unit.ts'
import { type FolderLock, lockFolder } from './folder-lock.ts'

export interface BlockCacheOptions {
  /** Created when missing. Other files in it are left alone, except below `units`, `links` and `private`. */
  readonly folder: string
  /** Default: a fifth of the disk's free space, at most 50 GB. */
  readonly budgetBytes?: number
}

export interface CacheStats {
  readonly folder: string
  /** False: another process owns the shared cache, this one is thrown away at the end. */
  readonly shared: boolean
  readonly budgetBytes: number
  readonly usedBytes: number
  readonly units: number
  readonly pinnedUnits: number
  readonly evictions: number
  /** Units whose bytes on disk were not what was written. */
  readonly poisoned: number
}

/** Disk space promised to one query; what its units take is drawn from it. */
export interface Reservation {
  remaining: number
}

const BLOCK = 4096
const PROTECTED_SHARE = 0.8
const IDLE_LINK_MS = 600_000

export class BlockCache {
  /** All units lie below it: the kernel may read here and nowhere else. */
  readonly folder: string
  readonly shared: boolean
  readonly budgetBytes: number
  readonly #lock: FolderLock
  readonly #log: CacheLog
  readonly #objects = new Map<string, CachedObject>()
  /** In order of use, the longest unused first. */
  readonly #probation = new Set<CachedUnit>()
  readonly #protected = new Set<CachedUnit>()
  readonly #links = new Set<CachedUnit>()
  readonly #deletions = new Set<Promise<void>>()
  readonly #sweeper: NodeJS.Timeout
  #protectedBytes = 0
  #usedBytes = 0
  #reservedBytes = 0
  #nextId = 1
  #evictions = 0
  #poisoned = 0

  private constructor(folder: string, shared: boolean, budgetBytes: number, lock: FolderLock, log: CacheLog) {
    this.folder = folder
    this.shared = shared
    this.budgetBytes = budgetBytes
    this.#lock = lock
    this.#log = log
    this.#sweeper = setInterval(() => this.#dropIdleLinks(), IDLE_LINK_MS / 2)
    this.#sweeper.unref()
  }

  /** Owns the folder, or a private folder inside it while another process owns it. */
  static async open(options: BlockCacheOptions): Promise<BlockCache> {
    await mkdir(options.folder, { recursive: true, mode: 0o700 })
    const budget = options.budgetBytes ?? (await defaultBudget(options.folder))
    const owned = lockFolder(options.folder)
    if (owned !== undefined) {
      await sweepPrivate(options.folder)
      return BlockCache.#start(options.folder, true, budget, owned)
    }
    await mkdir(join(options.folder, 'private'), { recursive: true })
    const folder = await mkdtemp(join(options.folder, 'private', `${process.pid}-`))
    const lock = lockFolder(folder)
    if (lock === undefined) throw new QueryError('GENERIC_INTERNAL_ERROR', 'A new private cache folder is locked already')
    return BlockCache.#start(folder, false, budget, lock)
  }

  static async #start(folder: string, shared: boolean, budget: number, lock: FolderLock): Promise<BlockCache> {
    const path = join(folder, 'log')
    const records = await CacheLog.read(path)
    const cache = new BlockCache(folder, shared, budget, lock, await CacheLog.open(path))
    for (const record of records) cache.#replay(record)
    cache.#nextId = Math.max(cache.#nextId, 1 + (await sweepFiles(folder, new Set([...cache.#byId.values()].map((unit) => unit.path)))))
    cache.#byId.clear()
    await cache.#log.rewrite([...cache.#probation].flatMap(recordsOf))
    cache.#makeRoom(0)
    return cache
  }

  stats(): CacheStats {
    const units = [...this.#probation, ...this.#protected]
    return {
      folder: this.folder,
      shared: this.shared,
      budgetBytes: this.budgetBytes,
      usedBytes: this.#usedBytes,
      units: units.length,
      pinnedUnits: units.filter((unit) => unit.pins > 0).length,
      evictions: this.#evictions,
      poisoned: this.#poisoned,
    }
  }

  /** The units of an object version; made when unknown. */
  object(key: string): CachedObject {
    let object = this.#objects.get(key)
    if (object === undefined) {
      object = { key, units: new Map(), flights: new Map() }
      this.#objects.set(key, object)
    }
    return object
  }

  /** Pins the unit for a query, making an empty one (state `new`) when there is none. `release` once for each call. */
  acquire(object: CachedObject, name: string, user: object): CachedUnit {
    const known = object.units.get(name)
    if (known === undefined) return this.#create(object, name, user)
    known.pins++
    known.usedAt = performance.now()
    if (known.name !== 'link') this.#touch(known, user)
    return known
  }

  release(unit: CachedUnit): void {
    unit.pins--
    if (unit.pins > 0) return
    if (unit.state === 'gone') this.#deleteFile(unit)
    // Nobody finished making it.
    else if (unit.state === 'new') this.#remove(unit)
  }

  /** Promises disk space, deleting what is not in use. Throws GENERIC_INSUFFICIENT_RESOURCES. */
  reserve(bytes: number): Reservation {
    const reservation = { remaining: 0 }
    this.extend(reservation, bytes)
    return reservation
  }

  extend(reservation: Reservation, bytes: number): void {
    if (bytes > this.budgetBytes)
      throw new QueryError(
        'GENERIC_INSUFFICIENT_RESOURCES',
        `The query needs ${bytes} bytes of cached data; the cache has a budget of ${this.budgetBytes} bytes`,
        { hint: 'Select fewer columns or partitions, or give the cache more disk space.' },
      )
    if (!this.#makeRoom(bytes))
      throw new QueryError(
        'GENERIC_INSUFFICIENT_RESOURCES',
        `The query needs ${bytes} bytes of cached data; other queries are using the cache's ${this.budgetBytes} bytes`,
        { retryable: true },
      )
    this.#reservedBytes += bytes
    reservation.remaining += bytes
  }

  giveBack(reservation: Reservation): void {
    this.#reservedBytes -= reservation.remaining
    reservation.remaining = 0
  }

  /** Books what a unit's file takes on disk now. */
  account(unit: CachedUnit, bytes: number, reservation: Reservation): void {
    const grown = bytes - unit.bytes
    unit.bytes = bytes
    if (unit.state === 'gone') return
    this.#usedBytes += grown
    if (this.#protected.has(unit)) this.#protectedBytes += grown
    const drawn = Math.min(reservation.remaining, Math.max(0, grown))
    reservation.remaining -= drawn
    this.#reservedBytes -= drawn
  }

  /** Writes down that the unit's file exists, or that chunks of it are complete. */
  record(record: CacheRecord): void {
    this.#log.append(record)
  }

  /** The disk is full though the budget is not: deletes unused units worth `bytes`; false when there are none. */
  freeDisk(bytes: number): boolean {
    for (const link of this.#links) if (link.pins === 0) this.#remove(link)
    let freed = 0
    while (freed < bytes) {
      const victim = this.#victim()
      if (victim === undefined) break
      freed += victim.bytes
      this.#evictions++
      this.#remove(victim)
    }
    return freed > 0
  }

  /** The file is not what was written: nobody gets it any more, it is deleted when its last user has released it. */
  poison(unit: CachedUnit): void {
    if (unit.state === 'gone') return
    this.#poisoned++
    this.#remove(unit)
  }

  /** Deletes all units that are not in use; returns the bytes freed. */
  async clear(): Promise<number> {
    const before = this.#usedBytes
    for (const unit of [...this.#probation, ...this.#protected, ...this.#links]) if (unit.pins === 0) this.#remove(unit)
    await this.#settle()
    return before - this.#usedBytes
  }

  /** Nothing may be in use any more. */
  async close(): Promise<void> {
    clearInterval(this.#sweeper)
    for (const link of this.#links) this.#remove(link)
    await this.#settle()
    await this.#log.close()
    this.#lock.release()
    if (!this.shared) await rm(this.folder, { recursive: true, force: true })
  }

  async #settle(): Promise<void> {
    while (this.#deletions.size > 0) await Promise.all(this.#deletions)
    await this.#log.flush()
  }

  #create(object: CachedObject, name: string, user: object | undefined, id = this.#nextId++): CachedUnit {
    const folder = name === 'link' ? 'links' : 'units'
    const unit: CachedUnit = {
      id,
      path: join(this.folder, folder, (id % 256).toString(16).padStart(2, '0'), String(id)),
      object,
      name,
      state: 'new',
      end: 0,
      crc: 0,
      chunks: new Map(),
      bytes: 0,
      pins: user === undefined ? 0 : 1,
      user,
      busy: undefined,
      usedAt: performance.now(),
      head: undefined,
    }
    // A query that comes after a removal may ask for the same object again: it must find this one.
    this.#objects.set(object.key, object)
    object.units.set(name, unit)
    if (name === 'link') this.#links.add(unit)
    else this.#probation.add(unit)
    return unit
  }

  #touch(unit: CachedUnit, user: object): void {
    const again = unit.user !== user && (unit.user !== undefined || unit.state === 'unchecked')
    unit.user = user
    if (this.#protected.delete(unit)) {
      this.#protected.add(unit)
      return
    }
    this.#probation.delete(unit)
    if (!again) {
      this.#probation.add(unit)
      return
    }
    this.#protected.add(unit)
    this.#protectedBytes += unit.bytes
    for (const oldest of this.#protected) {
      if (this.#protectedBytes <= this.budgetBytes * PROTECTED_SHARE || oldest === unit) break
      this.#protected.delete(oldest)
      this.#protectedBytes -= oldest.bytes
      this.#probation.add(oldest)
    }
  }

  #makeRoom(bytes: number): boolean {
    while (this.#usedBytes + this.#reservedBytes + bytes > this.budgetBytes) {
      const victim = this.#victim()
      if (victim === undefined) return false
      this.#evictions++
      this.#remove(victim)
    }
    return true
  }

  #victim(): CachedUnit | undefined {
    for (const unit of this.#probation) if (unit.pins === 0) return unit
    for (const unit of this.#protected) if (unit.pins === 0) return unit
    return undefined
  }

  #remove(unit: CachedUnit): void {
    const written = unit.state !== 'new'
    unit.state = 'gone'
    unit.object.units.delete(unit.name)
    if (unit.object.units.size === 0 && unit.object.flights.size === 0) this.#objects.delete(unit.object.key)
    this.#links.delete(unit)
    this.#probation.delete(unit)
    if (this.#protected.delete(unit)) this.#protectedBytes -= unit.bytes
    this.#usedBytes -= unit.bytes
    if (written && unit.name !== 'link') this.#log.append({ op: 'evict', id: unit.id })
    if (unit.pins === 0) this.#deleteFile(unit)
  }

  #deleteFile(unit: CachedUnit): void {
    // A file that is not there, or that the next start deletes, is as good.
    const deletion = unlink(unit.path)
      .catch(() => {})
      .then(() => {
        this.#deletions.delete(deletion)
      })
    this.#deletions.add(deletion)
  }

  #dropIdleLinks(): void {
    const before = performance.now() - IDLE_LINK_MS
    for (const link of this.#links) if (link.pins === 0 && link.usedAt < before) this.#remove(link)
  }

  #replay(record: CacheRecord): void {
    if (record.op === 'unit') {
      const unit = this.#create(this.object(record.object), record.unit, undefined, record.id)
      unit.state = 'unchecked'
      unit.end = record.end
      unit.crc = record.crc
      this.#grow(unit, record.unit === 'text' ? record.end : BLOCK)
      this.#nextId = Math.max(this.#nextId, record.id + 1)
      this.#byId.set(record.id, unit)
      return
    }
    const unit = this.#byId.get(record.id)
    if (unit === undefined) return
    if (record.op === 'chunks') {
      for (const [start, length, crcs] of record.chunks) {
        unit.chunks.set(start, { start, length, crcs, trusted: false })
        this.#grow(unit, length)
      }
      return
    }
    this.#byId.delete(record.id)
    this.#usedBytes -= unit.bytes
    this.#probation.delete(unit)
    unit.object.units.delete(unit.name)
    if (unit.object.units.size === 0) this.#objects.delete(unit.object.key)
  }

  /** Only while the log is replayed. */
  readonly #byId = new Map<number, CachedUnit>()

  #grow(unit: CachedUnit, bytes: number): void {
    const blocks = blocksOf(bytes)
    unit.bytes += blocks
    this.#usedBytes += blocks
  }
}

/** Bytes in whole disk blocks. */
export function blocksOf(bytes: number): number {
  return Math.ceil(bytes / BLOCK) * BLOCK
}

function recordsOf(unit: CachedUnit): CacheRecord[] {
  const made: CacheRecord = { op: 'unit', id: unit.id, object: unit.object.key, unit: unit.name, end: unit.end, crc: unit.crc }
  if (unit.chunks.size === 0) return [made]
  const chunks = [...unit.chunks.values()].map(({ start, length, crcs }) => [start, length, crcs] as const)
  return [made, { op: 'chunks', id: unit.id, chunks }]
}
