/** Statements that write, as Trino 476 over its Hive connector answers the same texts. */
import { describe, expect, it } from 'vitest'
import { analyzeCreateTableAs } from '#src/analyze/create-table-as'
import { analyzeInsert } from '#src/analyze/insert'
import { QueryError } from '#src/common/errors'
import { printPlan } from '#src/logical/plan-print'
import { parseStatement } from '#src/sql/parser/parse'
import { formatType } from '#src/types/format'
import { analysisContext } from '#tests/support/analysis'
import { schemaTables } from '#tests/support/schema-tables'

const TABLES = schemaTables('default', {
  a: 'id bigint, name varchar(5), amt decimal(5,2), d date',
  p: 'x integer, c char(3), w row(a varchar(2)) | dt date, h integer',
})

function analyze(sql: string) {
  const statement = parseStatement(sql)
  const context = analysisContext({ tables: TABLES })
  if (statement.kind === 'insert') return analyzeInsert(statement, context)
  if (statement.kind === 'create-table-as') return analyzeCreateTableAs(statement, context)
  throw new Error(`Not a write: ${sql}`)
}

function refusal(sql: string): string {
  try {
    analyze(sql)
  } catch (error) {
    if (error instanceof QueryError) return `${error.errorName} | ${error.message}`
    throw error
  }
  return 'none'
}

describe('refused as Trino does', () => {
  it.each([
    ['insert into a (id, nope) values (1,2)', 'COLUMN_NOT_FOUND | line 1:1: Insert column name does not exist in target table: nope'],
    ['insert into a (id, id) values (1,2)', 'DUPLICATE_COLUMN_NAME | line 1:1: Insert column name is specified more than once: id'],
    [
      'insert into a (id) values (1,2)',
      'TYPE_MISMATCH | line 1:1: Insert query has mismatched column types: Table: [bigint], Query: [integer, integer]',
    ],
    [
      'insert into a values (1,2)',
      'TYPE_MISMATCH | line 1:1: Insert query has mismatched column types: Table: [bigint, varchar(5), decimal(5,2), date], Query: [integer, integer]',
    ],
    [
      "insert into a (id) values ('x')",
      'TYPE_MISMATCH | line 1:1: Insert query has mismatched column types: Table: [bigint], Query: [varchar(1)]',
    ],
    [
      'insert into a (name) values (12)',
      'TYPE_MISMATCH | line 1:1: Insert query has mismatched column types: Table: [varchar(5)], Query: [integer]',
    ],
    ['insert into nope values (1)', "TABLE_NOT_FOUND | line 1:1: Table 'lake.default.nope' does not exist"],
    ['insert into a select 1 from nope', "TABLE_NOT_FOUND | line 1:29: Table 'lake.default.nope' does not exist"],
    ['create table b as select 1 as x, 2 as x', "DUPLICATE_COLUMN_NAME | line 1:1: Column name 'x' specified more than once"],
    ['create table b as select 1', 'MISSING_COLUMN_NAME | line 1:1: Column name not specified at position 1'],
    ['create table b as select null as x', 'COLUMN_TYPE_UNKNOWN | line 1:1: Column type is unknown: x'],
    [
      'create table b (p,q) as select 1 as x',
      'MISMATCHED_COLUMN_ALIASES | line 1:17: Column alias list has 2 entries but relation has 1 columns',
    ],
  ])('%s', (sql, expected) => expect(refusal(sql)).toBe(expected))
})

describe('values go into their columns', () => {
  const inserted = (sql: string) => {
    const analyzed = analyze(sql)
    return `\n${printPlan(analyzed.query)}\n`
  }

  it('converted as they must, missing ones as NULL', () => {
    expect(inserted("insert into a (amt, id) values (1, decimal '1.7')")).toMatchInlineSnapshot(`
      "
      Output[id, name, amt, d]
        Project[id := CAST(field2 AS bigint), name := CAST(NULL AS varchar(5)), amt := CAST(field1 AS decimal(5,2)), d := CAST(NULL AS date)]
          Values[field1, field2; (1, 1.7)]
      "
    `)
    expect(inserted("insert into a (name, d) select name, timestamp '2024-01-02 03:04:05' from a")).toMatchInlineSnapshot(`
      "
      Output[id := id_1, name := name_1, amt := amt_1, d := d_1]
        Project[id_1 := CAST(NULL AS bigint), name_1 := name, amt_1 := CAST(NULL AS decimal(5,2)), d_1 := CAST(expr AS date)]
          Project[name, expr := TIMESTAMP '2024-01-02 03:04:05']
            TableScan[default.a; id, name, amt, d]
      "
    `)
    expect(inserted("insert into a (name) select 'a longer text'")).toMatchInlineSnapshot(`
      "
      Output[id, name, amt, d]
        Project[id := CAST(NULL AS bigint), name := text_for_insert(expr), amt := CAST(NULL AS decimal(5,2)), d := CAST(NULL AS date)]
          Project[expr := 'a longer text']
            Values[()]
      "
    `)
  })

  it('of static partitions as constants', () => {
    const analyzed = analyze("insert overwrite table p partition (dt = '2024-01-01', h) select 1, 'abc', row('x'), 5")
    expect('staticValues' in analyzed && analyzed.staticValues).toEqual([19723n])
    expect(`\n${printPlan(analyzed.query)}\n`).toMatchInlineSnapshot(`
      "
      Output[x, c, w, dt, h]
        Project[x := expr, c := CAST(expr_1 AS char(3)), w := CAST(expr_2 AS row(a varchar(2))), dt := DATE '2024-01-01', h := expr_3]
          Project[expr := 1, expr_1 := 'abc', expr_2 := ROW('x'), expr_3 := 5]
            Values[()]
      "
    `)
  })

  it('of unnamed and named columns into a new table', () => {
    const analyzed = analyze('create table b (p, q) as select 1, cast(null as varchar(3)) as x')
    expect('columns' in analyzed && analyzed.columns.map(({ name, type }) => `${name} ${formatType(type)}`)).toEqual([
      'p integer',
      'q varchar(3)',
    ])
  })
})

describe('static partitions', () => {
  it.each([
    [
      "insert overwrite table p partition (dt = '2024-13-01', h) select 1, 'a', row('x'), 5",
      "TYPE_MISMATCH | line 1:42: Partition key 'dt' takes a constant of type date",
    ],
    [
      "insert overwrite table p partition (dt) select 1, 'a', row('x'), 5, 6",
      "MISSING_COLUMN_NAME | line 1:26: PARTITION must name all partition keys; 'h' is missing",
    ],
    [
      "insert overwrite table p partition (dt, h = 5) select 1, 'a', row('x'), date '2024-01-01'",
      'INVALID_PARTITION_BY | line 1:26: Partition keys with a value must come before those without one',
    ],
    ['insert overwrite table p partition (x = 1) select 1', "COLUMN_NOT_FOUND | line 1:37: 'x' is no partition key of table 'default.p'"],
    [
      "insert into p values (1, 'abcd', row('abc'), date '2024-01-01', 5)",
      'TYPE_MISMATCH | line 1:1: Insert query has mismatched column types: Table: [integer, char(3), row(a varchar(2)), date, integer], Query: [integer, varchar(4), row(varchar(3)), date, integer]',
    ],
  ])('%s', (sql, expected) => expect(refusal(sql)).toBe(expected))
})
