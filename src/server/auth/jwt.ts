/** JSON Web Tokens (RFC 7519) signed with keys of a JWKS (RFC 7517): a file that is read again when it changes, or an address. */
import {
  createLocalJWKSet,
  createRemoteJWKSet,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from 'jose'
import { QueryError } from '#src/common/errors'
import { type WatchOptions, watchFile } from './watched-file.ts'

export interface TokenVerifier {
  /** The principal of a valid token; undefined when it is not valid. Throws GENERIC_INSUFFICIENT_RESOURCES when the keys cannot be had. */
  verify(token: string): Promise<string | undefined>
}

export interface JwtOptions extends WatchOptions {
  /** A file or an https address. */
  readonly keys: string
  readonly issuer: string | undefined
  readonly audience: string | undefined
  /** The claim that names the user. */
  readonly principal: string
}

/** Signatures only by private keys: with shared secrets a public key could be taken for one. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512', 'PS256', 'PS384', 'PS512']
const LONGEST_TOKEN = 16 * 1024
const LONGEST_NAME = 255
const CLOCK_TOLERANCE_S = 10
const REMOTE = { timeoutDuration: 5000, cooldownDuration: 30_000, cacheMaxAge: 600_000 }

/** Throws GENERIC_USER_ERROR for keys that cannot be used. */
export async function createTokenVerifier(options: JwtOptions): Promise<TokenVerifier> {
  const keys = /^https?:/i.test(options.keys) ? remoteKeys(options) : await fileKeys(options)
  const checks: JWTVerifyOptions = {
    algorithms: ALGORITHMS,
    clockTolerance: CLOCK_TOLERANCE_S,
    // What never ends could not be taken back.
    requiredClaims: ['exp', options.principal],
    ...(options.issuer !== undefined && { issuer: options.issuer }),
    ...(options.audience !== undefined && { audience: options.audience }),
  }
  return {
    async verify(token) {
      if (token.length > LONGEST_TOKEN) return undefined
      try {
        return principalOf(await payloadOf(token, keys, checks), options.principal)
      } catch (error) {
        if (isUnavailable(error)) {
          options.onFailure(error as Error)
          throw new QueryError('GENERIC_INSUFFICIENT_RESOURCES', 'The keys that tokens are checked with cannot be had now', {
            cause: error,
            retryable: true,
          })
        }
        return undefined
      }
    },
  }
}

function remoteKeys({ keys, issuer, audience }: JwtOptions): JWTVerifyGetKey {
  let url: URL
  try {
    url = new URL(keys)
  } catch {
    throw new QueryError('GENERIC_USER_ERROR', `--jwt-keys is neither a file nor an address: ${keys}`)
  }
  const local = ['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)
  if (url.protocol !== 'https:' && !local)
    throw new QueryError('GENERIC_USER_ERROR', `--jwt-keys must be a file or an https address, not ${keys}`)
  if (issuer === undefined || audience === undefined)
    throw new QueryError('GENERIC_USER_ERROR', 'An address in --jwt-keys needs --jwt-issuer and --jwt-audience', {
      hint: 'Its owner signs tokens for others too; without them each of those tokens would be let in.',
    })
  return createRemoteJWKSet(url, REMOTE)
}

async function fileKeys(options: JwtOptions): Promise<JWTVerifyGetKey> {
  const path = options.keys
  const parse = (text: string): JWTVerifyGetKey => {
    const set = JSON.parse(text) as JSONWebKeySet
    if (!Array.isArray(set.keys) || set.keys.length === 0) throw new Error('it has no keys')
    if (set.keys.some((key) => key.kty === 'oct' || 'd' in key)) throw new Error('it holds a secret key; only public keys belong there')
    return createLocalJWKSet(set)
  }
  const file = await watchFile(path, parse, options).catch((error: Error) => {
    throw new QueryError('GENERIC_USER_ERROR', `Cannot use the key set ${path} (--jwt-keys): ${error.message}`)
  })
  return async (header, token) => (await file.current())(header, token)
}

/** Throws errors of jose. */
async function payloadOf(token: string, keys: JWTVerifyGetKey, checks: JWTVerifyOptions): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, checks)).payload
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error
    // A token without a key's name, and several keys that it may be signed with.
    for await (const key of error) {
      try {
        return (await jwtVerify(token, key, checks)).payload
      } catch (failure) {
        if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure
      }
    }
    throw new errors.JWSSignatureVerificationFailed()
  }
}

function principalOf(payload: JWTPayload, claim: string): string | undefined {
  const name = payload[claim]
  if (typeof name !== 'string' || name === '' || name.length > LONGEST_NAME) return undefined
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return /[\u0000-\u001f\u007f]/.test(name) ? undefined : name
}

/** The keys' fault, not the token's. */
function isUnavailable(error: unknown): boolean {
  if (!(error instanceof errors.JOSEError)) return true
  // Answers that are no key set come without a code of their own.
  return ['ERR_JWKS_TIMEOUT', 'ERR_JWKS_INVALID', 'ERR_JOSE_GENERIC'].includes(error.code)
}
