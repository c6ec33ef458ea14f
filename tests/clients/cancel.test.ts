/** Queries that clients end in the middle: JDBC's cancel(), Ctrl-C in the command line, Python's cancel(), npm's cancel(); and those that time ends. */
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { QUICK_JVM, runJdbcProgram, trinoJdbc } from '#tests/support/java'
import { mavenFile, npmPackages, pythonTools, runTool } from '#tests/support/tools'
import { type ClientServer, installed, startClientServer } from './client-server.ts'

/** Takes minutes; its one row comes last. */
const SLOW =
  'SELECT count(*), sum(a.x * b.x % 7) FROM UNNEST(sequence(1, 10000)) a(x), UNNEST(sequence(1, 10000)) b(x), UNNEST(sequence(1, 1000)) c(x)'
/** A client that does not ask for so long is gone: longer than one on a busy machine takes between two pages. */
const CLIENT_TIMEOUT_SECONDS = 10

const java = await installed('Java', () => runTool('javac', ['-version']))
const jar = java && (await installed('trino-jdbc', () => trinoJdbc()))
const cli = java && (await installed('trino-cli', () => mavenFile('io.trino:trino-cli:476:jar:executable')))
const python = await installed('Python trino', () => pythonTools('trino-client', ['trino==0.340.0']))
const npm = await installed('npm trino-client', () => npmPackages('trino-client', ['trino-client@0.2.9']))
const here = (name: string): string => join(import.meta.dirname, name)

describe('queries that are ended in the middle', () => {
  let server: ClientServer
  beforeAll(async () => {
    server = await startClientServer(['--client-timeout', String(CLIENT_TIMEOUT_SECONDS)])
  })
  afterAll(() => server?.stop())

  const queries = async (): Promise<
    readonly { readonly query: string; readonly state: string; readonly errorCode?: { readonly name: string } }[]
  > => (await fetch(`http://${server.host}/v1/query`, { headers: { 'x-trino-user': 'me' } })).json() as never
  const running = async () => (await queries()).filter(({ query, state }) => query === SLOW && !['FINISHED', 'FAILED'].includes(state))

  /** Whoever cancels needs no timeout of the server: the queries' errors tell which of them it was, the newest first. */
  async function haveEnded(...errors: readonly unknown[]): Promise<void> {
    await expect.poll(running).toEqual([])
    const ended = (await queries()).filter(({ query }) => query === SLOW)
    expect(ended.slice(0, errors.length).map(({ errorCode }) => errorCode?.name)).toEqual(errors)
  }

  it.skipIf(jar === undefined)('trino-jdbc 476', async () => {
    const [end, next] = (await runJdbcProgram(here('JdbcCancel.java'), server.host, SLOW)).split('\n')
    // The driver's own words, with Trino as well.
    expect(end).toMatch(/^Error (executing query|fetching results)|Query was canceled/)
    expect(next).toBe('2')
    await haveEnded('USER_CANCELED')
  })

  it.skipIf(cli === undefined)('trino-cli 476: Ctrl-C', async () => {
    const options = ['--server', `http://${server.host}`, '--user', 'me', '--execute', SLOW]
    const child = spawn('java', [...QUICK_JVM, '-jar', cli as string, ...options], { stdio: 'ignore' })
    const ended = new Promise((resolve) => child.on('exit', resolve))
    while ((await running()).length === 0) await sleep(50)
    child.kill('SIGINT')
    await ended
    // It cancels once it listens to the signal; before that it is just gone.
    await haveEnded(expect.stringMatching(/^(USER_CANCELED|ABANDONED_QUERY)$/))
  })

  it.skipIf(cli === undefined)('trino-cli 476: a time limit', async () => {
    const options = ['--server', `http://${server.host}`, '--user', 'me', '--session', 'query_max_run_time=1s', '--execute', SLOW]
    await expect(runTool('java', [...QUICK_JVM, '-jar', cli as string, ...options])).rejects.toThrow(
      'Query exceeded maximum time limit of 1.00s',
    )
    await haveEnded('EXCEEDED_TIME_LIMIT')
  })

  it.skipIf(python === undefined)('Python trino 0.340: cancel() and a time limit', async () => {
    const [canceled, late] = JSON.parse(await runTool(join(python as string, 'python'), [here('python_cancel.py'), server.host, SLOW]))
    expect(canceled).toMatch(/USER_CANCELED|cancelled/i)
    expect(late).toBe('EXCEEDED_TIME_LIMIT')
    await haveEnded('EXCEEDED_TIME_LIMIT', 'USER_CANCELED')
  })

  it.skipIf(python === undefined)('Python trino 0.340: killed in the middle', async () => {
    const child = spawn(join(python as string, 'python'), [here('python_rows.py'), server.host, 'none', SLOW], { stdio: 'ignore' })
    const ended = new Promise((resolve) => child.on('exit', resolve))
    while ((await running()).length === 0) await sleep(50)
    const killed = Date.now()
    child.kill('SIGKILL')
    await ended
    await haveEnded('ABANDONED_QUERY')
    // Not at once: a client may be slow.
    expect(Date.now() - killed).toBeGreaterThan((CLIENT_TIMEOUT_SECONDS - 2) * 1000)
  })

  it.skipIf(npm === undefined)('npm trino-client 0.2.9: cancel(), and the rest of what it can do', async () => {
    const seen = JSON.parse(await runTool(process.execPath, [here('npm_client.mjs'), server.host, SLOW, npm as string]))
    expect(seen).toEqual({
      count: [[1200]],
      big: [100_000, 50_050_000],
      paths: ['USE', [['information_schema']]],
      error: {
        errorName: 'COLUMN_NOT_FOUND',
        errorLocation: { lineNumber: 2, columnNumber: 2 },
        message: expect.stringContaining("Column 'nope' cannot be resolved"),
      },
      prepared: [[4]],
      session: [['query_max_run_time', '1m']],
      explain: true,
      info: 'FINISHED',
      cancel: 'USER_CANCELED',
    })
    await haveEnded('USER_CANCELED')
  })
})
