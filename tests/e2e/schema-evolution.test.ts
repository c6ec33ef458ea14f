/** Files of several writers and years under one table: what is read, what is refused, and what "t$drift" tells. */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { duck } from '#tests/support/duck'
import { startWeir, type WeirServer } from '#tests/support/weir'

let folder: string
let weir: WeirServer
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-evolution-'))
  weir = await startWeir({ args: ['--allow', `${folder}/`] })
})
afterAll(async () => {
  await weir?.stop()
  rmSync(folder, { recursive: true })
})

async function parquet(name: string, query: string): Promise<string> {
  const path = join(folder, name)
  mkdirSync(dirname(path), { recursive: true })
  await duck(`COPY (${query}) TO '${path}' (FORMAT parquet)`)
  return `file://${path}`
}
async function run(sql: string): Promise<unknown> {
  const { json } = await weir.sql(sql)
  if (json.error !== undefined) return `${json.error.name}: ${json.error.message} [${json.error.hint}]`
  return json.updateType ?? json.rows
}

it('added, dropped, reordered and widened columns over partitions; nested fields by name', async () => {
  await parquet('t/y=2022/f.parquet', "SELECT 1::INTEGER AS id, 'a' AS Name, {'x': 1::INTEGER, 'gone': 2} AS s, 9 AS dropped")
  await parquet('t/y=2023/f.parquet', "SELECT {'y': 'n', 'x': 5::BIGINT} AS s, 2::BIGINT AS id, 1.5::REAL AS score")
  await parquet('t/y=2024/f.parquet', "SELECT 3::BIGINT AS id, 'c' AS name, 2.5::DOUBLE AS score, {'x': 7::BIGINT, 'y': 'm'} AS s")
  expect(
    await run(
      `create external table t (id bigint, name string, score double, s struct<x:bigint,y:string>) partitioned by (y int) stored as parquet location '${folder}/t/'`,
    ),
  ).toBe('CREATE TABLE')
  expect(await run('select id, name, score, s, y from t order by id')).toEqual([
    [1, 'a', null, [1, null], 2022],
    [2, null, 1.5, [5, 'n'], 2023],
    [3, 'c', 2.5, [7, 'm'], 2024],
  ])
  const at = (year: number) => `file://${folder}/t/y=${year}/f.parquet`
  expect(await run('select path, "column", problem, declared, found, statement from "t$drift" order by path, "column"')).toEqual([
    [at(2022), 'dropped', 'extra', null, 'integer', 'ALTER TABLE lake.default.t ADD COLUMN dropped integer'],
    [at(2022), 'id', 'widened', 'bigint', 'integer', null],
    [at(2022), 's', 'widened', 'row(x bigint, y varchar)', 'row(x integer, gone integer)', null],
    [at(2022), 'score', 'missing', 'double', null, null],
    [at(2023), 'name', 'missing', 'varchar', null, null],
    [at(2023), 's', 'widened', 'row(x bigint, y varchar)', 'row(y varchar, x bigint)', null],
    [at(2023), 'score', 'widened', 'double', 'real', null],
  ])
})

it('a type that cannot be read is refused with the file, the column, both types and the ALTER that reads all', async () => {
  await parquet('u/a.parquet', 'SELECT 1::INTEGER AS id, 1::INTEGER AS n')
  const bad = await parquet('u/b.parquet', 'SELECT 10000000000::BIGINT AS id, 1.5::DOUBLE AS n')
  await run(`create external table u (id int, n int) stored as parquet location '${folder}/u/'`)
  const error = (column: string, found: string) =>
    `HIVE_PARTITION_SCHEMA_MISMATCH: line 1:${column === 'id' ? 16 : 15}: ${bad}: column '${column}' is ${found} in the file, but integer in table default.u [If the file is right: ALTER TABLE default.u ALTER COLUMN ${column} SET DATA TYPE ${found}]`
  expect(await run('select id from u')).toBe(error('id', 'bigint'))
  expect(await run('select n from u')).toBe(error('n', 'double'))
  expect(await run('alter table u alter column id set data type bigint')).toBe('SET COLUMN TYPE')
  expect(await run('alter table u alter column n set data type double')).toBe('SET COLUMN TYPE')
  expect(await run('select id, n from u order by id')).toEqual([
    [1, 1],
    [10000000000, 1.5],
  ])
})
