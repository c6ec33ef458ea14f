/**
 * Statements that change the catalog, through a server. Names, texts and places of errors are those of Trino 476's Hive connector, with
 * `lake` for its catalog.
 */
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startWeir, type WeirServer } from '#tests/support/weir'

let folder: string
let weir: WeirServer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-ddl-'))
  weir = await startWeir({ args: ['--allow', `${folder}/`] })
})
afterAll(async () => {
  await weir?.stop()
  rmSync(folder, { recursive: true })
})

/** The rows of an answer, or its update type. */
async function run(sql: string): Promise<unknown> {
  const { json } = await weir.sql(sql)
  if (json.error !== undefined) return `${json.error.name}: ${json.error.message}`
  return json.updateType ?? json.rows
}
const one = async (sql: string): Promise<unknown> => ((await run(sql)) as unknown[][])[0]?.[0]
const all = async (...statements: readonly string[]): Promise<void> => {
  for (const sql of statements) expect(await run(sql)).not.toMatch(/^[A-Z_]+: /)
}

describe('schemas and tables', () => {
  it('answers what Trino answers', async () => {
    const t = "a bigint, b varchar comment 'x', dt date) comment 'c' with (format = 'PARQUET', partitioned_by = ARRAY['dt'])"
    const expected: readonly (readonly [string, unknown])[] = [
      ['create schema s', 'CREATE SCHEMA'],
      ['create schema s', "SCHEMA_ALREADY_EXISTS: line 1:1: Schema 'lake.s' already exists"],
      ['create schema if not exists s', 'CREATE SCHEMA'],
      ['create schema nocat.x', "CATALOG_NOT_FOUND: line 1:1: Catalog 'nocat' not found"],
      ["create schema l3 with (foo = 'x')", "INVALID_SCHEMA_PROPERTY: line 1:24: Catalog 'lake' schema property 'foo' does not exist"],
      [`create table s.t (${t}`, 'CREATE TABLE'],
      ['create table s.t (a int)', "TABLE_ALREADY_EXISTS: line 1:1: Table 'lake.s.t' already exists"],
      ['create table if not exists s.t (a int)', 'CREATE TABLE'],
      ['create table s.u (a int) with (foo = 1)', "INVALID_TABLE_PROPERTY: line 1:32: Catalog 'lake' table property 'foo' does not exist"],
      [
        'create table s.u (a int) with (format = 1)',
        "INVALID_TABLE_PROPERTY: line 1:32: Invalid value for catalog 'lake' table property 'format': Cannot convert [1] to varchar",
      ],
      [
        "create table s.u (a int, dt date) with (partitioned_by = ARRAY['x'])",
        'INVALID_TABLE_PROPERTY: line 1:1: Partition columns [x] not present in schema',
      ],
      [
        "create table s.u (a int, dt date) with (partitioned_by = ARRAY['a'])",
        'HIVE_COLUMN_ORDER_MISMATCH: line 1:1: Partition keys must be the last columns in the table and in the same order as the table properties: [a]',
      ],
      [
        "create table s.u (a int) with (partitioned_by = ARRAY['a'])",
        'INVALID_TABLE_PROPERTY: line 1:1: Table contains only partition columns',
      ],
      [
        "create table s.u (a int, b row(x int)) with (partitioned_by = ARRAY['b'])",
        'NOT_SUPPORTED: line 1:1: Unsupported type [row(x integer)] for partition: b',
      ],
      ['create table s.u (a int, A date)', "DUPLICATE_COLUMN_NAME: line 1:26: Column name 'A' specified more than once"],
      [
        'create table s.u (a int not null)',
        "NOT_SUPPORTED: line 1:19: Catalog 'lake' does not support non-null column for column name 'a'",
      ],
      ['create table s.u (a foo)', "TYPE_NOT_FOUND: line 1:19: Unknown type 'foo' for column 'a'"],
      [
        'create table s.u (a int with (foo = 1))',
        "INVALID_COLUMN_PROPERTY: line 1:31: Catalog 'lake' column property 'foo' does not exist",
      ],
      ['drop table s.nope', "TABLE_NOT_FOUND: line 1:1: Table 'lake.s.nope' does not exist"],
      ['drop table if exists s.nope', 'DROP TABLE'],
      ['drop table if exists nope.nope', 'DROP TABLE'],
      ['drop schema s', "SCHEMA_NOT_EMPTY: line 1:1: Cannot drop non-empty schema 's'"],
      ['drop schema nope', "SCHEMA_NOT_FOUND: line 1:1: Schema 'lake.nope' does not exist"],
      ['drop schema if exists nope', 'DROP SCHEMA'],
      ['alter table s.t add column b int', "COLUMN_ALREADY_EXISTS: line 1:1: Column 'b' already exists"],
      ['alter table s.t add column if not exists b int', 'ADD COLUMN'],
      ['alter table s.t add column z int', 'ADD COLUMN'],
      ['alter table s.t add column q foo', "TYPE_NOT_FOUND: line 1:28: Unknown type 'foo' for column 'q'"],
      ['alter table s.t drop column zz', "COLUMN_NOT_FOUND: line 1:1: Column 'zz' does not exist"],
      ['alter table s.t drop column if exists zz', 'DROP COLUMN'],
      ['alter table s.t drop column dt', 'NOT_SUPPORTED: line 1:1: Cannot drop partition columns'],
      ['alter table s.t drop column z', 'DROP COLUMN'],
      ['alter table s.t rename column dt to dx', 'NOT_SUPPORTED: line 1:1: Renaming partition columns is not supported'],
      ['alter table s.t rename column zz to y', "COLUMN_NOT_FOUND: line 1:1: Column 'zz' does not exist"],
      ['alter table s.t rename column a to b', "COLUMN_ALREADY_EXISTS: line 1:1: Column 'b' already exists"],
      ['alter table s.nope add column b int', "TABLE_NOT_FOUND: line 1:1: Table 'lake.s.nope' does not exist"],
      ['alter table if exists s.nope add column b int', 'ADD COLUMN'],
      ["comment on table s.t is 'cc'", 'COMMENT'],
      ["comment on column s.t.q is 'x'", 'COLUMN_NOT_FOUND: line 1:1: Column does not exist: q'],
      ["comment on table s.nope is 'x'", 'TABLE_NOT_FOUND: line 1:1: Table does not exist: lake.s.nope'],
      ['alter table s.t rename to other.s.t', 'NOT_SUPPORTED: line 1:1: Table rename across catalogs is not supported'],
      ['alter table s.t rename to s.t2', 'RENAME TABLE'],
      ['alter schema nope rename to x', "SCHEMA_NOT_FOUND: line 1:1: Schema 'lake.nope' does not exist"],
      ['alter schema s rename to s', "SCHEMA_ALREADY_EXISTS: line 1:1: Target schema 'lake.s' already exists"],
      ['alter schema s rename to s2', 'RENAME SCHEMA'],
      [
        'show create table s2.t2',
        [
          [
            "CREATE TABLE lake.s2.t2 (\n   a bigint,\n   b varchar COMMENT 'x',\n   dt date\n)\nCOMMENT 'cc'\nWITH (\n   format = 'PARQUET',\n   partitioned_by = ARRAY['dt']\n)",
          ],
        ],
      ],
      ['create table s2.l (like s2.t2 including properties)', 'CREATE TABLE'],
      ['create table s2.l2 (like s2.nope)', "TABLE_NOT_FOUND: line 1:21: LIKE table 'lake.s2.nope' does not exist"],
      ['show partitions s2.l', []],
      ['drop schema s2 cascade', 'DROP SCHEMA'],
    ]
    for (const [sql, answer] of expected) expect([sql, await run(sql)]).toEqual([sql, answer])
  })

  it('what SHOW CREATE TABLE prints makes the same table', async () => {
    await all(
      'create schema rt',
      "create table rt.a (a varchar, b integer, dt date) with (format = 'TEXTFILE', textfile_field_separator = '|', null_format = 'x', skip_header_line_count = 1, partitioned_by = ARRAY['dt'])",
    )
    // What Weir has no name for is kept under extra_properties.
    await all("alter table rt.a set tblproperties ('owner' = 'it''s me', 'line.delim' = '\\n')")
    const shown = (await one('show create table rt.a')) as string
    expect(shown).toContain("extra_properties = MAP(ARRAY['line.delim','owner'], ARRAY['\n','it''s me'])")
    await all('drop table rt.a', shown)
    expect(await one('show create table rt.a')).toBe(shown)
  })

  it('external data stays where it is when its table is dropped', async () => {
    mkdirSync(join(folder, 'ext'))
    writeFileSync(join(folder, 'ext', 'f.csv'), '1,a\n')
    await all(`create external table ext (a int, b string) row format delimited fields terminated by ',' location '${folder}/ext'`)
    expect(await run('select * from ext')).toEqual([[1, 'a']])
    await all('drop table ext')
    expect(existsSync(join(folder, 'ext', 'f.csv'))).toBe(true)
  })

  it('names only locations that the server allows', async () => {
    expect(await run("create external table etc (a string) location '/etc/'")).toBe(
      "PERMISSION_DENIED: line 1:1: Access Denied: location 'file:///etc/' is outside the configured locations",
    )
    expect(await run("create schema etc with (location = '/etc/')")).toMatch(/^PERMISSION_DENIED: /)
  })

  it('a renamed column keeps its data; its old name is not given to another', async () => {
    await all(
      'create table ren (a int, b varchar)',
      "insert into ren values (1, 'x')",
      'alter table ren rename column b to c',
      "insert into ren values (2, 'y')",
    )
    expect(await run('select a, c from ren order by a')).toEqual([
      [1, 'x'],
      [2, 'y'],
    ])
    expect(await run('alter table ren add column b int')).toBe(
      "NOT_SUPPORTED: line 1:1: The name 'b' is taken: the files call column 'c' so, which was renamed",
    )
    await all('alter table ren rename column c to b')
    expect(await run("select a from ren where b = 'x'")).toEqual([[1]])
  })

  it('SHOW CREATE TABLE can be pasted, with properties that are only kept', async () => {
    await all(
      `create external table pasted (a int) stored as parquet location '${folder}/pasted/' tblproperties ('classification' = 'x', 'b''c' = 'y')`,
    )
    const [[text]] = (await run('show create table pasted')) as [[string]]
    expect(text).toContain('extra_properties = MAP(ARRAY[')
    await all('drop table pasted', text)
    expect(await run('show create table pasted')).toEqual([[text]])
  })

  it('columns by position, whatever the files call them', async () => {
    await all(
      'create table pos (a int, b varchar)',
      "insert into pos values (1, 'x')",
      "alter table pos set tblproperties ('columns_by' = 'position')",
      'alter table pos replace columns (`x` int, `y` string, `z` date)',
    )
    expect(await run('select x, y, z from pos')).toEqual([[1, 'x', null]])
  })

  it('two servers on one catalog: of many that create a table one succeeds', async () => {
    const other = await startWeir({ data: weir.data })
    try {
      const answers = await Promise.all(
        Array.from({ length: 12 }, (_, index) =>
          (index % 2 === 0 ? weir : other).sql('create table raced (a int)').then(({ json }) => json.updateType ?? json.error?.name),
        ),
      )
      expect(answers.filter((answer) => answer === 'CREATE TABLE')).toHaveLength(1)
      expect(answers.filter((answer) => answer === 'TABLE_ALREADY_EXISTS')).toHaveLength(11)
      const added = await Promise.all(
        Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? weir : other).sql(`alter table raced add column c${index} int`)),
      )
      expect(added.map(({ json }) => json.updateType)).toEqual(Array(8).fill('ADD COLUMN'))
      expect(await run('describe raced')).toHaveLength(9)
    } finally {
      await other.stop()
    }
  })
})

describe('views', () => {
  beforeAll(async () => {
    await all('create schema v', 'create table v.t (a bigint, b varchar)', "insert into v.t values (1, 'x'), (2, 'y')")
  })

  it('answer what Trino answers', async () => {
    const expected: readonly (readonly [string, unknown])[] = [
      ["create view v.v comment 'vc' security invoker as select a, upper(b) u from v.t", 'CREATE VIEW'],
      ['create view v.v as select 1 x', "TABLE_ALREADY_EXISTS: line 1:1: View already exists: 'lake.v.v'"],
      ['create or replace view v.t as select 1 x', "TABLE_ALREADY_EXISTS: line 1:1: Table already exists: 'lake.v.t'"],
      ['create view v.w as select a + 1 from v.t', 'MISSING_COLUMN_NAME: line 1:1: Column name not specified at position 1'],
      ['create view v.w as select 1 a, 2 a', "DUPLICATE_COLUMN_NAME: line 1:1: Column name 'a' specified more than once"],
      ['create view v.w as select x from v.t', "COLUMN_NOT_FOUND: line 1:27: Column 'x' cannot be resolved"],
      [
        'create materialized view v.w as select 1 x',
        'NOT_SUPPORTED: line 1:1: This connector does not support creating materialized views',
      ],
      ['create or replace view v.v as select * from v.v', 'VIEW_IS_RECURSIVE: line 1:45: Statement would create a recursive view'],
      [
        'select * from v.v order by a',
        [
          [1, 'X'],
          [2, 'Y'],
        ],
      ],
      ['show create view v.v', [["CREATE VIEW lake.v.v COMMENT 'vc' SECURITY INVOKER AS\nselect a, upper(b) u from v.t"]]],
      ['show create table v.v', "NOT_SUPPORTED: line 1:1: Relation 'lake.v.v' is a view, not a table"],
      ['show create view v.t', "NOT_SUPPORTED: line 1:1: Relation 'lake.v.t' is a table, not a view"],
      ['show create view v.nope', "TABLE_NOT_FOUND: line 1:1: View 'lake.v.nope' does not exist"],
      [
        'describe v.v',
        [
          ['a', 'bigint', '', ''],
          ['u', 'varchar', '', ''],
        ],
      ],
      [
        "select table_name, table_type from information_schema.tables where table_schema = 'v' order by 1",
        [
          ['t', 'BASE TABLE'],
          ['v', 'VIEW'],
        ],
      ],
      [
        "select table_name, view_definition from information_schema.views where table_schema = 'v'",
        [['v', 'select a, upper(b) u from v.t']],
      ],
      ["select table_type from system.jdbc.tables where table_schem = 'v' and table_name = 'v'", [['VIEW']]],
      ["select column_name from information_schema.columns where table_schema = 'v' and table_name = 'v'", [['a'], ['u']]],
      [
        'drop table v.v',
        "GENERIC_USER_ERROR: line 1:1: Table 'lake.v.v' does not exist, but a view with that name exists. Did you mean DROP VIEW lake.v.v?",
      ],
      [
        'drop view v.t',
        "GENERIC_USER_ERROR: line 1:1: View 'lake.v.t' does not exist, but a table with that name exists. Did you mean DROP TABLE lake.v.t?",
      ],
      ['drop view v.nope', "GENERIC_USER_ERROR: line 1:1: View 'lake.v.nope' does not exist"],
      ['drop view if exists v.nope', 'DROP VIEW'],
      ['alter view v.nope rename to v.x', "TABLE_NOT_FOUND: line 1:1: View 'lake.v.nope' does not exist"],
      [
        'alter view v.v rename to v.t',
        "TABLE_ALREADY_EXISTS: line 1:1: Target view 'lake.v.t' does not exist, but a table with that name exists.",
      ],
      [
        'alter table v.v rename to v.x',
        "GENERIC_USER_ERROR: line 1:1: Table 'lake.v.v' does not exist, but a view with that name exists. Did you mean ALTER VIEW lake.v.v RENAME TO ...?",
      ],
      ['alter view v.v rename to v.v2', 'RENAME VIEW'],
      ["comment on view v.v2 is 'x'", 'COMMENT'],
      [
        "comment on view v.t is 'x'",
        "TABLE_NOT_FOUND: line 1:1: View 'lake.v.t' does not exist, but a table with that name exists. Did you mean COMMENT ON TABLE lake.v.t IS ...?",
      ],
      [
        "comment on table v.v2 is 'x'",
        "TABLE_NOT_FOUND: line 1:1: Table 'lake.v.v2' does not exist, but a view with that name exists. Did you mean COMMENT ON VIEW lake.v.v2 IS ...?",
      ],
      ['drop view v.v2', 'DROP VIEW'],
    ]
    for (const [sql, answer] of expected) expect([sql, await run(sql)]).toEqual([sql, answer])
  })

  it('a view whose query has changed its meaning is refused', async () => {
    await all(
      'create view v.inner1 as select 1 a',
      'create view v.outer1 as select a from v.inner1',
      "create or replace view v.inner1 as select 'x' a",
    )
    expect(await run('select * from v.outer1')).toBe(
      "VIEW_IS_STALE: line 1:15: View 'lake.v.outer1' is stale or in invalid state: column [a] of type varchar(1) projected from query view at position 0 cannot be coerced to column [a] of type integer stored in view definition",
    )
    await all('create or replace view v.inner1 as select 1 b')
    expect(await run('select * from v.outer1')).toBe(
      "INVALID_VIEW: line 1:15: Failed analyzing stored view 'lake.v.outer1': line 1:8: Column 'a' cannot be resolved",
    )
  })

  it('views that lead back to themselves are told, not followed', async () => {
    await all(
      'create view v.r1 as select 1 a',
      'create view v.r2 as select a from v.r1',
      'drop view v.r1',
      'alter view v.r2 rename to v.r1',
    )
    expect(await run('select * from v.r1')).toMatch(/^VIEW_IS_RECURSIVE: /)
  })

  it("names mean what they meant to the view's author", async () => {
    await all('create schema v3', 'create table v3.t (z int)')
    expect((await weir.sql('create view named as select count(*) c from t', { schema: 'v' })).json.updateType).toBe('CREATE VIEW')
    expect((await weir.sql('select c from v.named', { schema: 'v3' })).json.rows).toEqual([[2]])
  })

  it('an error inside of a view has its place in the statement', async () => {
    await all('create view v.div as\n\n\n\nselect 1 / (a - 1) d from v.t')
    const { json } = await weir.sql('select d from v.div')
    expect(json.error).toMatchObject({ name: 'DIVISION_BY_ZERO' })
    expect(json.error?.line ?? 1).toBe(1)
  })
})
