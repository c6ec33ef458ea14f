/** Sets up the ways in which users prove who they are. */
import { type Impersonation, impersonationRules } from './impersonation.ts'
import { createTokenVerifier, type TokenVerifier } from './jwt.ts'
import { openPasswordFile, type Passwords } from './password-file.ts'

export interface AuthenticationOptions {
  readonly passwordFile?: string | undefined
  readonly jwtKeys?: string | undefined
  readonly jwtIssuer?: string | undefined
  readonly jwtAudience?: string | undefined
  readonly jwtPrincipal: string
  readonly impersonation?: readonly string[] | undefined
  /** Told when a changed file, or an address, gives nothing that can be used. */
  readonly onFailure: (error: Error) => void
}

export interface Authentication {
  readonly passwords: Passwords | undefined
  readonly jwt: TokenVerifier | undefined
  readonly impersonation: Impersonation
  close(): Promise<void>
}

/** Throws GENERIC_USER_ERROR that names the option and what is wrong with it. */
export async function openAuthentication(options: AuthenticationOptions): Promise<Authentication> {
  const { passwordFile, jwtKeys, jwtIssuer, jwtAudience, jwtPrincipal, onFailure } = options
  const impersonation = impersonationRules(options.impersonation ?? [])
  const jwt =
    jwtKeys === undefined
      ? undefined
      : await createTokenVerifier({ keys: jwtKeys, issuer: jwtIssuer, audience: jwtAudience, principal: jwtPrincipal, onFailure })
  const passwords = passwordFile === undefined ? undefined : await openPasswordFile(passwordFile, { onFailure })
  return { passwords, jwt, impersonation, close: async () => passwords?.close() }
}
