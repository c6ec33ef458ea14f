/**
 * Passwords in a file as `htpasswd -B` writes it: `user:$2y$10$…` a line. It is read again when it changes. A password
 * that was right is not compared again while its line stays the same; it is known by a digest under a key of this process
 * only. Names that are not in the file cost what others cost, so that nobody learns which there are.
 */
import { createHmac, randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import { QueryError } from '#src/common/errors'
import { PasswordComparer } from './password-compare.ts'
import { type WatchOptions, watchFile } from './watched-file.ts'

export interface Passwords {
  /** Whether it is the user's password. Throws GENERIC_INSUFFICIENT_RESOURCES when too many are being checked. */
  verify(user: string, password: string): Promise<boolean>
  close(): Promise<void>
}

const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/
/** Trino's least; above the most a comparison takes minutes. */
const COSTS = { least: 8, most: 16 }
const KNOWN = { max: 10_000, ttl: 3_600_000 }

/** Throws GENERIC_USER_ERROR that names the file and its bad line. */
export async function openPasswordFile(path: string, options: WatchOptions): Promise<Passwords> {
  const file = await watchFile(path, (text) => parsePasswords(text, path), options).catch((error: Error) => {
    throw error instanceof QueryError
      ? error
      : new QueryError('GENERIC_USER_ERROR', `Cannot read the password file ${path}: ${error.message}`)
  })
  const comparer = new PasswordComparer()
  const key = randomBytes(32)
  const digest = (...parts: readonly string[]): Buffer => createHmac('sha256', key).update(JSON.stringify(parts)).digest()
  const known = new LRUCache<string, true>(KNOWN)
  const comparing = new Map<string, Promise<boolean>>()

  const compare = async (name: string, password: string, hash: string): Promise<boolean> => {
    // bcrypt reads a password up to its first NUL: what follows would be free to choose.
    const equal = (await comparer.compare(password, hash)) && !password.includes('\0')
    if (equal) known.set(name, true)
    return equal
  }

  return {
    async verify(user, password) {
      const hashes = await file.current()
      const hash = hashes.get(user)
      // Always the same line for the same name, so that its cost tells nothing either.
      const compared = hash ?? ([...hashes.values()][digest('unknown', user).readUInt32BE(0) % hashes.size] as string)
      const name = digest('known', user, password, compared).toString('base64')
      if (hash !== undefined && known.has(name)) return true
      let comparison = comparing.get(name)
      if (comparison === undefined) {
        comparison = compare(name, password, compared).finally(() => comparing.delete(name))
        comparing.set(name, comparison)
      }
      return (await comparison) && hash !== undefined
    },
    close: () => comparer.close(),
  }
}

function parsePasswords(text: string, path: string): ReadonlyMap<string, string> {
  const hashes = new Map<string, string>()
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.replace(/\r$/, '')
    if (line.trim() === '' || line.startsWith('#')) continue
    // The line itself is not shown: it may be a password.
    const bad = (why: string): QueryError =>
      new QueryError('GENERIC_USER_ERROR', `The password file ${path} is wrong in line ${index + 1}: ${why}`, {
        hint: 'Lines are made by: htpasswd -B -C 10 FILE USER',
      })
    const split = line.indexOf(':')
    if (split <= 0) throw bad('it is not user:hash')
    const user = line.slice(0, split)
    const hash = line.slice(split + 1)
    const match = BCRYPT.exec(hash)
    if (match === null) throw bad('its hash is not of bcrypt ($2y$…)')
    const cost = Number(match[1])
    if (cost < COSTS.least || cost > COSTS.most)
      throw bad(`the cost of its hash is ${cost}, and must be from ${COSTS.least} to ${COSTS.most}`)
    if (hashes.has(user)) throw bad('its user has a line already')
    hashes.set(user, hash)
  }
  if (hashes.size === 0) throw new QueryError('GENERIC_USER_ERROR', `The password file ${path} has no users`)
  return hashes
}
