/** What S3's answers mean: which are worth another try, which name another region, and which kind of StoreError the rest are. */
import { type HttpResponse, header } from './http-transport.ts'
import type { StoreErrorKind } from './object-store.ts'
import { parseS3Error } from './s3-xml.ts'
import type { Verdict } from './store-client.ts'

export type S3Verdict =
  | Verdict
  | { readonly kind: 'other-region'; readonly region: string; readonly detail: string }
  | { readonly kind: 'clock'; readonly serverTime: number; readonly detail: string }
  | { readonly kind: 'expired'; readonly detail: string }

const THROTTLED = new Set([
  'SlowDown',
  'Throttling',
  'ThrottlingException',
  'RequestLimitExceeded',
  'TooManyRequests',
  'RequestThrottled',
  'SlowDownRead',
])
const TRANSIENT = new Set(['RequestTimeout', 'InternalError', 'ServiceUnavailable', 'OperationAborted', 'ConditionalRequestConflict'])
const BAD_CREDENTIALS = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidToken',
  'InvalidSecurity',
  'AccountProblem',
  'InvalidClientTokenId',
])
const EXPIRED = new Set(['ExpiredToken', 'ExpiredTokenException', 'TokenRefreshRequired'])
const WRONG_REGION = new Set([
  'AuthorizationHeaderMalformed',
  'IllegalLocationConstraintException',
  'PermanentRedirect',
  'TemporaryRedirect',
])

/** `region`: that the request was signed for; `anonymous`: that it was not signed. */
export function judgeS3(response: HttpResponse, region: string, anonymous: boolean): S3Verdict {
  const { status, headers } = response
  const body = parseS3Error(response.body.toString('utf8'))
  if (status >= 200 && status < 300 && body === undefined) return { kind: 'done' }
  const code = body?.code ?? ''
  const detail = describe(status, code, body?.message ?? '')
  const hint = header(headers, 'x-amz-bucket-region') ?? body?.region
  if (hint !== undefined && hint !== '' && hint !== region && [301, 307, 400, 403].includes(status))
    return { kind: 'other-region', region: hint, detail }
  if (status === 301 || status === 307 || WRONG_REGION.has(code))
    return { kind: 'fail', error: 'misconfigured', detail: wrongRegion(region, detail) }
  if (code === 'RequestTimeTooSkewed') return { kind: 'clock', serverTime: Date.parse(header(headers, 'date') ?? ''), detail }
  if (EXPIRED.has(code)) return { kind: 'expired', detail }
  if (status === 429 || THROTTLED.has(code) || status === 503)
    return { kind: 'retry', detail, throttled: true, retryAfterMs: retryAfterMs(header(headers, 'retry-after')) }
  // A 200 with an error in its body is how a long CompleteMultipartUpload fails.
  if (status === 408 || TRANSIENT.has(code) || (status >= 500 && status !== 501) || status < 300) return { kind: 'retry', detail }
  return { kind: 'fail', error: errorKind(status, code, anonymous), detail: anonymous && status === 403 ? noCredentials(detail) : detail }
}

/** Retry-After in seconds or as a date; at most a minute, none when unreadable. */
export function retryAfterMs(text: string | undefined, now = Date.now()): number {
  if (text === undefined) return 0
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now
  return Number.isFinite(ms) ? Math.min(60_000, Math.max(0, ms)) : 0
}

export function wrongRegion(region: string, detail: string): string {
  return `the bucket is not in the region '${region}'; set AWS_REGION to the bucket's (${detail})`
}

function noCredentials(detail: string): string {
  return `no AWS credentials were found (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, a profile, a role) and the bucket does not allow unsigned requests (${detail})`
}

function errorKind(status: number, code: string, anonymous: boolean): StoreErrorKind {
  if (status === 404) return 'not-found'
  if (status === 412) return 'changed'
  if (status === 401 || BAD_CREDENTIALS.has(code)) return 'unauthenticated'
  // An archived object (Glacier) that nobody may read as it is.
  if (code === 'InvalidObjectState') return 'failed'
  if (status === 403) return anonymous ? 'unauthenticated' : 'denied'
  return 'failed'
}

function describe(status: number, code: string, message: string): string {
  const why = code === '' ? (HTTP_REASONS[status] ?? '') : code
  return [`${status} ${why}`.trim(), message.slice(0, 300)].filter((part) => part !== '').join(': ')
}

/** HEAD answers have no body to say why. */
const HTTP_REASONS: Readonly<Record<number, string>> = {
  301: 'Moved Permanently',
  400: 'Bad Request',
  403: 'Forbidden',
  404: 'Not Found',
  412: 'Precondition Failed',
  503: 'Service Unavailable',
}
