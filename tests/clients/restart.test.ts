/** What clients say of a query whose server has died and come back: that it is gone, and nothing hangs. */
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { QUICK_JVM, runJdbcProgram, trinoJdbc } from '#tests/support/java'
import { mavenFile, pythonTools, runTool } from '#tests/support/tools'
import { jsonOf, startWeir } from '#tests/support/weir'
import { installed } from './client-server.ts'

/** Takes minutes; its one row comes last. */
const SLOW =
  'SELECT sum(a.x * b.x % 7) FROM UNNEST(sequence(1, 10000)) a(x), UNNEST(sequence(1, 10000)) b(x), UNNEST(sequence(1, 1000)) c(x)'

const java = await installed('Java', () => runTool('javac', ['-version']))
const jar = java && (await installed('trino-jdbc', () => trinoJdbc()))
const cli = java && (await installed('trino-cli', () => mavenFile('io.trino:trino-cli:476:jar:executable')))
const python = await installed('Python trino', () => pythonTools('trino-client', ['trino==0.340.0']))
const here = (name: string): string => join(import.meta.dirname, name)

describe.skipIf(jar === undefined || cli === undefined || python === undefined)('a server that was killed and started again', () => {
  it('has clients say that their query is gone', async () => {
    const data = mkdtempSync(join(tmpdir(), 'weir-restart-'))
    const first = await startWeir({ data })
    const { host, port } = new URL(first.url)
    const told = (tool: Promise<string>) => tool.catch((error: Error) => error.message)
    const clients = [
      told(runJdbcProgram(here('JdbcRows.java'), host, 'none', SLOW)),
      told(runTool('java', [...QUICK_JVM, '-jar', cli as string, '--server', first.url, '--user', 'me', '--execute', SLOW])),
      told(runTool(join(python as string, 'python'), [here('python_rows.py'), host, 'none', SLOW])),
    ]
    const running = async () =>
      (await jsonOf(await first.request('/v1/query'))).filter(({ state }: { state: string }) => state === 'RUNNING')
    while ((await running()).length < clients.length) await sleep(50)
    first.process.kill('SIGKILL')
    await once(first.process, 'exit')
    const second = await startWeir({ data, args: ['--port', port] })
    try {
      const [jdbc, command, py] = await Promise.all(clients)
      const answers = { jdbc, command, py }
      expect(answers).toEqual({
        jdbc: expect.stringMatching(/^error: .*statusCode=404.*Query not found/),
        command: expect.stringContaining('Query is gone (server restarted?)'),
        // It asks again for 0.3 s, which is too short for a start.
        py: expect.stringMatching(/^error: .*(404|Connection refused)/),
      })
      expect(await jsonOf(await second.request('/v1/query'))).toEqual([])
    } finally {
      await second.stop()
      rmSync(data, { recursive: true, force: true })
    }
  })
})
