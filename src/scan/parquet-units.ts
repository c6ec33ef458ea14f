/**
 * Which units a Parquet file's kept row groups make: the whole file where nothing was pruned, else bins of consecutive
 * row groups of about a million rows, the same bins for every query, each holding what is kept of it.
 *
 *     row groups of 300,000 rows, kept 0 1 2 5 9   →   bins 0-3, 4-7, 8-11   →   units rg:0,1,2  rg:5  rg:9
 */
import type { ByteRange, ParquetFooter } from '#connectors/formats/parquet/footer'
import type { ParquetScan } from '#src/physical/plan'

const UNIT_ROWS = 1_000_000

export interface UnitSpec {
  readonly name: string
  readonly rowGroups: readonly number[]
  /** Chunk ranges that the query needs. */
  readonly ranges: readonly ByteRange[]
}

/** Row groups without rows make no unit. */
export function unitsOf(scan: ParquetScan, unitRows: number = UNIT_ROWS): UnitSpec[] {
  const { footer } = scan
  const kept = scan.rowGroups.filter((index) => (footer.rowGroups[index]?.rows ?? 0) > 0)
  if (kept.length === 0) return []
  const columns = [...new Set(scan.columnIndexes.filter((index) => index >= 0))].sort((left, right) => left - right)
  const nonEmpty = footer.rowGroups.filter((group) => group.rows > 0).length
  if (kept.length === nonEmpty)
    return [{ name: 'all', rowGroups: footer.rowGroups.map((_, index) => index), ranges: rangesOf(footer, kept, columns) }]
  const perBin = Math.max(1, Math.ceil((unitRows * footer.rowGroups.length) / Math.max(1, footer.rows)))
  const bins = new Map<number, number[]>()
  for (const index of kept) {
    const bin = Math.floor(index / perBin)
    const members = bins.get(bin)
    if (members === undefined) bins.set(bin, [index])
    else members.push(index)
  }
  return [...bins.values()].map((rowGroups) => ({
    name: `rg:${rowGroups.join()}`,
    rowGroups,
    ranges: rangesOf(footer, rowGroups, columns),
  }))
}

/** Plain loops: a scan may have 20,000 files. */
function rangesOf(footer: ParquetFooter, rowGroups: readonly number[], columns: readonly number[]): ByteRange[] {
  const ranges: ByteRange[] = []
  for (const group of rowGroups) {
    const chunks = footer.rowGroups[group]?.chunks
    for (const column of columns) for (const range of chunks?.[column]?.ranges ?? []) ranges.push(range)
  }
  return ranges
}
