/**
 * Does a predicate hold for the rows of a partition, a file or a row group, judged by bounds alone? Only `never` skips.
 *
 *   x > 5 over min 1, max 4    never
 *   x > 5 over min 1, max 9    maybe
 *   x > 5 over min 6, max 9    always, if no row has NULL (and, for doubles, NaN)
 */
import type { ParquetColumn, RowGroup } from '#connectors/formats/parquet/footer'
import type { Expr } from '#src/logical/expression'
import { CAN_BE_TRUE, type ColumnRanges, outcomeOf } from '#src/logical/predicate-outcome'
import { castRange } from '#src/logical/range-cast'
import { nullRange, unknownRange, type ValueRange } from '#src/logical/value-range'
import type { Type } from '#src/types/type'

export type Verdict = 'never' | 'maybe' | 'always'

export function judge(predicate: Expr, columns: ColumnRanges): Verdict {
  const outcome = outcomeOf(predicate, columns)
  if ((outcome & CAN_BE_TRUE) === 0) return 'never'
  return outcome === CAN_BE_TRUE ? 'always' : 'maybe'
}

/** Of several predicates that must all hold. */
export function judgeAll(predicates: readonly Expr[], columns: ColumnRanges): Verdict {
  let verdict: Verdict = 'always'
  for (const predicate of predicates) {
    const next = judge(predicate, columns)
    if (next === 'never') return 'never'
    if (next === 'maybe') verdict = 'maybe'
  }
  return verdict
}

/** What a row group's statistics say of a table column that the file has at `index`; -1 when the file lacks it. */
export function rangeInRowGroup(columns: readonly ParquetColumn[], rowGroup: RowGroup, index: number, tableType: Type): ValueRange {
  const type = columns[index]?.type
  if (index < 0) return rowGroup.rows === 0 ? { ...nullRange(tableType), nulls: false } : nullRange(tableType)
  const statistics = rowGroup.chunks[index]?.statistics
  if (type === undefined || statistics === undefined) return unknownRange(tableType)
  const { nullCount } = statistics
  const values = nullCount === undefined || nullCount < rowGroup.rows
  const nans = values && (type.kind === 'real' || type.kind === 'double')
  return castRange({ type, min: statistics.min, max: statistics.max, values, nulls: nullCount !== 0, nans }, tableType)
}
