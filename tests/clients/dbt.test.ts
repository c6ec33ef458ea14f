/** dbt-trino 1.10: `dbt debug`, a project run twice (seed, table, view, ephemeral and incremental models, tests), its snapshot and its documentation. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pythonTools, runTool } from '#tests/support/tools'
import { startWeir, type WeirServer } from '#tests/support/weir'
import { installed } from './client-server.ts'

const bin = await installed('dbt-trino', () => pythonTools('dbt', ['dbt-core==1.10.23', 'dbt-trino==1.10.6']))

describe.skipIf(bin === undefined)('dbt-core 1.10.23, dbt-trino 1.10.6', () => {
  let server: WeirServer
  let project: string
  beforeAll(async () => {
    project = mkdtempSync(join(tmpdir(), 'weir-dbt-'))
    cpSync(join(import.meta.dirname, 'dbt-project'), project, { recursive: true })
    server = await startWeir()
  })
  afterAll(async () => {
    await server?.stop()
    rmSync(project, { recursive: true, force: true })
  })

  const dbt = (...command: readonly string[]): Promise<string> => {
    const { hostname, port } = new URL(server.url)
    return runTool(join(bin as string, 'dbt'), ['--no-use-colors', '--no-version-check', ...command, '--profiles-dir', '.'], {
      cwd: project,
      env: { ...process.env, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false', WEIR_HOST: hostname, WEIR_PORT: port },
    })
  }
  const documentOf = (name: string) => JSON.parse(readFileSync(join(project, 'target', name), 'utf8'))
  const rows = async (sql: string) => (await server.sql(sql)).json.rows
  /** What the last command did: each node's status and message. */
  const results = () =>
    Object.fromEntries(
      documentOf('run_results.json').results.map((one: { unique_id: string; status: string; message: string | null }) => [
        one.unique_id.split('.').slice(0, 3).join('.'),
        `${one.status} ${one.message}`,
      ]),
    )

  it('debug', async () => {
    expect(await dbt('debug')).toContain('Connection test: [OK connection ok]')
  })

  const TESTS = [
    'not_null_items_id',
    'unique_items_id',
    'accepted_values_items_name__alpha__it_s',
    'relationships_dear_items_id__id__ref_items_',
  ]

  it('seed, run, test', async () => {
    await dbt('seed')
    expect(results()).toEqual({ 'seed.shop.raw_items': 'success INSERT 3' })
    await dbt('run')
    expect(results()).toEqual({
      'model.shop.items': 'success CREATE TABLE (2 rows)',
      'model.shop.totals': 'success CREATE TABLE (1 rows)',
      'model.shop.dear_items': 'success CREATE VIEW',
      'model.shop.grown_items': 'success CREATE TABLE (3 rows)',
      'model.shop.days': 'success CREATE TABLE (3 rows)',
    })
    expect(await rows('SELECT id, name, amount, day FROM shop.items ORDER BY id')).toEqual([
      [1, 'alpha', '10.50', '2024-01-01'],
      [2, "it's", null, '2024-01-02'],
    ])
    expect(await rows('SELECT * FROM shop.dear_items')).toEqual([[1, '10.50']])
    // The ephemeral model is part of the query of this one.
    expect(await rows('SELECT * FROM shop.totals')).toEqual([[2, '10.25']])
    expect(await rows('SELECT * FROM shop."grown_items$partitions" ORDER BY 1')).toEqual([['2024-01-01'], ['2024-01-02'], [null]])
    await dbt('test')
    expect(results()).toEqual(Object.fromEntries(TESTS.map((test) => [`test.shop.${test}`, 'pass null'])))
  })

  it('again: tables are replaced, incremental models add what is new or replace their partitions', async () => {
    await dbt('seed')
    expect(results()).toEqual({ 'seed.shop.raw_items': 'success INSERT 3' })
    await dbt('run')
    expect(results()).toEqual({
      'model.shop.items': 'success CREATE TABLE (2 rows)',
      'model.shop.totals': 'success CREATE TABLE (1 rows)',
      'model.shop.dear_items': 'success CREATE VIEW',
      'model.shop.grown_items': 'success INSERT (0 rows)',
      'model.shop.days': 'success INSERT (3 rows)',
    })
    expect(await rows('SELECT count(*) FROM shop.items')).toEqual([[2]])
    expect(await rows('SELECT id, name FROM shop.grown_items ORDER BY id')).toEqual([
      [1, 'alpha'],
      [2, "it's"],
      [3, 'gamma'],
    ])
    expect(await rows('SELECT day, items, total FROM shop.days ORDER BY day')).toEqual([
      ['2024-01-01', 1, '10.50'],
      ['2024-01-02', 1, null],
      [null, 1, '-0.25'],
    ])
    expect((await rows('SHOW TABLES FROM shop')).flat()).toEqual(['days', 'dear_items', 'grown_items', 'items', 'raw_items', 'totals'])
    await dbt('test')
    expect(Object.values(results())).toEqual(TESTS.map(() => 'pass null'))
  })

  it('snapshot: the first is a table, the next needs MERGE', async () => {
    await dbt('snapshot')
    expect(results()).toEqual({ 'snapshot.shop.items_history': 'success CREATE TABLE (2 rows)' })
    expect(await rows('SELECT id, dbt_valid_from, dbt_valid_to FROM shop.items_history ORDER BY id')).toEqual([
      [1, '2024-01-01 00:00:00.000', null],
      [2, '2024-01-02 00:00:00.000', null],
    ])
    await expect(dbt('snapshot')).rejects.toThrow()
    expect(results()['snapshot.shop.items_history']).toMatch(/name=NOT_SUPPORTED, message="line \d+:\d+: MERGE is not supported"/)
    expect(await rows('SELECT count(*) FROM shop.items_history')).toEqual([[2]])
  })

  it('docs generate', async () => {
    await dbt('docs', 'generate')
    const { nodes, errors } = documentOf('catalog.json')
    expect(errors).toBeNull()
    const described = (id: string) =>
      Object.values(nodes[id].columns as Record<string, { name: string; type: string }>).map(({ name, type }) => `${name} ${type}`)
    expect(described('seed.shop.raw_items')).toEqual(['id integer', 'name varchar', 'amount decimal(12,2)', 'day date'])
    expect(described('model.shop.dear_items')).toEqual(['id integer', 'amount decimal(12,2)'])
    expect(nodes['model.shop.dear_items'].metadata).toMatchObject({ type: 'VIEW', database: 'lake', schema: 'shop', name: 'dear_items' })
    expect(nodes['model.shop.items'].metadata.type).toBe('BASE TABLE')
    expect(Object.keys(nodes)).not.toContain('model.shop.priced_items')
  })
})
