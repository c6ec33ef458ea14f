/**
 * URLs as java.net.URI reads them (RFC 2396 with its additions). What is no URI has no parts: NULL. Parts that a URI
 * lacks are empty.
 */
import { computed, fail } from './computed-function.ts'

interface Uri {
  readonly scheme: string | undefined
  readonly host: string | undefined
  readonly port: number
  readonly path: string
  readonly query: string | undefined
  readonly fragment: string | undefined
}

/** Non-ASCII characters except controls and blanks may stand wherever escapes may. */
const OTHER = '[^\\u0000-\\u00a0\\s\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]'
const ESCAPED = '%[0-9A-Fa-f]{2}'
const UNRESERVED = "A-Za-z0-9_\\-!.~'()*"
const PCHARS = new RegExp(`^(?:[${UNRESERVED}:@&=+$,;/]|${ESCAPED}|${OTHER})*$`, 'u')
/** Query, fragment and opaque parts: also brackets and question marks. */
const URICS = new RegExp(`^(?:[${UNRESERVED};/?:@&=+$,[\\]]|${ESCAPED}|${OTHER})*$`, 'u')
const REGISTRY = new RegExp(`^(?:[${UNRESERVED}$,;:@&=+]|${ESCAPED}|${OTHER})+$`, 'u')
const USER_INFO = new RegExp(`^(?:[${UNRESERVED};:&=+$,]|${ESCAPED}|${OTHER})*$`, 'u')
const HOST_NAME = /^(?:[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.)*[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?\.?$/
const IPV4 = /^(?:(?:25[0-5]|2[0-4]\d|1?\d?\d|0\d\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d|0\d\d)$/
const IPV6 = /^\[[0-9A-Fa-f:.]+(?:%[A-Za-z0-9_.\-~]+)?\]$/
const LARGEST_PORT = 2_147_483_647

/** Undefined for what java.net.URI refuses. */
function parseUri(text: string): Uri | undefined {
  if (text === '') return { scheme: undefined, host: undefined, port: -1, path: '', query: undefined, fragment: undefined }
  const hash = text.indexOf('#')
  const fragment = hash < 0 ? undefined : text.slice(hash + 1)
  const before = hash < 0 ? text : text.slice(0, hash)
  if (fragment !== undefined && !URICS.test(fragment)) return undefined
  const colon = /^[^/?:]*:/.exec(before)
  let scheme: string | undefined
  let rest = before
  if (colon !== null) {
    scheme = colon[0].slice(0, -1)
    rest = before.slice(colon[0].length)
    if (!/^[A-Za-z][A-Za-z0-9+.-]*$/.test(scheme) || rest === '') return undefined
    // An opaque URI, such as mailto:, has none of the parts.
    if (!rest.startsWith('/')) {
      return URICS.test(rest) ? { scheme, host: undefined, port: -1, path: '', query: undefined, fragment } : undefined
    }
  }
  const question = rest.indexOf('?')
  const query = question < 0 ? undefined : rest.slice(question + 1)
  if (query !== undefined && !URICS.test(query)) return undefined
  let path = question < 0 ? rest : rest.slice(0, question)
  let authority: Pick<Uri, 'host' | 'port'> | undefined = { host: undefined, port: -1 }
  if (path.startsWith('//')) {
    const end = path.indexOf('/', 2)
    const written = path.slice(2, end < 0 ? undefined : end)
    path = end < 0 ? '' : path.slice(end)
    if (written !== '') authority = parseAuthority(written)
    // file:///x is read, // alone is not.
    else if (path === '' && query === undefined && fragment === undefined) return undefined
    if (authority === undefined) return undefined
  }
  return PCHARS.test(path) ? { scheme, ...authority, path, query, fragment } : undefined
}

/** As a server's address; what is none may still be a registry's name, which has no host. */
function parseAuthority(authority: string): Pick<Uri, 'host' | 'port'> | undefined {
  const at = authority.indexOf('@')
  const userInfo = at < 0 ? '' : authority.slice(0, at)
  const server = authority.slice(at + 1)
  const match = /^(\[[^\]]*\]|[^:[\]]*)(?::(\d*))?$/.exec(server)
  if (match !== null && USER_INFO.test(userInfo)) {
    const [, host = '', port = ''] = match
    if (isHost(host) && Number(port) <= LARGEST_PORT) return { host, port: port === '' ? -1 : Number(port) }
  }
  if (server.startsWith('[')) return undefined
  return REGISTRY.test(authority) ? { host: undefined, port: -1 } : undefined
}

function isHost(host: string): boolean {
  if (host.startsWith('[')) return IPV6.test(host) && isIpv6(host.slice(1, -1).split('%')[0] as string)
  return HOST_NAME.test(host) || IPV4.test(host)
}

function isIpv6(text: string): boolean {
  try {
    return new URL(`http://[${text}]/`).hostname !== ''
  } catch {
    return false
  }
}

/** java.net.URI's decoding: runs of escapes are UTF-8; malformed bytes become U+FFFD. */
function decode(text: string | undefined): string {
  return text === undefined
    ? ''
    : text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'))
}

/** java.net.URLDecoder, with its messages. */
function decodeForm(text: string): string {
  return text.replaceAll('+', ' ').replace(/(?:%[\s\S]{0,2})+/g, (run) => {
    const bytes: number[] = []
    let at = 0
    for (; run[at] === '%'; at += 3) {
      if (at + 2 >= run.length) fail('URLDecoder: Incomplete trailing escape (%) pattern')
      const digits = run.slice(at + 1, at + 3)
      if (!/^[0-9A-Fa-f]{2}$/.test(digits)) fail(`URLDecoder: Illegal hex characters in escape (%) pattern - Error at "${digits}"`)
      bytes.push(Number.parseInt(digits, 16))
    }
    return Buffer.from(bytes).toString('utf8') + run.slice(at)
  })
}

function encodeForm(text: string): string {
  return encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replace(/[!'()~]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`)
}

const part = (name: string, read: (uri: Uri) => string) =>
  computed(`weir_url_${name}`, ['VARCHAR'], 'VARCHAR', (text) => {
    const uri = parseUri(text)
    return uri === undefined ? null : read(uri)
  })

export const URLS = [
  part('protocol', ({ scheme }) => scheme ?? ''),
  part('host', ({ host }) => host ?? ''),
  part('path', ({ path }) => decode(path)),
  part('query', ({ query }) => decode(query)),
  part('fragment', ({ fragment }) => decode(fragment)),
  computed('weir_url_port', ['VARCHAR'], 'BIGINT', (text) => {
    const port = parseUri(text)?.port ?? -1
    return port < 0 ? null : BigInt(port)
  }),
  computed('weir_url_parameter', ['VARCHAR', 'VARCHAR'], 'VARCHAR', (text, name) => {
    const query = parseUri(text)?.query
    if (query === undefined) return null
    for (const argument of query.split('&')) {
      const equals = argument.indexOf('=')
      if ((equals < 0 ? argument : argument.slice(0, equals)) === name) return equals < 0 ? '' : decodeForm(argument.slice(equals + 1))
    }
    return null
  }),
  computed('weir_url_decode', ['VARCHAR'], 'VARCHAR', decodeForm),
  computed('weir_url_encode', ['VARCHAR'], 'VARCHAR', encodeForm),
]
