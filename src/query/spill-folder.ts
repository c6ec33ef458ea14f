/** A folder of this process for what does not outlive it: spilled data, stored results. Those of dead processes are removed. */
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { lockFolder } from '#src/scan/folder-lock'

export interface SpillFolder {
  readonly path: string
  /** Removes it. */
  close(): Promise<void>
}

/** A folder without a lock is one that is being made, unless it is as old as this. */
const ABANDONED_MS = 24 * 3_600_000

/** `parent` holds one such folder a process; several processes may share it. */
export function openSpillFolder(parent: string): SpillFolder {
  mkdirSync(parent, { recursive: true, mode: 0o700 })
  sweep(parent)
  const path = mkdtempSync(join(parent, `${process.pid}-`))
  const lock = lockFolder(path)
  return {
    path,
    async close() {
      await rm(path, { recursive: true, force: true })
      lock?.release()
    },
  }
}

function sweep(parent: string): void {
  for (const name of readdirSync(parent)) {
    const folder = join(parent, name)
    // Another process may sweep at the same time.
    const stats = statSync(folder, { throwIfNoEntry: false })
    if (stats === undefined || !stats.isDirectory()) continue
    if (!existsSync(join(folder, 'lock'))) {
      if (Date.now() - stats.mtimeMs > ABANDONED_MS) rmSync(folder, { recursive: true, force: true })
      continue
    }
    const lock = lockFolder(folder)
    if (lock === undefined) continue
    rmSync(folder, { recursive: true, force: true })
    lock.release()
  }
}
