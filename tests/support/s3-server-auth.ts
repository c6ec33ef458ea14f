/** Verifies AWS Signature Version 4 as a server does: everything is recomputed from what arrived on the wire. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { IncomingMessage } from 'node:http'

export interface TestCredentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
  /** Answered with ExpiredToken. */
  readonly expired?: boolean
}

export type AuthAnswer =
  | { readonly kind: 'ok' }
  | { readonly kind: 'anonymous' }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly message: string }
  | { readonly kind: 'region'; readonly region: string }

const MOST_SKEW_MS = 15 * 60_000

export function verifySignature(request: IncomingMessage, body: Buffer, known: readonly TestCredentials[], region: string): AuthAnswer {
  const authorization = request.headers.authorization
  if (authorization === undefined) return { kind: 'anonymous' }
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})$/.exec(
      authorization,
    )
  if (parts === null) return refused(400, 'AuthorizationHeaderMalformed', 'The authorization header is malformed.')
  const [, accessKeyId, day, signedRegion, signedHeaders, signature] = parts as unknown as [string, string, string, string, string, string]
  const credentials = known.find((candidate) => candidate.accessKeyId === accessKeyId)
  if (credentials === undefined)
    return refused(403, 'InvalidAccessKeyId', 'The AWS Access Key Id you provided does not exist in our records.')
  if (signedRegion !== region) return { kind: 'region', region }
  const time = String(request.headers['x-amz-date'])
  const names = signedHeaders.split(';')
  const mustBeSigned = ['host', ...Object.keys(request.headers).filter((name) => name.startsWith('x-amz-'))]
  if (mustBeSigned.some((name) => !names.includes(name)))
    return refused(403, 'AccessDenied', 'There were headers present in the request which were not signed')
  const payload = String(request.headers['x-amz-content-sha256'])
  if (payload !== 'UNSIGNED-PAYLOAD' && payload !== sha256(body))
    return refused(400, 'XAmzContentSHA256Mismatch', "The provided 'x-amz-content-sha256' header does not match what was computed.")
  const [path, query] = (request.url as string).split('?') as [string, string | undefined]
  const canonical = [
    request.method,
    path,
    (query ?? '').split('&').sort().join('&'),
    ...names.map((name) => `${name}:${String(request.headers[name]).trim()}`),
    '',
    signedHeaders,
    payload,
  ].join('\n')
  const text = ['AWS4-HMAC-SHA256', time, `${day}/${region}/s3/aws4_request`, sha256(canonical)].join('\n')
  let key: Buffer = Buffer.from(`AWS4${credentials.secretAccessKey}`)
  for (const step of [day, region, 's3', 'aws4_request']) key = createHmac('sha256', key).update(step).digest()
  const expected = createHmac('sha256', key).update(text).digest()
  if (!timingSafeEqual(expected, Buffer.from(signature, 'hex')))
    return refused(403, 'SignatureDoesNotMatch', 'The request signature we calculated does not match the signature you provided.')
  const sent = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'))
  if (!(Math.abs(Date.now() - sent) < MOST_SKEW_MS) || !time.startsWith(day))
    return refused(403, 'RequestTimeTooSkewed', 'The difference between the request time and the current time is too large.')
  if (credentials.expired) return refused(400, 'ExpiredToken', 'The provided token has expired.')
  if (request.headers['x-amz-security-token'] !== credentials.sessionToken)
    return refused(403, 'InvalidToken', 'The provided token is malformed or otherwise invalid.')
  return { kind: 'ok' }
}

function refused(status: number, code: string, message: string): AuthAnswer {
  return { kind: 'refused', status, code, message }
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}
