/**
 * A proxy that loses answers after the server has made them, as networks do: the client knows nothing of what the
 * server has done. Requests keep their Host, so that the addresses in answers lead back here.
 */
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * `drop`: the connection ends without an answer. `cut`: it ends in the middle of the body. `repeat`: the server gets the
 * request twice, the client the second answer. `late`: the answer comes after `LATE_MS`. `unavailable`: 503.
 */
export type Fault = 'drop' | 'cut' | 'repeat' | 'late' | 'unavailable'

const LATE_MS = 300

export interface ProxyRequest {
  readonly method: string
  readonly path: string
  /** How often exactly this was asked before. */
  readonly before: number
}

export interface LostAnswerProxy {
  /** `127.0.0.1:port`. */
  readonly host: string
  /** How many requests met each fault. */
  readonly met: ReadonlyMap<Fault, number>
  close(): Promise<void>
}

interface Answer {
  readonly status: number
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
}

/** `faultOf` decides for each request; undefined: it passes. `target` is a server's address without a path. */
export async function startLostAnswerProxy(
  target: string,
  faultOf: (request: ProxyRequest) => Fault | undefined,
): Promise<LostAnswerProxy> {
  const asked = new Map<string, number>()
  const met = new Map<Fault, number>()
  const server = createServer((incoming, outgoing) => {
    serve(incoming, outgoing).catch(() => outgoing.destroy())
  })

  async function serve(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const method = incoming.method ?? ''
    const path = incoming.url ?? ''
    const key = `${method} ${path}`
    const before = asked.get(key) ?? 0
    asked.set(key, before + 1)
    const fault = faultOf({ method, path, before })
    if (fault !== undefined) met.set(fault, (met.get(fault) ?? 0) + 1)
    const body = await bytesOf(incoming)
    if (fault === 'unavailable') {
      outgoing.writeHead(503).end('try again')
      return
    }
    let answer = await forward(target, incoming, body)
    if (fault === 'repeat') answer = await forward(target, incoming, body)
    if (fault === 'late') await sleep(LATE_MS)
    if (fault === 'drop') {
      outgoing.destroy()
      return
    }
    // Whole answers only: what a client may believe is complete must be.
    const { 'transfer-encoding': _chunked, connection: _connection, 'keep-alive': _keepAlive, ...headers } = answer.headers
    outgoing.writeHead(answer.status, answer.status === 204 ? headers : { ...headers, 'content-length': answer.body.length })
    if (fault !== 'cut' || answer.body.length < 2) {
      outgoing.end(answer.body)
      return
    }
    outgoing.write(answer.body.subarray(0, answer.body.length >> 1), () => outgoing.destroy())
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    met,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function forward(target: string, incoming: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { method, headers } = incoming
    const outgoing = request(`${target}${incoming.url}`, { method: method ?? 'GET', headers, agent: false }, (response) => {
      bytesOf(response).then((bytes) => resolve({ status: response.statusCode ?? 502, headers: response.headers, body: bytes }), reject)
    })
    outgoing.on('error', reject).end(body)
  })
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = []
  for await (const part of stream) parts.push(part as Buffer)
  return Buffer.concat(parts)
}
