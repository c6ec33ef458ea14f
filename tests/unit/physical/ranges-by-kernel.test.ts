/** Bounds that pass through casts and functions, and folded constants, against what the kernel computes: the kernel's values must lie within. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { comparison } from '#src/logical/build'
import { mapExpr } from '#src/logical/expr-walk'
import type { Column, Expr } from '#src/logical/expression'
import { rangeOf } from '#src/logical/predicate-outcome'
import { compareBounds } from '#src/logical/value-range'
import { foldConstants } from '#src/optimize/rules/fold-constants'
import { tryParseLiteral } from '#src/types/literal'
import type { Type } from '#src/types/type'
import type { Value } from '#src/types/value'
import { type Lake, openLake } from '#tests/support/kernel-lake'
import { analyzed } from '#tests/support/plan-tables'

let lake: Lake
beforeAll(async () => {
  lake = await openLake()
})
afterAll(() => lake.close())
const signal = new AbortController().signal

/** The expression over the column `v` of VALUES. */
function expressionOf(sql: string, type: string): { readonly expr: Expr; readonly column: Column } {
  const plan = analyzed(`SELECT ${sql} FROM (VALUES CAST(NULL AS ${type})) AS t (v)`)
  let root = plan.root
  while (root.kind !== 'values') {
    if (root.kind !== 'project') throw new Error(`unexpected ${root.kind}`)
    const value = root.assignments[0]?.value
    if (value !== undefined && value.kind !== 'column') {
      const [column] = root.input.kind === 'values' ? root.input.columns : []
      if (column === undefined) throw new Error('no column')
      return { expr: value, column }
    }
    root = root.input
  }
  throw new Error(`no expression in ${sql}`)
}

const INTEGERS = ['-2147483648', '-7', '-1', '0', '1', '6', '2147483647']
const DATES = ['0001-01-01', '1582-10-10', '1969-12-31', '1970-01-01', '2000-02-29', '2023-12-31', '2024-01-01', '9999-12-31']
const TIMESTAMPS = DATES.flatMap((day) => [`${day} 00:00:00`, `${day} 23:59:59.999999`])
const DECIMALS = ['-99999.99', '-1.50', '-0.01', '0.00', '0.05', '1.49', '1.50', '99999.99']
const TEXTS = ['', 'a', 'ab', 'abc', 'abd', 'b', '\uff5e', '\u{1f600}x']

const cases: readonly (readonly [type: string, texts: readonly string[], expressions: readonly string[]])[] = [
  [
    'integer',
    INTEGERS,
    [
      'CAST(v AS bigint)',
      'CAST(v AS double)',
      'CAST(v AS decimal(12, 2))',
      'TRY_CAST(v AS tinyint)',
      'CAST(v AS bigint) * -3',
      '5 - CAST(v AS bigint)',
    ],
  ],
  ['integer', ['-16777217', '-1', '0', '16777217'], ['CAST(v AS real)', '-v', 'v + 1', '-3 * v']],
  [
    'bigint',
    ['-9223372036854775807', '-9007199254740993', '-1', '0', '9007199254740993', '9223372036854775807'],
    ['CAST(v AS double)', 'CAST(v AS decimal(19, 0))', 'TRY_CAST(v AS integer)', 'CAST(v AS real)'],
  ],
  [
    'decimal(7,2)',
    DECIMALS,
    ['CAST(v AS double)', 'CAST(v AS decimal(9, 4))', 'CAST(v AS decimal(6, 0))', 'CAST(v AS decimal(7, 1))', 'CAST(v AS bigint)'],
  ],
  ['real', ['-1.5', '0', '0.1', '3.4e38'], ['CAST(v AS double)']],
  [
    'date',
    DATES,
    [
      'CAST(v AS timestamp(3))',
      'year(v)',
      "date_trunc('week', v)",
      "date_trunc('month', v)",
      "date_trunc('quarter', v)",
      "date_trunc('year', v)",
    ],
  ],
  ['date', DATES.slice(1), ["v - INTERVAL '1' DAY", "v + INTERVAL '-3' DAY"]],
  [
    'timestamp(6)',
    TIMESTAMPS,
    [
      'CAST(v AS date)',
      'date(v)',
      'year(v)',
      "date_trunc('hour', v)",
      "date_trunc('day', v)",
      "date_trunc('week', v)",
      "date_trunc('quarter', v)",
    ],
  ],
  // Rounding up the last microsecond of 9999 would leave the years that texts can have.
  ['timestamp(6)', TIMESTAMPS.slice(1, -1), ['CAST(v AS timestamp(0))', 'CAST(v AS timestamp(3))', "v + INTERVAL '-1' HOUR"]],
  ['varchar', TEXTS, ['CAST(v AS varchar(1))', 'CAST(v AS varchar(2))', 'substr(v, 1, 1)', 'substring(v, 1, 2)']],
]

for (const [type, texts, expressions] of cases) {
  for (const sql of expressions) {
    it(`${sql} of ${type}`, async () => {
      const { expr, column } = expressionOf(sql, type)
      const values = texts.map((text) => parsed(text, column.type))
      const pairs: { readonly value: Value; readonly low: Value; readonly high: Value }[] = []
      let exact = 0
      for (const [from, low] of values.entries()) {
        for (const [distance, high] of values.slice(from).entries()) {
          expect(compareBounds(column.type, low, high)).toBeLessThanOrEqual(0)
          const range = rangeOf(expr, (id) =>
            id === column.id ? { type: column.type, min: low, max: high, values: true, nulls: false, nans: false } : undefined,
          )
          if (range.min === undefined || range.max === undefined) continue
          exact++
          for (const value of values.slice(from, from + distance + 1)) pairs.push({ value, low: range.min, high: range.max })
        }
      }
      expect(await holds(expr, column, pairs)).toEqual([])
      expect(exact).toBeGreaterThan(0)
    })

    it(`folded ${sql} of ${type}`, async () => {
      const { expr, column } = expressionOf(sql, type)
      const pairs = texts.flatMap((text) => {
        const value = parsed(text, column.type)
        const constant = mapExpr(expr, (node) => (node.kind === 'column' ? { kind: 'literal', type: node.type, value } : node))
        const folded = mapExpr(constant, foldConstants.apply)
        return folded.kind === 'literal' && folded.value !== null ? [{ value, low: folded.value, high: folded.value }] : []
      })
      expect(await holds(expr, column, pairs)).toEqual([])
    })
  }
}

function parsed(text: string, type: Type): Value {
  const value = type.kind === 'varchar' ? text : tryParseLiteral(text, type)
  if (value === undefined) throw new Error(`${text} is no ${type.kind}`)
  return value
}

/** The pairs for which `low <= expr(value) <= high` does not hold in the kernel. */
async function holds(
  expr: Expr,
  column: Column,
  pairs: readonly { readonly value: Value; readonly low: Value; readonly high: Value }[],
): Promise<readonly unknown[]> {
  if (pairs.length === 0) return []
  const low: Column = { id: 9001, name: 'low', type: expr.type }
  const high: Column = { id: 9002, name: 'high', type: expr.type }
  const within = (operator: '>=' | '<=', bound: Column): Expr =>
    comparison(operator, expr, { kind: 'column', type: bound.type, id: bound.id, name: bound.name })
  const rows = pairs.map((pair) => [pair.value, pair.low, pair.high])
  const [above, below] = await Promise.all([
    lake.kernel.evaluate(within('>=', low), [column, low, high], rows, signal),
    lake.kernel.evaluate(within('<=', high), [column, low, high], rows, signal),
  ])
  return pairs
    .filter((_pair, place) => !above[place] || !below[place])
    .map((pair) => `${String(pair.value)}: ${String(pair.low)} … ${String(pair.high)}`)
}
