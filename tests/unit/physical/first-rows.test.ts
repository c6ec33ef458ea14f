/** Row groups that cannot hold one of an order's first rows: against the rows themselves. */
import '#tests/support/fixed-seed'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { mayHoldFirstRows, type OrderedPart } from '#src/physical/first-rows'
import { BIGINT } from '#src/types/type'

type Row = number | null

/** What statistics say of rows; `known`: also how many are NULL, and that all of them are wanted. */
function partOf({ rows, known }: { readonly rows: readonly Row[]; readonly known: boolean }): OrderedPart {
  const values = rows.filter((row) => row !== null)
  const nulls = values.length < rows.length
  return {
    range: {
      type: BIGINT,
      min: values.length === 0 ? undefined : BigInt(Math.min(...values)),
      max: values.length === 0 ? undefined : BigInt(Math.max(...values)),
      values: values.length > 0,
      nulls: nulls || !known,
      nans: false,
    },
    sureRows: known ? values.length : 0,
  }
}

it('the first rows are the same without the row groups that are left out', () => {
  const row = fc.oneof({ weight: 5, arbitrary: fc.integer({ min: -20, max: 20 }) }, { weight: 1, arbitrary: fc.constant(null) })
  const part = fc.record({ rows: fc.array(row, { minLength: 1, maxLength: 6 }), known: fc.boolean() })
  let left = 0
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 0, max: 12 }),
      fc.boolean(),
      fc.boolean(),
      (parts, count, descending, nullsFirst) => {
        const compare = (a: Row, b: Row): number => {
          if (a === null || b === null) return a === b ? 0 : (a === null) === nullsFirst ? -1 : 1
          return descending ? b - a : a - b
        }
        const first = (some: typeof parts) =>
          some
            .flatMap(({ rows }) => rows)
            .toSorted(compare)
            .slice(0, count)
        const kept = mayHoldFirstRows(parts.map(partOf), count, { descending, nullsFirst })
        left += kept.filter((keep) => !keep).length
        expect(first(parts.filter((_, at) => kept[at]))).toEqual(first(parts))
      },
    ),
    { numRuns: 3000 },
  )
  expect(left).toBeGreaterThan(300)
})
