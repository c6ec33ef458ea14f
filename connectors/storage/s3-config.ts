/** Where a bucket's requests go, from AWS's own environment variables (CONTRACT.md, section 1). */

import { StoreError } from './object-store.ts'
import { encodeKey } from './s3-sign.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const DEFAULT_REGION = 'us-east-1'

export interface S3Config {
  /** A server other than Amazon's default one, without a trailing slash. */
  readonly endpoint: URL | undefined
  readonly region: string
}

/** Throws StoreError misconfigured for an endpoint that is no http(s) URL. */
export function readS3Config(env: Environment): S3Config {
  const text = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL
  let endpoint: URL | undefined
  if (text !== undefined && text !== '') {
    endpoint = URL.canParse(text) ? new URL(text) : undefined
    if (endpoint === undefined || !/^https?:$/.test(endpoint.protocol))
      throw new StoreError(
        'misconfigured',
        'configure',
        's3://',
        'AWS_ENDPOINT_URL_S3 (or AWS_ENDPOINT_URL) must be a URL such as http://127.0.0.1:9000',
      )
  }
  return { endpoint, region: env.AWS_REGION || env.AWS_DEFAULT_REGION || DEFAULT_REGION }
}

export interface S3Address {
  readonly origin: string
  /** Begins with '/', the bucket included where the server wants it in the path; no key, no trailing slash beyond the root. */
  readonly base: string
}

/**
 * Amazon gets `bucket.s3.region.amazonaws.com` (the bucket in the path where its dots would break the TLS name), every
 * other server the bucket in the path.
 */
export function addressOf(config: S3Config, bucket: string, region: string): S3Address {
  const amazon = config.endpoint === undefined || /\.amazonaws\.com(\.cn)?$/.test(config.endpoint.hostname)
  const origin = config.endpoint === undefined ? `https://s3.${region}.${amazonDomain(region)}` : config.endpoint.origin
  const base = config.endpoint === undefined ? '' : config.endpoint.pathname.replace(/\/+$/, '')
  if (!amazon || bucket.includes('.')) return { origin, base: `${base}/${bucket}` }
  const url = new URL(origin)
  return { origin: `${url.protocol}//${bucket}.${url.host}`, base }
}

export function objectPath(address: S3Address, key: string): string {
  return `${address.base}/${encodeKey(key)}`
}

export function bucketPath(address: S3Address, query: string): string {
  return `${address.base === '' ? '/' : address.base}?${query}`
}

function amazonDomain(region: string): string {
  return region.startsWith('cn-') ? 'amazonaws.com.cn' : 'amazonaws.com'
}
