/**
 * Bounds of scanned columns from the footers of the row groups that are read: what lets decimal arithmetic be printed
 * as narrow as its values allow.
 */
import type { ColumnStatistics } from '#connectors/formats/parquet/footer'
import type { ColumnId } from '#src/logical/expression'
import type { ScanPlan } from '#src/physical/plan'
import type { PreparedScan } from '#src/scan/units'
import type { Type } from '#src/types/type'
import type { Bounds } from './expression-context.ts'

/** Undefined for a column without bounds in every row group, of another type in some file, or not of a number's type. */
export function columnBounds(scans: ReadonlyMap<number, PreparedScan>): (id: ColumnId) => Bounds | undefined {
  const known = new Map<ColumnId, Bounds | undefined>()
  const places = new Map<ColumnId, { readonly plan: ScanPlan; readonly index: number }>()
  for (const { plan } of scans.values()) for (const [index, entry] of plan.columns.entries()) places.set(entry.column.id, { plan, index })
  return (id) => {
    if (!known.has(id)) {
      const place = places.get(id)
      known.set(id, place && scanBounds(place.plan, place.index))
    }
    return known.get(id)
  }
}

function scanBounds(plan: ScanPlan, index: number): Bounds | undefined {
  const type = plan.columns[index]?.column.type
  if (type === undefined || scaleOf(type) === undefined) return undefined
  let bounds: Bounds | undefined
  for (const file of plan.files) {
    const scan = file.parquet
    if (scan === undefined) return undefined
    const at = scan.columnIndexes[index] ?? -1
    const entry = plan.columns[index]
    // A column that the file lacks is NULL throughout; a key or hidden column has no statistics here.
    if (at < 0 && entry?.source.kind === 'data') continue
    const source = scan.footer.columns[at]?.type
    if (source === undefined || scaleOf(source) !== scaleOf(type)) return undefined
    for (const group of scan.rowGroups) {
      const rowGroup = scan.footer.rowGroups[group]
      const statistics = rowGroup?.chunks[at]?.statistics
      if (rowGroup !== undefined && isAllNull(statistics, rowGroup.rows)) continue
      if (typeof statistics?.min !== 'bigint' || typeof statistics.max !== 'bigint') return undefined
      bounds =
        bounds === undefined
          ? { min: statistics.min, max: statistics.max }
          : { min: least(bounds.min, statistics.min), max: greatest(bounds.max, statistics.max) }
    }
  }
  return bounds
}

const least = (a: bigint, b: bigint) => (a < b ? a : b)
const greatest = (a: bigint, b: bigint) => (a > b ? a : b)

function isAllNull(statistics: ColumnStatistics | undefined, rows: number): boolean {
  return statistics?.nullCount !== undefined && statistics.nullCount === rows
}

function scaleOf(type: Type): number | undefined {
  switch (type.kind) {
    case 'tinyint':
    case 'smallint':
    case 'integer':
    case 'bigint':
      return 0
    case 'decimal':
      return type.scale
    default:
      return undefined
  }
}
