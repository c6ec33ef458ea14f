import { describe, expect, it } from 'vitest'
import { parseStatement } from '#src/sql/parser/parse'

const name = (...parts: readonly string[]) => ({ parts: parts.map((value) => ({ value })) })
const string = (value: string) => ({ kind: 'string', value })

describe('queries', () => {
  const query = (text: string) => {
    const statement = parseStatement(text)
    if (statement.kind !== 'query-statement') throw new Error(text)
    return statement.query
  }
  it('INTERSECT binds tighter than UNION, both from the left', () => {
    expect(query('TABLE a UNION TABLE b INTERSECT TABLE c EXCEPT ALL TABLE d').body).toMatchObject({
      operator: 'except',
      all: true,
      left: {
        operator: 'union',
        left: { name: name('a') },
        right: { operator: 'intersect', left: { name: name('b') }, right: { name: name('c') } },
      },
      right: { name: name('d') },
      operatorAt: { line: 1, column: 41 },
    })
  })
  it('ORDER BY and LIMIT belong to the whole set operation', () => {
    expect(query('SELECT 1 UNION SELECT 2 ORDER BY 1 DESC NULLS FIRST OFFSET 2 LIMIT 3')).toMatchObject({
      body: { kind: 'set-operation' },
      orderBy: [{ descending: true, nulls: 'first' }],
      offset: { text: '2' },
      limit: { kind: 'limit', count: { text: '3' } },
    })
    expect(query('SELECT 1 FETCH FIRST ROW WITH TIES').limit).toMatchObject({ kind: 'fetch', count: undefined, withTies: true })
  })
  it('joins nest to the left, conditions close the nearest open join', () => {
    expect(query('SELECT * FROM a, b JOIN c JOIN d ON x ON y').body).toMatchObject({
      from: {
        type: 'implicit',
        left: { name: name('a') },
        right: {
          type: 'inner',
          left: { name: name('b') },
          right: { type: 'inner', right: { name: name('d') }, criteria: { kind: 'on', condition: { value: 'x' } } },
          criteria: { condition: { value: 'y' } },
        },
      },
    })
  })
  it('words that begin a clause are aliases where the clause could not follow', () => {
    expect(query('SELECT a limit FROM t limit limit 5')).toMatchObject({
      body: { items: [{ alias: { value: 'limit' } }], from: { alias: { value: 'limit' } } },
      limit: { count: { text: '5' } },
    })
  })
  it('select items tell a star from a column', () => {
    expect(query('SELECT *, t.*, (r).* AS (a, b), all FROM t').body).toMatchObject({
      distinct: false,
      items: [
        { kind: 'all', target: undefined },
        { kind: 'all', target: { value: 't' }, aliases: [] },
        { kind: 'all', target: { value: 'r' }, aliases: [{ value: 'a' }, { value: 'b' }] },
        { kind: 'expression', value: { value: 'all' } },
      ],
    })
  })
  it('grouping sets keep their columns apart', () => {
    expect(query('SELECT 1 GROUP BY DISTINCT a, (b, c), ROW(d), (), ROLLUP (e, (f, g))').body).toMatchObject({
      groupBy: {
        quantifier: 'distinct',
        elements: [
          { kind: 'simple', columns: [{ value: 'a' }] },
          { kind: 'simple', columns: [{ value: 'b' }, { value: 'c' }] },
          { kind: 'simple', columns: [{ kind: 'row' }] },
          { kind: 'simple', columns: [] },
          { kind: 'rollup', sets: [[{ value: 'e' }], [{ value: 'f' }, { value: 'g' }]] },
        ],
      },
    })
  })
  it('a parenthesis is a query or an expression by what follows the inner one', () => {
    expect(query('SELECT a IN ((SELECT 1)), a IN (SELECT 1), a IN ((SELECT 1) UNION (SELECT 2))').body).toMatchObject({
      items: [{ value: { kind: 'in-list' } }, { value: { kind: 'in-subquery' } }, { value: { kind: 'in-subquery' } }],
    })
  })
  it('CORRESPONDING and WITH SESSION are kept', () => {
    expect(query('SELECT 1 UNION CORRESPONDING BY (a) SELECT 2').body).toMatchObject({ corresponding: [{ value: 'a' }] })
    expect(parseStatement('WITH SESSION a.b = 1 SELECT 1')).toMatchObject({ session: [{ name: name('a', 'b'), value: { text: '1' } }] })
  })
  it('a routine keeps its text', () => {
    const text = 'FUNCTION f(x bigint) RETURNS bigint BEGIN RETURN x; END'
    expect(query(`WITH ${text} SELECT f(1)`).functions).toMatchObject([{ text, at: { line: 1, column: 6 } }])
  })
})

describe('statements of Trino', () => {
  it.each([
    [
      'EXPLAIN (TYPE IO, FORMAT JSON) SELECT 1',
      { kind: 'explain', analyze: false, type: 'io', format: 'json', statement: { kind: 'query-statement' } },
    ],
    ['EXPLAIN ANALYZE VERBOSE SELECT 1', { kind: 'explain', analyze: true, verbose: true }],
    ['EXPLAIN ANALYZE t', { kind: 'explain', analyze: false, statement: { kind: 'analyze', table: name('t') } }],
    ["SHOW TABLES IN a.b LIKE 'x' ESCAPE '!'", { kind: 'show-tables', schema: name('a', 'b'), like: { pattern: 'x', escape: '!' } }],
    ['DESC a.t', { kind: 'show-columns', table: name('a', 't'), detail: undefined }],
    ['DESCRIBE INPUT p', { kind: 'describe-input', name: { value: 'p' } }],
    ['DESCRIBE input', { kind: 'show-columns', table: name('input') }],
    ['PREPARE p FROM SELECT ? -- x', { kind: 'prepare', name: { value: 'p' }, text: 'SELECT ?' }],
    ["EXECUTE IMMEDIATE 'SELECT ?' USING 1", { kind: 'execute-immediate', text: string('SELECT ?'), arguments: [{ text: '1' }] }],
    ['SET TIME ZONE LOCAL', { kind: 'set-time-zone', zone: undefined }],
    ['SET SESSION AUTHORIZATION Bob', { kind: 'set-session-authorization', user: 'Bob' }],
    [
      'START TRANSACTION READ ONLY, ISOLATION LEVEL REPEATABLE READ',
      { kind: 'start-transaction', isolation: 'repeatable read', access: 'read only' },
    ],
    [
      'CREATE TABLE t (a bigint NOT NULL, LIKE u INCLUDING PROPERTIES) WITH (x = DEFAULT)',
      {
        kind: 'create-table',
        elements: [{ nullable: false }, { kind: 'like-clause', properties: 'including' }],
        properties: [{ value: undefined }],
      },
    ],
    ['CREATE TABLE t (x) AS SELECT 1 WITH NO DATA', { kind: 'create-table-as', columns: [{ value: 'x' }], withData: false }],
    ['CREATE VIEW v AS SELECT 1 ; ', { kind: 'create-view', queryText: 'SELECT 1', materialized: false }],
    [
      'MERGE INTO t x USING u ON a WHEN MATCHED THEN DELETE WHEN NOT MATCHED AND b THEN INSERT (c) VALUES (1)',
      {
        kind: 'merge',
        target: { kind: 'aliased' },
        cases: [{ kind: 'delete' }, { kind: 'insert', condition: { value: 'b' }, columns: [{ value: 'c' }] }],
      },
    ],
    [
      'ALTER TABLE t ADD COLUMN a int AFTER b',
      { kind: 'alter', object: 'table', action: { kind: 'add-column', position: { kind: 'after', column: { value: 'b' } } } },
    ],
    [
      'GRANT SELECT, Foo ON t TO u',
      {
        kind: 'change-privileges',
        change: 'GRANT',
        privileges: ['select', 'Foo'],
        object: { entity: undefined, name: { parts: [{ value: 't' }] } },
      },
    ],
    [
      'REVOKE ALL PRIVILEGES ON SCHEMA s FROM ROLE u',
      { kind: 'change-privileges', change: 'REVOKE', privileges: [], object: { entity: 'schema', name: { parts: [{ value: 's' }] } } },
    ],
    ['DENY CREATE ON t TO u', { kind: 'change-privileges', change: 'DENY', privileges: ['create'], text: 'DENY CREATE ON t TO u' }],
    [
      'GRANT r, s TO u IN c',
      { kind: 'change-roles', change: 'GRANT ROLE', roles: [{ value: 'r' }, { value: 's' }], catalog: { value: 'c' }, ifExists: false },
    ],
    ['REVOKE ADMIN OPTION FOR r FROM u', { kind: 'change-roles', change: 'REVOKE ROLE', roles: [{ value: 'r' }], catalog: undefined }],
    ['DROP ROLE IF EXISTS r IN c', { kind: 'change-roles', change: 'DROP ROLE', ifExists: true, catalog: { value: 'c' } }],
    ['ALTER TABLE t SET AUTHORIZATION ROLE r', { kind: 'alter', action: { principal: { kind: 'role', name: { value: 'r' } } } }],
    ['SHOW CURRENT ROLES IN c', { kind: 'show-roles', which: 'CURRENT ROLES', catalog: { value: 'c' } }],
    ['SHOW GRANTS ON TABLE t', { kind: 'show-grants', object: { entity: 'table', name: { parts: [{ value: 't' }] } } }],
    ['CREATE CATALOG c USING tpch', { kind: 'unsupported-statement', name: 'CREATE CATALOG', text: 'CREATE CATALOG c USING tpch' }],
  ])('%s', (text, expected) => {
    expect(parseStatement(text)).toMatchObject(expected)
  })
})

describe("Hive's DDL", () => {
  it('CREATE EXTERNAL TABLE with every clause', () => {
    const text = `CREATE EXTERNAL TABLE IF NOT EXISTS \`d\`.\`T 1\` (a int COMMENT 'x', b struct<c:int,d:array<string>>, e map<string,float>, f binary)
      COMMENT 'y' PARTITIONED BY (dt string) CLUSTERED BY (a) INTO 4 BUCKETS
      ROW FORMAT DELIMITED FIELDS TERMINATED BY '\\t' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n' NULL DEFINED AS '\\001'
      STORED AS textfile LOCATION "s3://b/p/" TBLPROPERTIES ('skip.header.line.count'='1', "x"="it''s")`
    const varchar = { kind: 'generic-type', name: 'varchar' }
    expect(parseStatement(text)).toMatchObject({
      kind: 'hive-create-table',
      name: name('d', 't 1'),
      external: true,
      ifNotExists: true,
      columns: [
        { name: { value: 'a' }, type: { name: 'int' }, comment: 'x' },
        { type: { kind: 'row-type', fields: [{ name: { value: 'c' } }, { type: { name: 'array', arguments: [varchar] } }] } },
        { type: { name: 'map', arguments: [varchar, { name: 'real' }] } },
        { type: { name: 'varbinary' } },
      ],
      comment: 'y',
      partitionedBy: [{ name: { value: 'dt' }, type: varchar }],
      clusteredBy: { buckets: 4 },
      rowFormat: { kind: 'delimited', fields: '\t', escaped: '\\', lines: '\n', nullDefinedAs: '\u0001', mapKeys: undefined },
      storedAs: 'TEXTFILE',
      location: 's3://b/p/',
      properties: [
        { key: 'skip.header.line.count', value: '1' },
        { key: 'x', value: "it''s" },
      ],
    })
  })
  it('CREATE TABLE is Hive’s by the clauses behind its columns', () => {
    expect(parseStatement('CREATE TABLE t (a string)')).toMatchObject({ kind: 'create-table', elements: [{ type: { name: 'string' } }] })
    expect(parseStatement("CREATE TABLE t (a string) COMMENT 'x' STORED AS ORC")).toMatchObject({
      kind: 'hive-create-table',
      external: false,
      comment: 'x',
      columns: [{ type: { name: 'varchar' } }],
    })
  })
  it.each([
    [
      "ALTER TABLE t ADD IF NOT EXISTS PARTITION (a = 1) LOCATION 'x' PARTITION (a = 2)",
      { kind: 'add-partitions', ifNotExists: true, partitions: [{ location: 'x' }, { location: undefined }] },
    ],
    [
      "ALTER TABLE t DROP PARTITION (a < 'x'), PARTITION (b = 2)",
      { kind: 'drop-partitions', partitions: [{ values: [{ key: { value: 'a' }, operator: '<', value: string('x') }] }, {}] },
    ],
    ['ALTER TABLE t PARTITION (a = 1) RENAME TO PARTITION (a = 2)', { kind: 'rename-partition' }],
    ["ALTER TABLE t SET TBLPROPERTIES ('a' = 'b')", { kind: 'set-tblproperties', properties: [{ key: 'a', value: 'b' }] }],
    ['ALTER TABLE `t` ADD COLUMNS (a string)', { kind: 'hive-add-columns', columns: [{ type: { name: 'varchar' } }] }],
  ])('%s', (text, action) => {
    expect(parseStatement(text)).toMatchObject({ kind: 'alter', object: 'table', action })
  })
  it.each([
    ['MSCK REPAIR TABLE `t` SYNC PARTITIONS', { kind: 'msck-repair', table: name('t'), mode: 'sync', partition: undefined }],
    [
      "MSCK REPAIR TABLE t DROP PARTITIONS PARTITION (a >= 'x', b = 1)",
      { kind: 'msck-repair', mode: 'drop', partition: { values: [{ operator: '>=', value: string('x') }, { operator: '=' }] } },
    ],
    [
      "SHOW PARTITIONS t PARTITION (a = 'x', b)",
      { kind: 'show-partitions', partition: { values: [{ value: string('x') }, { value: undefined }] } },
    ],
    [
      "UNLOAD (SELECT 1) TO 's3://b/' WITH (format = 'PARQUET')",
      { kind: 'unload', location: 's3://b/', properties: [{ name: { value: 'format' } }] },
    ],
    [
      'INSERT OVERWRITE TABLE t PARTITION (a = 1) SELECT 2',
      { kind: 'insert', overwrite: true, partition: { values: [{ key: { value: 'a' } }] } },
    ],
    [
      "CREATE DATABASE d COMMENT 'x' WITH DBPROPERTIES ('a' = 'b')",
      { kind: 'create-schema', comment: 'x', properties: [{ name: { value: 'a' }, value: string('b') }] },
    ],
  ])('%s', (text, expected) => {
    expect(parseStatement(text)).toMatchObject(expected)
  })
})
