/** Files that the kernel has made and that wait for their upload: found, measured, and sent with bounded concurrency. */
import { open, readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { ObjectInfo, ObjectStore } from '#connectors/storage/object-store'

export interface StagedFile {
  readonly path: string
  readonly bytes: number
  /** The kernel's number of its partition; undefined where there are none. */
  readonly partition: number | undefined
}

/** Files of this size are one request. */
const ONE_PUT_BYTES = 8 * 1024 * 1024
const READ_BYTES = 4 * 1024 * 1024

/** What one COPY of the kernel has made, in the order of partitions. */
export async function stagedFiles(folder: string): Promise<readonly StagedFile[]> {
  const names = await readdir(folder, { recursive: true })
  const files = await Promise.all(
    names.map(async (name): Promise<readonly StagedFile[]> => {
      const path = join(folder, name)
      const stats = await stat(path)
      if (!stats.isFile()) return []
      const part = /^part=(\d+)\//.exec(name)
      return [{ path, bytes: stats.size, partition: part === null ? undefined : Number(part[1]) }]
    }),
  )
  return files.flat().sort((a, b) => (a.partition ?? 0) - (b.partition ?? 0) || (a.path < b.path ? -1 : 1))
}

/** Sends a file and removes it. Nothing of the object can be seen before it is whole. */
export async function uploadFile(file: StagedFile, key: string, store: ObjectStore, signal: AbortSignal): Promise<ObjectInfo> {
  if (file.bytes <= ONE_PUT_BYTES) {
    const info = await store.put(key, await readFile(file.path), { signal })
    await rm(file.path)
    return info
  }
  const upload = await store.upload(key, signal)
  try {
    await using source = await open(file.path, 'r')
    for (let sent = 0; sent < file.bytes; ) {
      // The upload keeps what it is given until it has sent it.
      const buffer = Buffer.allocUnsafeSlow(READ_BYTES)
      const { bytesRead } = await source.read(buffer, 0, buffer.length, sent)
      if (bytesRead === 0) throw new Error(`${file.path} has become shorter`)
      await upload.write(buffer.subarray(0, bytesRead))
      sent += bytesRead
    }
    const info = await upload.complete()
    await rm(file.path)
    return info
  } catch (error) {
    await upload.abort().catch(() => undefined)
    throw error
  }
}
