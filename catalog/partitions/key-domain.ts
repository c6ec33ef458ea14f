/** What a predicate leaves of a partition key's values, for those who would rather not ask it of every value. */
import { compareValues } from '#src/types/compare'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import type { KeyDomain } from './discovery.ts'

/** False only when no row with this value can be wanted. */
export function inDomain(domain: KeyDomain | undefined, value: Value, type: Type): boolean {
  if (domain === undefined) return true
  if (value === null) return domain.nulls
  return domain.ranges.some(({ low, high }) => isAbove(low, value, type) && isBelow(high, value, type))
}

type Bound = KeyDomain['ranges'][number]['low']

function isAbove(low: Bound, value: Value, type: Type): boolean {
  if (low === undefined) return true
  const order = compareValues(value, low.value, type)
  return order > 0 || (order === 0 && low.inclusive)
}

function isBelow(high: Bound, value: Value, type: Type): boolean {
  if (high === undefined) return true
  const order = compareValues(value, high.value, type)
  return order < 0 || (order === 0 && high.inclusive)
}

/** The values, when there are only some; undefined for ranges of values. NULL is none of them. */
export function pointsOf(domain: KeyDomain | undefined): readonly Value[] | undefined {
  if (domain === undefined) return undefined
  const points: Value[] = []
  for (const { low, high } of domain.ranges) {
    if (low === undefined || high === undefined || !low.inclusive || !high.inclusive || low.value !== high.value) return undefined
    points.push(low.value)
  }
  return points
}

/** Indexes [from, to) of the ascending `values` that lie in each range of the domain. */
export function domainSlices(domain: KeyDomain, values: readonly Value[], type: Type): readonly (readonly [number, number])[] {
  return domain.ranges.map(({ low, high }) => [
    low === undefined ? 0 : firstWhere(values, (value) => isAbove(low, value, type)),
    high === undefined ? values.length : firstWhere(values, (value) => !isBelow(high, value, type)),
  ])
}

/** The first index at which a condition holds that holds for all after it. */
function firstWhere(values: readonly Value[], holds: (value: Value) => boolean): number {
  let [from, to] = [0, values.length]
  while (from < to) {
    const middle = (from + to) >> 1
    if (holds(values[middle] as Value)) to = middle
    else from = middle + 1
  }
  return from
}
