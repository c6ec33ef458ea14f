/** `sorted_by`: rows lie in its order in each file that Weir writes, so that their bounds prune. */
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { duck } from '#tests/support/duck'
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
const filesOf = async (table: string): Promise<readonly string[]> =>
  ((await run(`SELECT path FROM "${table}$files" ORDER BY path`)) as readonly [string][]).map(([path]) =>
    decodeURIComponent(path.replace('file://', '')),
  )

/** Rows whose value is out of order, by DuckDB. */
const inversions = async (file: string, order: string, column: string): Promise<unknown> => {
  const wrong = order === 'DESC' ? '>' : '<'
  const [row] = await duck(
    `SELECT count(*) FROM (SELECT ${column} AS v, lag(${column}) OVER (ORDER BY file_row_number) AS before FROM read_parquet('${file}', file_row_number = true)) WHERE v ${wrong} before`,
  )
  return Number(row?.[0])
}

const SCATTERED =
  'SELECT x * 7919 % 1000003 AS id, x % 3 AS k FROM unnest(sequence(0, 9999)) a(i) CROSS JOIN unnest(sequence(0, 49)) b(j) CROSS JOIN LATERAL (VALUES i * 50 + j) c(x)'

it('without keys: each file in order, and no two over the same range', async () => {
  await run(
    `CREATE TABLE flat WITH (sorted_by = ARRAY['id'], "write.target_file_size" = '1000000', "write.row_group_rows" = '20000') AS ${SCATTERED}`,
  )
  const files = await filesOf('flat')
  expect(files.length).toBeGreaterThan(2)
  for (const file of files) expect(await inversions(file, 'ASC', 'id')).toBe(0)
  const bounds = (await run(
    `SELECT CAST(element_at(lower_bounds, 'id') AS bigint) AS low, CAST(element_at(upper_bounds, 'id') AS bigint) AS high FROM "flat$files" ORDER BY 1`,
  )) as readonly (readonly [number, number])[]
  expect(bounds.slice(1).every(([low], index) => low > (bounds[index]?.[1] ?? Number.NaN))).toBe(true)
  expect(await run('SELECT count(*), count(DISTINCT id), sum(id) FROM flat')).toEqual(
    await run(`SELECT count(*), count(DISTINCT id), sum(id) FROM (${SCATTERED})`),
  )
  const { json } = await server.sql('SELECT k FROM flat WHERE id = 500000')
  expect(json.stats.rowGroups).toMatchObject({ kept: 1 })
  // Unsorted, every row group could have it.
  await run(`CREATE TABLE mixed WITH ("write.row_group_rows" = '20000') AS ${SCATTERED}`)
  expect((await server.sql('SELECT k FROM mixed WHERE id = 500000')).json.stats.rowGroups.kept).toBeGreaterThan(10)
})

it('with keys: each partition in order, several columns, descending, NULLs last', async () => {
  await run("CREATE TABLE parted (id bigint, s varchar, k bigint) WITH (partitioned_by = ARRAY['k'], sorted_by = ARRAY['s', 'id DESC'])")
  await run(`INSERT INTO parted SELECT id, CASE WHEN id % 4 > 0 THEN CAST(id % 4 AS varchar) END, k FROM (${SCATTERED}) WHERE id < 30000`)
  const files = await filesOf('parted')
  expect(files).toHaveLength(3)
  for (const file of files) {
    const [row] = await duck(
      `SELECT count(*) FROM (SELECT row_number() OVER (ORDER BY s NULLS LAST, id DESC) AS r, file_row_number AS n FROM read_parquet('${file}', file_row_number = true)) WHERE r <> n + 1`,
    )
    expect(Number(row?.[0])).toBe(0)
  }
  const again = "INSERT OVERWRITE parted PARTITION (k = 1) SELECT id, 'same' FROM parted WHERE k = 0"
  await run(again)
  const [file] = (await filesOf('parted')).filter((path) => path.includes('/k=1/'))
  expect(await inversions(file as string, 'DESC', 'id')).toBe(0)
})

it('text files, optimize, changes of the columns', async () => {
  await run(
    "CREATE TABLE lines WITH (format = 'JSON', sorted_by = ARRAY['x DESC']) AS SELECT x * 7 % 10 AS x FROM unnest(sequence(1, 9)) t(x)",
  )
  const text = readFileSync((await filesOf('lines'))[0] as string, 'utf8')
  expect(
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).x),
  ).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1])
  await run('INSERT INTO lines VALUES 5, 6')
  await run('ALTER TABLE lines EXECUTE optimize')
  const files = await filesOf('lines')
  expect(files).toHaveLength(1)
  expect(
    readFileSync(files[0] as string, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).x),
  ).toEqual([9, 8, 7, 6, 6, 5, 5, 4, 3, 2, 1])

  await run('ALTER TABLE parted RENAME COLUMN id TO number')
  expect(((await run('SHOW CREATE TABLE parted')) as readonly [string][])[0]?.[0]).toContain("sorted_by = ARRAY['s','number DESC']")
  expect(await run('ALTER TABLE parted DROP COLUMN s')).toBe('INVALID_TABLE_PROPERTY: line 1:1: Sorting columns [s] not present in schema')
  expect(await run("ALTER TABLE parted SET PROPERTIES sorted_by = ARRAY['nope']")).toBe(
    'INVALID_TABLE_PROPERTY: line 1:1: Sorting columns [nope] not present in schema',
  )
  expect(await run("CREATE TABLE nested (m array(int)) WITH (sorted_by = ARRAY['m'])")).toBe(
    "INVALID_TABLE_PROPERTY: line 1:1: Rows cannot be sorted by column 'm' of type array(integer)",
  )
  expect(await run('ALTER TABLE parted SET PROPERTIES sorted_by = DEFAULT')).toEqual([])
  expect(await run('ALTER TABLE parted DROP COLUMN s')).toEqual([])
})
