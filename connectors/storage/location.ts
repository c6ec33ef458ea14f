/** Locations as users write them (CONTRACT.md, section 2) and as the catalog keeps them. */
import { QueryError } from '#src/common/errors'
import type { Bucket } from './object-store.ts'

/** A canonical place: `s3://bucket/key/`, `gs://bucket/key`, `file:///abs/key/`. A trailing '/' in `key` means a folder (prefix). */
export interface Location {
  readonly bucket: Bucket
  /** Without a leading '/'; the empty key is the bucket's root. */
  readonly key: string
}

export function formatLocation(location: Location): string {
  const { bucket, key } = location
  return bucket.scheme === 'file' ? `file:///${key}` : `${bucket.scheme}://${bucket.name}/${key}`
}

/**
 * Parses `s3://b/p/`, `s3a://`, `gs://b/p`, `file:///abs`. Paths (absolute or relative) need `workingFolder`.
 * Throws QueryError INVALID_TABLE_PROPERTY for anything else, for `..` segments and for empty bucket names.
 */
export function parseLocation(text: string, workingFolder?: string): Location {
  const invalid = (why: string) => new QueryError('INVALID_TABLE_PROPERTY', `Invalid location '${text}': ${why}`)
  const url = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text)
  if (url === null) {
    if (text.includes('\0')) throw invalid('it contains a NUL character')
    if (text.startsWith('/')) return { bucket: { scheme: 'file', name: '' }, key: normalizePath(text) }
    if (workingFolder === undefined) throw invalid('expected s3://bucket/prefix/, gs://bucket/prefix/ or file:///folder/')
    return { bucket: { scheme: 'file', name: '' }, key: normalizePath(`${workingFolder}/${text}`) }
  }
  const scheme = (url[1] as string).toLowerCase()
  const rest = url[2] as string
  if (text.includes('\0')) throw invalid('it contains a NUL character')
  if (scheme === 'file') {
    if (!rest.startsWith('/')) throw invalid('a file location has three slashes: file:///folder/')
    return { bucket: { scheme: 'file', name: '' }, key: normalizePath(rest) }
  }
  if (scheme !== 's3' && scheme !== 's3a' && scheme !== 's3n' && scheme !== 'gs')
    throw invalid(`the scheme '${scheme}' is not supported; use s3, gs or file`)
  const slash = rest.indexOf('/')
  const name = slash < 0 ? rest : rest.slice(0, slash)
  if (!/^[a-z0-9][a-z0-9._-]{1,221}$/i.test(name)) throw invalid(`'${name}' is not a bucket name`)
  const key = slash < 0 ? '' : rest.slice(slash + 1)
  if (key.split('/').some((part) => part === '..' || part === '.')) throw invalid("it contains '.' or '..' segments")
  return { bucket: { scheme: scheme === 'gs' ? 'gs' : 's3', name }, key }
}

/** Resolves '.', '..' and doubled slashes; keeps a trailing slash; drops the leading one. */
function normalizePath(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return parts.join('/') + (path.endsWith('/') && parts.length > 0 ? '/' : '')
}
