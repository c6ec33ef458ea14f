/** Users with passwords, and an issuer of tokens, as files that a server is started with. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import bcrypt from 'bcryptjs'
import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose'

export interface TokenIssuer {
  /** A JWKS file. */
  readonly keys: string
  /** Of issuer `https://issuer.test` for the audience `weir`, one hour long, unless the claims say otherwise. */
  token(claims: JWTPayload, header?: { readonly kid?: string }): Promise<string>
}

/** `user:password` pairs, hashed with the least cost that is taken. */
export function writePasswordFile(path: string, users: Readonly<Record<string, string>>): string {
  const line = ([user, password]: readonly [string, string]) => `${user}:${bcrypt.hashSync(password, 8).replace('$2b$', '$2y$')}\n`
  writeFileSync(path, Object.entries(users).map(line).join(''))
  return path
}

export async function makeTokenIssuer(folder: string, kid = 'one', file = 'keys.json'): Promise<TokenIssuer> {
  const { publicKey, privateKey } = await generateKeyPair('RS256', { extractable: true })
  const keys = join(folder, file)
  writeFileSync(keys, JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' }] }))
  return {
    keys,
    token: (claims, header = { kid }) =>
      new SignJWT({ iss: 'https://issuer.test', aud: 'weir', exp: Math.floor(Date.now() / 1000) + 3600, ...claims })
        .setProtectedHeader({ alg: 'RS256', ...header })
        .sign(privateKey),
  }
}
