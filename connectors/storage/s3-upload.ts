import { createHash } from 'node:crypto'
import { Cancellation } from './cancellation.ts'
import { header } from './http-transport.ts'
import { type ObjectInfo, StoreError, type Upload } from './object-store.ts'
import { PartBuffer } from './part-buffer.ts'
import type { S3Bucket, S3CallOptions, S3Request } from './s3-bucket.ts'
import { escapeXml, parseUploadId } from './s3-xml.ts'
import { DONE, type StoreClient } from './store-client.ts'

const MIB = 1024 * 1024
/** Parts under way at once. */
const PARALLEL = 4

/** S3 takes 10,000 parts of at least 5 MiB: they grow, so that small files start early and 4 TiB still fit. */
function partSize(number: number): number {
  if (number <= 1000) return 8 * MIB
  return number <= 4000 ? 64 * MIB : 512 * MIB
}

interface S3UploadOptions {
  readonly s3: S3Bucket
  readonly client: StoreClient
  readonly key: string
  readonly signal: AbortSignal | undefined
  putWhole(bytes: Uint8Array): Promise<ObjectInfo>
  head(): Promise<ObjectInfo>
}

/** A multipart upload; an object that fits one part is a plain PUT. */
export class S3Upload implements Upload {
  readonly #options: S3UploadOptions
  readonly #stop = new AbortController()
  readonly #removeListener: () => void
  readonly #buffer = new PartBuffer(partSize(1))
  readonly #etags: string[] = []
  readonly #running = new Set<Promise<void>>()
  #started: Promise<string> | undefined
  #parts = 0
  #bytes = 0
  #failure: unknown
  #ended = false

  constructor(options: S3UploadOptions) {
    this.#options = options
    this.#removeListener = new Cancellation(options.signal).onAbort(() => this.#stop.abort())
    if (options.signal?.aborted) this.#stop.abort()
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#checkOpen()
    this.#bytes += bytes.length
    for (const part of this.#buffer.add(bytes, () => partSize(this.#parts + 1))) await this.#startPart(part)
  }

  async complete(): Promise<ObjectInfo> {
    this.#checkOpen()
    if (this.#started === undefined) {
      this.#end()
      return this.#options.putWhole(this.#buffer.rest())
    }
    if (this.#buffer.length > 0) await this.#startPart(this.#buffer.rest())
    await Promise.all(this.#running)
    this.#checkOpen()
    await this.#finish(await this.#started)
    this.#end()
    const info = await this.#options.head()
    if (info.size !== this.#bytes)
      throw this.#error('CompleteMultipartUpload', `the object has ${info.size} bytes, not the ${this.#bytes} written`)
    return info
  }

  async abort(): Promise<void> {
    this.#end()
    this.#stop.abort()
    const uploadId = await this.#started?.catch(() => undefined)
    // A part that arrives after the abort would stay behind.
    await Promise.allSettled(this.#running)
    if (uploadId === undefined) return
    await this.#send(
      { name: 'AbortMultipartUpload', counts: 'put', outlivesQuery: true, judge: ({ status }) => (status === 404 ? DONE : undefined) },
      () => ({
        method: 'DELETE',
        query: { uploadId },
      }),
    )
  }

  async #startPart(part: Uint8Array): Promise<void> {
    this.#started ??= this.#begin()
    const uploadId = await this.#started
    while (this.#running.size >= PARALLEL) await Promise.race(this.#running)
    this.#checkOpen()
    const number = ++this.#parts
    const running = this.#sendPart(uploadId, number, part)
      .catch((error: unknown) => {
        this.#failure ??= error
        this.#stop.abort()
      })
      .finally(() => this.#running.delete(running))
    this.#running.add(running)
  }

  /** Under no signal: an upload whose id never arrived could not be aborted. */
  async #begin(): Promise<string> {
    const response = await this.#send({ name: 'CreateMultipartUpload', counts: 'put', outlivesQuery: true }, () => ({
      method: 'POST',
      query: { uploads: '' },
    }))
    return parseUploadId(response.body.toString('utf8'))
  }

  async #sendPart(uploadId: string, number: number, body: Uint8Array): Promise<void> {
    const { headers } = await this.#send({ name: 'UploadPart', counts: 'put', signal: this.#stop.signal }, () => ({
      method: 'PUT',
      query: { partNumber: String(number), uploadId },
      body,
    }))
    const etag = header(headers, 'etag')
    if (etag === undefined) throw this.#error('UploadPart', 'the answer has no ETag')
    this.#etags[number - 1] = etag
  }

  async #finish(uploadId: string): Promise<void> {
    const parts = this.#etags.map((etag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${escapeXml(etag)}</ETag></Part>`).join('')
    const body = Buffer.from(`<CompleteMultipartUpload xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${parts}</CompleteMultipartUpload>`)
    let lostAnswer = false
    await this.#send(
      {
        name: 'CompleteMultipartUpload',
        counts: 'put',
        signal: this.#stop.signal,
        judge: ({ status }, attempt) => {
          lostAnswer = status === 404 && attempt > 1
          return lostAnswer ? DONE : undefined
        },
      },
      () => ({ method: 'POST', query: { uploadId }, body, headers: { 'content-type': 'application/xml' } }),
    )
    // The upload is gone at the second try: the first one completed it, if the object is what these parts make.
    if (lostAnswer && (await this.#options.head()).version !== multipartEtag(this.#etags))
      throw this.#error('CompleteMultipartUpload', 'the upload no longer exists')
  }

  #send(options: S3CallOptions, request: () => Omit<S3Request, 'key'>) {
    const { client, s3, key } = this.#options
    return client.send(s3.call(options, key, () => ({ ...request(), key })))
  }

  #end(): void {
    this.#ended = true
    this.#removeListener()
  }

  #checkOpen(): void {
    if (this.#failure !== undefined) throw this.#failure
    if (this.#stop.signal.aborted) throw new StoreError('aborted', 'UploadPart', this.#options.s3.location(this.#options.key), 'aborted')
    if (this.#ended) throw this.#error('UploadPart', 'the upload has ended')
  }

  #error(call: string, detail: string): StoreError {
    return new StoreError('failed', call, this.#options.s3.location(this.#options.key), detail)
  }
}

/** MD5 of the parts' MD5s, then their number. */
function multipartEtag(etags: readonly string[]): string {
  const hash = createHash('md5')
  for (const etag of etags) hash.update(Buffer.from(etag.replaceAll('"', ''), 'hex'))
  return `${hash.digest('hex')}-${etags.length}`
}
