/** AWS Signature Version 4 in headers, for S3: the path is encoded once, the payload's hash is always there. */
import { createHash, createHmac } from 'node:crypto'
import type { HttpRequest } from './http-transport.ts'

export interface AwsCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string | undefined
}

const EMPTY_SHA256 = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'

/** Percent-encodes all but the unreserved characters of RFC 3986 (encodeURIComponent leaves !'()* as they are). */
export function encodeSegment(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`)
}

/** As encodeSegment, '/' kept. */
export function encodeKey(key: string): string {
  return key.split('/').map(encodeSegment).join('/')
}

/** `a=b&c=d` sorted as signing wants it; undefined values are left out. */
export function encodeQuery(query: Readonly<Record<string, string | undefined>>): string {
  return Object.entries(query)
    .filter((entry): entry is [string, string] => entry[1] !== undefined)
    .map(([name, value]) => `${encodeSegment(name)}=${encodeSegment(value)}`)
    .sort()
    .join('&')
}

/** Signs for one region; keeps the day's derived key. */
export class S3Signer {
  #keyFor = ''
  #key: Buffer = Buffer.alloc(0)

  /** Adds `x-amz-date`, `x-amz-content-sha256`, `authorization` and, where there is one, the session token. */
  sign(request: HttpRequest, credentials: AwsCredentials, region: string, now: Date): HttpRequest {
    const time = now.toISOString().replace(/[-:]|\.\d{3}/g, '')
    const day = time.slice(0, 8)
    const payload = request.body === undefined || request.body.length === 0 ? EMPTY_SHA256 : sha256(request.body)
    const headers: Record<string, string> = { ...request.headers, 'x-amz-date': time, 'x-amz-content-sha256': payload }
    if (credentials.sessionToken !== undefined) headers['x-amz-security-token'] = credentials.sessionToken
    const signed: Record<string, string> = { ...headers, host: new URL(request.origin).host }
    const names = Object.keys(signed).sort()
    const mark = request.path.indexOf('?')
    const path = mark < 0 ? request.path : request.path.slice(0, mark)
    const query = mark < 0 ? '' : request.path.slice(mark + 1)
    const canonical = [
      request.method,
      path,
      query,
      ...names.map((name) => `${name}:${(signed[name] as string).trim().replace(/ +/g, ' ')}`),
      '',
      names.join(';'),
      payload,
    ].join('\n')
    const scope = `${day}/${region}/s3/aws4_request`
    const text = `AWS4-HMAC-SHA256\n${time}\n${scope}\n${sha256(canonical)}`
    const signature = createHmac('sha256', this.#signingKey(credentials.secretAccessKey, day, region))
      .update(text)
      .digest('hex')
    headers.authorization = `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`
    return { ...request, headers }
  }

  #signingKey(secret: string, day: string, region: string): Buffer {
    const keyFor = `${day}/${region}/${secret}`
    if (keyFor === this.#keyFor) return this.#key
    const dayKey = hmac(`AWS4${secret}`, day)
    this.#key = hmac(hmac(hmac(dayKey, region), 's3'), 'aws4_request')
    this.#keyFor = keyFor
    return this.#key
  }
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}
