/** System tables over HTTP: the statements that JDBC, SQLAlchemy and dbt send, against Trino 476's columns. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type SampleLake, sampleLake } from '#tests/support/sample-lake'
import { trinoStatement } from '#tests/support/trino-statement'
import { startWeir, type WeirServer } from '#tests/support/weir'

/** `schema.table` → [column, type] of Trino 476's catalog `system`, as its information_schema.columns tells. */
const TRINO: Readonly<Record<string, readonly (readonly [string, string])[]>> = JSON.parse(
  readFileSync(join(import.meta.dirname, '../oracle/system-tables.json'), 'utf8'),
)
/** Statistics of Trino's own optimizer rules; there is nothing of the kind here. */
const NOT_HERE = ['runtime.optimizer_rule_stats']

let lake: SampleLake
let weir: WeirServer

beforeAll(async () => {
  lake = await sampleLake()
  weir = await startWeir({ args: ['--allow', lake.folder] })
  for (const [name, location] of [
    ['trips', `file://${lake.folder}/trips/`],
    ['a_b', `file://${lake.folder}/trips/year=2024/month=2/`],
    ['axb', `file://${lake.folder}/trips/year=2024/month=2/`],
    ['broken', `file://${lake.folder}/trips/`],
  ]) {
    const created = await weir.request('/api/v1/tables', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ schema: 'sample', name, location }),
    })
    expect(await created.text()).toContain(`"${name}"`)
  }
  const database = new DatabaseSync(join(weir.data, 'catalog.db'))
  database.exec(`UPDATE tables SET columns = 'no json', comment = NULL WHERE name = 'broken'`)
  database.exec(`UPDATE tables SET comment = 'Taxi trips' WHERE name = 'trips'`)
  database.close()
})

afterAll(async () => {
  await weir?.stop()
  lake?.close()
})

async function rows(sql: string): Promise<readonly (readonly unknown[])[]> {
  const { json, text } = await weir.sql(sql)
  expect(json.error, text).toBeUndefined()
  return json.rows
}

describe('the catalog system', () => {
  it('has the tables, columns and types of Trino', async () => {
    const expected = Object.entries(TRINO)
      .filter(([table]) => !NOT_HERE.includes(table))
      .flatMap(([table, columns]) => columns.map(([column, type]) => [...table.split('.'), column, type]))
    const found = await rows(
      'SELECT table_schema, table_name, column_name, data_type FROM system.information_schema.columns ORDER BY table_schema, table_name, ordinal_position',
    )
    expect(found).toEqual(expected)
  })

  it.each(Object.keys(TRINO).filter((table) => !NOT_HERE.includes(table)))('system.%s can be read', async (table) => {
    const { json, text } = await weir.sql(`SELECT * FROM system.${table}`)
    expect(json.error, text).toBeUndefined()
    // Over HTTP types are written as the protocol does, with a blank after the comma.
    expect(json.columns.map(({ name, type }) => [name, type.replaceAll(', ', ',')])).toEqual(
      TRINO[table]?.map(([name, type]) => [name, type.replaceAll(', ', ',')]),
    )
  })

  it('is shown', async () => {
    expect(await rows('SHOW CATALOGS')).toEqual([['lake'], ['system']])
    expect(await rows('SHOW SCHEMAS FROM system')).toEqual([['information_schema'], ['jdbc'], ['metadata'], ['runtime']])
    expect(await rows('SHOW SCHEMAS FROM lake')).toEqual([['default'], ['information_schema'], ['sample']])
    expect(await rows('SHOW TABLES FROM system.runtime')).toEqual([['nodes'], ['queries'], ['tasks'], ['transactions']])
    expect(await rows('SHOW TABLES FROM lake.information_schema')).toEqual(
      ['applicable_roles', 'columns', 'enabled_roles', 'roles', 'schemata', 'table_privileges', 'tables', 'views'].map((name) => [name]),
    )
    expect(await rows('DESCRIBE system.metadata.table_comments')).toEqual(
      ['catalog_name', 'schema_name', 'table_name', 'comment'].map((name) => [name, 'varchar', '', '']),
    )
  })

  it('refuses what is not there, where it is named', async () => {
    const error = async (sql: string) => {
      const { name, message, line, column } = (await weir.sql(sql)).json.error ?? {}
      return `${name} ${line}:${column} ${message}`
    }
    expect(await error('SELECT * FROM system.jdbc.nope')).toMatch(/^TABLE_NOT_FOUND 1:15 .*Table 'system.jdbc.nope' does not exist/)
    expect(await error('SELECT * FROM system.nope.x')).toMatch(/^SCHEMA_NOT_FOUND 1:15 .*Schema 'nope' does not exist/)
    expect(await error('SHOW TABLES FROM system.nope')).toMatch(/^SCHEMA_NOT_FOUND 1:1 .*Schema 'nope' does not exist/)
    expect(await error('USE system.nope')).toMatch(/^NOT_FOUND .*Schema does not exist: system.nope/)
    expect(await error('SHOW SCHEMAS FROM nope')).toMatch(/^CATALOG_NOT_FOUND .*Catalog 'nope' not found/)
  })

  it('runtime.queries tells of this query and of those before it', async () => {
    await weir.sql('SELECT 1 / 0 AS marker')
    const found = await rows(
      `SELECT state, error_type, error_code, created <= now(), "end" IS NULL, query FROM system.runtime.queries WHERE query LIKE '%marker%' ORDER BY created DESC`,
    )
    expect(found[0]?.slice(0, 5)).toEqual(['PLANNING', null, null, true, true])
    expect(found[1]).toEqual(['FAILED', 'USER_ERROR', 'DIVISION_BY_ZERO', true, false, 'SELECT 1 / 0 AS marker'])
  })
})

describe('runtime.nodes', () => {
  it('has this server', async () => {
    expect(await rows('SELECT node_id, node_version, coordinator, state FROM system.runtime.nodes')).toEqual([
      ['weir', '476', true, 'active'],
    ])
  })
})

describe('JDBC metadata', () => {
  it('catalogs, schemas, table types', async () => {
    expect(await rows('SELECT TABLE_CAT FROM system.jdbc.catalogs ORDER BY TABLE_CAT')).toEqual([['lake'], ['system']])
    expect(
      await rows(
        `SELECT TABLE_SCHEM, TABLE_CATALOG FROM system.jdbc.schemas WHERE TABLE_CATALOG = 'lake' AND TABLE_SCHEM LIKE 's%' ESCAPE '\\' ORDER BY TABLE_CATALOG, TABLE_SCHEM`,
      ),
    ).toEqual([['sample', 'lake']])
    expect(await rows('SELECT TABLE_TYPE FROM system.jdbc.table_types ORDER BY TABLE_TYPE')).toEqual([['TABLE'], ['VIEW']])
  })

  const TABLES = `SELECT TABLE_CAT, TABLE_SCHEM, TABLE_NAME, TABLE_TYPE, REMARKS,  TYPE_CAT, TYPE_SCHEM, TYPE_NAME,   SELF_REFERENCING_COL_NAME, REF_GENERATION FROM system.jdbc.tables`
  const table = (name: string) => ['lake', 'sample', name, 'TABLE', null, null, null, null, null, null]

  it('getTables: exact, escaped pattern, all; a damaged table is listed', async () => {
    const order = 'ORDER BY TABLE_TYPE, TABLE_CAT, TABLE_SCHEM, TABLE_NAME'
    expect(
      await rows(
        `${TABLES} WHERE TABLE_CAT = 'lake' AND TABLE_SCHEM LIKE 'sample' ESCAPE '\\' AND TABLE_NAME LIKE 'a\\_b%' ESCAPE '\\' AND TABLE_TYPE IN ('TABLE', 'VIEW') ${order}`,
      ),
    ).toEqual([table('a_b')])
    expect(await rows(`${TABLES} WHERE TABLE_SCHEM LIKE 'sample' ESCAPE '\\' ${order}`)).toEqual(
      ['a_b', 'axb', 'broken', 'trips'].map(table),
    )
    expect(await rows(`${TABLES} WHERE TABLE_TYPE IN ('VIEW') ${order}`)).toEqual([])
    expect(await rows(`${TABLES} WHERE TABLE_CAT IS NULL ${order}`)).toEqual([])
    expect((await rows(`${TABLES} ${order}`)).length).toBe(4 + 2 * 8 + Object.keys(TRINO).length - NOT_HERE.length - 8)
  })

  it('getColumns', async () => {
    const found = await rows(
      `SELECT TABLE_CAT, TABLE_SCHEM, TABLE_NAME, COLUMN_NAME, DATA_TYPE, TYPE_NAME, COLUMN_SIZE, BUFFER_LENGTH, DECIMAL_DIGITS, NUM_PREC_RADIX, NULLABLE, REMARKS, COLUMN_DEF, SQL_DATA_TYPE, SQL_DATETIME_SUB,
  CHAR_OCTET_LENGTH, ORDINAL_POSITION, IS_NULLABLE, SCOPE_CATALOG, SCOPE_SCHEMA, SCOPE_TABLE, SOURCE_DATA_TYPE, IS_AUTOINCREMENT, IS_GENERATEDCOLUMN FROM system.jdbc.columns
  WHERE TABLE_CAT = 'lake' AND TABLE_SCHEM LIKE 'sample' ESCAPE '\\' AND TABLE_NAME LIKE 'trips' ESCAPE '\\' AND COLUMN_NAME LIKE '%' ESCAPE '\\' ORDER BY TABLE_CAT, TABLE_SCHEM, TABLE_NAME, ORDINAL_POSITION`,
    )
    const described = (await rows('DESCRIBE lake.sample.trips')).map(([name, type]) => [name, type])
    expect(found.map((row) => [row[3], row[5]])).toEqual(described)
    // As Trino 476 describes a bigint and a decimal(10,2).
    const none = [null, null, null, null, null, null]
    const start = ['lake', 'sample', 'trips']
    expect(found[0]).toEqual([...start, 'id', -5, 'bigint', 19, 0, null, 10, 1, null, null, null, null, null, 1, 'YES', ...none])
    const fare = found.findIndex((row) => row[3] === 'fare')
    const place = fare + 1
    expect(found[fare]).toEqual([
      ...start,
      'fare',
      3,
      'decimal(10,2)',
      10,
      0,
      2,
      10,
      1,
      null,
      null,
      null,
      null,
      null,
      place,
      'YES',
      ...none,
    ])
  })

  it('getTypeInfo', async () => {
    const found = await rows(
      `SELECT TYPE_NAME, DATA_TYPE, PRECISION, LITERAL_PREFIX, LITERAL_SUFFIX, CREATE_PARAMS, NULLABLE, CASE_SENSITIVE, SEARCHABLE, UNSIGNED_ATTRIBUTE, FIXED_PREC_SCALE, AUTO_INCREMENT, LOCAL_TYPE_NAME,
  MINIMUM_SCALE, MAXIMUM_SCALE, SQL_DATA_TYPE, SQL_DATETIME_SUB, NUM_PREC_RADIX FROM system.jdbc.types ORDER BY DATA_TYPE`,
    )
    expect(found[0]).toEqual(['tinyint', -6, 3, null, null, null, 1, false, 3, null, false, null, null, 0, 0, null, null, 10])
    expect(found.find(([name]) => name === 'varchar')).toEqual([
      'varchar',
      2000,
      null,
      null,
      null,
      null,
      1,
      false,
      0,
      null,
      false,
      null,
      null,
      0,
      0,
      null,
      null,
      null,
    ])
    expect(found.at(-1)?.slice(0, 2)).toEqual(['array', 2003])
  })

  it('keys are a SELECT without FROM', async () => {
    const { json } = await weir.sql(
      'SELECT  CAST(NULL AS varchar) TABLE_CAT, CAST(NULL AS smallint) KEY_SEQ,  CAST(NULL AS varchar) PK_NAME WHERE false',
    )
    expect(json.columns).toEqual([
      { name: 'TABLE_CAT', type: 'varchar' },
      { name: 'KEY_SEQ', type: 'smallint' },
      { name: 'PK_NAME', type: 'varchar' },
    ])
    expect(json.rows).toEqual([])
  })

  it.each(['super_tables', 'super_types', 'attributes', 'udts', 'pseudo_columns', 'procedures', 'procedure_columns'])(
    '%s is empty',
    async (name) => expect(await rows(`SELECT * FROM system.jdbc.${name} LIMIT 0`)).toEqual([]),
  )
})

describe('listings that need no kernel', () => {
  /** The same rows as objects, which the kernel makes. */
  async function kernelRows(sql: string): Promise<readonly (readonly unknown[])[]> {
    const { status, text } = await weir.sql(sql, {}, { accept: 'application/x-ndjson' })
    expect(status, text).toBe(200)
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => Object.values(JSON.parse(line)))
  }

  it.each([
    'SELECT * FROM system.jdbc.columns ORDER BY TABLE_CAT, TABLE_SCHEM, TABLE_NAME, ORDINAL_POSITION',
    `SELECT column_name, data_type, comment, extra_info, table_name FROM lake.information_schema.columns WHERE table_schema = 'sample' AND table_name IN ('a_b', 'trips') ORDER BY table_name, ordinal_position`,
    `SELECT table_name AS t, table_name FROM lake.information_schema.columns WHERE column_name = 'fare' ORDER BY 1 OFFSET 1 LIMIT 1`,
    `SELECT table_name, column_name FROM information_schema.columns WHERE table_schema <> 'information_schema' ORDER BY table_name DESC, ordinal_position`,
    'SELECT * FROM system.jdbc.tables ORDER BY TABLE_TYPE, TABLE_CAT, TABLE_SCHEM, TABLE_NAME',
    `SELECT table_name, comment FROM system.metadata.table_comments WHERE schema_name LIKE 's%' ORDER BY table_name`,
  ])('%s', async (sql) => {
    const found = await rows(sql)
    expect(found.length).toBeGreaterThan(0)
    expect(found).toEqual(await kernelRows(sql))
  })
})

describe('SQLAlchemy', () => {
  it('reads schemas, tables, views, columns and comments', async () => {
    expect(await rows('SELECT "schema_name" FROM "information_schema"."schemata"')).toEqual([
      ['default'],
      ['information_schema'],
      ['sample'],
    ])
    expect(
      await rows(
        `SELECT "table_name" FROM "information_schema"."tables" WHERE "table_schema" = 'sample' AND "table_type" = 'BASE TABLE' ORDER BY 1`,
      ),
    ).toEqual([['a_b'], ['axb'], ['broken'], ['trips']])
    expect(
      await rows(`SELECT "table_name" FROM "information_schema"."tables" WHERE "table_schema" = 'sample' AND "table_type" = 'VIEW'`),
    ).toEqual([])
    expect(
      await rows(`SELECT "view_definition" FROM "information_schema"."views" WHERE "table_schema" = 's' AND "table_name" = 'v'`),
    ).toEqual([])
    const described = (await rows('DESCRIBE lake.sample.trips')).map(([name, type, extra]) => [
      name,
      type,
      null,
      'YES',
      null,
      extra || null,
    ])
    expect(
      await rows(
        `SELECT "column_name", "data_type", "column_default", UPPER("is_nullable") AS "is_nullable", "comment", "extra_info" FROM "information_schema"."columns" WHERE "table_schema" = 'sample' AND "table_name" = 'trips' ORDER BY "ordinal_position" ASC`,
      ),
    ).toEqual(described)
    expect(
      await rows(
        `SELECT "comment" FROM "system"."metadata"."table_comments" WHERE "catalog_name" = 'lake' AND "schema_name" = 'sample' AND "table_name" = 'trips'`,
      ),
    ).toEqual([['Taxi trips']])
  })

  it('parameters limit as constants do', async () => {
    const { json } = await weir.sql(
      'SELECT "table_name" FROM "information_schema"."tables" WHERE "table_schema" = ? AND "table_name" = ?',
      { parameters: ['sample', 'trips'] },
    )
    expect(json.rows).toEqual([['trips']])
  })

  it('"t$partitions" gives the partition columns, and is not there for a table without any', async () => {
    const { json } = await weir.sql('SELECT * FROM sample."trips$partitions" ORDER BY 1, 2')
    expect(json.columns).toEqual([
      { name: 'year', type: 'integer' },
      { name: 'month', type: 'integer' },
    ])
    expect(json.rows).toEqual(await rows('SELECT DISTINCT year, month FROM sample.trips ORDER BY 1, 2'))
    const { error } = (await weir.sql('SELECT * FROM sample."a_b$partitions"')).json
    expect(error).toMatchObject({ name: 'TABLE_NOT_FOUND', line: 1, column: 15 })
  })
})

describe('tables beside a table', () => {
  it('"t$files" has a row a file, as the hidden columns tell', async () => {
    expect(await rows('SELECT path, file_size, file_modified_time, "partition" FROM sample."trips$files" ORDER BY 1')).toEqual(
      await rows('SELECT DISTINCT "$path", "$file_size", "$file_modified_time", "$partition" FROM sample.trips ORDER BY 1'),
    )
  })

  it('"t$files" tells what the footers know, of text nothing', async () => {
    await rows(`CREATE TABLE sample.footed WITH (partitioned_by = ARRAY['k']) AS SELECT * FROM (VALUES
      (1, 'a', 1.5, timestamp '2024-01-01 00:00:00', 0), (NULL, 'b', 2.5, NULL, 0), (7, NULL, 0.5, NULL, 1)) t(x, s, d, ts, k)`)
    expect(
      await rows(
        'SELECT "partition", record_count, row_groups, null_value_counts, lower_bounds, upper_bounds FROM sample."footed$files" ORDER BY 1',
      ),
    ).toEqual([
      [
        'k=0',
        2,
        1,
        { x: 1, s: 0, d: 0, ts: 1 },
        { x: '1', s: 'a', d: '1.5', ts: '2024-01-01 00:00:00.000000' },
        { x: '1', s: 'b', d: '2.5', ts: '2024-01-01 00:00:00.000000' },
      ],
      ['k=1', 1, 1, { x: 0, s: 1, d: 0, ts: 1 }, { x: '7', d: '0.5' }, { x: '7', d: '0.5' }],
    ])
    expect(await rows('SELECT sum(record_count), max(element_at(upper_bounds, \'x\')) FROM sample."footed$files"')).toEqual([[3, '7']])
    await rows("CREATE TABLE sample.lines WITH (format = 'JSON') AS SELECT 1 AS x")
    expect(await rows('SELECT record_count, lower_bounds FROM sample."lines$files"')).toEqual([[null, null]])
    for (const name of ['footed', 'lines']) await rows(`DROP TABLE sample.${name}`)
  })

  it('"t$properties" has one row', async () => {
    expect(await rows('SELECT format, external_location, comment FROM sample."trips$properties"')).toEqual([
      ['PARQUET', `file://${lake.folder}/trips/`, 'Taxi trips'],
    ])
  })
})

describe('dbt', () => {
  it('lists relations of a schema', async () => {
    const found = await rows(`/* {"app": "dbt"} */ select t.table_catalog as database, t.table_name as name, t.table_schema as schema,
      case when mv.name is not null then 'materialized_view' when t.table_type = 'BASE TABLE' then 'table' when t.table_type = 'VIEW' then 'view' else t.table_type end as table_type
      from "lake".INFORMATION_SCHEMA.tables t left join ( select * from system.metadata.materialized_views where catalog_name = 'lake' and schema_name = 'sample') mv
      on mv.catalog_name = t.table_catalog and mv.schema_name = t.table_schema and mv.name = t.table_name where t.table_schema = 'sample' order by 2`)
    expect(found).toEqual(['a_b', 'axb', 'broken', 'trips'].map((name) => ['lake', name, 'sample', 'table']))
  })

  it('generates its catalog', async () => {
    const found = await rows(`with tables as (
        select table_catalog as "table_database", table_schema as "table_schema", table_name as "table_name", table_type as "table_type"
        from "lake".INFORMATION_SCHEMA.tables where table_schema != 'information_schema' and table_schema in ('sample')
      ), columns as (
        select table_catalog as "table_database", table_schema as "table_schema", table_name as "table_name", column_name as "column_name",
          ordinal_position as "column_index", data_type as "column_type", comment as "column_comment"
        from "lake".INFORMATION_SCHEMA.columns where table_schema in ('sample')
      ), table_comment as (
        select catalog_name as "table_database", schema_name as "table_schema", table_name as "table_name", comment as "table_comment"
        from system.metadata.table_comments where catalog_name = 'lake' and schema_name != 'information_schema' and schema_name in ('sample')
      )
      select "table_name", "table_comment", "column_name", "column_index", "column_type" from tables
      join columns using ("table_database", "table_schema", "table_name") join table_comment using ("table_database", "table_schema", "table_name")
      where "table_name" = 'trips' order by "column_index"`)
    const described = (await rows('DESCRIBE lake.sample.trips')).map(([name, type], index) => [
      'trips',
      'Taxi trips',
      name,
      index + 1,
      type,
    ])
    expect(found).toEqual(described)
  })
})

describe('by the statement protocol', () => {
  const run = (sql: string, headers: Readonly<Record<string, string>> = {}) => trinoStatement(weir.url, sql, headers)
  const LAKE = { 'x-trino-catalog': 'lake' }

  it('SQLAlchemy sends its values as parameters', async () => {
    const tables = `EXECUTE IMMEDIATE 'SELECT "table_name" FROM "information_schema"."tables" WHERE "table_schema" = ? AND "table_type" = ''BASE TABLE'' ORDER BY 1' USING 'sample'`
    expect((await run(tables, LAKE)).rows).toEqual([['a_b'], ['axb'], ['broken'], ['trips']])
    const comment = `EXECUTE IMMEDIATE 'SELECT "comment" FROM "system"."metadata"."table_comments" WHERE "catalog_name" = ? AND "schema_name" = ? AND "table_name" = ?' USING 'lake','sample','trips'`
    expect((await run(comment, LAKE)).rows).toEqual([['Taxi trips']])
  })

  it('the session may be in the catalog system', async () => {
    expect((await run('USE system.runtime')).headers).toEqual({ 'x-trino-set-catalog': 'system', 'x-trino-set-schema': 'runtime' })
    const session = { 'x-trino-catalog': 'system', 'x-trino-schema': 'runtime' }
    expect((await run('SHOW TABLES', session)).rows).toEqual([['nodes'], ['queries'], ['tasks'], ['transactions']])
    expect((await run('SELECT node_id FROM nodes', session)).rows).toEqual([['weir']])
  })

  it('DESCRIBE OUTPUT tells where columns come from', async () => {
    const prepared = { 'x-trino-prepared-statement': `p1=${encodeURIComponent('SELECT TABLE_CAT, 1 AS one FROM system.jdbc.catalogs')}` }
    expect((await run('DESCRIBE OUTPUT p1', prepared)).rows).toEqual([
      ['TABLE_CAT', 'system', 'jdbc', 'catalogs', 'varchar', 0, false],
      ['one', '', '', '', 'integer', 4, true],
    ])
  })

  it('clients without parametric timestamps read them too', async () => {
    const old = { 'x-trino-client-capabilities': '' }
    const { last, rows } = await run('SELECT created FROM system.runtime.queries LIMIT 1', old)
    expect(last.columns[0].type).toBe('timestamp with time zone')
    expect(rows[0]?.[0]).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC$/)
    expect((await run('SELECT * FROM system.metadata.materialized_views', old)).rows).toEqual([])
  })
})

describe('many tables', () => {
  it('are listed as they are, NULLs and runs of equal values included', async () => {
    const types = ['bigint', 'varchar', 'decimal(12,2)', 'timestamp(3)', 'varchar(7)']
    const database = new DatabaseSync(join(weir.data, 'catalog.db'))
    database.exec(`BEGIN; INSERT INTO schemas (name) VALUES ('many')`)
    const insert = database.prepare(
      `INSERT INTO tables (schema_name, name, format, location, columns, partition_keys, properties, version, id) VALUES ('many', ?, 'parquet', ?, ?, '[]', '{}', 1, ?)`,
    )
    const expected: unknown[][] = []
    for (let table = 0; table < 100; table++) {
      const name = `t${String(table).padStart(3, '0')}`
      const columns = Array.from({ length: 1 + (table % 40) }, (_, at) => ({
        name: `c${at}_${table % 3}`,
        type: types[(table + at) % types.length] as string,
        ...(at % 4 === 1 && { comment: at % 8 === 1 ? "it's" : '' }),
      }))
      insert.run(name, `s3://bucket/${name}/`, JSON.stringify(columns), 1_000_000 + table)
      columns.forEach((column, at) => {
        const size = [19, 2147483647, 12, 25, 7][(table + at) % types.length]
        const digits = [null, null, 2, 3, null][(table + at) % types.length]
        expected.push(['lake', 'many', name, column.name, column.type, size, digits, column.comment ?? null, at + 1])
      })
    }
    database.exec('COMMIT')
    database.close()
    const columns = 'table_cat, table_schem, table_name, column_name, type_name, column_size, decimal_digits, remarks, ordinal_position'
    expect(
      await rows(`SELECT ${columns} FROM system.jdbc.columns WHERE table_schem = 'many' ORDER BY table_name, ordinal_position`),
    ).toEqual(expected)
    expect(await rows(`SELECT count(*), count(remarks) FROM system.jdbc.columns WHERE table_schem IN ('many')`)).toEqual([
      [expected.length, expected.filter((row) => row[7] !== null).length],
    ])
  })
})
