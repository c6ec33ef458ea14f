/** What the header Authorization carries (RFC 7235): Basic (RFC 7617) or Bearer (RFC 6750). */

export type Credentials =
  | { readonly kind: 'none' }
  | { readonly kind: 'basic'; readonly user: string; readonly password: string }
  | { readonly kind: 'bearer'; readonly token: string }
  /** Another scheme, or one of these that is malformed. */
  | { readonly kind: 'unusable' }

export function credentialsOf(authorization: string | undefined): Credentials {
  if (authorization === undefined) return { kind: 'none' }
  const bearer = /^Bearer +(\S+) *$/i.exec(authorization)
  if (bearer !== null) return { kind: 'bearer', token: bearer[1] as string }
  const basic = /^Basic +([A-Za-z0-9+/]+=*) *$/i.exec(authorization)
  if (basic === null) return { kind: 'unusable' }
  const text = decode(Buffer.from(basic[1] as string, 'base64'))
  const split = text.indexOf(':')
  return split <= 0 ? { kind: 'unusable' } : { kind: 'basic', user: text.slice(0, split), password: text.slice(split + 1) }
}

/** Clients send UTF-8, or Latin-1 as JDBC and Python do. */
function decode(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    return bytes.toString('latin1')
  }
}
