/**
 * The floor of what a client can take for a result: a process of its own that answers from memory, with the bodies and headers
 * that a server gave to this very client before. What a read from it takes is the client's own work (parsing, making objects) and
 * the loopback; no server that sends this answer can be read faster, so a client's factor between two servers is bounded by the
 * slower one's time over this.
 *
 * Until `replay` it is a proxy that keeps what passes. Requests keep their Host, so that the addresses in answers lead here.
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type OutgoingHttpHeaders, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface FloorServer {
  /** `127.0.0.1:port`. */
  readonly host: string
  /** From now on nothing is asked of the server behind: what was not asked before is not found. */
  replay(): Promise<void>
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body: Buffer
}

/** `target` is a server's address without a path. */
export async function startFloorServer(target: string): Promise<FloorServer> {
  const child = fork(import.meta.filename, [target])
  const [port] = (await once(child, 'message')) as [number]
  return {
    host: `127.0.0.1:${port}`,
    async replay() {
      const told = once(child, 'message')
      child.send('replay')
      await told
    },
    async close() {
      const ended = once(child, 'exit')
      child.disconnect()
      await ended
    },
  }
}

/** One statement is told from the same one with spooled rows by the header that asks for those. */
const keyOf = ({ method, url, headers }: IncomingMessage): string => `${method} ${url} ${headers['x-trino-query-data-encoding'] ?? ''}`

function serve(target: string): void {
  const answers = new Map<string, Answer>()
  let recording = true
  const server = createServer({ noDelay: true }, (incoming, outgoing) => {
    answer(incoming, outgoing).catch(() => outgoing.destroy())
  })

  async function answer(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const sent = await bytesOf(incoming)
    const key = keyOf(incoming)
    if (recording) answers.set(key, await forward(target, incoming, sent))
    const { status, headers, body } = answers.get(key) ?? { status: 404, headers: {}, body: Buffer.from(`not recorded: ${key}`) }
    outgoing.writeHead(status, headers).end(body)
  }

  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port))
  process.on('message', () => {
    recording = false
    process.send?.('replaying')
  })
  process.on('disconnect', () => process.exit(0))
}

function forward(target: string, { method, url, headers }: IncomingMessage, sent: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asked = request(`${target}${url}`, { method: method ?? 'GET', headers }, async (response) => {
      const { 'transfer-encoding': _chunked, connection: _connection, 'keep-alive': _keepAlive, ...kept } = response.headers
      const body = await bytesOf(response)
      const status = response.statusCode ?? 502
      const bodiless = method === 'HEAD' || status === 204
      resolve({ status, headers: bodiless ? kept : { ...kept, 'content-length': body.length }, body })
    })
    asked.on('error', reject).end(sent)
  })
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  return Buffer.concat(parts)
}

if (process.argv[1] === import.meta.filename) serve(process.argv[2] as string)
