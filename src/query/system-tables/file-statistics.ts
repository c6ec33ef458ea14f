/** What the footer of a Parquet file tells of it, as columns of `"t$files"`. */
import type { ParquetFooter } from '#connectors/formats/parquet/footer'
import type { SystemTableColumn } from '#src/logical/system-table'
import { compareValues } from '#src/types/compare'
import { formatValue } from '#src/types/format-value'
import { BIGINT, INTEGER, map, type Type, VARCHAR } from '#src/types/type'
import type { Value } from '#src/types/value'

/** NULL for text files, and for files that cannot be read (`"t$drift"` says why). Maps have the names of the columns as keys. */
export const FOOTER_COLUMNS: readonly SystemTableColumn[] = [
  { name: 'record_count', type: BIGINT },
  { name: 'row_groups', type: INTEGER },
  { name: 'null_value_counts', type: map(VARCHAR, BIGINT) },
  { name: 'lower_bounds', type: map(VARCHAR, VARCHAR) },
  { name: 'upper_bounds', type: map(VARCHAR, VARCHAR) },
]

export function footerValues(footer: ParquetFooter | undefined): readonly Value[] {
  if (footer === undefined) return FOOTER_COLUMNS.map(() => null)
  const columns = footer.columns.map((column, index) => ({ ...column, name: column.name.toLowerCase(), ...boundsOf(footer, index) }))
  const entries = (value: (column: (typeof columns)[number]) => Value | undefined): Value => ({
    entries: columns.flatMap((column) => {
      const found = value(column)
      return found === undefined || found === null ? [] : [[column.name, found] as const]
    }),
  })
  const text = (type: (typeof columns)[number]['type'], bound: Value | undefined) =>
    bound === undefined || type === undefined ? undefined : formatValue(bound, type)
  return [
    BigInt(footer.rows),
    BigInt(footer.rowGroups.length),
    entries(({ nulls }) => (nulls === undefined ? undefined : BigInt(nulls))),
    entries(({ type, min }) => text(type, min)),
    entries(({ type, max }) => text(type, max)),
  ]
}

interface Bounds {
  /** Undefined: some row group does not tell. */
  readonly nulls: number | undefined
  readonly min: Value | undefined
  readonly max: Value | undefined
}

/** Over all row groups; bounds of texts may be cut. */
function boundsOf({ rowGroups, columns }: ParquetFooter, index: number): Bounds {
  const type = columns[index]?.type
  let nulls: number | undefined = 0
  let [min, max]: [Value | undefined, Value | undefined] = [undefined, undefined]
  let isKnown = type !== undefined
  for (const { rows, chunks } of rowGroups) {
    const statistics = chunks[index]?.statistics
    const count = statistics?.nullCount
    nulls = nulls === undefined || count === undefined ? undefined : nulls + count
    // A row group of nothing but NULLs has no bounds, and needs none.
    if (count !== rows && (statistics?.min === undefined || statistics.max === undefined)) isKnown = false
    min = further(type, min, statistics?.min, -1)
    max = further(type, max, statistics?.max, 1)
  }
  return isKnown ? { nulls, min, max } : { nulls, min: undefined, max: undefined }
}

function further(type: Type | undefined, a: Value | undefined, b: Value | undefined, sign: 1 | -1): Value | undefined {
  if (a === undefined || b === undefined || type === undefined) return a ?? b
  return compareValues(b, a, type) * sign > 0 ? b : a
}
