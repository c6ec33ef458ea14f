import type { BigIntStats } from 'node:fs'
import { type FileHandle, link, open, rename, unlink } from 'node:fs/promises'
import { dirname } from 'node:path'
import { type ObjectInfo, StoreError, type Upload } from './object-store.ts'

interface FileUploadOptions {
  readonly file: FileHandle
  readonly temporary: string
  readonly path: string
  run<T>(work: (check: () => void) => Promise<T>): Promise<T>
  info(stats: BigIntStats): ObjectInfo
}

/** A file under a temporary name until it is complete. */
export class FileUpload implements Upload {
  readonly #options: FileUploadOptions
  #ended = false

  constructor(options: FileUploadOptions) {
    this.#options = options
  }

  async write(bytes: Uint8Array): Promise<void> {
    const { run, file } = this.#options
    this.#checkOpen()
    await run(() => file.writeFile(bytes))
  }

  async complete(): Promise<ObjectInfo> {
    const { run, file, temporary, path, info } = this.#options
    this.#checkOpen()
    const done = await run(async () => {
      await file.sync()
      await publish(temporary, path, false)
      return info(await file.stat({ bigint: true }))
    })
    this.#ended = true
    await file.close()
    return done
  }

  async abort(): Promise<void> {
    if (this.#ended) return
    this.#ended = true
    await this.#options.file.close()
    await unlink(this.#options.temporary).catch(() => {})
  }

  #checkOpen(): void {
    if (this.#ended) throw new StoreError('failed', 'WriteFile', `file://${this.#options.path}`, 'the upload has ended')
  }
}

/** Gives a written file its name, atomically and durably; with `ifAbsent` fails with EEXIST where the name is taken. */
export async function publish(temporary: string, path: string, ifAbsent: boolean): Promise<void> {
  if (ifAbsent) {
    await link(temporary, path)
    await unlink(temporary)
  } else {
    await rename(temporary, path)
  }
  await using folder = await open(dirname(path), 'r')
  await folder.sync()
}
