/** JSON Web Tokens: what is let in, and the known ways of forging them. */
import { createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { exportJWK, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTokenVerifier, type JwtOptions, type TokenVerifier } from '#src/server/auth/jwt'
import { makeTokenIssuer, type TokenIssuer } from '#tests/support/logins'

let folder: string
let issuer: TokenIssuer
const failures: Error[] = []
const verifier = (options: Partial<JwtOptions> = {}): Promise<TokenVerifier> =>
  createTokenVerifier({
    keys: issuer.keys,
    issuer: 'https://issuer.test',
    audience: 'weir',
    principal: 'sub',
    onFailure: (error) => failures.push(error),
    everyMs: 0,
    ...options,
  })
const encode = (value: unknown): string => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url')
const now = (): number => Math.floor(Date.now() / 1000)
const CLAIMS = { sub: 'alice', iss: 'https://issuer.test', aud: 'weir', exp: now() + 3600 }

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'weir-jwt-'))
  issuer = await makeTokenIssuer(folder)
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('a token', () => {
  it('names its principal by the claim that was chosen', async () => {
    expect(await (await verifier()).verify(await issuer.token({ sub: 'alice' }))).toBe('alice')
    expect(await (await verifier({ principal: 'email' })).verify(await issuer.token({ sub: 'x', email: 'a@b.c' }))).toBe('a@b.c')
    expect(await (await verifier({ principal: 'email' })).verify(await issuer.token({ sub: 'x' }))).toBeUndefined()
    expect(await (await verifier()).verify(await issuer.token({ sub: 'alice', aud: ['x', 'weir'] }))).toBe('alice')
  })

  it.each([
    ['expired', { sub: 'alice', exp: now() - 60 }],
    ['not valid yet', { sub: 'alice', nbf: now() + 60 }],
    ['without an end', { sub: 'alice', exp: undefined as unknown as number }],
    ['of another issuer', { sub: 'alice', iss: 'https://evil.test' }],
    ['for another audience', { sub: 'alice', aud: 'other' }],
    ['without an audience', { sub: 'alice', aud: undefined as unknown as string }],
    ['without a principal', {}],
    ['with an empty principal', { sub: '' }],
    ['with a principal that is no text', { sub: 7 as unknown as string }],
    ['with a line break in its principal', { sub: 'alice\r\nX-Trino-User: root' }],
  ])('%s is refused', async (_what, claims) => {
    expect(await (await verifier()).verify(await issuer.token(claims))).toBeUndefined()
  })

  it('needs no key name where there is one key, and takes none that does not exist', async () => {
    expect(await (await verifier()).verify(await issuer.token({ sub: 'alice' }, {}))).toBe('alice')
    expect(await (await verifier()).verify(await issuer.token({ sub: 'alice' }, { kid: '../one' }))).toBeUndefined()
  })

  it('without a key name is tried with each of several keys', async () => {
    const other = await makeTokenIssuer(folder, 'two', 'other.json')
    const both = join(folder, 'both.json')
    const keysOf = (path: string) => JSON.parse(readFileSync(path, 'utf8')).keys
    writeFileSync(both, JSON.stringify({ keys: [...keysOf(issuer.keys), ...keysOf(other.keys)] }))
    const tokens = await verifier({ keys: both })
    expect(await tokens.verify(await other.token({ sub: 'bob' }, {}))).toBe('bob')
    expect(await tokens.verify(await issuer.token({ sub: 'alice' }, {}))).toBe('alice')
    const third = await makeTokenIssuer(folder, 'three', 'third.json')
    expect(await tokens.verify(await third.token({ sub: 'eve' }, {}))).toBeUndefined()
    // The key that a token names is the one that counts.
    expect(await tokens.verify(await third.token({ sub: 'eve' }, { kid: 'one' }))).toBeUndefined()
  })

  it('is not unsigned', async () => {
    const tokens = await verifier()
    for (const alg of ['none', 'None', 'NONE', ''])
      for (const end of ['', 'x']) expect(await tokens.verify(`${encode({ alg })}.${encode(CLAIMS)}.${end}`)).toBeUndefined()
    const [head, , signature] = (await issuer.token({ sub: 'alice' })).split('.')
    expect(await tokens.verify(`${head}.${encode(CLAIMS)}.${signature}`)).toBeUndefined()
    expect(await tokens.verify(`${head}.${encode(CLAIMS)}.`)).toBeUndefined()
  })

  it('is not signed with a public key as if it were a shared secret', async () => {
    const [jwk] = JSON.parse(readFileSync(issuer.keys, 'utf8')).keys
    const publicKey = createPublicKey({ key: jwk, format: 'jwk' })
    const secrets = [publicKey.export({ type: 'spki', format: 'pem' }), publicKey.export({ type: 'pkcs1', format: 'pem' }), jwk.n]
    const tokens = await verifier()
    for (const secret of secrets) {
      const text = `${encode({ alg: 'HS256', kid: 'one' })}.${encode(CLAIMS)}`
      const forged = `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
      expect(await tokens.verify(forged)).toBeUndefined()
    }
  })

  it('is not signed with a key that it brings along', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const jwk = await exportJWK(publicKey)
    const forged = await new SignJWT(CLAIMS)
      .setProtectedHeader({ alg: 'RS256', kid: 'one', jwk, jku: 'https://evil.test/keys' })
      .sign(privateKey)
    expect(await (await verifier()).verify(forged)).toBeUndefined()
  })

  it('is text of a bounded length', async () => {
    const tokens = await verifier()
    for (const text of ['', '.', '..', 'a.b.c', `${'x'.repeat(60_000)}`, await issuer.token({ sub: 'alice', pad: 'x'.repeat(20_000) })])
      expect(await tokens.verify(text)).toBeUndefined()
  })
})

describe('the key set', () => {
  it('is read again when its file changes', async () => {
    const path = join(folder, 'turning.json')
    const second = await makeTokenIssuer(folder, 'new', 'second.json')
    writeFileSync(path, readFileSync(issuer.keys))
    const tokens = await verifier({ keys: path })
    expect(await tokens.verify(await issuer.token({ sub: 'alice' }))).toBe('alice')
    writeFileSync(path, readFileSync(second.keys, 'utf8').concat(' '))
    expect(await tokens.verify(await second.token({ sub: 'alice' }))).toBe('alice')
    expect(await tokens.verify(await issuer.token({ sub: 'alice' }))).toBeUndefined()
  })

  it.each([
    ['{"keys":[]}', 'it has no keys'],
    ['[]', 'it has no keys'],
    ['{"keys":[{"kty":"oct","k":"AAAA"}]}', 'it holds a secret key'],
    ['{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB"}]}', 'it holds a secret key'],
    ['nonsense', 'Cannot use the key set'],
  ])('%s is refused at the start', async (text, message) => {
    const path = join(folder, 'bad.json')
    writeFileSync(path, text)
    await expect(verifier({ keys: path })).rejects.toThrow(message)
  })

  it('an address must be https, and needs an issuer and an audience', async () => {
    await expect(verifier({ keys: 'http://issuer.test/keys' })).rejects.toThrow('must be a file or an https address')
    await expect(verifier({ keys: 'https://issuer.test/keys', audience: undefined })).rejects.toThrow('--jwt-issuer and --jwt-audience')
  })

  it('is fetched from an address, kept, and fetched again for a new key; without it tokens are neither right nor wrong', async () => {
    let keys = readFileSync(issuer.keys, 'utf8')
    let fetched = 0
    const server: Server = createServer((_request, response) => {
      fetched++
      if (keys === '') response.statusCode = 500
      response.end(keys)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`
    try {
      const tokens = await verifier({ keys: address })
      for (let time = 0; time < 3; time++) expect(await tokens.verify(await issuer.token({ sub: 'alice' }))).toBe('alice')
      expect(fetched).toBe(1)
      keys = ''
      const without = await verifier({ keys: address })
      await expect(without.verify(await issuer.token({ sub: 'alice' }))).rejects.toMatchObject({ status: 503, retryable: true })
      expect(await tokens.verify(await issuer.token({ sub: 'alice' }))).toBe('alice')
    } finally {
      server.close()
    }
  })
})
