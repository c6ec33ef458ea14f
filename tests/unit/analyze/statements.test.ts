import { describe, expect, it } from 'vitest'
import type { Table } from '#catalog/model'
import type { VirtualTable } from '#src/analyze/context'
import { refuseStatement } from '#src/analyze/refuse'
import {
  describeInput,
  oneText,
  planVirtualTable,
  showColumns,
  showCreateTable,
  showFunctions,
  showSession,
  showStats,
  showTables,
} from '#src/analyze/show'
import { collectTableNames } from '#src/analyze/table-names'
import { listFunctions } from '#src/functions/registry'
import { printPlan } from '#src/logical/plan-print'
import type { SystemTable } from '#src/logical/system-table'
import { verifyPlan } from '#src/logical/verify'
import { parseStatement } from '#src/sql/parser/parse'
import { formatType } from '#src/types/format'
import { BIGINT, DATE, VARCHAR } from '#src/types/type'
import { planText, SHOP_TABLES } from '#tests/support/analysis'
import { defineTable } from '#tests/support/schema-tables'

const tablesOf = (sql: string): readonly string[] =>
  collectTableNames(parseStatement(sql)).map(({ parts }) => parts.map(({ value }) => value).join('.'))

describe('collectTableNames', () => {
  it('finds names wherever queries stand, each once', () => {
    expect(
      tablesOf(`SELECT (SELECT max(x) FROM a.b) FROM t, u JOIN c.a.b ON EXISTS (TABLE v), LATERAL (SELECT * FROM T)
                WHERE 1 IN (SELECT 1 FROM w) ORDER BY (SELECT 1 FROM z)`),
    ).toEqual(['a.b', 't', 'u', 'c.a.b', 'v', 'w', 'z'])
  })

  it('leaves out what WITH defines, where it does', () => {
    expect(tablesOf('WITH a AS (SELECT * FROM a), b AS (SELECT * FROM a) SELECT * FROM b, c')).toEqual(['a', 'c'])
    expect(tablesOf('WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n FROM a) SELECT * FROM a, x.a')).toEqual(['x.a'])
    expect(tablesOf('SELECT * FROM (WITH a AS (SELECT 1) SELECT * FROM a), a')).toEqual(['a'])
    // What is named before a query of the same name is defined around it is no recursion.
    expect(
      tablesOf('WITH RECURSIVE a(n) AS (SELECT 1 UNION ALL SELECT n FROM (WITH b(n) AS (TABLE a), a(m) AS (SELECT 1) TABLE b)) TABLE a'),
    ).toEqual(['a'])
  })

  it('finds the table of SHOW and EXPLAIN', () => {
    expect(tablesOf('DESCRIBE x.t')).toEqual(['x.t'])
    expect(tablesOf('SHOW CREATE TABLE t')).toEqual(['t'])
    expect(tablesOf('EXPLAIN SELECT 1 FROM t')).toEqual(['t'])
  })
})

describe('SHOW', () => {
  it('lists columns with their types, keys and comments', () => {
    const table = defineTable('default', 't', 'id bigint, ship row(city varchar, zip varchar) | dt date')
    expect(showColumns(table).rows).toEqual([
      ['id', 'bigint', '', ''],
      ['ship', 'row(city varchar, zip varchar)', '', ''],
      ['dt', 'date', 'partition key', ''],
    ])
    expect(showColumns(table, { pattern: '%d', escape: undefined }).rows.map(([name]) => name)).toEqual(['id'])
    expect(showColumns(table).columns.map(({ name }) => name)).toEqual(['Column', 'Type', 'Extra', 'Comment'])
  })

  it('filters by LIKE with escape', () => {
    const names = ['a_b', 'axb', 'a%', 'A_B']
    const like = (pattern: string, escaping?: string): unknown => showTables(names, { pattern, escape: escaping }).rows.flat()
    expect(like('a_b')).toEqual(['a_b', 'axb'])
    expect(like('a\\_b', '\\')).toEqual(['a_b'])
    expect(like('a$%', '$')).toEqual(['a%'])
    expect(like('%')).toEqual(['A_B', 'a%', 'a_b', 'axb'])
    expect(() => like('a$b', '$')).toThrow("Escape character must be followed by '%', '_' or the escape character itself")
  })

  it('prints the statement that makes a table', () => {
    const [[text]] = showCreateTable(defineTable('default', 't', 'id bigint | dt date')).rows as [[string]]
    expect(text).toBe(`CREATE TABLE lake.default.t (
   id bigint,
   dt date
)
WITH (
   external_location = 'file:///lake/default/t/',
   format = 'PARQUET',
   partitioned_by = ARRAY['dt']
)`)
  })

  it('has the columns of Trino', () => {
    const names = (table: { readonly columns: readonly { readonly name: string }[] }): string =>
      table.columns.map(({ name }) => name).join(', ')
    expect(names(showFunctions(listFunctions()))).toBe('Function, Return Type, Argument Types, Function Type, Deterministic, Description')
    expect(names(showSession([]))).toBe('Name, Value, Default, Type, Description')
    expect(names(showStats([], 3))).toBe('column_name, data_size, distinct_values_count, nulls_fraction, row_count, low_value, high_value')
    expect(showStats([{ name: 'id', dataSize: null, distinctValues: 2, nullsFraction: 0, low: '1', high: '9' }], 3).rows).toEqual([
      ['id', null, 2, 0, null, '1', '9'],
      [null, null, null, null, 3, null, null],
    ])
    expect(showFunctions(listFunctions(), { pattern: 'row_numbe_', escape: undefined }).rows[0]?.slice(0, 5)).toEqual([
      'row_number',
      'bigint',
      '',
      'window',
      true,
    ])
    expect(describeInput([BIGINT, DATE]).rows).toEqual([
      [0n, 'bigint'],
      [1n, 'date'],
    ])
  })

  it('has texts as long as the longest of all, whichever LIKE leaves', () => {
    const types = ({ columns }: VirtualTable): string => columns.map(({ type }) => formatType(type)).join(', ')
    const properties = [
      { name: 'a', value: 'é', default: '', type: 'varchar', description: 'none' },
      { name: 'bcd', value: '', default: '1', type: 'bigint', description: 'n' },
    ]
    expect(types(showSession(properties))).toBe('varchar(3), varchar(1), varchar(1), varchar(7), varchar(4)')
    expect(types(showSession(properties, { pattern: 'zz', escape: undefined }))).toBe(types(showSession(properties)))
    expect(showSession(properties, { pattern: 'b%', escape: undefined }).rows.map(([name]) => name)).toEqual(['bcd'])
    const functions = types(showFunctions(listFunctions()))
    // Of Trino's longest names and texts, these are here as well.
    expect(functions).toMatch(/^varchar\(30\), varchar\(28\), varchar\(68\), varchar\(9\), boolean, varchar\(\d+\)$/)
    expect(types(showFunctions(listFunctions(), { pattern: 'zz', escape: undefined }))).toBe(functions)
    expect(types(oneText('Query Plan', 'Fragment 0'))).toBe('varchar(10)')
  })

  it('becomes a plan, and a relation of a query', () => {
    const table: VirtualTable = {
      kind: 'virtual',
      columns: [
        { name: 'a', type: VARCHAR },
        { name: 'b', type: BIGINT, hidden: true },
      ],
      rows: [['x', 1n]],
    }
    const plan = planVirtualTable(table)
    verifyPlan(plan)
    expect(printPlan(plan)).toBe("Output[a]\n  Values[a; ('x')]")
  })

  it('a table that the engine makes is a scan of its own', () => {
    const table: SystemTable = {
      kind: 'system',
      catalog: 'lake',
      schema: 'default',
      name: 'things',
      columns: [
        { name: 'a', type: VARCHAR },
        { name: 'b', type: BIGINT, hidden: true },
      ],
      load: async () => [],
    }
    const tables = new Map<string, Table | SystemTable>([...SHOP_TABLES, ['things', table]])
    expect(planText('SELECT *, b FROM things', { tables })).toBe(`
Output[a, b]
  SystemScan[lake.default.things; a, b]
`)
  })
})

describe('refuseStatement', () => {
  it.each([
    ['CREATE TABLE t (a integer)', 'CREATE TABLE'],
    ['CREATE EXTERNAL TABLE t (a int)', 'CREATE EXTERNAL TABLE'],
    ['INSERT INTO t SELECT 1', 'INSERT'],
    ['DROP VIEW v', 'DROP VIEW'],
    ['ALTER TABLE t RENAME TO u', 'ALTER TABLE'],
    ['MSCK REPAIR TABLE t', 'MSCK REPAIR TABLE'],
    ['DELETE FROM t', 'DELETE'],
    ["UNLOAD (SELECT 1) TO 's3://b/p' WITH (format = 'PARQUET')", 'UNLOAD'],
    ['SHOW CREATE VIEW v', 'SHOW CREATE VIEW'],
    ['START TRANSACTION', 'START TRANSACTION'],
  ])('%s', (sql, name) => {
    const error = refuseStatement(parseStatement(sql))
    expect(error.errorName).toBe('NOT_SUPPORTED')
    expect(error.message).toBe(`line 1:1: ${name} is not supported`)
  })
})
