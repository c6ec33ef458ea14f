/** Trino's command line, version 476: results, messages, sessions, warnings, carets. */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { QUICK_JVM } from '#tests/support/java'
import { mavenFile, runTool } from '#tests/support/tools'
import { type ClientServer, installed, startClientServer } from './client-server.ts'

const jar = await installed('trino-cli', async () => {
  await runTool('java', ['-version'])
  return mavenFile('io.trino:trino-cli:476:jar:executable')
})

describe.skipIf(jar === undefined)('trino-cli 476', () => {
  let server: ClientServer
  beforeAll(async () => {
    server = await startClientServer()
  })
  afterAll(() => server?.stop())

  /** Starts a JVM, which takes longer than what it does. */
  async function cli(sql: string, ...options: readonly string[]): Promise<{ readonly stdout: string; readonly stderr: string }> {
    const location = ['--server', `http://${server.host}`, '--catalog', 'lake']
    const { stdout, stderr } = await promisify(execFile)('java', [
      ...QUICK_JVM,
      '-jar',
      jar as string,
      ...location,
      ...options,
      '--execute',
      sql,
    ])
    return { stdout, stderr: stderr.replace(/^.*jline[^\n]*\nWARNING: Unable to create a system terminal[^\n]*\n/, '') }
  }

  it('prints rows, messages, warnings, and keeps a session', async () => {
    const options = [
      '--schema',
      'sample',
      '--user',
      'alice',
      '--path',
      'lake.sample,x',
      '--timezone',
      'Asia/Tokyo',
      '--session',
      'query_max_run_time=5m',
    ]
    const tags = ['--client-tags', 'a,b', '--client-info', 'test', '--source', 'tests', '--trace-token', 'trace']
    const limit = (value: string) =>
      `"query_max_run_time","${value}","","varchar","Maximum time from the arrival of a query to its end, waiting included"`
    const steps: readonly (readonly [sql: string, stdout: string, stderr: string])[] = [
      // This client sends its --path with its first statement alone.
      ['SELECT current_path', '"lake.sample,x"', ''],
      ['SELECT id, name, fare FROM trips WHERE id < 2 ORDER BY id', '"0","name 0","0.00"\n"1","name 1","1.25"', ''],
      ["SHOW SESSION LIKE 'query_max_run_time'", limit('5m'), ''],
      ["SET SESSION query_max_run_time = '1m'", '', 'SET SESSION'],
      ["SHOW SESSION LIKE 'query_max_run_time'", limit('1m'), ''],
      ['RESET SESSION query_max_run_time', '', 'RESET SESSION'],
      ["SHOW SESSION LIKE 'query_max_run_time'", limit(''), ''],
      ['SELECT current_timezone()', '"Asia/Tokyo"', ''],
      ['SET PATH lake."default"', '', 'SET PATH'],
      ['SELECT current_path', '"lake.""default"""', ''],
      ['PREPARE p FROM SELECT ?, ?', '', 'PREPARE'],
      ["EXECUTE p USING 3, 'x;y'", '"3","x;y"', ''],
      ['DEALLOCATE PREPARE p', '', 'DEALLOCATE'],
      ['START TRANSACTION READ ONLY', '', 'START TRANSACTION'],
      ['SELECT 1', '"1"', ''],
      ['COMMIT', '', 'COMMIT'],
      ['EXPLAIN (TYPE VALIDATE) SELECT 1', '"true"', ''],
      ['EXPLAIN DROP TABLE t', '"DROP TABLE t"', ''],
      ['SHOW ROLES', '', ''],
      ['DROP ROLE IF EXISTS r', '', 'DROP ROLE'],
      ['SET ROLE ALL', '', 'SET ROLE'],
      ['SET SESSION AUTHORIZATION alice', '', 'SET SESSION AUTHORIZATION'],
      ['SELECT current_user', '"alice"', ''],
      ['RESET SESSION AUTHORIZATION', '', 'RESET SESSION AUTHORIZATION'],
      ['USE lake.default', '', 'USE'],
      ['CREATE TABLE t AS SELECT 1 x', '', 'CREATE TABLE: 1 row'],
      ['INSERT INTO t VALUES 2, 3', '', 'INSERT: 2 rows'],
      ['SELECT sum(x) FROM t', '"6"', ''],
      ['DROP TABLE t', '', 'DROP TABLE'],
    ]
    const { stdout, stderr } = await cli(steps.map(([sql]) => sql).join('; '), ...options, ...tags)
    const printed = (part: 1 | 2): string => steps.flatMap((step) => (step[part] === '' ? [] : [`${step[part]}\n`])).join('')
    expect(stdout).toBe(printed(1))
    // Of the query.
    expect(stderr.replace(/^\n*(WARNING: sample\.trips: [^\n]*\n)+\n*/, '')).toBe(printed(2))
  })

  it('shows hints as warnings, how far it is, and a table', async () => {
    const { stdout, stderr } = await cli(
      'SELECT count(*) AS n, max(length(name)) AS b FROM sample.trips WHERE length(name) > 0',
      '--output-format',
      'ALIGNED',
      '--progress',
    )
    expect(stdout).toBe('  n   | b \n------+---\n 1200 | 6 \n(1 row)\n')
    expect(stderr).toContain('WARNING: sample.trips: no predicate on partition keys year, month: all 6 partitions are read\n')
    expect(stderr).toMatch(/Query \w+, FINISHED, 1 node\nSplits: 6 total, 6 done \(100\.00%\)\n/)
  })

  it('draws its caret under an error', async () => {
    await expect(cli('SELECT\n  nope FROM sample.trips')).rejects.toThrow(
      /line 2:3: Column 'nope' cannot be resolved[\s\S]*LINE 2: {3}nope FROM sample\.trips\n {10}\^/,
    )
  })
})
