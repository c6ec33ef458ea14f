/** Who the command line is to a server. Secrets come by the environment or a file, never by a flag: other users of the machine can read those. */
import { readFileSync } from 'node:fs'
import type { GlobalOptions } from './program.ts'
import { usage } from './settings.ts'

/** The token from WEIR_TOKEN or --token-file. */
export function readToken(options: GlobalOptions): string | undefined {
  const fromEnvironment = process.env.WEIR_TOKEN
  if (fromEnvironment !== undefined && fromEnvironment !== '') return fromEnvironment
  if (options.tokenFile === undefined) return undefined
  let token: string
  try {
    token = readFileSync(options.tokenFile, 'utf8').trim()
  } catch (error) {
    throw usage(`Cannot read the token file ${options.tokenFile}: ${(error as Error).message}`)
  }
  if (token === '') throw usage(`The token file ${options.tokenFile} is empty`)
  return token
}

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/**
 * The headers of every request to `server`: a user with WEIR_PASSWORD, or a token (a JSON Web Token tells its user itself,
 * the holder of an operators' token may name one). Throws GENERIC_USER_ERROR for what does not go together.
 */
export function credentialHeaders(server: string, options: GlobalOptions): Readonly<Record<string, string>> {
  if (!URL.canParse(server) || !/^https?:$/.test(new URL(server).protocol))
    throw usage(`--server takes a URL such as http://127.0.0.1:8080`)
  const { protocol, hostname, username, password: inAddress } = new URL(server)
  if (username !== '' || inAddress !== '')
    throw usage('--server takes no user and no password', 'Give --user, and the password in WEIR_PASSWORD.')
  const { user } = options
  const token = readToken(options)
  const password = process.env.WEIR_PASSWORD || undefined
  const named: Readonly<Record<string, string>> = user === undefined ? {} : { 'x-trino-user': user }
  if (token !== undefined) {
    if (password !== undefined) throw usage('There are a token and a password: one of them has to go')
    return { ...named, authorization: `Bearer ${token}` }
  }
  if (password === undefined) return named
  if (user === undefined) throw usage('There is a password (WEIR_PASSWORD), but no user', 'Give --user.')
  if (user.includes(':')) throw usage('A user who logs in by a password has no colon in the name')
  if (protocol === 'http:' && !LOOPBACK.test(hostname))
    throw usage(`The password would go to ${hostname} unencrypted`, 'Use an address that begins with https.')
  return { ...named, authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` }
}
