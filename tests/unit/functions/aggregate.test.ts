/** Results that Trino gives, for aggregates over a few rows. */
import { describe, expect, test } from 'vitest'
import type { Expr } from '#src/logical/expression'
import { array, DOUBLE } from '#src/types/type'
import { type AggregateOptions, failureOf, lit, openExpressionKernel } from '#tests/support/kernel-expressions'

const kernel = await openExpressionKernel()

type Cells = readonly (readonly (string | null)[])[]
type Row = readonly [title: string, name: string, types: readonly string[], rows: Cells, expected: unknown, clauses?: AggregateOptions]

const of = (...values: readonly (string | null)[]): Cells => values.map((value) => [value])

const FRACTIONS: Expr = { kind: 'literal', type: array(DOUBLE), value: [0, 1] }

const ROWS: readonly Row[] = [
  ['count of nothing', 'count', ['integer'], [], 0],
  ['count leaves out NULL', 'count', ['integer'], of('1', null), 1],
  ['count(*)', 'count', [], [[], []], 2],
  ['count distinct', 'count', ['integer'], of('1', '1', '2'), 2, { distinct: true }],
  ['count_if', 'count_if', ['boolean'], of('true', 'false', null, 'true'), 2],
  ['sum of nothing', 'sum', ['integer'], [], null],
  ['sum of integers is a bigint', 'sum', ['integer'], of('2147483647', '1'), 2147483648],
  ['sum of bigints overflows', 'sum', ['bigint'], of('9223372036854775807', '1'), 'NUMERIC_VALUE_OUT_OF_RANGE: bigint addition overflow'],
  ['sum of decimals', 'sum', ['decimal(3,2)'], of('9.99', '0.02'), '10.01'],
  ['sum of reals', 'sum', ['real'], of('1.5', '2.25'), 3.75],
  ['avg of integers', 'avg', ['integer'], of('1', '2'), 1.5],
  ['avg of decimals rounds', 'avg', ['decimal(10,2)'], of('1.00', '1.00', '2.01'), '1.34'],
  ['avg of negative decimals rounds away', 'avg', ['decimal(10,2)'], of('-1.00', '-1.00', '-2.01'), '-1.34'],
  [
    'avg of big decimals is exact',
    'avg',
    ['decimal(38,2)'],
    of('123456789012345678901234567890123456.78', '123456789012345678901234567890123456.80'),
    '123456789012345678901234567890123456.79',
  ],
  ['avg of no decimals', 'avg', ['decimal(10,2)'], [], null],
  ['max with NaN', 'max', ['double'], of('1', 'NaN'), 1],
  ['max of NaNs', 'max', ['double'], of('NaN'), 'NaN'],
  ['min with NaN', 'min', ['double'], of('1', 'NaN'), 1],
  [
    'max of instants',
    'max',
    ['timestamp(0) with time zone'],
    of('2020-01-01 09:00:00 Asia/Tokyo', '2020-01-01 00:00:01 UTC'),
    '2020-01-01 00:00:01 UTC',
  ],
  ['min of char', 'min', ['char(3)'], of('b', 'ab'), 'ab '],
  [
    'max_by',
    'max_by',
    ['varchar', 'integer'],
    [
      ['a', '1'],
      [null, '2'],
    ],
    null,
  ],
  [
    'max_by with NaN, the least of its keys',
    'max_by',
    ['varchar', 'double'],
    [
      ['a', '1'],
      ['b', 'NaN'],
      ['c', 'Infinity'],
      ['d', null],
    ],
    'c',
  ],
  [
    'min_by with NaN, the greatest of its keys',
    'min_by',
    ['varchar', 'real'],
    [
      ['a', '1'],
      ['b', 'NaN'],
    ],
    'a',
  ],
  [
    'min_by leaves out NULL keys',
    'min_by',
    ['varchar', 'integer'],
    [
      ['a', '1'],
      ['b', null],
    ],
    'a',
  ],
  [
    'max_by of n',
    'max_by',
    ['varchar', 'integer', 'bigint'],
    [
      ['a', '1', '2'],
      ['b', '3', '2'],
      ['c', '2', '2'],
    ],
    ['b', 'c'],
  ],
  [
    'max_by of n keeps NULL values',
    'max_by',
    ['varchar', 'integer', 'bigint'],
    [
      [null, '3', '2'],
      ['a', '1', '2'],
      ['b', null, '2'],
    ],
    [null, 'a'],
  ],
  ['bool_or', 'bool_or', ['boolean'], of('false', null, 'true'), true],
  ['every', 'every', ['boolean'], of('true', null), true],
  ['arbitrary', 'arbitrary', ['integer'], of(null, '5'), 5],
  ['array_agg of nothing', 'array_agg', ['integer'], [], null],
  ['array_agg keeps NULL', 'array_agg', ['integer'], of('2', null, '1'), [1, 2, null], { orderBy: 'c1 ASC NULLS LAST' }],
  ['listagg', 'listagg', ['varchar'], of('b', 'a'), 'a,b', { orderBy: 'c1', literals: [lit(',')] }],
  ['approx_percentile', 'approx_percentile', ['bigint'], of('1', '2', '3'), 2, { literals: [lit(0.5)] }],
  ['approx_percentile of several', 'approx_percentile', ['double'], of('1', '2', '3'), [1, 3], { literals: [FRACTIONS] }],
  [
    'map_agg',
    'map_agg',
    ['integer', 'integer'],
    [
      ['1', '2'],
      ['2', '1'],
      ['1', '3'],
    ],
    { 1: 2, 2: 1 },
  ],
  [
    'multimap_agg',
    'multimap_agg',
    ['varchar', 'integer'],
    [
      ['a', '1'],
      ['b', '2'],
      ['a', '3'],
    ],
    { a: [1, 3], b: [2] },
  ],
  ['histogram', 'histogram', ['integer'], of('1', '1', '2', null), { 1: 2, 2: 1 }],
  ['stddev of one row', 'stddev', ['double'], of('1'), null],
  ['stddev_pop of one row', 'stddev_pop', ['double'], of('1'), 0],
  ['corr of one row', 'corr', ['double', 'double'], [['1', '2']], null],
  ['skewness of a population', 'skewness', ['double'], of('1', '2', '4'), 0.3818017741606],
  ['skewness of two rows', 'skewness', ['double'], of('1', '2'), null],
  ['approx_distinct', 'approx_distinct', ['integer'], of('1', '2', '2', null), 2],
  ['geometric_mean', 'geometric_mean', ['double'], of('2', '8'), 4],
  ['bitwise_and_agg', 'bitwise_and_agg', ['bigint'], of('6', '3'), 2],
]

describe('aggregates', () => {
  test.each(ROWS.map((row) => ({ title: row[0], row })))('$title', async ({ row }) => {
    const [, name, types, rows, expected, clauses] = row
    const run = () => kernel.aggregate(name, types, rows, clauses)
    if (typeof expected === 'string' && /^[A-Z_]+: /.test(expected)) expect(await failureOf(run)).toBe(expected)
    else if (typeof expected === 'number' && !Number.isInteger(expected)) expect(await run()).toBeCloseTo(expected, 12)
    else expect(await run()).toEqual(expected)
  })
})
