import type { FileScan } from './plan.ts'
import { withRowGroups } from './plan-parquet-file.ts'
import type { PlannedFile } from './plan-scan.ts'

/** Rows that are sure to satisfy the scan's predicate. */
export function certainRows(file: PlannedFile): number {
  const { parquet } = file.scan
  if (parquet === undefined) return 0
  return parquet.rowGroups.reduce((sum, group, place) => sum + (file.certain[place] ? (parquet.footer.rowGroups[group]?.rows ?? 0) : 0), 0)
}

/**
 * As many row groups, from the first file on, as hold `limit` sure rows; undefined when all files together do not, for
 * then rows that may pass are needed as well.
 */
export function firstCertainRows(files: readonly PlannedFile[], limit: number): readonly PlannedFile[] | undefined {
  const kept: PlannedFile[] = []
  let missing = limit
  for (const file of files) {
    if (missing <= 0) break
    const { parquet } = file.scan
    const groups: number[] = []
    for (const [place, group] of (parquet?.rowGroups ?? []).entries()) {
      if (missing <= 0) break
      if (!file.certain[place]) continue
      groups.push(group)
      missing -= parquet?.footer.rowGroups[group]?.rows ?? 0
    }
    if (parquet === undefined || groups.length === 0) continue
    const scan: FileScan = { ...file.scan, parquet: withRowGroups(parquet.footer, parquet.columnIndexes, groups) }
    kept.push({ ...file, scan, certain: groups.map(() => true) })
  }
  return missing > 0 ? undefined : kept
}
