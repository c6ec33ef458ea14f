/** The S3 test server's operations, from a parsed request to an answer. */
import { createHash, randomUUID } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { crc32 } from 'node:zlib'
import type { LoggedRequest } from './fault-plan.ts'
import type { Answer } from './faulty-server.ts'
import { afterKey, afterPage, memoryObject, type StoredObject, type TestBucket } from './test-bucket.ts'

/** A multipart upload that is open. */
export interface Upload {
  readonly key: string
  readonly parts: Map<number, Buffer>
}

export interface Operation {
  readonly request: LoggedRequest
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly bucket: TestBucket
  /** Parts by upload id. */
  readonly uploads: Map<string, Upload>
  readonly pageSize: number
}

export function s3Error(status: number, code: string, message: string, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/xml', ...headers },
    body: Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>`),
  }
}

export async function answerTo(operation: Operation): Promise<Answer> {
  const { method, key, query } = operation.request
  if (key === '') {
    if (method === 'GET' && query['list-type'] === '2') return list(operation)
    if (method === 'GET' && query.uploads !== undefined) return listUploads(operation)
    if (method === 'POST' && query.delete !== undefined) return deleteObjects(operation)
    if (method === 'HEAD') return ok('')
  } else {
    if (method === 'GET' || method === 'HEAD') return read(operation)
    if (method === 'PUT') return query.uploadId === undefined ? put(operation) : putPart(operation)
    if (method === 'POST' && query.uploads !== undefined) return beginUpload(operation)
    if (method === 'POST' && query.uploadId !== undefined) return completeUpload(operation)
    if (method === 'DELETE') return query.uploadId === undefined ? deleteOne(operation) : abortUpload(operation)
  }
  return s3Error(501, 'NotImplemented', 'A header or query you provided implies functionality that is not implemented.')
}

function ok(xml: string, headers: Record<string, string> = {}): Answer {
  const body = xml === '' ? Buffer.alloc(0) : Buffer.from(`<?xml version="1.0" encoding="UTF-8"?>\n${xml}`)
  return { status: 200, headers: { date: new Date().toUTCString(), ...headers }, body }
}

function list({ request, bucket, pageSize }: Operation): Answer {
  const { query } = request
  const encode = (text: string) =>
    query['encoding-type'] === 'url'
      ? encodeURIComponent(text).replaceAll('%2F', '/').replaceAll('%20', '+')
      : text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
  const token = query['continuation-token']
  const delimiter = query.delimiter ?? ''
  const startAfter = query['start-after']
  const first = startAfter === undefined ? Buffer.alloc(0) : afterKey(startAfter)
  const from = token === undefined ? first : afterPage(Buffer.from(token, 'base64').toString('utf8'), delimiter)
  const most = Math.min(Number(query['max-keys'] ?? 1000), pageSize)
  const page = bucket.list(query.prefix ?? '', delimiter, from, most)
  const contents = page.keys.map((key) => {
    const object = bucket.get(key) as StoredObject
    return `<Contents><Key>${encode(key)}</Key><LastModified>${object.modified.toISOString()}</LastModified><ETag>&quot;${object.etag}&quot;</ETag><Size>${object.size}</Size><StorageClass>STANDARD</StorageClass></Contents>`
  })
  const prefixes = page.prefixes.map((prefix) => `<CommonPrefixes><Prefix>${encode(prefix)}</Prefix></CommonPrefixes>`)
  const next = page.last === undefined ? '' : `<NextContinuationToken>${Buffer.from(page.last).toString('base64')}</NextContinuationToken>`
  const encoding = query['encoding-type'] === undefined ? '' : `<EncodingType>${query['encoding-type']}</EncodingType>`
  return ok(
    `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Prefix>${encode(query.prefix ?? '')}</Prefix>${encoding}<IsTruncated>${page.last !== undefined}</IsTruncated>${next}${contents.join('')}${prefixes.join('')}</ListBucketResult>`,
    { 'content-type': 'application/xml' },
  )
}

async function read({ request, headers, bucket }: Operation): Promise<Answer> {
  const object = bucket.get(request.key)
  if (object === undefined) return s3Error(404, 'NoSuchKey', 'The specified key does not exist.')
  const head = {
    etag: `"${object.etag}"`,
    'last-modified': object.modified.toUTCString(),
    'accept-ranges': 'bytes',
    'content-type': 'binary/octet-stream',
  }
  if (headers['if-match'] !== undefined && headers['if-match'].replaceAll('"', '') !== object.etag)
    return s3Error(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold')
  if (headers['if-none-match']?.replaceAll('"', '') === object.etag) return { status: 304, headers: head, body: Buffer.alloc(0) }
  if (request.method === 'HEAD') return { status: 200, headers: { ...head, 'content-length': object.size }, body: Buffer.alloc(0) }
  const range = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '')
  if (range === null || (range[1] === '' && range[2] === '')) return { status: 200, headers: head, body: await object.read(0, object.size) }
  const start = range[1] === '' ? Math.max(0, object.size - Number(range[2])) : Number(range[1])
  const end = range[1] === '' || range[2] === '' ? object.size : Math.min(object.size, Number(range[2]) + 1)
  if (start >= object.size || (range[1] === '' && Number(range[2]) === 0))
    return s3Error(416, 'InvalidRange', 'The requested range is not satisfiable', { 'content-range': `bytes */${object.size}` })
  return {
    status: 206,
    headers: { ...head, 'content-range': `bytes ${start}-${end - 1}/${object.size}` },
    body: await object.read(start, end),
  }
}

function put({ request, headers, body, bucket }: Operation): Answer {
  if (headers['if-none-match'] === '*' && bucket.get(request.key) !== undefined)
    return s3Error(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold')
  const object = memoryObject(body)
  bucket.set(request.key, object)
  return ok('', { etag: `"${object.etag}"` })
}

function deleteOne({ request, bucket }: Operation): Answer {
  bucket.delete(request.key)
  return { status: 204, headers: {}, body: Buffer.alloc(0) }
}

function deleteObjects({ headers, body, bucket }: Operation): Answer {
  const md5Matches = headers['content-md5'] === createHash('md5').update(body).digest('base64')
  if (!md5Matches && headers['x-amz-checksum-crc32'] !== crc32Text(body))
    return s3Error(400, 'BadDigest', 'The checksum you specified is missing or did not match what we received.')
  const keys = [...body.toString('utf8').matchAll(/<Key>(.*?)<\/Key>/gs)].map((match) => unescapeXml(match[1] as string))
  if (keys.length > 1000) return s3Error(400, 'MalformedXML', 'The XML you provided was not well-formed')
  for (const key of keys) bucket.delete(key)
  return ok('<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"></DeleteResult>')
}

function unescapeXml(text: string): string {
  return text
    .replace(/&#x([0-9a-f]+);/gi, (_, hex: string) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
}

function beginUpload({ request, uploads }: Operation): Answer {
  const uploadId = randomUUID()
  uploads.set(uploadId, { key: request.key, parts: new Map() })
  return ok(
    `<InitiateMultipartUploadResult><Key>${encodeURIComponent(request.key)}</Key><UploadId>${uploadId}</UploadId></InitiateMultipartUploadResult>`,
  )
}

function putPart({ request, body, uploads }: Operation): Answer {
  const parts = uploads.get(request.query.uploadId as string)?.parts
  if (parts === undefined) return noSuchUpload()
  parts.set(Number(request.query.partNumber), body)
  return ok('', { etag: `"${md5(body)}"` })
}

const LEAST_PART_BYTES = 5 * 1024 * 1024

function completeUpload({ request, body, bucket, uploads }: Operation): Answer {
  const uploadId = request.query.uploadId as string
  const parts = uploads.get(uploadId)?.parts
  if (parts === undefined) return noSuchUpload()
  const named = [...body.toString('utf8').matchAll(/<PartNumber>(\d+)<\/PartNumber><ETag>(.*?)<\/ETag>/gs)]
  const chosen: Buffer[] = []
  for (const [index, [, number, etag]] of named.entries()) {
    const part = parts.get(Number(number))
    if (part === undefined || `"${md5(part)}"` !== unescapeXml(etag as string))
      return s3Error(400, 'InvalidPart', 'One or more of the specified parts could not be found.')
    if (index < named.length - 1 && part.length < LEAST_PART_BYTES)
      return s3Error(400, 'EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size')
    chosen.push(part)
  }
  const etag = `${md5(Buffer.concat(chosen.map((part) => Buffer.from(md5(part), 'hex'))))}-${chosen.length}`
  bucket.set(request.key, memoryObject(Buffer.concat(chosen), etag))
  uploads.delete(uploadId)
  return ok(`<CompleteMultipartUploadResult><ETag>&quot;${etag}&quot;</ETag></CompleteMultipartUploadResult>`)
}

/** One page whatever their number. */
function listUploads({ request, uploads }: Operation): Answer {
  const found = [...uploads].filter(([, { key }]) => key.startsWith(request.query.prefix ?? ''))
  const entries = found.map(
    ([uploadId, { key }]) => `<Upload><Key>${encodeURIComponent(key)}</Key><UploadId>${uploadId}</UploadId></Upload>`,
  )
  return ok(
    `<ListMultipartUploadsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><IsTruncated>false</IsTruncated><EncodingType>url</EncodingType>${entries.join('')}</ListMultipartUploadsResult>`,
  )
}

function abortUpload({ request, uploads }: Operation): Answer {
  return uploads.delete(request.query.uploadId as string) ? { status: 204, headers: {}, body: Buffer.alloc(0) } : noSuchUpload()
}

function noSuchUpload(): Answer {
  return s3Error(404, 'NoSuchUpload', 'The specified upload does not exist.')
}

function crc32Text(bytes: Buffer): string {
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE(crc32(bytes))
  return sum.toString('base64')
}

function md5(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('hex')
}
