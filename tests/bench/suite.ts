/** What a suite is given and gives. */
import type { Measure, Samples } from './report.ts'

export interface SuiteOptions {
  /** Of full size; a slice is small. */
  readonly scale: number
  readonly repeats: number
  /** Names of queries; empty: all. */
  readonly queries: readonly string[]
  /** At most so many of them, chosen by the seed; undefined: all. */
  readonly sample: number | undefined
  /** Peers to run beside Weir: `duckdb`, `chdb`, `pyarrow`, `trino`. */
  readonly engines: readonly string[]
  readonly seed: number
  readonly tell: (text: string) => void
}

export interface SuiteResult {
  readonly samples?: readonly Samples[]
  readonly measures: readonly Measure[]
}

export interface Suite {
  readonly name: string
  /** Scale of the full run, and of the slice that continuous integration takes. */
  readonly scale: number
  readonly slice: number
  readonly repeats: number
  /** Peers by default. */
  readonly engines: readonly string[]
  run(options: SuiteOptions): Promise<SuiteResult>
}

/** Seeded numbers from 0 to 1, the same on every machine. */
export function random(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** At most so many of the items, chosen by the seed, in their order. */
export function sampleOf<T>(items: readonly T[], most: number | undefined, seed: number): readonly T[] {
  if (most === undefined || items.length <= most) return items
  const next = random(seed)
  const drawn = items.map((item, place) => ({ item, place, lot: next() })).sort((a, b) => a.lot - b.lot)
  return drawn
    .slice(0, most)
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item)
}
