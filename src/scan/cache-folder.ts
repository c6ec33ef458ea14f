/** The block cache's folder at start: what a process that died left behind, and how much it may hold. */
import { mkdir, readdir, rm, statfs, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { lockFolder } from './folder-lock.ts'

const DEFAULT_SHARE = 0.2
const DEFAULT_MOST = 50e9

/** A fifth of the disk's free space, at most 50 GB. */
export async function defaultBudget(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return Math.min(DEFAULT_MOST, Math.floor(bavail * bsize * DEFAULT_SHARE))
}

/** Private caches whose process is gone. */
export async function sweepPrivate(folder: string): Promise<void> {
  const root = join(folder, 'private')
  const names = await readdir(root).catch(() => [])
  for (const name of names) {
    const path = join(root, name)
    const lock = lockFolder(path)
    if (lock === undefined) continue
    lock.release()
    await rm(path, { recursive: true, force: true })
  }
}

/** Deletes units that the log does not mention, and all links; returns the highest number that a unit's file has. */
export async function sweepFiles(folder: string, known: ReadonlySet<string>): Promise<number> {
  await rm(join(folder, 'links'), { recursive: true, force: true })
  const root = join(folder, 'units')
  await mkdir(root, { recursive: true })
  let highest = 0
  for (const name of await readdir(root)) {
    for (const file of await readdir(join(root, name))) {
      const path = join(root, name, file)
      highest = Math.max(highest, Number(file) || 0)
      if (!known.has(path)) await unlink(path)
    }
  }
  return highest
}
