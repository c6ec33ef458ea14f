/**
 * The keys below a prefix in UTF-8 byte order, walked depth first. A folder sorts as its name with a '/', so that `a.csv`
 * comes before what lies in `a/` ('.' is less than '/'), as in an object store.
 */
import type { BigIntStats, Dirent } from 'node:fs'
import { lstat, readdir, realpath, stat } from 'node:fs/promises'
import { isCode } from './file-errors.ts'
import { compareKeys } from './key-order.ts'
import { type ObjectInfo, StoreError } from './object-store.ts'

/** Files of one folder asked for their size at once. */
const STAT_BATCH = 64

export interface Entry {
  /** Of a file, or of a folder with its '/' (delimited walks). */
  readonly key: string
  /** Absent for a folder. */
  readonly info?: ObjectInfo
}

/** Throws when `realPath` (symlinks resolved) may not be read; `path` is what was asked for. See AccessPolicy.checkRealPath. */
export type CheckRealPath = (realPath: string, path: string) => Promise<void>

export interface WalkOptions {
  readonly prefix: string
  /** Stop at the first '/' after the prefix. */
  readonly delimited: boolean
  /** Only keys after this one; '' = all. */
  readonly startAfter: string
  readonly checkRealPath: CheckRealPath
  /** Throws when the caller has gone. */
  readonly check: () => void
}

interface Folder {
  /** '' or ending with '/'. */
  readonly key: string
  /** Real paths of this folder and those above it, to see a link that leads back up. */
  readonly reals: readonly string[]
}

interface Child {
  readonly key: string
  readonly isFolder: boolean
  readonly isLink: boolean
}

export async function* walk(options: WalkOptions): AsyncGenerator<Entry> {
  const { prefix, checkRealPath } = options
  const key = prefix.slice(0, prefix.lastIndexOf('/') + 1)
  const real = await realpath(`/${key}`).catch((error: unknown) => {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return undefined
    throw error
  })
  // As in a bucket, there is nothing below a prefix that does not exist.
  if (real === undefined || !(await stat(real)).isDirectory()) return
  await checkRealPath(real, `/${key}`)
  yield* walkFolder({ key, reals: [real] }, options)
}

async function* walkFolder(folder: Folder, options: WalkOptions): AsyncGenerator<Entry> {
  const { prefix, delimited, startAfter, check } = options
  check()
  const entries = await readdir(`/${folder.key}`, { withFileTypes: true })
  const children: Child[] = []
  for (const entry of entries) {
    const child = await childOf(folder, entry, options)
    if (child === undefined) continue
    // A folder comes before what lies in it, which may still be after startAfter.
    const isAfter = compareKeys(child.key, startAfter) > 0 || (child.isFolder && !delimited && startAfter.startsWith(child.key))
    if (child.key.startsWith(prefix) && isAfter) children.push(child)
  }
  children.sort((a, b) => compareKeys(a.key, b.key))
  for (let at = 0; at < children.length; at += STAT_BATCH) {
    check()
    const batch = children.slice(at, at + STAT_BATCH)
    const infos = await Promise.all(batch.map((child) => (child.isFolder ? undefined : infoOf(child))))
    for (const [index, child] of batch.entries()) {
      const info = infos[index]
      if (info !== undefined) yield { key: child.key, info }
      if (!child.isFolder) continue
      if (delimited) yield { key: child.key }
      else yield* walkFolder(await enter(folder, child), options)
    }
  }
}

/** A plain file or folder, links resolved and checked; undefined for sockets and the like, and for files being written. */
async function childOf(folder: Folder, entry: Dirent, { prefix, checkRealPath }: WalkOptions): Promise<Child | undefined> {
  const key = folder.key + entry.name
  if (!entry.isSymbolicLink()) {
    if (entry.isDirectory()) return { key: `${key}/`, isFolder: true, isLink: false }
    return entry.isFile() && !isTemporary(entry.name) ? { key, isFolder: false, isLink: false } : undefined
  }
  // Links that the listing does not ask for are not its business.
  if (!key.startsWith(prefix)) return undefined
  const target = await realpath(`/${key}`).catch((error: unknown) => {
    if (isCode(error, 'ENOENT', 'ENOTDIR'))
      throw new StoreError('not-found', 'ListFolder', `file:///${key}`, 'the symbolic link leads nowhere')
    throw error
  })
  await checkRealPath(target, `/${key}`)
  const stats = await stat(target)
  if (stats.isDirectory()) return { key: `${key}/`, isFolder: true, isLink: true }
  return stats.isFile() ? { key, isFolder: false, isLink: true } : undefined
}

async function enter(folder: Folder, child: Child): Promise<Folder> {
  const name = child.key.slice(folder.key.length, -1)
  const parent = folder.reals[folder.reals.length - 1] as string
  const real = child.isLink ? await realpath(`/${child.key}`) : `${parent === '/' ? '' : parent}/${name}`
  if (folder.reals.includes(real))
    throw new StoreError('failed', 'ListFolder', `file:///${child.key}`, 'the symbolic link leads back to a folder above it')
  return { key: child.key, reals: [...folder.reals, real] }
}

/** Undefined for a file that was deleted since its folder was read. */
async function infoOf(child: Child): Promise<ObjectInfo | undefined> {
  const stats = await (child.isLink ? stat : lstat)(`/${child.key}`, { bigint: true }).catch((error: unknown) => {
    if (isCode(error, 'ENOENT')) return undefined
    throw error
  })
  if (stats === undefined) return undefined
  return { key: child.key, size: Number(stats.size), version: fileVersion(stats), modified: Number(stats.mtimeMs) }
}

/** What changes when the file's bytes do. */
export function fileVersion(stats: BigIntStats): string {
  return `${stats.size}-${stats.mtimeNs}-${stats.ino}`
}

/** A file that is being written; see FileStore.put. */
function isTemporary(name: string): boolean {
  return name.startsWith('.weir-') && name.endsWith('.tmp')
}
