import { formatLocation } from '#connectors/storage/location'
import { QueryError } from '#src/common/errors'
import type { ScanPlan } from '#src/physical/plan'
import type { BlockCache } from './block-cache.ts'
import { type CachedUnit, objectKey } from './cached-unit.ts'
import { PoisonedUnit, type ScanRun } from './scan-run.ts'

/** A unit can be poisoned again while it is filled anew only if the disk is broken. */
const ATTEMPTS = 3

/** Pins of one scan; a query that scans a table twice is one user. */
export class Pins {
  readonly #cache: BlockCache
  readonly #user: object
  readonly #units: CachedUnit[] = []

  /** `user`: the query, the same object for all of its scans. */
  constructor(cache: BlockCache, user: object) {
    this.#cache = cache
    this.#user = user
  }

  get units(): readonly CachedUnit[] {
    return this.#units
  }

  acquire(object: string, name: string): CachedUnit {
    const unit = this.#cache.acquire(this.#cache.object(object), name, this.#user)
    this.#units.push(unit)
    return unit
  }

  release(): void {
    for (const unit of this.#units.splice(0)) this.#cache.release(unit)
  }
}

/** Runs `fill` on a pinned unit; a unit that proves wrong is evicted and a new one is filled from the store. */
export async function fillSound(
  run: ScanRun,
  pinned: CachedUnit,
  acquire: () => CachedUnit,
  fill: (unit: CachedUnit) => Promise<void>,
): Promise<CachedUnit> {
  let unit = pinned
  for (let attempt = 1; ; attempt++) {
    try {
      await fill(unit)
      return unit
    } catch (error) {
      if (!(error instanceof PoisonedUnit)) throw error
      run.cache.poison(unit)
      if (attempt === ATTEMPTS)
        throw new QueryError('GENERIC_INTERNAL_ERROR', 'The cache folder does not keep what is written to it', { cause: error })
      unit = acquire()
    }
  }
}

/** The names under which the cache keeps a plan's files. */
export function objectKeys(plan: ScanPlan): string[] {
  const bucket = formatLocation({ bucket: plan.bucket, key: '' })
  return plan.files.map(({ info }) => objectKey(bucket, info.key, info.version))
}
