/** What the answers of Google's JSON API mean. */
import { type HttpResponse, header } from './http-transport.ts'
import type { ObjectInfo, StoreErrorKind } from './object-store.ts'
import { retryAfterMs } from './s3-answers.ts'
import type { Verdict } from './store-client.ts'

export interface GcsObject {
  readonly name: string
  /** Numbers as text. */
  readonly size: string
  readonly generation: string
  readonly updated: string
}

/** The fields that a GcsObject has, for `fields=`. */
export const OBJECT_FIELDS = 'name,size,generation,updated'

export function objectInfo(object: GcsObject): ObjectInfo {
  return { key: object.name, size: Number(object.size), version: String(object.generation), modified: Date.parse(object.updated) }
}

export type GcsVerdict = Verdict | { readonly kind: 'expired'; readonly detail: string }

export function judgeGcs(response: HttpResponse, anonymous: boolean): GcsVerdict {
  const { status, headers } = response
  if (status >= 200 && status < 300) return { kind: 'done' }
  const detail = describe(status, response.body.toString('utf8'))
  if (status === 429 || status === 503)
    return { kind: 'retry', detail, throttled: true, retryAfterMs: retryAfterMs(header(headers, 'retry-after')) }
  if (status === 408 || (status >= 500 && status !== 501)) return { kind: 'retry', detail }
  if (status === 401 && !anonymous) return { kind: 'expired', detail }
  const refused = status === 401 || status === 403
  return { kind: 'fail', error: errorKind(status, anonymous), detail: anonymous && refused ? noCredentials(detail) : detail }
}

function errorKind(status: number, anonymous: boolean): StoreErrorKind {
  if (status === 404) return 'not-found'
  if (status === 412) return 'changed'
  if (status === 401) return 'unauthenticated'
  if (status === 403) return anonymous ? 'unauthenticated' : 'denied'
  return 'failed'
}

function noCredentials(detail: string): string {
  return `no Google credentials were found (GOOGLE_APPLICATION_CREDENTIALS, gcloud auth application-default login, a service account) and the bucket is not public (${detail})`
}

/** `{"error":{"message"}}`, `{"error":"…"}` or plain text. */
function describe(status: number, body: string): string {
  let message = body.trim()
  try {
    const { error } = JSON.parse(body) as { error?: { message?: string } | string }
    message = typeof error === 'string' ? error : (error?.message ?? message)
  } catch {
    // Plain text is shown as it is.
  }
  return message === '' ? `${status}` : `${status}: ${message.slice(0, 300)}`
}
