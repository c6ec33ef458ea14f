/** Scans whose bytes are in the cache and stay there while the kernel reads them. */
import { QueryError } from '#src/common/errors'
import type { ScanPlan } from '#src/physical/plan'
import type { ScanContext, Scanner } from '#src/scan/scanner'
import type { PreparedScan } from '#src/scan/units'

interface Held {
  readonly scans: readonly PreparedScan[]
  release(): void
}

export class HeldScans {
  readonly #scanner: Scanner
  readonly #budget: () => number

  /** @param budget bytes that the cache may hold */
  constructor(scanner: Scanner, budget: () => number) {
    this.#scanner = scanner
    this.#budget = budget
  }

  /** Waits until there is room for all of them together. Throws what `Scanner.prepareScan` throws, and the signal's reason. */
  async hold(plans: readonly ScanPlan[], context: ScanContext): Promise<Held> {
    const needed = [...(await this.needs(plans, context)).values()].reduce((sum, bytes) => sum + bytes, 0)
    const attempt = async (room: number, alone: boolean): Promise<Held> => {
      const leave = await this.#scanner.enter(room, context.signal)
      try {
        if (alone) await this.#scanner.clear()
        const scans = await this.#prepare(plans, context)
        return {
          scans,
          release() {
            for (const scan of scans) scan.release()
            leave()
          },
        }
      } catch (error) {
        leave()
        throw error
      }
    }
    return attempt(needed, false).catch(async (error: unknown) => {
      const short = error instanceof QueryError && error.errorName === 'GENERIC_INSUFFICIENT_RESOURCES' && error.retryable
      if (!short || needed > this.#budget()) throw error
      // Units that hold more of their files than is needed now fill the cache: those of other queries go with these.
      return attempt(this.#budget(), true)
    })
  }

  /** Bytes of the cache for each scan, by its id. */
  async needs(plans: Iterable<ScanPlan>, { stores }: ScanContext): Promise<ReadonlyMap<number, number>> {
    const needs = new Map<number, number>()
    for (const plan of plans) needs.set(plan.id, await this.#scanner.cacheNeed(plan, stores))
    return needs
  }

  async #prepare(plans: readonly ScanPlan[], context: ScanContext): Promise<readonly PreparedScan[]> {
    const failure = new AbortController()
    const signal = AbortSignal.any([context.signal, failure.signal])
    const settled = await Promise.allSettled(
      plans.map(async (plan) => {
        try {
          return await this.#scanner.prepareScan(plan, { ...context, signal })
        } catch (error) {
          failure.abort(error)
          throw error
        }
      }),
    )
    const prepared = settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []))
    if (prepared.length === plans.length) return prepared
    for (const scan of prepared) scan.release()
    throw context.signal.aborted ? context.signal.reason : failure.signal.reason
  }
}
