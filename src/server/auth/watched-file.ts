/** A file whose content is read again when it has changed; a content that cannot be used leaves the one before in force. */
import { readFile, stat } from 'node:fs/promises'

export interface WatchedFile<T> {
  /** What the file says now; looks at it at most once a second. */
  current(): Promise<T>
}

export interface WatchOptions {
  /** Told when a changed file cannot be used. */
  readonly onFailure: (error: Error) => void
  /** How often the file is looked at; default a second. */
  readonly everyMs?: number
}

const EVERY_MS = 1000

/** Throws what reading or `parse` throws the first time. */
export async function watchFile<T>(path: string, parse: (text: string) => T, options: WatchOptions): Promise<WatchedFile<T>> {
  const versionOf = async (): Promise<string> => {
    const { mtimeMs, ctimeMs, size, ino } = await stat(path)
    return `${mtimeMs} ${ctimeMs} ${size} ${ino}`
  }
  let version = await versionOf()
  let content = parse(await readFile(path, 'utf8'))
  let looked = performance.now()
  let looking: Promise<void> | undefined

  const look = async (): Promise<void> => {
    try {
      const now = await versionOf()
      if (now === version) return
      // Also of a content that cannot be used: it is told once.
      version = now
      content = parse(await readFile(path, 'utf8'))
    } catch (error) {
      options.onFailure(error as Error)
    } finally {
      looked = performance.now()
    }
  }
  return {
    async current() {
      if (performance.now() - looked >= (options.everyMs ?? EVERY_MS)) {
        looking ??= look().finally(() => {
          looking = undefined
        })
        await looking
      }
      return content
    },
  }
}
