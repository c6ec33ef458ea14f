/** The pruner against a plain evaluator: over any rows within the bounds, no outcome may occur that it excluded. */
import '#tests/support/fixed-seed'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { ParquetColumn, RowGroup } from '#connectors/formats/parquet/footer'
import { CAN_BE_FALSE, CAN_BE_NULL, CAN_BE_TRUE, outcomeOf } from '#src/logical/predicate-outcome'
import { rangeInRowGroup } from '#src/physical/interval-pruner'
import type { Value } from '#src/types/value'
import { COLUMNS, predicates, rows } from '#tests/support/predicate-arbitraries'
import { EvaluationFailed, truth } from '#tests/support/reference-predicate'
import { statisticsOf } from '#tests/support/row-statistics'

const bitOf = (value: boolean | null): number => (value === null ? CAN_BE_NULL : value ? CAN_BE_TRUE : CAN_BE_FALSE)

function rowGroupOf(
  data: readonly (readonly Value[])[],
  withStatistics: readonly boolean[],
): { columns: readonly ParquetColumn[]; rowGroup: RowGroup } {
  const columns = COLUMNS.map(({ name, type }) => ({ name, type, unsupported: undefined, physical: '' }))
  const chunks = COLUMNS.map((_column, place) => ({
    ranges: [],
    statistics: withStatistics[place] ? statisticsOf(data.map((row) => row[place] ?? null)) : undefined,
  }))
  return { columns, rowGroup: { rows: data.length, chunks } }
}

it('never excludes an outcome that a row has', () => {
  let decided = 0
  fc.assert(
    fc.property(predicates, rows, fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()), (predicate, data, missing) => {
      const { columns, rowGroup } = rowGroupOf(
        data,
        missing.map((one) => !one || data.length % 2 === 0),
      )
      const outcome = outcomeOf(predicate, (id) => {
        const place = COLUMNS.findIndex((column) => column.id === id)
        return rangeInRowGroup(columns, rowGroup, place, (COLUMNS[place] as (typeof COLUMNS)[number]).type)
      })
      if ((outcome & CAN_BE_TRUE) === 0) decided++
      for (const row of data) {
        try {
          const actual = truth(predicate, new Map(COLUMNS.map((column, place) => [column.id, row[place] ?? null])))
          expect(outcome & bitOf(actual)).toBe(bitOf(actual))
        } catch (error) {
          if (!(error instanceof EvaluationFailed)) throw error
        }
      }
    }),
    { numRuns: 20_000 },
  )
  // A pruner that answers "maybe" to everything would pass the above.
  expect(decided).toBeGreaterThan(3_000)
})

it('decides single rows exactly, where only columns and constants are compared', () => {
  let exact = 0
  let runs = 0
  fc.assert(
    fc.property(predicates, rows, (predicate, data) => {
      const [row] = data
      if (row === undefined) return
      const { columns, rowGroup } = rowGroupOf([row], [true, true, true])
      const outcome = outcomeOf(predicate, (id) => {
        const place = COLUMNS.findIndex((column) => column.id === id)
        return rangeInRowGroup(columns, rowGroup, place, (COLUMNS[place] as (typeof COLUMNS)[number]).type)
      })
      runs++
      if (outcome === CAN_BE_TRUE || outcome === CAN_BE_FALSE || outcome === CAN_BE_NULL) exact++
    }),
    { numRuns: 5_000 },
  )
  // The rest: LIKE with an inner wildcard, and doubles, whose statistics never exclude NaN.
  expect(exact / runs).toBeGreaterThan(0.6)
})
