import { expect, test } from 'vitest'
import { guardCalls } from '#src/functions/guard-calls'

const guarded = (sql: string) => `CASE WHEN random() < 0 THEN NULL ELSE ${sql} END`

test.each([
  ['list_transform(c1, lambda x: (1 // x))', `list_transform(${guarded('c1')}, lambda x: (1 // x))`],
  ['list_filter(c1, lambda x: x IS NULL)', 'list_filter(c1, lambda x: x IS NULL)'],
  [
    "list_transform(list_transform(c1, lambda x: error('a, b)')), lambda y: y.a)",
    `list_transform(list_transform(${guarded('c1')}, lambda x: error('a, b)')), lambda y: y.a)`,
  ],
  ['weir_json_parse(weir_json_parse(c1))', `weir_json_parse(${guarded(`weir_json_parse(${guarded('c1')})`)})`],
  ["weir_json_extract(c1, '$')", `weir_json_extract(${guarded('c1')}, '$')`],
  ['TRY(list_transform(c1, lambda x: (1 // x)))', 'TRY(list_transform(c1, lambda x: (1 // x)))'],
  ['(c1 + c2)', '(c1 + c2)'],
])('%s', (sql, expected) => {
  expect(guardCalls(sql)).toBe(expected)
})
