/** Parquet-like statistics of rows, computed plainly. */
import type { ColumnStatistics } from '#connectors/formats/parquet/footer'
import type { Value } from '#src/types/value'

const order = (a: Value, b: Value): number =>
  typeof a === 'string'
    ? Buffer.compare(Buffer.from(a), Buffer.from(b as string))
    : (a as number) < (b as number)
      ? -1
      : (a as number) > (b as number)
        ? 1
        : 0

/** NaN is left out of the bounds, as Parquet's writers do. */
export function statisticsOf(values: readonly Value[]): ColumnStatistics {
  const present = values.filter((value) => value !== null && !Number.isNaN(value)).toSorted(order)
  return {
    nullCount: values.filter((value) => value === null).length,
    min: present[0],
    max: present.at(-1),
    minExact: true,
    maxExact: true,
  }
}
