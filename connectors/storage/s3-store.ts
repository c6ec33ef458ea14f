/** S3 and every server that speaks its API: requests by undici under our own signatures (see HttpTransport, S3Signer). */
import { createHash } from 'node:crypto'
import { type HttpHeaders, type HttpResponse, header } from './http-transport.ts'
import { compareKeys } from './key-order.ts'
import {
  type Bucket,
  type GetRequest,
  type GetResult,
  type ListPage,
  type ListRequest,
  type ObjectInfo,
  type ObjectStore,
  StoreError,
  type Upload,
} from './object-store.ts'
import { beyondEnd, type ObjectHead, RangeReceiver } from './range-receiver.ts'
import type { S3Bucket } from './s3-bucket.ts'
import { S3Upload } from './s3-upload.ts'
import { escapeXml, type MultipartUploads, parseDeleteErrors, parseListPage, parseMultipartUploads, plainEtag } from './s3-xml.ts'
import { DONE, type StoreClient } from './store-client.ts'
import { streamByRanges } from './stream-ranges.ts'

/** DeleteObjects takes at most this many keys. */
const DELETE_BATCH = 1000

const ABANDONED_AT_ONCE = 8

export class S3Store implements ObjectStore {
  readonly bucket: Bucket
  readonly #s3: S3Bucket
  readonly #client: StoreClient

  constructor(s3: S3Bucket, client: StoreClient) {
    this.bucket = { scheme: 's3', name: s3.name }
    this.#s3 = s3
    this.#client = client
  }

  async list(request: ListRequest): Promise<ListPage> {
    const { prefix, delimiter, startAfter, continuation, signal } = request
    const call = this.#s3.call({ name: 'ListObjectsV2', counts: 'list', signal }, prefix, () => ({
      method: 'GET',
      query: {
        'list-type': '2',
        'encoding-type': 'url',
        prefix: prefix === '' ? undefined : prefix,
        delimiter,
        'start-after': continuation === undefined ? startAfter : undefined,
        'continuation-token': continuation,
      },
    }))
    const response = await this.#client.send(call)
    const page = this.#read(call, response, parseListPage)
    if (startAfter === undefined) return page
    // Servers differ in whether `a/` still comes after start-after `a/b`.
    const isAfter = (key: string) => compareKeys(key, startAfter) > 0
    return { ...page, objects: page.objects.filter(({ key }) => isAfter(key)), prefixes: page.prefixes.filter(isAfter) }
  }

  async head(key: string, signal?: AbortSignal): Promise<ObjectInfo> {
    const call = this.#s3.call({ name: 'HeadObject', counts: 'head', signal }, key, () => ({ method: 'HEAD', key }))
    const { headers } = await this.#client.send(call)
    const head = readHead(headers)
    if (head === undefined) throw new StoreError('failed', call.name, call.location, 'the answer has no ETag')
    return { key, size: Number(header(headers, 'content-length')), ...head }
  }

  get(request: GetRequest): Promise<GetResult> {
    return this.#get(request, false)
  }

  stream(request: GetRequest): AsyncIterable<Uint8Array> {
    return streamByRanges(request, {
      head: (key, signal) => this.head(key, signal),
      get: (part) => this.#get(part, true),
    })
  }

  async put(
    key: string,
    bytes: Uint8Array,
    options: { readonly ifAbsent?: boolean; readonly signal?: AbortSignal } = {},
  ): Promise<ObjectInfo> {
    const { ifAbsent = false, signal } = options
    let lostAnswer = false
    const call = this.#s3.call(
      {
        name: 'PutObject',
        counts: 'put',
        signal,
        judge: ({ status }, attempt) => {
          if (!ifAbsent || status !== 412) return undefined
          lostAnswer = attempt > 1
          return lostAnswer ? DONE : { kind: 'fail', error: 'exists', detail: 'the object exists already' }
        },
      },
      key,
      () => ({ method: 'PUT', key, body: bytes, headers: ifAbsent ? { 'if-none-match': '*' } : {} }),
    )
    const { headers } = await this.#client.send(call)
    if (lostAnswer) return this.#ownWrite(key, bytes, signal)
    const head = readHead(headers)
    if (head === undefined) return this.head(key, signal)
    return { key, size: bytes.length, version: head.version, modified: Date.parse(header(headers, 'date') ?? '') || Date.now() }
  }

  async upload(key: string, signal?: AbortSignal): Promise<Upload> {
    return new S3Upload({
      s3: this.#s3,
      client: this.#client,
      key,
      signal,
      putWhole: (bytes) => this.put(key, bytes, signal ? { signal } : {}),
      head: () => this.head(key, signal),
    })
  }

  async delete(keys: readonly string[], signal?: AbortSignal): Promise<void> {
    for (let at = 0; at < keys.length; at += DELETE_BATCH) await this.#deleteBatch(keys.slice(at, at + DELETE_BATCH), signal)
  }

  async abandonUploads(keys: readonly string[], signal?: AbortSignal): Promise<void> {
    let next = 0
    const run = async (): Promise<void> => {
      while (next < keys.length) await this.#abandonUploadsOf(keys[next++] as string, signal)
    }
    await Promise.all(Array.from({ length: ABANDONED_AT_ONCE }, run))
  }

  /** One key a listing: MinIO lists the uploads of whole keys only. */
  async #abandonUploadsOf(key: string, signal: AbortSignal | undefined): Promise<void> {
    for (let from: MultipartUploads['next']; ; ) {
      const list = this.#s3.call({ name: 'ListMultipartUploads', counts: 'list', signal }, key, () => ({
        method: 'GET',
        query: {
          uploads: '',
          prefix: key,
          'encoding-type': 'url',
          ...(from !== undefined && { 'key-marker': from.key, 'upload-id-marker': from.uploadId }),
        },
      }))
      const { uploads, next } = this.#read(list, await this.#client.send(list), parseMultipartUploads)
      for (const { uploadId } of uploads.filter((upload) => upload.key === key)) {
        const abort = this.#s3.call(
          { name: 'AbortMultipartUpload', counts: 'put', signal, judge: ({ status }) => (status === 404 ? DONE : undefined) },
          key,
          () => ({ method: 'DELETE', key, query: { uploadId } }),
        )
        await this.#client.send(abort)
      }
      if (next === undefined) return
      from = next
    }
  }

  /** Connections belong to the registry that made this store. */
  async close(): Promise<void> {}

  async #get(request: GetRequest, allowShort: boolean): Promise<GetResult> {
    const { key, range, ifVersion, signal } = request
    if (range !== undefined && ('suffix' in range ? range.suffix : range.length) === 0) return this.#nothing(request)
    const receiver = new RangeReceiver(request, readHead, allowShort)
    let beyond = false
    const call = this.#s3.call(
      {
        name: 'GetObject',
        counts: 'get',
        signal,
        sink: receiver,
        judge: ({ status }) => {
          if (status === 200 || status === 206) return receiver.complete ? DONE : receiver.missing
          if (status === 412) return receiver.changed()
          beyond = status === 416
          return beyond ? DONE : undefined
        },
      },
      key,
      () => {
        const headers: Record<string, string> = {}
        if (receiver.rangeHeader !== undefined) headers.range = receiver.rangeHeader
        if (receiver.ifVersion !== undefined) headers['if-match'] = `"${receiver.ifVersion}"`
        return { method: 'GET', key, headers }
      },
    )
    await this.#client.send(call)
    if (!beyond) return receiver.result()
    // No byte of the range exists: fine for the tail of an empty object and for a stream that has reached the end.
    const info = await this.head(key, signal)
    if (ifVersion !== undefined && info.version !== ifVersion)
      throw new StoreError('changed', 'GetObject', this.#s3.location(key), 'the object has changed since it was listed')
    if (allowShort || range === undefined || 'suffix' in range) return { bytes: new Uint8Array(0), info }
    throw new StoreError('failed', 'GetObject', this.#s3.location(key), beyondEnd(range.start + range.length, info.size))
  }

  async #nothing({ key, ifVersion, signal }: GetRequest): Promise<GetResult> {
    const info = await this.head(key, signal)
    if (ifVersion !== undefined && info.version !== ifVersion)
      throw new StoreError('changed', 'GetObject', this.#s3.location(key), 'the object has changed since it was listed')
    return { bytes: new Uint8Array(0), info }
  }

  /** A repeated conditional PUT found the object: ours, whose answer was lost, if the bytes are the same. */
  async #ownWrite(key: string, bytes: Uint8Array, signal: AbortSignal | undefined): Promise<ObjectInfo> {
    const info = await this.head(key, signal)
    if (info.size === bytes.length && info.version === createHash('md5').update(bytes).digest('hex')) return info
    throw new StoreError('exists', 'PutObject', this.#s3.location(key), 'the object exists already')
  }

  async #deleteBatch(keys: readonly string[], signal: AbortSignal | undefined): Promise<void> {
    const entries = keys.map((key) => `<Object><Key>${escapeXml(key)}</Key></Object>`).join('')
    const body = Buffer.from(`<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet>${entries}</Delete>`)
    const md5 = createHash('md5').update(body).digest('base64')
    const call = this.#s3.call({ name: 'DeleteObjects', counts: 'put', signal }, keys[0] ?? '', () => ({
      method: 'POST',
      query: { delete: '' },
      body,
      headers: { 'content-type': 'application/xml', 'content-md5': md5 },
    }))
    const response = await this.#client.send(call)
    const [error] = this.#read(call, response, parseDeleteErrors).filter(({ code }) => code !== 'NoSuchKey')
    if (error === undefined) return
    throw new StoreError(
      error.code === 'AccessDenied' ? 'denied' : 'failed',
      'DeleteObject',
      this.#s3.location(error.key),
      `${error.code}: ${error.message}`,
    )
  }

  #read<T>(call: { readonly name: string; readonly location: string }, response: HttpResponse, parse: (xml: string) => T): T {
    try {
      return parse(response.body.toString('utf8'))
    } catch (error) {
      throw new StoreError('misconfigured', call.name, call.location, 'the answer is not one of the S3 API; is the endpoint right?', {
        cause: error,
      })
    }
  }
}

function readHead(headers: HttpHeaders): ObjectHead | undefined {
  const etag = header(headers, 'etag')
  if (etag === undefined || plainEtag(etag) === '') return undefined
  return { version: plainEtag(etag), modified: Date.parse(header(headers, 'last-modified') ?? '') || 0 }
}
