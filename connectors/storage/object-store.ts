/**
 * What Weir needs of a place that keeps bytes: S3, GCS, a folder. Keys are relative to a bucket (for folders: to the
 * file system's root) and never begin with '/'. Every call takes a signal and gives up promptly when it fires.
 *
 * Errors thrown are StoreError; the layers above turn them into QueryErrors with the name of the call that was refused.
 */

/** A bucket of a store: `s3://lake`, `gs://lake`, or `file://` (one bucket, the file system). */
export interface Bucket {
  readonly scheme: 's3' | 'gs' | 'file'
  /** Empty for `file`. */
  readonly name: string
}

export interface ObjectInfo {
  readonly key: string
  /** Bytes. */
  readonly size: number
  /** What changes when the bytes do: an S3 ETag, a GCS generation, `size-mtimeNs-inode` of a file. Opaque, never empty. */
  readonly version: string
  /** Milliseconds since the epoch. */
  readonly modified: number
}

export interface ListRequest {
  readonly prefix: string
  /** '/' groups what lies deeper into `prefixes`; absent lists flat. */
  readonly delimiter?: '/'
  /** Only keys (and prefixes) that sort after this one, in UTF-8 byte order. */
  readonly startAfter?: string
  readonly continuation?: string
  readonly signal?: AbortSignal
}

/** One page, in UTF-8 byte order of keys. */
export interface ListPage {
  readonly objects: readonly ObjectInfo[]
  /** Ending with '/'. */
  readonly prefixes: readonly string[]
  /** Absent on the last page. */
  readonly continuation?: string
}

export interface GetRequest {
  readonly key: string
  /** First byte and length, or the last `suffix` bytes; absent = all. */
  readonly range?: { readonly start: number; readonly length: number } | { readonly suffix: number }
  /** Fails with `changed` when the object is no longer this version. */
  readonly ifVersion?: string
  readonly signal?: AbortSignal
  /** Memory for exactly so many bytes, whatever is in it; default: new. The caller may use it again once it has the result. */
  readonly allocate?: (length: number) => Buffer
}

export interface GetResult {
  /** Exactly the bytes asked for (fewer only for a suffix longer than the object). */
  readonly bytes: Uint8Array
  readonly info: ObjectInfo
}

/** A write in parts: nothing is visible before `complete`; `abort` leaves nothing behind and may be repeated. */
export interface Upload {
  write(bytes: Uint8Array): Promise<void>
  complete(): Promise<ObjectInfo>
  abort(): Promise<void>
}

export interface ObjectStore {
  readonly bucket: Bucket
  list(request: ListRequest): Promise<ListPage>
  /** Fails with `not-found`. */
  head(key: string, signal?: AbortSignal): Promise<ObjectInfo>
  get(request: GetRequest): Promise<GetResult>
  /** Whole object as a stream with backpressure, for decompression while downloading; resumes by range after a cut-off, under `ifVersion`. */
  stream(request: GetRequest): AsyncIterable<Uint8Array>
  /** `ifAbsent` fails with `exists` when the key is there. */
  put(key: string, bytes: Uint8Array, options?: { readonly ifAbsent?: boolean; readonly signal?: AbortSignal }): Promise<ObjectInfo>
  upload(key: string, signal?: AbortSignal): Promise<Upload>
  /** Deletes named objects; a missing one is no error. */
  delete(keys: readonly string[], signal?: AbortSignal): Promise<void>
  /** Removes what uploads to these keys left that nobody will complete: parts of a multipart upload, temporary files. */
  abandonUploads?(keys: readonly string[], signal?: AbortSignal): Promise<void>
  /** A local path of the object's bytes where there is one (folders): scans link it instead of copying over a socket. */
  localPath?(key: string): string
  close(): Promise<void>
}

/** Counts of requests sent, shared by all stores of one query or process; retries count too. */
export interface RequestCounter {
  list: number
  head: number
  get: number
  put: number
  /** Bytes of object bodies received. */
  bytesReceived: number
}

export type StoreErrorKind =
  | 'not-found'
  /** 403 or a folder that may not be read. */
  | 'denied'
  /** No or wrong credentials. */
  | 'unauthenticated'
  /** If-Match / generation did not hold. */
  | 'changed'
  | 'exists'
  /** Bucket in another region, wrong endpoint. */
  | 'misconfigured'
  /** 503/429/5xx/timeouts after all retries; worth trying later. */
  | 'unavailable'
  | 'aborted'
  | 'failed'

/** `message` names the call, the location and what the store said; never a secret, never a signed URL. */
export class StoreError extends Error {
  readonly kind: StoreErrorKind
  /** `GetObject`, `ListObjectsV2`, … as the store's own permission is called. */
  readonly call: string
  readonly location: string

  constructor(kind: StoreErrorKind, call: string, location: string, detail: string, options?: ErrorOptions) {
    super(`${call} ${location}: ${detail}`, options)
    this.name = 'StoreError'
    this.kind = kind
    this.call = call
    this.location = location
  }
}
