import { Cancellation } from './cancellation.ts'
import { type GcsObject, objectInfo } from './gcs-answers.ts'
import type { GcsBucket, GcsCallOptions, GcsRequest } from './gcs-bucket.ts'
import { type HttpResponse, header } from './http-transport.ts'
import { type ObjectInfo, StoreError, type Upload } from './object-store.ts'
import { PartBuffer } from './part-buffer.ts'
import { DONE, type StoreClient } from './store-client.ts'

/** A multiple of 256 KiB, as the protocol wants. */
const CHUNK_BYTES = 16 * 1024 * 1024
const CREATE = 'storage.objects.create'

interface GcsUploadOptions {
  readonly gcs: GcsBucket
  readonly client: StoreClient
  readonly key: string
  readonly signal: AbortSignal | undefined
  putWhole(bytes: Uint8Array): Promise<ObjectInfo>
}

/** A resumable upload, chunk after chunk; an object that fits one chunk is a plain write. */
export class GcsUpload implements Upload {
  readonly #options: GcsUploadOptions
  readonly #stop = new AbortController()
  readonly #removeListener: () => void
  readonly #buffer = new PartBuffer(CHUNK_BYTES)
  /** Path and query of the session. */
  #session: string | undefined
  /** Bytes that the store has. */
  #sent = 0
  #ended = false

  constructor(options: GcsUploadOptions) {
    this.#options = options
    this.#removeListener = new Cancellation(options.signal).onAbort(() => this.#stop.abort())
    if (options.signal?.aborted) this.#stop.abort()
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#checkOpen()
    for (const chunk of this.#buffer.add(bytes, () => CHUNK_BYTES)) {
      this.#session ??= await this.#begin()
      await this.#send(this.#session, chunk, undefined)
    }
  }

  async complete(): Promise<ObjectInfo> {
    this.#checkOpen()
    const rest = this.#buffer.rest()
    const info =
      this.#session === undefined ? await this.#options.putWhole(rest) : await this.#send(this.#session, rest, this.#sent + rest.length)
    this.#end()
    if (info === undefined) throw this.#error('the store did not end the upload')
    return info
  }

  async abort(): Promise<void> {
    this.#end()
    this.#stop.abort()
    const session = this.#session
    this.#session = undefined
    if (session === undefined) return
    // 499 is this call's own success.
    const judge = ({ status }: HttpResponse) => (status === 499 || status === 404 || status === 410 ? DONE : undefined)
    await this.#call({ name: CREATE, counts: 'put', outlivesQuery: true, judge }, () => ({ method: 'DELETE', path: session }))
  }

  async #begin(): Promise<string> {
    const { gcs, key } = this.#options
    const path = gcs.path(undefined, { uploadType: 'resumable', name: key }, '/upload')
    const body = Buffer.from('{}')
    const response = await this.#call({ name: CREATE, counts: 'put', outlivesQuery: true }, () => ({
      method: 'POST',
      path,
      body,
      headers: { 'content-type': 'application/json' },
    }))
    const location = header(response.headers, 'location')
    if (location === undefined || !URL.canParse(location)) throw this.#error('the answer names no upload session')
    // An emulator may name itself by another host than ours.
    const url = new URL(location)
    return url.pathname + url.search
  }

  /** Sends a chunk; `total` ends the object. After a broken try it asks how much arrived and sends the rest. */
  async #send(session: string, chunk: Uint8Array, total: number | undefined): Promise<ObjectInfo | undefined> {
    const base = this.#sent
    let accepted = 0
    let asking = false
    let mustAsk = false
    let done: GcsObject | undefined
    const request = (): GcsRequest => {
      asking = mustAsk
      // Until an answer says otherwise, what this try achieves is not known.
      mustAsk = true
      const rest = chunk.subarray(accepted)
      const of = total ?? '*'
      const from = base + accepted
      const range = asking ? `bytes */${of}` : rest.length === 0 ? `bytes */${of}` : `bytes ${from}-${from + rest.length - 1}/${of}`
      return { method: 'PUT', path: session, headers: { 'content-range': range }, ...(asking ? {} : { body: rest }) }
    }
    await this.#call(
      {
        name: CREATE,
        counts: 'put',
        signal: this.#stop.signal,
        judge: (response) => {
          if (response.status === 200 || response.status === 201) {
            if (response.body.length > 0) done = JSON.parse(response.body.toString('utf8')) as GcsObject
            return DONE
          }
          if (response.status !== 308) return undefined
          accepted = acceptedBytes(response) - base
          mustAsk = false
          if (accepted === chunk.length && total === undefined) return DONE
          return asking
            ? { kind: 'again', detail: 'the upload does not advance' }
            : { kind: 'retry', detail: `the store took ${accepted} of ${chunk.length} bytes` }
        },
      },
      request,
    )
    this.#sent = base + chunk.length
    return done === undefined ? undefined : objectInfo(done)
  }

  #call(options: GcsCallOptions, request: () => GcsRequest): Promise<HttpResponse> {
    const { gcs, client, key } = this.#options
    return client.send(gcs.call(options, key, request))
  }

  #end(): void {
    this.#ended = true
    this.#removeListener()
  }

  #checkOpen(): void {
    if (this.#stop.signal.aborted) throw new StoreError('aborted', CREATE, this.#options.gcs.location(this.#options.key), 'aborted')
    if (this.#ended) throw this.#error('the upload has ended')
  }

  #error(detail: string): StoreError {
    return new StoreError('failed', CREATE, this.#options.gcs.location(this.#options.key), detail)
  }
}

/** Of `Range: bytes=0-N`; no such header: none. */
function acceptedBytes(response: HttpResponse): number {
  const range = /^bytes=0-(\d+)$/.exec(header(response.headers, 'range') ?? '')
  return range === null ? 0 : Number(range[1]) + 1
}
