import { describe, expect, it } from 'vitest'
import { formatCreateTable } from '#catalog/ddl'
import { parseStatement } from '#src/sql/parser/parse'
import { array, BIGINT, DATE, decimal, INTEGER, map, row, timestamp, VARCHAR } from '#src/types/type'

const TABLE = {
  schema: 'default',
  name: 'odd "name"',
  format: 'csv',
  location: "s3://lake/it's/",
  columns: [
    { name: 'id', type: BIGINT, comment: "it's the id" },
    { name: 'select', type: decimal(9, 2) },
    {
      name: 'a.b',
      type: array(
        row([
          { name: 'at', type: timestamp(6) },
          { name: 'Where', type: map(VARCHAR, INTEGER) },
        ]),
      ),
    },
  ],
  partitionKeys: [{ name: 'dt', type: DATE }],
  properties: { 'csv.null': "'", 'csv.delimiter': '\t', on_error: 'skip' },
  comment: 'x',
} as const

describe('the DDL of a table', () => {
  it('is quoted where it must be', () => {
    expect(formatCreateTable(TABLE)).toBe(`CREATE TABLE lake.default."odd ""name""" (
   id bigint COMMENT 'it''s the id',
   "select" decimal(9,2),
   "a.b" array(row(at timestamp(6), "Where" map(varchar, integer))),
   dt date
)
COMMENT 'x'
WITH (
   external_location = 's3://lake/it''s/',
   format = 'CSV',
   partitioned_by = ARRAY['dt'],
   "csv.delimiter" = '\t',
   "csv.null" = '''',
   on_error = 'skip'
)`)
  })

  it('is read back by the parser with every part', () => {
    const statement = JSON.parse(JSON.stringify(parseStatement(formatCreateTable(TABLE)))) as unknown
    const text = JSON.stringify(statement)
    for (const part of [
      'odd \\"name\\"',
      'select',
      'a.b',
      "it's the id",
      "s3://lake/it's/",
      'csv.delimiter',
      '\\t',
      'csv.null',
      'partitioned_by',
      'on_error',
      'skip',
    ])
      expect(text).toContain(part)
  })
})
