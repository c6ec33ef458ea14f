/** SHOW STATS and ANALYZE. Expected rows are those that Trino 476's Hive connector gives for the same tables after ANALYZE. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { duck } from '#tests/support/duck'
import { startWeir, type WeirServer } from '#tests/support/weir'

let server: WeirServer
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-statistics-'))
  server = await startWeir({ args: ['--allow', folder] })
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

const run = async (sql: string) => {
  const { json } = await server.sql(sql)
  if (json.error !== undefined) return { error: `${json.error.name}: ${json.error.message}` }
  return { rows: json.rows, hints: json.stats.hints, updateType: json.updateType, count: (json as { updateCount?: number }).updateCount }
}
/** Rows without the columns' names that everybody knows, keyed by column; the last is the number of rows. */
const stats = async (target: string): Promise<Readonly<Record<string, readonly unknown[]>>> => {
  const { rows, error } = await run(`SHOW STATS FOR ${target}`)
  if (rows === undefined) throw new Error(error)
  return Object.fromEntries(
    rows.map(([name, size, distinct, nulls, count, low, high]) => [
      name ?? '',
      name === null ? [count] : [size, distinct, nulls, low, high],
    ]),
  )
}

const VALUES = `(VALUES
  (true, tinyint '1', smallint '2', 3, bigint '4', real '1.5', 2.5e0, decimal '1.25', decimal '12345678901234567890.123', date '2024-01-02', varchar 'abc',
   cast('x' AS varchar(5)), cast('y' AS char(3)), x'0102', array[1,2], map(array['a'],array[1]), cast(row(1,'z') AS row(a int,b varchar))),
  (false, null, smallint '-2', 30, bigint '40', real '-1.5', 1e20, decimal '-1.25', decimal '0.001', date '1969-12-31', null,
   cast('xyz' AS varchar(5)), cast('y' AS char(3)), x'', array[1,2], map(array['a'],array[1]), cast(row(1,'z') AS row(a int,b varchar))))
  t(b, t, s, i, l, r, d, dec, decl, dt, v, v5, c3, vb, a, m, rw)`

/** data_size, distinct_values_count, nulls_fraction, low_value, high_value */
const ANALYZED = {
  b: [null, 2, 0, null, null],
  t: [null, 1, 0.5, '1', '1'],
  s: [null, 2, 0, '-2', '2'],
  i: [null, 2, 0, '3', '30'],
  l: [null, 2, 0, '4', '40'],
  r: [null, 2, 0, '-1.5', '1.5'],
  d: [null, 2, 0, '2.5', '1.0E20'],
  dec: [null, 2, 0, '-1.25', '1.25'],
  decl: [null, 2, 0, '0.001', '1.2345678901234567E19'],
  dt: [null, 2, 0, '1969-12-31', '2024-01-02'],
  v: [3, 1, 0.5, null, null],
  v5: [4, 2, 0, null, null],
  c3: [2, 1, 0, null, null],
  vb: [2, null, 0, null, null],
  a: [null, null, null, null, null],
  m: [null, null, null, null, null],
  rw: [null, null, null, null, null],
  '': [2],
}

it('columns and types are those of Trino', async () => {
  await run('CREATE TABLE shape AS SELECT 1 AS x')
  const { json } = await server.sql('SHOW STATS FOR shape')
  expect(json.columns).toEqual([
    { name: 'column_name', type: 'varchar' },
    { name: 'data_size', type: 'double' },
    { name: 'distinct_values_count', type: 'double' },
    { name: 'nulls_fraction', type: 'double' },
    { name: 'row_count', type: 'double' },
    { name: 'low_value', type: 'varchar' },
    { name: 'high_value', type: 'varchar' },
  ])
  expect(json.rows).toEqual([
    ['x', null, null, 0, null, '1', '1'],
    [null, null, null, null, 1, null, null],
  ])
})

it('Parquet: all but sizes and distinct counts without ANALYZE, those with it', async () => {
  await run(`CREATE TABLE types AS SELECT * FROM ${VALUES}`)
  const before = await stats('types')
  for (const [name, [, , nulls, ...bounds]] of Object.entries(ANALYZED))
    if (name !== '') expect([name, ...(before[name] ?? []).slice(1)]).toEqual([name, null, nulls, ...bounds])
  expect(before['']).toEqual([2])
  expect(await run('ANALYZE types')).toMatchObject({ updateType: 'ANALYZE', count: 2 })
  expect(await stats('types')).toEqual(ANALYZED)
  expect(await stats('(SELECT i AS x, dt FROM types WHERE i > 5)')).toEqual({
    x: [null, 1.8518518518518519, 0, '5', '30'],
    dt: [null, 1.8518518518518519, 0, '1969-12-31', '2024-01-02'],
    '': [1.8518518518518519],
  })
})

it('text knows nothing without ANALYZE, and the same with it', async () => {
  const { a: _a, m: _m, rw: _rw, vb: _vb, '': rows, ...scalars } = ANALYZED
  await run(`CREATE TABLE lines WITH (format = 'JSON') AS SELECT ${Object.keys(scalars).join(', ')} FROM ${VALUES}`)
  expect(await stats('lines')).toEqual({
    ...Object.fromEntries(Object.keys(scalars).map((name) => [name, [null, null, null, null, null]])),
    '': [null],
  })
  await run('ANALYZE lines')
  expect(await stats('lines')).toEqual({ ...scalars, '': rows })
})

it('partition keys are known from the partitions; a query sees its own', async () => {
  await run("CREATE TABLE parts (x bigint, v varchar, dt varchar, h int) WITH (partitioned_by = ARRAY['dt', 'h'])")
  expect(await stats('parts')).toEqual({
    x: [0, 0, 1, null, null],
    v: [0, 0, 1, null, null],
    dt: [0, 0, 1, null, null],
    h: [0, 0, 1, null, null],
    '': [0],
  })
  await run("INSERT INTO parts VALUES (1, 'abc', 'a', 1), (NULL, 'd', 'a', 2), (5, NULL, 'b', 1), (7, 'x', NULL, 3)")
  expect(await stats('parts')).toMatchObject({
    x: [null, null, 0.25, '1', '7'],
    dt: [3, 2, 0.25, null, null],
    h: [null, 3, 0, '1', '3'],
    '': [4],
  })
  expect(await stats('(SELECT * FROM parts WHERE h = 1)')).toMatchObject({
    x: [null, null, 0, '1', '5'],
    dt: [2, 2, 0, null, null],
    h: [null, 1, 0, '1', '1'],
    '': [2],
  })
  expect(await stats("(SELECT x, h FROM parts WHERE dt = 'zzz')")).toEqual({ x: [0, 0, 1, null, null], h: [0, 0, 1, null, null], '': [0] })
})

it('what ANALYZE has counted is never shown of other files or columns', async () => {
  await run("CREATE TABLE moving (x bigint, v varchar, dt varchar) WITH (partitioned_by = ARRAY['dt'])")
  await run("INSERT INTO moving VALUES (1, 'abc', 'a'), (2, 'abc', 'a'), (3, 'd', 'b')")
  await run('ANALYZE moving')
  expect(await stats('moving')).toMatchObject({ x: [null, 3, 0, '1', '3'], v: [7, 2, 0, null, null] })
  await run("INSERT INTO moving VALUES (9, 'zz', 'b')")
  const after = await run('SHOW STATS FOR moving')
  expect(after.rows?.map((row) => row[2])).toEqual([null, null, 2, null])
  expect(after.hints).toEqual([
    expect.stringMatching(/^What ANALYZE counted at .* is left out: files or columns of default\.moving have changed/),
  ])
  // One partition alone; the other stays unknown, and so does the whole.
  expect(await run("ANALYZE moving WITH (partitions = ARRAY[ARRAY['b']])")).toMatchObject({ count: 2 })
  expect(await stats("(SELECT * FROM moving WHERE dt = 'b')")).toMatchObject({ x: [null, 2, 0, '3', '9'], '': [2] })
  expect((await stats('moving')).x?.[1]).toBeNull()
  await run("ANALYZE moving WITH (partitions = ARRAY[ARRAY['a']])")
  // As Trino's Hive connector: the partition that has most.
  expect((await stats('moving')).x?.[1]).toBe(2)
  await run("ANALYZE moving WITH (columns = ARRAY['x'])")
  expect(await stats('moving')).toMatchObject({ x: [null, 4, 0, '1', '9'], v: [expect.anything(), null, 0, null, null] })
  await run("ANALYZE moving WITH (columns = ARRAY['v'])")
  expect(await stats('moving')).toMatchObject({ x: [null, 4, 0, '1', '9'], v: [9, 3, 0, null, null] })
  await run('ALTER TABLE moving RENAME COLUMN x TO y')
  expect((await stats('moving')).y).toEqual([null, null, 0, '1', '9'])
})

it('many row groups and files of others: counts are exact where the predicate decides, else shares of ranges', async () => {
  await duck(
    `COPY (SELECT i AS id, CASE WHEN i % 10 = 0 THEN NULL ELSE i END AS n FROM range(1, 10001) t(i)) TO '${folder}/a.parquet' (ROW_GROUP_SIZE 2048)`,
  )
  await run(`CREATE TABLE numbers (id bigint, n bigint) WITH (external_location = '${folder}')`)
  expect(await stats('numbers')).toEqual({ id: [null, null, 0, '1', '10000'], n: [null, null, 0.1, '1', '9999'], '': [10000] })
  // 2047 / 2047 of the first row group, none of the others.
  expect(await stats('(SELECT id FROM numbers WHERE id <= 2048)')).toEqual({ id: [null, null, 0, '1', '2048'], '': [2048] })
  const [half] = (await stats('(SELECT n FROM numbers WHERE n BETWEEN 1 AND 1000)'))[''] as number[]
  expect(half).toBeGreaterThan(800)
  expect(half).toBeLessThan(1000)
  expect((await stats('(SELECT id FROM numbers WHERE n IS NULL)'))['']?.[0]).toBeCloseTo(1000, 6)
})

it('refuses with Trino’s words', async () => {
  await run("CREATE TABLE words (x int, dt varchar) WITH (partitioned_by = ARRAY['dt'])")
  await run('CREATE VIEW seen AS SELECT 1 AS x')
  const errors = {
    'ANALYZE words WITH (foo = 1)': "INVALID_ANALYZE_PROPERTY: line 1:21: Catalog 'lake' analyze property 'foo' does not exist",
    "ANALYZE words WITH (columns = ARRAY['nope'])": 'INVALID_ANALYZE_PROPERTY: Invalid columns specified for analysis: [nope]',
    "ANALYZE words WITH (columns = 'x')":
      "INVALID_ANALYZE_PROPERTY: line 1:21: Invalid value for catalog 'lake' analyze property 'columns': Cannot convert ['x'] to array(varchar)",
    'ANALYZE words WITH (columns = NULL)':
      "INVALID_ANALYZE_PROPERTY: line 1:21: Invalid null value for catalog 'lake' analyze property 'columns' from [null]",
    "ANALYZE words WITH (partitions = ARRAY[ARRAY['a', 'b']])":
      'INVALID_ANALYZE_PROPERTY: Partition value count does not match partition column count',
    "ANALYZE words WITH (partitions = ARRAY[ARRAY['a']])":
      'HIVE_PARTITION_DROPPED_DURING_QUERY: Partition dt=a no longer exists for default.words',
    "ANALYZE shape WITH (partitions = ARRAY[ARRAY['a']])": 'INVALID_ANALYZE_PROPERTY: Partition list provided but table is not partitioned',
    'ANALYZE seen': 'NOT_SUPPORTED: line 1:1: Analyzing views is not supported',
    'ANALYZE nope': "TABLE_NOT_FOUND: line 1:1: Table 'lake.default.nope' does not exist",
    'SHOW STATS FOR nope': "TABLE_NOT_FOUND: Table 'lake.default.nope' does not exist",
    'SHOW STATS FOR (SELECT count(*) FROM words)':
      'NOT_SUPPORTED: line 1:1: SHOW STATS FOR (query) is only supported for SELECT … FROM one table of files WHERE …',
  }
  for (const [sql, error] of Object.entries(errors)) expect([sql, (await run(sql)).error]).toEqual([sql, error])
})

it('a table that wants a predicate on its keys is told of, and counted, without one', async () => {
  await run(
    "CREATE TABLE strict (x int, dt varchar) WITH (partitioned_by = ARRAY['dt'], require_partition_filter = 'true', max_bytes = '1')",
  )
  await run("INSERT INTO strict VALUES (1, 'a'), (2, 'b')")
  expect(await stats('strict')).toMatchObject({ x: [null, null, 0, '1', '2'], '': [2] })
  expect((await run('ANALYZE strict')).error).toMatch(/^EXCEEDED_SCAN_LIMIT/)
  await run("ALTER TABLE strict SET PROPERTIES max_bytes = '100000'")
  expect(await run('ANALYZE strict')).toMatchObject({ count: 2 })
})
