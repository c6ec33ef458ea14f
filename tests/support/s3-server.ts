/**
 * An S3 server for tests, in the test's own process: path-style buckets, ListObjectsV2, HEAD, ranged and conditional GET,
 * conditional PUT, multipart uploads, DeleteObjects, verified signatures, a request log, and faults on demand. It passes
 * the same contract suite as MinIO (tests/contracts/object-store.ts).
 */
import type { IncomingMessage } from 'node:http'
import type { FaultPlan, LoggedRequest } from './fault-plan.ts'
import { type Answer, type Dialect, FaultyServer } from './faulty-server.ts'
import { type TestCredentials, verifySignature } from './s3-server-auth.ts'
import { answerTo, s3Error, type Upload } from './s3-server-operations.ts'
import { memoryObject, openBuckets, type TestBucket } from './test-bucket.ts'

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
  /** The same bytes under many keys. */
  putAll(bucket: string, keys: Iterable<string>, bytes: Uint8Array): void
  remove(bucket: string, key: string): void
  close(): Promise<void>
}

export async function startS3Server(options: S3ServerOptions): Promise<S3TestServer> {
  const { credentials, region = 'us-east-1' } = options
  const buckets = openBuckets(options.buckets)
  const dialect = new S3Dialect(options, buckets)
  const server = new FaultyServer(dialect)
  await server.listen()
  const url = `http://127.0.0.1:${server.port}`
  const first: TestCredentials = credentials?.[0] ?? { accessKeyId: 'test', secretAccessKey: 'test' }
  return {
    url,
    port: server.port,
    log: server.log,
    faults: server.faults,
    get openUploads() {
      return dialect.uploads.size
    },
    env: {
      AWS_ENDPOINT_URL_S3: url,
      AWS_ACCESS_KEY_ID: first.accessKeyId,
      AWS_SECRET_ACCESS_KEY: first.secretAccessKey,
      ...(first.sessionToken === undefined ? {} : { AWS_SESSION_TOKEN: first.sessionToken }),
      AWS_REGION: region,
    },
    put(bucket, key, bytes) {
      bucketOf(buckets, bucket).set(key, memoryObject(typeof bytes === 'string' ? Buffer.from(bytes) : bytes))
    },
    putAll(bucket, keys, bytes) {
      const object = memoryObject(bytes)
      for (const key of keys) bucketOf(buckets, bucket).set(key, object)
    },
    remove: (bucket, key) => bucketOf(buckets, bucket).delete(key),
    close: () => server.close(),
  }
}

function bucketOf(buckets: ReadonlyMap<string, TestBucket>, name: string): TestBucket {
  const bucket = buckets.get(name)
  if (bucket === undefined) throw new Error(`the test server has no bucket '${name}'`)
  return bucket
}

class S3Dialect implements Dialect {
  readonly slowDown = s3Error(503, 'SlowDown', 'Please reduce your request rate.')
  readonly serverError = s3Error(500, 'InternalError', 'We encountered an internal error. Please try again.')
  readonly uploads = new Map<string, Upload>()
  readonly #options: S3ServerOptions
  readonly #buckets: ReadonlyMap<string, TestBucket>

  constructor(options: S3ServerOptions, buckets: ReadonlyMap<string, TestBucket>) {
    this.#options = options
    this.#buckets = buckets
  }

  place(path: string): { bucket: string; key: string } {
    const text = decodeURIComponent(path).slice(1)
    const slash = text.indexOf('/')
    return slash < 0 ? { bucket: text, key: '' } : { bucket: text.slice(0, slash), key: text.slice(slash + 1) }
  }

  answer(request: IncomingMessage, body: Buffer, logged: LoggedRequest): Answer | Promise<Answer> {
    const refused = this.#authorize(request, body, logged)
    if (refused !== undefined) return refused
    const bucket = this.#buckets.get(logged.bucket)
    if (bucket === undefined) return s3Error(404, 'NoSuchBucket', 'The specified bucket does not exist')
    return answerTo({
      request: logged,
      headers: request.headers,
      body,
      bucket,
      uploads: this.uploads,
      pageSize: this.#options.pageSize ?? 1000,
    })
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
