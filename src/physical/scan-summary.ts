/** What EXPLAIN says of a scan: how much of each kind is kept, and why not less. */
import type { Counted, ScanPlan, Skipped } from './plan.ts'

/** Rows in the kept row groups; undefined for CSV and JSON. */
export function keptRows(scan: ScanPlan): number | undefined {
  if (scan.format !== 'parquet') return undefined
  return scan.files.reduce(
    (sum, { parquet }) => sum + (parquet?.rowGroups.reduce((rows, group) => rows + (parquet.footer.rowGroups[group]?.rows ?? 0), 0) ?? 0),
    0,
  )
}

/** `Partitions: 1 of 365 (364 skipped by partition predicate)` and so on. */
export function summarizeScan(scan: ScanPlan): readonly string[] {
  const { partitions, files, rowGroups, bytes, prefixesSkipped } = scan.totals
  const rows = keptRows(scan)
  return [
    ...(scan.table.partitionKeys.length > 0 ? [`Partitions: ${counted(partitions)}${skippedBy(scan, 'partitions')}`] : []),
    `Files: ${counted(files)}${skippedBy(scan, 'files')}`,
    ...(scan.format === 'parquet' ? [`Row groups: ${counted(rowGroups)}${skippedBy(scan, 'row groups')}`] : []),
    `Bytes: ${bytes.total === null ? formatBytes(bytes.kept) : `${formatBytes(bytes.kept)} of ${formatBytes(bytes.total)}`}${rows === undefined ? '' : `, ${rows} rows`}`,
    `Listing: ${scan.method}${prefixesSkipped > 0 ? `, ${prefixesSkipped} prefixes skipped unseen` : ''}`,
  ]
}

const counted = ({ kept, total }: Counted): string => (total === null ? `${kept}` : `${kept} of ${total}`)

function skippedBy(scan: ScanPlan, what: Skipped['what']): string {
  const reasons = scan.skipped.filter((skipped) => skipped.what === what)
  return reasons.length === 0 ? '' : ` (${reasons.map(({ count, reason }) => `${count} skipped by ${reason}`).join(', ')})`
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB']

/** `0B`, `1023B`, `1.50MB`: Trino's way, with 1024 as the step. */
export function formatBytes(bytes: number): string {
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024
    unit++
  }
  return `${unit === 0 ? value : value.toFixed(2)}${UNITS[unit]}`
}
