import type { Counted, PlanTotals } from './plan.ts'

const NOTHING: Counted = { total: 0, kept: 0 }
const EMPTY_TOTALS: PlanTotals = { partitions: NOTHING, files: NOTHING, rowGroups: NOTHING, bytes: NOTHING, prefixesSkipped: 0 }

/** A sum with an unknown part is unknown. */
const add = (left: Counted, right: Counted): Counted => ({
  total: left.total === null || right.total === null ? null : left.total + right.total,
  kept: left.kept + right.kept,
})

/** Totals of several scans. */
export function sumTotals(all: readonly PlanTotals[]): PlanTotals {
  return all.reduce(
    (sum, next) => ({
      partitions: add(sum.partitions, next.partitions),
      files: add(sum.files, next.files),
      rowGroups: add(sum.rowGroups, next.rowGroups),
      bytes: add(sum.bytes, next.bytes),
      prefixesSkipped: sum.prefixesSkipped + next.prefixesSkipped,
    }),
    EMPTY_TOTALS,
  )
}
