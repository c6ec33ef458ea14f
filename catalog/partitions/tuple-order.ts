import { compareValues } from '#src/types/compare'
import type { Value } from '#src/types/value'
import type { TableColumn } from '../model.ts'

/** The order of partitions by their keys' values; NULL before all others. Tuples may be of fewer keys than there are. */
export function compareTuples(a: readonly Value[], b: readonly Value[], keys: readonly TableColumn[]): number {
  for (const [level, key] of keys.entries()) {
    const [left = null, right = null] = [a[level], b[level]]
    const order = left === null || right === null ? Number(left !== null) - Number(right !== null) : compareValues(left, right, key.type)
    if (order !== 0) return order
  }
  return 0
}
