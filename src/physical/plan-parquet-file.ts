/** One Parquet file's part of a scan: which row groups are kept, and the bytes of the columns that are needed. */
import type { ByteRange, ParquetFooter, RowGroup } from '#connectors/formats/parquet/footer'
import { mayFail } from '#src/logical/expr-properties'
import type { ColumnId, Expr } from '#src/logical/expression'
import type { Scan } from '#src/logical/plan'
import type { ColumnRanges } from '#src/logical/predicate-outcome'
import type { ValueRange } from '#src/logical/value-range'
import { mapColumns } from './column-mapping.ts'
import { judgeAll, rangeInRowGroup } from './interval-pruner.ts'
import type { ParquetScan } from './plan.ts'

export interface PlannedParquet {
  readonly parquet: ParquetScan
  /** For each kept row group: every row is sure to satisfy the scan's predicate. */
  readonly certain: readonly boolean[]
}

/**
 * `terms`: what is not settled by the partition; `known`: ranges of columns that are the same for the whole file.
 * Throws what mapColumns throws.
 */
export function planParquetFile(
  scan: Scan,
  footer: ParquetFooter,
  terms: readonly Expr[],
  known: ColumnRanges,
  file: string,
): PlannedParquet {
  const columnIndexes = mapColumns(scan, footer, file)
  // A row on which a term fails is no row that passes.
  const safe = !terms.some(mayFail)
  const ranges = rangesInRowGroup(scan, footer, columnIndexes, known)
  const rowGroups: number[] = []
  const certain: boolean[] = []
  for (const [index, rowGroup] of footer.rowGroups.entries()) {
    const verdict = judgeAll(terms, ranges(rowGroup))
    if (verdict === 'never' || rowGroup.rows === 0) continue
    rowGroups.push(index)
    certain.push(verdict === 'always' && safe)
  }
  return { parquet: withRowGroups(footer, columnIndexes, rowGroups), certain }
}

/** What is known of the scan's columns in a row group. */
export function rangesInRowGroup(
  scan: Scan,
  footer: ParquetFooter,
  columnIndexes: readonly number[],
  known: ColumnRanges,
): (rowGroup: RowGroup) => ColumnRanges {
  const places = new Map<ColumnId, number>(
    scan.columns.flatMap(({ column, source }, place) => (source.kind === 'data' ? [[column.id, place] as const] : [])),
  )
  return (rowGroup) =>
    (id): ValueRange | undefined => {
      const place = places.get(id)
      const type = place === undefined ? undefined : scan.columns[place]?.column.type
      return place === undefined || type === undefined
        ? known(id)
        : rangeInRowGroup(footer.columns, rowGroup, columnIndexes[place] ?? -1, type)
    }
}

/** The scan of these row groups (ascending) with the ranges that they need. */
export function withRowGroups(footer: ParquetFooter, columnIndexes: readonly number[], rowGroups: readonly number[]): ParquetScan {
  const ranges = rowGroups.flatMap((index) => rangesOf(footer.rowGroups[index], columnIndexes))
  return { footer, columnIndexes, rowGroups, ranges: ranges.toSorted((a, b) => a.start - b.start) }
}

function rangesOf(rowGroup: RowGroup | undefined, columnIndexes: readonly number[]): readonly ByteRange[] {
  const indexes = new Set(columnIndexes.filter((index) => index >= 0))
  return [...indexes].flatMap((index) => rowGroup?.chunks[index]?.ranges ?? [])
}
