import { type Dispatcher, Pool } from 'undici'
import { bufferPassed } from '#src/common/external-memory'
import type { Cancellation } from './cancellation.ts'

export interface Deadlines {
  readonly connectMs: number
  /** From the request's start to the first byte of the answer, plus the time to send a body at 256 KB/s. */
  readonly firstByteMs: number
  /** Between two pieces of a body. */
  readonly stallMs: number
}

export const DEFAULT_DEADLINES: Deadlines = { connectMs: 5_000, firstByteMs: 30_000, stallMs: 20_000 }

export interface HttpRequest {
  /** `https://host[:port]` */
  readonly origin: string
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  /** Path and query, percent-encoded as it was signed. */
  readonly path: string
  readonly headers: Record<string, string>
  readonly body?: Uint8Array
}

export type HttpHeaders = Readonly<Record<string, string | string[] | undefined>>

export interface HttpResponse {
  readonly status: number
  readonly headers: HttpHeaders
  /** Empty when a sink took it. */
  readonly body: Buffer
}

/** Takes the body of a 2xx answer as it arrives. What it throws ends the request and is thrown to the caller as it is. */
export interface BodySink {
  start(status: number, headers: HttpHeaders): void
  write(chunk: Uint8Array): void
}

/** The request or its answer broke off: nothing is known of what the server did. */
export class TransportError extends Error {
  readonly reason: 'aborted' | 'connect' | 'certificate' | 'timeout' | 'broken'

  constructor(reason: TransportError['reason'], message: string, options?: ErrorOptions) {
    super(message, options)
    this.reason = reason
  }
}

/** An error answer is read up to here. */
const ERROR_BODY_BYTES = 64 * 1024
const UPLOAD_BYTES_PER_MS = 256

export function header(headers: HttpHeaders, name: string): string | undefined {
  const value = headers[name]
  return typeof value === 'string' ? value : value?.[0]
}

/** HTTP/1.1 over undici's Pool.dispatch, one pool an origin: a third of the cost of fetch with web streams at ranged reads. */
export class HttpTransport {
  readonly #deadlines: Deadlines
  readonly #pools = new Map<string, Pool>()
  #closed = false

  constructor(deadlines: Deadlines = DEFAULT_DEADLINES) {
    this.#deadlines = deadlines
  }

  /** Throws TransportError, or what the sink threw. The promise settles as soon as a signal fires. */
  send(request: HttpRequest, cancellation: Cancellation, sink?: BodySink): Promise<HttpResponse> {
    if (this.#closed) return Promise.reject(new TransportError('aborted', 'closed'))
    return new Promise((resolve, reject) => {
      new Exchange(request, this.#deadlines, cancellation, sink, resolve, reject).start(this.#pool(request.origin))
    })
  }

  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#pools.values()].map((pool) => pool.destroy()))
    this.#pools.clear()
  }

  #pool(origin: string): Pool {
    let pool = this.#pools.get(origin)
    if (pool === undefined) {
      pool = new Pool(origin, {
        connections: 256,
        pipelining: 1,
        allowH2: false,
        // Exchange has its own clocks: undici's tick once a second and do not tell the phases apart.
        headersTimeout: 0,
        bodyTimeout: 0,
        keepAliveTimeout: 10_000,
        connect: { timeout: this.#deadlines.connectMs },
      })
      this.#pools.set(origin, pool)
    }
    return pool
  }
}

class Exchange implements Dispatcher.DispatchHandler {
  readonly #request: HttpRequest
  readonly #deadlines: Deadlines
  readonly #cancellation: Cancellation
  readonly #sink: BodySink | undefined
  readonly #resolve: (response: HttpResponse) => void
  readonly #reject: (error: unknown) => void
  #removeListener: () => void = () => {}
  #controller: Dispatcher.DispatchController | undefined
  #timer: NodeJS.Timeout | undefined
  #settled = false
  #status = 0
  #headers: HttpHeaders = {}
  #sinking = false
  #chunks: Buffer[] = []
  #bytes = 0

  constructor(
    request: HttpRequest,
    deadlines: Deadlines,
    cancellation: Cancellation,
    sink: BodySink | undefined,
    resolve: (response: HttpResponse) => void,
    reject: (error: unknown) => void,
  ) {
    this.#request = request
    this.#deadlines = deadlines
    this.#cancellation = cancellation
    this.#sink = sink
    this.#resolve = resolve
    this.#reject = reject
  }

  start(pool: Pool): void {
    if (this.#cancellation.aborted) {
      this.#fail(new TransportError('aborted', 'aborted'))
      return
    }
    this.#removeListener = this.#cancellation.onAbort(() => this.#fail(new TransportError('aborted', 'aborted')))
    const { method, path, headers, body } = this.#request
    try {
      pool.dispatch({ method, path, headers, body: body === undefined || body.length === 0 ? null : body }, this)
    } catch (error) {
      this.#fail(error)
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#settled) {
      controller.abort(new Error('no longer wanted'))
      return
    }
    this.#controller = controller
    this.#arm(this.#deadlines.firstByteMs + (this.#request.body?.length ?? 0) / UPLOAD_BYTES_PER_MS, 'no answer within')
  }

  onResponseStart(_controller: Dispatcher.DispatchController, status: number, headers: HttpHeaders): void {
    // 1xx are not the answer.
    if (this.#settled || status < 200) return
    this.#status = status
    this.#headers = headers
    this.#arm(this.#deadlines.stallMs, 'the body stalled for')
    if (this.#sink === undefined || status >= 300 || this.#request.method === 'HEAD') return
    this.#sinking = true
    try {
      this.#sink.start(status, headers)
    } catch (error) {
      this.#fail(error)
    }
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#settled) return
    this.#timer?.refresh()
    try {
      if (this.#sinking) this.#sink?.write(chunk)
      else this.#keep(chunk)
      bufferPassed(chunk.length)
    } catch (error) {
      this.#fail(error)
    }
  }

  onResponseEnd(): void {
    if (!this.#settle()) return
    this.#resolve({ status: this.#status, headers: this.#headers, body: Buffer.concat(this.#chunks) })
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.#fail(transportError(error, this.#request.origin))
  }

  #keep(chunk: Buffer): void {
    const room = this.#status >= 300 ? ERROR_BODY_BYTES - this.#bytes : chunk.length
    if (room <= 0) return
    this.#chunks.push(Buffer.from(chunk.subarray(0, room)))
    this.#bytes += chunk.length
  }

  #arm(ms: number, what: string): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => this.#fail(new TransportError('timeout', `${what} ${Math.round(ms)} ms`)), ms)
  }

  #settle(): boolean {
    if (this.#settled) return false
    this.#settled = true
    clearTimeout(this.#timer)
    this.#removeListener()
    return true
  }

  #fail(error: unknown): void {
    if (!this.#settle()) return
    this.#reject(error)
    // Closes the socket, so that no more bytes of this answer are sent.
    this.#controller?.abort(error instanceof Error ? error : new Error(String(error)))
  }
}

function transportError(error: Error & { code?: string }, origin: string): TransportError {
  const code = error.code ?? error.name
  const text = `${code === 'Error' ? error.message : code} (${new URL(origin).host})`
  if (/CERT|TLS|SELF_SIGNED|UNABLE_TO_VERIFY|EPROTO|SSL/.test(code))
    return new TransportError('certificate', `no trusted TLS connection: ${text}`, { cause: error })
  if (/CONNECT_TIMEOUT|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH/.test(code))
    return new TransportError('connect', `cannot connect: ${text}`, { cause: error })
  return new TransportError('broken', `the connection broke: ${text}`, { cause: error })
}
