/** A table's column type must be one that the scan reads every file into, whatever the files have. */
import '#tests/support/fixed-seed'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mergeFileTypes } from '#catalog/import/merge-types'
import { checkReadable } from '#connectors/formats/widening'
import { formatType } from '#src/types/format'
import { parseType } from '#src/types/parse'
import {
  array,
  BIGINT,
  BOOLEAN,
  DATE,
  DOUBLE,
  decimal,
  INTEGER,
  map,
  REAL,
  row,
  SMALLINT,
  TINYINT,
  type Type,
  timestamp,
  VARBINARY,
  VARCHAR,
} from '#src/types/type'

const { type } = fc.letrec<{ type: Type; simple: Type }>((tie) => ({
  simple: fc.oneof(
    fc.constantFrom<Type>(TINYINT, SMALLINT, INTEGER, BIGINT, REAL, DOUBLE, BOOLEAN, DATE, VARCHAR, VARBINARY),
    fc.constantFrom(3, 6).map(timestamp),
    fc.integer({ min: 1, max: 38 }).chain((precision) => fc.integer({ min: 0, max: precision }).map((scale) => decimal(precision, scale))),
  ),
  type: fc.oneof(
    { weight: 6, arbitrary: tie('simple') },
    { weight: 1, arbitrary: tie('type').map(array) },
    { weight: 1, arbitrary: fc.tuple(tie('simple'), tie('type')).map(([key, value]) => map(key, value)) },
    {
      weight: 2,
      arbitrary: fc
        .uniqueArray(fc.tuple(fc.constantFrom('a', 'b', 'C'), tie('type')), { minLength: 1, maxLength: 3, selector: ([name]) => name })
        .map((fields) => row(fields.map(([name, field]) => ({ name, type: field })))),
    },
  ),
}))

describe('merged types', () => {
  it('both files can be read into them, in either order', () => {
    fc.assert(
      fc.property(type, type, (a, b) => {
        const merged = mergeFileTypes(a, b)
        const other = mergeFileTypes(b, a)
        expect(merged === undefined).toBe(other === undefined)
        if (merged === undefined) {
          // Neither could have served for both.
          expect(checkReadable(a, b)).toBeUndefined()
          expect(checkReadable(b, a)).toBeUndefined()
          return
        }
        for (const one of [merged, other as Type]) {
          expect(checkReadable(a, one)).toBeDefined()
          expect(checkReadable(b, one)).toBeDefined()
        }
        expect(formatType(mergeFileTypes(a, a) as Type)).toBe(formatType(a))
      }),
      { numRuns: 3000 },
    )
  })

  it.each([
    ['integer', 'bigint', 'bigint'],
    ['integer', 'real', 'double'],
    ['real', 'double', 'double'],
    ['decimal(9,2)', 'decimal(5,4)', 'decimal(11,4)'],
    ['decimal(9,2)', 'integer', 'decimal(12,2)'],
    ['timestamp(3)', 'timestamp(6)', 'timestamp(6)'],
    ['row(a integer, b date)', 'row(B date, a bigint, c real)', 'row(a bigint, b date, c real)'],
    ['array(tinyint)', 'array(integer)', 'array(integer)'],
    ['bigint', 'double', undefined],
    ['bigint', 'varchar', undefined],
    ['decimal(38,0)', 'decimal(38,38)', undefined],
    ['array(bigint)', 'bigint', undefined],
  ])('%s and %s: %s', (a, b, merged) => {
    const result = mergeFileTypes(parseType(a), parseType(b))
    expect(result && formatType(result)).toBe(merged)
  })
})
