/** The HTTP side of the S3 and GCS test servers: a request log, faults on demand, answers with a length. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Fault, FaultPlan, type LoggedRequest } from './fault-plan.ts'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | number>>
  readonly body: Buffer
}

export interface Dialect {
  /** Bucket and key of a request's path. */
  place(path: string, query: Readonly<Record<string, string>>): { readonly bucket: string; readonly key: string }
  answer(request: IncomingMessage, body: Buffer, logged: LoggedRequest): Answer | Promise<Answer>
  /** The store's own form of 503 and 500. */
  readonly slowDown: Answer
  readonly serverError: Answer
}

export class FaultyServer {
  /** Every request in order of arrival. */
  readonly log: LoggedRequest[] = []
  readonly faults = new FaultPlan()
  readonly #dialect: Dialect
  readonly #server: Server

  constructor(dialect: Dialect) {
    this.#dialect = dialect
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => response.destroy(error as Error))
    })
  }

  listen(): Promise<void> {
    return new Promise((resolve) => this.#server.listen(0, '127.0.0.1', resolve))
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    await closed
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [path, text] = (request.url as string).split('?') as [string, string | undefined]
    const query = Object.fromEntries(new URLSearchParams(text ?? ''))
    const logged: LoggedRequest = {
      method: request.method as string,
      ...this.#dialect.place(path, query),
      query,
      range: request.headers.range,
      time: performance.now(),
      status: 0,
      bytes: 0,
    }
    this.log.push(logged)
    const body = await readBody(request)
    if (this.faults.latencyMs > 0) await sleep(this.faults.latencyMs)
    const fault = this.faults.take(logged)
    if (fault !== undefined) logged.fault = fault.kind
    const answer = fault?.kind === 'drop' ? undefined : await this.#answer(request, body, logged, fault)
    if (answer === undefined || fault?.kind === 'lose-answer') response.destroy()
    else await send(response, request.method === 'HEAD', answer, logged, fault)
  }

  async #answer(request: IncomingMessage, body: Buffer, logged: LoggedRequest, fault: Fault | undefined): Promise<Answer> {
    if (fault?.kind === 'slow-down') return this.#dialect.slowDown
    if (fault?.kind === 'server-error') return this.#dialect.serverError
    if (fault?.kind === 'answer') return { status: fault.status ?? 500, headers: { ...fault.headers }, body: Buffer.from(fault.body ?? '') }
    if (fault?.kind === 'slow-first-byte') await sleep(fault.ms ?? 0)
    return this.#dialect.answer(request, body, logged)
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

async function send(
  response: ServerResponse,
  isHead: boolean,
  answer: Answer,
  logged: LoggedRequest,
  fault: Fault | undefined,
): Promise<void> {
  logged.status = answer.status
  response.writeHead(answer.status, { 'content-length': answer.body.length, ...answer.headers })
  const body = isHead ? Buffer.alloc(0) : answer.body
  const breaks = fault?.kind === 'stall' || fault?.kind === 'cut'
  const part = breaks ? body.subarray(0, fault.afterBytes ?? 0) : body
  logged.bytes = part.length
  if (!breaks) {
    response.end(part)
    return
  }
  response.flushHeaders()
  if (part.length > 0) await new Promise((resolve) => response.write(part, resolve))
  // A stalled answer stays open until the client or close() ends it.
  if (fault.kind === 'cut') setTimeout(() => response.destroy(), 10)
}
