/**
 * A Google Cloud Storage server for tests, in the test's own process: the JSON API's list, get, media, simple and resumable
 * upload, delete, generation preconditions; with a request log and faults on demand. It passes the same contract suite as
 * fake-gcs-server (tests/contracts/object-store.ts).
 */
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FaultPlan, LoggedRequest } from './fault-plan.ts'
import { type Answer, type Dialect, FaultyServer } from './faulty-server.ts'
import { afterPage, memoryObject, openBuckets, type StoredObject, type TestBucket } from './test-bucket.ts'

export interface GcsServerOptions {
  /** Names, or names with the folder whose files they hold. */
  readonly buckets: readonly string[] | Readonly<Record<string, string>>
  /** Given: the bearer token that every request must have. */
  readonly token?: string
  /** Entries of one listing page; 1000 by default. */
  readonly pageSize?: number
}

export interface GcsTestServer {
  readonly url: string
  readonly log: LoggedRequest[]
  readonly faults: FaultPlan
  /** Resumable uploads begun and neither completed nor aborted. */
  readonly openUploads: number
  /** Leads a client here. */
  readonly env: Record<string, string>
  put(bucket: string, key: string, bytes: Uint8Array | string): void
  close(): Promise<void>
}

export async function startGcsServer(options: GcsServerOptions): Promise<GcsTestServer> {
  const buckets = openBuckets(options.buckets)
  const dialect = new GcsDialect(options, buckets)
  const server = new FaultyServer(dialect)
  await server.listen()
  const host = `127.0.0.1:${server.port}`
  return {
    url: `http://${host}`,
    log: server.log,
    faults: server.faults,
    get openUploads() {
      return dialect.sessions.size
    },
    env: { STORAGE_EMULATOR_HOST: host },
    put(bucket, key, bytes) {
      const target = buckets.get(bucket)
      if (target === undefined) throw new Error(`the test server has no bucket '${bucket}'`)
      dialect.store(target, key, typeof bytes === 'string' ? Buffer.from(bytes) : bytes)
    },
    close: () => server.close(),
  }
}

interface Session {
  readonly bucket: TestBucket
  readonly key: string
  bytes: Buffer
}

class GcsDialect implements Dialect {
  readonly slowDown = gcsError(503, 'We encountered an internal error. Please try again.')
  readonly serverError = gcsError(500, 'Backend Error')
  readonly sessions = new Map<string, Session>()
  readonly #options: GcsServerOptions
  readonly #buckets: ReadonlyMap<string, TestBucket>
  #generation = 1_700_000_000_000_000

  constructor(options: GcsServerOptions, buckets: ReadonlyMap<string, TestBucket>) {
    this.#options = options
    this.#buckets = buckets
  }

  place(path: string, query: Readonly<Record<string, string>>): { bucket: string; key: string } {
    const [, bucket = '', , key] = /\/storage\/v1\/b\/([^/]*)\/o(\/(.*))?$/.exec(path) ?? []
    return { bucket: decodeURIComponent(bucket), key: decodeURIComponent(key ?? '') || (query.name ?? '') }
  }

  /** Each write is a new generation, kept as the object's version. */
  store(bucket: TestBucket, key: string, bytes: Uint8Array): StoredObject {
    const object = memoryObject(bytes, String(++this.#generation))
    bucket.set(key, object)
    return object
  }

  answer(request: IncomingMessage, body: Buffer, logged: LoggedRequest): Answer | Promise<Answer> {
    const { token } = this.#options
    if (token !== undefined && request.headers.authorization === undefined)
      return gcsError(401, 'Anonymous caller does not have storage.objects access')
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) return gcsError(401, 'Invalid Credentials')
    const { method, query, key } = logged
    const bucket = this.#buckets.get(logged.bucket)
    if (bucket === undefined) return gcsError(404, 'The specified bucket does not exist.')
    if (query.upload_id !== undefined) return this.#resume(request, body, query.upload_id)
    if (query.uploadType === 'resumable') return this.#begin(request, bucket, key)
    const object = bucket.get(key)
    if (query.ifGenerationMatch !== undefined && (key !== '' || method === 'POST')) {
      if (object === undefined && query.ifGenerationMatch !== '0') return gcsError(404, `No such object: ${logged.bucket}/${key}`)
      if ((object?.etag ?? '0') !== query.ifGenerationMatch)
        return gcsError(412, 'At least one of the pre-conditions you specified did not hold.')
    }
    if (method === 'POST' && query.uploadType === 'media') return json(resource(key, this.store(bucket, key, body)))
    if (method === 'GET' && key === '') return this.#list(bucket, query)
    if (object === undefined) return gcsError(404, `No such object: ${logged.bucket}/${key}`)
    if (method === 'DELETE') {
      bucket.delete(key)
      return { status: 204, headers: {}, body: Buffer.alloc(0) }
    }
    return query.alt === 'media' ? media(request, object) : json(resource(key, object))
  }

  #list(bucket: TestBucket, query: Readonly<Record<string, string>>): Answer {
    const delimiter = query.delimiter ?? ''
    const from =
      query.pageToken === undefined
        ? Buffer.from(query.startOffset ?? '')
        : afterPage(Buffer.from(query.pageToken, 'base64').toString(), delimiter)
    const page = bucket.list(
      query.prefix ?? '',
      delimiter,
      from,
      Math.min(Number(query.maxResults ?? 1000), this.#options.pageSize ?? 1000),
    )
    const items = page.keys.map((key) => resource(key, bucket.get(key) as StoredObject))
    return json({
      ...(items.length > 0 ? { items } : {}),
      ...(page.prefixes.length > 0 ? { prefixes: page.prefixes } : {}),
      ...(page.last === undefined ? {} : { nextPageToken: Buffer.from(page.last).toString('base64') }),
    })
  }

  #begin(request: IncomingMessage, bucket: TestBucket, key: string): Answer {
    const id = randomUUID()
    this.sessions.set(id, { bucket, key, bytes: Buffer.alloc(0) })
    const location = `http://${request.headers.host}${request.url}&upload_id=${id}`
    return { status: 200, headers: { location }, body: Buffer.alloc(0) }
  }

  #resume(request: IncomingMessage, body: Buffer, id: string): Answer {
    const session = this.sessions.get(id)
    if (session === undefined) return gcsError(404, 'No such upload')
    if (request.method === 'DELETE') {
      this.sessions.delete(id)
      return { status: 499, headers: {}, body: Buffer.alloc(0) }
    }
    const [, from, , total] = /^bytes (?:(\d+)-(\d+)|\*)\/(\d+|\*)$/.exec(String(request.headers['content-range'])) ?? []
    if (from !== undefined && Number(from) !== session.bytes.length) return gcsError(400, 'The range does not continue the upload')
    // What is no multiple of 256 KiB is not kept unless it is the last.
    const kept = total === '*' ? body.length - (body.length % (256 * 1024)) : body.length
    session.bytes = Buffer.concat([session.bytes, body.subarray(0, kept)])
    if (total !== '*' && session.bytes.length === Number(total)) {
      this.sessions.delete(id)
      return json(resource(session.key, this.store(session.bucket, session.key, session.bytes)))
    }
    const headers = session.bytes.length === 0 ? {} : { range: `bytes=0-${session.bytes.length - 1}` }
    return { status: 308, headers, body: Buffer.alloc(0) }
  }
}

async function media(request: IncomingMessage, object: StoredObject): Promise<Answer> {
  const headers = {
    'x-goog-generation': object.etag,
    'last-modified': object.modified.toUTCString(),
    'content-type': 'application/octet-stream',
  }
  const [, first, second] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '') ?? []
  if (first === undefined || second === undefined) return { status: 200, headers, body: await object.read(0, object.size) }
  const start = first === '' ? Math.max(0, object.size - Number(second)) : Number(first)
  const end = first === '' || second === '' ? object.size : Math.min(object.size, Number(second) + 1)
  if (start >= object.size)
    return { ...gcsError(416, 'The requested range cannot be satisfied.'), headers: { 'content-range': `bytes */${object.size}` } }
  return {
    status: 206,
    headers: { ...headers, 'content-range': `bytes ${start}-${end - 1}/${object.size}` },
    body: await object.read(start, end),
  }
}

function resource(key: string, object: StoredObject) {
  return { kind: 'storage#object', name: key, size: String(object.size), generation: object.etag, updated: object.modified.toISOString() }
}

function json(value: unknown): Answer {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: Buffer.from(JSON.stringify(value)) }
}

function gcsError(status: number, message: string): Answer {
  return { ...json({ error: { code: status, message } }), status }
}
