/** A local file as a unit without copying: a hard link in the cache folder, where the kernel may read. */
import { link, mkdir, realpath, stat, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { StoreError } from '#connectors/storage/object-store'
import { type CachedUnit, objectOf } from './cached-unit.ts'
import { type ScanRun, waitForOther } from './scan-run.ts'

/** What keeps a file from being linked: another device, no permission, a file system without links, or too many of them. */
const REFUSALS = new Set(['EXDEV', 'EPERM', 'EACCES', 'EMLINK', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'ENOSPC', 'EROFS'])

/** False: the file cannot be linked and must be read like any object. Throws the store's errors, `changed` among them. */
export async function linkUnit(run: ScanRun, unit: CachedUnit): Promise<boolean> {
  while (unit.busy !== undefined) await waitForOther(unit.busy, run.signal)
  if (unit.state === 'ready') return true
  if (unit.state === 'gone') return false
  let linked = false
  unit.busy = makeLink(run, unit).then((made) => {
    linked = made
  })
  try {
    await unit.busy
  } finally {
    unit.busy = undefined
  }
  return linked
}

async function makeLink(run: ScanRun, unit: CachedUnit): Promise<boolean> {
  const { key, version } = objectOf(unit.object)
  const path = run.store.localPath?.(key)
  if (path === undefined) return false
  // The store checks where the path really leads; the link is made of that very file.
  const info = await run.store.head(key, run.signal)
  if (info.version !== version) throw new StoreError('changed', 'ReadFile', `file:///${key}`, 'the file has changed since it was listed')
  try {
    await mkdir(dirname(unit.path), { recursive: true })
    const real = await realpath(path)
    await link(real, unit.path)
    const [source, made] = await Promise.all([stat(real), stat(unit.path)])
    if (source.ino !== made.ino || source.dev !== made.dev || !made.isFile() || made.size !== info.size) {
      await unlink(unit.path)
      throw new StoreError('changed', 'ReadFile', `file:///${key}`, 'the file was replaced while it was read')
    }
  } catch (error) {
    if (REFUSALS.has((error as NodeJS.ErrnoException).code ?? '')) return false
    throw error
  }
  unit.end = info.size
  unit.state = 'ready'
  return true
}
