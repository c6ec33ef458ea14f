/** One bucket as all queries share it: its region, the clock's offset, the request rate; and how its requests are signed. */

import { unreachable } from '#src/common/errors'
import type { BodySink, HttpRequest, HttpResponse } from './http-transport.ts'
import { StoreError } from './object-store.ts'
import type { BucketRate } from './rate.ts'
import { judgeS3, wrongRegion } from './s3-answers.ts'
import { addressOf, bucketPath, objectPath, type S3Config } from './s3-config.ts'
import type { CredentialSource } from './s3-credentials.ts'
import { encodeQuery, S3Signer } from './s3-sign.ts'
import type { StoreCall, Verdict } from './store-client.ts'

export interface S3Request {
  readonly method: HttpRequest['method']
  /** Absent: the bucket itself. */
  readonly key?: string
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

export interface S3CallOptions {
  readonly name: string
  readonly counts: StoreCall['counts']
  readonly signal?: AbortSignal | undefined
  readonly outlivesQuery?: boolean
  readonly sink?: BodySink
  /** Looks at an answer before the general rules do; undefined = they decide. */
  judge?(response: HttpResponse, attempt: number): Verdict | undefined
}

export class S3Bucket {
  readonly name: string
  readonly rate: BucketRate
  readonly #config: S3Config
  readonly #credentials: CredentialSource
  readonly #signer = new S3Signer()
  #region: string
  #clockOffsetMs = 0

  constructor(name: string, config: S3Config, credentials: CredentialSource, rate: BucketRate) {
    this.name = name
    this.rate = rate
    this.#config = config
    this.#credentials = credentials
    this.#region = config.region
  }

  location(key: string): string {
    return `s3://${this.name}/${key}`
  }

  /** A call whose every attempt asks `request` anew. */
  call(options: S3CallOptions, key: string, request: () => S3Request): StoreCall {
    const corrected = new Set<string>()
    let anonymous = false
    let region = this.#region
    let refresh = false
    let secrets: readonly string[] = []
    const location = this.location(key)

    const prepare = async (): Promise<HttpRequest> => {
      const credentials = await this.#askCredentials(options.name, location, refresh)
      refresh = false
      anonymous = credentials === undefined
      region = this.#region
      const plain = this.#plain(request(), region)
      if (credentials === undefined) return plain
      secrets = [credentials.secretAccessKey, credentials.accessKeyId, credentials.sessionToken ?? ''].filter((secret) => secret !== '')
      return this.#signer.sign(plain, credentials, region, new Date(Date.now() + this.#clockOffsetMs))
    }

    /** One correction of each sort a call. */
    const correct = (sort: string, detail: string, otherwise: Verdict, change: () => void): Verdict => {
      if (corrected.has(sort)) return otherwise
      corrected.add(sort)
      change()
      return { kind: 'again', detail }
    }

    const judge = (response: HttpResponse, attempt: number): Verdict => {
      const own = options.judge?.(response, attempt)
      if (own !== undefined) return own
      const verdict = judgeS3(response, region, anonymous)
      switch (verdict.kind) {
        case 'other-region':
          return correct(
            'region',
            verdict.detail,
            { kind: 'fail', error: 'misconfigured', detail: wrongRegion(region, verdict.detail) },
            () => {
              this.#region = verdict.region
            },
          )
        case 'clock':
          return correct('clock', verdict.detail, { kind: 'fail', error: 'unauthenticated', detail: verdict.detail }, () => {
            if (Number.isFinite(verdict.serverTime)) this.#clockOffsetMs = verdict.serverTime - Date.now()
          })
        case 'expired':
          return correct('credentials', verdict.detail, { kind: 'fail', error: 'unauthenticated', detail: verdict.detail }, () => {
            refresh = true
          })
        case 'done':
        case 'retry':
        case 'again':
        case 'fail':
          return verdict
      }
      return unreachable(verdict)
    }
    const { name, counts, signal, outlivesQuery, sink } = options
    return {
      name,
      location,
      counts,
      signal,
      outlivesQuery,
      prepare,
      judge: (response, attempt) => redact(judge(response, attempt), secrets),
      ...(sink === undefined ? {} : { sink }),
    }
  }

  async #askCredentials(call: string, location: string, refresh: boolean) {
    try {
      if (refresh) await this.#credentials.refresh()
      return await this.#credentials.get()
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new StoreError('unauthenticated', call, location, `the AWS credentials that are configured could not be loaded: ${why}`, {
        cause: error,
      })
    }
  }

  #plain(request: S3Request, region: string): HttpRequest {
    const address = addressOf(this.#config, this.name, region)
    const query = encodeQuery(request.query ?? {})
    const path =
      request.key === undefined ? bucketPath(address, query) : objectPath(address, request.key) + (query === '' ? '' : `?${query}`)
    return {
      origin: address.origin,
      method: request.method,
      path,
      headers: { ...request.headers },
      ...(request.body === undefined ? {} : { body: request.body }),
    }
  }
}

/** A store's message never carries what the request was signed with. */
function redact(verdict: Verdict, secrets: readonly string[]): Verdict {
  if (verdict.kind === 'done') return verdict
  return { ...verdict, detail: secrets.reduce((text, secret) => text.replaceAll(secret, '***'), verdict.detail) }
}
