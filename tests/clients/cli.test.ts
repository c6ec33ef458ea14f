/** Trino's command line, version 476: results, messages, sessions, carets. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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

  const cli = (sql: string, ...options: readonly string[]): Promise<string> =>
    runTool('java', ['-jar', jar as string, '--server', `http://${server.host}`, '--catalog', 'lake', ...options, '--execute', sql])

  it('prints rows', async () => {
    expect(await cli('SELECT id, name, fare FROM sample.trips ORDER BY id LIMIT 2')).toBe('"0","name 0","0.00"\n"1","name 1","1.25"\n')
    expect(await cli("SELECT 1 AS a, 'x' AS b", '--output-format', 'ALIGNED')).toBe(' a | b \n---+---\n 1 | x \n(1 row)\n')
  })

  it('keeps a session over USE, SET SESSION and PREPARE', async () => {
    expect(await cli('USE lake.sample; SELECT count(*) FROM trips')).toContain('"1200"\n')
    expect(await cli("SET SESSION query_max_run_time = '1m'; SHOW SESSION LIKE 'query_max_run_time'")).toContain(
      '"query_max_run_time","1m"',
    )
    expect(await cli('PREPARE p FROM SELECT ?; EXECUTE p USING 3; DEALLOCATE PREPARE p')).toContain('"3"\n')
    expect(await cli('SELECT current_timezone()', '--timezone', 'Asia/Tokyo')).toBe('"Asia/Tokyo"\n')
  })

  it('draws its caret under an error', async () => {
    await expect(cli('SELECT\n  nope FROM sample.trips')).rejects.toThrow(
      /line 2:3: Column 'nope' cannot be resolved[\s\S]*LINE 2: {3}nope FROM sample\.trips\n {10}\^/,
    )
  })
})
