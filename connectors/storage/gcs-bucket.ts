/** One GCS bucket as all queries share it; how its requests are made and authorized. */
import { judgeGcs } from './gcs-answers.ts'
import type { GcsConfig } from './gcs-config.ts'
import type { TokenSource } from './gcs-credentials.ts'
import type { BodySink, HttpRequest, HttpResponse } from './http-transport.ts'
import { StoreError } from './object-store.ts'
import type { BucketRate } from './rate.ts'
import { encodeQuery, encodeSegment } from './s3-sign.ts'
import type { StoreCall, Verdict } from './store-client.ts'

export interface GcsRequest {
  readonly method: HttpRequest['method']
  /** Path and query. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array
}

export interface GcsCallOptions {
  readonly name: string
  readonly counts: StoreCall['counts']
  readonly signal?: AbortSignal | undefined
  readonly outlivesQuery?: boolean
  readonly sink?: BodySink
  /** Looks at an answer before the general rules do; undefined = they decide. */
  judge?(response: HttpResponse, attempt: number): Verdict | undefined
}

export class GcsBucket {
  readonly name: string
  readonly rate: BucketRate
  readonly #config: GcsConfig
  readonly #tokens: TokenSource

  constructor(name: string, config: GcsConfig, tokens: TokenSource, rate: BucketRate) {
    this.name = name
    this.rate = rate
    this.#config = config
    this.#tokens = tokens
  }

  location(key: string): string {
    return `gs://${this.name}/${key}`
  }

  /** `/storage/v1/b/bucket/o[/key]?query` */
  path(key: string | undefined, query: Readonly<Record<string, string | undefined>> = {}, service = ''): string {
    const text = encodeQuery(query)
    const object = key === undefined ? '' : `/${encodeSegment(key)}`
    return `${service}/storage/v1/b/${encodeSegment(this.name)}/o${object}${text === '' ? '' : `?${text}`}`
  }

  /** A call whose every attempt asks `request` anew. */
  call(options: GcsCallOptions, key: string, request: () => GcsRequest): StoreCall {
    let token: string | undefined
    let refreshed = false
    let refresh = false
    const location = this.location(key)
    const { name, counts, signal, outlivesQuery, sink } = options

    const prepare = async (): Promise<HttpRequest> => {
      token = await this.#token(name, location, refresh)
      refresh = false
      const { method, path, headers, body } = request()
      return {
        origin: this.#config.origin,
        method,
        path,
        headers: { ...headers, ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
        ...(body === undefined ? {} : { body }),
      }
    }
    const judge = (response: HttpResponse, attempt: number): Verdict => {
      const own = options.judge?.(response, attempt)
      if (own !== undefined) return own
      const verdict = judgeGcs(response, token === undefined)
      if (verdict.kind !== 'expired') return verdict
      if (refreshed) return { kind: 'fail', error: 'unauthenticated', detail: verdict.detail }
      refreshed = true
      refresh = true
      return { kind: 'again', detail: verdict.detail }
    }
    return { name, location, counts, signal, outlivesQuery, prepare, judge, ...(sink === undefined ? {} : { sink }) }
  }

  async #token(call: string, location: string, refresh: boolean): Promise<string | undefined> {
    try {
      if (refresh) await this.#tokens.refresh()
      return await this.#tokens.get()
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      throw new StoreError('unauthenticated', call, location, `the Google credentials that are configured could not be loaded: ${why}`, {
        cause: error,
      })
    }
  }
}
