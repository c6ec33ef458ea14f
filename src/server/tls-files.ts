/** Certificate and key of the server: renewed ones are taken over while it runs; connections that are open keep theirs. */
import { readFileSync, statSync } from 'node:fs'
import { createSecureContext, type Server } from 'node:tls'

export interface TlsFiles {
  readonly cert: string
  readonly key: string
}

export interface TlsContent {
  readonly cert: Buffer
  readonly key: Buffer
}

const EVERY_MS = 5000

/** Throws an Error for files that cannot be read or do not belong together. */
export function readTlsFiles({ cert, key }: TlsFiles): TlsContent {
  const content = { cert: read('--tls-cert', cert), key: read('--tls-key', key) }
  try {
    createSecureContext(content)
  } catch (error) {
    throw new Error(`Cannot use the certificate ${cert} with the key ${key}: ${(error as Error).message}`)
  }
  return content
}

export interface TlsWatch {
  /** Looks at the files now, changed or not. */
  reload(): void
  close(): void
}

export interface TlsWatchOptions {
  readonly onReload: () => void
  /** Told of files that cannot be used; the server goes on with those it has. */
  readonly onFailure: (error: Error) => void
  readonly everyMs?: number
}

export function watchTlsFiles(server: Server, files: TlsFiles, options: TlsWatchOptions): TlsWatch {
  let version = versionOf(files)
  const reload = (): void => {
    version = versionOf(files)
    try {
      server.setSecureContext(readTlsFiles(files))
      options.onReload()
    } catch (error) {
      options.onFailure(error as Error)
    }
  }
  const timer = setInterval(() => {
    if (versionOf(files) !== version) reload()
  }, options.everyMs ?? EVERY_MS).unref()
  return { reload, close: () => clearInterval(timer) }
}

/** Files that links lead to are looked at themselves: that is how they are replaced in containers. */
function versionOf({ cert, key }: TlsFiles): string {
  return [cert, key]
    .map((path) => {
      const stats = statSync(path, { throwIfNoEntry: false })
      return `${stats?.mtimeMs} ${stats?.size} ${stats?.ino}`
    })
    .join()
}

function read(option: string, path: string): Buffer {
  try {
    return readFileSync(path)
  } catch (error) {
    throw new Error(`Cannot read the file of ${option}: ${(error as Error).message}`)
  }
}
