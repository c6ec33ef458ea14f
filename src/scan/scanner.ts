/** Performs a scan plan: brings what it keeps into the block cache and hands the kernel the units that hold it. */

import type { Bucket, ObjectStore } from '#connectors/storage/object-store'
import { QueryError } from '#src/common/errors'
import type { ScanPlan } from '#src/physical/plan'
import type { BlockCache } from './block-cache.ts'
import { cacheNeed } from './cache-need.ts'
import { CacheRoom } from './cache-room.ts'
import { type CachedUnit, objectOf } from './cached-unit.ts'
import { isSoundText } from './fill-text.ts'
import { isSound } from './fill-unit.ts'
import { Limiter } from './limiter.ts'
import { Pins } from './pins.ts'
import { prepareParquet } from './prepare-parquet.ts'
import { prepareText } from './prepare-text.ts'
import type { ScanBytes, ScanRun } from './scan-run.ts'
import { fromStoreError } from './store-errors.ts'
import type { PreparedScan, UnitGroup } from './units.ts'

export interface ScannerOptions {
  readonly cache: BlockCache
}

export interface ScanContext {
  /** The query's view of the stores: its counter, its signal, its turn in the queue. */
  readonly stores: { storeFor(bucket: Bucket): ObjectStore }
  readonly signal: AbortSignal
  /** Grows while the scan is prepared, for progress. */
  readonly bytes?: ScanBytes
}

export interface Scanner {
  /**
   * Resolves when everything that the plan keeps is in the cache; the units are pinned until `release`. Throws
   * ObjectChanged (list and plan once more), QueryErrors of stores, files and the cache, and the signal's reason.
   */
  prepareScan(plan: ScanPlan, context: ScanContext): Promise<PreparedScan>
  /** Bytes of the cache that the prepared scan will hold. */
  cacheNeed(plan: ScanPlan, stores: ScanContext['stores']): Promise<number>
  /** Waits for room in the cache; resolves to what gives it back. Who waits holds none. */
  enter(bytes: number, signal: AbortSignal): Promise<() => void>
  /** Throws out of the cache what nobody uses. */
  clear(): Promise<void>
}

/**
 * GETs of one scan at once, with their writes. Over a round trip of 40 ms TPC-H's queries of 110 to 160 GETs took 430 ms with 32,
 * 370 ms with 64, 360 ms with 128; on loopback it makes no difference.
 */
const REQUESTS = 64

export function createScanner({ cache }: ScannerOptions): Scanner {
  const room = new CacheRoom(cache.budgetBytes)
  const needs = new WeakMap<ScanPlan, number>()
  return {
    prepareScan: (plan, context) => prepareScan(cache, plan, context),
    enter: (bytes, signal) => room.enter(bytes, signal),
    clear: async () => void (await cache.clear()),
    async cacheNeed(plan, stores) {
      const known = needs.get(plan) ?? (await cacheNeed(plan, stores.storeFor(plan.bucket), cache.folder))
      needs.set(plan, known)
      return known
    },
  }
}

async function prepareScan(cache: BlockCache, plan: ScanPlan, context: ScanContext): Promise<PreparedScan> {
  const controller = new AbortController()
  const stop = () => controller.abort(context.signal.reason)
  if (context.signal.aborted) stop()
  context.signal.addEventListener('abort', stop, { once: true })
  const bytes = context.bytes ?? { fromStore: 0, fromCache: 0 }
  const before = { ...bytes }
  const pins = new Pins(cache, context.signal)
  const reservation = cache.reserve(0)
  const run: ScanRun = {
    cache,
    store: context.stores.storeFor(plan.bucket),
    signal: controller.signal,
    requests: new Limiter(REQUESTS),
    reservation,
    bytes,
    fail: (error) => controller.abort(error),
  }
  try {
    controller.signal.throwIfAborted()
    const groups: readonly UnitGroup[] =
      plan.format === 'parquet' ? await prepareParquet(run, plan, pins) : await prepareText(run, plan, pins)
    controller.signal.throwIfAborted()
    return {
      plan,
      groups,
      onError: onErrorOf(plan),
      bytesFromStore: bytes.fromStore - before.fromStore,
      bytesFromCache: bytes.fromCache - before.fromCache,
      release: () => pins.release(),
      verify: () => verify(run, pins.units),
    }
  } catch (error) {
    pins.release()
    // The first failure stopped the others; what they died of is not the reason.
    throw fromStoreError(controller.signal.aborted ? controller.signal.reason : error)
  } finally {
    cache.giveBack(reservation)
    context.signal.removeEventListener('abort', stop)
  }
}

/** Compares units with what was written of them and evicts those that differ; true when there were any. */
async function verify(run: ScanRun, units: readonly CachedUnit[]): Promise<boolean> {
  let found = false
  for (const unit of new Set(units)) {
    if (unit.state !== 'ready' || (await isAsWritten(run, unit))) continue
    run.cache.poison(unit)
    found = true
  }
  return found
}

async function isAsWritten(run: ScanRun, unit: CachedUnit): Promise<boolean> {
  if (unit.name === 'text') return isSoundText(unit)
  if (unit.name !== 'link') return isSound(unit)
  // A linked file is another's: it may have been written to.
  const { key, version } = objectOf(unit.object)
  return run.store.head(key).then(
    (info) => info.version === version,
    () => false,
  )
}

function onErrorOf(plan: ScanPlan): PreparedScan['onError'] {
  const text = plan.table.properties.on_error
  // Hive's LazySimpleSerDe reads what does not fit its column as NULL.
  if (text === undefined) return plan.table.properties.serde === 'lazysimple' ? 'null' : 'fail'
  if (text === 'fail' || text === 'null' || text === 'skip') return text
  throw new QueryError('INVALID_TABLE_PROPERTY', `Invalid value for table property 'on_error': '${text}' is not fail, null or skip`)
}
