/** The few XML documents of S3's API, read by tag: they are flat, have no attributes that matter and no CDATA. */
import type { ListPage, ObjectInfo } from './object-store.ts'

export interface S3ErrorBody {
  readonly code: string
  readonly message: string
  readonly region: string | undefined
}

/** `<Error>` of an answer, also of one with status 200. */
export function parseS3Error(xml: string): S3ErrorBody | undefined {
  const error = text(xml, 'Error')
  if (error === undefined || !/^\s*(?:<\?[^>]*>\s*)?<Error[ >]/.test(xml)) return undefined
  return { code: value(error, 'Code') ?? '', message: value(error, 'Message') ?? '', region: value(error, 'Region') }
}

/** ListBucketResult of ListObjectsV2 with encoding-type=url (keys with characters that XML cannot hold). */
export function parseListPage(xml: string): ListPage {
  if (text(xml, 'ListBucketResult') === undefined) throw new Error('not a ListBucketResult')
  const encoded = value(xml, 'EncodingType') === 'url'
  const decode = (key: string) => (encoded ? decodeURIComponent(key.replaceAll('+', ' ')) : key)
  const objects: ObjectInfo[] = []
  for (const entry of all(xml, 'Contents')) {
    objects.push({
      key: decode(required(entry, 'Key')),
      size: Number(required(entry, 'Size')),
      version: plainEtag(required(entry, 'ETag')),
      modified: Date.parse(required(entry, 'LastModified')),
    })
  }
  const prefixes = all(xml, 'CommonPrefixes').map((entry) => decode(required(entry, 'Prefix')))
  const continuation = value(xml, 'IsTruncated') === 'true' ? required(xml, 'NextContinuationToken') : undefined
  return { objects, prefixes, ...(continuation === undefined ? {} : { continuation }) }
}

export function parseUploadId(xml: string): string {
  return required(xml, 'UploadId')
}

export interface MultipartUploads {
  readonly uploads: readonly { readonly key: string; readonly uploadId: string }[]
  /** Where the next page begins; absent on the last one. */
  readonly next: { readonly key: string; readonly uploadId: string } | undefined
}

/** ListMultipartUploadsResult with encoding-type=url. */
export function parseMultipartUploads(xml: string): MultipartUploads {
  if (text(xml, 'ListMultipartUploadsResult') === undefined) throw new Error('not a ListMultipartUploadsResult')
  const encoded = value(xml, 'EncodingType') === 'url'
  const decode = (key: string) => (encoded ? decodeURIComponent(key.replaceAll('+', ' ')) : key)
  const uploads = all(xml, 'Upload').map((entry) => ({ key: decode(required(entry, 'Key')), uploadId: required(entry, 'UploadId') }))
  const isCut = value(xml, 'IsTruncated') === 'true'
  const next = isCut ? { key: decode(required(xml, 'NextKeyMarker')), uploadId: required(xml, 'NextUploadIdMarker') } : undefined
  return { uploads, next }
}

/** Keys that DeleteObjects (Quiet) could not delete. */
export function parseDeleteErrors(xml: string): { key: string; code: string; message: string }[] {
  return all(xml, 'Error').map((entry) => ({
    key: value(entry, 'Key') ?? '',
    code: value(entry, 'Code') ?? '',
    message: value(entry, 'Message') ?? '',
  }))
}

/** An ETag without its quotes and weak mark, the form in which versions are kept. */
export function plainEtag(etag: string): string {
  return etag.replace(/^W\//, '').replaceAll('"', '')
}

export function escapeXml(plain: string): string {
  const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  // Control characters are legal in keys and in XML only as references.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: see above
  return plain.replace(/[&<>"\u0000-\u001f]/g, (char) => escapes[char] ?? `&#x${char.charCodeAt(0).toString(16)};`)
}

function unescapeXml(escaped: string): string {
  if (!escaped.includes('&')) return escaped
  const names: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }
  return escaped.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16))
    if (decimal !== undefined) return String.fromCodePoint(Number(decimal))
    return names[name] ?? whole
  })
}

function text(xml: string, tag: string): string | undefined {
  // Only root elements have an attribute (xmlns); a listing asks for thousands of others.
  const plain = xml.indexOf(`<${tag}>`)
  const start = plain >= 0 ? plain + tag.length + 2 : afterTagWithAttributes(xml, tag)
  if (start === undefined) return undefined
  const end = xml.indexOf(`</${tag}>`, start)
  return end < 0 ? undefined : xml.slice(start, end)
}

function afterTagWithAttributes(xml: string, tag: string): number | undefined {
  const open = xml.indexOf(`<${tag} `)
  const end = open < 0 ? -1 : xml.indexOf('>', open)
  return end < 0 ? undefined : end + 1
}

function value(xml: string, tag: string): string | undefined {
  const found = text(xml, tag)
  return found === undefined ? undefined : unescapeXml(found)
}

function required(xml: string, tag: string): string {
  const found = value(xml, tag)
  if (found === undefined) throw new Error(`<${tag}> is missing`)
  return found
}

function all(xml: string, tag: string): string[] {
  const found: string[] = []
  const open = `<${tag}>`
  const close = `</${tag}>`
  for (let at = xml.indexOf(open); at >= 0; ) {
    const end = xml.indexOf(close, at)
    if (end < 0) throw new Error(`<${tag}> is not closed`)
    found.push(xml.slice(at + open.length, end))
    at = xml.indexOf(open, end)
  }
  return found
}
