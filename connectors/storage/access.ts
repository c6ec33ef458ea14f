/**
 * Which locations REST and SQL may name (CONTRACT.md, section 2): those below a stored root or an `--allow` prefix, and all
 * of s3 and gs where the server is bound to loopback only. Local paths are compared after realpath, so that a symlink out
 * of a root is refused wherever it is met.
 */
import { realpath } from 'node:fs/promises'
import { dirname } from 'node:path'
import { QueryError } from '#src/common/errors'
import { isCode } from './file-errors.ts'
import { formatLocation, type Location } from './location.ts'
import { StoreError } from './object-store.ts'

export interface AccessOptions {
  /** Roots kept in the catalog, and the warehouse. Asked again about once a second. */
  readonly roots: () => readonly Location[] | Promise<readonly Location[]>
  /** `--allow` prefixes. */
  readonly allow?: readonly Location[]
  /** All of s3 and gs, the default on loopback. */
  readonly anyBucket: boolean
}

const ROOTS_KEPT_MS = 1000

/** The root of the file system as a root: what the embedded CLI uses, whose user may read what the system lets them. */
export const WHOLE_FILE_SYSTEM: Location = { bucket: { scheme: 'file', name: '' }, key: '' }

export class AccessPolicy {
  readonly #options: AccessOptions
  #places: readonly Location[] = []
  #readAt = Number.NEGATIVE_INFINITY

  constructor(options: AccessOptions) {
    this.#options = options
  }

  /** Throws QueryError PERMISSION_DENIED unless everything below `location` may be read. */
  async check(location: Location): Promise<void> {
    if (location.bucket.scheme === 'file') return this.checkRealPath(await realPathOf(`/${location.key}`), `/${location.key}`)
    if (this.#options.anyBucket || (await this.#covers(location))) return
    throw denied(formatLocation(location))
  }

  /** As `check`, for a local path whose symlinks are resolved; `path` is what was asked for. */
  async checkRealPath(realPath: string, path: string): Promise<void> {
    if (await this.#covers({ bucket: WHOLE_FILE_SYSTEM.bucket, key: realPath.slice(1) })) return
    throw denied(`file://${path}`)
  }

  async #covers(location: Location): Promise<boolean> {
    if (performance.now() - this.#readAt < ROOTS_KEPT_MS && this.#places.some((place) => covers(place, location))) return true
    // A root that was added a moment ago must count, so a refusal is never from memory.
    const roots = [...(this.#options.allow ?? []), ...(await this.#options.roots())]
    this.#places = await Promise.all(roots.map(resolved))
    this.#readAt = performance.now()
    return this.#places.some((place) => covers(place, location))
  }
}

/** Whole path segments: `s3://b/lake` covers `s3://b/lake/x`, not `s3://b/lakehouse`. */
function covers(place: Location, location: Location): boolean {
  if (place.bucket.scheme !== location.bucket.scheme || place.bucket.name !== location.bucket.name) return false
  const base = place.key.replace(/\/$/, '')
  return base === '' || location.key.replace(/\/$/, '') === base || location.key.startsWith(`${base}/`)
}

async function resolved(root: Location): Promise<Location> {
  if (root.bucket.scheme !== 'file') return root
  return { bucket: root.bucket, key: (await realPathOf(`/${root.key}`)).slice(1) }
}

/** With what exists of the path resolved; the rest can be no symlink. */
async function realPathOf(path: string): Promise<string> {
  try {
    return await realpath(path)
  } catch (error) {
    if (isCode(error, 'EACCES', 'EPERM'))
      throw new StoreError('denied', 'ListFolder', `file://${path}`, 'permission denied by the file system')
    if (isCode(error, 'ELOOP')) throw new StoreError('failed', 'ListFolder', `file://${path}`, 'too many symbolic links')
    if (!isCode(error, 'ENOENT', 'ENOTDIR') || path === '/') throw error
    const parent = dirname(path)
    const above = await realPathOf(parent)
    return `${above === '/' ? '' : above}/${path.slice(parent === '/' ? 1 : parent.length + 1)}`
  }
}

function denied(location: string): QueryError {
  return new QueryError('PERMISSION_DENIED', `Access Denied: location '${location}' is outside the configured locations`, {
    hint: 'start the server with --allow <prefix> to permit it, or register the folder with "weir catalog add" on the server\'s machine',
  })
}
