/** What tables hold that are written, changed and written again. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { startWeir, type WeirServer } from '#tests/support/weir'

let server: WeirServer
beforeAll(async () => {
  server = await startWeir()
})
afterAll(() => server.stop())

const run = async (sql: string) => {
  const { json } = await server.sql(sql)
  return json.error === undefined ? json.rows : `${json.error.name}: ${json.error.message}`
}
const all = async (...statements: readonly string[]): Promise<void> => {
  for (const sql of statements) expect([sql, await run(sql)]).toEqual([sql, []])
}

it('a column renamed several times is read from the files of every time', async () => {
  await all(
    'CREATE TABLE twice (a int, z int)',
    'INSERT INTO twice VALUES (1, 0)',
    'ALTER TABLE twice RENAME COLUMN a TO b',
    'INSERT INTO twice VALUES (2, 0)',
    'ALTER TABLE twice RENAME COLUMN b TO c',
    'INSERT INTO twice VALUES (3, 0)',
  )
  expect(await run('SELECT c FROM twice ORDER BY c')).toEqual([[1], [2], [3]])
  // Each of the names is still the column's.
  expect(await run('ALTER TABLE twice ADD COLUMN b int')).toMatch(/^NOT_SUPPORTED: line 1:1: The name 'b' is taken/)
  expect(await run('ALTER TABLE twice RENAME COLUMN z TO a')).toMatch(/^NOT_SUPPORTED: line 1:1: The name 'a' is taken/)
  await all('ALTER TABLE twice RENAME COLUMN c TO a', 'INSERT INTO twice VALUES (4, 0)')
  expect(await run('SELECT a FROM twice ORDER BY a')).toEqual([[1], [2], [3], [4]])
  expect(await run('SELECT count(*) FROM twice WHERE a = 2')).toEqual([[1]])
  expect(await run(`SELECT * FROM "twice$drift"`)).toEqual([])
})

it('a column that takes the name of one that was dropped keeps its own values', async () => {
  await all(
    'CREATE TABLE taken (a int, b int)',
    'INSERT INTO taken VALUES (1, 100)',
    'ALTER TABLE taken DROP COLUMN b',
    'ALTER TABLE taken RENAME COLUMN a TO b',
    'INSERT INTO taken VALUES (2)',
  )
  expect(await run('SELECT b FROM taken ORDER BY b')).toEqual([[1], [2]])
  expect(await run('SELECT min(b), max(b) FROM taken')).toEqual([[1, 2]])
})

it('a table made with its rows registers their partitions, where partitions are registered', async () => {
  await all(
    "CREATE TABLE reg WITH (partitioned_by = ARRAY['k'], partition_discovery = 'registered') AS SELECT * FROM (VALUES (1, 0), (2, 1), (3, NULL)) t(x, k)",
  )
  expect(await run('SELECT x, k FROM reg ORDER BY x')).toEqual([
    [1, 0],
    [2, 1],
    [3, null],
  ])
  expect(await run('SHOW PARTITIONS reg')).toEqual([['k=0'], ['k=1'], ['k=__HIVE_DEFAULT_PARTITION__']])
})

it('a partition that is overwritten holds nothing else, also when nobody saw its files before', async () => {
  await all('ALTER TABLE reg DROP PARTITION (k = 0)', 'INSERT OVERWRITE reg PARTITION (k = 0) VALUES 10')
  expect(await run('SELECT x FROM reg WHERE k = 0')).toEqual([[10]])
  await all('ALTER TABLE reg DROP PARTITION (k = 1)', 'INSERT OVERWRITE reg VALUES (20, 1)')
  expect(await run('SELECT x FROM reg WHERE k = 1')).toEqual([[20]])
  // INSERT INTO adds to what is in the folder.
  await all('ALTER TABLE reg DROP PARTITION (k = 1)', 'INSERT INTO reg VALUES (21, 1)')
  expect(await run('SELECT x FROM reg WHERE k = 1 ORDER BY x')).toEqual([[20], [21]])
})

it('a table made with its rows puts them where its projection looks for them', async () => {
  const projected = (name: string, key: number) =>
    `CREATE TABLE ${name} WITH (partitioned_by = ARRAY['k'], extra_properties = MAP(ARRAY['projection.enabled', 'projection.k.type', 'projection.k.range'], ARRAY['true', 'integer', '0,9'])) AS SELECT 1 AS x, ${key} AS k`
  await all(projected('inside', 5))
  expect(await run('SELECT x, k FROM inside')).toEqual([[1, 5]])
  expect(await run(projected('outside', 10))).toMatch(/^CONSTRAINT_VIOLATION: Partition k=10 is outside of the partition projection/)
  expect(await run("CREATE TABLE marked WITH (partitioned_by = ARRAY['k'], visible_when = '_SUCCESS') AS SELECT 1 AS x, 2 AS k")).toMatch(
    /^NOT_SUPPORTED: Writing to a table with visible_when is not supported/,
  )
})
