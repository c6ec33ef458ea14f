/**
 * An S3 server for tests, in the test's own process: path-style buckets, ListObjectsV2, HEAD, ranged and conditional GET,
 * conditional PUT, multipart uploads, DeleteObjects, verified signatures, a request log, and faults on demand. It passes
 * the same contract suite as MinIO (tests/contracts/object-store.ts).
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { type TestCredentials, verifySignature } from './s3-server-auth.ts'
import { type Fault, FaultPlan, type LoggedRequest } from './s3-server-faults.ts'
import { memoryObject, TestBucket } from './s3-server-objects.ts'
import { type Answer, answerTo, s3Error } from './s3-server-operations.ts'

export interface S3ServerOptions {
  /** Names, or names with the folder whose files they hold. */
  readonly buckets: readonly string[] | Readonly<Record<string, string>>
  /** Given: every request must be signed with one of them. Absent: signatures are not looked at. */
  readonly credentials?: readonly TestCredentials[]
  /** Buckets that unsigned requests may read although there are credentials. */
  readonly publicBuckets?: readonly string[]
  /** Requests signed for another region are sent there; `us-east-1` by default. */
  readonly region?: string
  /** The redirect does not say which region is the right one. */
  readonly hideRegion?: boolean
  /** Entries of one listing page; 1000 by default, as S3's. */
  readonly pageSize?: number
}

export interface S3TestServer {
  readonly url: string
  readonly port: number
  /** Every request in order of arrival. */
  readonly log: LoggedRequest[]
  readonly faults: FaultPlan
  /** Uploads begun and neither completed nor aborted. */
  readonly openUploads: number
  /** AWS_* variables that lead a client here. */
  readonly env: Record<string, string>
  put(bucket: string, key: string, bytes: Uint8Array | string): void
  remove(bucket: string, key: string): void
  close(): Promise<void>
}

export async function startS3Server(options: S3ServerOptions): Promise<S3TestServer> {
  const server = new TestServer(options)
  await server.listen()
  return server
}

class TestServer implements S3TestServer {
  readonly log: LoggedRequest[] = []
  readonly faults = new FaultPlan()
  readonly #options: S3ServerOptions
  readonly #buckets = new Map<string, TestBucket>()
  readonly #uploads = new Map<string, Map<number, Buffer>>()
  readonly #server: Server

  constructor(options: S3ServerOptions) {
    this.#options = options
    const { buckets } = options
    const entries: [string, string | undefined][] = Array.isArray(buckets)
      ? buckets.map((name) => [name, undefined])
      : Object.entries(buckets)
    for (const [name, folder] of entries) {
      const bucket = new TestBucket()
      if (folder !== undefined) bucket.addFolder(folder)
      this.#buckets.set(name, bucket)
    }
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

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  get openUploads(): number {
    return this.#uploads.size
  }

  get env(): Record<string, string> {
    const [first] = this.#options.credentials ?? [{ accessKeyId: 'test', secretAccessKey: 'test' } as TestCredentials]
    return {
      AWS_ENDPOINT_URL_S3: this.url,
      AWS_ACCESS_KEY_ID: first?.accessKeyId ?? '',
      AWS_SECRET_ACCESS_KEY: first?.secretAccessKey ?? '',
      ...(first?.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: first.sessionToken }),
      AWS_REGION: this.#options.region ?? 'us-east-1',
    }
  }

  put(bucket: string, key: string, bytes: Uint8Array | string): void {
    this.#bucket(bucket).set(key, memoryObject(typeof bytes === 'string' ? Buffer.from(bytes) : bytes))
  }

  remove(bucket: string, key: string): void {
    this.#bucket(bucket).delete(key)
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    await closed
  }

  #bucket(name: string): TestBucket {
    const bucket = this.#buckets.get(name)
    if (bucket === undefined) throw new Error(`the test server has no bucket '${name}'`)
    return bucket
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url as string, this.url)
    const path = decodeURIComponent((request.url as string).split('?')[0] as string).slice(1)
    const slash = path.indexOf('/')
    const logged: LoggedRequest = {
      method: request.method as string,
      bucket: slash < 0 ? path : path.slice(0, slash),
      key: slash < 0 ? '' : path.slice(slash + 1),
      query: Object.fromEntries(url.searchParams),
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
    const answer = await this.#answer(request, body, logged, fault)
    if (answer === 'drop') response.destroy()
    else await send(response, request.method === 'HEAD', answer, logged, fault)
  }

  async #answer(request: IncomingMessage, body: Buffer, logged: LoggedRequest, fault: Fault | undefined): Promise<Answer | 'drop'> {
    if (fault?.kind === 'drop') return 'drop'
    if (fault?.kind === 'slow-down') return s3Error(503, 'SlowDown', 'Please reduce your request rate.')
    if (fault?.kind === 'server-error') return s3Error(500, 'InternalError', 'We encountered an internal error. Please try again.')
    if (fault?.kind === 'answer') return { status: fault.status ?? 500, headers: { ...fault.headers }, body: Buffer.from(fault.body ?? '') }
    if (fault?.kind === 'slow-first-byte') await sleep(fault.ms ?? 0)
    const refused = this.#authorize(request, body, logged)
    if (refused !== undefined) return refused
    const bucket = this.#buckets.get(logged.bucket)
    if (bucket === undefined) return s3Error(404, 'NoSuchBucket', 'The specified bucket does not exist')
    const answer = await answerTo({
      request: logged,
      headers: request.headers,
      body,
      bucket,
      uploads: this.#uploads,
      pageSize: this.#options.pageSize ?? 1000,
    })
    return fault?.kind === 'lose-answer' ? 'drop' : answer
  }

  #authorize(request: IncomingMessage, body: Buffer, logged: LoggedRequest): Answer | undefined {
    const { credentials, publicBuckets = [], region = 'us-east-1', hideRegion = false } = this.#options
    if (credentials === undefined) return undefined
    const answer = verifySignature(request, body, credentials, region)
    switch (answer.kind) {
      case 'ok':
        return undefined
      case 'anonymous': {
        const reads = logged.method === 'GET' || logged.method === 'HEAD'
        return publicBuckets.includes(logged.bucket) && reads ? undefined : s3Error(403, 'AccessDenied', 'Access Denied')
      }
      case 'refused':
        return s3Error(answer.status, answer.code, answer.message)
      case 'region':
        if (hideRegion) return s3Error(301, 'PermanentRedirect', 'The bucket must be addressed using the specified endpoint.')
        return s3Error(400, 'AuthorizationHeaderMalformed', `the region is wrong; expecting '${answer.region}'`, {
          'x-amz-bucket-region': answer.region,
        })
    }
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
  response.writeHead(answer.status, { 'content-length': answer.body.length, 'x-amz-request-id': 'TEST', ...answer.headers })
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
