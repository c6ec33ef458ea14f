/** `weir lint` on real lakes: each finding goes when its statement was pasted. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { duck } from '#tests/support/duck'
import { startWeir, type WeirServer, weir } from '#tests/support/weir'

let server: WeirServer
let folder: string
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-lint-'))
  server = await startWeir({ args: ['--allow', folder, '--write-grace', '0'] })
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true, force: true })
})

const run = async (sql: string) => {
  const { json } = await server.sql(sql)
  if (json.error !== undefined) throw new Error(`${sql}: ${json.error.message}`)
  return json.rows
}

interface Found {
  readonly finding: string
  readonly statement: string | null
}

const lint = async (table: string): Promise<readonly Found[]> => {
  const { code, stdout, stderr } = await weir(['lint', table, '--json', '--server', server.url])
  expect([code, stderr]).toEqual([0, ''])
  const document = JSON.parse(stdout) as { readonly table: string; readonly findings: readonly Found[] }
  expect(document.table).toBe(`default.${table}`)
  return document.findings
}
const names = (findings: readonly Found[]): readonly string[] => findings.map(({ finding }) => finding)

/** Pastes the statement of one finding; gives the table that is to be looked at then. */
async function mend(table: string, finding: string): Promise<string> {
  const statement = (await lint(table)).find((one) => one.finding === finding)?.statement ?? ''
  await run(statement)
  return /^CREATE TABLE lake\.default\.(\w+)/.exec(statement)?.[1] ?? table
}

it('small files of Weir and stale statistics: text, JSON, statements', async () => {
  await run("CREATE TABLE own (x int, k int) WITH (partitioned_by = ARRAY['k'])")
  for (const x of [1, 2, 3]) await run(`INSERT INTO own VALUES (${x}, 1)`)
  await run('INSERT INTO own VALUES (1, 2)')
  await run('ANALYZE own')
  await run('INSERT INTO own VALUES (1, 3)')
  const { stdout, code } = await weir(['lint', 'own', '--server', server.url])
  expect(code).toBe(0)
  expect(stdout).toMatch(
    /^default\.own: 2 findings\n\nsmall_files: 3 files of \d+ B on average in 1 partition, which could be 1 file\n {2}saves 4 requests, about 4 ms of a query of the whole table\n {2}ALTER TABLE lake\.default\.own EXECUTE optimize WHERE k = 1;\n\nstale_statistics: .*\n {2}ANALYZE lake\.default\.own;\n$/,
  )
  await mend('own', 'small_files')
  await mend('own', 'stale_statistics')
  expect(await lint('own')).toEqual([])
  expect(await run('SELECT sum(x), count(*) FROM own')).toEqual([[8, 5]])
  expect((await weir(['lint', 'own', '--server', server.url])).stdout).toBe('default.own: nothing found\n')
})

it('files of others: unregistered folders, drift, tiny row groups, small files', async () => {
  const place = join(folder, 'foreign/dt=a')
  mkdirSync(place, { recursive: true })
  await duck(`COPY (SELECT i AS id, 1 AS "order" FROM range(0, 1200000) t(i)) TO '${place}/f1.parquet' (ROW_GROUP_SIZE 2048)`)
  await duck(`COPY (SELECT i AS id, 1 AS "order" FROM range(0, 10) t(i)) TO '${place}/f2.parquet'`)
  await run(
    `CREATE TABLE foreign_files (id bigint, dt varchar) WITH (external_location = '${folder}/foreign', partitioned_by = ARRAY['dt'], partition_discovery = 'registered')`,
  )
  expect(names(await lint('foreign_files'))).toEqual(['unregistered_partitions'])
  await mend('foreign_files', 'unregistered_partitions')
  expect(names(await lint('foreign_files'))).toEqual(['drift', 'small_files', 'tiny_row_groups'])
  await mend('foreign_files', 'drift')
  expect(await run('SELECT sum("order") FROM foreign_files')).toEqual([[1_200_010]])
  const rewritten = await mend('foreign_files', 'tiny_row_groups')
  expect(rewritten).toBe('foreign_files_rewritten')
  expect(await lint(rewritten)).toEqual([])
  expect(await run(`SELECT count(*), sum(id) FROM ${rewritten}`)).toEqual(await run('SELECT count(*), sum(id) FROM foreign_files'))
  rmSync(place, { recursive: true })
  await mend('foreign_files', 'missing_partitions')
  expect(await run('SHOW PARTITIONS foreign_files')).toEqual([])
})

it('too many partitions; SQL without the command line', async () => {
  await run(
    "CREATE TABLE many WITH (partitioned_by = ARRAY['a', 'b']) AS SELECT x, x / 10 AS a, x % 10 AS b FROM unnest(sequence(0, 149)) t(x)",
  )
  expect(await run(`SELECT finding, files FROM "many$lint"`)).toEqual([['over_partitioned', 150]])
  const fewer = await mend('many', 'over_partitioned')
  expect(await run(`SELECT count(*), sum(x), sum(b) FROM ${fewer} WHERE a = 3`)).toEqual([[10, 345, 45]])
  expect(await lint(fewer)).toEqual([])
})

it('a table that is not there is an error', async () => {
  const { code, stderr } = await weir(['lint', 'nope', '--server', server.url])
  expect([code, stderr]).toEqual([1, "Table 'lake.default.nope' does not exist\n"])
})
