/** Answers that are lost, cut, repeated or late: clients get every row once, or are told that they do not. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runJdbcProgram, trinoJdbc } from '#tests/support/java'
import { type Fault, type ProxyRequest, startLostAnswerProxy } from '#tests/support/lost-answer-proxy'
import { pythonTools, runTool } from '#tests/support/tools'
import { startWeir, type WeirServer } from '#tests/support/weir'
import { installed } from './client-server.ts'

/** The last columns do not compress well, so that there are segments in files. */
const ROWS =
  'SELECT (a.x - 1) * 100 + b.x, sqrt(a.x * 100 + b.x), sqrt(a.x * b.x), sqrt(a.x + 1000 * b.x) FROM UNNEST(sequence(1, 1000)) a(x), UNNEST(sequence(1, 100)) b(x)'
const COUNT = 100_000
const ANSWER = `${COUNT} ${(COUNT * (COUNT + 1)) / 2}`

const jar = await installed('trino-jdbc', async () => {
  await runTool('javac', ['-version'])
  return trinoJdbc()
})
const python = await installed('Python trino', () => pythonTools('trino-client', ['trino==0.340.0']))

type Client = (host: string, encoding: string) => Promise<string>
const here = (name: string): string => join(import.meta.dirname, name)
const jdbc: Client = (host, encoding) => runJdbcProgram(here('JdbcRows.java'), host, encoding, ROWS)
const py: Client = (host, encoding) => runTool(join(python as string, 'python'), [here('python_rows.py'), host, encoding, ROWS])

/** The first time that a page is asked for; one page after the other meets the faults in turn. */
function pages(...faults: readonly Fault[]): (request: ProxyRequest) => Fault | undefined {
  let seen = 0
  return ({ method, path, before }) =>
    method === 'GET' && path.startsWith('/v1/statement/') && before === 0 ? faults[seen++ % faults.length] : undefined
}

const segments =
  (fault: Fault) =>
  ({ path, before }: ProxyRequest): Fault | undefined =>
    path.startsWith('/v1/spooled/download/') && before === 0 ? fault : undefined

const post =
  (fault: Fault) =>
  ({ method, before }: ProxyRequest): Fault | undefined =>
    method === 'POST' && before === 0 ? fault : undefined

describe.skipIf(jar === undefined || python === undefined)('through a network that loses answers', () => {
  let server: WeirServer
  beforeAll(async () => {
    server = await startWeir()
  })
  afterAll(() => server?.stop())

  /** Rows and their sum, or the error. */
  async function read(
    client: Client,
    encoding: string,
    faultOf: (request: ProxyRequest) => Fault | undefined,
    met: readonly Fault[],
  ): Promise<string> {
    const proxy = await startLostAnswerProxy(server.url, faultOf)
    try {
      const text = (await client(proxy.host, encoding)).trim()
      expect([...proxy.met.keys()].sort()).toEqual([...met].sort())
      return text.startsWith('error: ') ? text : text.split(' ').slice(0, 2).join(' ')
    } finally {
      await proxy.close()
    }
  }

  /**
   * What a client that does not make a loss good tells instead; never fewer rows. Whether it asks again may depend on
   * the age of its connection.
   */
  interface Losses {
    readonly page: RegExp
    readonly segmentDropped: RegExp
    readonly segmentCut: RegExp
    readonly postDropped: RegExp
    readonly postCut: RegExp
  }
  const clients: readonly (readonly [string, Client, Losses])[] = [
    [
      'trino-jdbc 476',
      jdbc,
      {
        page: new RegExp(`^${ANSWER}$`),
        segmentDropped: new RegExp(`^(${ANSWER}$|error: Error fetching results)`),
        segmentCut: new RegExp(`^(${ANSWER}$|error: Error fetching results)`),
        postDropped: new RegExp(`^(${ANSWER}$|error: Error executing query: java.io.IOException)`),
        postCut: new RegExp(`^(${ANSWER}$|error: Error executing query)`),
      },
    ],
    [
      'Python trino 0.340',
      py,
      {
        page: new RegExp(`^(${ANSWER}$|error: TrinoConnectionError: failed to fetch)`),
        segmentDropped: new RegExp(`^${ANSWER}$`),
        segmentCut: new RegExp(`^(${ANSWER}$|error: ChunkedEncodingError)`),
        postDropped: new RegExp(`^${ANSWER}$`),
        postCut: new RegExp(`^(${ANSWER}$|error: TrinoConnectionError: failed to execute)`),
      },
    ],
  ]
  describe.each(clients)('%s', (_name, client, losses) => {
    // JDBC asks for spooled rows by itself: its pages may be two.
    it.each<Fault>(['drop', 'repeat', 'late', 'unavailable'])('pages: %s', async (fault) => {
      expect(await read(client, 'none', pages(fault), [fault])).toBe(ANSWER)
    })

    it('pages with addresses of segments, without an answer', async () => {
      expect(await read(client, 'json+zstd', pages('drop'), ['drop'])).toBe(ANSWER)
    })

    it('segments are asked for again', async () => {
      expect(await read(client, 'json+zstd', segments('repeat'), ['repeat'])).toBe(ANSWER)
    })

    it('a page that ends in the middle', async () => {
      expect(await read(client, 'none', pages('cut'), ['cut'])).toMatch(losses.page)
    })

    it('a segment without an answer, and one that ends in the middle', async () => {
      expect(await read(client, 'json+zstd', segments('drop'), ['drop'])).toMatch(losses.segmentDropped)
      expect(await read(client, 'json+zstd', segments('cut'), ['cut'])).toMatch(losses.segmentCut)
    })

    it('no answer to the POST, and half of one', async () => {
      expect(await read(client, 'none', post('drop'), ['drop'])).toMatch(losses.postDropped)
      expect(await read(client, 'none', post('cut'), ['cut'])).toMatch(losses.postCut)
    })
  })
})
