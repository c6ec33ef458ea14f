/** dbt-trino 1.10: `dbt debug`, a project built twice (seed, table, view, incremental model, tests) and its documentation. */
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

  it('build: seed, models, tests', async () => {
    await dbt('build')
    expect(results()).toEqual({
      'seed.shop.raw_items': 'success INSERT 3',
      'model.shop.items': 'success CREATE TABLE (2 rows)',
      'model.shop.dear_items': 'success CREATE VIEW',
      'model.shop.grown_items': 'success CREATE TABLE (3 rows)',
      ...Object.fromEntries(
        [
          'not_null_items_id',
          'unique_items_id',
          'accepted_values_items_name__alpha__it_s',
          'relationships_dear_items_id__id__ref_items_',
        ].map((test) => [`test.shop.${test}`, 'pass null']),
      ),
    })
    expect(await rows('SELECT id, name, amount, day FROM shop.items ORDER BY id')).toEqual([
      [1, 'alpha', '10.50', '2024-01-01'],
      [2, "it's", null, '2024-01-02'],
    ])
    expect(await rows('SELECT * FROM shop.dear_items')).toEqual([[1, '10.50']])
    expect(await rows('SELECT * FROM shop."grown_items$partitions" ORDER BY 1')).toEqual([['2024-01-01'], ['2024-01-02'], [null]])
  })

  it('builds again: tables are replaced, the incremental model gets nothing new', async () => {
    await dbt('build', '--exclude', 'resource_type:test')
    expect(results()).toMatchObject({
      'model.shop.items': 'success CREATE TABLE (2 rows)',
      'model.shop.grown_items': 'success INSERT (0 rows)',
    })
    expect(await rows('SELECT count(*) FROM shop.items')).toEqual([[2]])
    expect(await rows('SELECT id, name FROM shop.grown_items ORDER BY id')).toEqual([
      [1, 'alpha'],
      [2, "it's"],
      [3, 'gamma'],
    ])
    expect((await rows('SHOW TABLES FROM shop')).flat()).toEqual(['dear_items', 'grown_items', 'items', 'raw_items'])
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
  })
})
