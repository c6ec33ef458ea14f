/** The stores of a process: one set of connections, request rates and credentials, seen by each query through a view of its own. */
import { unreachable } from '#src/common/errors'
import { AccessPolicy, WHOLE_FILE_SYSTEM } from './access.ts'
import { FairQueue, type Lane } from './fair-queue.ts'
import { FileStore } from './file-store.ts'
import { GcsBucket } from './gcs-bucket.ts'
import { type GcsConfig, readGcsConfig } from './gcs-config.ts'
import { defaultGcsTokens, type TokenSource } from './gcs-credentials.ts'
import { GcsStore } from './gcs-store.ts'
import { DEFAULT_DEADLINES, type Deadlines, HttpTransport } from './http-transport.ts'
import type { Bucket, ObjectStore, RequestCounter } from './object-store.ts'
import { BucketRate } from './rate.ts'
import { DEFAULT_RETRY, type RetryPolicy } from './retry.ts'
import { S3Bucket } from './s3-bucket.ts'
import { type Environment, readS3Config, type S3Config } from './s3-config.ts'
import { type CredentialSource, defaultCredentials } from './s3-credentials.ts'
import { S3Store } from './s3-store.ts'
import { StoreClient } from './store-client.ts'

export interface StoresOptions {
  /** AWS_*, GOOGLE_APPLICATION_CREDENTIALS, STORAGE_EMULATOR_HOST. */
  readonly env: Environment
  /** What local files may be read; absent = all that the process can (the embedded CLI). */
  readonly access?: AccessPolicy
  /** Counts all requests of the process. */
  readonly counter?: RequestCounter
  readonly deadlines?: Partial<Deadlines>
  readonly retry?: Partial<RetryPolicy>
  /** Requests under way at once, of the process and of one view. */
  readonly concurrency?: { readonly total?: number; readonly perView?: number }
  /** Replaces AWS's default chain. */
  readonly awsCredentials?: CredentialSource
  /** Replaces Google's default credentials. */
  readonly googleTokens?: TokenSource
}

interface ViewOptions {
  readonly counter?: RequestCounter
  /** Ends every request of the view. */
  readonly signal?: AbortSignal
}

export interface ObjectStores {
  /** Throws StoreError misconfigured where the environment is wrong. */
  storeFor(bucket: Bucket): ObjectStore
  /** One query's stores: its own counter, signal and turn in the queue; connections and rates are shared. */
  view(options: ViewOptions): ObjectStores
  /** Requests allowed at once now, by `scheme://bucket`, for metrics. */
  rates(): ReadonlyMap<string, number>
  /** Ends all connections; for a view, only its own open listings. */
  close(): Promise<void>
}

const DEFAULT_TOTAL = 128
const DEFAULT_PER_VIEW = 64

export function newRequestCounter(): RequestCounter {
  return { list: 0, head: 0, get: 0, put: 0, bytesReceived: 0 }
}

export function createStores(options: StoresOptions): ObjectStores {
  return new StoresView(new SharedStores(options), {})
}

/** What all views share. */
class SharedStores {
  readonly options: StoresOptions
  readonly access: AccessPolicy
  readonly transport: HttpTransport
  readonly retry: RetryPolicy
  readonly rates = new Map<string, BucketRate>()
  readonly #queue: FairQueue
  readonly #total: number
  readonly #s3 = new Map<string, S3Bucket>()
  readonly #gcs = new Map<string, GcsBucket>()
  #aws: { readonly config: S3Config; readonly credentials: CredentialSource } | undefined
  #google: { readonly config: GcsConfig; readonly tokens: TokenSource } | undefined

  constructor(options: StoresOptions) {
    this.options = options
    this.access = options.access ?? new AccessPolicy({ roots: () => [WHOLE_FILE_SYSTEM], anyBucket: true })
    this.transport = new HttpTransport({ ...DEFAULT_DEADLINES, ...options.deadlines })
    this.retry = { ...DEFAULT_RETRY, ...options.retry }
    this.#total = options.concurrency?.total ?? DEFAULT_TOTAL
    this.#queue = new FairQueue(this.#total, options.concurrency?.perView ?? DEFAULT_PER_VIEW)
  }

  lane(): Lane {
    return this.#queue.lane()
  }

  s3(name: string): S3Bucket {
    const { env, awsCredentials } = this.options
    this.#aws ??= { config: readS3Config(env), credentials: awsCredentials ?? defaultCredentials(env) }
    const known = this.#s3.get(name) ?? new S3Bucket(name, this.#aws.config, this.#aws.credentials, this.#rate(`s3://${name}`))
    this.#s3.set(name, known)
    return known
  }

  gcs(name: string): GcsBucket {
    const { env, googleTokens } = this.options
    if (this.#google === undefined) {
      const config = readGcsConfig(env)
      this.#google = { config, tokens: googleTokens ?? defaultGcsTokens(config) }
    }
    const known = this.#gcs.get(name) ?? new GcsBucket(name, this.#google.config, this.#google.tokens, this.#rate(`gs://${name}`))
    this.#gcs.set(name, known)
    return known
  }

  #rate(bucket: string): BucketRate {
    const rate = new BucketRate(this.#total)
    this.rates.set(bucket, rate)
    return rate
  }
}

class StoresView implements ObjectStores {
  readonly #shared: SharedStores
  readonly #lane: Lane
  readonly #counters: readonly RequestCounter[]
  readonly #signal: AbortSignal | undefined
  readonly #isRoot: boolean
  readonly #stores = new Map<string, ObjectStore>()

  constructor(shared: SharedStores, options: ViewOptions, isRoot = true) {
    this.#shared = shared
    this.#isRoot = isRoot
    this.#lane = shared.lane()
    this.#counters = [shared.options.counter, options.counter].filter((counter) => counter !== undefined)
    this.#signal = options.signal
  }

  storeFor(bucket: Bucket): ObjectStore {
    const name = `${bucket.scheme}://${bucket.name}`
    const known = this.#stores.get(name) ?? this.#create(bucket)
    this.#stores.set(name, known)
    return known
  }

  view(options: ViewOptions): ObjectStores {
    return new StoresView(this.#shared, options, false)
  }

  rates(): ReadonlyMap<string, number> {
    return new Map([...this.#shared.rates].map(([bucket, rate]) => [bucket, rate.limit]))
  }

  async close(): Promise<void> {
    await Promise.all([...this.#stores.values()].map((store) => store.close()))
    if (this.#isRoot) await this.#shared.transport.close()
  }

  #create(bucket: Bucket): ObjectStore {
    switch (bucket.scheme) {
      case 's3': {
        const s3 = this.#shared.s3(bucket.name)
        return new S3Store(s3, this.#client(s3.rate))
      }
      case 'gs': {
        const gcs = this.#shared.gcs(bucket.name)
        return new GcsStore(gcs, this.#client(gcs.rate))
      }
      case 'file':
        return new FileStore({
          checkRealPath: (realPath, path) => this.#shared.access.checkRealPath(realPath, path),
          counters: this.#counters,
          signal: this.#signal,
        })
    }
    return unreachable(bucket.scheme)
  }

  #client(rate: BucketRate): StoreClient {
    const scope = { lane: this.#lane, counters: this.#counters, signal: this.#signal }
    return new StoreClient(this.#shared.transport, this.#shared.retry, rate, scope)
  }
}
