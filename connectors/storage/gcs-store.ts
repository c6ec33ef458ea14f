/** Google Cloud Storage by its JSON API: requests by undici with a bearer token (see GcsBucket); a version is a generation. */
import { type GcsObject, OBJECT_FIELDS, objectInfo } from './gcs-answers.ts'
import type { GcsBucket } from './gcs-bucket.ts'
import { GcsUpload } from './gcs-upload.ts'
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
import { DONE, type StoreClient } from './store-client.ts'
import { streamByRanges } from './stream-ranges.ts'

/** Deletes under way at once: the API takes one object a request. */
const PARALLEL_DELETES = 16

interface ListAnswer {
  readonly items?: readonly GcsObject[]
  readonly prefixes?: readonly string[]
  readonly nextPageToken?: string
}

export class GcsStore implements ObjectStore {
  readonly bucket: Bucket
  readonly #gcs: GcsBucket
  readonly #client: StoreClient

  constructor(gcs: GcsBucket, client: StoreClient) {
    this.bucket = { scheme: 'gs', name: gcs.name }
    this.#gcs = gcs
    this.#client = client
  }

  async list(request: ListRequest): Promise<ListPage> {
    const { prefix, delimiter, startAfter, continuation, signal } = request
    const query = {
      prefix: prefix === '' ? undefined : prefix,
      delimiter,
      // Inclusive, unlike startAfter: the key itself is dropped below.
      startOffset: startAfter,
      pageToken: continuation,
      maxResults: '1000',
      fields: `items(${OBJECT_FIELDS}),prefixes,nextPageToken`,
    }
    const call = this.#gcs.call({ name: 'storage.objects.list', counts: 'list', signal }, prefix, () => ({
      method: 'GET',
      path: this.#gcs.path(undefined, query),
    }))
    const answer = this.#json<ListAnswer>(call, await this.#client.send(call))
    const isAfter = (key: string) => startAfter === undefined || compareKeys(key, startAfter) > 0
    const objects = (answer.items ?? []).map(objectInfo).filter(({ key }) => isAfter(key))
    const prefixes = (answer.prefixes ?? []).filter(isAfter)
    return { objects, prefixes, ...(answer.nextPageToken ? { continuation: answer.nextPageToken } : {}) }
  }

  async head(key: string, signal?: AbortSignal): Promise<ObjectInfo> {
    const call = this.#gcs.call({ name: 'storage.objects.get', counts: 'head', signal }, key, () => ({
      method: 'GET',
      path: this.#gcs.path(key, { fields: OBJECT_FIELDS }),
    }))
    return objectInfo(this.#json<GcsObject>(call, await this.#client.send(call)))
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
    const query = { uploadType: 'media', name: key, ifGenerationMatch: ifAbsent ? '0' : undefined }
    const call = this.#gcs.call(
      {
        name: 'storage.objects.create',
        counts: 'put',
        signal,
        judge: ({ status }, attempt) => {
          if (!ifAbsent || status !== 412) return undefined
          lostAnswer = attempt > 1
          return lostAnswer ? DONE : { kind: 'fail', error: 'exists', detail: 'the object exists already' }
        },
      },
      key,
      () => ({
        method: 'POST',
        path: this.#gcs.path(undefined, query, '/upload'),
        body: bytes,
        headers: { 'content-type': 'application/octet-stream' },
      }),
    )
    const response = await this.#client.send(call)
    if (!lostAnswer) return objectInfo(this.#json<GcsObject>(call, response))
    // A repeated conditional write found the object: ours, whose answer was lost, if the bytes are the same.
    const { bytes: present, info } = await this.get({ key, ...(signal === undefined ? {} : { signal }) })
    if (Buffer.compare(present, bytes) === 0) return info
    throw new StoreError('exists', call.name, call.location, 'the object exists already')
  }

  async upload(key: string, signal?: AbortSignal): Promise<Upload> {
    return new GcsUpload({
      gcs: this.#gcs,
      client: this.#client,
      key,
      signal,
      putWhole: (bytes) => this.put(key, bytes, signal ? { signal } : {}),
    })
  }

  async delete(keys: readonly string[], signal?: AbortSignal): Promise<void> {
    const left = [...keys]
    const worker = async () => {
      for (let key = left.shift(); key !== undefined; key = left.shift()) await this.#deleteOne(key, signal)
    }
    await Promise.all(Array.from({ length: Math.min(PARALLEL_DELETES, keys.length) }, worker))
  }

  /** Connections belong to the registry that made this store. */
  async close(): Promise<void> {}

  async #deleteOne(key: string, signal: AbortSignal | undefined): Promise<void> {
    const missing = ({ status }: HttpResponse) => (status === 404 ? DONE : undefined)
    const call = this.#gcs.call({ name: 'storage.objects.delete', counts: 'put', signal, judge: missing }, key, () => ({
      method: 'DELETE',
      path: this.#gcs.path(key),
    }))
    await this.#client.send(call)
  }

  async #get(request: GetRequest, allowShort: boolean): Promise<GetResult> {
    const { key, range, signal } = request
    if (range !== undefined && ('suffix' in range ? range.suffix : range.length) === 0) return this.#nothing(request)
    const receiver = new RangeReceiver(request, readHead, allowShort)
    let beyond = false
    const call = this.#gcs.call(
      {
        name: 'storage.objects.get',
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
        // Objects stored with Content-Encoding gzip come as they are only to those who accept gzip; else ranges are ignored.
        const headers: Record<string, string> = { 'accept-encoding': 'gzip' }
        if (receiver.rangeHeader !== undefined) headers.range = receiver.rangeHeader
        return { method: 'GET', path: this.#gcs.path(key, { alt: 'media', ifGenerationMatch: receiver.ifVersion }), headers }
      },
    )
    await this.#client.send(call)
    if (!beyond) return receiver.result()
    const { bytes, info } = await this.#nothing(request)
    if (allowShort || range === undefined || 'suffix' in range) return { bytes, info }
    throw new StoreError('failed', call.name, call.location, beyondEnd(range.start + range.length, info.size))
  }

  async #nothing({ key, ifVersion, signal }: GetRequest): Promise<GetResult> {
    const info = await this.head(key, signal)
    if (ifVersion !== undefined && info.version !== ifVersion)
      throw new StoreError('changed', 'storage.objects.get', this.#gcs.location(key), 'the object has changed since it was listed')
    return { bytes: new Uint8Array(0), info }
  }

  #json<T>(call: { readonly name: string; readonly location: string }, response: HttpResponse): T {
    try {
      return JSON.parse(response.body.toString('utf8')) as T
    } catch (error) {
      throw new StoreError(
        'misconfigured',
        call.name,
        call.location,
        'the answer is not one of the GCS API; is STORAGE_EMULATOR_HOST right?',
        { cause: error },
      )
    }
  }
}

function readHead(headers: HttpHeaders): ObjectHead | undefined {
  const version = header(headers, 'x-goog-generation')
  return version === undefined ? undefined : { version, modified: Date.parse(header(headers, 'last-modified') ?? '') || 0 }
}
